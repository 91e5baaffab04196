"""Verdicts of every measure for many people at once: the rules of a day as Polars columns, equal to the single matcher.

What is measured and chosen (planes, rules): two planes of bits per tree, run one by one; what shares variables is taken apart once, when the day is
compiled, so that hardly anything is left to ask. Only comparisons of two facts leave rows open that Kleene's logic cannot close; their distinct
pairs of values are judged by the single matcher, each once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from app.catalog.language import Expr, variables
from app.matching.analysis import settle
from app.matching.day import Day, DayMeasure
from app.screening.facts import Facts, Layout
from app.screening.planes import NO, YES, Program
from app.screening.rules import Part, Planes, Rules, parts_of


@dataclass(frozen=True)
class Settled:
    """Verdicts of some people: for each measure who may get it and who may not. Neither plane is ever false for the same person."""

    measures: tuple[str, ...]
    may: Mapping[str, pl.Series]
    may_not: Mapping[str, pl.Series]

    def eligible(self, measure: str) -> pl.Series:
        return ~self.may_not[measure]

    def not_eligible(self, measure: str) -> pl.Series:
        return ~self.may[measure]

    def unknown(self, measure: str) -> pl.Series:
        return self.may[measure] & self.may_not[measure]

    def verdict(self, measure: str, row: int) -> str:
        """One person's verdict in the single matcher's words."""
        may, may_not = self.may[measure][row], self.may_not[measure][row]
        return "unknown" if may and may_not else "eligible" if may else "not_eligible"


@dataclass(frozen=True)
class Question:
    """A tree that the single matcher is asked about, the steps that lead to Kleene's planes, and the steps that its answers fill."""

    tree: Expr
    reads: tuple[str, ...]
    kleene: Planes
    given: Planes
    cone: frozenset[int]


class Columns:
    """The measures of a day (or some of them), compiled for facts of which only `present` are ever known (None: all may be)."""

    def __init__(self, day: Day, layout: Layout, present: frozenset[str] | None = None, measures: Sequence[str] | None = None) -> None:
        self.day, self.layout, self.present = day, layout, present
        self.program = Program()
        self.rules = Rules(day, layout, self.program, present)
        self.names = tuple(measures if measures is not None else day.measures)
        self.parts: dict[str, list[Part]] = {}
        self._answers: dict[tuple[object, ...], bool | None] = {}
        self.measure_planes = {name: self._measure(day.measures[name]) for name in self.names}
        self._questions: list[Question] = []

    def _measure(self, measure: DayMeasure) -> Planes:
        if measure.standing in ("ended", "not_begun"):
            return NO, YES
        parts = self.parts[measure.entry.id] = parts_of(measure.conditions)
        planes = [self.part(p) for p in parts]
        may, may_not = self.program.all(p[0] for p in planes), self.program.any(p[1] for p in planes)
        return (may, YES) if measure.standing == "terms_unknown" else (may, may_not)

    def part(self, part: Part) -> Planes:
        """The planes of a part of a measure."""
        return self.rules.exact(part.tree)

    def run(self, facts: Facts) -> tuple[Settled, list[Any]]:
        """Verdicts for some people (whose facts say all that follows, see follows), and the columns of every step."""
        given: dict[int, pl.Series] = {}
        for tree, (kleene, steps) in list(self.rules.asked.items())[len(self._questions) :]:
            self._questions.append(Question(tree, tuple(sorted(variables(tree))), kleene, steps, self.program.cone(kleene)))
        for question in self._questions:
            given |= self._ask(question, facts)
        made = self.program.run(facts, given)
        planes = self.measure_planes
        return Settled(self.names, {n: made[p[0]] for n, p in planes.items()}, {n: made[p[1]] for n, p in planes.items()}), made

    def verdicts(self, facts: Facts) -> Settled:
        """Verdicts for some people whose facts say all that follows."""
        return self.run(facts)[0]

    def _ask(self, question: Question, facts: Facts) -> dict[int, pl.Series]:
        """The single matcher's word on every distinct combination that Kleene's logic leaves open."""
        made = self.program.run(facts, only=question.cone)
        may, may_not = made[question.kleene[0]], made[question.kleene[1]]
        rows = (may & may_not).arg_true()
        if len(rows):
            number, first, keys = distinct(facts, question.reads, rows)
            answers = [self._answer(question, key, row, facts) for row, key in zip(first, keys, strict=True)]
            status = pl.Series(answers, dtype=pl.Boolean).gather(number)
            may = may.clone().scatter(rows, status.fill_null(True))
            may_not = may_not.clone().scatter(rows, (~status).fill_null(True))
        return {question.given[0]: may, question.given[1]: may_not}

    def _answer(self, question: Question, key: tuple[object, ...], row: int, facts: Facts) -> bool | None:
        whole = (question.given, *key)
        if whole not in self._answers:
            self._answers[whole] = settle(question.tree, facts.person(row, question.reads), self.day.domains).status
        return self._answers[whole]


Groups = tuple[pl.Series, list[int], list[tuple[object, ...]]]
"""Each row's group, every group's first row, and its values."""


def distinct(facts: Facts, reads: Sequence[str], rows: pl.Series) -> Groups:
    """Some rows by what is known of some variables. Equal values mean the same in every stretch of a roster in which the same is told."""
    columns = [facts.columns[key].gather(rows).alias(" ".join(key)) for key in sorted(facts.columns) if key[0] in reads]
    return grouped_rows(columns, rows)


def grouped_rows(columns: Sequence[pl.Series], rows: pl.Series) -> Groups:
    """Rows with the same values in all columns as one group; the values carry the columns' names, for columns come and go."""
    if not columns:
        return pl.repeat(0, len(rows), dtype=pl.UInt32, eager=True), [int(rows[0])], [()]
    frame = pl.DataFrame([*columns, rows.alias("row")])
    names = [c.name for c in columns]
    firsts = frame.group_by(names, maintain_order=True).agg(pl.col("row").first()).with_row_index("number")
    numbered = frame.join(firsts.drop("row"), on=names, how="left", nulls_equal=True, maintain_order="left")
    told = (tuple(names),)
    return numbered["number"], firsts["row"].to_list(), [told + values for values in firsts.select(names).rows()]
