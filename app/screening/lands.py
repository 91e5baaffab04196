"""Places as numbers in the order of their codes, so that a city with all that lies in it is one span of numbers."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from app.catalog.catalog import Catalog
from app.catalog.language import Expr, Within
from app.matching.analysis import Domains, representatives, settle

Spans = tuple[tuple[int, int], ...]


class Lands:
    """The numbers of a catalogue's places (townships count as their county); the number behind the last is that of nobody's place."""

    def __init__(self, catalog: Catalog) -> None:
        self.codes = sorted(p.code for p in catalog.places.by_code.values() if p.level != "township")
        self.number = {code: n for n, code in enumerate(self.codes)}

    @property
    def unknown(self) -> int:
        return len(self.codes)

    def inside(self, code: str) -> tuple[int, int]:
        """The span of a place and all that lies in it."""
        return bisect.bisect_left(self.codes, code), bisect.bisect_left(self.codes, code + "~")

    def spans(self, numbers: Iterable[int]) -> Spans:
        """Numbers as half-open spans."""
        found: list[list[int]] = []
        for number in sorted(numbers):
            if found and found[-1][1] == number:
                found[-1][1] = number + 1
            else:
                found.append([number, number + 1])
        return tuple((a, b) for a, b in found)

    def status(self, test: Within, domains: Domains) -> tuple[Spans, Spans]:
        """The places for which a test may hold, and those for which it may fail; a coarse place may do both. Nobody's place is in both."""
        sure = {n for code in test.codes for n in range(*self.inside(code))}
        above = {n for code in test.codes for end in range(2, len(code)) if (n := self.number.get(code[:end])) is not None}
        open_to = set()
        for n in above - sure:
            status = settle(test, {test.var: self.codes[n]}, domains).status
            if status is None:
                open_to.add(n)
            elif status:
                sure.add(n)
        return self.spans({*sure, *open_to, self.unknown}), self.spans(set(range(self.unknown + 1)) - sure)

    def cells(self, var: str, tree: Expr, domains: Domains) -> dict[str, set[int]]:
        """The kinds of place that a tree can tell apart (by a made-up code inside each), with the places that may be of that kind."""
        kinds = [str(v) for v in representatives(var, tree, {}, domains)]
        codes = sorted((k[:-1] for k in kinds), key=len)
        found: dict[str, set[int]] = {k: {self.unknown} for k in kinds}
        owner: dict[int, str] = {}
        for code in codes:  # longer codes later: the innermost place wins
            owner |= dict.fromkeys(range(*self.inside(code)) if code else range(len(self.codes)), code + "~")
        above = {n for code in codes for end in range(2, len(code)) if (n := self.number.get(code[:end])) is not None}
        for place, kind in owner.items():
            if place not in above:
                found[kind].add(place)
        for n in above | {self.number[c] for c in codes if c in self.number}:
            for value in representatives(var, tree, {var: self.codes[n]}, domains):
                found[max((k for k in kinds if str(value)[:-1].startswith(k[:-1])), key=len)].add(n)
        return found
