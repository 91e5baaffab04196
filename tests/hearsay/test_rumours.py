"""A rumour is put right, kindly, with its source, and never called true when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.catalog import Catalog, CatalogInvalid
from app.hearsay import HearsayAnswer, Patterns, build_patterns, check
from tests.conftest import TODAY

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


HERE = Path(__file__).parent
NEAR_TRUTH: list[str] = yaml.safe_load((HERE / "near_truth.yaml").read_text(encoding="utf-8"))
SET_RIGHT: list[str] = yaml.safe_load((HERE / "set_right.yaml").read_text(encoding="utf-8"))
OWN_MATTERS: list[str] = yaml.safe_load((HERE / "own_matters.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def patterns(files: Mapping[str, str], catalog: Catalog) -> Patterns:
    return build_patterns(files, catalog)


def verdicts(answer: HearsayAnswer) -> set[tuple[str | None, str]]:
    return {(claim.measure, claim.verdict) for claim in answer.claims}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["says"]))
def test_a_rumour_in_other_words_is_still_caught(case: dict[str, Any], patterns: Patterns, catalog: Catalog) -> None:
    found = verdicts(check(case["says"], patterns, catalog, TODAY))
    assert found & {(case["measure"], verdict) for verdict in case["verdict"]}, found


@pytest.mark.parametrize("case", [c for c in CASES if "true" not in c["verdict"]], ids=lambda case: str(case["says"]))
def test_what_is_not_so_is_never_called_true(case: dict[str, Any], patterns: Patterns, catalog: Catalog) -> None:
    assert "true" not in {verdict for _, verdict in verdicts(check(case["says"], patterns, catalog, TODAY))}


def test_what_stands_near_to_the_truth_is_never_called_true(patterns: Patterns, catalog: Catalog) -> None:
    called = [says for says in NEAR_TRUTH if "true" in {v for _, v in verdicts(check(says, patterns, catalog, TODAY))}]
    assert called == []


@pytest.mark.parametrize("says", SET_RIGHT)
def test_what_is_so_is_never_put_right(says: str, patterns: Patterns, catalog: Catalog) -> None:
    assert {verdict for _, verdict in verdicts(check(says, patterns, catalog, TODAY))} <= {"cannot_tell", "true"}


@pytest.mark.parametrize("says", OWN_MATTERS)
def test_what_people_tell_of_themselves_is_no_rumour(says: str, patterns: Patterns, catalog: Catalog) -> None:
    assert {verdict for _, verdict in verdicts(check(says, patterns, catalog, TODAY))} <= {"cannot_tell"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["says"]))
def test_every_answer_has_words_and_a_source_in_both_languages(
    case: dict[str, Any], language: str, patterns: Patterns, catalog: Catalog
) -> None:
    answer = check(case["says"], patterns, catalog, TODAY, language)
    assert answer.reply
    for claim in answer.claims:
        assert claim.correction
        assert claim.quote in case["says"]
        assert "{" not in claim.correction
        assert claim.citations or claim.measure is None


def test_an_answer_that_rests_on_a_recalled_figure_says_whom_to_ring(patterns: Patterns, catalog: Catalog) -> None:
    answer = check("创业担保贷款不用还", patterns, catalog, TODAY)
    assert "12333" in answer.reply


@pytest.mark.parametrize("text", ["", "   ", "你好", "今天天气不错", "🐷" * 50, "(" * 300, "\x00\x1b[31m", "一二三" * 600])
def test_what_is_no_rumour_is_answered_without_a_claim_of_truth(text: str, patterns: Patterns, catalog: Catalog) -> None:
    answer = check(text, patterns, catalog, TODAY)
    assert all(claim.verdict != "true" for claim in answer.claims)
    assert answer.reply


def test_a_broken_rumour_file_is_named_with_its_line(files: Mapping[str, str], catalog: Catalog) -> None:
    broken = {**files, "knowledge/words/measures.yaml": "no-such-measure: {called: [某某补贴]}\n"}
    with pytest.raises(CatalogInvalid) as caught:
        build_patterns(broken, catalog)
    assert any("no-such-measure" in str(p) and p.file.endswith("measures.yaml") and p.line for p in caught.value.problems)
