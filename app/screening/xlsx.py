"""Writes plain spreadsheets stretch by stretch, column by column: many times as fast as cell objects, in little memory. Text is only ever text, never a formula."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from app.screening.table import letters

Value = str | int | None
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
BATCH = 20_000
"""Rows that are put together before they are written."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, header, widths of columns in characters, and its rows as frames of text and whole numbers, which are asked for once."""

    name: str
    header: Sequence[str]
    widths: Sequence[float]
    frames: Iterable[pl.DataFrame]


def sheet_of(name: str, header: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[Value]]) -> Sheet:
    """A sheet of a few rows."""
    return Sheet(name, header, widths, [_frame_of(list(rows), len(header))])


def _frame_of(rows: Sequence[Sequence[Value]], width: int) -> pl.DataFrame:
    columns = []
    for n in range(width):
        cells = [row[n] for row in rows]
        number = all(isinstance(c, int | None) for c in cells) and any(c is not None for c in cells)
        columns.append(
            pl.Series(f"c{n}", cells if number else [None if c is None else str(c) for c in cells], dtype=pl.Int64 if number else pl.String)
        )
    return pl.DataFrame(columns)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_DANGEROUS) else text


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """Writes a file. Raises ValueError for more rows than a sheet can have."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        shared: dict[str, int] = {}
        for number, sheet in enumerate(sheets, 1):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as out:
                for part in _sheet(sheet, shared):
                    out.write(part.encode())
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as out:
            out.write(f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(shared)}">'.encode())
            for text in shared:
                out.write(f'<si><t xml:space="preserve">{escape(text)}</t></si>'.encode())
            out.write(b"</sst>")
        _frame(archive, [s.name for s in sheets])


def _sheet(sheet: Sheet, shared: dict[str, int]) -> Iterable[str]:
    columns = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(sheet.widths, 1))
    pane = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}">{pane}<cols>{columns}</cols><sheetData>'
    names = [letters(n) for n in range(len(sheet.header))]
    head = _frame_of([sheet.header], len(names))
    yield _rows(head, names, 1, shared, 1)
    number = 1
    for frame in sheet.frames:
        for part in frame.iter_slices(BATCH):
            if number + part.height > MOST_ROWS:
                raise ValueError(f"a sheet has at most {MOST_ROWS} rows")
            yield _rows(part, names, number + 1, shared, 2)
            number += part.height
    yield f'</sheetData><autoFilter ref="A1:{names[-1]}{number}"/></worksheet>'


def _rows(frame: pl.DataFrame, names: Sequence[str], first: int, shared: dict[str, int], style: int) -> str:
    """Rows of a frame, put together column by column: a text is its number among the shared texts."""
    if frame.is_empty():
        return ""
    numbers = pl.int_range(first, first + frame.height, dtype=pl.UInt32)
    parts: list[pl.Expr] = [pl.lit('<row r="'), numbers, pl.lit('">')]
    columns = []
    for n, (name, column) in enumerate(zip(names, frame, strict=True)):
        text = column.dtype == pl.String
        columns.append((_numbered(column, shared) if text else column).alias(f"c{n}"))
        kind = ' t="s"' if text else ""
        value = pl.concat_str(pl.lit(f'<c r="{name}'), numbers, pl.lit(f'" s="{style}"{kind}><v>'), pl.col(f"c{n}"), pl.lit("</v></c>"))
        parts.append(pl.when(pl.col(f"c{n}").is_null()).then(pl.lit("")).otherwise(value))
    written = pl.DataFrame(columns).select(pl.concat_str(*parts, pl.lit("</row>")).alias("xml")).to_series()
    return "".join(written.to_list())


def _numbered(column: pl.Series, shared: dict[str, int]) -> pl.Series:
    texts = column.unique().drop_nulls()
    kept = [t for t in texts if t]
    numbers = [shared.setdefault(harmless(_CONTROLS.sub("", t))[:LONGEST_CELL], len(shared)) for t in kept]
    return column.replace_strict(
        pl.Series(kept, dtype=pl.String), pl.Series(numbers, dtype=pl.UInt32), default=None, return_dtype=pl.UInt32
    )


def _frame(archive: zipfile.ZipFile, names: Sequence[str]) -> None:
    """The parts that hold a workbook together."""
    sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    archive.writestr("xl/workbook.xml", f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{sheets}</sheets></workbook>')
    kinds = [(f"worksheets/sheet{n}.xml", "worksheet") for n in range(1, len(names) + 1)]
    kinds += [("styles.xml", "styles"), ("sharedStrings.xml", "sharedStrings")]
    ties = "".join(f'<Relationship Id="rId{n}" Type="{_RELS}/{kind}" Target="{file}"/>' for n, (file, kind) in enumerate(kinds, 1))
    archive.writestr("xl/_rels/workbook.xml.rels", f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{ties}</Relationships>')
    root = f'<Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/>'
    archive.writestr("_rels/.rels", f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>')
    archive.writestr("xl/styles.xml", _STYLES)
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(f'<Override PartName="/xl/{file}" ContentType="{base}.{kind}+xml"/>' for file, kind in kinds)
    archive.writestr(
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{base}.sheet.main+xml"/>{parts}</Types>',
    )
