"""What goes on until now: a business that is carried on and since when, work away from home."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.placenames import CITY
from app.understanding.placenames import HOME as SHANXI
from app.understanding.scope import SELF, Scope

STAGE, MONTHS, STATUS = "business_stage", "months_operating", "return_status"
WORK, HOME, BUSINESS = "working_place", "home_place", "business_place"
OF_TIME = frozenset((MONTHS, "months_away", "months_since_return", "age"))
"""Facts that a stretch of time may have been taken for."""
AHEAD, BEHIND = 8, 14
"""Signs before the trade and behind it in which the stretch of time stands."""


def so_far(marked: Marked, scope: Scope, found: Iterable[Candidate], lexicon: Lexicon, asking: str | None) -> list[Candidate]:
    """Months that the business has been carried on, where they are said beside it; being away, where work elsewhere is told of as it is now."""
    found = list(found)
    known = [c for c in found if not c.fact.startswith("_")]
    return [
        *_carried_on(marked, scope, known, lexicon),
        *_at_its_place(marked, scope, found, lexicon),
        *_still_away(marked, scope, known, lexicon, asking),
    ]


def _carried_on(marked: Marked, scope: Scope, known: list[Candidate], lexicon: Lexicon) -> Iterator[Candidate]:
    trades = [c for c in known if c.fact == STAGE and c.value == "operating" and c.sure]
    taken = {c.start for c in known if c.fact in OF_TIME}
    if not trades or lexicon.cue("not_so_far", marked.text) or any(c.fact == MONTHS for c in known):
        return
    for trade in trades:
        for name, start, end in (
            ("so_far_before", max(0, trade.start - AHEAD), trade.end),
            ("so_far_behind", trade.end, min(len(marked.text), trade.end + BEHIND)),
        ):
            match = lexicon.cue(name, marked.text[start:end])
            at = match.start("q") + start if match else -1
            quantity = marked.quantity(at) if match else None
            if quantity and at not in taken and scope.at(at) == SELF and not scope.unreal(at, at + 1) and quantity.value > 0:
                high = None if math.isinf(quantity.high) else round(quantity.high)
                yield Candidate(MONTHS, round(quantity.value), at, at + 1, round(quantity.low), high, quantity.approximate, rank=1)
                return


def _at_its_place(marked: Marked, scope: Scope, found: list[Candidate], lexicon: Lexicon) -> Iterator[Candidate]:
    """A place in Shanxi that nothing else claims, told of a business that there is or that is to be: where the business is."""
    facts = {c.fact for c in found}
    if BUSINESS in facts or not any(c.fact == STAGE and c.sure for c in found):
        return
    claimed = {c.start for c in found if c.sure and c.fact in (WORK, HOME, "child_hukou_place", "living_place", "_place")}
    homes = {c.value for c in found if c.sure and c.fact == HOME}
    for at in sorted(marked.items):
        place = marked.place(at)
        if (
            place is None
            or at in claimed
            or place.label in homes
            or not place.code.startswith(SHANXI)
            or scope.at(at) != SELF
            or scope.unreal(at, at + 1)
        ):
            continue
        if lexicon.cue("at_its_place", marked.text[max(0, at - 6) : at + 1]):
            yield Candidate(BUSINESS, place.label, at, at + 1, rank=0)
            return


def _still_away(marked: Marked, scope: Scope, known: list[Candidate], lexicon: Lexicon, asking: str | None) -> Iterator[Candidate]:
    if asking not in (None, HOME) or any(c.fact == STATUS for c in known) or lexicon.cue("not_still_away", marked.text):
        return
    homes = {p.code[:CITY] for c in known if c.fact == HOME and (p := marked.place(c.start))}
    for c in known:
        place = marked.place(c.start) if c.fact == WORK and c.sure else None
        if place is None or scope.at(c.start) != SELF or not lexicon.cue("at_work_there", marked.text[: c.start + 1][-4:]):
            continue
        if not place.code.startswith(SHANXI) or (homes and place.code[:CITY] not in homes):
            yield Candidate(STATUS, "away", c.start, c.end, None, None, False, rank=0)
            return
