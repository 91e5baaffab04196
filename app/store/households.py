"""People at the counter: what is asked of their tables. Each function works in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.store.official_tables import ACCOUNT, HOUSEHOLD, PERSON

MOST_PEOPLE = 8
"""Of one household."""


def open_household(db: Connection, account: int, place: str, at: dt.datetime) -> int:
    """A new household without people; its number."""
    made = db.execute(insert(HOUSEHOLD).values(account_id=account, place=place, created_at=at, updated_at=at))
    assert made.inserted_primary_key is not None
    return cast("int", made.inserted_primary_key[0])


def household(db: Connection, key: int, lock: bool = False) -> Row[Any] | None:
    """A household; with `lock` nobody else writes to it until the transaction ends."""
    found = select(HOUSEHOLD).where(HOUSEHOLD.c.id == key)
    return db.execute(found.with_for_update() if lock else found).first()


def open_ones(db: Connection, place: str, most: int = 20) -> Sequence[Row[Any]]:
    """Households of a place that are not done, newest first, with who took them and how many they are."""
    people = select(func.count()).where(PERSON.c.household_id == HOUSEHOLD.c.id).scalar_subquery()
    found = select(HOUSEHOLD, ACCOUNT.c.name.label("by"), people.label("people")).join(ACCOUNT, ACCOUNT.c.id == HOUSEHOLD.c.account_id)
    inside = found.where(HOUSEHOLD.c.place.startswith(place, autoescape=True)) if place else found
    return db.execute(inside.order_by(HOUSEHOLD.c.updated_at.desc(), HOUSEHOLD.c.id.desc()).limit(most)).all()


def people(db: Connection, key: int) -> Sequence[Row[Any]]:
    return db.execute(select(PERSON).where(PERSON.c.household_id == key).order_by(PERSON.c.seq)).all()


def add_person(db: Connection, key: int, relation: str, at: dt.datetime) -> int | None:
    """One more person; their number, or None when the household is full."""
    seqs = [row.seq for row in people(db, key)]
    if len(seqs) >= MOST_PEOPLE:
        return None
    seq = max(seqs, default=-1) + 1
    db.execute(insert(PERSON).values(household_id=key, seq=seq, relation=relation, facts={}, passed=[]))
    touch(db, key, at)
    return seq


def keep(db: Connection, key: int, seq: int, facts: Mapping[str, Any], passed: Sequence[str], at: dt.datetime) -> None:
    """What is known of a person now."""
    db.execute(update(PERSON).where(PERSON.c.household_id == key, PERSON.c.seq == seq).values(facts=dict(facts), passed=list(passed)))
    touch(db, key, at)


def touch(db: Connection, key: int, at: dt.datetime) -> None:
    db.execute(update(HOUSEHOLD).where(HOUSEHOLD.c.id == key).values(updated_at=at))


def remove_person(db: Connection, key: int, seq: int) -> None:
    db.execute(delete(PERSON).where(PERSON.c.household_id == key, PERSON.c.seq == seq))


def remove(db: Connection, key: int) -> None:
    """Deletes a household with everything known of it."""
    db.execute(delete(HOUSEHOLD).where(HOUSEHOLD.c.id == key))


def remove_older(db: Connection, than: dt.datetime) -> int:
    """Deletes households in which nothing happened since a moment; how many."""
    return db.execute(delete(HOUSEHOLD).where(HOUSEHOLD.c.updated_at < than)).rowcount
