"""The figure guard: every number, date and Chinese numeral before a unit in a reply must be one that the reply may use.

What it may use (`Allowed`) is gathered from the catalogue and the person's words, never from the reply's own text: figures in force and of
history, arithmetic over them, counts that the reply made, names that hold digits (documents, telephone lines), the person's own words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.catalog.prose import digits

_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})-(\d{2})-(\d{2})|(\d{1,2}) ([A-Z][a-z]+) (\d{4})")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?\s?[万亿]?")
_SIZES = {"万": 10_000, "亿": 100_000_000}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CLOSE = 1e-6
CUT = "\0"
FULL_WIDTH = {ord("０") + n: str(n) for n in range(10)}


@dataclass(frozen=True)
class Allowed:
    """What a reply may say. `names` are cut out as they stand before numbers are looked for."""

    numbers: frozenset[float] = frozenset()
    dates: frozenset[dt.date] = frozenset()
    names: frozenset[str] = frozenset()


def guard(texts: Iterable[str], allowed: Allowed) -> list[str]:
    """The pieces of the texts that nothing allowed covers, in order; empty when the reply may go out."""
    names = sorted({n.translate(FULL_WIDTH) for n in allowed.names if n}, key=lambda n: (-len(n), n))
    return [piece for text in texts for piece in _uncovered(_without(text.translate(FULL_WIDTH), names), allowed)]


def _without(text: str, names: Iterable[str]) -> str:
    """The text with the names cut out; a name that is a bare number only where it stands alone."""
    for name in names:
        if name in text:
            text = re.sub(rf"(?<![\d.,]){name}(?![\d万亿%]|[.,]\d)", CUT, text) if name.isdigit() else text.replace(name, CUT)
    return text


def _uncovered(text: str, allowed: Allowed) -> list[str]:
    found: list[str] = []

    def date(match: re.Match[str]) -> str:
        if _day(match) not in allowed.dates:
            found.append(match.group())
        return CUT

    bare = _DATE.sub(date, text)
    found += [m.group() for m in _NUMBER.finditer(bare) if not _known(_value(m.group()), allowed.numbers)]
    rest = digits(_NUMBER.sub(CUT, bare))
    return [*found, rest] if rest else found


def _day(match: re.Match[str]) -> dt.date | None:
    zh, iso, en = match.group(1, 2, 3), match.group(4, 5, 6), match.group(7, 8, 9)
    try:
        if zh[0] or iso[0]:
            year, month, day = (int(part) for part in (zh if zh[0] else iso))
            return dt.date(year, month, day)
        return dt.date(int(en[2]), _MONTHS.index(en[1]) + 1, int(en[0]))
    except ValueError:
        return None


def _value(said: str) -> float:
    size = _SIZES.get(said[-1], 1)
    return float(said.rstrip("万亿 ").replace(",", "").strip()) * size


def _known(value: float, numbers: frozenset[float]) -> bool:
    return value in numbers or any(abs(value - n) <= CLOSE * max(1.0, abs(n)) for n in numbers)
