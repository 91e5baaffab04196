"""What offices confirmed, with the texts they sent; counts of what people need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.tables import Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "official_text",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", Utc(), nullable=False),
    )
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("measure", sa.String(120), index=True),
        sa.Column("what", sa.String(160), nullable=False),
        sa.Column("place", sa.String(60)),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("value", sa.JSON()),
        sa.Column("since", sa.String(10)),
        sa.Column("document", sa.String(300)),
        sa.Column("clause", sa.String(120)),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("by", sa.String(60)),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("note", sa.String(500)),
        sa.Column("text_hash", sa.String(64), sa.ForeignKey("official_text.hash")),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("withdrawn_at", Utc()),
    )
    op.create_table(
        "insight_event",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("place", sa.String(6), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "insight_word",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(20)),
    )


def downgrade() -> None:
    """Drops the tables."""
    for name in ("insight_word", "insight_event", "confirmation", "official_text"):
        op.drop_table(name)
