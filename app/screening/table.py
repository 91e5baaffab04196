"""A table as it was read: header, rows with the numbers that the sheet shows, what was wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.screening.problems import Problem

Cell = str | int | float | bool | dt.date | None
"""Text (without blanks at its ends), a number, true or false, a date, or None where nothing stands. Whole numbers are int."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row's number as the sheet shows it; a cell for every column of the header."""

    number: int
    cells: tuple[Cell, ...]
    problem: Problem | None = None
    """Why the row cannot be used; its cells are then what was there."""


class Rows(Protocol):
    """The rows below the header, in order, as often as they are asked for. Blank rows are left out; their count is in `lines`."""

    @property
    def lines(self) -> int:
        """Rows below the header, blank ones included: what progress is counted in."""
        ...

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True)
class Table:
    """One sheet. `problems` are those of the file; those of a row stand in the row."""

    sheet: str | None
    sheets: tuple[str, ...]
    header: tuple[str, ...]
    header_row: int
    rows: Rows
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class KeptRows:
    """Rows that are held in memory."""

    kept: Sequence[Row]
    lines: int = field(default=0)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.kept)


def letters(column: int) -> str:
    """The column's name in a spreadsheet: 0 is A, 27 is AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def named(header: Sequence[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """Headers made distinct: nameless columns are called by their letter, a second 电话 is 电话 (2)."""
    found: list[str] = []
    problems = []
    for at, name in enumerate(header):
        name = name or f"（{letters(at)}列）"
        shown, n = name, 1
        while shown in found:
            n += 1
            shown = f"{name} ({n})"
        if shown != name:
            problems.append(Problem("same_header", column=shown, said={"name": name, "shown": shown}))
        found.append(shown)
    return tuple(found), problems
