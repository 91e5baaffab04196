"""Who is one step away, and by which change: what the single matcher's `steps` finds where one change is enough.

Kleene's planes say for whom a change of one variable may be enough: nothing fails but conditions that read it, and the change may be offered. What is
left to find out depends on few facts (those of the conditions that read the variable or what implications tie to it), and is found out once for each
distinct combination of them. Values that make no difference count as one (kinds), but for numbers that a person
could raise or lower.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from app.catalog.language import And, variables
from app.matching.day import DayMeasure
from app.matching.profile import Profile, known_from
from app.matching.steps import WORTH_A_CHANGE, Change, effort, single_step
from app.screening.columns import Columns, Settled, grouped_rows
from app.screening.kinds import Kinds, kinds
from app.screening.people import People
from app.screening.planes import NO, YES


@dataclass(frozen=True)
class _Way:
    """One measure, and one variable that a person could change."""

    measure: DayMeasure
    variable: str
    enough: int
    """The step of "no condition fails that does not read the variable, and the change may be offered"."""
    tied: tuple[str, ...]
    """The variable and those that implications tie to it: they count as stated, for what follows from them changes."""
    others: tuple[str, ...]
    """The other variables of the conditions in question: they count with all that follows."""
    kinds: Kinds


@dataclass(frozen=True)
class Found:
    """People and the change that each of them could make: `rows` are their places, `number` picks from `changes`."""

    rows: pl.Series
    number: pl.Series
    changes: Sequence[Change]


class Ways:
    """Looks for single steps. Made before the columns are first run: it adds steps to their program."""

    def __init__(self, columns: Columns, measures: Sequence[str]) -> None:
        self.columns = columns
        self._known: dict[tuple[object, ...], Change | None] = {}
        self.ways = {name: ways for name in measures if (ways := list(self._ways(columns.day.measures[name])))}

    def _ways(self, measure: DayMeasure) -> Iterator[_Way]:
        if measure.standing != "in_force" or measure.entry.measure.kind not in WORTH_A_CHANGE:
            return
        kleene, offered = self.columns.rules.kleene, self.columns.day.catalog.offered_when
        for variable in sorted({v for c in measure.conditions for v in c.order if self._can_change(v)}):
            fact = variable.partition(".")[0]
            rest = [kleene(c.tree)[0] for c in measure.conditions if variable not in c.reads]
            terms = [offered[fact]] if fact in offered else []
            enough = self.columns.program.all([*rest, *(kleene(t)[0] for t in terms), self._not_yet(variable)])
            if enough == NO:
                continue
            tied = self._tied({variable})
            trees = [*terms, *(c.tree for c in measure.conditions if tied & c.reads)]
            others = frozenset().union(*(variables(t) for t in trees)) - tied
            here = [tuple(sorted(v for v in names if self._present(v))) for names in (tied, others)]
            read = tied | others
            coded = kinds(self.columns.rules, And(tuple(trees)), read, filter(self._can_change, read))
            yield _Way(measure, variable, enough, here[0], here[1], coded)

    def _present(self, variable: str) -> bool:
        return self.columns.present is None or variable in self.columns.present

    def _kind(self, variable: str) -> str:
        return self.columns.layout.kinds[variable]

    def _can_change(self, variable: str) -> bool:
        return self.columns.day.catalog.variables[variable].fact.changeable is not None

    def _not_yet(self, variable: str) -> int:
        """The people for whom a true-or-false variable is not yet what it could become."""
        way = self.columns.day.catalog.variables[variable].fact.changeable
        if way is None or self._kind(variable) != "bits" or not self._present(variable):
            return YES
        return self.columns.program.step("may" if way.to is False else "may_not", variable)

    def _tied(self, names: set[str]) -> set[str]:
        """Variables and all that implications tie to them."""
        found = set(names)
        while True:
            more = {v for rule in self.columns.day.catalog.implications if rule.variables & found for v in rule.variables} - found
            if not more:
                return found
            found |= more

    def one_step(self, people: People, settled: Settled, made: Sequence[pl.Series]) -> Mapping[str, Found]:
        """Measure -> the people who could get it after one change."""
        found = {}
        for name, ways in self.ways.items():
            closed = settled.not_eligible(name) & ~people.refused
            if not closed.any():
                continue
            parts = [p for way in ways if (p := self._by(way, people, (closed & made[way.enough]).arg_true())) is not None]
            if parts:
                found[name] = parts[0] if len(parts) == 1 else _easiest(parts)
        return found

    def _by(self, way: _Way, people: People, rows: pl.Series) -> Found | None:
        """Those of some people for whom a change of one variable is enough."""
        if not len(rows):
            return None
        coded = way.kinds.columns(people.stated, way.tied, rows) + way.kinds.columns(people.facts, way.others, rows)
        number, first, keys = grouped_rows(coded, rows)
        changes = []
        for row, key in zip(first, keys, strict=True):
            whole = (way.measure.entry.id, way.variable, *key)
            if whole not in self._known:
                self._known[whole] = self._change(way, people, row)
            changes.append(self._known[whole])
        kept = [c for c in changes if c is not None]
        if not kept:
            return None
        places = itertools.accumulate((c is not None for c in changes), initial=0)
        renumbered = pl.Series([at if c else None for at, c in zip(places, changes, strict=False)], dtype=pl.UInt32).gather(number)
        there = renumbered.is_not_null()
        return Found(rows.filter(there), renumbered.filter(there), kept)

    def _change(self, way: _Way, people: People, row: int) -> Change | None:
        day = self.columns.day
        said = {**people.facts.person(row, way.others), **people.stated.person(row, way.tied)}
        return single_step(day, way.measure, way.variable, Profile(said, known_from(said, (), day.catalog)), {})


def _easiest(parts: Sequence[Found]) -> Found:
    """For each person the easiest of several changes; of equals the first by the variable's name."""
    changes = [c for p in parts for c in p.changes]
    order = sorted(range(len(changes)), key=lambda n: (*effort((changes[n],)), changes[n].variable, n))
    rank = {n: at for at, n in enumerate(order)}
    frames, before = [], 0
    for part in parts:
        ranks = pl.Series([rank[before + n] for n in range(len(part.changes))], dtype=pl.UInt32)
        frames.append(pl.DataFrame({"row": part.rows, "rank": ranks.gather(part.number)}))
        before += len(part.changes)
    best = pl.concat(frames).group_by("row").agg(pl.col("rank").min()).sort("row")
    return Found(best["row"], best["rank"], [changes[n] for n in order])
