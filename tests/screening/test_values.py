"""Cells in people's words: understood for certain, or named as a problem; never guessed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.screening.identity import identity, telephone
from app.screening.values import Cells
from tests.screening.rosters import GOOD_ID, TODAY, WOMAN_ID, id_number

POINT = [
    ("age", "三十五", 35), ("age", "35岁", 35), ("age", 35.0, 35), ("age", "３５", 35), ("age", dt.date(1990, 3, 1), 36), ("age", "1990年3月", 36),
    ("months_since_return", dt.date(2019, 3, 1), 92), ("months_since_return", "回来三年了", 36), ("children_count", "两个", 2), ("children_count", "无", 0),
    ("employees", "3人", 3), ("employees", "没有", 0), ("funding_needed", "20万元", 200_000), ("funding_needed", "200,000", 200_000),
    ("land_area_mu", "三十亩", 30),
]  # fmt: skip
SPAN = [
    ("age", "四十出头", 41, 43), ("months_since_return", "2019年回来", 82, 94), ("months_since_return", 2019, 82, 94), ("months_since_return", "去年腊月", 9, 10),
    ("months_since_return", "2019.03", 91, 92), ("employees", "三五个", 3, 5), ("funding_needed", "二十来万", 200_000, 250_000),
]  # fmt: skip
OPTION = [
    ("hukou_type", "农村", "rural"), ("hukou_type", "非农业", "urban"), ("gender", "女", "female"), ("education", "中专", "senior_or_vocational"),
    ("sector", "养鱼", "aquaculture"), ("sector", "想包个鱼塘养鱼", "aquaculture"), ("business_form", "个体户", "individual_business"),
    ("return_status", "在外务工", "away"), ("social_insurance", "新农合", "resident"), ("marital_status", "离异", "divorced"),
]  # fmt: skip
YES_NO = [
    ("bad_credit", "无", False), ("bad_credit", "良好", False), ("veteran", "是", True), ("veteran", "√", True), ("disabled", "三级", True),
    ("disabled", "否", False), ("poverty_alleviated", "脱贫户", True), ("subsistence_allowance", "低保", True), ("veteran", True, True), ("needs.funding", "是", True),
]  # fmt: skip
WRONG = [
    ("age", "不小了", "not_understood"), ("age", 135, "out_of_range"), ("age", 35.5, "out_of_range"), ("veteran", 1, "not_understood"), ("veteran", "2", "not_understood"),
    ("funding_needed", 20, "which_unit"), ("funding_needed", "二十", "which_unit"), ("months_since_return", 36, "which_unit"), ("months_since_return", 43525, "serial_date"),
    ("months_since_return", 2019.1, "not_understood"), ("months_since_return", dt.date(2030, 1, 1), "future_date"), ("home_place", "城区", "which_place"),
    ("home_place", "西沟", "not_understood"), ("sector", "养殖", "not_understood"), ("gender", "保密", "not_understood"), ("needs", "资金、瞎写", "not_understood"),
    ("age", "46（虚岁）", "partly_understood"), ("return_status", "2019年回来", "not_understood"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "cell", "value"), POINT)
def test_numbers_sums_and_dates_are_read_as_people_write_them(cells: Cells, fact: str, cell: Any, value: float) -> None:
    assert cells.read(fact, cell).values == {fact: (value, value)}


@pytest.mark.parametrize(("fact", "cell", "low", "high"), SPAN)
def test_what_is_vague_stays_an_interval(cells: Cells, fact: str, cell: Any, low: float, high: float) -> None:
    assert cells.read(fact, cell).values == {fact: (low, high)}


@pytest.mark.parametrize(("fact", "cell", "option"), OPTION)
def test_options_are_known_by_the_words_of_bureaus(cells: Cells, fact: str, cell: str, option: str) -> None:
    assert cells.read(fact, cell).values == {fact: frozenset({option})}


@pytest.mark.parametrize(("fact", "cell", "value"), YES_NO)
def test_yes_and_no_in_every_usual_way(cells: Cells, fact: str, cell: Any, value: bool) -> None:
    assert cells.read(fact, cell).values == {fact: value}


@pytest.mark.parametrize(("fact", "cell", "kind"), WRONG)
def test_what_is_not_certain_is_a_problem_and_tells_nothing(cells: Cells, fact: str, cell: Any, kind: str) -> None:
    found = cells.read(fact, cell)
    assert (found.wrong, dict(found.values)) == (kind, {})


@pytest.mark.parametrize("cell", [None, "", "-", "/", "不详", "不清楚", "N/A"])
def test_a_cell_that_says_nothing_says_nothing(cells: Cells, cell: str | None) -> None:
    found = cells.read("age", cell or None)
    assert (found.wrong, dict(found.values)) == (None, {})


def test_places_down_to_the_village_count_as_their_county(cells: Cells) -> None:
    for name in ("偏关县", "偏关", "山西省忻州市偏关县", "偏关县新关镇西沟村"):
        assert cells.read("home_place", name).values == {"home_place": "140932"}, name


def test_sets_name_some_options_and_leave_the_others_open(cells: Cells) -> None:
    assert cells.read("needs", "贷款、培训").values == {"needs.funding": True, "needs.training": True}
    assert cells.read("child_stages", "小学，初中").values == {"child_stages.primary": True, "child_stages.junior_middle": True}
    assert set(cells.read("child_stages", "无").values.values()) == {False}


def test_the_unit_of_a_header_settles_bare_numbers(cells: Cells) -> None:
    assert cells.read("funding_needed", 20, "万元").values == {"funding_needed": (200_000, 200_000)}
    assert cells.read("funding_needed", 5000, "元").values == {"funding_needed": (5_000, 5_000)}
    assert cells.read("months_operating", 3, "年").values == {"months_operating": (36, 36)}
    assert cells.read("months_operating", "3", "月").values == {"months_operating": (3, 3)}


def test_id_numbers_are_whole_and_checked() -> None:
    found = identity(GOOD_ID, TODAY)
    assert (found.number, found.born, found.female) == (GOOD_ID, dt.date(1988, 3, 15), False)
    assert identity(WOMAN_ID, TODAY).female
    assert identity(f" {GOOD_ID[:6]} {GOOD_ID[6:]} ", TODAY).number == GOOD_ID
    wrong = {
        cell: identity(cell, TODAY).wrong
        for cell in (GOOD_ID[:-1] + "1", "14093219880315", "1.40932198803151E+17", 140932198803151232, 1.409321988031512e17)
    }
    assert list(wrong.values()) == ["id_check", "id_form", "rounded_id", "rounded_id", "rounded_id"]
    assert identity(id_number("14093219881315123"), TODAY).wrong == identity(id_number("14093220300315123"), TODAY).wrong == "id_date"


def test_telephones_survive_being_numbers() -> None:
    assert telephone(13800001111.0) == telephone("138-0000-1111") == telephone("13800001111.0") == "13800001111"
    assert telephone("0350-7651234") == "03507651234"
    assert telephone("1.38E+10") is telephone("12345") is telephone(None) is None
