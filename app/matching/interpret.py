"""The plain reading of a tree: Kleene's three values over what is known. The reference that every faster way must agree with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from app.catalog.language import And, Arith, Compare, Const, Expr, FigureRef, Is, Not, Num, Number, NumFact, OnDay, OneOf, Op, Or, Within
from app.matching.profile import Knowledge

Interval = tuple[float, float]
Ranges = Mapping[str, Interval]
"""The widest range of each number variable."""


def evaluate(expr: Expr, known: Knowledge, ranges: Ranges) -> bool | None:
    """True, False or None (unknown) of a tree whose figures are filled in."""
    match expr:
        case Const(value):
            return value
        case Is(var):
            said = known.get(var)
            return said if isinstance(said, bool) else None
        case OneOf(var, options):
            held = known.get(var)
            if not isinstance(held, frozenset):
                return None
            return True if held <= options else None if held & options else False
        case Within(var, codes):
            place = known.get(var)
            return _within(place, codes) if isinstance(place, str) else None
        case Not(item):
            value = evaluate(item, known, ranges)
            return None if value is None else not value
        case And(items):
            return _all(evaluate(i, known, ranges) for i in items)
        case Or(items):
            found = _all(_not(evaluate(i, known, ranges)) for i in items)
            return _not(found)
        case Compare(op, left, right):
            return compare(op, interval(left, known, ranges), interval(right, known, ranges))
        case OnDay():
            raise TypeError("dates are settled when a day is fixed")


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: object) -> bool | None:
    result: bool | None = True
    for value in values:  # type: ignore[attr-defined]
        if value is False:
            return False
        if value is None:
            result = None
    return result


def _within(place: str, codes: frozenset[str]) -> bool | None:
    result: bool | None = False
    for code in codes:
        if place.startswith(code):
            return True
        if code.startswith(place):
            result = None
    return result


def compare(op: Op, a: Interval, b: Interval) -> bool | None:
    """A comparison of two intervals."""
    if op in (">", ">="):
        return compare("<" if op == ">" else "<=", b, a)
    if op == "<=":
        return True if a[1] <= b[0] else False if a[0] > b[1] else None
    if op == "<":
        return True if a[1] < b[0] else False if a[0] >= b[1] else None
    same = True if a[0] == a[1] == b[0] == b[1] else False if a[1] < b[0] or b[1] < a[0] else None
    return same if op == "==" else _not(same)


def interval(number: Num, known: Knowledge, ranges: Ranges) -> Interval:
    """The values that an arithmetic tree can still have."""
    match number:
        case Number(value):
            return value, value
        case NumFact(var):
            held = known.get(var)
            return held if isinstance(held, tuple) else ranges[var]
        case Arith(op, left, right):
            return ARITHMETIC[op](interval(left, known, ranges), interval(right, known, ranges))
        case FigureRef():
            raise TypeError("figures are filled in when a day is fixed")


def _times(a: Interval, b: Interval) -> Interval:
    ends = [0.0 if 0 in (x, y) else x * y for x in a for y in b]
    return min(ends), max(ends)


def _over(a: Interval, b: Interval) -> Interval:
    if b[0] <= 0 <= b[1]:
        return -math.inf, math.inf
    return _times(a, (1 / b[1], 1 / b[0]))


ARITHMETIC: Mapping[str, Callable[[Interval, Interval], Interval]] = {
    "+": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "-": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "*": _times,
    "/": _over,
    "min": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "max": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
}
