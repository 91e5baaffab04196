"""Whose matter each part of a message is, and what of it is only supposed or said by others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked

SELF, CHILD, ELDER, OTHER = "self", "child", "elder", "other"
LEAVES = 0
"""Rank of a turn that counts only after a child."""
_END = re.compile(r"[。？]")


@dataclass(frozen=True)
class Scope:
    """For each sign of the marked text: whose it is, and whether it is supposed (`what_if`) or said by others (`hearsay`)."""

    owner: tuple[str, ...]
    what_if: frozenset[int]
    hearsay: frozenset[int]

    def at(self, start: int) -> str:
        """Whose the sign at `start` is."""
        return self.owner[start] if start < len(self.owner) else SELF

    def unreal(self, start: int, end: int) -> bool:
        """Whether some of the span is supposed or hearsay."""
        span = range(start, end)
        return any(i in self.what_if or i in self.hearsay for i in span)


def scope_of(marked: Marked, lexicon: Lexicon, asking: str | None = None) -> Scope:
    """The scopes of a message. What nobody is named for is the speaker's, in reply to a question about children theirs."""
    first = CHILD if asking and asking.partition(".")[0] in ("child_stages", "children_count") else SELF
    return Scope(tuple(_owners(marked.text, lexicon, first)), _supposed(marked.text, lexicon), _hearsay(marked.text, lexicon))


def _owners(text: str, lexicon: Lexicon, first: str) -> list[str]:
    owners = [first] * len(text)
    turns: list[tuple[int, int, str]] = [(m.start(), 2, first) for m in _END.finditer(text)]
    taken: set[int] = set()
    for name, owner in (
        ("theirs", OTHER),
        ("others_child", OTHER),
        ("object_kin", ""),
        ("object_me", ""),
        ("self_kin", SELF),
        ("child", CHILD),
        ("elder", ELDER),
        ("other", OTHER),
        ("self", SELF),
        ("wish", "" if lexicon.cue("story", text) or lexicon.cue("asked_by", text) else SELF),
    ):
        for match in lexicon.all_cues(name, text):
            if name != "wish" and taken & set(range(match.start(), match.end())):
                continue
            taken |= set(range(match.start(), match.end()))
            if owner:
                turns.append((match.start(), 1, owner))
    turns += _children_leave(text, lexicon, taken) if first == SELF else ()
    last = first
    at = 0
    for start, rank, owner in sorted(turns):
        if rank == LEAVES and last not in (CHILD, ELDER):
            continue
        owners[at:start] = [last] * (start - at)
        last, at = owner, start
    owners[at:] = [last] * (len(text) - at)
    return owners


def _children_leave(text: str, lexicon: Lexicon, taken: set[int]) -> Iterator[tuple[int, int, str]]:
    """At a comma the matter of a child or of old people ends, unless what comes is of the kind that goes on; and one just named as an object may go on there."""
    for mark in re.finditer("，", text):
        rest = text[mark.end() :]
        if (
            mark.start() - 1 in taken
            and lexicon.cue("child_stage_next", rest)
            and lexicon.cue("child", text[max(0, mark.start() - 4) : mark.start()])
        ):
            yield mark.start(), 1, CHILD
        elif not lexicon.cue("child_goes_on", rest) and not lexicon.cue("elder_goes_on", rest):
            yield mark.start(), LEAVES, SELF


def _supposed(text: str, lexicon: Lexicon) -> frozenset[int]:
    found: set[int] = set()
    for match in lexicon.all_cues("what_if", text):
        end = _END.search(text, match.end())
        found |= set(range(match.start(), end.start() if end else len(text)))
    return frozenset(found)


def _hearsay(text: str, lexicon: Lexicon) -> frozenset[int]:
    found: set[int] = set()
    for match in lexicon.all_cues("hearsay", text):
        end = next(iter(sorted(m.start() for m in lexicon.all_cues("hearsay_ends", text) if m.start() >= match.end())), len(text))
        found |= set(range(match.start(), end))
    return frozenset(found)
