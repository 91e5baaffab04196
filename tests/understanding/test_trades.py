"""Trades, stages, the business around them, and what a household is certified as."""

from __future__ import annotations

from typing import Any

import pytest

from app.understanding import Lexicon
from tests.understanding.tables import is_as, stated, table

STATUS = (
    "registered_unemployed",
    "months_registered_unemployed",
    "poverty_alleviated",
    "poverty_monitored",
    "subsistence_allowance",
    "relocated_household",
    "employment_difficulty",
    "social_insurance",
)
BUSINESS = (
    "sector",
    "business_stage",
    "business_form",
    "months_operating",
    "first_business",
    "employees",
    "key_group_employees",
    "partners",
    "annual_sales",
    "rents_premises",
    "online_store",
    "land_area_mu",
    "water_area_mu",
    "contracted_land",
)
TRADES, AFFAIRS, CERTIFIED = table("trades"), table("business"), table("status")
ALL = {**TRADES, **AFFAIRS, **CERTIFIED}


@pytest.mark.parametrize("text", ALL)
def test_what_is_said_of_a_business_or_a_household(text: str, lexicon: Lexicon) -> None:
    heard, wanted = stated(text, lexicon), ALL[text]
    for fact, value in wanted.items():
        assert is_as(heard.get(fact), value), (fact, heard)
    assert {f for f in heard if f in (*STATUS, *BUSINESS)} <= set(wanted)


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("养羊", "livestock"), ("修脚", "services"), ("开个小饭馆", "retail_catering"), ("栽苹果", "produce"), ("谷子", "crops"),
        ("跑大车", "transport"), ("做粉条", "processing"), ("民宿", "tourism"), ("养鱼", "aquaculture"), ("直播卖货", "ecommerce"),
    ],
)  # fmt: skip
def test_a_bare_trade_answers_the_question(text: str, sector: str, lexicon: Lexicon) -> None:
    heard = stated(text, lexicon, "sector")
    assert heard.get("sector") == sector
    assert heard.get("business_stage") != "operating"


@pytest.mark.parametrize(
    ("asking", "text", "value"),
    [
        ("employees", "一个人没雇，都是自家人", 0),
        ("employees", "忙时十来个，平时固定的就仨", 3),
        ("partners", "我跟我姐夫还有他兄弟三个人", 3),
        ("water_area_mu", "大池子四亩，小池子两亩", 6),
        ("annual_sales", "一天也就卖个四百", 146_000),
        ("business_stage", "还在琢磨呢", "idea"),
        ("business_stage", "正装修着", "preparing"),
        ("business_stage", "照拿到了，还没开张", "registered"),
        ("business_stage", "开了快两年了", "operating"),
        ("business_form", "啥也没办", "unregistered"),
        ("contracted_land", "包给邻居了", "transferred_out"),
        ("contracted_land", "修铁路占走了", "lost"),
        ("social_insurance", "新农合", "resident"),
        ("first_business", "头一遭", True),
        ("rents_premises", "自家的房", False),
    ],
)
def test_short_answers(asking: str, text: str, value: Any, lexicon: Lexicon) -> None:
    assert stated(text, lexicon, asking).get(asking) == value


@pytest.mark.parametrize("trade", ["养牛", "种药材", "开饭馆", "办养鸡场", "搞民宿", "做豆腐"])
@pytest.mark.parametrize("question", ["能补多少钱", "有补贴不", "好不好弄", "要办啥手续"])
def test_a_question_about_a_trade_states_nothing(trade: str, question: str, lexicon: Lexicon) -> None:
    assert not {"sector", "business_stage"} & set(stated(trade + question, lexicon))


@pytest.mark.parametrize("said", ["我哥在村里养牛", "我妹子开着美容店", "隔壁老张办了养鸡场", "听人说种连翘挣钱"])
def test_the_trade_of_others_is_not_ones_own(said: str, lexicon: Lexicon) -> None:
    assert not {"sector", "business_stage"} & set(stated(said, lexicon))
    assert stated(said + "，我也想跟着弄", lexicon).get("business_stage") == "idea"
