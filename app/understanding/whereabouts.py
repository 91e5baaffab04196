"""One part for each place, one fact for each number: of several readings of the same words the best counts. And years away by ages or dates."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.placenames import CITY
from app.understanding.quantities import Quantity
from app.understanding.scope import SELF, Scope

PLACES = ("home_place", "business_place", "working_place", "_place")
AWAY, BACK, AGE = "months_away", "months_since_return", "age"
WORK, BUSINESS = "working_place", "business_place"
SHORTEST, NEVER = 0.9, 720
"""Months: less is a visit, more is not the life of anybody."""
SLACK = 12
"""Months that years of age leave open."""


def one_part_each(found: Iterable[Candidate], asking: str | None = None) -> list[Candidate]:
    """Without the places that a better rule gives another part, and the stretches of time that are both before and after the return."""
    found = list(found)
    best: dict[int, int] = defaultdict(int)
    for c in found:
        if c.fact in PLACES:
            best[c.start] = max(best[c.start], c.rank)
    back = {c.start for c in found if c.fact == BACK}
    stayed = any(c.fact == "return_status" and c.value == "never_left" for c in found)
    answers = {c.start for c in found if c.fact == asking == BUSINESS} - {c.start for c in found if c.fact in ("_place", WORK)}
    if any(c.fact == BUSINESS and c.rank == best[c.start] for c in found):
        answers = set()
    outdone = [c.fact in PLACES and c.rank < best[c.start] and not (c.fact == asking and c.start in answers) for c in found]
    kept = [c for c, worse in zip(found, outdone, strict=True) if not worse and not (c.fact == AWAY and c.start in back)]
    return [c for c in kept if not (stayed and c.fact in (WORK, AWAY) and c.value)]


def finer(home: Candidate, found: Iterable[Candidate], marked: Marked) -> Candidate:
    """The county within the city that was named as home (老家在大同，阳高的), where the message has one."""
    city = marked.place(home.start)
    if city is None or len(city.code) != CITY:
        return home
    within = [
        c for c in found if c.fact == home.fact and (p := marked.place(c.start)) and p.code.startswith(city.code) and len(p.code) > CITY
    ]
    return replace(within[0], sure=home.sure, rank=home.rank) if within else home


def years_away(marked: Marked, scope: Scope, found: Iterable[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """How long the person worked away: the stretch of time beside the place, or from the age or the year of leaving on."""
    known = one_part_each(found)
    places = sorted({c.start for c in known if c.fact == WORK and c.sure})
    stays = _added(sorted((c for at in places if (c := _stay(at, marked, lexicon))), key=lambda c: c.start), marked, lexicon)
    if len(places) > 1 and not any(c.end > c.start + 1 for c in stays) and not lexicon.cue("in_all", marked.text):
        stays = [replace(c, sure=False) for c in stays]
    if stays or any(c.fact == AWAY and c.sure for c in known):
        return stays
    return [*_since_left(marked, scope, lexicon), *_since_age(marked, scope, known, lexicon)]


def _added(stays: Sequence[Candidate], marked: Marked, lexicon: Lexicon) -> list[Candidate]:
    """Two stays one after the other are one that lasts as long as both; each stays by itself where nothing joins them."""
    for first in stays:
        match = lexicon.cue("stay_more", marked.text[first.start :])
        at = first.start + match.start("q") if match else -1
        more = marked.quantity(at) if match else None
        if more is not None and SHORTEST <= more.value <= NEVER and first.low is not None:
            high = None if math.isinf(more.high) or first.high is None else round(first.high + more.high)
            value, low = round(first.value + more.value), round(first.low + more.low)
            return [replace(first, value=value, low=low, high=high, end=at + 1, approximate=first.approximate or more.approximate)]
    return list(stays)


def _stay(at: int, marked: Marked, lexicon: Lexicon) -> Candidate | None:
    """The stretch of time said with the place of work at a sign."""
    for name, text, offset in (("stay", marked.text[at:], at), ("stay_before", marked.text[:at], 0)):
        match = lexicon.cue(name, text)
        quantity = marked.quantity(match.start("q") + offset) if match else None
        if match and quantity and SHORTEST <= quantity.value <= NEVER:
            where = match.start("q") + offset
            high = None if math.isinf(quantity.high) else round(quantity.high)
            return Candidate(AWAY, round(quantity.value), where, where + 1, round(quantity.low), high, quantity.approximate, rank=4)
    return None


def _since_age(marked: Marked, scope: Scope, known: Iterable[Candidate], lexicon: Lexicon) -> Iterator[Candidate]:
    ages = [c for c in known if c.fact == AGE and c.sure]
    for match in lexicon.all_cues("left_at_age", marked.text):
        quantity = marked.quantity(match.start("q"))
        if ages and quantity and scope.at(match.start()) == SELF:
            months = round((max(ages, key=lambda c: c.rank).value - quantity.value) * 12)
            until_now = lexicon.cue("away_until_now", marked.text) is not None
            if 12 <= months <= NEVER:
                yield Candidate(AWAY, months, match.start(), match.end(), max(0, months - SLACK), months + SLACK, True, until_now, 3)


def _since_left(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    for match in lexicon.all_cues("left_at_date", marked.text):
        yield from _between_dates(match.start("q"), marked, scope, lexicon)


def _last(at: int, marked: Marked, lexicon: Lexicon) -> Quantity | None:
    """The date up to which the stay went that began with the date at a sign."""
    match = lexicon.cue("until_date", marked.text[at:])
    return marked.quantity(at + match.start("q")) if match else None


def _between_dates(at: int, marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """From the date at a sign to the date of the return, or to now where the person is still away."""
    left = marked.quantity(at)
    if left is None or scope.at(at) != SELF or scope.unreal(at, at + 1):
        return
    returned = [q for m in lexicon.all_cues("back_at_date", marked.text) if m.start("q") > at and (q := marked.quantity(m.start("q")))]
    if returned:
        low, high = left.low - returned[0].high, left.high - returned[0].low
        value = round(left.value - returned[0].value)
    elif last := _last(at, marked, lexicon):
        low, high, value = left.low - last.high, left.high - last.low, round(left.value - last.value)
    elif lexicon.cue("away_until_now", marked.text):
        low, high, value = left.low, left.high, round(left.value)
    else:
        return
    if 0 < value <= NEVER:
        yield Candidate(AWAY, value, at, at + 1, max(0, round(low)), round(high), True, rank=3)
