"""The first values of each column of a roster that waits to be told what its columns are. They are people's: they go with the roster's file."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

from app.screening.problems import shown
from app.screening.table import Cell, Table

FILE = "examples.json"
MOST, LOOKED_AT = 3, 60
"""Different values kept of a column, and rows in which they are looked for."""
LONGEST = 18


def keep(folder: Path, table: Table) -> None:
    """Writes down the first different values of each column."""
    found: list[list[str]] = [[] for _ in table.header]
    for row in itertools.islice(table.rows, LOOKED_AT):
        for values, cell in zip(found, row.cells, strict=False):
            text = _said(cell)
            if text and text not in values and len(values) < MOST:
                values.append(text)
    (folder / FILE).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def kept(folder: Path) -> Sequence[Sequence[str]]:
    """What `keep` wrote, a list for each column; nothing where it is gone."""
    try:
        found: list[list[str]] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return found


def _said(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return cell.isoformat() if isinstance(cell, dt.date) else shown(cell, LONGEST)
