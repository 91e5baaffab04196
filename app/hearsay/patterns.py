"""Sets of words that say the same, and rumours made of them.

A word may hold gaps: `不~还` is 不, at most eight characters of the same clause, 还. A rumour's `when` line is a list of items parted by
spaces, found in any order within one sentence: alternatives parted by |, <group> for a set of words, `@` for the names of the measure,
`#money` (share, duration, age, count, area) for a quantity, `!` before what must not be there.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from app.catalog.models import Id, Kind, Shape, Text
from app.hearsay.sayings import Sayings

Verdict = Literal["true", "outdated", "wrong", "no_such_measure", "cannot_tell"]
GAP = r"(?:\d++|(?!不会|不能|不用|不必|不许|不准|不一定)[^。！？；，,、!?;\n\d]){0,8}?"
NAME_GAP = r"(?:\d++|[^。！？；!?;\n\d]){0,8}?"
"""A number counts as one character. A gap reaches over nothing that denies (钱不能领 is no 钱~领). Names may reach over a comma."""
_SUM = re.compile(r"\d+|[0-9.一二两三四五六七八九十]+[百千万][0-9一二两三四五六七八九百千]*")
CLAUSE_END = r"(?=[^0-9a-z一-龥。！？!?；;，,、\n]*(?:$|[。！？!?；;，,、\n]))"
"""Nothing but signs up to the end of the clause."""
ABOUT = "about_"
"""How the names of groups begin that tell what is spoken of (贷款, 低保, 上学)."""
_NOTHING = re.compile(r"(?!)")
_NEGATED = re.compile(r"(?:[不没别甭未勿]|不是|并非|哪是|没有|不会|不能|不用|不必|不一定|无须|(?:没有?|不会|不能|不)[被给叫让])$")
_EITHER = re.compile(r"(.)[不没]\1$")
"""A question that leaves it open (是不是, 能不能): nothing is denied."""
_RHETORICAL = re.compile(r"不是[^。！？!?；;，,、\n]{1,14}(?:么|嘛|吗)")
"""A denial that asks for a yes (不是没有利息的么): it asserts what it seems to deny."""
_OPENS_NEGATED = ("不", "没", "别", "甭", "未", "无", "免")


class MeasureWords(Shape):
    """How people call a measure, and which words tell its figures apart."""

    called: tuple[str, ...] = ()
    cues: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """figure id -> words, one of which must be there before a number is held against the figure."""
    ignore: tuple[str, ...] = ()
    """Figures that no rumour is about."""


class RumourShape(Shape):
    """What people say, in sets of words, and what is so. `measure` may be null: nobody is given that."""

    measure: Id | None = None
    measures: tuple[Id, ...] = ()
    kinds: tuple[Kind, ...] = ()
    verdict: Verdict
    when: tuple[str, ...]
    said: tuple[str, ...] = ()
    """Wordings of it: what comes near to one of them is taken for the rumour where no pattern catches anything."""
    misheard: str | None = None
    """The `says` (zh) of the measure's own misheard line whose truth is the correction."""
    unless: tuple[str, ...] = ()
    """What makes a sentence no such rumour, whatever else it says."""
    truth: Text | None = None
    cite: Id | None = None
    until: dt.date | None = None
    """Outdated: the last day on which it was so, where that is known."""
    report: tuple[str, ...] = ()
    """Swindles: the lines to report to (knowledge/contacts.yaml)."""


class OtherShape(Shape):
    """Something that people talk of and that is no measure of the catalogue: its name, how they call it, what is so."""

    name: Text
    called: tuple[str, ...]
    verdict: Literal["wrong", "no_such_measure", "cannot_tell"] = "cannot_tell"
    truth: Text


class PointingShape(Shape):
    """Words that point at a measure under discussion without naming it, and the kinds of measures that they can mean."""

    words: tuple[str, ...] = ()
    """None: the words of `beside` alone do."""
    beside: tuple[str, ...] = ()
    """What must stand somewhere in the message besides."""
    kinds: tuple[Kind, ...] = ()
    """None: any kind."""


class HearsayShape(Shape):
    """knowledge/words/hearsay.yaml."""

    groups: dict[str, tuple[str, ...]]
    pointing: tuple[PointingShape, ...] = ()
    others: dict[Id, OtherShape] = Field(default_factory=dict)
    rumours: tuple[RumourShape, ...]


@dataclass(frozen=True)
class Item:
    """One part of a `when` line."""

    regex: Words | None
    names: bool = False
    quantity: str | None = None
    absent: bool = False


@dataclass(frozen=True)
class Rumour:
    """A rumour ready to be looked for: one of several ways of saying it must be there with all of its items."""

    number: int
    shape: RumourShape
    ways: tuple[tuple[Item, ...], ...]
    unless: Words | None = None


@dataclass(frozen=True)
class Name:
    """One name: its words for a quick look, and the whole with its gaps."""

    parts: tuple[str, ...]
    regex: Words

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the name stands in a text."""
        if all(part in text for part in self.parts):
            yield from (found.span() for found in self.regex.finditer(text))


@dataclass(frozen=True)
class Named:
    """A measure's names and cues, ready to be looked for."""

    names: tuple[Name, ...]
    cues: Mapping[str, Words]
    ignore: frozenset[str]


@dataclass(frozen=True)
class Other:
    """Something that is no measure of the catalogue, ready to be looked for."""

    id: str
    shape: OtherShape
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Pointing:
    """Words that point at a measure under discussion, ready to be looked for."""

    words: Words | None
    beside: Words | None
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Patterns:
    """Everything that knowledge/words says of rumours."""

    groups: Mapping[str, Words]
    named: Mapping[str, Named]
    rumours: tuple[Rumour, ...]
    others: Mapping[str, Other] = field(default_factory=dict)
    pointing: tuple[Pointing, ...] = ()
    sayings: Sayings = field(default_factory=Sayings)
    subjects: tuple[frozenset[str], ...] = ()
    """For each rumour what it is about: the groups named about_… of which its wordings hold a word."""
    also_true: frozenset[str] = frozenset()
    """The measures of which something that people say is true besides what is not."""

    def warm(self) -> None:
        """Makes every expression ready to search, so that nobody's first message waits for it: less than a second."""
        for words in self._all():
            words.make()

    def _all(self) -> Iterator[Words]:
        yield from self.groups.values()
        for named in self.named.values():
            yield from (name.regex for name in named.names)
            yield from named.cues.values()
        for other in self.others.values():
            yield from (name.regex for name in other.names)
        for rumour in self.rumours:
            yield from (item.regex for way in rumour.ways for item in way if item.regex)
            yield from (rumour.unless,) if rumour.unless else ()
        for pointing in self.pointing:
            yield from (words for words in (pointing.words, pointing.beside) if words)

    def bare(self, text: str) -> str:
        """A text without the words that only say that it was heard, or ask whether it is so."""
        return self.groups["tags"].sub("", self.groups["hearsay"].sub("", text))

    def subjects_of(self, text: str) -> frozenset[str]:
        """What a text is about."""
        return subjects(self.groups, text)


def subjects(groups: Mapping[str, Words], text: str) -> frozenset[str]:
    """The groups named about_… of which a text holds a word."""
    return frozenset(name for name, words in groups.items() if name.startswith(ABOUT) and words.search(text))


@dataclass(frozen=True)
class PatternError(Exception):
    """A `when` line that cannot be read."""

    what: str
    mend: str


class Words:
    """Any of some words, as a regular expression that is made when a text first holds a sign that one of them begins with: there are thousands."""

    __slots__ = ("_pattern", "_ready", "_signs")

    def __init__(self, pattern: str, signs: frozenset[str]) -> None:
        self._pattern, self._signs = pattern, signs
        self._ready: re.Pattern[str] | None = None

    def _found_in(self, text: str) -> re.Pattern[str]:
        """The expression, or one that finds nothing while nothing can be there."""
        if self._ready is None:
            return _NOTHING if self._signs.isdisjoint(text) else self.make()
        return self._ready

    def make(self) -> re.Pattern[str]:
        """The expression, made ready if it was not."""
        if self._ready is None:
            self._ready = re.compile(self._pattern)
        return self._ready

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self._found_in(text).search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self._found_in(text).match(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        return self._found_in(text).finditer(text, start, end)

    def sub(self, instead: str, text: str) -> str:
        return self._found_in(text).sub(instead, text)


NEVER = Words(_NOTHING.pattern, frozenset())
"""Words that nobody has written: found nowhere."""


def words_regex(words: Iterable[str], gap: str = GAP, tails: Iterable[str] = ()) -> Words:
    """Any of some words, the longest first, and of those that count at the end of a clause; `gap` is what ~ stands for."""
    last = {w.lower() for w in tails}
    ordered = sorted({w.lower() for w in words} | last, key=lambda w: (-len(w), w))
    signs = frozenset(next((part[0] for part in word.split("~") if part), "") for word in ordered)
    parts = (_whole(gap.join(re.escape(part) for part in word.split("~")), word) + (CLAUSE_END if word in last else "") for word in ordered)
    return Words("|".join(parts) or _NOTHING.pattern, signs)


def _whole(regex: str, word: str) -> str:
    """A sum is never part of a longer one: 2万 not of 1.2万, 两万 not of 两万五."""
    if not _SUM.fullmatch(word):
        return regex
    return rf"(?<![0-9.一二两三四五六七八九十百千万]){regex}(?![0-9一二两三四五六七八九]|[.点]\d)"


def names_of(words: Iterable[str]) -> tuple[Name, ...]:
    """The names that some words make."""
    return tuple(Name(tuple(w.lower().split("~")), words_regex((w,), NAME_GAP)) for w in dict.fromkeys(words))


def compile_way(line: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[Item, ...]:
    """A `when` line. Raises PatternError."""
    items = tuple(_item(part, groups) for part in line.split())
    if not any(item.regex is not None and not item.absent for item in items):
        raise PatternError(f"«{line}» says nothing but names and numbers", "add the words that make the rumour")
    return items


def _item(part: str, groups: Mapping[str, tuple[str, ...]]) -> Item:
    absent = part.startswith("!")
    body = part.removeprefix("!")
    if body == "@":
        return Item(None, names=True)
    if body.startswith("#"):
        return Item(None, quantity=_kind(body[1:]))
    words: list[str] = []
    for choice in body.split("|"):
        if choice.startswith(("#", "@", "!")):
            raise PatternError(f"«{choice}» stands among alternatives", "give it a line of its own")
        found = re.fullmatch(r"<([a-z_]+)>", choice)
        if found and found.group(1) not in groups:
            raise PatternError(f"there is no group «{found.group(1)}»", f"groups: {', '.join(sorted(groups))}")
        words += groups[found.group(1)] if found else [choice]
    if not all(word.strip("~") for word in words):
        raise PatternError(f"«{part}» holds an empty word", "write words parted by |")
    return Item(words_regex(words), absent=absent)


def _kind(name: str) -> str:
    if name not in ("money", "share", "duration", "age", "count", "area"):
        raise PatternError(f"there is no quantity «#{name}»", "use #money, #share, #duration, #age, #count or #area")
    return name


def rhetorical(text: str, start: int) -> bool:
    """Whether the 不是 at a place only asks for a yes (不是给补利息嘛)."""
    return text[:start][-1:] not in ("是", "又", "也") and _RHETORICAL.match(text, start) is not None


_TAKES_BACK = re.compile(
    r"(?<!会)不会|(?<!能)不能(?!不)|(?<![是又也])不是(?!不)|不许|不得|不准|并不|不至于|不一定|不等于|不可以|别信|甭信|不影响|不用担心"
)


def taken_back(text: str, start: int, words: Iterable[tuple[int, int]]) -> bool:
    """Whether a clause that begins at `start` denies what its words say before the last of them (村里不能把地收走)."""
    spans = sorted(words)
    last = spans[-1][1]
    denials = (m.span() for m in _TAKES_BACK.finditer(text, start, last) if not rhetorical(text, m.start()))
    return any(not any(a < to and at < b for a, b in spans) for at, to in denials)


def negated(text: str, start: int, word: str) -> bool:
    """Whether what is said before a word takes it back (不用交 takes back 用交; words that begin with a no carry it themselves)."""
    before = _EITHER.sub("", text[max(0, start - 3) : start])
    if re.search(r"(?:不是|并非|哪是|不是说)$", before):
        return True
    return not word.startswith(_OPENS_NEGATED) and _NEGATED.search(before) is not None
