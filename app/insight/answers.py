"""What an office wrote into a cell, read as a confirmation's answer: yes, no, or another value. Nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from app.catalog.catalog import Catalog
from app.catalog.confirmations import Value
from app.catalog.models import Figure
from app.understanding.numerals import read
from app.wording.amounts import UNITS_ZH

YES = frozenset(
    {
        "是",
        "对",
        "属实",
        "没变",
        "不变",
        "一样",
        "还办",
        "在办",
        "继续",
        "有效",
        "正确",
        "通",
        "打得通",
        "√",
        "✓",
        "v",
        "V",
        "yes",
        "Y",
        "y",
    }
)
NO = frozenset(
    {"不是", "不对", "不办了", "停了", "取消", "已取消", "已停", "停办", "无效", "没有", "打不通", "错", "×", "✗", "x", "X", "no", "N", "n"}
)
LONGEST = 300
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_FILLER = frozenset("元块钱每一整/（）() 个")
_ENDS = "。．.!！,，;； "


class Unclear(ValueError):
    """The cell cannot be read; says what to write."""


@dataclass(frozen=True)
class Answer:
    """Yes or no, or (then `holds`) a value."""

    holds: bool
    value: Value | None = None


def read_answer(catalog: Catalog, measure: str | None, what: str, cell: object) -> Answer:
    """The answer to one question. Raises Unclear."""
    kind, _, target = what.partition(" ")
    text = said(cell)
    if kind != "gap" and (text in YES or text in NO):
        return Answer(text in YES)
    if kind == "figure":
        entry = catalog.entries.get(measure or "")
        if entry is None or target not in entry.measure.figures:
            raise Unclear("编号认不出来，请用我们发的表，不要改编号")
        return Answer(True, figure_value(entry.measure.figures[target], cell))
    if kind == "valid":
        return Answer(True, read_day(cell, "写“是”“不是”，或者办到哪天，比如2027-12-31"))
    if kind == "condition":
        raise Unclear("只能写“是”或者“不是”，别的话写在备注里")
    if len(text) > LONGEST:
        raise Unclear(f"最多{LONGEST}个字")
    return Answer(True, text)


def said(cell: object) -> str:
    """A cell as text."""
    if isinstance(cell, bool):
        return "是" if cell else "不是"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).strip().rstrip(_ENDS) if cell is not None else ""


def figure_value(figure: Figure, cell: object) -> Value:
    """A figure's value from a cell: a number with or without its own unit, a date, or words. Raises Unclear."""
    if figure.unit in ("text", "phone"):
        return said(cell)[:LONGEST]
    if figure.unit == "date":
        return read_day(cell, "写日期，比如2027-12-31")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return _number(said(cell), figure)


def _number(text: str, figure: Figure) -> int | float:
    unit = UNITS_ZH.get(figure.unit, "")
    mend = f"写一个数，单位是{unit.strip('（）') or '无'}；别的话写在备注里"
    bare = text.replace(",", "").replace("，", "").removeprefix("最多").removeprefix("至少").removeprefix("约").strip()
    found = read(bare, 0)
    if found is None or found.low != found.high or found.vague:
        raise Unclear(mend)
    rest = bare[found.end :].replace("％", "%")
    if set(rest) - _FILLER - set(unit):
        raise Unclear(mend)
    return int(found.value) if found.value == int(found.value) else found.value


def read_day(cell: object, mend: str) -> dt.date:
    """A date from a cell. Raises Unclear."""
    if isinstance(cell, dt.date):
        return cell
    found = _DATE.fullmatch(said(cell))
    if found is None:
        raise Unclear(mend)
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        raise Unclear(mend) from None
