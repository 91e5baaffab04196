"""What an official does with a roster, over the API or at the console: sends it, says what its columns tell, stops it, deletes it. Each is on record."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Row

from app.accounts.audit import audit
from app.accounts.people import SignedIn
from app.screening import stored
from app.screening.jobs import Asked, Jobs
from app.store import Store

BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Wanted:
    """How a roster is to be read: the language of its results, the day of the law, a sheet, what columns tell (None: to be guessed)."""

    language: str
    as_of: dt.date
    sheet: str | None = None
    mapping: Mapping[str, str | None] | None = None


def take_in(jobs: Jobs, store: Store, officer: SignedIn, name: str, content: BinaryIO, wanted: Wanted) -> str:
    """A file that was sent; the id of its roster. Raises Unreadable and BadMapping; nothing of the file is then kept."""
    key, path = jobs.new_file()
    kind = Path(name).suffix.lower().lstrip(".")
    try:
        with path.open("wb") as out:
            shutil.copyfileobj(content, out, BLOCK)
    except OSError:
        jobs.drop(key)
        raise
    jobs.add(key, Asked(kind, officer.id, officer.place, wanted.language, wanted.as_of, wanted.sheet, wanted.mapping))
    note(store, officer, "screened", key)
    return key


def own(store: Store, officer: SignedIn, key: str) -> Row[Any] | None:
    """The officer's own roster. Anybody else's is as good as none."""
    with store.reading() as db:
        return stored.find(db, key, officer.id)


def settle(jobs: Jobs, store: Store, officer: SignedIn, row: Row[Any], given: Mapping[str, str | None]) -> bool:
    """What the columns tell, said by the owner, and the start; False when the roster no longer waits for it. Raises BadMapping."""
    started = row.status == stored.NEEDS_CONFIRMATION and jobs.confirm(row, given)
    if started:
        note(store, officer, "changed", row.id, " columns")
    return started


def cancel(jobs: Jobs, store: Store, officer: SignedIn, key: str) -> bool:
    """Stops a roster and deletes its file; False when it was over already."""
    stopped = jobs.cancel(key)
    if stopped:
        note(store, officer, "cancelled", key)
    return stopped


def forget(jobs: Jobs, store: Store, officer: SignedIn, key: str) -> None:
    """Deletes names, numbers and facts of people now; counts and results by row stay."""
    jobs.forget_people(key)
    note(store, officer, "deleted", key, " people")


def remove(jobs: Jobs, store: Store, officer: SignedIn, key: str) -> None:
    """Deletes all of a roster, whatever its status."""
    jobs.delete(key)
    note(store, officer, "deleted", key)


def note(store: Store, officer: SignedIn, action: str, key: str, part: str = "") -> None:
    """A line in the log about a roster, or a part of it."""
    with store.writing() as db:
        audit(db, officer, action, f"screening {key}{part}", officer.place)
