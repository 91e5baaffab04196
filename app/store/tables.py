"""The tables. A conversation owns its messages and events: deleting it deletes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, LargeBinary, String, Table, TypeDecorator, UniqueConstraint
from sqlmodel import Column, Field, SQLModel


class Utc(TypeDecorator[dt.datetime]):
    """A moment in UTC, with its zone on both engines (SQLite keeps none)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Raises ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone; take it from app.clock")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _owner() -> Any:
    return Field(sa_column=Column(String(36), ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True))


class Secret(SQLModel, table=True):
    """This installation's own key, one row: salts recovery codes and ties a token to its conversation."""

    id: int = Field(primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)


class Conversation(SQLModel, table=True):
    """One person's conversation. Of token and recovery code only hashes are kept."""

    id: str = Field(primary_key=True, max_length=36)
    token_hash: str = Field(max_length=64)
    code_hash: str = Field(max_length=64, unique=True)
    language: str = Field(max_length=8)
    channel: str = Field(max_length=40)
    version: int = 0
    """Grows by one with every answer; whoever answers on an older version begins again."""
    created_at: dt.datetime = Field(sa_type=Utc)
    updated_at: dt.datetime = Field(sa_type=Utc, index=True)


class Message(SQLModel, table=True):
    """What was said to us, and our answer. The opening and corrections by tapping have no text of the person."""

    __table_args__ = (UniqueConstraint("conversation_id", "client_message_id"),)

    conversation_id: str = _owner()
    seq: int = Field(primary_key=True)
    client_message_id: str | None = Field(default=None, max_length=100)
    text: str | None = None
    correction: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    received_at: dt.datetime = Field(sa_type=Utc)
    reply: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    answered_at: dt.datetime | None = Field(default=None, sa_type=Utc)
    feedback: str | None = Field(default=None, max_length=20)


class Happening(SQLModel, table=True):
    """One event of the conversation's log."""

    __tablename__ = "event"

    conversation_id: str = _owner()
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=60)
    data: dict[str, Any] = Field(sa_type=JSON)
    at: dt.datetime = Field(sa_type=Utc)


def _table(model: type[SQLModel]) -> Table:
    found: Table = model.metadata.tables[str(model.__tablename__)]
    return found


CONVERSATION, MESSAGE, EVENT = _table(Conversation), _table(Message), _table(Happening)
