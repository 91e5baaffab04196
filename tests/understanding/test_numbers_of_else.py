"""A number in a reply that counts or measures something else answers nothing, whatever was asked; said plainly it does."""

from __future__ import annotations

import pytest

from app.understanding import Lexicon
from tests.understanding.tables import stated

ELSE = (
    ("age", "大专毕业三年了"), ("age", "08年结的婚"), ("age", "3"),
    ("months_operating", "社保交了八年"), ("months_operating", "在外头干了十年"), ("months_operating", "离婚两年了"), ("months_operating", "去年卖了十万"),
    ("months_since_return", "结婚三年了"), ("months_since_return", "12月才能回去"), ("months_away", "娃念书念了九年"),
    ("employees", "家里五口人"), ("employees", "养了二百只羊"), ("employees", "住了三间房"), ("employees", "俩娃"),
    ("partners", "三轮车一辆"), ("children_count", "雇了三个人"), ("children_count", "家里五口人"), ("animals_kept", "雇了三个人"),
    ("funding_needed", "房租一年一万二"), ("funding_needed", "一个月工资四千"), ("funding_needed", "一斤卖八块"), ("funding_needed", "俩娃"),
    ("annual_sales", "手里有五万"), ("annual_sales", "差二十万"), ("annual_sales", "一斤卖八块"), ("income_per_head", "差二十万"),
    ("years_since_graduation", "离婚两年了"), ("years_since_graduation", "我妈六十八要人照顾"), ("employee_pension_years", "我四十五了"),
)  # fmt: skip
PLAIN = (
    ("age", "四十五", 45), ("age", "我是95年的", 31), ("months_operating", "三年了", 36), ("months_since_return", "半年了", 6), ("employees", "三个", 3),
    ("employees", "雇了三个人", 3), ("children_count", "俩", 2), ("animals_kept", "二百只", 200), ("funding_needed", "得二十万", 200_000),
    ("annual_sales", "一年卖十万", 100_000), ("years_since_graduation", "三年", 3), ("employee_pension_years", "交了八年", 8),
)  # fmt: skip


@pytest.mark.parametrize(("asking", "text"), ELSE)
def test_a_number_of_something_else_is_no_answer(asking: str, text: str, lexicon: Lexicon) -> None:
    assert asking not in stated(text, lexicon, asking)


@pytest.mark.parametrize(("asking", "text", "value"), PLAIN)
def test_a_plain_number_is_the_answer(asking: str, text: str, value: float, lexicon: Lexicon) -> None:
    assert stated(text, lexicon, asking)[asking] == value
