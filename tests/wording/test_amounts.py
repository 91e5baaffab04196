"""Numbers are said as people say them, and never rounded."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.models import Unit
from app.wording.amounts import amount, figure_amount, number, span
from tests.contract.numbers import numbers
from tests.factories import LOAN, small_catalog


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (3, "3", "3"),
        (0.5, "0.5", "0.5"),
        (3.85, "3.85", "3.85"),
        (9_999, "9999", "9,999"),
        (10_000, "1万", "10,000"),
        (15_000, "1.5万", "15,000"),
        (12_345, "12345", "12,345"),
        (300_000, "30万", "300,000"),
        (1_234_500, "123.45万", "1,234,500"),
        (100_000_000, "1亿", "100,000,000"),
        (150_000_000, "1.5亿", "150,000,000"),
        (-20_000, "-2万", "-20,000"),
        (20_000.0, "2万", "20,000"),
    ],
)
def test_a_number_is_short_where_that_is_exact(value: float, zh: str, en: str) -> None:
    assert number(value, "zh") == zh
    assert number(value, "en") == en


@given(st.integers(0, 10**11) | st.decimals(0, 10**6, places=2).map(float))
def test_no_number_is_changed_by_saying_it(value: float) -> None:
    for language in ("zh", "en"):
        assert numbers(number(value, language)) == {round(float(value), 6)}


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (300_000, "CNY", "30万元", "300,000 yuan"),
        (1, "CNY", "1元", "1 yuan"),
        (5_858, "CNY/person/year", "5858元（每人每年）", "5,858 yuan per person a year"),
        (600, "CNY/mu", "600元（每亩）", "600 yuan per mu"),
        (50, "percent", "50%", "50%"),
        (3.1, "percent/year", "3.1%（每年）", "3.1% a year"),
        (2, "percentage_points", "2个百分点", "2 percentage points"),
        (18, "years_old", "18岁", "18"),
        (3, "years", "3年", "3 years"),
        (1, "years", "1年", "1 year"),
        (10, "working_days", "10个工作日", "10 working days"),
        (1, "working_days", "1个工作日", "1 working day"),
        (3, "times/year", "3次（每年）", "3 times a year"),
        (1, "persons", "1人", "1 person"),
        (2, "persons", "2人", "2 people"),
        (1, "times", "1次", "1 time"),
        (1, "businesses", "1家", "1 business"),
        (1, "households", "1户", "1 household"),
        (20, "mu", "20亩", "20 mu"),
        (30, "m2/person", "30平方米（每人）", "30 square metres per person"),
        (0.85, "ratio", "0.85", "0.85"),
        (5, "count", "5个", "5"),
        ("100 / 67 / 33", "text", "100 / 67 / 33", "100 / 67 / 33"),
        ("12333", "phone", "12333", "12333"),
        (dt.date(2026, 12, 31), "date", "2026年12月31日", "31 December 2026"),
    ],
)
def test_an_amount_is_said_with_its_unit(value: int | float | str | dt.date, unit: str, zh: str, en: str) -> None:
    assert amount(value, unit, "zh") == zh
    assert amount(value, unit, "en") == en


@pytest.mark.parametrize("unit", [u for u in get_args(Unit) if u not in ("text", "phone", "date")])
def test_every_unit_can_be_said_in_both_languages(unit: str) -> None:
    for language in ("zh", "en"):
        assert 7.0 in numbers(amount(7, unit, language))
    assert unit not in amount(7, unit, "zh") or unit == "ratio"
    assert "_" not in amount(7, unit, "en")
    assert "/" not in amount(7, unit, "en")


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (100_000, 150_000, "10万到15万元", "100,000 to 150,000 yuan"),
        (0, 5_000, "0到5000元", "0 to 5,000 yuan"),
        (20_000, 20_000, "2万元", "20,000 yuan"),
    ],
)
def test_a_vague_amount_is_said_from_its_lowest_to_its_highest(low: float, high: float, zh: str, en: str) -> None:
    assert span(low, high, "CNY", "zh") == zh
    assert span(low, high, "CNY", "en") == en


def test_a_figure_is_said_with_its_bound_only_when_asked() -> None:
    figure = small_catalog().entries[LOAN].measure.figures["max_principal"]
    assert figure_amount(figure, 300_000, "zh") == "30万元"
    assert figure_amount(figure, 300_000, "zh", bound=True) == "最多30万元"
    assert figure_amount(figure, 300_000, "en", bound=True) == "up to 300,000 yuan"
