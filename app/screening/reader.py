"""Any table that people send us, read one way: `read_table(path or bytes) -> Table`.

Numbers of rows are those that the sheet shows. Nothing is parsed before size, kind and unpacked size have been looked at (guards).
"""

from __future__ import annotations

from pathlib import Path

from app.screening.delimited import read_delimited
from app.screening.guards import Limits, Source, kind_of
from app.screening.header import Recognise
from app.screening.sheets import read_sheets
from app.screening.table import Table

__all__ = ["Limits", "Table", "read_table"]


def read_table(of: Path | bytes, limits: Limits | None = None, *, sheet: str | None = None, recognise: Recognise | None = None) -> Table:
    """The table in a file (xlsx, xls, ods, csv).

    `sheet` names a sheet; without it the first whose header has a name that `recognise` knows is read, and a note says so.
    Raises Unreadable, whose Problem says what is wrong and how to mend it, and OSError where the file is not there.
    """
    source, limits = Source(of), limits or Limits()
    if kind_of(source, limits) == "sheets":
        return read_sheets(source, limits, sheet, recognise)
    return read_delimited(source, limits, recognise)
