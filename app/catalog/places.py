"""The country's divisions: names to codes. A place contains another when its code is a prefix of the other's code."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import process

COUNTRY = ""
"""The code of 全国: a prefix of every code."""
COUNTY_DIGITS = 6
LONGEST = 60
"""Characters; no name of a place, with all that it lies in, is longer."""


@dataclass(frozen=True)
class Place:
    """One division; `label` is unique in the country (阳泉市郊区), `name` the official full name (郊区)."""

    code: str
    level: str
    name: str
    label: str
    short: str
    also: tuple[str, ...]
    pinyin: str


@dataclass(frozen=True)
class PlaceError(Exception):
    """A name that is no place, or several: the candidates carry their city."""

    name: str
    candidates: tuple[Place, ...]


@dataclass(frozen=True)
class Places:
    by_code: dict[str, Place]
    _by_name: dict[str, tuple[str, ...]] = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Places:
        """From the text of divisions.csv. Raises KeyError or ValueError when a column is missing."""
        by_code: dict[str, Place] = {}
        names: dict[str, list[str]] = defaultdict(list)
        for row in csv.DictReader(io.StringIO(text)):
            also = tuple(a for a in row["also"].split("|") if a)
            place = Place(row["code"], row["level"], row["name"], row["label"], row["short"], also, row["pinyin"])
            if place.code in by_code:
                raise ValueError(f"the code {place.code} stands twice")
            by_code[place.code] = place
            for name in dict.fromkeys((place.label, place.name, place.short, *also)):
                names[name].append(place.code)
        return cls(by_code, {name: tuple(codes) for name, codes in names.items()})

    @cached_property
    def _by_label(self) -> dict[str, str]:
        return {p.label: p.code for p in self.by_code.values()}

    def exact(self, label: str) -> str:
        """The code of an official full name as rules and measures write it. Raises PlaceError."""
        if label == "全国":
            return COUNTRY
        if label in self._by_label:
            return self._by_label[label]
        return self.find(label).code

    def find(self, name: str) -> Place:
        """The place that a person means by a name: an official name before a short or former one, a whole county before a township.

        Raises PlaceError with candidates when it is unknown or several are meant.
        """
        name = name.strip()
        if len(name) > LONGEST:
            raise PlaceError(name, ())
        if name in self._by_label:
            return self.by_code[self._by_label[name]]
        found = [self.by_code[code] for code in self._by_name.get(name, ())] or self._composed(name)
        best = self._narrow(name, found)
        if len(best) == 1:
            return best[0]
        raise PlaceError(name, tuple(best) or self._near(name))

    def _narrow(self, name: str, found: list[Place]) -> list[Place]:
        official = [p for p in found if p.name == name]
        found = official or found
        major = [p for p in found if p.level != "township"]
        return major or found

    def _composed(self, name: str) -> list[Place]:
        """山西省忻州市偏关县, 忻州偏关: a name with what it lies in before it."""
        for cut in range(len(name) - 1, 1, -1):
            outer, inner = self._by_name.get(name[:cut]), self._by_name.get(name[cut:])
            inner_places = [self.by_code[c] for c in inner or ()] or (self._composed(name[cut:]) if outer else [])
            inside = [p for p in inner_places if any(p.code.startswith(o) and p.code != o for o in outer or ())]
            if inside:
                return inside
        return []

    def _near(self, name: str) -> tuple[Place, ...]:
        matches = process.extract(name, list(self._by_label), limit=5, score_cutoff=60)
        return tuple(self.by_code[self._by_label[label]] for label, _, _ in matches)

    def search(self, query: str, limit: int = 20) -> list[Place]:
        """Places whose names or pinyin begin with or contain the query, the larger first."""
        query = query.strip()
        folded = query.replace(" ", "").lower()
        if not query:
            return []
        scored: list[tuple[int, int, str, Place]] = []
        for place in self.by_code.values():
            score = _match(place, query, folded)
            if score is not None:
                scored.append((score, len(place.code), place.code, place))
        return [place for *_, place in sorted(scored, key=lambda item: item[:3])[:limit]]

    def within(self, code: str, outer: str) -> bool | None:
        """Whether a place lies in another; None when the place is coarser than the question."""
        if code.startswith(outer):
            return True
        return None if outer.startswith(code) else False

    def county_of(self, place: Place) -> Place:
        """The county of a township; any other place itself."""
        return self.by_code.get(place.code[:COUNTY_DIGITS], place)

    def full_name(self, code: str) -> str:
        """The place with what it lies in: 山西省忻州市偏关县."""
        cuts: Iterable[int] = (2, 4, 6, 9)
        chain = dict.fromkeys(code[:n] for n in cuts if n <= len(code))
        return "".join(self.by_code[c].name for c in chain if c in self.by_code)


def _match(place: Place, query: str, folded: str) -> int | None:
    if query in (place.name, place.label, place.short, *place.also):
        return 0
    pinyin = place.pinyin.replace(" ", "")
    if folded == pinyin:
        return 1
    if place.name.startswith(query) or place.label.startswith(query) or pinyin.startswith(folded):
        return 2
    return 3 if query in place.label else None
