"""Children: how many there are, and how old ones are at school."""

from __future__ import annotations

from collections.abc import Iterator

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.patterns import KINDS
from app.understanding.scope import CHILD, Scope

COUNT = "children_count"


def family_facts(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """What counting the children named, and their ages, tell."""
    yield from _counted(marked, scope, lexicon)
    yield from _ranked(marked, scope, lexicon)
    yield from _aged(marked, scope, lexicon)


def _counted(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """俩小子一个闺女: sons and daughters are added up; 三个娃 counts all."""
    for name, rank in (("children_all", 3), ("children_by_kind", 2)):
        matches = [m for m in lexicon.all_cues(name, marked.text) if not scope.unreal(m.start(), m.end()) and scope.at(m.start()) in ("self", CHILD)]
        sizes = [q.value for m in matches if (q := marked.quantity(m.start("q")))]
        if sizes:
            total = sum(sizes) if name == "children_by_kind" else sizes[0]
            if total <= 12 and (name == "children_all" or len(sizes) > 1 or lexicon.cue("children_only", marked.text)):
                yield Candidate(COUNT, round(total), matches[0].start(), matches[-1].end(), rank=rank)


def _ranked(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """老大…老二…小的…: as many children as ranks are named."""
    found = {size: m for size in (3, 2) for m in lexicon.all_cues(f"child_rank_{size}", marked.text) if not scope.unreal(m.start(), m.end())}
    for size in (3, 2):
        if size in found:
            yield Candidate(COUNT, size, found[size].start(), found[size].end(), rank=1)
            return


def _aged(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    for at, sign in enumerate(marked.text):
        quantity = marked.quantity(at) if sign in (KINDS["A"], KINDS["D"], KINDS["N"]) else None
        if quantity is None or scope.at(at) != CHILD or scope.unreal(at, at + 1):
            continue
        if quantity.kind == "number" and not lexicon.cue("child_age_bare", marked.text[max(0, at - 3) : at + 3]):
            continue
        years = quantity.value / 12 if quantity.kind == "duration" else quantity.value
        if quantity.kind == "duration" and not lexicon.cue("child_age_months", marked.text[max(0, at - 2) : at + 4]):
            continue
        if stage := _stage(years):
            yield Candidate(f"child_stages.{stage[0]}", True, at, at + 1, sure=stage[1])


def _stage(years: float) -> tuple[str, bool] | None:
    """The stage of a child of an age, and whether there is no other."""
    for below, stage, sure in ((3, "under_3", True), (6, "preschool", True), (7, "primary", False), (12, "primary", True), (13, "junior_middle", False), (15, "junior_middle", True), (18, "senior_middle", False)):  # fmt: skip
        if years < below:
            return stage, sure
    return None
