"""The tables of what people need against what policy gives: counts alone, by month and place. Nothing in them leads back to a person."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from app.store.tables import _table


class InsightEvent(SQLModel, table=True):
    """How many people (conversations, rows of rosters) something was so for, in a month and a county."""

    __tablename__ = "insight_event"

    month: str = Field(primary_key=True, max_length=7)
    """2026-11"""
    place: str = Field(primary_key=True, max_length=6)
    """Code of the county; shorter where only the city or province is known, empty where nothing is."""
    kind: str = Field(primary_key=True, max_length=20)
    key: str = Field(primary_key=True, max_length=200)
    count: int = 0


class InsightWord(SQLModel, table=True):
    """A piece of a message that was not understood. Until five people said it there is only a hash, made with the installation's key."""

    __tablename__ = "insight_word"

    hash: str = Field(primary_key=True, max_length=64)
    month: str = Field(primary_key=True, max_length=7)
    people: int = 0
    word: str | None = Field(default=None, max_length=20)


EVENT, WORD = _table(InsightEvent), _table(InsightWord)
TABLES = (InsightEvent, InsightWord)
