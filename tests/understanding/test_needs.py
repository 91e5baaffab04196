"""Help asked for in every way that people ask for it, and talk that asks for none."""

from __future__ import annotations

import pytest

from app.understanding import Lexicon
from tests.understanding.tables import stated, table

NEEDS = table("needs")
WANTED = [(kind.partition(" ")[0], " " not in kind, text) for kind, texts in NEEDS.items() if kind != "none" for text in texts]


def needs_in(text: str, lexicon: Lexicon) -> dict[str, bool]:
    return {fact.partition(".")[2]: value for fact, value in stated(text, lexicon).items() if fact.startswith("needs.")}


@pytest.mark.parametrize(("need", "wanted", "text"), WANTED, ids=[text for *_, text in WANTED])
def test_help_wanted(need: str, wanted: bool, text: str, lexicon: Lexicon) -> None:
    assert needs_in(text, lexicon) == {need: wanted}


@pytest.mark.parametrize("text", NEEDS["none"])
def test_no_help_wanted(text: str, lexicon: Lexicon) -> None:
    assert needs_in(text, lexicon) == {}
