"""Spreadsheets (xlsx, xls, ods), read whole with calamine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from app.screening.guards import Limits, Source
from app.screening.header import Header, Recognise, Span, find_header
from app.screening.problems import Problem, Unreadable
from app.screening.table import Cell, KeptRows, Row, Table, letters, named


def read_sheets(source: Source, limits: Limits, sheet: str | None, recognise: Recognise | None) -> Table:
    """The sheet of that name, or the first that has a recognisable header. Raises Unreadable."""
    try:
        with source.open() as file:
            book = CalamineWorkbook.from_filelike(file)
            return _read(book, limits, sheet, recognise)
    except PasswordError:
        raise Unreadable(Problem("locked")) from None
    except CalamineError:
        raise Unreadable(Problem("broken")) from None


def _read(book: CalamineWorkbook, limits: Limits, sheet: str | None, recognise: Recognise | None) -> Table:
    names = tuple(m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet)
    if sheet is not None and sheet not in names:
        raise Unreadable(Problem("no_sheet", said={"sheet": sheet, "sheets": "、".join(names)}))
    found: tuple[str, list[list[Cell]], list[Span], Header] | None = None
    filled = False
    for name in (sheet,) if sheet else names:
        rows, merged = _cells(book.get_sheet_by_name(name), limits)
        filled = filled or bool(rows)
        header = find_header(rows, merged, recognise)
        if header and (found is None or header.known > found[3].known):
            found = (name, rows, merged, header)
        if header and (recognise is None or header.known):
            break
    if found is None:
        raise Unreadable(Problem("no_header" if filled else "empty"))
    return _table(*found, names, told=sheet is None)


def _cells(sheet: CalamineSheet, limits: Limits) -> tuple[list[list[Cell]], list[Span]]:
    if sheet.total_width > limits.columns:
        raise Unreadable(Problem("too_wide", said={"columns": sheet.total_width, "most": limits.columns}))
    if sheet.total_height > limits.rows:
        raise Unreadable(Problem("too_long", said={"rows": sheet.total_height, "most": limits.rows}))
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    while rows and all(c is None for c in rows[-1]):
        rows.pop()
    ranges: Sequence[Any] = sheet.merged_cell_ranges or ()
    return rows, [(a[0], a[1], b[0], b[1]) for a, b in ranges]


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float):
        return int(value) if value == int(value) and abs(value) < 1e15 else value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool | int | dt.date):
        return value
    return str(value)


def _table(name: str, rows: list[list[Cell]], merged: list[Span], header: Header, names: tuple[str, ...], *, told: bool) -> Table:
    titles, problems = named(_trimmed(header, rows))
    if len(names) > 1 and told:
        said = {"count": len(names), "sheets": "、".join(names), "sheet": name}
        problems.insert(0, Problem("several_sheets", said=said))
    if header.first > 0:
        problems.append(Problem("header_not_first", row=header.first + 1, said={"at": header.first + 1}))
    body = rows[header.last + 1 :]
    spanned = _spanned(merged, header.last)
    kept = list(_rows(body, header.last + 2, len(titles), spanned))
    if not kept:
        raise Unreadable(Problem("no_rows"))
    return Table(name, names, titles, header.first + 1, KeptRows(kept, len(body)), tuple(problems))


def _trimmed(header: Header, rows: list[list[Cell]]) -> list[str]:
    """The header's names, without columns at the end in which nothing stands at all."""
    names = list(header.names)
    while names and not names[-1] and all(len(r) < len(names) or r[len(names) - 1] is None for r in rows[header.last + 1 :]):
        names.pop()
    return names


def _spanned(merged: list[Span], last: int) -> dict[int, str]:
    """Rows below the header (from 0) whose cells are merged with another row: their ranges in words."""
    found: dict[int, str] = {}
    for top, left, bottom, right in merged:
        if bottom > last and bottom > top:
            cells = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            found |= dict.fromkeys(range(max(top, last + 1), bottom + 1), cells)
    return found


def _rows(body: list[list[Cell]], first: int, width: int, spanned: dict[int, str]) -> Iterator[Row]:
    for number, cells in enumerate(body, first):
        if all(c is None for c in cells):
            continue
        full = tuple((*cells, *([None] * width))[:width])
        merged = spanned.get(number - 1)
        yield Row(number, full, Problem("merged_cells", row=number, said={"cells": merged}) if merged else None)
