"""Whose case a message is: relatives and friends who want something of their own are others; families who do it together are not."""

from __future__ import annotations

import pytest

from app.understanding import Lexicon, understand
from tests.conftest import TODAY

OTHERS = (
    "我闺女想开美甲店，在长治", "我儿子想回来开个店", "我妈六十了想开个小卖部", "俺家那口子想弄个修车铺", "我侄女大学毕业想回村搞电商", "我邻居想问问贷款",
    "孩子他爸想回去养牛", "我哥们想搞个养鸡场", "我哥退伍兵，能补啥", "我妈残疾，能领啥不",
)  # fmt: skip
OWN = (
    "我和我老公想开个饭馆", "我媳妇想跟我一起养羊", "我闺女上三年级", "我儿子想回偏关念书", "我儿子在太原打工，我想回去种地", "我闺女说让我开个店", "我爸妈种苹果，我想帮着卖",
    "我妈要人照顾，想在家开个店", "我儿子要办婚事，手头紧",
)  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
def test_it_is_another_persons_case(text: str, lexicon: Lexicon) -> None:
    understood = understand(text, lexicon, TODAY)
    assert understood.about_other
    assert not {h.fact for h in understood.facts if h.certainty == "stated"} & {"age", "home_place", "return_status"}


@pytest.mark.parametrize("text", OWN)
def test_it_is_the_speakers_own(text: str, lexicon: Lexicon) -> None:
    assert not understand(text, lexicon, TODAY).about_other
