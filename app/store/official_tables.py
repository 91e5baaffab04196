"""The tables of the officials' side: who may come in, what was done, and what lies at a county's desk.

What a person told us hangs on their conversation: deleting the conversation deletes it here too.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlmodel import Column, Field, SQLModel

from app.store.tables import Utc, _table


def _account() -> Any:
    return Field(sa_column=Column(ForeignKey("account.id"), index=True, nullable=False))


class Account(SQLModel, table=True):
    """An official: name to sign in with, role, and the place that the work is for. Never deleted, for the audit log names it."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60, unique=True)
    role: str = Field(max_length=20)
    place: str = Field(max_length=12)
    """Code of a place; the official sees what lies in it."""
    password_hash: str | None = Field(default=None, max_length=200)
    subject: str | None = Field(default=None, max_length=200, unique=True)
    """Who this is in the directory of single sign-on."""
    created_at: dt.datetime = Field(sa_type=Utc)
    disabled_at: dt.datetime | None = Field(default=None, sa_type=Utc)


class AccountSession(SQLModel, table=True):
    """Somebody signed in. Of the token only a hash is kept."""

    __tablename__ = "account_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = _account()
    created_at: dt.datetime = Field(sa_type=Utc)
    seen_at: dt.datetime = Field(sa_type=Utc)


class AccountKey(SQLModel, table=True):
    """A key with which a program works for an account over REST. Only a hash is kept."""

    __tablename__ = "account_key"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _account()
    key_hash: str = Field(max_length=64, unique=True)
    created_at: dt.datetime = Field(sa_type=Utc)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=Utc)


class Failure(SQLModel, table=True):
    """Wrong passwords for a name, whether there is such an account or not: strangers learn no names from it."""

    __tablename__ = "signin_failure"

    name_hash: str = Field(primary_key=True, max_length=64)
    count: int
    at: dt.datetime = Field(sa_type=Utc, index=True)


class Audit(SQLModel, table=True):
    """Who did what, when, to whose data. No values. The database refuses to change or delete a row."""

    id: int | None = Field(default=None, primary_key=True)
    at: dt.datetime = Field(sa_type=Utc, index=True)
    account_id: int | None = Field(default=None, sa_column=Column(ForeignKey("account.id"), index=True, nullable=True))
    action: str = Field(max_length=40)
    what: str = Field(max_length=120)
    place: str | None = Field(default=None, max_length=12, index=True)


class Household(SQLModel, table=True):
    """People of one household at the counter; without names. Deleted when the matter is done, or after some hours."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _account()
    place: str = Field(max_length=12)
    created_at: dt.datetime = Field(sa_type=Utc)
    updated_at: dt.datetime = Field(sa_type=Utc, index=True)


class HouseholdPerson(SQLModel, table=True):
    """One of them: a word for who it is, and the facts as a conversation holds them."""

    __tablename__ = "household_person"

    household_id: int = Field(sa_column=Column(ForeignKey("household.id", ondelete="CASCADE"), primary_key=True))
    seq: int = Field(primary_key=True)
    relation: str = Field(max_length=20)
    facts: dict[str, Any] = Field(sa_type=JSON)
    passed: list[str] = Field(sa_type=JSON)
    """Questions that were passed over."""


class Handover(SQLModel, table=True):
    """A person's consent that an official may see some facts of their conversation: which facts, where, until when."""

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: str = Field(
        sa_column=Column(String(36), ForeignKey("conversation.id", ondelete="CASCADE"), unique=True, nullable=False)
    )
    code_hash: str = Field(max_length=64, unique=True)
    place: str | None = Field(default=None, max_length=12)
    """Code of the county that may take it; null = the person named none, and the first official who is given the code may."""
    who: str = Field(max_length=20)
    """Whose case of the conversation: the person's own, or that of somebody they ask for."""
    facts: list[str] = Field(sa_type=JSON)
    created_at: dt.datetime = Field(sa_type=Utc)
    expires_at: dt.datetime = Field(sa_type=Utc)
    taken_at: dt.datetime | None = Field(default=None, sa_type=Utc)


class InboxItem(SQLModel, table=True):
    """Something that waits for a county: a handover, a mark that an answer is wrong, a note. What was said stays in the conversation."""

    __tablename__ = "inbox_item"
    __table_args__ = (UniqueConstraint("conversation_id", "kind", "message"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    """handover | wrong | note"""
    place: str | None = Field(default=None, max_length=12, index=True)
    receipt: str = Field(max_length=20, index=True)
    """What the person was told to ask by. Two people may have been told the same: it opens nothing."""
    conversation_id: str | None = Field(
        default=None, sa_column=Column(String(36), ForeignKey("conversation.id", ondelete="SET NULL"), nullable=True)
    )
    message: int
    about: list[str] = Field(sa_type=JSON)
    """Facts of trouble and ids of measures that it is about."""
    status: str = Field(max_length=20)
    """new | working | answered | closed"""
    outcome: str | None = Field(default=None, max_length=20)
    """applied | received | refused"""
    created_at: dt.datetime = Field(sa_type=Utc)
    updated_at: dt.datetime = Field(sa_type=Utc)


class InboxReply(SQLModel, table=True):
    """What an official answered, and why something was refused. Goes when the conversation goes."""

    __tablename__ = "inbox_reply"

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(sa_column=Column(ForeignKey("inbox_item.id", ondelete="CASCADE"), index=True, nullable=False))
    conversation_id: str = Field(
        sa_column=Column(String(36), ForeignKey("conversation.id", ondelete="CASCADE"), index=True, nullable=False)
    )
    account_id: int = _account()
    text: str
    at: dt.datetime = Field(sa_type=Utc)


ACCOUNT, SESSION, KEY = _table(Account), _table(AccountSession), _table(AccountKey)
FAILURE, AUDIT = _table(Failure), _table(Audit)
HOUSEHOLD, PERSON = _table(Household), _table(HouseholdPerson)
HANDOVER, ITEM, REPLY = _table(Handover), _table(InboxItem), _table(InboxReply)
TABLES = (Account, AccountSession, AccountKey, Failure, Audit, Household, HouseholdPerson, Handover, InboxItem, InboxReply)
