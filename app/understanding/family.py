"""Children: how many there are, and how far each is at school."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.scope import CHILD, ELDER, SELF, Scope

COUNT = "children_count"
STAGES = ("under_3", "preschool", "primary", "junior_middle", "senior_middle", "vocational", "university")
MOST = 9
"""Children that one person can plausibly mean by "three" or "five"; more are pupils or somebody else's."""
OLD, OLDEST = 70, 105
"""Ages at which parents are old enough to need somebody; no age is above the second."""
NEAR = 12
"""Signs before a stage that tell whose it is."""
_CUT = re.compile(r".*[，。？]")


def family_facts(marked: Marked, scope: Scope, lexicon: Lexicon) -> list[Candidate]:
    """What the children named, their school years and their ages tell; and parents of a great age."""
    stages = list(_stages(marked, scope, lexicon))
    ages = [c for c in _aged(marked, scope, lexicon) if not any(_same_child(c, s, marked, lexicon) for s in stages)]
    return [*stages, *ages, *_counted(marked, scope, lexicon), *_aged_parents(marked, scope, lexicon)]


def _aged_parents(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """Parents of a great age are to be looked after, unless they are said to be well."""
    if lexicon.cue("elder_fine", marked.text):
        return
    for at in sorted(marked.items):
        quantity = marked.quantity(at)
        if quantity is None or scope.at(at) != ELDER or scope.unreal(at, at + 1) or not OLD <= quantity.value <= OLDEST:
            continue
        if quantity.kind == "age" or (quantity.kind == "number" and marked.text[at + 1 : at + 2] in ("了", "的", "多")):
            yield Candidate("supports_elderly", True, at, at + 1)


def _same_child(age: Candidate, stage: Candidate, marked: Marked, lexicon: Lexicon) -> bool:
    """Whether an age and a school year stand together: 四岁，上幼儿园."""
    first, last = sorted((age, stage), key=lambda c: c.start)
    between = marked.text[first.end : last.start]
    return len(between) <= 8 and "。" not in between and lexicon.cue("child", between) is None


def _stages(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    for match in lexicon.all_cues("newborn", marked.text):
        if not scope.unreal(match.start(), match.end()) and scope.at(match.start()) in (SELF, CHILD):
            yield Candidate("child_stages.under_3", True, match.start(), match.end())
    taken: set[int] = set()
    for option in ("vocational", "preschool", "under_3", "primary", "junior_middle", "senior_middle", "university"):
        for match in lexicon.all_cues(f"stage_{option}", marked.text):
            span = set(range(match.start(), match.end()))
            if taken & span or not _of_a_child(option, match, marked, scope, lexicon):
                continue
            taken |= span
            before = _CUT.sub("", marked.text[max(0, match.start() - NEAR) : match.start()])
            ahead = _ahead(match.start() - len(before), before, marked, lexicon) and match.group() not in ("中考", "高考")
            yield Candidate(f"child_stages.{option}", True, match.start(), match.end(), sure=not ahead)


def _ahead(at: int, before: str, marked: Marked, lexicon: Lexicon) -> bool:
    """Whether the words before a stage, which begin at a sign, put it into the future."""
    dates = [q for n in range(len(before)) if (q := marked.quantity(at + n)) and q.kind == "date"]
    return lexicon.cue("stage_ahead", before) is not None or bool(dates and dates[-1].high < 0)


def _of_a_child(option: str, match: re.Match[str], marked: Marked, scope: Scope, lexicon: Lexicon) -> bool:
    """Whether a child of the speaker is at that stage now."""
    start, end, text = match.start(), match.end(), marked.text
    before = _CUT.sub("", text[max(0, start - NEAR) : start])
    if (
        scope.unreal(start, end)
        or lexicon.cue("stage_over", text[end : end + 8])
        or (option != "under_3" and lexicon.cue("stage_not", before))
    ):
        return False
    owner = scope.at(start)
    if owner == CHILD:
        return True
    pupil = text[end : end + 1] == "生" and lexicon.cue("keeps_child", before) is None
    mine = (lexicon.cue("child_before", before) is not None and not pupil) or lexicon.cue("child_after", text[end : end + 6]) is not None
    return owner == SELF and mine


def _aged(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    for at in sorted(marked.items):
        quantity = marked.quantity(at)
        if quantity is None or quantity.kind not in ("age", "duration", "number") or scope.unreal(at, at + 1):
            continue
        after = marked.text[at + 1 : at + 7]
        before = marked.text[max(0, at - 6) : at]
        told = bool(lexicon.cue("child_named", before)) and scope.at(at) == SELF
        told = told or (after.startswith("的") and bool(lexicon.cue("child_aged", before) or lexicon.cue("child_after", after)))
        if scope.at(at) != CHILD and not told:
            continue
        if quantity.kind == "number" and (not quantity.value or not lexicon.cue("child_age_bare", marked.text[max(0, at - 2) : at + 2])):
            continue
        if quantity.kind == "duration" and not _is_age(at, quantity.value, marked, lexicon):
            continue
        if lexicon.cue("age_past", marked.text[at + 1 : at + 5]) or lexicon.cue("age_then", marked.text[max(0, at - NEAR) : at]):
            continue
        years = quantity.value / 12 if quantity.kind == "duration" else quantity.value
        scale = 12 if quantity.kind == "duration" else 1
        bounds = {_stage(bound / scale) for bound in (quantity.low, quantity.high)}
        if stage := _stage(years):
            yield Candidate(f"child_stages.{stage[0]}", True, at, at + 1, sure=stage[1] and len(bounds) == 1)


def _is_age(at: int, months: float, marked: Marked, lexicon: Lexicon) -> bool:
    if lexicon.cue("child_looked_after", marked.text[max(0, at - NEAR) : at]):
        return False
    return months < 36 and lexicon.cue("child_age_months", marked.text[max(0, at - 2) : at + 4]) is not None


def _stage(years: float) -> tuple[str, bool] | None:
    """The stage of a child of an age, and whether there is no other."""
    stages = ((3, "under_3", True), (6, "preschool", True), (7, "primary", False), (12, "primary", True), (13, "junior_middle", False), (15, "junior_middle", True), (18, "senior_middle", False))  # fmt: skip
    return next(((stage, sure) for below, stage, sure in stages if years < below), None)


def _counted(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    yield from _all(marked, scope, lexicon)
    yield from _by_kind(marked, scope, lexicon)
    yield from _by_rank(marked, scope, lexicon)
    yield from _series(marked, scope, lexicon)


def _real(matches: Iterator[re.Match[str]], scope: Scope) -> list[re.Match[str]]:
    """Matches that are about the speaker's own family, and true."""
    mine = [
        m
        for m in matches
        if not scope.unreal(m.start(), m.end()) and scope.at(m.end() - 1) in (SELF, CHILD) and scope.at(m.start()) in (SELF, CHILD)
    ]
    return sorted(mine, key=lambda m: m.start())


def _all(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """三个娃, 娃有俩; the largest group is all of them. None where the person says so."""
    if none := _real(lexicon.all_cues("children_none", marked.text), scope):
        yield Candidate(COUNT, 0, none[0].start(), none[0].end(), rank=4)
    found: list[Candidate] = []
    for match in _real(lexicon.all_cues("children_all", marked.text), scope):
        size = _size(match, marked)
        if size and not lexicon.cue("not_my_children", marked.text[max(0, match.start() - 8) : match.end() + 8]):
            found.append(Candidate(COUNT, size, match.start("q"), match.end("q"), rank=4))
    if found:
        yield max(found, key=lambda c: (c.value, c.start)) if not lexicon.cue("corrects", marked.text) else found[-1]


def _size(match: re.Match[str], marked: Marked) -> int:
    quantity = marked.quantity(match.start("q"))
    return round(quantity.value) if quantity and quantity.value <= MOST and quantity.low == quantity.high else 0


def _by_kind(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """俩小子一个闺女: sons and daughters are added up; a single one counts only where it is said to be the only one."""
    found: dict[int, tuple[int, re.Match[str]]] = {}
    for match in _real(lexicon.all_cues("children_by_kind", marked.text), scope):
        if (size := _size(match, marked)) and not lexicon.cue("hired_young", marked.text[max(0, match.start() - 8) : match.start()]):
            found.setdefault(match.start("q"), (size, match))
    total = sum(size for size, _ in found.values())
    matches = [m for _, m in found.values()]
    lonely = _real(lexicon.all_cues("children_lonely", marked.text), scope)
    single = _real(lexicon.all_cues("child_single", marked.text), scope)
    each = _real(lexicon.all_cues("child_each", marked.text), scope)
    if 1 <= total <= MOST:
        yield Candidate(COUNT, total, matches[0].start(), matches[-1].end(), rank=3)
    elif lonely and (size := _size(lonely[0], marked)):
        yield Candidate(COUNT, size, lonely[0].start("q"), lonely[0].end("q"), rank=3)
    elif each and not total:
        told = {c.start for c in (*_stages(marked, scope, lexicon), *_aged(marked, scope, lexicon))}
        yield Candidate(COUNT, 2, each[0].start(), each[0].end(), sure=len(told) > 1)
    elif single:
        yield Candidate(COUNT, 1, single[0].start(), single[0].end(), rank=3)


def _by_rank(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """老大…老二…小的…: as many children as ranks are named."""
    unborn = list(lexicon.all_cues("child_unborn", marked.text))
    for size in (4, 3, 2):
        for match in _real(lexicon.all_cues(f"child_rank_{size}", marked.text), scope):
            expected = any(u.start() < match.end() and match.start() < u.end() for u in unborn)
            if expected and lexicon.cue("children_wished", marked.text):
                continue
            yield Candidate(COUNT, size - expected, match.start(), match.end(), rank=2)
            return


def _series(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """一个高三一个初二, 俩上小学一个上高中: as many children as are told apart."""
    found = _real(lexicon.all_cues("child_series", marked.text), scope)
    sizes = [quantity.value if (quantity := marked.quantity(m.start())) else 1 for m in found]
    if len(found) > 1 and sum(sizes) <= MOST:
        yield Candidate(COUNT, round(sum(sizes)), found[0].start(), found[-1].end(), rank=1 if max(sizes) <= 1 else 5)
