"""Spreadsheets of other programs, written by hand for the tests: no library here writes them. One sheet, texts and whole numbers."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Value = str | int | None
Rows = Sequence[Sequence[Value]]
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


def ods(*rows: Sequence[Value]) -> bytes:
    """A sheet as LibreOffice saves one: an archive with its kind first, uncompressed, and the content as XML."""
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    table = f'<office:spreadsheet><table:table table:name="名单">{body}</table:table></office:spreadsheet>'
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{_NAMES}><office:body>{table}</office:body></office:document-content>'
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", ODS), ("content.xml", "text/xml"))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}">{listed}</manifest:manifest>')
    return out.getvalue()


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    kind = "string" if isinstance(value, str) else f'float" office:value="{value}'
    return f'<table:table-cell office:value-type="{kind}"><text:p>{escape(str(value))}</text:p></table:table-cell>'


# ---------------------------------------------------------------- xls

SECTOR, FREE, CHAIN_END, TABLE_SECTOR, NO_ENTRY = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
GLOBALS, SHEET = 0x0005, 0x0010


def xls(*rows: Sequence[Value]) -> bytes:
    """A sheet as Excel 97 saves one: BIFF8 records in the one stream of a compound file."""
    begins = _record(0x0809, struct.pack("<HHHHII", 0x0600, GLOBALS, 0, 1997, 0, 0))
    ends = _record(0x000A, b"")
    name = "名单"
    at = len(begins) + len(ends) + 4 + 8 + 2 * len(name)
    bound = _record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 1) + name.encode("utf-16-le"))
    cells = b"".join(_xls_cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row) if value is not None)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, SHEET, 0, 1997, 0, 0)) + cells + ends
    return _compound("Workbook", begins + bound + ends + sheet)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _xls_cell(y: int, x: int, value: str | int) -> bytes:
    where = struct.pack("<HHH", y, x, 0)
    if isinstance(value, str):
        return _record(0x0204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, where + struct.pack("<d", value))


def _compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream, long enough to stand in sectors of its own: table, directory, stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    table = [TABLE_SECTOR, CHAIN_END, *range(3, 2 + count), CHAIN_END]
    assert len(table) <= SECTOR // 4, "one sector of the table holds no more"
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, CHAIN_END, 0, CHAIN_END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    directory = _entry("Root Entry", 5, 1, CHAIN_END, 0) + _entry(name, 2, NO_ENTRY, 2, len(stream)) + b"\0" * 256
    return head + struct.pack("<128I", *table, *[FREE] * (128 - len(table))) + directory + stream


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    spelt = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, NO_ENTRY, NO_ENTRY, child)
    return spelt.ljust(64, b"\0") + struct.pack("<H", len(spelt)) + links + b"\0" * 36 + struct.pack("<IQ", first, size)
