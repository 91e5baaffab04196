"""From a conversation to a county's desk: consent to a handover, marks that an answer is wrong, notes; always tied to the conversation."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.catalog.places import PlaceError
from app.conversation.state import State
from app.library import Library
from app.store import inbox
from app.store.desk import Desk
from app.store.keys import LETTERS, code_hash
from app.store.repository import EventLike

LENGTH = 6
"""Characters of a handover's code: typed in by a signed-in official, counted per address, and over after some days."""
PLACES = ("home_place", "business_place")
"""Facts that say whose county it is, the first that is known."""


def new_code() -> str:
    """A code that can be read aloud: ABC-DEF."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{drawn[:3]}-{drawn[3:]}"


def read_code(said: str) -> str | None:
    """A code as somebody may type it, in its own form; None when it can be none."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", said).upper() if c.isalnum())
    return plain if len(plain) == LENGTH and set(plain) <= set(LETTERS) else None


def hashed(secret: bytes, code: str) -> str:
    """What is kept of a code."""
    return code_hash(secret, "handover " + (read_code(code) or ""))


def receipt() -> str:
    """A receipt number for what has none yet."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def place_code(library: Library, label: object) -> str | None:
    """The code of a place as a fact names it."""
    if not isinstance(label, str):
        return None
    try:
        return library.edition.catalog.places.exact(label) or None
    except PlaceError:
        return None


def county(library: Library, state: State) -> str | None:
    """Whose county a conversation belongs to, as far as the person has said."""
    facts = state.case.facts
    named = (facts[f].value for f in PLACES if f in facts and facts[f].counts)
    return next((code for label in named if (code := place_code(library, label))), None)


@dataclass(frozen=True)
class Mail:
    """Listens to conversations and puts into the county's inbox what is meant for it."""

    desk: Desk
    library: Library

    def __call__(self, db: Connection, key: str, number: int, events: Sequence[EventLike], at: dt.datetime) -> None:
        for event in events:
            if event.kind == "note":
                about = [*event.data["about"], *([event.data["measure"]] if event.data["measure"] else [])]
                inbox.put(db, "note", place_code(self.library, event.data["place"]), event.data["receipt"], key, number, about, at)
            elif event.kind == "feedback" and event.data["feedback"] == "wrong":
                self._wrong(db, key, number, at)
            elif event.kind == "feedback":
                inbox.drop_new(db, "wrong", key, number)

    def _wrong(self, db: Connection, key: str, number: int, at: dt.datetime) -> None:
        state: Any = self.desk.state(db, key)
        inbox.put(db, "wrong", county(self.library, state), receipt(), key, number, [state.focus] if state.focus else [], at)
