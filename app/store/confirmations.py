"""What offices confirmed, as it is kept. Each function works in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from app.catalog.confirmations import Confirmation, Value
from app.store.confirmation_tables import CONFIRMATION, TEXT

LONGEST_TEXT = 8 * 1024 * 1024
"""Bytes of an attached text."""


def add(db: Connection, items: Iterable[Confirmation], account: int | None, at: dt.datetime) -> int:
    """Keeps records; how many."""
    rows = [{**_row(item), "account_id": account, "created_at": at, "withdrawn_at": None} for item in items]
    if rows:
        db.execute(insert(CONFIRMATION), rows)
    return len(rows)


def withdraw(db: Connection, key: int, at: dt.datetime) -> bool:
    """Takes a record back; the row stays. False when there is none to take back."""
    found = update(CONFIRMATION).where(CONFIRMATION.c.id == key, CONFIRMATION.c.withdrawn_at.is_(None))
    return db.execute(found.values(withdrawn_at=at)).rowcount == 1


def standing(db: Connection) -> list[Confirmation]:
    """Every record that counts, in the order in which they came."""
    found = select(CONFIRMATION).where(CONFIRMATION.c.withdrawn_at.is_(None)).order_by(CONFIRMATION.c.id)
    return [record(row) for row in db.execute(found)]


def rows_of(db: Connection, measure: str) -> Sequence[Row[Any]]:
    """The records of a measure, newest first, withdrawn ones too."""
    return db.execute(select(CONFIRMATION).where(CONFIRMATION.c.measure == measure).order_by(CONFIRMATION.c.id.desc())).all()


def everything(db: Connection) -> Sequence[Row[Any]]:
    """All records, withdrawn ones too, newest first."""
    return db.execute(select(CONFIRMATION).order_by(CONFIRMATION.c.id.desc())).all()


def one(db: Connection, key: int) -> Row[Any] | None:
    return db.execute(select(CONFIRMATION).where(CONFIRMATION.c.id == key)).first()


def mark(db: Connection) -> tuple[int, int]:
    """What differs as soon as a record is added or withdrawn."""
    found = db.execute(select(func.max(CONFIRMATION.c.id), func.count(CONFIRMATION.c.withdrawn_at))).one()
    return int(found[0] or 0), int(found[1])


def attach(db: Connection, name: str, content: bytes, at: dt.datetime) -> str:
    """Keeps a text once; its hash."""
    found = hashlib.sha256(content).hexdigest()
    if db.execute(select(TEXT.c.hash).where(TEXT.c.hash == found)).first() is None:
        db.execute(insert(TEXT).values(hash=found, name=name[-120:] or "text", content=content, kept_at=at))
    return found


def text(db: Connection, found: str) -> Row[Any] | None:
    """An attached text by its hash."""
    return db.execute(select(TEXT).where(TEXT.c.hash == found)).first()


def record(row: Row[Any]) -> Confirmation:
    """A row as the core knows it."""
    names = ("what", "office", "measure", "place", "holds", "document", "clause", "by", "note", "text_hash")
    since = dt.date.fromisoformat(row.since) if row.since else None
    said = {name: getattr(row, name) for name in names}
    return Confirmation(on=dt.date.fromisoformat(row.day), value=_read(row.value), since=since, **said)


def _row(item: Confirmation) -> dict[str, Any]:
    names = ("what", "office", "measure", "place", "holds", "document", "clause", "by", "note", "text_hash")
    value = {"date": item.value.isoformat()} if isinstance(item.value, dt.date) else item.value
    since = item.since.isoformat() if item.since else None
    return {**{name: getattr(item, name) for name in names}, "day": item.on.isoformat(), "value": value, "since": since}


def _read(value: Any) -> Value | None:
    held: Value | None = dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value
    return held
