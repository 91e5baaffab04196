"""Wordings that nobody fitted the patterns to, measures under discussion, several claims in one breath, what has ended, what is no measure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.catalog import Catalog, CatalogInvalid
from app.hearsay import HearsayAnswer, Patterns, build_patterns, check
from tests.conftest import TODAY

BLIND: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "blind.yaml").read_text(encoding="utf-8"))
LEAST_RIGHT = 0.92
RIGHT = [case["says"] for case in BLIND if case["verdict"] == ["true"]]
TWISTS = [
    "{}，没这回事",
    "谁说{}",
    "{}，只限党员",
    "{}，得先交两千保证金",
    "{}，明年就取消",
    "{}，一个月还另外发五千",
    "不是说{}吗，咋又不行了",
]


@pytest.fixture(scope="module")
def patterns(files: Mapping[str, str], catalog: Catalog) -> Patterns:
    return build_patterns(files, catalog)


def verdicts(answer: HearsayAnswer) -> set[tuple[str | None, str]]:
    return {(claim.measure, claim.verdict) for claim in answer.claims}


def test_wordings_that_nobody_has_seen_are_caught(patterns: Patterns, catalog: Catalog) -> None:
    missed = [
        case["says"]
        for case in BLIND
        if not verdicts(check(case["says"], patterns, catalog, TODAY)) & {(case["measure"], verdict) for verdict in case["verdict"]}
    ]
    assert 1 - len(missed) / len(BLIND) >= LEAST_RIGHT, missed


def test_none_of_them_is_called_true_that_is_not(patterns: Patterns, catalog: Catalog) -> None:
    untrue = [c["says"] for c in BLIND if "true" not in c["verdict"] and "true" in called(check(c["says"], patterns, catalog, TODAY))]
    assert untrue == []


def called(answer: HearsayAnswer) -> set[str]:
    return {claim.verdict for claim in answer.claims}


@pytest.mark.parametrize("twist", TWISTS)
@pytest.mark.parametrize("says", RIGHT)
def test_what_is_right_with_something_added_is_not_called_true(says: str, twist: str, patterns: Patterns, catalog: Catalog) -> None:
    assert "true" not in called(check(twist.format(says), patterns, catalog, TODAY))


@pytest.mark.parametrize(
    ("says", "about", "measure", "verdict"),
    [
        ("听说这个贷款不用还", ["startup-guarantee-loan-individual"], "startup-guarantee-loan-individual", "wrong"),
        ("听说利息也不用自己出", ["startup-guarantee-loan-individual"], "startup-guarantee-loan-individual", "outdated"),
        ("这个能贷五十万吧", ["shanxi-startup-guarantee-loan-individual"], "shanxi-startup-guarantee-loan-individual", "wrong"),
        ("听说这个不用还", ["childcare-cash", "startup-guarantee-loan-individual"], "startup-guarantee-loan-individual", "wrong"),
        ("这个补贴以后要退吧", ["shanxi-oneoff-startup-subsidy"], "shanxi-oneoff-startup-subsidy", "wrong"),
        ("这个每年给四千六", ["childcare-cash"], "childcare-cash", "wrong"),
        ("听说低保是一辈子的", ["startup-guarantee-loan-individual"], "dibao", "wrong"),
    ],
)
def test_the_measure_under_discussion_is_meant_where_none_is_named(
    says: str, about: list[str], measure: str, verdict: str, patterns: Patterns, catalog: Catalog
) -> None:
    assert (measure, verdict) in verdicts(check(says, patterns, catalog, TODAY, about=about))


def test_loan_words_do_not_fasten_on_what_is_no_loan(patterns: Patterns, catalog: Catalog) -> None:
    answer = check("听说这个贷款不用还", patterns, catalog, TODAY, about=["childcare-cash"])
    assert {claim.measure for claim in answer.claims} <= {None}


@pytest.mark.parametrize(
    ("says", "wanted"),
    [
        ("创业担保贷款能贷五十万还不用还", [("能贷五十万", "wrong"), ("不用还", "wrong")]),
        ("创业贷款不用还也不用利息", [("不用还", "wrong"), ("不用利息", "outdated")]),
        ("助学贷款一年能贷八千还不用还", [("八千", "outdated"), ("不用还", "wrong")]),
        ("创业贷款能贷二十万，利息国家全出", [("二十万", "outdated"), ("利息国家全出", "outdated")]),
    ],
)
def test_two_claims_in_one_breath_are_two(says: str, wanted: list[tuple[str, str]], patterns: Patterns, catalog: Catalog) -> None:
    claims = check(says, patterns, catalog, TODAY).claims
    assert [claim.verdict for claim in claims] == [verdict for _, verdict in wanted]
    assert all(words in claim.quote for (words, _), claim in zip(wanted, claims, strict=True))


@pytest.mark.parametrize("says", ["出去打工国家还报路费吧", "脱贫户还能办五万的扶贫小额贷款", "建大棚一亩补三万"])
def test_what_has_ended_says_until_when(says: str, patterns: Patterns, catalog: Catalog) -> None:
    claims = check(says, patterns, catalog, TODAY).claims
    assert [claim.verdict for claim in claims] == ["outdated"]
    end = catalog.entries[claims[0].measure or ""].measure.valid.to
    assert end is not None
    assert f"{end.year}年" in claims[0].correction


def test_what_is_no_measure_is_known_by_name_only(patterns: Patterns, catalog: Catalog) -> None:
    assert patterns.others
    assert not patterns.others.keys() & catalog.entries.keys()
    for other in patterns.others.values():
        answer = check(f"听说{other.shape.called[0].replace('~', '的')}家家都有", patterns, catalog, TODAY)
        assert "true" not in called(answer)
        assert answer.reply


def test_numbers_beyond_the_old_national_ceiling_tell_which_level_is_meant(patterns: Patterns, catalog: Catalog) -> None:
    assert verdicts(check("创业担保贷款最多二十万", patterns, catalog, TODAY)) == {("startup-guarantee-loan-individual", "outdated")}
    shanxi = verdicts(check("山西的创业担保贷款最多三十万", patterns, catalog, TODAY))
    assert shanxi == {("shanxi-startup-guarantee-loan-individual", "true")}


@pytest.mark.parametrize("says", ["中介说交三千包贷款批下来", "花钱能买到补贴的内部名额", "替人签字贷款不用自己还"])
def test_a_swindle_says_where_to_report_it(says: str, patterns: Patterns, catalog: Catalog) -> None:
    answer = check(says, patterns, catalog, TODAY)
    assert called(answer) == {"wrong"}
    assert any(number in answer.reply for number in ("110", "12345", "12378", "12333"))


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ('- {measure: dibao, verdict: wrong, when: ["低保|@ 没用"], truth: {zh: 不对。, en: No.}}', "alternatives"),
        ('- {kinds: [loan], verdict: wrong, when: ["@ 没用"], said: [贷款没用], truth: {zh: 不对。, en: No.}}', "wordings"),
        ("- {measure: no-such-thing, verdict: wrong, when: [没用], truth: {zh: 不对。, en: No.}}", "no-such-thing"),
    ],
)
def test_a_broken_rumour_says_what_is_wrong(broken: str, what: str, files: Mapping[str, str], catalog: Catalog) -> None:
    name = "knowledge/words/hearsay.yaml"
    with pytest.raises(CatalogInvalid) as caught:
        build_patterns({**files, name: files[name].rstrip("\n") + f"\n  {broken}\n"}, catalog)
    assert any(what in str(problem) and problem.line for problem in caught.value.problems)
