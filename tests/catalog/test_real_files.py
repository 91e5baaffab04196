"""The real knowledge/ and rules/: every example holds, and nothing can be changed in them unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from app.catalog import Catalog
from app.catalog.catalog import Entry
from app.catalog.language import FigureRef, walk
from app.catalog.ledger import LEDGER, ledger
from app.catalog.lints import lint
from app.catalog.models import FigureValue
from app.matching.day import Day, Days
from app.matching.examples import judge_example, run_examples
from app.matching.lints import lint_rule
from app.matching.pinned import Mutant, moved_days, moved_thresholds, other_conditions, unseen
from app.settings import Settings


def test_every_example_of_every_rule_file_holds(catalog: Catalog, days: Days, files: Mapping[str, str]) -> None:
    problems = [str(p) for entry in catalog.entries.values() for p in run_examples(catalog, entry, days, files)]
    assert problems == []


def test_every_figure_clause_and_condition_agrees_with_the_ledger(catalog: Catalog) -> None:
    kept = (Settings().catalog_path / LEDGER).read_text(encoding="utf-8")
    assert ledger(catalog) == kept, "if the change is meant, run `guiyan ledger --write` and let a second person read the changed lines"


def test_a_changed_condition_threshold_or_last_day_breaks_an_example(catalog: Catalog) -> None:
    """Each condition dropped or turned round, each threshold moved by one, each last day by a day: an example of the same file must notice."""
    survivors = [f"{e.id}: {what}" for e in catalog.entries.values() for what, _ in unseen(catalog, e, _changes(e))]
    assert survivors == []


def _changes(entry: Entry) -> Iterator[Mutant]:
    yield from other_conditions(entry)
    yield from moved_thresholds(entry)
    yield from moved_days(entry)


def test_the_catalogue_has_no_holes_and_says_nothing_twice_in_two_ways(catalog: Catalog, files: Mapping[str, str]) -> None:
    assert [str(p) for p in lint(catalog, files)] == []


def test_every_rule_can_be_met_and_reads_nothing_idly(catalog: Catalog, files: Mapping[str, str], day: Day) -> None:
    assert [str(p) for entry in catalog.entries.values() for p in lint_rule(catalog, entry, day.domains, files)] == []


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
