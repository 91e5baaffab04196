"""What stands beside an open question: it is no answer to it."""

from __future__ import annotations

import pytest

from app.understanding import Lexicon, understand
from tests.conftest import TODAY
from tests.understanding.tables import stated

OF_SOMETHING_ELSE = [
    ("sells.own_produce", "我没交过医保"),
    ("sells.own_produce", "没有，眼下只是自己录着耍"),
    ("owns_village_house", "不用领执照吧？"),
    ("veteran", "没有人搭把手"),
    ("disabled", "想回偏关"),
    ("bad_credit", "有两个娃"),
    ("rents_premises", "不是太原的"),
    ("has_collateral", "我能贷款吗"),
    ("annual_sales", "低保能申请不"),
    ("employees", "二十八，初中毕业"),
]


@pytest.mark.parametrize(("asking", "text"), OF_SOMETHING_ELSE)
def test_what_speaks_of_something_else_is_no_answer(asking: str, text: str, lexicon: Lexicon) -> None:
    assert stated(text, lexicon, asking).get(asking) in (None, False if text.startswith("没有，") else None)


@pytest.mark.parametrize(
    ("asking", "text", "value"),
    [("veteran", "没当过兵", False), ("disabled", "没领残疾证", False), ("startup_training_certificate", "没参加过培训", False),
     ("online_store", "有个抖音店", True), ("rents_premises", "有两间是租的", True), ("first_business", "没开过店", True)],
)  # fmt: skip
def test_what_speaks_of_it_is_one(asking: str, text: str, value: bool, lexicon: Lexicon) -> None:
    assert stated(text, lexicon, asking).get(asking) is value


def test_a_bare_number_where_none_was_asked_for_may_be_the_age(lexicon: Lexicon) -> None:
    heard = understand("三十九", lexicon, TODAY, "work_now").facts
    assert [(h.fact, h.value, h.certainty) for h in heard] == [("age", 39, "guessed")]
    assert understand("三百九", lexicon, TODAY, "work_now").facts == ()


def test_a_bare_number_beside_words_about_the_person_is_the_age(lexicon: Lexicon) -> None:
    assert stated("二十八，初中毕业", lexicon, "land_area_mu") == {"age": 28, "education": "junior_middle"}
    assert stated("二十八亩，初中毕业", lexicon, "land_area_mu") == {"land_area_mu": 28, "education": "junior_middle"}


@pytest.mark.parametrize("text", ["一亩水面给补多少", "一亩地能补几百", "种一亩谷子奖多少"])
def test_a_sum_for_each_mu_is_no_area(text: str, lexicon: Lexicon) -> None:
    assert not {"land_area_mu", "water_area_mu"} & set(stated(text, lexicon))


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [("小子户口在静乐", "child_hukou_place", "静乐县"), ("那个塘是大队的", "water_kind", "collective_water"),
     ("收乡亲们的小米再卖", "sells.bought_produce", True), ("孙女能进镇上的小学吗", "needs.children_education", True),
     ("兜里没几个钱", "needs.funding", True)],
)  # fmt: skip
def test_heard_in_between(text: str, fact: str, value: object, lexicon: Lexicon) -> None:
    assert stated(text, lexicon).get(fact) == value


def test_what_is_asked_beside_a_fact(lexicon: Lexicon) -> None:
    assert understand("我明年开春才回去，眼下能办啥", lexicon, TODAY).also == "ask_summary"
    assert understand("我今年三十六，念到初中，去哪报名", lexicon, TODAY).also == "ask_where"
    assert understand("我今年三十六，念到初中", lexicon, TODAY).also is None
