"""What the business sells in a year, and the land and water it has: sums that a message gives by the day, the month or the plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.patterns import KINDS
from app.understanding.quantities import Quantity
from app.understanding.scope import ELDER, OTHER, Scope

SALES, LAND, WATER = "annual_sales", "land_area_mu", "water_area_mu"
TIMES = {"year": 1, "month": 12, "day": 365}
LEAST_SALES = 500
"""Yuan a year below which no sales are meant."""
NEAR, FAR = 10, 16
YEAR, MOST_OF_A_YEAR = 12, 9
"""Months."""
_MARKS = "，。？"


def yearly_facts(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> Iterator[Candidate]:
    """Sales a year, land and water."""
    yield from _sales(marked, scope, lexicon, asking == SALES)
    yield from _areas(marked, scope, lexicon, asking)


def _own(at: int, scope: Scope) -> bool:
    return scope.at(at) not in (OTHER, ELDER) and not scope.unreal(at, at + 1)


def _before(text: str, at: int, length: int, marks: str = _MARKS) -> str:
    """The signs before `at`, back to a mark or another quantity."""
    floor = max(max(text.rfind(mark, 0, at) for mark in marks) + 1, at - length, 0)
    return text[floor:at]


def _sales(marked: Marked, scope: Scope, lexicon: Lexicon, asked: bool) -> Iterator[Candidate]:
    text = marked.text
    for at, sign in enumerate(text):
        quantity = marked.quantity(at) if sign in (KINDS["M"], KINDS["N"]) else None
        if quantity is None or not _own(at, scope) or (sign == KINDS["N"] and quantity.value < 100):
            continue
        said, behind = _before(text, at, NEAR), text[at + 1 : at + 6]
        if (
            lexicon.cue("sales_not", said[said.rfind(KINDS["M"]) + 1 :])
            or lexicon.cue("sales_not_behind", behind)
            or lexicon.cue("sales_wished", said)
        ):
            continue
        turnover = lexicon.cue("sales_turnover", said) or lexicon.cue("sales_turnover", behind)
        if not turnover and not (lexicon.cue("sales_said", said) and (asked or lexicon.cue("sales_own", text))):
            continue
        per = quantity.per or _period(marked, at, lexicon)
        if per and quantity.value * TIMES[per] >= LEAST_SALES:
            times = TIMES[per]
            low, high = quantity.low * times, quantity.high * times
            yield Candidate(
                SALES,
                round(quantity.value * times),
                at,
                at + 1,
                low,
                high,
                low != high or times > 12,
                rank=(3 if turnover else 2) + 5 * asked,
            )


def _period(marked: Marked, at: int, lexicon: Lexicon) -> str | None:
    """The period a sum is for, from the words before it."""
    said = _before(marked.text, at, FAR)
    for cue, per in (("per_day", "day"), ("per_month_sales", "month"), ("per_year_sales", "year")):
        if lexicon.cue(cue, said):
            return per
    times = [q for i in range(max(0, at - len(said)), at) if (q := marked.quantity(i))]
    whole = any(q.kind == "date" and q.high - q.low >= MOST_OF_A_YEAR for q in times) or any(_is_a_year(q) for q in times)
    return "year" if whole else None


def _is_a_year(quantity: Quantity) -> bool:
    return quantity.kind == "duration" and quantity.low == quantity.high == YEAR


def _areas(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> Iterator[Candidate]:
    land: list[tuple[int, Quantity]] = []
    water: list[tuple[int, Quantity]] = []
    for at, sign in enumerate(marked.text):
        quantity = marked.quantity(at) if sign == KINDS["R"] else None
        taken_over = scope.at(at) == ELDER and lexicon.cue("land_taken_over", marked.text) is not None and not scope.unreal(at, at + 1)
        if quantity is None or not (_own(at, scope) or taken_over) or not _is_there(marked, at, quantity, lexicon):
            continue
        said, behind = _before(marked.text, at, FAR), marked.text[at + 1 : at + 7]
        named = lexicon.cue("water", said[-8:]) or lexicon.cue("water_before", marked.text[max(0, at - FAR) : at])
        if named or lexicon.cue("water_behind", behind):
            water.append((at, quantity))
        elif not lexicon.cue("land_gone", said) and not lexicon.cue("land_gone_behind", behind):
            land.append((at, quantity))
    if water:
        sum_of = replace(_together(water, marked, lexicon, asking == WATER), fact=WATER)
        yield replace(sum_of, rank=6) if asking == WATER and len(water) > 1 else sum_of
    if land:
        sum_of = _together(land, marked, lexicon)
        yield replace(sum_of, rank=6) if asking == LAND and len(land) > 1 else sum_of


def _is_there(marked: Marked, at: int, quantity: Quantity, lexicon: Lexicon) -> bool:
    """Whether the area is had, not wished for, and no measure of a rate (一亩给五百)."""
    said, behind = _before(marked.text, at, FAR), marked.text[at + 1 : at + 6]
    if quantity.value <= 0 or (quantity.value <= 1 and (lexicon.cue("land_rate", behind) or said.endswith("每"))):
        return False
    return not lexicon.cue("land_wished", said) and "每" not in said[-1:]


def _together(land: Sequence[tuple[int, Quantity]], marked: Marked, lexicon: Lexicon, all_of: bool = False) -> Candidate:
    at, first = land[0]
    end = at + 1
    several = [first]
    for where, quantity in land[1:]:
        between = marked.text[end:where]
        if lexicon.cue("corrects", marked.text):
            at, several = where, [quantity]
        elif all_of or lexicon.cue("land_adds", between):
            several.append(quantity)
        end = where + 1
    value, low, high = (sum(getattr(q, part) for q in several) for part in ("value", "low", "high"))
    return Candidate(LAND, round(value), at, max(end, at + 1), low, high, low != high, rank=2)
