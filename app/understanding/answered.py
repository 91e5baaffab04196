"""Whether words that only begin like yes or no speak of what was asked: 没办过 does, 没交过社保 does not where the question was about land."""

from __future__ import annotations

from app.catalog.models import Fact
from app.understanding.lexicon import Lexicon
from app.understanding.patterns import KINDS, MARK

FEW = 1
"""So many signs of its own leave open what a reply speaks of."""
_SIGNS = frozenset(KINDS.values())


def speaks_of(text: str, start: int, fact: Fact, option: str, lexicon: Lexicon) -> bool:
    """Whether the clause that begins at `start` says nothing of its own, or shares a sign of weight with the question."""
    ends = [at for mark in MARK if (at := text.find(mark, start)) >= 0]
    clause = text[start : min(ends, default=len(text))]
    light = frozenset("".join(lexicon.words.get("light_signs", ())))
    own = [sign for sign in clause if sign not in light and sign not in _SIGNS and sign.isalnum()]
    return len(own) <= FEW or bool(frozenset(own) & (_asked_of(fact, option) - light))


def _asked_of(fact: Fact, option: str) -> frozenset[str]:
    """The signs of a question: its words, its name, what helps to answer it."""
    texts = [fact.question, fact.label, *([fact.help] if fact.help else []), *([fact.options[option]] if option in fact.options else [])]
    texts += [fact.ask[option]] if option in fact.ask else []
    return frozenset("".join(text.zh for text in texts))
