"""The tables of what offices confirmed: the records that are laid over the catalogue, and the official texts attached to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlmodel import Column, Field, SQLModel

from app.store.tables import Utc, _table


class OfficialText(SQLModel, table=True):
    """A file that an office sent, kept once under the SHA-256 of its bytes."""

    __tablename__ = "official_text"

    hash: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=120)
    content: bytes = Field(sa_type=LargeBinary)
    kept_at: dt.datetime = Field(sa_type=Utc)


class ConfirmationRecord(SQLModel, table=True):
    """One record as app.catalog.confirmations knows it, with who entered it. Never changed; one entered by mistake is withdrawn."""

    __tablename__ = "confirmation"

    id: int | None = Field(default=None, primary_key=True)
    measure: str | None = Field(default=None, max_length=120, index=True)
    what: str = Field(max_length=160)
    place: str | None = Field(default=None, max_length=60)
    holds: bool = True
    value: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    """The number or text; a date as {"date": "2026-11-23"}."""
    since: str | None = Field(default=None, max_length=10)
    document: str | None = Field(default=None, max_length=300)
    clause: str | None = Field(default=None, max_length=120)
    office: str = Field(max_length=120)
    by: str | None = Field(default=None, max_length=60)
    day: str = Field(max_length=10)
    note: str | None = Field(default=None, max_length=500)
    text_hash: str | None = Field(default=None, max_length=64, foreign_key="official_text.hash")
    account_id: int | None = Field(default=None, sa_column=Column(ForeignKey("account.id"), nullable=True))
    """Who entered it; null: from the command line."""
    created_at: dt.datetime = Field(sa_type=Utc)
    withdrawn_at: dt.datetime | None = Field(default=None, sa_type=Utc)


TEXT, CONFIRMATION = _table(OfficialText), _table(ConfirmationRecord)
TABLES = (OfficialText, ConfirmationRecord)
