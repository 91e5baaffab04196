"""The log of what officials did: who, what, when, whose place. It only grows, and holds no values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select

from app.accounts.people import SignedIn
from app.clock import now
from app.store.official_tables import ACCOUNT, AUDIT

ACTION = re.compile(r"[a-z][a-z_]{1,39}")
WHAT = re.compile(r"[a-z_]+( [A-Za-z0-9_.:/+-]+)*")
"""A kind of thing and its number or id: `household 12 person 0`, `measure start-loan`. Nothing that a person said fits it but by intent."""
LONGEST = 120


def audit(db: Connection, user: SignedIn | int | None, action: str, what: str, place: str | None) -> None:
    """Writes one line in the transaction of what it tells about. `user` None: nobody was signed in.

    `action` is a verb (viewed, changed, printed ...), `what` a kind of thing with its id, `place` the code of whose data it was.
    Raises ValueError for words that could be somebody's: the log holds no names and no values of people.
    """
    if not ACTION.fullmatch(action) or not WHAT.fullmatch(what) or len(what) > LONGEST:
        raise ValueError(f"the audit log takes a verb and a thing with its id, not {action!r} {what!r}")
    who = user.id if isinstance(user, SignedIn) else user
    db.execute(insert(AUDIT).values(at=now(), account_id=who, action=action, what=what, place=place))


def lines(db: Connection, place: str, most: int = 200, before: int | None = None) -> Sequence[Row[Any]]:
    """The newest lines about a place and what lies in it, with the official's name."""
    inside = AUDIT.c.place.startswith(place, autoescape=True) if place else AUDIT.c.id > 0
    ours = or_(inside, AUDIT.c.place.is_(None)) if not place else inside
    found = select(AUDIT, ACCOUNT.c.name.label("who")).join(ACCOUNT, ACCOUNT.c.id == AUDIT.c.account_id, isouter=True).where(ours)
    if before is not None:
        found = found.where(AUDIT.c.id < before)
    return db.execute(found.order_by(AUDIT.c.id.desc()).limit(most)).all()
