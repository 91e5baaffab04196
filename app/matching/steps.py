"""The smallest set of changes that a person can really make to open a measure that is closed to them today.

Facts that nobody can honestly change (age, the past) are never offered; which can, and how, stands in knowledge/facts (`changeable`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from app.catalog.language import walk
from app.catalog.models import Fact
from app.matching.analysis import representatives
from app.matching.day import Day, DayCondition, DayMeasure
from app.matching.interpret import evaluate
from app.matching.profile import BadProfile, Knowledge, Profile, Value, known_from

MOST_CHANGES = 3
MOST_TRIALS = 200
DAYS_A_MONTH = 30


@dataclass(frozen=True)
class Change:
    """One change: the variable, what it is now (None = not known) and what it must become."""

    variable: str
    fact: Fact
    now: Value | None
    to: Value


Futures = dict[frozenset[tuple[str, Value]], Knowledge | None]
"""What would be known after some changes, by those changes that implications touch; None where they contradict the rest."""


def steps(day: Day, measure: DayMeasure, profile: Profile, futures: Futures) -> tuple[Change, ...]:
    """The fewest (then easiest) changes after which nothing fails; empty when there is no way that the person can bring about.

    `futures` is kept by the caller between measures of the same person.
    """
    failed = [c for c in measure.conditions if evaluate(c.tree, profile.known, day.ranges) is False]
    if not failed or measure.standing != "in_force":
        return ()
    options = {variable: list(_changes(day, measure, variable, profile)) for variable in sorted({v for c in failed for v in c.reads})}
    if not all(any(options[v] for v in c.order) for c in failed):
        return ()
    every = [change for changes in options.values() for change in changes]
    useful = [c for c in every if any(evaluate(f.tree, {**profile.known, c.variable: c.to}, day.ranges) is not False for f in failed)]
    for candidates, sizes in ((useful, range(1, MOST_CHANGES + 1)), (every, range(2, 3))):
        for chosen in _combinations(candidates, sizes):
            if _opens(day, measure, profile, chosen, failed, futures):
                return chosen
    return ()


def _combinations(candidates: list[Change], sizes: range) -> Iterator[tuple[Change, ...]]:
    """Sets of changes of different facts, the small and easy ones first, up to a bound."""
    trials = 0
    for size in sizes:
        for chosen in sorted(itertools.combinations(candidates, size), key=_effort):
            if len({c.variable for c in chosen}) == size:
                trials += 1
                if trials > MOST_TRIALS:
                    return
                yield chosen


def _effort(changes: tuple[Change, ...]) -> tuple[float, ...]:
    return (
        sum(c.fact.changeable.effort for c in changes if c.fact.changeable),
        *(abs(c.to[0]) if isinstance(c.to, tuple) else 0 for c in changes),
    )


def _opens(
    day: Day, measure: DayMeasure, profile: Profile, changes: tuple[Change, ...], failed: list[DayCondition], futures: Futures
) -> bool:
    linked = frozenset((c.variable, c.to) for c in changes if c.variable in day.catalog.implied)
    if linked not in futures:
        futures[linked] = _future(day, profile, dict(linked))
    base = futures[linked]
    if base is None:
        return False
    known = {**base, **{c.variable: c.to for c in changes}}
    if any(evaluate(c.tree, known, day.ranges) is False for c in failed):
        return False
    return all(evaluate(c.tree, known, day.ranges) is not False for c in measure.conditions)


def _future(day: Day, profile: Profile, changes: dict[str, Value]) -> Knowledge | None:
    if not changes:
        return profile.known
    try:
        return known_from({**profile.stated, **changes}, profile.assumed, day.catalog)
    except BadProfile:
        return None


def _changes(day: Day, measure: DayMeasure, variable: str, profile: Profile) -> Iterator[Change]:
    fact = day.catalog.variables[variable].fact
    way = fact.changeable
    now = profile.known.get(variable)
    if way is None:
        return
    option = variable.partition(".")[2]
    if option:
        if isinstance(way.to, tuple) and option in way.to and now is False:
            yield Change(variable, fact, now, True)
    elif isinstance(way.to, bool):
        if now is not way.to:
            yield Change(variable, fact, now, way.to)
    elif isinstance(way.to, tuple):
        yield from (Change(variable, fact, now, frozenset({o})) for o in way.to if now != frozenset({o}))
    elif isinstance(now, tuple) or now is None:
        yield from _growth(day, measure, variable, fact, now, way.to)


def _growth(day: Day, measure: DayMeasure, variable: str, fact: Fact, now: Value | None, direction: str) -> Iterator[Change]:
    """Numbers to reach, nearest first; waiting beyond the measure's own end is no way."""
    low, high = now if isinstance(now, tuple) else day.ranges[variable]
    points: set[float] = set()
    for condition in measure.conditions:
        if any(getattr(node, "var", None) == variable for node in walk(condition.tree)):
            for value in representatives(variable, condition.tree, {}, day.ranges, {}):
                assert isinstance(value, tuple)
                points.add(value[0])
    ends = day.ranges[variable]
    for point in sorted(points, reverse=direction == "down"):
        beyond = point > high if direction == "up" else point < low
        if not beyond or point in ends or point != int(point):
            continue
        if fact.unit == "months" and direction == "up" and _too_late(day, measure, point - high):
            continue
        yield Change(variable, fact, now, (point, point))


def _too_late(day: Day, measure: DayMeasure, months: float) -> bool:
    end = measure.entry.measure.valid.to
    return end is not None and months * DAYS_A_MONTH > (end - day.day).days


def describe(change: Change, language: str) -> str:
    """How to make a change, in words."""
    way = change.fact.changeable
    assert way is not None
    how = way.how.of(language)
    label = change.fact.label.of(language)
    if isinstance(change.to, tuple):
        goal = f"{change.to[0]:g}"
        return f"{how}（{label}要到{goal}）" if language == "zh" else f"{how} ({label}: {goal})"
    if isinstance(change.to, frozenset):
        named = change.fact.options[next(iter(change.to))].of(language)
        return f"{how}（{label}：{named}）" if language == "zh" else f"{how} ({label}: {named})"
    return how
