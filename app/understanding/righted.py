"""Not this but that (不是柳林，是临县; 店不在柳林，在临县; 说错了，是临县): what is denied is left out, and what takes its place is heard in its stead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.understanding.heard import Heard
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.normalise import Normalised
from app.understanding.scope import Scope

Span = tuple[int, int]
BLANK = " "


def denials(marked: Marked, scope: Scope, lexicon: Lexicon) -> list[Span]:
    """The spans of the plain text that are put right by what follows, or stood before: 不是柳林，是."""
    found = [m for m in lexicon.all_cues("not_this_but", marked.text) if not scope.unreal(*m.span("gone"))]
    return sorted({marked.span(*m.span("gone")) for m in found})


def without(plain: Normalised, spans: Sequence[Span]) -> Normalised:
    """The message with the spans blank; each sign where it was."""
    gone = {i for span in spans for i in range(*span)}
    return replace(plain, text="".join(BLANK if at in gone else sign for at, sign in enumerate(plain.text)))


def put_right(facts: Sequence[Heard], righted: Sequence[Heard], spans: Sequence[Span]) -> tuple[Heard, ...]:
    """What is heard without the denied words, and of the whole message what else it states: a no, or what stands beside the denial. Spans of the raw text."""
    said = {h.fact: h for h in righted if h.certainty == "stated"}
    kept = [h for h in facts if h.fact not in said and (h.value is False or not any(a <= h.start < b for a, b in spans))]
    known = {h.fact for h in kept} | said.keys()
    guessed = [h for h in righted if h.fact not in known]
    return tuple(sorted((*kept, *said.values(), *guessed), key=lambda h: (h.start, h.end, h.fact)))
