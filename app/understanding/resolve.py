"""Which of the facts found in a message count: one value for each, the corrected one before the first said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.scope import Scope


def resolved(found: Iterable[Candidate], marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> list[Candidate]:
    """One candidate a fact, in the order of the text."""
    by_fact: dict[str, list[Candidate]] = defaultdict(list)
    for c in found:
        if not c.fact.startswith("_"):
            by_fact[c.fact].append(c)
    for fact, own in _ellipsis(found, marked, lexicon):
        by_fact[fact].append(own)
    chosen = {fact: _one(several, marked, lexicon) for fact, several in by_fact.items()}
    _first_claim(chosen, asking)
    return sorted(chosen.values(), key=lambda c: (c.start, c.end, c.fact))


def _one(several: Sequence[Candidate], marked: Marked, lexicon: Lexicon) -> Candidate:
    sure = [c for c in several if c.sure] or list(several)
    top = max(c.rank for c in sure)
    best = [c for c in sure if c.rank == top]
    if len(best) > 1 and lexicon.cue("corrects", marked.text):
        return max(best, key=lambda c: c.start)
    return min(best, key=lambda c: (c.start - c.end, -c.start))


def _ellipsis(found: Iterable[Candidate], marked: Marked, lexicon: Lexicon) -> Iterable[tuple[str, Candidate]]:
    """我爸是退伍军人，我不是: what was said of another, or asked as a topic, then denied (or said too) of oneself."""
    return ()


def _first_claim(chosen: dict[str, Candidate], asking: str | None) -> None:
    """The open question takes a value: no other fact is made of the same words, unless a rule ranks it higher."""
    answer = chosen.get(asking or "")
    if answer is None:
        return
    for fact, other in list(chosen.items()):
        same = other.start < answer.end and answer.start < other.end
        number = not isinstance(other.value, bool | str) and not isinstance(answer.value, bool | str)
        if fact != asking and same and number:
            del chosen[fact]
    if asking == "funding_needed" and not isinstance(answer.value, bool):
        chosen[asking] = replace(answer)
