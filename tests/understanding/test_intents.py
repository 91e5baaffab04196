"""What a message is for, and which measures and words it names."""

from __future__ import annotations

import pytest

from app.understanding import Lexicon, understand
from tests.conftest import TODAY
from tests.understanding.tables import table

INTENTS = [(intent, text) for intent, texts in table("intents").items() for text in texts]


@pytest.mark.parametrize(("intent", "text"), INTENTS, ids=[text for _, text in INTENTS])
def test_intent(intent: str, text: str, lexicon: Lexicon) -> None:
    assert understand(text, lexicon, TODAY).intent == intent


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("那个担保贷款能贷几年", "startup-guarantee-loan-individual"),
        ("农机补贴咋领", "farm-machinery-subsidy"),
        ("低保标准是多少", "dibao"),
        ("育儿补贴去哪领", "childcare-cash"),
    ],
)
def test_measure_named(text: str, first: str, lexicon: Lexicon) -> None:
    assert understand(text, lexicon, TODAY).measures[0] == first


def test_name_within_a_longer_one_does_not_count(lexicon: Lexicon) -> None:
    assert understand("农机购置补贴是啥", lexicon, TODAY).measures == ("farm-machinery-subsidy",)


@pytest.mark.parametrize(("text", "word"), [("啥叫贴息", "贴息"), ("反担保是啥意思", "反担保")])
def test_word_asked_about(text: str, word: str, lexicon: Lexicon) -> None:
    assert word in understand(text, lexicon, TODAY).words
