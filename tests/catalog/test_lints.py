"""What `guiyan check` finds in a catalogue whose every file is well-formed: each lint is broken once, and named where it stands."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.catalog import build_catalog
from app.catalog.lints import lint
from app.matching.day import Day, Days
from app.matching.examples import run_examples
from app.matching.lints import lint_rule
from tests.factories import GRANT, LOAN, SHANXI_LOAN, TODAY, Edit, measure_file, rule_file, small_files

NEXT = "      - {from: 2023-10-01, to: null, value: 300000"
OLD = "      - {from: 2020-04-15, to: 2023-09-30, value: 200000"
SHANXI = "value: 300000, cite: {document: shanxi-2021, clause: null}"


def found(files: Mapping[str, str]) -> list[str]:
    """Every problem that the lints name."""
    catalog = build_catalog(files)
    domains = Day(catalog, TODAY).domains
    problems = lint(catalog, files)
    for entry in catalog.entries.values():
        problems += [*run_examples(catalog, entry, Days(catalog), files), *lint_rule(catalog, entry, domains, files)]
    return [str(p) for p in problems]


def test_the_small_catalogue_is_in_order() -> None:
    assert found(small_files()) == []


@pytest.mark.parametrize(
    ("edit", "where", "what"),
    [
        (Edit("knowledge/documents/loan-2020.yaml", "status: superseded", "status: in_force"), "knowledge/documents/loan-2020.yaml", "loan-2023 replaces it"),
        (Edit(measure_file(SHANXI_LOAN), "carries_out: start-loan", "carries_out: no-loan"), measure_file(SHANXI_LOAN), "there is no other measure «no-loan»"),
        (Edit(rule_file(LOAN), "measure: start-grant", "measure: no-grant"), rule_file(LOAN), "there is no other measure «no-grant»"),
        (Edit(measure_file(LOAN), OLD, OLD.replace("2023-09-30", "2022-12-31")), f"{measure_file(LOAN)}:18", "has no value from 2023-01-01 to 2023-09-30"),
        (Edit(measure_file(LOAN), NEXT, NEXT.replace("to: null", "to: 2025-12-31")), f"{measure_file(LOAN)}:19", "has no value from 2026-01-01"),
        (Edit(measure_file(LOAN), OLD, OLD.replace("2020-04-15", "null").replace("2023-09-30", "2020-01-01")), f"{measure_file(LOAN)}:18", "holds on no day"),
        (Edit(measure_file(SHANXI_LOAN), SHANXI, SHANXI.replace("300000", "310000").replace("shanxi-2021", "loan-2023")), measure_file(LOAN), "max_principal is 300000 here and 310000 in shanxi-start-loan"),
        (Edit(rule_file(LOAN), "if: not bad_credit", "if: not bad_credit or bad_credit"), rule_file(LOAN), "credit is true for everybody"),
        (Edit(rule_file(LOAN), "if: not bad_credit", "if: not bad_credit or bad_credit and hukou_type == rural and hukou_type == urban"), rule_file(LOAN), "credit reads hukou_type, which cannot change it"),
        (Edit(rule_file(LOAN), "{name: 过了上限, change: {age: 61}", "{name: 过了上限, change: {age: 70}"), rule_file(LOAN), "max_age could be 1 more"),
        (Edit(rule_file(GRANT), "as_of: 2027-01-01", "as_of: 2027-06-01"), rule_file(GRANT), "could end a day later than 2026-12-31"),
        (Edit(rule_file(GRANT), "  - {name: 老家在外省, change: {home_place: 长春市朝阳区}, verdict: not_eligible, failed: [place]}\n", ""), rule_file(GRANT), "no example lies elsewhere"),
    ],
)  # fmt: skip
def test_each_is_named_where_it_stands(edit: Edit, where: str, what: str) -> None:
    problems = found(small_files(edit))
    assert any(p.startswith(where) and what in p for p in problems), problems


def test_a_note_says_a_hole() -> None:
    edit = Edit(measure_file(LOAN), NEXT, NEXT.replace("to: null", "to: 2025-12-31, note: {zh: 往后的没有查到。, en: Not known since.}"))
    assert not any("has no value" in p for p in found(small_files(edit)))
