"""The table of rosters that are being screened. The rosters themselves, and all that is personal, are files (screening.folder)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Table
from sqlmodel import Field, SQLModel

from app.store.tables import Utc


class Screening(SQLModel, table=True):
    """One roster and how far it has come. It holds no cell of the roster."""

    id: str = Field(primary_key=True, max_length=36)
    account_id: int | None = Field(default=None, index=True)
    """Whose roster it is; nobody else sees it."""
    place: str = Field(default="", max_length=12)
    """Code of the owner's place."""
    status: str = Field(max_length=20)
    """needs_confirmation, waiting, running, done, failed or cancelled."""
    kind: str = Field(max_length=10)
    """Ending of the file's name."""
    language: str = Field(max_length=8)
    as_of: str = Field(max_length=10)
    sheet: str | None = Field(default=None, max_length=200)
    mapping: dict[str, Any] = Field(sa_type=JSON)
    """Column of the roster -> what it tells, how sure that is."""
    rows_done: int = 0
    rows_all: int = 0
    summary: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Counts, and the problems' counts by kind."""
    failure: str | None = Field(default=None, max_length=500)
    personal: bool = True
    """Whether names and numbers of people are still kept."""
    created_at: dt.datetime = Field(sa_type=Utc, index=True)
    started_at: dt.datetime | None = Field(default=None, sa_type=Utc)
    finished_at: dt.datetime | None = Field(default=None, sa_type=Utc)
    fetched_at: dt.datetime | None = Field(default=None, sa_type=Utc)


def _table() -> Table:
    found: Table = Screening.metadata.tables["screening"]
    return found


SCREENING = _table()
