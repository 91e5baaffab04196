"""Short replies to every open question: yes and no, numbers with and without measure, options in ordinary words, no answer at all."""

from __future__ import annotations

from typing import Any

import pytest

from app.catalog import Catalog
from app.understanding import Lexicon, understand
from tests.conftest import TODAY
from tests.understanding.tables import is_as, stated, table

REPLIES = [(asking, text, value) for asking, said in table("answers").items() for text, value in said.items()]


@pytest.mark.parametrize(("asking", "text", "value"), REPLIES, ids=[f"{a} {t}" for a, t, _ in REPLIES])
def test_reply(asking: str, text: str, value: Any, lexicon: Lexicon) -> None:
    assert is_as(stated(text, lexicon, asking).get(asking), value)


def test_every_button_is_understood(catalog: Catalog, lexicon: Lexicon) -> None:
    for fact in catalog.facts.values():
        if fact.type != "enum":
            continue
        for option, label in fact.options.items():
            assert stated(label.zh, lexicon, fact.id).get(fact.id) == option, (fact.id, label.zh)


@pytest.mark.parametrize(
    ("text", "value"), [("有", True), ("没有", False), ("是的", True), ("不是", False), ("嗯", True), ("没有没有", False), ("对对对", True)]
)
def test_every_yes_or_no_question(text: str, value: bool, catalog: Catalog, lexicon: Lexicon) -> None:
    for fact in catalog.facts.values():
        if fact.type == "boolean":
            assert stated(text, lexicon, fact.id).get(fact.id) is value, fact.id


@pytest.mark.parametrize("text", ["不知道", "说不清", "不想说", "跳过", "问这个干啥", "啥意思", "你们是骗子吧"])
def test_no_answer(text: str, catalog: Catalog, lexicon: Lexicon) -> None:
    for fact in catalog.facts.values():
        understood = understand(text, lexicon, TODAY, fact.id)
        assert not understood.facts, (fact.id, understood.facts)
