"""A county's inbox and the handovers in it: what is asked of their tables. Each function works in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.store.official_tables import ACCOUNT, HANDOVER, ITEM, REPLY

STATUSES = ("new", "working", "answered", "closed")
OUTCOMES = ("applied", "received", "refused")
KINDS = ("handover", "wrong", "note")
NOT_DONE = ("new", "working")

# ---------------------------------------------------------------- handovers


def put_handover(
    db: Connection, key: str, code_hash: str, place: str | None, who: str, facts: Sequence[str], at: dt.datetime, until: dt.datetime
) -> int:
    """A consent in the place of the one before; its number."""
    withdraw(db, key)
    values = {"conversation_id": key, "code_hash": code_hash, "place": place, "who": who, "facts": list(facts)}
    made = db.execute(insert(HANDOVER).values(**values, created_at=at, expires_at=until, taken_at=None))
    assert made.inserted_primary_key is not None
    return cast("int", made.inserted_primary_key[0])


def handover(db: Connection, key: str) -> Row[Any] | None:
    """The consent of a conversation."""
    return db.execute(select(HANDOVER).where(HANDOVER.c.conversation_id == key)).first()


def handover_by_id(db: Connection, number: int) -> Row[Any] | None:
    return db.execute(select(HANDOVER).where(HANDOVER.c.id == number)).first()


def by_code(db: Connection, code_hash: str) -> Row[Any] | None:
    """The consent that a code stands for, locked."""
    return db.execute(select(HANDOVER).where(HANDOVER.c.code_hash == code_hash).with_for_update()).first()


def take(db: Connection, number: int, place: str, at: dt.datetime) -> None:
    """An official of a place has it now; the first time counts."""
    db.execute(update(HANDOVER).where(HANDOVER.c.id == number, HANDOVER.c.taken_at.is_(None)).values(place=place, taken_at=at))


def withdraw(db: Connection, key: str) -> bool:
    """Takes a consent back; False when there was none."""
    return db.execute(delete(HANDOVER).where(HANDOVER.c.conversation_id == key)).rowcount == 1


# ---------------------------------------------------------------- items


def put(db: Connection, kind: str, place: str | None, receipt: str, key: str, message: int, about: Sequence[str], at: dt.datetime) -> int:
    """One more item, unless the same is there already; its number."""
    there = same(db, kind, key, message)
    if there is not None:
        return cast("int", there.id)
    values = {"kind": kind, "place": place, "receipt": receipt, "conversation_id": key, "message": message, "about": list(about)}
    made = db.execute(insert(ITEM).values(**values, status="new", outcome=None, created_at=at, updated_at=at))
    assert made.inserted_primary_key is not None
    return cast("int", made.inserted_primary_key[0])


def same(db: Connection, kind: str, key: str, message: int) -> Row[Any] | None:
    found = select(ITEM).where(ITEM.c.conversation_id == key, ITEM.c.kind == kind, ITEM.c.message == message)
    return db.execute(found).first()


def drop_new(db: Connection, kind: str, key: str, message: int) -> None:
    """Takes an item out that nobody has looked after yet."""
    db.execute(delete(ITEM).where(ITEM.c.conversation_id == key, ITEM.c.kind == kind, ITEM.c.message == message, ITEM.c.status == "new"))


def item(db: Connection, number: int, lock: bool = False) -> Row[Any] | None:
    found = select(ITEM).where(ITEM.c.id == number)
    return db.execute(found.with_for_update() if lock else found).first()


def items(db: Connection, place: str, province: bool, done: bool, most: int = 200) -> Sequence[Row[Any]]:
    """Items of a place, newest first; `done` adds those that are answered or closed. To the province those without a place too."""
    here = ITEM.c.place.startswith(place, autoescape=True) if place else ITEM.c.place.is_not(None)
    found = select(ITEM).where(here | ITEM.c.place.is_(None) if province else here)
    if not done:
        found = found.where(ITEM.c.status.in_(NOT_DONE))
    return db.execute(found.order_by(ITEM.c.id.desc()).limit(most)).all()


def of_conversation(db: Connection, key: str) -> Sequence[Row[Any]]:
    return db.execute(select(ITEM).where(ITEM.c.conversation_id == key).order_by(ITEM.c.id)).all()


def mark(db: Connection, number: int, status: str, outcome: str | None, at: dt.datetime) -> None:
    db.execute(update(ITEM).where(ITEM.c.id == number).values(status=status, outcome=outcome, updated_at=at))


def reply(db: Connection, number: int, key: str, account: int, text: str, at: dt.datetime) -> None:
    db.execute(insert(REPLY).values(item_id=number, conversation_id=key, account_id=account, text=text, at=at))


def replies(db: Connection, number: int) -> Sequence[Row[Any]]:
    """What was answered, oldest first, with the official's name."""
    found = select(REPLY, ACCOUNT.c.name.label("by")).join(ACCOUNT, ACCOUNT.c.id == REPLY.c.account_id)
    return db.execute(found.where(REPLY.c.item_id == number).order_by(REPLY.c.id)).all()
