"""Finding the header among the first rows: below titles, over merged cells, one row or two."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.screening.table import Cell

Recognise = Callable[[str], bool]
"""Whether a text is a known name of a column."""
LOOKED_AT = 15
"""Rows in which a header is looked for."""
_BLANKS = re.compile(r"\s+")
Span = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, all from 0."""


@dataclass(frozen=True)
class Header:
    """`first`..`last` are its rows, from 0."""

    names: tuple[str, ...]
    first: int
    last: int
    known: int
    """How many of its names were recognised."""


def find_header(rows: Sequence[Sequence[Cell]], merged: Sequence[Span], recognise: Recognise | None) -> Header | None:
    """The header: the row with most known names, else the first with two or more texts and nothing but texts. None where there is none."""
    best: Header | None = None
    for at, row in enumerate(rows[:LOOKED_AT]):
        header = _at(rows, at, merged)
        texts = [name for name in header.names if name]
        if not texts or any(not isinstance(c, str | None) for c in row):
            continue
        known = sum(map(recognise, texts)) if recognise else 0
        if len(texts) < 2 and not known:
            continue
        if best is None or known > best.known:
            best = Header(header.names, header.first, header.last, known)
    if best is not None and recognise is not None and best.known == 0 and best.first > 0:
        return None
    return best


def clean(text: Cell) -> str:
    """A header's text on one line, without blanks."""
    return _BLANKS.sub("", str(text)) if text is not None else ""


def _at(rows: Sequence[Sequence[Cell]], at: int, merged: Sequence[Span]) -> Header:
    width = max((len(r) for r in rows[:LOOKED_AT]), default=0)
    groups = [m for m in merged if m[0] <= at <= m[2] and m[3] > m[1] and m[3] - m[1] + 1 < width]
    if groups and at + 1 < len(rows) and _tells_parts(rows[at + 1], groups):
        names = [_joined(rows, at, column, groups) for column in range(width)]
        return Header(tuple(names), at, at + 1, 0)
    names = [clean(_cell(rows, at, column)) for column in range(width)]
    return Header(tuple(names), at, at, 0)


def _tells_parts(below: Sequence[Cell], groups: Sequence[Span]) -> bool:
    """Whether the row below a group's cell names its columns one by one."""
    if any(not isinstance(c, str | None) for c in below):
        return False
    parts = [below[c] for g in groups for c in range(g[1], min(g[3] + 1, len(below)))]
    return sum(p is not None for p in parts) >= 2


def _joined(rows: Sequence[Sequence[Cell]], at: int, column: int, groups: Sequence[Span]) -> str:
    group = next((g for g in groups if g[1] <= column <= g[3]), None)
    below = clean(_cell(rows, at + 1, column))
    if group is None:
        return clean(_cell(rows, at, column)) or below
    above = clean(_cell(rows, group[0], group[1]))
    return f"{above}-{below}" if above and below else above or below


def _cell(rows: Sequence[Sequence[Cell]], at: int, column: int) -> Cell:
    return rows[at][column] if at < len(rows) and column < len(rows[at]) else None
