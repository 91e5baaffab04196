"""What to ask whom: for each person the facts that can still change a verdict, those first on which most hangs.

Exactly the single matcher's missing facts: in a part where every variable stands once, one matters if and only if its test and all that stands above
it are open, which is a few more planes; in the others the single matcher is asked about each distinct combination.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from app.catalog.language import And, Const, Expr, Not, Or, variables
from app.matching.profile import Knowledge
from app.screening.columns import Columns, Settled, grouped_rows
from app.screening.facts import Facts
from app.screening.kinds import Kinds, kinds
from app.screening.planes import NO
from app.screening.rules import Part

WEIGHT = {"main": 4, "useful": 2, "minor": 1}
"""How much a measure counts by its prominence when facts are ranked."""


class Asks:
    """Works out the missing facts of some people whose verdicts are settled. Made before the columns are first run: it adds steps to them."""

    def __init__(self, columns: Columns, measures: Sequence[str]) -> None:
        self.columns, self.measures = columns, measures
        self._planes: dict[tuple[int, ...], Mapping[str, int]] = {}
        self._settled: dict[tuple[object, ...], frozenset[str]] = {}
        self._kinds: dict[tuple[int, ...], Kinds] = {}
        for name in measures:
            for part in self._parts(name):
                if part.once and part.key not in self._planes:
                    self._planes[part.key] = self._once(part)

    def _parts(self, measure: str) -> list[Part]:
        in_force = self.columns.day.measures[measure].standing == "in_force"
        return self.columns.parts.get(measure, []) if in_force else []

    def _once(self, part: Part) -> Mapping[str, int]:
        """Variable -> the step of "it matters, if the rest of the measure lets it"."""
        found: dict[str, int] = {}
        self._below(part.tree, self.columns.program.all(self.columns.rules.exact(part.tree)), found)
        return {variable: step for variable, step in found.items() if step != NO}

    def _below(self, tree: Expr, above: int, found: dict[str, int]) -> None:
        program = self.columns.program
        here = program.all((above, *self.columns.rules.exact(tree)))
        if isinstance(tree, And | Or):
            for item in tree.items:
                self._below(item, here, found)
        elif isinstance(tree, Not):
            self._below(tree.item, here, found)
        elif not isinstance(tree, Const):
            found |= dict.fromkeys(variables(tree), here)

    def missing(self, facts: Facts, settled: Settled, made: Sequence[pl.Series]) -> Mapping[str, Mapping[str, pl.Series]]:
        """Measure -> variable -> the people whose verdict it can still change."""
        parts: dict[tuple[int, ...], Mapping[str, pl.Series]] = {}
        found: dict[str, Mapping[str, pl.Series]] = {}
        for name in self.measures:
            open_ = settled.unknown(name)
            if not open_.any():
                continue
            here: dict[str, pl.Series] = {}
            for part in self._parts(name):
                if part.key not in parts:
                    parts[part.key] = self._of_part(part, facts, made)
                here |= {v: open_ & plane for v, plane in parts[part.key].items()}
            found[name] = here
        return found

    def _of_part(self, part: Part, facts: Facts, made: Sequence[pl.Series]) -> Mapping[str, pl.Series]:
        if part.once:
            return {variable: made[step] for variable, step in self._planes[part.key].items()}
        may, may_not = self.columns.rules.exact(part.tree)
        rows = (made[may] & made[may_not]).arg_true()
        if not len(rows):
            return {}
        if part.key not in self._kinds:
            self._kinds[part.key] = kinds(self.columns.rules, part.tree, part.reads)
        number, first, keys = grouped_rows(self._kinds[part.key].columns(facts, part.reads, rows), rows)
        answers = [self._matters(part, key, row, facts) for row, key in zip(first, keys, strict=True)]
        nobody = facts.constant(False)
        return {
            variable: nobody.clone().scatter(rows, pl.Series([variable in a for a in answers], dtype=pl.Boolean).gather(number))
            for variable in sorted(frozenset().union(*answers))
        }

    def _matters(self, part: Part, key: tuple[object, ...], row: int, facts: Facts) -> frozenset[str]:
        whole = (part.key, *key)
        found = self._settled.get(whole)
        if found is None:
            found = self._settled[whole] = self._judged(part, facts.person(row, part.reads))
        return found

    def _judged(self, part: Part, known: Knowledge) -> frozenset[str]:
        """What `Judge` says can still change some conditions that hang together."""
        day = self.columns.day
        still_open = tuple(c for c in part.conditions if day.settled(c, known).status is None)
        alone = [day.settled(c, known).matters for c in still_open]
        matters: frozenset[str] = frozenset().union(*alone)
        return matters if sum(map(len, alone)) == len(matters) else day.settled_together("", still_open, known).matters

    def weights(self, missing: Mapping[str, Mapping[str, pl.Series]]) -> Mapping[str, pl.Series]:
        """Fact -> how much hangs on it for each person, measures weighed by their prominence. Options of a set count as their fact."""
        entries = self.columns.day.catalog.entries
        planes: dict[str, dict[int, list[pl.Series]]] = defaultdict(lambda: defaultdict(list))
        for name, by_variable in missing.items():
            by_fact: dict[str, pl.Series] = {}
            for variable, plane in by_variable.items():
                fact = variable.partition(".")[0]
                by_fact[fact] = by_fact[fact] | plane if fact in by_fact else plane
            for fact, plane in by_fact.items():
                planes[fact][WEIGHT[entries[name].measure.prominence]].append(plane)
        return {fact: _sum(by_weight) for fact, by_weight in planes.items()}


def _sum(by_weight: Mapping[int, Sequence[pl.Series]]) -> pl.Series:
    total: pl.Series | None = None
    for weight, planes in by_weight.items():
        for plane in planes:
            part = plane.cast(pl.UInt16) * weight if weight > 1 else plane.cast(pl.UInt16)
            total = part if total is None else total + part
    assert total is not None
    return total
