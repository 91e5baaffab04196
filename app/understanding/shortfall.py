"""What is still to be found of a sum: all it takes, less what the person has (得六万，自己有两万，剩下的想贷)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from app.understanding.answers import LOOSE_SUM, TEN_THOUSAND
from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.quantity import Quantity
from app.understanding.scope import SELF, Scope

NEEDED = "funding_needed"
RANK = 6
"""Above the sums themselves."""


def shortfalls(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None = None) -> Iterator[Candidate]:
    """The difference of two sums of which the rest is to be borrowed, or that are told as all it takes and what there is."""
    found = [(m, m.start()) for m in lexicon.all_cues("total_less_own", marked.text)]
    found += [(m, m.start("total")) for m in lexicon.all_cues("total_and_own", marked.text)]
    for match, at in found:
        total, own = (_sum(where, marked, asking) for where in (at, match.start("q")))
        if total is None or own is None or scope.at(match.start("q")) != SELF or scope.unreal(match.start(), match.end()):
            continue
        if total.value <= own.value or total.per or own.per or math.isinf(own.high):
            continue
        low, high = max(0.0, total.low - own.high), total.high - own.low
        top = None if math.isinf(high) else round(high)
        yield Candidate(NEEDED, round(total.value - own.value), match.start(), match.end("q"), round(low), top, low != high, rank=RANK)


def _sum(at: int, marked: Marked, asking: str | None) -> Quantity | None:
    """The sum of money at a sign; a bare number is one in reply to the question for it, and then of so many 万."""
    quantity = marked.quantity(at)
    if quantity is None or quantity.kind == "money":
        return quantity
    if asking != NEEDED:
        return None
    times = TEN_THOUSAND if quantity.value < LOOSE_SUM else 1
    return replace(quantity, kind="money", value=quantity.value * times, low=quantity.low * times, high=quantity.high * times)
