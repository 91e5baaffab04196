"""What a message supposes to be so (要是我养羊呢, 假如我办了执照): its words alone, to be heard as if they were told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.understanding.heard import Heard
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.normalise import Normalised
from app.understanding.scope import Scope

BLANK = "。"
STAGE, NEEDS = "business_stage", "needs."


def only_supposed(plain: Normalised, marked: Marked, scope: Scope, lexicon: Lexicon) -> Normalised:
    """The message with everything blank but what is supposed, and its if; each sign where it was."""
    keep = {i for at in scope.what_if for i in range(*marked.span(at, at + 1))}
    for match in (*lexicon.all_cues("what_if", marked.text), *lexicon.all_cues("what_if_asks", marked.text)):
        keep -= set(range(*marked.span(match.start(), match.end())))
    return replace(plain, text="".join(sign if at in keep else BLANK for at, sign in enumerate(plain.text)))


def supposable(heard: Iterable[Heard]) -> tuple[Heard, ...]:
    """Without the help that is asked for, and without the stage that only the naming of a trade shows: that one stays as it is."""
    heard = list(heard)
    trades = {(h.start, h.end) for h in heard if h.fact == "sector"}
    return tuple(h for h in heard if not h.fact.startswith(NEEDS) and not (h.fact == STAGE and (h.start, h.end) in trades))
