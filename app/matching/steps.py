"""The smallest set of changes that a person can really make to open a measure that is closed to them today.

Facts that nobody can honestly change (age, the past) are never offered; which can, and how, stands in knowledge/facts (`changeable`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalog.language import walk
from app.catalog.models import Fact, Kind
from app.matching.analysis import representatives
from app.matching.day import Day, DayCondition, DayMeasure
from app.matching.interpret import evaluate
from app.matching.profile import BadProfile, Knowledge, Profile, Value, known_from

WORTH_A_CHANGE: frozenset[Kind] = frozenset({"grant", "loan", "tax_relief", "insurance", "training", "service"})
"""Nobody should change their life for a duty, a permit or a place to complain."""
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
    if measure.entry.measure.kind not in WORTH_A_CHANGE:
        return ()
    failed = [c for c in measure.conditions if evaluate(c.tree, profile.known, day.ranges) is False]
    if not failed or measure.standing != "in_force":
        return ()
    options = {variable: list(_changes(day, measure, variable, profile)) for variable in sorted({v for c in failed for v in c.reads})}
    if not all(any(options[v] for v in c.order) for c in failed):
        return ()
    repairs = [_repairs(day, condition, profile, options) for condition in failed]
    for chosen in _joined(repairs):
        if _opens(day, measure, profile, chosen, failed, futures):
            return chosen
    return ()


def single_step(day: Day, measure: DayMeasure, variable: str, profile: Profile, futures: Futures) -> Change | None:
    """The easiest change of one variable after which nothing fails, where one change is enough: `steps` asked about a single variable."""
    failed = [c for c in measure.conditions if evaluate(c.tree, profile.known, day.ranges) is False]
    if not failed or measure.standing != "in_force" or any(variable not in c.reads for c in failed):
        return None
    mending = [
        change
        for change in _changes(day, measure, variable, profile)
        if all(evaluate(c.tree, {**profile.known, variable: change.to}, day.ranges) is not False for c in failed)
    ]
    found = [change for change in mending if _opens(day, measure, profile, (change,), failed, futures)]
    return min(found, key=lambda c: effort((c,)), default=None)


def _repairs(day: Day, condition: DayCondition, profile: Profile, options: Mapping[str, list[Change]]) -> list[tuple[Change, ...]]:
    """The changes that mend one failed condition: single ones, or pairs where no single one does."""
    single = [change for variable in condition.order for change in options[variable]]
    for size in (1, 2):
        found = []
        for chosen in itertools.combinations(single, size):
            trial = {**profile.known, **{c.variable: c.to for c in chosen}}
            if len({c.variable for c in chosen}) == size and evaluate(condition.tree, trial, day.ranges) is not False:
                found.append(chosen)
        if found:
            return sorted(found, key=effort)
    return []


def _joined(repairs: Sequence[Sequence[tuple[Change, ...]]]) -> list[tuple[Change, ...]]:
    """One way of mending each condition, put together; the small and easy sets first, up to a bound."""
    sets: dict[frozenset[tuple[str, Value]], tuple[Change, ...]] = {}
    for ways in itertools.islice(itertools.product(*repairs), MOST_TRIALS):
        merged = {c.variable: c for way in ways for c in way}
        same = all(merged[c.variable].to == c.to for way in ways for c in way)
        if same and len(merged) <= MOST_CHANGES:
            sets.setdefault(frozenset((c.variable, c.to) for c in merged.values()), tuple(merged.values()))
    return sorted(sets.values(), key=effort)


def effort(changes: tuple[Change, ...]) -> tuple[float, ...]:
    """What changes are sorted by: fewer first, then easier, then the nearer number."""
    hard = sum(c.fact.changeable.effort for c in changes if c.fact.changeable)
    return (len(changes), hard, *(_distance(c) for c in changes))


def _distance(change: Change) -> float:
    """How far a number has to move; 0 for anything else."""
    if not isinstance(change.to, tuple):
        return 0.0
    return abs(change.to[0] - change.now[1]) if isinstance(change.now, tuple) else abs(change.to[0])


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
    offered = day.catalog.offered_when.get(fact.id)
    if way is None or (offered is not None and evaluate(offered, profile.known, day.ranges) is False):
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
            for value in representatives(variable, condition.tree, {}, day.domains):
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
