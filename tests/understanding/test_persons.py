"""Who a person is, where home, work and business are, children and old people: what a message states of them, no more and no less."""

from __future__ import annotations

from typing import Any

import pytest

from app.understanding import Lexicon
from app.understanding.patterns import PatternError, compiled
from tests.understanding.tables import is_as, stated, table

OF_THE_PERSON = frozenset(
    {
        "age", "gender", "hukou_type", "home_place", "business_place", "working_place", "return_status", "months_away", "months_since_return",
        "education", "years_since_graduation", "veteran", "disabled", "single_parent", "children_count", "child_stages", "supports_elderly",
    }
)  # fmt: skip
SAID = [(kind, text, facts) for kind, said in table("persons").items() for text, facts in said.items()]
DENIED_OF_ONESELF = {
    "我叔是退伍军人，我不是": ("veteran", False),
    "低保户？我家不是": ("subsistence_allowance", False),
    "我媳妇有残疾证，我没有": ("disabled", False),
    "脱贫户我们家不是": ("poverty_alleviated", False),
}
CORRECTED = {
    "我今年四十一，说错了，四十三": ("age", 43),
    "我是浑源的，不对，应县的": ("home_place", "应县"),
    "两个娃，哦不对，三个娃": ("children_count", 3),
}
NOT_REAL = (
    "要是我今年五十岁还能不能贷",
    "假如我户口在农村呢",
    "听说退伍军人能多贷五万",
    "村里人都说五十岁以上不给贷",
    "我表弟三十二了，在苏州打工",
    "隔壁老王家闺女在太原上大学",
)


@pytest.mark.parametrize(("kind", "text", "facts"), SAID, ids=[text for _, text, _ in SAID])
def test_person(kind: str, text: str, facts: dict[str, Any], lexicon: Lexicon) -> None:
    found = {fact: value for fact, value in stated(text, lexicon).items() if fact.partition(".")[0] in OF_THE_PERSON}
    assert found.keys() == facts.keys(), kind
    assert [fact for fact, value in facts.items() if not is_as(found[fact], value)] == []


@pytest.mark.parametrize("text", DENIED_OF_ONESELF)
def test_what_is_left_out(text: str, lexicon: Lexicon) -> None:
    fact, value = DENIED_OF_ONESELF[text]
    assert stated(text, lexicon).get(fact) is value


@pytest.mark.parametrize("text", CORRECTED)
def test_the_corrected_value_counts(text: str, lexicon: Lexicon) -> None:
    fact, value = CORRECTED[text]
    assert stated(text, lexicon).get(fact) == value


@pytest.mark.parametrize("text", NOT_REAL)
def test_supposed_heard_and_others(text: str, lexicon: Lexicon) -> None:
    assert {fact for fact in stated(text, lexicon) if fact.partition(".")[0] in OF_THE_PERSON} == set()


@pytest.mark.parametrize("pattern", ["(?:想|打算|~)*回", "(?:a|b~~){0,9}c", "(?:[^，]+，)*回"])
def test_patterns_that_could_take_very_long_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compiled(pattern, {})


@pytest.mark.parametrize(
    "text", ["我在太原" * 400, "今年刚从北京回来" * 200, "一" * 2000, "娃" * 2000, "我" * 2000, "，" * 2000, "回" * 2000]
)
def test_long_and_odd_messages_are_read_at_once(text: str, lexicon: Lexicon) -> None:
    stated(text, lexicon)
