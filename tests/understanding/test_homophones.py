"""Words written as they sound, and words of the same sound that are meant as written."""

from __future__ import annotations

import pytest

from app.understanding import Lexicon
from app.understanding.normalise import normalise
from app.understanding.sounds import common, loose, syllables

MEANT = {
    "待款": "贷款", "担宝": "担保", "整信": "征信", "大朋": "大棚", "氧殖": "养殖", "格体户": "个体户", "公溢岗": "公益岗", "失业等级": "失业登记",
    "yangyu daikuan 5wan": "养鱼贷款 5万", "想yang猪": "想养猪", "wo xiang yang yu": "我想养鱼",
}  # fmt: skip
AS_WRITTEN = ("养几只羊", "想雇人", "五六个人", "一块地", "早点上班", "种地呀", "地包给人家了", "搭棚", "鱼汤", "Hi hello", "SYB")


@pytest.mark.parametrize("said", MEANT)
def test_meant(said: str, lexicon: Lexicon) -> None:
    assert lexicon.homophones.respell(normalise(said)).text == MEANT[said]


@pytest.mark.parametrize("said", AS_WRITTEN)
def test_as_written(said: str, lexicon: Lexicon) -> None:
    assert lexicon.homophones.respell(normalise(said)).text == said


def test_origin_still_points_into_the_message(lexicon: Lexicon) -> None:
    heard = lexicon.homophones.respell(normalise("我yangyu"))
    assert heard.text == "我养鱼"
    assert heard.raw_span(1, 3) == (1, 7)


def test_sounds() -> None:
    assert (common("的"), common("a")) == ("de", None)
    assert (loose("zhang"), loose("shi")) == ("zan", "si")
    assert syllables("hongtong") == ["hong", "tong"]
    assert syllables("hello") is None
