"""What is still to be found of a sum: all it takes, less what the person has (得六万，自己有两万，剩下的想贷)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.scope import SELF, Scope

NEEDED = "funding_needed"
RANK = 6
"""Above the sums themselves."""


def shortfalls(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """The difference of two sums of which the rest is to be borrowed."""
    for match in lexicon.all_cues("total_less_own", marked.text):
        total, own = marked.quantity(match.start()), marked.quantity(match.start("q"))
        if total is None or own is None or scope.at(match.start("q")) != SELF or scope.unreal(match.start(), match.end()):
            continue
        if total.value <= own.value or total.per or own.per or math.isinf(own.high):
            continue
        low, high = max(0.0, total.low - own.high), total.high - own.low
        top = None if math.isinf(high) else round(high)
        yield Candidate(NEEDED, round(total.value - own.value), match.start(), match.end("q"), round(low), top, low != high, rank=RANK)
