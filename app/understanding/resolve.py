"""Which of the facts found in a message count: one value for each, the corrected one before the first said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import NEVER, Lexicon
from app.understanding.marked import Marked
from app.understanding.placenames import HOME as SHANXI
from app.understanding.quantities import Quantity
from app.understanding.whereabouts import finer, one_part_each

HOME, MONTHS, BACK, STAGE = "home_place", "months_operating", "months_since_return", "business_stage"
CORRECTED_WITHIN = 14
"""Signs between a value and the one that takes its place."""


def resolved(found: Iterable[Candidate], marked: Marked, lexicon: Lexicon, asking: str | None) -> list[Candidate]:
    """One candidate a fact, in the order of the text."""
    counted = one_part_each((c for c in found if not lexicon.cue(NEVER + c.fact, marked.text)), asking)
    by_fact: dict[str, list[Candidate]] = defaultdict(list)
    for c in (*counted, *_corrected(counted, marked, lexicon)):
        if not c.fact.startswith("_"):
            by_fact[c.fact].append(c)
    for since in (MONTHS, BACK):
        by_fact[since] = [c for c in by_fact[since] if not (c.value == 0 and c.high == 1)]  # 刚 tells nothing of how long
    by_fact[HOME] = [c for c in by_fact[HOME] if not _is_no_home(c, marked, lexicon)]
    chosen = {fact: _one(several, marked, lexicon) for fact, several in by_fact.items() if several}
    if asking != MONTHS and _not_begun(chosen, marked, lexicon):
        chosen.pop(MONTHS, None)
    if HOME in chosen:
        chosen[HOME] = finer(chosen[HOME], counted, marked)
    _first_claim(chosen, asking)
    return sorted(chosen.values(), key=lambda c: (c.start, c.end, c.fact))


def _not_begun(chosen: Mapping[str, Candidate], marked: Marked, lexicon: Lexicon) -> bool:
    """Whether the business is still to be begun, and no licence spoken of: stretches of time are of something else."""
    stage = chosen.get(STAGE)
    return stage is not None and stage.sure and stage.value in ("idea", "preparing") and lexicon.cue("licensed", marked.text) is None


def _is_no_home(c: Candidate, marked: Marked, lexicon: Lexicon) -> bool:
    """A place that is only weighed up (老家还是太原好), or outside Shanxi and only where the registration was moved to."""
    place, before = marked.place(c.start), marked.text[: c.start + 1]
    if place is None:
        return False
    moved = not place.code.startswith(SHANXI) and lexicon.cue("moved_out", before) is not None
    return moved or lexicon.cue("not_home", before) is not None


def _one(several: Sequence[Candidate], marked: Marked, lexicon: Lexicon) -> Candidate:
    sure = [c for c in several if c.sure] or list(several)
    top = max(c.rank for c in sure)
    best = [c for c in sure if c.rank == top]
    if len(best) > 1 and lexicon.cue("corrects", marked.text):
        return max(best, key=lambda c: c.start)
    return min(best, key=lambda c: (c.start - c.end, -c.start))


def _corrected(found: Sequence[Candidate], marked: Marked, lexicon: Lexicon) -> Iterator[Candidate]:
    """三十二，写错了，二十三: what stands after the slip takes the place of what stands before it, where it says nothing else."""
    corrections = list(lexicon.all_cues("corrects", marked.text))
    if not corrections:
        return
    used = {(c.start, c.fact) for c in found if c.sure}
    for c in found:
        later = [at for at in sorted(marked.items) if c.end < at + 1 <= c.end + CORRECTED_WITHIN]
        at = later[0] if later else -1
        corrected = (
            at >= 0 and not any(start == at and fact != c.fact for start, fact in used) and any(c.end <= m.end() <= at for m in corrections)
        )
        if corrected and (other := _instead(c, at, marked)):
            yield other


def _instead(c: Candidate, at: int, marked: Marked) -> Candidate | None:
    said, meant = marked.quantity(c.start), marked.quantity(at)
    if isinstance(said, Quantity) and meant and not isinstance(c.value, bool | str) and meant.kind in (said.kind, "number") and said.value:
        scale = c.value / said.value
        low, high = (round(bound * scale) if bound != float("inf") else None for bound in (meant.low, meant.high))
        return replace(
            c, value=round(meant.value * scale), low=low, high=high, approximate=meant.approximate, start=at, end=at + 1, rank=c.rank + 1
        )
    place = marked.place(at)
    if place and marked.place(c.start):
        return replace(c, value=place.label, start=at, end=at + 1, sure=c.sure and place.certain, rank=c.rank + 1)
    return None


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
