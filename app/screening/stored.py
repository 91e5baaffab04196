"""What is asked of the table of rosters, one function a question. Each works in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.store.screening_tables import SCREENING

NEEDS_CONFIRMATION, WAITING, RUNNING, DONE, FAILED, CANCELLED = "needs_confirmation", "waiting", "running", "done", "failed", "cancelled"
OVER = (DONE, FAILED, CANCELLED)


def add(db: Connection, **columns: Any) -> None:
    """A new roster."""
    db.execute(insert(SCREENING).values(rows_done=0, personal=True, **columns))


def find(db: Connection, key: str, account: int | None = None) -> Row[Any] | None:
    """A roster; with an account only one of that account's."""
    found = select(SCREENING).where(SCREENING.c.id == key)
    if account is not None:
        found = found.where(SCREENING.c.account_id == account)
    return db.execute(found).first()


def of_account(db: Connection, account: int, most: int = 100) -> Sequence[Row[Any]]:
    """An account's rosters, the newest first."""
    return db.execute(select(SCREENING).where(SCREENING.c.account_id == account).order_by(SCREENING.c.created_at.desc()).limit(most)).all()


def change(db: Connection, key: str, **columns: Any) -> None:
    """New values for some columns."""
    db.execute(update(SCREENING).where(SCREENING.c.id == key).values(**columns))


def move(db: Connection, key: str, old: str, new: str, **columns: Any) -> bool:
    """From one status to another; whether it was still in the first."""
    found = update(SCREENING).where(SCREENING.c.id == key, SCREENING.c.status == old).values(status=new, **columns)
    return db.execute(found).rowcount == 1


def progressed(db: Connection, key: str, done: int) -> bool:
    """Notes how many rows are done; False when the roster is no longer to be run."""
    found = update(SCREENING).where(SCREENING.c.id == key, SCREENING.c.status == RUNNING).values(rows_done=done)
    return db.execute(found).rowcount == 1


def next_waiting(db: Connection) -> Row[Any] | None:
    """The roster that has waited longest."""
    return db.execute(select(SCREENING).where(SCREENING.c.status == WAITING).order_by(SCREENING.c.created_at).limit(1)).first()


def begin_again(db: Connection) -> int:
    """Rosters that were running when the service ended wait again; how many."""
    return db.execute(update(SCREENING).where(SCREENING.c.status == RUNNING).values(status=WAITING, rows_done=0)).rowcount


def older(db: Connection, than: dt.datetime) -> Sequence[Row[Any]]:
    """Rosters from before a moment that still keep something personal."""
    kept = SCREENING.c.personal.is_(True)
    return db.execute(select(SCREENING).where(SCREENING.c.created_at < than, kept)).all()


def remove(db: Connection, key: str) -> None:
    db.execute(delete(SCREENING).where(SCREENING.c.id == key))


def with_files(db: Connection) -> set[str]:
    """Ids of the rosters that may keep files: not those that failed or were cancelled."""
    return set(db.execute(select(SCREENING.c.id).where(SCREENING.c.status.not_in((FAILED, CANCELLED)))).scalars())


def cancel(db: Connection, key: str, at: dt.datetime) -> bool:
    """Cancels a roster that is not over; whether there was one."""
    found = update(SCREENING).where(SCREENING.c.id == key, SCREENING.c.status.not_in(OVER))
    return db.execute(found.values(status=CANCELLED, personal=False, finished_at=at)).rowcount == 1


def ahead(db: Connection, row: Row[Any]) -> int:
    """How many rosters are to be worked through before a waiting one."""
    turn = SCREENING.c.status.in_((WAITING, RUNNING)) & (SCREENING.c.created_at < row.created_at)
    return db.execute(select(func.count()).select_from(SCREENING).where(turn)).scalar_one()
