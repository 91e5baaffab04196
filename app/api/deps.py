"""What the routes are handed: named types, so that each signature says what it needs."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from app.api.problems import BadInput
from app.catalog.catalog import EPOCH
from app.clock import today
from app.library import Edition, Library
from app.matching.profile import FactError
from app.settings import Settings

Language = Literal["zh", "en"]
LAST_DAY = dt.date(2100, 12, 31)


def _library(request: Request) -> Library:
    found: Library = request.app.state.library
    return found


def _edition(request: Request) -> Edition:
    return _library(request).edition


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def as_of(text: str | None, where: str = "/as_of") -> dt.date:
    """The day asked about; today when none is given. Raises BadInput."""
    if text is None:
        return today()
    try:
        day = dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        day = None
    if day is None:
        raise BadInput("The date cannot be read.", [FactError(where, f"«{text[:40]}» is no date; write YYYY-MM-DD, e.g. 2026-11-23")])
    if not EPOCH <= day <= LAST_DAY:
        raise BadInput("The date is out of range.", [FactError(where, f"{day} is out of range: {EPOCH} to {LAST_DAY}")])
    return day


def _query_day(as_of: Annotated[str | None, Query(description="the day asked about, YYYY-MM-DD; today by default")] = None) -> dt.date:
    return _as_of(as_of)


_as_of = as_of
LibraryDep = Annotated[Library, Depends(_library)]
EditionDep = Annotated[Edition, Depends(_edition)]
SettingsDep = Annotated[Settings, Depends(_settings)]
DayDep = Annotated[dt.date, Depends(_query_day)]
