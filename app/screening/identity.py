"""ID numbers and telephone numbers: whole, with a check digit that fits, and not spoilt by a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from operator import mul

from app.screening.table import Cell
from app.understanding.normalise import normalise

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FLOAT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_MOBILE, _LANDLINE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})"), re.compile(r"(?:0\d{2,3})?\d{7,8}")
_SEPARATORS = re.compile(r"[\s\-—()（）]")
LONGEST_LIFE = 120
"""Years."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An ID number as read: its eighteen signs, the day of birth and whether a woman's; or what is wrong with it."""

    number: str | None
    born: dt.date | None = None
    female: bool = False
    wrong: str | None = None


def identity(cell: Cell, today: dt.date) -> Identity:
    """Reads an ID number; `wrong` is the kind of problem (problems.SAYS)."""
    if isinstance(cell, bool | dt.date):
        return Identity(None, wrong="id_form")
    if isinstance(cell, int | float):
        return Identity(None, wrong="rounded_id" if cell >= 1e15 else "id_form")
    text = (normalise(cell).text if cell and not cell.isascii() else cell or "").replace(" ", "").lstrip("'").upper()
    if len(text) == 18 and text[:17].isdecimal():
        return _checked(text, today)
    return Identity(None, wrong="rounded_id" if _FLOAT.fullmatch(text) else "id_form")


def _checked(text: str, today: dt.date) -> Identity:
    if _CHECKS[sum(map(mul, _WEIGHTS, map(int, text[:17]))) % 11] != text[17]:
        return Identity(None, wrong="rounded_id" if text.endswith("000") else "id_check")
    try:
        born = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return Identity(None, wrong="id_date")
    if born > today or today.year - born.year > LONGEST_LIFE:
        return Identity(None, wrong="id_date")
    return Identity(text, born, int(text[16]) % 2 == 0)


def telephone(cell: Cell) -> str | None:
    """A number as it is dialled; None where it is none. A number that a spreadsheet kept as such (13800001111.0) has lost nothing."""
    if isinstance(cell, bool | dt.date) or cell is None:
        return None
    text = f"{cell:.0f}" if isinstance(cell, float) else str(cell)
    if text.endswith(".0"):
        text = text[:-2]
    text = _SEPARATORS.sub("", text if text.isascii() else normalise(text).text)
    mobile = _MOBILE.fullmatch(text)
    if mobile:
        return mobile.group(1)
    return text if _LANDLINE.fullmatch(text) else None


def years(born: dt.date, today: dt.date) -> int:
    """Whole years lived."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def months(since: dt.date, today: dt.date) -> int:
    """Whole months gone by."""
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
