"""Whether words that only begin like yes or no speak of what was asked: 没办过 does, 没交过社保 does not where the question was about land."""

from __future__ import annotations

from app.catalog.models import Fact
from app.understanding.lexicon import Lexicon
from app.understanding.patterns import KINDS, MARK

_COUNTS = frozenset((KINDS["B"], KINDS["C"]))
"""Signs of quantities that say nothing of their own: 有两个 is a yes."""
_SIGNS = frozenset(KINDS.values()) - _COUNTS


def answers_to(asking: str, text: str, start: int, lexicon: Lexicon) -> bool:
    """Whether the clause that begins at `start` may answer the question about `asking`: no question itself, and of nothing else."""
    name, _, option = asking.partition(".")
    fact = lexicon.facts.get(name)
    return fact is not None and lexicon.cue("question", text) is None and speaks_of(text, start, fact, option, lexicon)


def speaks_of(text: str, start: int, fact: Fact, option: str, lexicon: Lexicon, *, quantities: bool = True) -> bool:
    """Whether the clause that begins at `start` says nothing of its own, or shares a sign of weight with the question. `quantities`: numbers and
    places are something of its own."""
    ends = [at for mark in MARK if (at := text.find(mark, start)) >= 0]
    clause = text[start : min(ends, default=len(text))]
    light = frozenset("".join(lexicon.words.get("light_signs", ())))
    own = {sign for sign in clause if (quantities and sign in _SIGNS) or (sign.isalnum() and sign not in light)}
    return not own or bool(own & (_asked_of(fact, option) - light))


def _asked_of(fact: Fact, option: str) -> frozenset[str]:
    """The signs of a question: its words and its name."""
    texts = [fact.question, fact.label, *(said[option] for said in (fact.options, fact.ask) if option in said)]
    return frozenset("".join(text.zh for text in texts))
