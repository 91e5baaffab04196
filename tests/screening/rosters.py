"""Rosters made in the tests: real files, as offices send them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from app.catalog import Catalog
from app.matching.day import Day, Days
from app.screening.mapping import confirmed, guess
from app.screening.problems import Problem
from app.screening.reader import read_table
from app.screening.results import Finished
from app.screening.run import Run, Summary
from app.screening.table import Row, Table
from app.screening.words import RosterWords, plain_header
from app.understanding import Lexicon

TODAY = dt.date(2026, 11, 23)


def id_number(first: str) -> str:
    """Seventeen made-up digits with the check sign that fits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 11]


GOOD_ID, WOMAN_ID = id_number("14093219880315123"), id_number("14093219900220452")
"""A man born in 1988, a woman born in 1990; the last signs are not 1."""


class World:
    """What a run needs, without a service."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self.catalog, self.lexicon, self._days = catalog, lexicon, Days(catalog)

    def on(self, day: dt.date) -> Day:
        return self._days.on(day)


def xlsx(*rows: Sequence[Any], merged: Sequence[str] = (), sheets: Sequence[tuple[str, Sequence[Sequence[Any]]]] = ()) -> bytes:
    """A spreadsheet with one sheet of rows (and more sheets)."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    for name, other in sheets:
        more = book.create_sheet(name)
        for row in other:
            more.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(*rows: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def known_header(words: RosterWords) -> Callable[[str], bool]:
    return lambda name: plain_header(name)[0] in words.headers


def read(of: bytes | Path, words: RosterWords, sheet: str | None = None) -> Table:
    return read_table(of, sheet=sheet, recognise=known_header(words))


def rows(table: Table) -> list[Row]:
    return list(table.rows)


def screened(of: bytes | Path, world: World, words: RosterWords, folder: Path, **mapping: str | None) -> tuple[Finished, Summary]:
    """A roster from file to results; columns that are only guessed are left out unless `mapping` names them."""
    table = read(of, words)
    mapped = confirmed(guess(table.header, words), mapping, words)
    summary = Run(table, mapped, world, words, TODAY, "zh", folder).go(lambda *_: None)
    return Finished(folder, world.catalog, mapped, "zh", TODAY.isoformat()), summary


def problems(finished: Finished) -> list[tuple[str, int | None, str | None]]:
    return [(p.kind, p.row, p.column) for p in finished.problems()]


def kinds(found: Sequence[Problem]) -> list[str]:
    return [p.kind for p in found]
