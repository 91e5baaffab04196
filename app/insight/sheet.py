"""Questions for offices as a workbook, and the workbook that comes back as confirmations.

Nothing is half saved: a sheet in which any filled row cannot be read gives problems and no confirmations. Rows without an answer are left alone.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.catalog.catalog import Catalog
from app.catalog.confirmations import Confirmation, misfit
from app.catalog.windows import FIELDS, Field
from app.insight.answers import Unclear, read_answer, read_day, said
from app.screening.problems import Unreadable
from app.screening.reader import Table, read_table
from app.screening.xlsx import Sheet, sheet_of, write_xlsx
from app.wording.to_confirm import Item, WindowItem, read_key

QUESTIONS, WINDOWS, HELP = "待核实", "窗口", "怎么填"
KEY, ANSWER, SINCE, DOCUMENT, CLAUSE, DAY, OFFICE, BY, NOTE = (
    "编号（请不要改）", "答复", "从哪天起", "文件", "条款", "核实日期", "核实单位", "经手人", "备注",
)  # fmt: skip
ASKED = ("问过的人", "扶持措施", "核实什么", "地方", "现在写的", "出处", "问题")
SIGNED = (DAY, OFFICE, BY)
WINDOW_FIELDS: Mapping[str, Field] = {"地址": "address", "上班时间": "hours", "电话": "phone"}
HEADERS: Mapping[str, tuple[str, ...]] = {
    QUESTIONS: (KEY, *ASKED, ANSWER, SINCE, DOCUMENT, CLAUSE, *SIGNED, NOTE),
    WINDOWS: (KEY, "问过的人", "县（市、区）", "单位", "现在写的", *WINDOW_FIELDS, *SIGNED),
}
WIDTHS = {
    KEY: 14,
    "扶持措施": 24,
    "现在写的": 26,
    "出处": 36,
    "问题": 48,
    ANSWER: 24,
    DOCUMENT: 28,
    "单位": 26,
    "地址": 30,
    "上班时间": 24,
    "电话": 18,
}
EXPLAINED = (
    f"“{ANSWER}”写“是”“不是”，或者写出正确的数，比如3000元、12个月。弄不清的空着，空着的不算。",
    f"数变了的，“{SINCE}”写从哪天起，比如2026-01-01；不写就从核实那天算。",
    f"“{DOCUMENT}”写文件名称或者文号，“{CLAUSE}”写第几条；没有文件可以空着。",
    f"有答复的行，“{DAY}”和“{OFFICE}”一定要写；同一个单位写在第一行，下面空着就照上一行算。",
    "“窗口”那张表，知道哪样填哪样。电话带区号，比如0350-0000000。",
    "编号不要改，行可以删，顺序可以变。",
)
EMPTY = ("",) * 8
LONGEST = {DOCUMENT: 300, CLAUSE: 120, OFFICE: 120, BY: 60, NOTE: 500}


@dataclass(frozen=True)
class Returned:
    """What came back: confirmations, or what is wrong, by sheet, row and column."""

    confirmations: tuple[Confirmation, ...]
    problems: tuple[str, ...]


# ---------------------------------------------------------------- out


def write_workbook(path: Path, items: Sequence[Item], windows: Sequence[WindowItem]) -> None:
    """The sheet to send: a row for each question, empty columns for the answer."""
    asked: list[tuple[str | int, ...]] = [
        (i.key, i.asked, i.name, i.about, i.place or "", i.have, i.source, i.question, *EMPTY) for i in items
    ]
    known: list[tuple[str | int, ...]] = [
        (w.key, w.asked, w.place.label, w.name, _known(w), *[""] * (len(WINDOW_FIELDS) + len(SIGNED))) for w in windows
    ]
    explained = sheet_of(HELP, (HELP,), (90,), [(line,) for line in EXPLAINED])
    write_xlsx(path, [_sheet(QUESTIONS, asked), _sheet(WINDOWS, known), explained])


def workbook(items: Sequence[Item], windows: Sequence[WindowItem]) -> bytes:
    """The same as the bytes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "to-confirm.xlsx"
        write_workbook(path, items, windows)
        return path.read_bytes()


def _known(item: WindowItem) -> str:
    told = [(name, item.window.told(field)) for name, field in WINDOW_FIELDS.items()] if item.window else []
    return "；".join(f"{name}：{t.text}" for name, t in told if t) or "还没有"


def _sheet(name: str, rows: Sequence[Sequence[str | int]]) -> Sheet:
    return sheet_of(name, HEADERS[name], [WIDTHS.get(header, 14) for header in HEADERS[name]], rows)


# ---------------------------------------------------------------- and back


def read_back(of: Path | bytes, catalog: Catalog, today: dt.date) -> Returned:
    """The confirmations of a returned workbook. Raises Unreadable for a file that is no such workbook, OSError where there is none."""
    found: list[Confirmation] = []
    problems: list[str] = []
    first = _table(of, QUESTIONS)
    second = _table(of, WINDOWS) if first is None or WINDOWS in first.sheets else None
    for name, table in ((QUESTIONS, first), (WINDOWS, second)):
        if table is not None:
            _read(name, table, catalog, today, found, problems)
    return Returned(() if problems else tuple(found), tuple(problems))


def _table(of: Path | bytes, name: str) -> Table | None:
    """One sheet; None when nothing stands below its header."""
    try:
        return read_table(of, sheet=name, recognise=lambda text: text in HEADERS[name])
    except Unreadable as error:
        if error.problem.kind == "no_rows":
            return None
        raise


def _read(name: str, table: Table, catalog: Catalog, today: dt.date, found: list[Confirmation], problems: list[str]) -> None:
    missing = [h for h in HEADERS[name] if h not in table.header and h not in ASKED and h not in ("县（市、区）", "单位", "问过的人")]
    if missing:
        problems.append(f"{name}：少了这几列：{'、'.join(missing)}。请用我们发的表填。")
        return
    signed: dict[str, object] = {}
    for row in table.rows:
        cells = {header: cell for header, cell in zip(table.header, row.cells, strict=False) if said(cell)}
        signed |= {header: cells[header] for header in SIGNED if header in cells}
        try:
            new = list(_window(cells, signed, catalog, today) if name == WINDOWS else _question(cells, signed, catalog, today))
        except Fault as fault:
            problems.append(f"{name}第{row.number}行「{fault.column}」：{fault.why}。")
            continue
        for item in new:
            why = misfit(catalog, item)
            if why:
                problems.append(f"{name}第{row.number}行：放不进政策目录（{why}）。")
            found.append(item)


class Fault(ValueError):
    """A cell that cannot be used: which column, and what to write."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


Cells = Mapping[str, object]


def _question(cells: Cells, signed: Cells, catalog: Catalog, today: dt.date) -> Iterator[Confirmation]:
    if ANSWER not in cells:
        return
    measure, what, place = _key(cells)
    try:
        answer = read_answer(catalog, measure, what, cells[ANSWER])
    except Unclear as error:
        raise Fault(ANSWER, str(error)) from None
    on, office, by = _signed(signed, today)
    texts = {name: _text(cells, name) for name in (DOCUMENT, CLAUSE, NOTE)}
    yield Confirmation(
        what=what,
        measure=measure,
        place=None if what.startswith("gap") else place,
        holds=answer.holds,
        value=answer.value,
        since=_day(cells, SINCE, None) if SINCE in cells else None,
        document=texts[DOCUMENT],
        clause=texts[CLAUSE],
        note=texts[NOTE],
        on=on,
        office=office,
        by=by,
    )


def _window(cells: Cells, signed: Cells, catalog: Catalog, today: dt.date) -> Iterator[Confirmation]:
    given = {field: said(cells[name]) for name, field in WINDOW_FIELDS.items() if name in cells}
    if not given:
        return
    _, what, place = _key(cells)
    on, office, by = _signed(signed, today)
    known = catalog.windows.held.get((catalog.places.exact(place), what.partition(" ")[2])) if place else None
    for field in FIELDS:
        if field in given:
            told = known.told(field) if known else None
            value = None if told and told.text == given[field] else given[field][:200]
            yield Confirmation(what=f"{what}.{field}", place=place, value=value, on=on, office=office, by=by)


def _key(cells: Cells) -> tuple[str | None, str, str | None]:
    try:
        return read_key(said(cells.get(KEY)))
    except ValueError:
        raise Fault(KEY, "编号没有了或者改过，请照原来的表抄回来") from None


def _text(cells: Cells, name: str) -> str | None:
    text = said(cells.get(name))
    if len(text) > LONGEST[name]:
        raise Fault(name, f"最多{LONGEST[name]}个字")
    return text or None


def _day(cells: Cells, name: str, latest: dt.date | None) -> dt.date:
    try:
        day = read_day(cells.get(name), "写日期，比如2026-11-23")
    except Unclear as error:
        raise Fault(name, str(error)) from None
    if latest is not None and day > latest:
        raise Fault(name, f"{day}还没到")
    if day.year < 2000:
        raise Fault(name, f"{day}太早了，对一下年份")
    return day


def _signed(signed: Cells, today: dt.date) -> tuple[dt.date, str, str | None]:
    """Day, office and person of an answer."""
    office = _text(signed, OFFICE)
    if office is None or DAY not in signed:
        raise Fault(DAY if office else OFFICE, "有答复就要写上")
    return _day(signed, DAY, today), office, _text(signed, BY)
