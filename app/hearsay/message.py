"""A message laid out for the check: folded characters with their origin, sentences, clauses, quantities, places, measures named."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.catalog import Catalog
from app.hearsay.patterns import Patterns, Words
from app.understanding.quantities import Quantity, quantities

LONGEST = 2_000
"""Characters of a message that are looked at."""
SHANXI = "14"
_BELOW = re.compile(r"以下|以里|往下|朝下|不满|不到|未满|没满|不够|小于")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_LEADS = re.compile(r"[ 嗯哎诶唉啊哦]*(?:那个|这个)?[ ,，]*")
"""What people say before they begin."""
_EARNS = re.compile(r"挣|赚|收入|流水|欠|花了|借了|卖了")
"""Words of people's own sums."""
_WORKED = re.compile(r"[种养干做开住待]了?$|打工|干活|受苦")
"""Words before the years of people's own work."""
_MOVED = re.compile(r"(?:搬|住)[^，,。！？]{0,6}$")
"""Words before the years that somebody has lived elsewhere (搬下来五年了)."""
_OUR_PROVINCE = re.compile(r"咱省|我省|本省|咱们省|省里")
_TELLER = re.compile(r"[一-龥]{0,9}?(?:说|讲|告诉)(?:我|俺|额|咱)?[哩过是]?")
"""Who told it, at the head of a clause."""
_EITHER = re.compile(r"(.)[不没]\1")
_DENIES = re.compile(r"[不没无非甭]")
MOST_LEFT = 4
"""Characters of a claim's own clauses that may stay not understood before it is no longer called true."""
_CLAUSE = re.compile(r"[^。！？!?；;\n，,、：:（）()]+")
_PERIODS = (("month", r"每月|月月|一个?月|按月|个月"), ("quarter", r"季度|按季|一季"), ("year", r"每年|一年|年年|全年|按年|年"), ("day", r"每天|一天|天天|按天|每日"),
    ("hour", r"小时|钟头|一节课"), ("mu", r"亩"), ("head", r"每头|每只|一头|一只|一口"))  # fmt: skip


@dataclass(frozen=True)
class Span:
    start: int
    end: int

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Mention(Span):
    """A measure named."""

    measure: str

    @property
    def length(self) -> int:
        return self.end - self.start


_IN_UNITS = re.compile(
    r"((?:贷|借|批|给|弄|封顶|顶天|最多|最高)[^，。！？,?!]{0,6}?[一二两三四五六七八九十百\d]+)个(?=w|[，。！？、,?!]|$|吧|呢|钱| )"
)
_BORROWED = re.compile(r"贷|借|款")


_LETTERS = re.compile(r"(?<=[几数好多十百一二两三四五六七八九\d])(?:w|k)(?![a-z0-9])")


def _in_full(text: str) -> str:
    """Sums that people say in units of ten thousand (贷五十个) or write with a letter (3w, 5k) with their unit; as long as before."""
    text = _LETTERS.sub(lambda found: "万" if found.group() == "w" else "千", text)
    return _IN_UNITS.sub(r"\1万", text) if _BORROWED.search(text) else text


class Message:
    """One message. Offsets are those of `text`, the normalised text; `quote` gives the words as sent."""

    def __init__(self, raw: str, patterns: Patterns, catalog: Catalog, as_of: dt.date, about: Sequence[str] = ()) -> None:
        self.raw, self.patterns, self.catalog, self.as_of = raw[:LONGEST], patterns, catalog, as_of
        self.about = tuple(catalog.entries[name] for name in about if name in catalog.entries)
        self.discussed: str | None = None
        """The measure under discussion that the words point at; known once `mentions` has been asked for."""
        self._seen: dict[tuple[Words, Span], tuple[Span, ...]] = {}
        self._subjects: dict[Span, frozenset[str]] = {}
        folded = [(c, n) for n, one in enumerate(self.raw) for c in unicodedata.normalize("NFKC", one).lower()]
        self.text, self.origin = _in_full("".join(c for c, _ in folded)), tuple(n for _, n in folded)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return tuple(Span(m.start(), m.end()) for m in _SENTENCE.finditer(self.text))

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        return tuple(Span(m.start(), m.end()) for m in _CLAUSE.finditer(self.text))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(self._as_said(q) for q in quantities(self.text, self.as_of))

    def _as_said(self, quantity: Quantity) -> Quantity:
        """Ages below a bound (不满三岁) by the number that was said: figures are held against that."""
        below = quantity.kind == "age" and quantity.approximate and _BELOW.search(self.text[quantity.start : quantity.end])
        return replace(quantity, value=quantity.value + 1, high=quantity.high + 1) if below else quantity

    def bare(self, span: Span) -> str:
        """A stretch without the words that only say that it was heard, or ask whether it is so."""
        return self.patterns.bare(self.text[span.start : span.end])

    def subjects_of(self, span: Span) -> frozenset[str]:
        """What a stretch is about; looked for once."""
        if span not in self._subjects:
            self._subjects[span] = self.patterns.subjects_of(self.text[span.start : span.end])
        return self._subjects[span]

    def places_of(self, regex: Words, span: Span) -> tuple[Span, ...]:
        """Where words stand in a stretch, one at each place that they may begin at; looked for once."""
        if (regex, span) not in self._seen:
            self._seen[regex, span] = tuple(self._places_of(regex, span))
        return self._seen[regex, span]

    def _places_of(self, regex: Words, span: Span) -> Iterator[Span]:
        found = regex.search(self.text, span.start, span.end)
        while found:
            yield Span(*found.span())
            found = regex.search(self.text, found.start() + 1, span.end)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Measures named, or pointed at while they are under discussion.

        A name inside a longer one does not count, unless the one measure carries out the other.
        """
        found = list(dict.fromkeys(self._all_mentions()))
        pointed = self._pointed(found)
        known = [*found, *pointed, *self.others]
        return tuple(m for m in (*found, *pointed) if not any(o.holds(m) and o.length > m.length and not self._kin(m, o) for o in known))

    @cached_property
    def others(self) -> tuple[Mention, ...]:
        """What is named that is no measure of the catalogue."""
        return tuple(
            Mention(start, end, other.id)
            for other in self.patterns.others.values()
            for name in other.names
            for start, end in name.spans(self.text)
        )

    def _all_mentions(self) -> Iterator[Mention]:
        for measure, named in self.patterns.named.items():
            for name in named.names:
                yield from (Mention(start, end, measure) for start, end in name.spans(self.text))

    def _kin(self, one: Mention, other: Mention) -> bool:
        entries = self.catalog.entries
        if one.measure == other.measure:
            return True
        if one.measure not in entries or other.measure not in entries:
            return False
        return one.measure in entries[other.measure].lineage or other.measure in entries[one.measure].lineage

    def _pointed(self, named: list[Mention]) -> list[Mention]:
        """The measure under discussion, and those that it carries out, where the words name no other."""
        for pointing in self.patterns.pointing if self.about else ():
            place = pointing.words.search(self.text) if pointing.words else None
            if (pointing.words and not place) or (pointing.beside and not pointing.beside.search(self.text)):
                continue
            span = Span(*place.span()) if place else Span(0, 0)
            if any(not span.holds(m) for m in (*named, *self.others)):
                return []
            meant = next((e for e in self.about if not pointing.kinds or e.measure.kind in pointing.kinds), None)
            self.discussed = meant.id if meant else None
            return [Mention(span.start, span.end, name) for name in meant.lineage] if meant else []
        return []

    def points(self, span: Span) -> bool:
        """Whether a stretch points at something that is under discussion (这个贷款)."""
        return any(p.words is not None and self.places_of(p.words, span) for p in self.patterns.pointing)

    @cached_property
    def place(self) -> str | None:
        """The code of the most exact place of Shanxi that is named; None when none is."""
        best = ""
        for code, place in self.catalog.places.by_code.items():
            if code.startswith(SHANXI) and place.level != "township" and len(code) > len(best):
                names = (place.label, place.name, place.short, *place.also)
                if any(len(name) > 1 and name in self.text for name in names):
                    best = code
        return best or (SHANXI if _OUR_PROVINCE.search(self.text) else None)

    def sentence_of(self, at: int) -> Span:
        return next((s for s in self.sentences if s.start <= at < s.end), Span(0, len(self.text)))

    def clause_of(self, at: int) -> Span:
        return next((s for s in self.clauses if s.start <= at < s.end), Span(at, at + 1))

    def part_of(self, quantity: Quantity) -> Span:
        """The words that belong to a quantity: its clause, from the quantity before it to the next one."""
        clause = self.clause_of(quantity.start)
        before = [q.end for q in self.quantities if clause.start <= q.start < quantity.start]
        after = [q.start for q in self.quantities if quantity.end <= q.start < clause.end]
        return Span(max([clause.start, *before]), min([max(clause.end, quantity.end), *after]))

    @cached_property
    def tags(self) -> tuple[Span, ...]:
        """The words that only ask whether it is so (是不是, 对着没): what denies within them denies nothing."""
        return tuple(Span(*found.span()) for found in self.patterns.groups["tags"].finditer(self.text))

    def left_open(self, words: Span) -> bool:
        """Whether words only ask (是不是, 管不管): nothing is denied by them."""
        return any(tag.start <= words.start < tag.end for tag in (*self.tags, *self._either))

    @cached_property
    def _either(self) -> tuple[Span, ...]:
        return tuple(Span(*found.span()) for found in _EITHER.finditer(self.text))

    def asides(self, first: int) -> tuple[Span, ...]:
        """The clauses before a claim that begins at `first` in which the person only tells of their own life.

        They begin with the person or theirs, go on from such a clause, or come before the word that says it was heard; and they set no
        condition, give nothing and name no sum.
        """
        sentence, groups = self.sentence_of(first), self.patterns.groups
        heard = max((s.start for s in self.places_of(groups["hearsay"], sentence) if s.start <= first), default=sentence.start)
        found: list[Span] = []
        for clause in self.clauses:
            if clause.end > first or not sentence.holds(clause):
                continue
            sums = any(clause.holds(Span(q.start, q.end)) and q.kind in ("money", "share") and not self.own(q) for q in self.quantities)
            told = self.told(clause) or found or clause.end <= heard or _TELLER.fullmatch(self.text, clause.start, clause.end)
            if told and not sums and not groups["turns"].search(self.text, clause.start, clause.end):
                found.append(clause)
        return tuple(found)

    def own(self, quantity: Quantity) -> bool:
        """Whether a sum or a time is one of the person's own life (俺一年挣十来万, 我种了二十年)."""
        clause = self.clause_of(quantity.start)
        before = self.text[clause.start : quantity.start]
        if quantity.kind == "duration" and _MOVED.search(before) and self.text.startswith("了", quantity.end):
            return True
        worked = quantity.kind == "duration" and _WORKED.search(before) is not None
        return self.told(clause) and (worked or _EARNS.search(before) is not None)

    def told(self, clause: Span) -> bool:
        """Whether a clause begins as people begin who tell of their own life."""
        begins = _LEADS.match(self.text, clause.start, clause.end)
        return self.patterns.groups["story"].match(self.text, begins.end() if begins else clause.start, clause.end) is not None

    def clear(self, first: int, claim: Sequence[Span], known: Sequence[Span] = (), signs: str = "") -> bool:
        """Whether the sentence of a claim that begins at `first` says nothing that could turn it.

        There may be hardly a word more in the clauses with its words and in each before them, and nothing at all in those behind, but for
        what the person tells of themselves. `known` are further words that are understood, `signs` characters that are.
        """
        sentence, first = self.sentence_of(first), self.clause_of(first).start
        asides, left = self.asides(first), 0
        for clause in self.clauses:
            if not sentence.holds(clause) or clause in asides:
                continue
            if any(clause.meets(c) for c in claim):
                teller = _TELLER.match(self.text, clause.start, min(clause.end, *(c.start for c in claim if clause.meets(c))))
                left += self.unsaid(clause, (*claim, *known, *([Span(*teller.span())] if teller else ())), signs)
            elif self._turned(clause, known) or (
                self.unsaid(clause, known, signs) > (0 if clause.start > first else MOST_LEFT) and not self.told(clause)
            ):
                return False
        return left <= MOST_LEFT

    def _turned(self, clause: Span, known: Sequence[Span]) -> bool:
        """Whether a clause sets a condition, gives something or denies something besides the words that are understood."""
        groups = self.patterns.groups
        gone = (*known, *self.tags, *self.places_of(groups["hearsay"], clause), *self.places_of(groups["plain"], clause))
        said = [*self.places_of(groups["turns"], clause), *(Span(*m.span()) for m in _DENIES.finditer(self.text, clause.start, clause.end))]
        return any(not self.left_open(s) and not any(g.holds(s) for g in gone) for s in said)

    def unsaid(self, span: Span, words: Sequence[Span] = (), known: str = "") -> int:
        """How many characters of a stretch are neither among some words, nor a measure's name, a quantity, harmless or `known`."""
        gone = [*words, *self.mentions, *self.tags, *(Span(q.start, q.end) for q in self.quantities)]
        for group in ("harmless", "labels", "hearsay"):
            gone += [Span(*found.span()) for found in self.patterns.groups[group].finditer(self.text, span.start, span.end)]
        left = (i for i in range(span.start, span.end) if not any(g.start <= i < g.end for g in gone))
        return sum(1 for i in left if "一" <= self.text[i] <= "龥" and self.text[i] not in known)

    def period_of(self, quantity: Quantity) -> str | None:
        """What a sum is said to be for: year, month, day, quarter, hour, mu, head; by its words or those about it up to the next sum."""
        if quantity.per:
            return quantity.per
        clause = self.clause_of(quantity.start)
        sums = [q for q in self.quantities if q.kind in ("money", "number", "share") and q is not quantity]
        start = max([clause.start, *(q.end for q in sums if clause.start <= q.end <= quantity.start)])
        end = min([max(clause.end, quantity.end), *(q.start for q in sums if quantity.end <= q.start)])
        said = self.text[start:end]
        return next((name for name, words in _PERIODS if re.search(words, said)), None)

    def quote(self, span: Span) -> str:
        """The words as sent, by whole clauses, without the hearsay word at their head."""
        return self.words(Span(self.clause_of(span.start).start, self.clause_of(max(span.start, span.end - 1)).end))

    def words(self, span: Span) -> str:
        """A stretch as it was sent, without the hearsay word at its head."""
        head = self.patterns.groups["hearsay"].match(self.text, span.start)
        start = head.end() if head and head.end() < span.end else span.start
        return self.raw[self.origin[start] : self.origin[span.end - 1] + 1].strip(" ，,、：:") if span.end > start else ""
