"""Values that a tree cannot tell apart, as one: a place by the kind of place that it is to the tree, a number by the stretch it lies in.

What is judged once for each distinct combination is then judged a few times, however many counties and sums a roster holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from app.catalog.language import Compare, Expr, NumFact, Within, walk
from app.matching.analysis import turning_points
from app.screening.facts import Facts
from app.screening.rules import Rules, two_facts


@dataclass(frozen=True)
class Kinds:
    """For some variables how their columns are coded: points between stretches, or a code for each place. Others count as they are."""

    points: Mapping[str, tuple[float, ...]]
    places: Mapping[str, pl.Series]

    def columns(self, facts: Facts, names: Iterable[str], rows: pl.Series) -> list[pl.Series]:
        """The coded columns of some variables, for some rows."""
        wanted, found = set(names), []
        for key in sorted(facts.columns):
            if key[0] in wanted:
                values = facts.columns[key].gather(rows)
                if key[0] in self.points:
                    values = _stretch(values, self.points[key[0]])
                elif key[0] in self.places:
                    values = self.places[key[0]].gather(values.cast(pl.UInt32))
                found.append(values.alias(" ".join(key)))
        return found


def kinds(rules: Rules, tree: Expr, names: Iterable[str], as_they_are: Iterable[str] = ()) -> Kinds:
    """How to code variables that a tree reads. `as_they_are`, and numbers that are compared with each other, keep their values."""
    free = set(names) - set(as_they_are) - {n.var for c in walk(tree) if two_facts(c) for n in walk(c) if isinstance(n, NumFact)}
    points = {v: _points(rules, v, tree) for v in free if rules.layout.kinds[v] == "number"}
    tested = {n.var for n in walk(tree) if isinstance(n, Within)}
    return Kinds(points, {v: _places(rules, v, tree) for v in free & tested})


def _points(rules: Rules, variable: str, tree: Expr) -> tuple[float, ...]:
    """Every number at which the tree or an implication turns."""
    points: set[float] = set()
    for node in walk(tree):
        if isinstance(node, Compare) and any(isinstance(n, NumFact) and n.var == variable for n in walk(node)):
            points |= {round(p, 3) for p in turning_points(variable, node, rules.layout.ranges)}
    for rule in rules.layout.catalog.implications:
        for restriction in (*rule.if_, *rule.then):
            if restriction.variable == variable and isinstance(restriction.value, tuple):
                points |= set(restriction.value)
    return tuple(sorted(points))


def _places(rules: Rules, variable: str, tree: Expr) -> pl.Series:
    """A code for each place: equal where the tree takes the places for the same kinds."""
    cells = rules.places(variable, tree)
    of: dict[int, list[str]] = {}
    for kind, numbers in cells.items():
        for number in numbers:
            of.setdefault(number, []).append(kind)
    codes: dict[tuple[str, ...], int] = {}
    size = rules.layout.lands.unknown + 1
    return pl.Series([codes.setdefault(tuple(of.get(n, ())), len(codes)) for n in range(size)], dtype=pl.UInt16)


def _stretch(values: pl.Series, points: Sequence[float]) -> pl.Series:
    """Which point each number lies on, or between which two."""
    found = (values >= values).cast(pl.UInt16) * 0
    for point in points:
        found = found + (values > point).cast(pl.UInt16) + (values >= point).cast(pl.UInt16)
    return found
