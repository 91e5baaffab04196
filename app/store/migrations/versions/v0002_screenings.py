"""Rosters that are being screened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.tables import Utc

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "screening",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.Integer()),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("sheet", sa.String(200)),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_all", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON()),
        sa.Column("failure", sa.String(500)),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("started_at", Utc()),
        sa.Column("finished_at", Utc()),
        sa.Column("fetched_at", Utc()),
    )
    op.create_index("ix_screening_account_id", "screening", ["account_id"])
    op.create_index("ix_screening_created_at", "screening", ["created_at"])


def downgrade() -> None:
    """Drops the table; the files of rosters are left to the service's next start."""
    op.drop_table("screening")
