"""What this person would get: arithmetic over facts and figures, with its working."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.catalog.language import FigureRef, Num, NumFact, walk
from app.catalog.models import Estimate, FigureValue
from app.matching.day import Day, DayMeasure
from app.matching.interpret import interval
from app.matching.profile import Knowledge


@dataclass(frozen=True)
class Estimated:
    """An amount between low and high (equal when it is exact), and what it was made of."""

    id: str
    estimate: Estimate
    low: float
    high: float
    tree: Num
    facts: tuple[str, ...]
    figures: tuple[str, ...]
    values: tuple[FigureValue, ...]


def estimates(day: Day, measure: DayMeasure, known: Knowledge) -> list[Estimated]:
    """The measure's estimates for a person; one that rests on an unknown figure, or has no upper end, is left out."""
    entry = measure.entry
    place = known.get(entry.rule.place)
    code = place if isinstance(place, str) else None
    found = []
    for key, (estimate, tree) in entry.estimates.items():
        number = day.number_at(entry, tree, code)
        if number is None:
            continue
        low, high = interval(number, known, day.ranges)
        figures = tuple(sorted({n.id for n in walk(tree) if isinstance(n, FigureRef)}))
        values = tuple(v for f in figures if (v := day.catalog.value_on(entry.measure.figures[f], day.day, code)) is not None)
        facts = tuple(sorted({n.var for n in walk(tree) if isinstance(n, NumFact)}))
        if not math.isfinite(high) or (facts and not figures and not any(f in known for f in facts)):
            continue
        found.append(Estimated(key, estimate, low, high, tree, facts, figures, values))
    return found
