"""The real knowledge/ and rules/: every example holds, and nothing can be changed in them unseen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import pytest

from app.catalog import Catalog
from app.catalog.catalog import Entry, ParsedCondition
from app.catalog.language import Const, FigureRef, figure_ids, negate, walk
from app.catalog.ledger import LEDGER, ledger
from app.catalog.models import Figure, FigureValue
from app.matching.day import Days
from app.matching.examples import judge_example, run_examples
from app.settings import Settings


def test_every_example_of_every_rule_file_holds(catalog: Catalog, days: Days, files: Mapping[str, str]) -> None:
    problems = [str(p) for entry in catalog.entries.values() for p in run_examples(catalog, entry, days, files)]
    assert problems == []


def test_every_figure_clause_and_condition_agrees_with_the_ledger(catalog: Catalog) -> None:
    kept = (Settings().catalog_path / LEDGER).read_text(encoding="utf-8")
    assert ledger(catalog) == kept, "if the change is meant, run `guiyan ledger --write` and let a second person read the changed lines"


def _holds(catalog: Catalog, entry: Entry) -> bool:
    """Whether the examples of one entry hold when the catalogue holds that entry instead."""
    changed = dataclasses.replace(catalog, entries={entry.id: entry})
    return not run_examples(changed, entry, Days(changed), {})


def _with(entry: Entry, index: int, tree: object) -> Entry:
    conditions = list(entry.conditions)
    conditions[index] = ParsedCondition(conditions[index].condition, tree)  # type: ignore[arg-type]
    return dataclasses.replace(entry, conditions=tuple(conditions))


def _mutants(entry: Entry) -> Iterator[tuple[str, Entry]]:
    for n, parsed in enumerate(entry.conditions):
        if parsed.tree is not None:
            yield f"{parsed.condition.id} dropped", _with(entry, n, Const(True))
            yield f"{parsed.condition.id} turned round", _with(entry, n, negate(parsed.tree))
    used = {f for p in entry.conditions if p.tree is not None for f in figure_ids(p.tree)}
    for name in sorted(used):
        size = 12 if "/year" in entry.measure.figures[name].unit else 1  # yearly lines are compared with monthly incomes
        for step in (-size, size):
            yield f"figure {name} moved by {step}", _moved(entry, name, step)


def _moved(entry: Entry, name: str, step: float) -> Entry:
    figure = entry.measure.figures[name]
    history = tuple(v.model_copy(update={"value": v.value + step}) if isinstance(v.value, int | float) else v for v in figure.history)
    figures: dict[str, Figure] = {**entry.measure.figures, name: figure.model_copy(update={"history": history})}
    return dataclasses.replace(entry, measure=entry.measure.model_copy(update={"figures": figures}))


def test_a_changed_condition_or_threshold_breaks_an_example(catalog: Catalog) -> None:
    """Each condition dropped or turned round, each threshold moved by one: some example of the same file must fail."""
    survivors = [f"{entry.id}: {what}" for entry in catalog.entries.values() for what, mutant in _mutants(entry) if _holds(catalog, mutant)]
    assert survivors == []


def test_every_figure_in_force_is_pinned_by_an_example_or_the_ledger(catalog: Catalog, days: Days) -> None:
    """A figure that an example names resolves on that example's day."""
    for entry in catalog.entries.values():
        for example in entry.rule.examples:
            for name in example.figures or {}:
                assert name in entry.measure.figures
            judge_example(catalog, entry, example, days)


def test_every_figure_reference_of_a_rule_is_a_number(catalog: Catalog) -> None:
    for entry in catalog.entries.values():
        for parsed in entry.conditions:
            for node in walk(parsed.tree) if parsed.tree is not None else ():
                if isinstance(node, FigureRef):
                    values: tuple[FigureValue, ...] = entry.measure.figures[node.id].history
                    assert all(isinstance(v.value, int | float) for v in values)


@pytest.mark.parametrize(("level", "least"), [("national", 104), ("province", 16), ("city", 9)])
def test_the_catalogue_is_whole(catalog: Catalog, level: str, least: int) -> None:
    assert sum(m.level == level and m.tier == "A" for m in catalog.measures()) == least
