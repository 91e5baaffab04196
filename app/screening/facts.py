"""What is known of many people at once: a few Polars columns for every variable that anybody said something about.

A true-or-false variable is two planes of bits (it may be so, it may not be so); one of several options a mask of those still possible; a number
its lowest and highest value; a place its number (lands). A variable that nobody mentioned has no columns and is open for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from app.catalog.catalog import Catalog
from app.matching.profile import Knowledge, Value
from app.screening.lands import Lands

INFINITE = (float("-inf"), float("inf"))


def _range(ends: tuple[float, float] | None) -> tuple[float, float]:
    low, high = ends or INFINITE
    return float(low), float(high)


class Layout:
    """How each variable of a catalogue is laid out."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog, self.lands = catalog, Lands(catalog)
        self.kinds = {v.id: _KINDS[v.type] for v in catalog.variables.values()}
        self.bits = {v.id: {o: 1 << n for n, o in enumerate(v.fact.options)} for v in catalog.variables.values() if v.type == "enum"}
        self.ranges = {v.id: _range(v.fact.range) for v in catalog.variables.values() if _KINDS[v.type] == "number"}

    def whole(self, variable: str) -> int:
        """The mask of an enum that is open."""
        return (1 << len(self.bits[variable])) - 1

    def masked(self, variable: str, options: Iterable[str]) -> int:
        return sum(self.bits[variable][o] for o in options)


_KINDS = {"boolean": "bits", "enum": "mask", "integer": "number", "money": "number", "place": "at"}


class Facts:
    """Columns by (variable, which). `height` people; a column that is not there is that of an open variable."""

    def __init__(self, layout: Layout, height: int, columns: Mapping[tuple[str, str], pl.Series]) -> None:
        self.layout, self.height = layout, height
        self.columns = dict(columns)
        self._constants: dict[Any, pl.Series] = {}

    def has(self, variable: str) -> bool:
        """Whether anything about the variable is known of anybody."""
        return (variable, _FIRST[self.layout.kinds[variable]]) in self.columns

    @property
    def variables(self) -> set[str]:
        return {variable for variable, _ in self.columns}

    def constant(self, value: bool) -> pl.Series:
        return self._constant(value, pl.Boolean)

    def level(self, value: float) -> pl.Series:
        return self._constant(value, pl.Float64)

    def _constant(self, value: Any, dtype: Any) -> pl.Series:
        found = self._constants.get((value, dtype))
        if found is None:
            found = self._constants[value, dtype] = pl.repeat(value, self.height, dtype=dtype, eager=True)
        return found

    def _get(self, variable: str, which: str, value: Any, dtype: Any) -> pl.Series:
        found = self.columns.get((variable, which))
        return self._constant(value, dtype) if found is None else found

    def may(self, variable: str) -> pl.Series:
        return self._get(variable, "may", True, pl.Boolean)

    def may_not(self, variable: str) -> pl.Series:
        return self._get(variable, "may_not", True, pl.Boolean)

    def mask(self, variable: str) -> pl.Series:
        return self._get(variable, "mask", self.layout.whole(variable), pl.UInt16)

    def low(self, variable: str) -> pl.Series:
        return self._get(variable, "low", self.layout.ranges[variable][0], pl.Float64)

    def high(self, variable: str) -> pl.Series:
        return self._get(variable, "high", self.layout.ranges[variable][1], pl.Float64)

    def at(self, variable: str) -> pl.Series:
        return self._get(variable, "at", self.layout.lands.unknown, pl.UInt16)

    def person(self, row: int, variables: Iterable[str] | None = None) -> dict[str, Value]:
        """What is known of one person (of some variables only), in the form of the single matcher."""
        found: dict[str, Value] = {}
        for variable in sorted(self.variables) if variables is None else variables:
            value = self._value(variable, row)
            if value is not None:
                found[variable] = value
        return found

    def _value(self, variable: str, row: int) -> Value | None:
        kind = self.layout.kinds[variable]
        if not self.has(variable):
            return None
        if kind == "bits":
            so, not_so = self.may(variable)[row], self.may_not(variable)[row]
            return None if so and not_so else bool(so)
        if kind == "mask":
            mask = self.mask(variable)[row]
            options = frozenset(o for o, bit in self.layout.bits[variable].items() if mask & bit)
            return None if mask == self.layout.whole(variable) else options
        if kind == "at":
            number = self.at(variable)[row]
            return None if number == self.layout.lands.unknown else self.layout.lands.codes[number]
        span = self.low(variable)[row], self.high(variable)[row]
        return None if span == self.layout.ranges[variable] else span


_FIRST = {"bits": "may", "mask": "mask", "number": "low", "at": "at"}


def laid_out(layout: Layout, people: Sequence[Knowledge]) -> Facts:
    """Columns of what is known of some people."""
    variables = sorted({variable for known in people for variable in known})
    columns: dict[tuple[str, str], pl.Series] = {}
    for variable in variables:
        columns |= column(layout, variable, [known.get(variable) for known in people])
    return Facts(layout, len(people), columns)


def column(layout: Layout, variable: str, values: Sequence[Value | None]) -> dict[tuple[str, str], pl.Series]:
    """The columns of one variable; None is open."""
    kind = layout.kinds[variable]
    if kind == "bits":
        return {
            (variable, "may"): pl.Series([v is not False for v in values], dtype=pl.Boolean),
            (variable, "may_not"): pl.Series([v is not True for v in values], dtype=pl.Boolean),
        }
    if kind == "mask":
        whole = layout.whole(variable)
        masks = [layout.masked(variable, v) if isinstance(v, frozenset) else whole for v in values]
        return {(variable, "mask"): pl.Series(masks, dtype=pl.UInt16)}
    if kind == "at":
        numbers = [layout.lands.number[v] if isinstance(v, str) else layout.lands.unknown for v in values]
        return {(variable, "at"): pl.Series(numbers, dtype=pl.UInt16)}
    widest = layout.ranges[variable]
    spans = [v if isinstance(v, tuple) else widest for v in values]
    return {
        (variable, "low"): pl.Series([s[0] for s in spans], dtype=pl.Float64),
        (variable, "high"): pl.Series([s[1] for s in spans], dtype=pl.Float64),
    }
