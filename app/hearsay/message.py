"""A message laid out for the check: folded characters with their origin, sentences, clauses, quantities, places, measures named."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.catalog import Catalog
from app.hearsay.patterns import Patterns
from app.understanding.quantities import Quantity, quantities

LONGEST = 2_000
"""Characters of a message that are looked at."""
SHANXI = "14"
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
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


class Message:
    """One message. Offsets are those of `text`, the normalised text; `quote` gives the words as sent."""

    def __init__(self, raw: str, patterns: Patterns, catalog: Catalog, as_of: dt.date) -> None:
        self.raw, self.patterns, self.catalog, self.as_of = raw[:LONGEST], patterns, catalog, as_of
        folded = [(c, n) for n, one in enumerate(self.raw) for c in unicodedata.normalize("NFKC", one).lower()]
        self.text, self.origin = "".join(c for c, _ in folded), tuple(n for _, n in folded)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return tuple(Span(m.start(), m.end()) for m in _SENTENCE.finditer(self.text))

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        return tuple(Span(m.start(), m.end()) for m in _CLAUSE.finditer(self.text))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(quantities(self.text, self.as_of))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Measures named; a name inside a longer one of another measure does not count."""
        found = list(self._all_mentions())
        return tuple(m for m in found if not any(o.holds(m) and o.length > m.length and (o.measure != m.measure) for o in found))

    def _all_mentions(self) -> Iterator[Mention]:
        for measure, named in self.patterns.named.items():
            if named.names is not None:
                yield from (Mention(m.start(), m.end(), measure) for m in named.names.finditer(self.text))

    @cached_property
    def place(self) -> str | None:
        """The code of the most exact place of Shanxi that is named; None when none is."""
        best = ""
        for code, place in self.catalog.places.by_code.items():
            if code.startswith(SHANXI) and place.level != "township" and len(code) > len(best):
                names = (place.label, place.name, place.short, *place.also)
                if any(len(name) > 1 and name in self.text for name in names):
                    best = code
        return best or None

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

    def period(self, span: Span) -> str | None:
        """What an amount is said to be for: year, month, day, quarter, hour, mu, head."""
        said = self.text[span.start : span.end]
        return next((name for name, words in _PERIODS if re.search(words, said)), None)

    def quote(self, span: Span) -> str:
        """The words as sent, by whole clauses, without the hearsay word at their head."""
        start, end = self.clause_of(span.start).start, self.clause_of(max(span.start, span.end - 1)).end
        head = self.patterns.groups["hearsay"].match(self.text, start)
        if head and head.end() < end:
            start = head.end()
        return self.raw[self.origin[start] : self.origin[end - 1] + 1].strip(" ，,、：:") if end > start else ""
