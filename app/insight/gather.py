"""What a conversation tells about needs: counted when a turn is answered, from its events, never from what was said.

A conversation counts once for each thing and month. What it stands for is worked out from its events before and after the turn; the difference goes into the
counts, so that a corrected fact moves from one count to another and nothing has to be remembered about anybody.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence

import structlog
from sqlalchemy import Connection

from app.clock import today
from app.conversation import World, fold
from app.conversation.facts import matched
from app.conversation.state import Case, Event, State
from app.insight import counts
from app.insight.counts import Cell
from app.insight.pieces import pieces
from app.library import Library
from app.matching.gaps import fitting
from app.matching.match import Match
from app.matching.order import LAST_KINDS, serves, stated_needs
from app.store import repository as rows
from app.store.desk import Desk
from app.talk import world as make_world

log = structlog.get_logger("guiyan.insight")
PLACES = ("home_place", "business_place", "living_place")
COUNTY_DIGITS = 6
MOST_REMEMBERED = 2_000
Picture = frozenset[Cell]


class Ear:
    """A listener of the desk that counts."""

    def __init__(self, desk: Desk, library: Library) -> None:
        self.desk, self.library = desk, library
        self._pictures: OrderedDict[str, tuple[int, Picture]] = OrderedDict()

    def __call__(self, db: Connection, key: str, number: int, events: Sequence[rows.EventLike], at: dt.datetime) -> None:  # noqa: ARG002 - the desk's signature
        if not any(event.kind == "said" for event in events):
            return
        day = today()
        try:
            changes = self._changes(db, key, len(events), day)
        except Exception as error:  # a count that fails must not cost somebody their answer
            log.error("insight_failed", error=type(error).__name__, exc_info=error)
            return
        counts.add(db, month(day), changes)
        if any(event.kind == "not_understood" for event in events):
            counts.add_words(db, self.desk.store.prepare(), month(day), _new_words(db, key, number))

    def _changes(self, db: Connection, key: str, new: int, day: dt.date) -> dict[Cell, int]:
        whole = [Event(kind, data) for kind, data in rows.events(db, key)]
        world = make_world(self.library.edition, day)
        kept = self._pictures.pop(key, None)
        past = whole[: len(whole) - new]
        before = kept[1] if kept and kept[0] == len(past) else picture(world, past)
        after = picture(world, whole)
        self._pictures[key] = len(whole), after
        while len(self._pictures) > MOST_REMEMBERED:
            self._pictures.popitem(last=False)
        changes = dict.fromkeys(after - before, 1)
        last = fold(past).on
        if last is not None and last[:7] == month(day):
            changes |= dict.fromkeys(before - after, -1)
        return changes


def month(day: dt.date) -> str:
    """2026-11"""
    return f"{day:%Y-%m}"


def picture(world: World, events: Sequence[Event]) -> Picture:
    """Everything that a conversation stands for, each thing once."""
    state = fold(events)
    if not state.message:
        return frozenset()
    home = _place(world, state)
    found: Counter[tuple[str, str]] = Counter({("people", ""): 1})
    found.update(_named(world, events))
    for case in state.cases.values():
        if case.facts:
            found.update(of_match(matched(world, case)))
    return frozenset((home, kind, key) for kind, key in found)


def of_match(found: Match) -> Iterator[tuple[str, str]]:
    """What one person's needs come to: asked for, met, not met, what stands in the way, what nobody gives."""
    needs = stated_needs(found.profile.known)
    open_to = [v.measure.entry.measure for v in found.found if v.verdict == "eligible" and v.measure.entry.measure.kind not in LAST_KINDS]
    for need in needs:
        yield "asked", need
        if any(serves(m, need) for m in open_to):
            yield "matched", need
    yield from (("unmet", need) for need in found.unmet_needs)
    yield from (("gap", gap.id) for gap in fitting(found))
    weights = found.weights
    for verdict in found.found:
        measure = verdict.measure.entry.measure
        if verdict.verdict != "not_eligible" or measure.prominence == "minor" or weights[verdict.id] < 1.0:
            continue
        failed = verdict.failed
        if len(failed) == 1 and failed[0] not in ("place", "valid") and any(serves(measure, n) for n in needs):
            yield "blocked", f"{verdict.id} {failed[0]}"


def _named(world: World, events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    """Measures that were asked about or shown, and rumours."""
    for event in events:
        if event.kind == "focused":
            yield "asked_measure", str(event.data["measure"])
        elif event.kind == "shown":
            yield from (("shown", str(name)) for name in event.data["measures"])
        elif event.kind == "hearsay":
            measures = event.data.get("measures") or [None] * len(event.data["verdicts"])
            known = [m if m in world.catalog.entries else "-" for m in measures]
            yield from (("rumour", f"{m} {verdict}") for m, verdict in zip(known, event.data["verdicts"], strict=True))


def _place(world: World, state: State) -> str:
    """Code of the county of the first person who named a place; wider where only that is known."""
    cases: list[Case] = list(state.cases.values())
    for case in cases:
        for fact in PLACES:
            held = case.facts.get(fact)
            if held is not None and held.counts:
                return world.catalog.places.exact(str(held.value))[:COUNTY_DIGITS]
    return ""


def _new_words(db: Connection, key: str, number: int) -> list[str]:
    """Words of a message that this conversation did not use before."""
    said = rows.messages(db, key)
    now = next((m.text or "" for m in said if m.seq == number), "")
    before = "\n".join(m.text or "" for m in said if m.seq < number)
    return [word for word in pieces(now) if word not in before]
