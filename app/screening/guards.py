"""What is looked at before a file is opened: its size, what kind of file it really is, how large it becomes when unpacked."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from app.screening.problems import Problem, Unreadable

MEBIBYTE = 1024 * 1024
Kind = Literal["sheets", "csv"]
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_STRANGERS = {
    b"\xff\xd8\xff": "一张照片（jpg）", b"\x89PNG": "一张图片（png）", b"GIF8": "一张图片（gif）", b"%PDF": "PDF文件", b"{\\rtf": "文字文件（rtf）",
    b"Rar!": "压缩包（rar）", b"7z\xbc\xaf": "压缩包（7z）", b"\x1f\x8b": "压缩包（gz）", b"MZ": "程序", b"<!DO": "网页", b"<htm": "网页", b"BM": "一张图片（bmp）",
}  # fmt: skip
_MEMBERS = {"word/": "Word文档", "ppt/": "幻灯片"}
_SHEETS = ("xl/workbook.xml", "xl/workbook.bin")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Limits:
    """What is still read. Sizes in bytes; `ratio`: unpacked size over packed size, looked at above ten mebibytes."""

    sheet_bytes: int = 64 * MEBIBYTE
    csv_bytes: int = 1024 * MEBIBYTE
    unpacked_bytes: int = 512 * MEBIBYTE
    ratio: int = 150
    columns: int = 300
    rows: int = 2_000_000


@dataclass(frozen=True)
class Source:
    """A file on disk or its bytes, behind one face."""

    of: Path | bytes

    @property
    def size(self) -> int:
        return self.of.stat().st_size if isinstance(self.of, Path) else len(self.of)

    def open(self) -> BinaryIO:
        return self.of.open("rb") if isinstance(self.of, Path) else io.BytesIO(self.of)

    def head(self, count: int = 4096) -> bytes:
        with self.open() as file:
            return file.read(count)


def kind_of(source: Source, limits: Limits) -> Kind:
    """Whether it is a spreadsheet or delimited text, and small enough. Raises Unreadable for anything else, before any of it is parsed."""
    size = source.size
    if size == 0:
        raise Unreadable(Problem("empty"))
    head = source.head()
    packed = head.startswith((_OLE, _ZIP))
    most = limits.sheet_bytes if packed else limits.csv_bytes
    if size > most:
        raise Unreadable(Problem("too_large", said={"size": bytes_in_words(size), "most": bytes_in_words(most)}))
    if head.startswith(_ZIP):
        _unpackable(source, limits)
        return "sheets"
    if head.startswith(_OLE):
        return "sheets"
    for sign, kind in _STRANGERS.items():
        if head[: len(sign)].lower() == sign.lower() and (not sign.isalpha() or b"\x00" in head):
            raise Unreadable(Problem("wrong_kind", said={"kind": kind}))
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(Problem("wrong_kind", said={"kind": "别的文件"}))
    if not head.strip(b"\xef\xbb\xbf \r\n\t"):
        raise Unreadable(Problem("empty"))
    return "csv"


def bytes_in_words(size: int) -> str:
    """1.5 GB, 64 MB, 12 KB."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} B"


def _unpackable(source: Source, limits: Limits) -> None:
    """Refuses archives that are no spreadsheet, that say they unpack to too much, or that unpack to more than they say."""
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _is_spreadsheet(archive, [m.filename for m in members])
            unpacked = sum(m.file_size for m in members)
            times = unpacked // max(source.size, 1)
            if unpacked > limits.unpacked_bytes or (unpacked > 10 * MEBIBYTE and times > limits.ratio):
                raise Unreadable(Problem("unpacks_too_large", said={"size": bytes_in_words(unpacked), "times": times}))
            if archive.testzip() is not None:
                raise Unreadable(Problem("broken"))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError):
        raise Unreadable(Problem("broken")) from None
    except RuntimeError:  # zipfile's way to say that a member is encrypted
        raise Unreadable(Problem("locked")) from None


def _is_spreadsheet(archive: zipfile.ZipFile, names: list[str]) -> None:
    if any(name in _SHEETS for name in names):
        return
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 and archive.read("mimetype").startswith(_SPREADSHEET):
        return
    kind = next((kind for start, kind in _MEMBERS.items() if any(n.startswith(start) for n in names)), "压缩包（zip）")
    raise Unreadable(Problem("wrong_kind", said={"kind": kind}))
