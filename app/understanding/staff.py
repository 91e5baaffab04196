"""How many people work for the speaker, how many of them policy names, and how many founded the business together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.quantities import Quantity
from app.understanding.scope import SELF, Scope

EMPLOYEES, KEY_GROUP, PARTNERS = "employees", "key_group_employees", "partners"
MOST = 2_000
"""More people than this are not meant."""
_MARKS = "，。？"


def staff_facts(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> Iterator[Candidate]:
    """Employees, employees of named groups, and partners."""
    hired = _hired(marked, scope, lexicon, asking)
    if hired and _no_more(hired[0], marked, lexicon):
        hired = []
    yield from hired
    if not hired:
        yield from _nobody(marked, scope, lexicon, asking)
    yield from _key_group(marked, scope, lexicon, asking, hired)
    yield from _partners(marked, scope, lexicon, asking)


def _counts(name: str, marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[tuple[re.Match[str], Quantity]]:
    """The real counts of the speaker's own that a cue finds."""
    for match in lexicon.all_cues(name, marked.text):
        quantity = marked.quantity(match.start("q"))
        signs = (match.start("q"), match.end() - 1, *((match.start(),) if name == "partners_all" else ()))
        own = SELF in map(scope.at, signs)
        if own and quantity and quantity.value <= MOST and not scope.unreal(match.start(), match.end()):
            yield match, quantity


def _hired(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> list[Candidate]:
    if changed := _changed(marked, scope, lexicon, asking):
        return [changed]
    found: list[Candidate] = []
    steady = list(_counts("staff_steady", marked, scope, lexicon)) if asking == EMPLOYEES else []
    for match, quantity in sorted(steady or _counts("staff_hired", marked, scope, lexicon), key=lambda pair: pair[0].start("q")):
        if lexicon.cue("staff_not_meant", _clause_before(marked.text, match.start())) and not lexicon.cue("staff_is_hired", match.group()):
            continue
        start = match.start("q")
        several = [quantity, *_more(marked, scope, lexicon, match.end())]
        own = 1 if lexicon.cue("staff_with_me", match.group()) and quantity.value > 1 else 0
        value, low, high = (sum(getattr(q, part) for q in several) - own for part in ("value", "low", "high"))
        found.append(Candidate(EMPLOYEES, round(value), start, match.end(), low, high, low != high, rank=6 if asking == EMPLOYEES else 3))
    whole = [c for c in found if lexicon.cue("staff_in_all", marked.text[max(0, c.start - 4) : c.start])]
    posts = _posts(marked, scope, lexicon)
    if posts and not whole and all(posts.start <= c.start < posts.end for c in found):
        return [posts]
    return whole[:1] or found[:1] or list(_one(marked, scope, lexicon))


def _changed(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> Candidate | None:
    """How many are left of those there were, where no count of today is given: 原来十四个，走了仨又招了一个."""
    text = marked.text
    once = next(_counts("staff_once", marked, scope, lexicon), None)
    named = asking == EMPLOYEES or (lexicon.cue("staff_word", text) and not lexicon.cue("staff_not_word", text))
    if once is None or not named or lexicon.cue("staff_now", text):
        return None
    left, joined = (
        [(m, q) for m, q in _counts(name, marked, scope, lexicon) if m.start("q") > once[0].start("q")]
        for name in ("staff_left", "staff_joined")
    )
    several = [q for _, q in (once, *left, *joined)]
    value = round(once[1].value - sum(q.value for _, q in left) + sum(q.value for _, q in joined))
    if not left or value < 0 or any(q.low != q.high for q in several):
        return None
    end = max(m.end() for m, _ in (once, *left, *joined))
    return Candidate(EMPLOYEES, value, once[0].start("q"), end, value, value, rank=7 if asking == EMPLOYEES else 4)


def _posts(marked: Marked, scope: Scope, lexicon: Lexicon) -> Candidate | None:
    """So many of one post and so many of others: 护工八个厨师一个."""
    found = sorted(_counts("staff_post", marked, scope, lexicon), key=lambda pair: pair[0].start())
    if len(found) < 2:
        return None
    value, low, high = (sum(getattr(q, part) for _, q in found) for part in ("value", "low", "high"))
    return Candidate(EMPLOYEES, round(value), found[0][0].start(), found[-1][0].end(), low, high, low != high, rank=3)


def _no_more(hired: Candidate, marked: Marked, lexicon: Lexicon) -> bool:
    """Whether those hired are told to be there no longer: 去年雇了俩，今年没雇."""
    return any(m.start() >= hired.end for m in lexicon.all_cues("staff_no_more", marked.text))


def _one(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """雇了个小妹: one, without a number."""
    for match in lexicon.all_cues("staff_one", marked.text):
        if scope.at(match.start()) == SELF and not scope.unreal(match.start(), match.end()):
            yield Candidate(EMPLOYEES, 1, match.start(), match.end(), 1, 1, rank=2)
            return


def _more(marked: Marked, scope: Scope, lexicon: Lexicon, end: int) -> Iterator[Quantity]:
    """雇了俩脱贫户三个普通村民: what stands behind the first count in the same clause is added."""
    stop = min((i for m in _MARKS if (i := marked.text.find(m, end)) >= 0), default=len(marked.text))
    for match, quantity in _counts("staff_more", marked, scope, lexicon):
        between = marked.text[end : match.start()]
        if end <= match.start() and match.end() <= stop and len(between) <= 8 and not lexicon.cue("staff_not_more", between):
            yield quantity
            end = match.end()


def _nobody(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> Iterator[Candidate]:
    for match in lexicon.all_cues("staff_none", marked.text):
        own = scope.at(match.start()) == SELF and not scope.unreal(match.start(), match.end())
        if lexicon.cue("staff_none_denied", marked.text[max(0, match.start() - 5) : match.start()]):
            continue
        count = marked.quantity(match.start("q")) if "q" in match.groupdict() else None
        if count and count.value != 1:
            continue
        if own and (asking == EMPLOYEES or lexicon.cue("staff_matters", marked.text)):
            yield Candidate(EMPLOYEES, 0, match.start(), match.end(), 0, 0, rank=6 if asking == EMPLOYEES else 2)


def _key_group(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None, hired: list[Candidate]) -> Iterator[Candidate]:
    if not (hired or asking in (KEY_GROUP, EMPLOYEES) or lexicon.cue("staff_matters", marked.text)):
        return
    found = {match.start("q"): (match, q) for match, q in _counts("staff_key_group", marked, scope, lexicon)}
    several = [
        pair for _, pair in sorted(found.items()) if not lexicon.cue("staff_not_meant", _clause_before(marked.text, pair[0].start()))
    ]
    if not several and hired and lexicon.cue("staff_all_key", marked.text):
        yield replace(hired[0], fact=KEY_GROUP)
    if several:
        value, low, high = (sum(getattr(q, part) for _, q in several) for part in ("value", "low", "high"))
        yield Candidate(KEY_GROUP, round(value), several[0][0].start(), several[-1][0].end(), low, high, low != high, rank=6)


def _partners(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> Iterator[Candidate]:
    if asking == PARTNERS:
        last = list(_counts("partners_asked", marked, scope, lexicon))[-1:]
        yield from (
            Candidate(PARTNERS, round(q.value), m.start(), m.end(), q.low, q.high, q.low != q.high, rank=6) for m, q in last if q.value >= 1
        )
    for name, more, rank in (("partners_all", 0, 4), ("partners_others", 1, 3)):
        for match, quantity in _counts(name, marked, scope, lexicon):
            if quantity.value + more >= 1 and not lexicon.cue("partners_past", _clause_before(marked.text, match.start("q"))):
                low, high = quantity.low + more, quantity.high + more
                yield Candidate(PARTNERS, round(quantity.value) + more, match.start(), match.end(), low, high, low != high, rank=rank)
    for name, value in (("partners_one_other", 2), ("partners_alone", 1)):
        for match in lexicon.all_cues(name, marked.text):
            own = scope.at(match.start()) == SELF and not scope.unreal(match.start(), match.end())
            if own and not lexicon.cue("partners_past", _clause_before(marked.text, match.end())):
                yield Candidate(
                    PARTNERS, value, match.start(), match.end(), value, value, rank=5 if lexicon.cue("partners_left", marked.text) else 2
                )


def _clause_before(text: str, at: int) -> str:
    return text[max(text.rfind(mark, 0, at) for mark in _MARKS) + 1 : at]
