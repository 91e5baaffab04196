"""What a person says is understood as it was meant, and what follows from it is known too."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog import Catalog
from app.matching.profile import BadProfile, FactError, parse_profile
from tests.factories import Edit, small_catalog

CATALOG = small_catalog()
YES, NO = True, False


def known(facts: dict[str, Any]) -> dict[str, Any]:
    return dict(parse_profile(facts, CATALOG).known)


def errors(facts: dict[str, Any], catalog: Catalog = CATALOG) -> list[FactError]:
    with pytest.raises(BadProfile) as refused:
        parse_profile(facts, catalog)
    return refused.value.errors


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ({"age": 38}, {"age": (38, 38)}),
        ({"age": {"low": 30, "high": 40}}, {"age": (30, 40)}),
        ({"age": {"low": 30}}, {"age": (30, 120)}),
        ({"age": {"high": 30}}, {"age": (0, 30)}),
        ({"funding_needed": {"low": 100000, "high": 150000, "value": 100000, "approximate": True}}, {"funding_needed": (100000, 150000)}),
        ({"bad_credit": False}, {"bad_credit": False}),
        ({"hukou_type": "rural"}, {"hukou_type": frozenset({"rural"})}),
        ({"needs": {"funding": True, "tax": False}}, {"needs.funding": True, "needs.tax": False}),
        ({"needs.funding": True}, {"needs.funding": True}),
        ({"home_place": "偏关"}, {"home_place": "140932", "business_place": "140932"}),
        ({"home_place": "新关镇"}, {"home_place": "140932", "business_place": "140932"}),
        ({"home_place": "忻州", "business_place": "长春市朝阳区"}, {"home_place": "1409", "business_place": "220104"}),
        ({"age": None, "needs": {"tax": None}}, {}),
        ({}, {}),
    ],
)
def test_facts_are_understood(said: dict[str, Any], understood: dict[str, Any]) -> None:
    assert known(said) == understood


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"age": 38, "home_place": "偏关"}, {"age": 38, "home_place": "偏关县"}),
        ({"age": {"low": 30}}, {"age": {"low": 30, "high": 120}}),
        ({"needs.funding": True, "needs": {"tax": False}}, {"needs": {"funding": True, "tax": False}}),
        ({"hukou_type": "urban", "children_count": 0}, {"hukou_type": "urban", "children_count": 0}),
    ],
)
def test_a_profile_is_shown_as_it_was_understood_without_what_follows(said: dict[str, Any], shown: dict[str, Any]) -> None:
    assert parse_profile(said, CATALOG).echo == shown


def test_what_is_shown_can_be_sent_again() -> None:
    profile = parse_profile({"age": {"low": 30}, "needs.funding": True, "home_place": "长治县", "hukou_type": "rural"}, CATALOG)
    assert parse_profile(profile.echo, CATALOG) == profile


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ({"children_count": 0}, {"child_stages.primary": NO, "child_stages.junior_middle": NO}),
        ({"business_stage": "idea"}, {"months_operating": (0, 0)}),
        # and backwards
        ({"child_stages": {"primary": True}}, {"children_count": (1, 20)}),
        ({"months_operating": 14}, {"business_stage": frozenset({"operating"})}),
        ({"months_operating": {"low": 1, "high": 9}}, {"business_stage": frozenset({"operating"})}),
    ],
)
def test_what_follows_by_meaning_is_known(said: dict[str, Any], follows: dict[str, Any]) -> None:
    found = known(said)
    assert {key: found.get(key) for key in follows} == follows


@pytest.mark.parametrize(
    "said",
    [{"children_count": {"low": 0, "high": 3}}, {"child_stages": {"primary": False}}, {"business_stage": "operating"}, {"months_operating": 0},
     {"months_operating": {"low": 0, "high": 9}}],
)  # fmt: skip
def test_nothing_follows_from_what_leaves_it_open(said: dict[str, Any]) -> None:
    assert known(said) == dict(parse_profile(said, CATALOG).stated)


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ({"children_count": 0, "child_stages": {"primary": True}}, ["child_stages", "children_count"]),
        ({"child_stages.junior_middle": True, "children_count": 0}, ["child_stages", "children_count"]),
        ({"business_stage": "idea", "months_operating": 3}, ["business_stage", "months_operating"]),
        ({"business_stage": "idea", "months_operating": {"low": 2}}, ["business_stage", "months_operating"]),
    ],
)
def test_facts_that_contradict_each_other_are_refused_and_both_named(said: dict[str, Any], facts: list[str]) -> None:
    found = errors(said)
    assert [e.where for e in found] == [f"/profile/{fact}" for fact in facts]
    assert all(fact in e.what for e in found for fact in facts)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in e.what) for e in found)


def test_a_chain_of_implications_is_followed_to_its_end() -> None:
    chain = Edit(
        "knowledge/facts/implications.yaml",
        "- if: {business_stage: idea}",
        "- if: {months_operating: 0}\n  then: {employees: 0}\n  plain: {zh: 没开张就没雇人。, en: Not open means nobody employed.}\n\n- if: {business_stage: idea}",
    )
    catalog = small_catalog(chain)
    assert parse_profile({"business_stage": "idea"}, catalog).known["employees"] == (0, 0)
    assert parse_profile({"employees": 2}, catalog).known["business_stage"] == frozenset({"operating"})
    wheres = [e.where for e in errors({"business_stage": "idea", "employees": 2}, catalog)]
    assert wheres == ["/profile/business_stage", "/profile/employees"]


def test_the_place_of_the_business_is_home_until_another_is_stated() -> None:
    assumed = parse_profile({"home_place": "偏关县"}, CATALOG)
    assert assumed.assumed == ("business_place",)
    assert "business_place" not in assumed.stated
    stated = parse_profile({"home_place": "偏关县", "business_place": "上党区"}, CATALOG)
    assert stated.assumed == ()
    assert stated.known["business_place"] == "140404"
    assert parse_profile({"business_place": "上党区"}, CATALOG).known == {"business_place": "140404"}


# ---------------------------------------------------------------- anything at all

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["偏关县", "城区", "rural"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["low", "high", "primary", "x"]), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from([*CATALOG.facts, "needs.funding", "age.x", "nothing"]) | st.text(max_size=5)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, ANYTHING, max_size=5))
def test_anything_is_understood_or_refused_with_pointers(said: dict[str, Any]) -> None:
    try:
        profile = parse_profile(said, CATALOG)
    except BadProfile:
        assert all(e.where.startswith("/profile/") and e.what for e in errors(said))
        return
    assert profile.stated.keys() <= profile.known.keys()
    assert parse_profile(profile.echo, CATALOG).known == profile.known
