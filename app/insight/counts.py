"""The counts of what people need: added to, and read by month and place. Each function works in the caller's transaction."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.store.insight_tables import EVENT, WORD

ENOUGH = 5
"""People below whom a count is never told, and a word never kept."""
Cell = tuple[str, str, str]
"""Place (code of a county or wider, empty = not known), kind, key."""
LONGEST_KEY = 200


@dataclass(frozen=True)
class Counted:
    """One count as it is kept."""

    month: str
    place: str
    kind: str
    key: str
    count: int


def add(db: Connection, month: str, changes: Mapping[Cell, int]) -> None:
    """Adds to the counts of a month. In one order for everybody, so that nobody waits for each other in a circle."""
    wanted = [
        {"month": month, "place": p[:6], "kind": k, "key": key[:LONGEST_KEY], "count": n} for (p, k, key), n in sorted(changes.items()) if n
    ]
    if wanted:
        made = _insert(db, EVENT)
        db.execute(
            made.on_conflict_do_update(
                index_elements=["month", "place", "kind", "key"], set_={"count": EVENT.c["count"] + made.excluded["count"]}
            ),
            wanted,
        )


def _insert(db: Connection, table: Table) -> Any:
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)


def read(db: Connection, first: str, last: str, place: str = "", kinds: Iterable[str] = ()) -> list[Counted]:
    """The counts from a month to a month, of a place (code) and all inside it."""
    found = select(EVENT).where(EVENT.c.month >= first, EVENT.c.month <= last, EVENT.c["count"] > 0)
    if place:
        found = found.where(EVENT.c.place.startswith(place, autoescape=True))
    if wanted := tuple(kinds):
        found = found.where(EVENT.c.kind.in_(wanted))
    return [Counted(row.month, row.place, row.kind, row.key, row[4]) for row in db.execute(found)]


def asked(db: Connection) -> tuple[dict[str, int], dict[str, int]]:
    """How many people each measure and gap concerned, and how many each county has: what the questions to offices are ordered by."""
    about = select(EVENT.c.key, func.sum(EVENT.c["count"])).where(EVENT.c.kind.in_(("asked_measure", "shown", "gap"))).group_by(EVENT.c.key)
    homes = select(EVENT.c.place, func.sum(EVENT.c["count"])).where(EVENT.c.kind == "people").group_by(EVENT.c.place)
    return {row[0]: int(row[1]) for row in db.execute(about)}, {row[0]: int(row[1]) for row in db.execute(homes)}


# ---------------------------------------------------------------- words that were not understood


def word_hash(secret: bytes, word: str) -> str:
    """What is kept of a word as long as few people said it."""
    return hmac.digest(secret, f"word {word}".encode("utf-8", "surrogatepass"), "sha256").hex()


def add_words(db: Connection, secret: bytes, month: str, words: Iterable[str]) -> None:
    """Counts one more person for each word; a word that enough people said is kept in plain."""
    for word in sorted(set(words)):
        key = word_hash(secret, word)
        made = _insert(db, WORD).values(hash=key, month=month, people=1, word=None)
        db.execute(made.on_conflict_do_update(index_elements=["hash", "month"], set_={"people": WORD.c.people + 1}))
        if (db.execute(select(func.sum(WORD.c.people)).where(WORD.c.hash == key)).scalar() or 0) >= ENOUGH:
            db.execute(update(WORD).where(WORD.c.hash == key).values(word=word))


def words(db: Connection, first: str, last: str, most: int = 100) -> list[tuple[str, int]]:
    """Words that enough people said in these months, most frequent first."""
    found = select(WORD.c.hash, WORD.c.word, WORD.c.people).where(WORD.c.month >= first, WORD.c.month <= last, WORD.c.word.is_not(None))
    counts: Counter[str] = Counter()
    for row in db.execute(found):
        counts[row.word] += row.people
    return [(word, n) for word, n in counts.most_common() if n >= ENOUGH][:most]
