"""The rules of the word files, applied to a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from app.understanding.candidates import Candidate, in_range, measured
from app.understanding.lexicon import Lexicon, Rule, RuleShape
from app.understanding.marked import Marked
from app.understanding.patterns import MARK, Pattern
from app.understanding.placenames import HOME
from app.understanding.scope import CHILD, SELF, Scope

CHOSEN = ("enum", "set")
"""Facts whose replies are words that may stand for something else as well."""
_NOT = re.compile(r"(?:不是|没有|没|不|并非|未|没去|不算|哪有|哪是|从不|没人|不用|不想|别|甭)(?:在|去|有|个|什么|啥|把|再|给|要|我|过)?$")
_NOT_NOT = re.compile(
    r"(?:不是|谁说|不能|哪能|怎么会|咋能|没有)[^，。？]{0,4}(?:没有|没|不)(?:在|去|有|再)?$|没少$|不光(?:是)?$|(?:要不要|想不想|该不该)$|不只(?:是)?$|差点没$|能不$|要不$|得不$|是不$"
)


def heard_by_rules(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str | None) -> Iterator[Candidate]:
    """Every fact that a rule finds, wrong and doubled ones included."""
    for rule, pattern in lexicon.patterns_for(marked.text):
        if not rule.shape.asked or asking in rule.shape.asked:
            yield from _matches(rule, pattern, marked, scope, lexicon)


def _matches(rule: Rule, pattern: Pattern, marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    for match in pattern.finditer(marked.text):
        shape = rule.shape
        if not shape.anyway and scope.unreal(match.start(), match.end()):
            continue
        if is_open_question(marked.text, match.start()):
            continue
        if not _whose(shape.who, match, scope) or any(u.search(marked.text) for u in rule.unless):
            continue
        if rule.given and not any(g.search(marked.text) for g in rule.given):
            continue
        found = _candidate(rule, match, marked, lexicon)
        if found is not None:
            yield replace(found, sure=False) if shape.asked and _tells_else(found.fact, match, marked.text, lexicon) else found


def _tells_else(fact: str, match: re.Match[str], text: str, lexicon: Lexicon) -> bool:
    """Whether the clause of a word that would be a reply tells of something else: 公司欠我工资 names no form of business."""
    name = fact.partition(".")[0]
    known = lexicon.facts.get(name)
    if (known is not None and known.type not in CHOSEN) or name in lexicon.words.get("told_through_others", ()):
        return False
    start = max((text.rfind(mark, 0, match.start()) for mark in MARK), default=-1) + 1
    ends = [at for mark in MARK if (at := text.find(mark, match.end())) >= 0]
    return lexicon.cue("tells_else", text[start : min(ends, default=len(text))]) is not None


def _whose(who: str, match: re.Match[str], scope: Scope) -> bool:
    if who == "any":
        return True
    wanted = CHILD if who == "child" else SELF
    owners = {scope.at(match.start()), scope.at(max(match.end() - 1, match.start()))}
    return wanted in owners and (who == "child" or owners <= {SELF})


def is_open_question(text: str, start: int) -> bool:
    """Whether the words begin with the denial of a question that leaves it open: 招不招人."""
    return start > 0 and text[start : start + 2] == f"不{text[start - 1]}"


def denied(text: str, start: int) -> bool:
    """Whether a negation stands just before; a double one is none, nor is that of a question that leaves it open."""
    if text[start - 1 : start] == "不" and text[start - 2 : start - 1] == text[start : start + 1]:
        return False
    before = text[max(0, start - 8) : start]
    cut = max((before.rfind(m) for m in MARK), default=-1)
    before = before[cut + 1 :]
    return bool(_NOT.search(before)) and not _NOT_NOT.search(before)


def _candidate(rule: Rule, match: re.Match[str], marked: Marked, lexicon: Lexicon) -> Candidate | None:
    shape = rule.shape
    is_denied = shape.denied != "keep" and denied(marked.text, match.start())
    flips = isinstance(shape.is_, bool) and shape.denied in ("auto", "flip")
    if is_denied and not flips:
        return None
    if shape.is_ is not None:
        value = (not shape.is_) if is_denied else shape.is_
        return Candidate(shape.fact, value, match.start(), match.end(), sure=shape.sure, rank=shape.rank)
    if "p" in match.groupdict():
        return _place(shape, match, marked)
    return _quantity(rule, match, marked, lexicon)


def _place(shape: RuleShape, match: re.Match[str], marked: Marked) -> Candidate | None:
    mention = marked.place(match.start("p"))
    if mention is None or shape.outside is mention.code.startswith(HOME):
        return None
    within = marked.place(match.end("p"))
    if within is not None and within.code.startswith(mention.code) and len(within.code) > len(mention.code):
        mention = within
    return Candidate(shape.fact, mention.label, match.start("p"), match.end("p"), sure=shape.sure and mention.certain, rank=shape.rank)


def _quantity(rule: Rule, match: re.Match[str], marked: Marked, lexicon: Lexicon) -> Candidate | None:
    quantity = marked.quantity(match.start("q")) if match.group("q") else None
    shape = rule.shape
    if quantity is None or (shape.units and (quantity.unit or "") not in shape.units):
        return None
    fact = lexicon.facts[shape.fact]
    value, low, high, vague = measured(fact, quantity, shape.scale, shape.add)
    if not in_range(fact, value) or (shape.within and not shape.within[0] <= value <= shape.within[1]):
        return None
    return Candidate(shape.fact, value, match.start("q"), match.end("q"), low, high, vague, shape.sure, shape.rank)
