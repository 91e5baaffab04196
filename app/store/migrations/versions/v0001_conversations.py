"""Conversations with their messages and events, and the installation's key."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from app.store.tables import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables and draws the key, once for all processes."""
    secret = op.create_table(
        "secret",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
    )
    op.bulk_insert(secret, [{"id": 1, "key": secrets.token_bytes(32)}])
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
    )
    op.create_index("ix_conversation_updated_at", "conversation", ["updated_at"])
    op.create_table(
        "message",
        _owner(),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("client_message_id", sa.String(100)),
        sa.Column("text", sa.String()),
        sa.Column("correction", sa.JSON()),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("reply", sa.JSON()),
        sa.Column("answered_at", Utc()),
        sa.Column("feedback", sa.String(20)),
        sa.UniqueConstraint("conversation_id", "client_message_id"),
    )
    op.create_table(
        "event",
        _owner(),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
    )


def downgrade() -> None:
    """Drops everything, with all that people said."""
    for name in ("event", "message", "conversation", "secret"):
        op.drop_table(name)


def _owner() -> sa.Column[str]:
    return sa.Column("conversation_id", sa.String(36), sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
