"""Delimited text: UTF-8 with or without a mark, UTF-16, or GBK; any usual delimiter; read in one stream, however long."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from app.screening.guards import Limits, Source
from app.screening.header import LOOKED_AT, Header, Recognise, find_header
from app.screening.problems import Problem, Unreadable
from app.screening.table import Cell, Row, Table, named

BLOCK = 1024 * 1024
DELIMITERS = (",", "\t", ";", "|", "，")


def read_delimited(source: Source, limits: Limits, recognise: Recognise | None) -> Table:
    """The table of a text file. Raises Unreadable."""
    encoding, lines, quoted = _decoded(source)
    if lines > limits.rows:
        raise Unreadable(Problem("too_long", said={"rows": lines, "most": limits.rows}))
    sample = _sample(source, encoding)
    delimiter = _delimiter(sample)
    first = list(_first_rows(sample, delimiter))
    header = find_header(first, (), recognise)
    if header is None:
        raise Unreadable(Problem("no_header"))
    if len(header.names) > limits.columns:
        raise Unreadable(Problem("too_wide", said={"columns": len(header.names), "most": limits.columns}))
    return _table(source, encoding, delimiter, header, lines, quoted)


def _table(source: Source, encoding: str, delimiter: str, header: Header, lines: int, quoted: bool) -> Table:
    names = list(header.names)
    while names and not names[-1]:
        names.pop()
    titles, problems = named(names)
    if header.first > 0:
        problems.append(Problem("header_not_first", row=header.first + 1, said={"at": header.first + 1}))
    below = StreamedRows(source, encoding, delimiter, len(titles), header.last + 1, 0)
    count = sum(1 for _ in below.records()) if quoted else max(0, lines - header.last - 1)
    rows = StreamedRows(source, encoding, delimiter, len(titles), header.last + 1, count)
    if next(iter(rows), None) is None:
        raise Unreadable(Problem("no_rows"))
    return Table(None, (), titles, header.first + 1, rows, tuple(problems))


@dataclass(frozen=True)
class StreamedRows:
    """Rows that are read from the file each time they are asked for. `skip`: rows up to and with the header."""

    source: Source
    encoding: str
    delimiter: str
    width: int
    skip: int
    lines: int

    def records(self) -> Iterator[tuple[int, list[str] | Problem]]:
        """Each row below the header with its number (the line where it begins), or what ended the reading."""
        with self.source.open() as file, io.TextIOWrapper(file, self.encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            seen = 0
            begins = 1
            while True:
                try:
                    record = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    lost = "expected after" not in str(error)
                    yield begins, Problem("open_quote" if lost else "stray_quote", row=begins)
                    if lost:
                        return
                    begins = reader.line_num + 1
                    continue
                seen += 1
                if seen > self.skip:
                    yield begins, record
                begins = reader.line_num + 1

    def __iter__(self) -> Iterator[Row]:
        width = self.width
        for number, record in self.records():
            if isinstance(record, Problem):
                yield Row(number, (None,) * width, record)
                continue
            cells = [c.strip() or None for c in record]
            problem = None
            if len(cells) != width:
                while len(cells) > width and cells[-1] is None:
                    cells.pop()
                if len(cells) > width:
                    problem = Problem("more_cells", row=number, said={"cells": len(cells), "columns": width})
                    del cells[width:]
                cells += [None] * (width - len(cells))
            if problem is None and not any(cells):
                continue
            yield Row(number, tuple(cells), problem)


def _decoded(source: Source) -> tuple[str, int, bool]:
    """The encoding in which the whole file can be read, how many lines it has, and whether there are quotation marks. Raises Unreadable."""
    head = source.head(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        choices = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        choices = ["utf-8-sig"]
    else:
        choices = ["utf-8", "gb18030"]
    for encoding in choices:
        lines, quoted, whole = _tried(source, encoding)
        if whole:
            return encoding, lines, quoted
    raise Unreadable(Problem("encoding", said={"line": lines + 1}))


def _tried(source: Source, encoding: str) -> tuple[int, bool, bool]:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, quoted, last = 0, False, "\n"
    with source.open() as file:
        while True:
            block = file.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return lines + block[: error.start].count(b"\n"), quoted, False
            if "\x00" in text:
                return lines, quoted, False
            lines += text.count("\n")
            quoted = quoted or '"' in text
            last = text[-1:] or last
            if not block:
                return lines + (last != "\n"), quoted, True


def _sample(source: Source, encoding: str) -> str:
    with source.open() as file, io.TextIOWrapper(file, encoding, newline="") as text:
        return "".join(line for _, line in zip(range(LOOKED_AT + 5), iter(lambda: text.readline(BLOCK), ""), strict=False))


def _delimiter(sample: str) -> str:
    """The delimiter that splits most lines into the same number of cells."""

    def worth(delimiter: str) -> tuple[int, int]:
        widths = [line.count(delimiter) for line in sample.splitlines() if line.strip()]
        most = max(set(widths), key=lambda w: (widths.count(w) if w else 0, w), default=0)
        return (widths.count(most) if most else 0, most)

    return max(DELIMITERS, key=worth)


def _first_rows(sample: str, delimiter: str) -> Iterator[list[Cell]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    for _ in range(LOOKED_AT):
        try:
            yield [_cell(c) for c in next(reader)]
        except (StopIteration, csv.Error):
            return


def _cell(text: str) -> Cell:
    return text.strip() or None
