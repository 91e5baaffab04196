"""The next question: the fact whose answer is expected to settle most of what the person needs, for the least trouble.

For each fact that can still change a verdict, each kind of answer is tried on the measures that wait for it; an answer's weight is its
rough share among people who come home (`likely` in knowledge/facts), used for the order of questions only, never for a verdict. A measure
that one more answer would bring closer counts in part: an unknown with n open facts has 1/n of its weight settled when one falls away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalog.catalog import Catalog
from app.catalog.language import And
from app.matching.analysis import representatives
from app.matching.day import Day
from app.matching.profile import BadProfile, Knowledge, Value, imply
from app.matching.verdict import MeasureVerdict

EFFORT = {1: 1.0, 2: 1.35, 3: 2.0}
SENSITIVE = 1.25
IRRELEVANT = 0.02
"""Weight of a measure that meets no stated need and is not of the person's trade, beside one that does."""
CLOSED = 0.4
"""What it is worth to know that a measure is out of reach, beside knowing that it can be had."""


@dataclass(frozen=True)
class Question:
    variable: str
    gain: float


def ranked_questions(
    verdicts: Sequence[MeasureVerdict], day: Day, known: Knowledge, weights: Mapping[str, float], most: int = 12
) -> list[Question]:
    """Variables worth asking, best first. `weights`: how much each measure matters to this person."""
    waiting: dict[str, list[MeasureVerdict]] = {}
    for verdict in verdicts:
        for variable in verdict.missing:
            waiting.setdefault(variable, []).append(verdict)
    rough = {v: sum(weights.get(m.id, 0.0) / len(m.missing) for m in ms) / cost(day.catalog, v) for v, ms in waiting.items()}
    promising = sorted(rough, key=lambda v: (-rough[v], v))[:most]
    found = [Question(v, _gain(v, waiting[v], day, known, weights) / cost(day.catalog, v)) for v in promising]
    return sorted(found, key=lambda q: (-q.gain, q.variable))


def cost(catalog: Catalog, variable: str) -> float:
    """How hard a question is to answer, 1.0 for the easiest."""
    fact = catalog.variables[variable].fact
    return EFFORT[fact.effort] * (SENSITIVE if fact.sensitive else 1.0)


def _gain(variable: str, waiting: Sequence[MeasureVerdict], day: Day, known: Knowledge, weights: Mapping[str, float]) -> float:
    total = 0.0
    for value, share in answers(variable, waiting, day, known):
        try:
            then = imply({**known, variable: value}, day.catalog.implications, day.catalog)
        except BadProfile:
            continue
        total += share * sum(weights.get(m.id, 0.0) * _settled(m, day, then) for m in waiting)
    return total


def _settled(verdict: MeasureVerdict, day: Day, known: Knowledge) -> float:
    """1 when the person can have it once `known` is known, CLOSED when not; in part when fewer facts are missing than before."""
    left: set[str] = set()
    for outcome in verdict.outcomes:
        if outcome.status is None:
            settling = day.settled(outcome.condition, known)
            if settling.status is False:
                return CLOSED
            left |= settling.matters
    before = len(verdict.missing)
    return 1.0 if not left else max(0.0, (before - len(left)) / before) * 0.5


def answers(variable: str, waiting: Sequence[MeasureVerdict], day: Day, known: Knowledge) -> list[tuple[Value, float]]:
    """Kinds of answer with their shares, adding to one."""
    fact = day.catalog.variables[variable].fact
    option = variable.partition(".")[2]
    likely = fact.likely
    if option:
        share = likely.get(option, 0.3) if isinstance(likely, dict) else 0.3
        return [(True, share), (False, 1 - share)]
    if fact.type == "boolean":
        share = likely.get(True, 0.5) if isinstance(likely, dict) else 0.5
        return [(True, share), (False, 1 - share)]
    if fact.type == "enum":
        options = known.get(variable)
        possible = sorted(options if isinstance(options, frozenset) else day.options[variable])
        shares = [likely.get(o, 1 / len(possible)) if isinstance(likely, dict) else 1 / len(possible) for o in possible]
        return [(frozenset({o}), s / (sum(shares) or 1.0)) for o, s in zip(possible, shares, strict=True)]
    values: list[Value]
    if isinstance(likely, tuple) and fact.is_number:
        held = known.get(variable)
        low, high = held if isinstance(held, tuple) else day.ranges[variable]
        inside = [float(v) for v in likely if float(low) <= v <= float(high)]
        values = [(v, v) for v in inside] or [(float(low), float(low)), (float(high), float(high))]
    else:
        trees = tuple(o.condition.tree for m in waiting for o in m.outcomes if variable in o.condition.order)
        values = representatives(variable, And(trees), known, day.domains)
    return [(v, 1 / len(values)) for v in values]
