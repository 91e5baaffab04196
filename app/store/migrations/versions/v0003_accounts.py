"""Accounts, sessions, keys, the audit log that only grows, households at the counter, handovers and a county's inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.tables import Utc

revision = "0003"
down_revision = "0002"
TABLES = (
    "inbox_reply", "inbox_item", "handover", "household_person", "household", "audit", "signin_failure", "account_key", "account_session",
    "account",
)  # fmt: skip
REFUSED = "the audit log only grows"


def upgrade() -> None:
    """Makes the tables and the triggers that keep the audit log as it is."""
    _accounts()
    _audit()
    _counter()
    _inbox()


def downgrade() -> None:
    """Drops everything, the audit log too."""
    for name in TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_only_grows()")


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False, unique=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("subject", sa.String(200), unique=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("disabled_at", Utc()),
    )
    op.create_table(
        "account_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _account(),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
    )
    op.create_table(
        "account_key",
        sa.Column("id", sa.Integer(), primary_key=True),
        _account(),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("revoked_at", Utc()),
    )
    op.create_table(
        "signin_failure",
        sa.Column("name_hash", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False, index=True),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", Utc(), nullable=False, index=True),
        _account(nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("what", sa.String(120), nullable=False),
        sa.Column("place", sa.String(12), index=True),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$")
        op.execute(
            "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        )
        return
    for what in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER audit_kept_{what.lower()} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")


def _counter() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), primary_key=True),
        _account(),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("updated_at", Utc(), nullable=False, index=True),
    )
    op.create_table(
        "household_person",
        sa.Column("household_id", sa.Integer(), sa.ForeignKey("household.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("passed", sa.JSON(), nullable=False),
    )


def _inbox() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.String(36), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("place", sa.String(12)),
        sa.Column("who", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("taken_at", Utc()),
    )
    op.create_table(
        "inbox_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("place", sa.String(12), index=True),
        sa.Column("receipt", sa.String(20), nullable=False, index=True),
        sa.Column("conversation_id", sa.String(36), sa.ForeignKey("conversation.id", ondelete="SET NULL")),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.UniqueConstraint("conversation_id", "kind", "message"),
    )
    op.create_table(
        "inbox_reply",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("inbox_item.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("conversation_id", sa.String(36), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True),
        _account(),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
    )


def _account(nullable: bool = False) -> sa.Column[int]:
    return sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=nullable, index=True)
