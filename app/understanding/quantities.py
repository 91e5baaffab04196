"""Quantities in a message: sums, ages, durations, dates, areas, shares and counts, each with the span of its words.

The text is already normalised (half-width, simplified). What looks like a number and is none (三轮车, 三年级, 12345) is left out.

In order: years of birth (births), dates, odd forms (special) and traps are found and blotted out; in what is left numerals are read one by
one (numerals, joined.ranged), each with its measure (units) and the words that bound it (bounds), or judged by its surroundings (context).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.understanding import context
from app.understanding.births import births, zodiac
from app.understanding.dates import dates
from app.understanding.joined import joined, ranged, rated
from app.understanding.measured import Message, bare, measured
from app.understanding.numerals import read
from app.understanding.quantity import Quantity
from app.understanding.seasons import PARTS
from app.understanding.special import half, loosely, special
from app.understanding.traps import TRAPS

__all__ = ["Quantity", "quantities"]

_HIDDEN = "\x00"
_ANY = re.compile(
    rf"[0-9零〇一二两三四五六七八九十百千万几俩仨数半幺后年月日天周刚节春秋夏冬收正腊昨前夜上下这本个分星礼{''.join(sorted({word[0] for word in PARTS}))}]"
)
_BEGINS = re.compile(r"[0-9零〇一二两三四五六七八九十百千万几俩仨数]|[大小多]?半(?=[年个月亩成斤载多百])|个[把半来多]月|年[把半]|天把")
_AGO = re.compile(r"(?:以|之)?前(?![后途面提几两年天去台景端])")


def quantities(text: str, as_of: dt.date) -> list[Quantity]:
    """All quantities of a normalised text, in order, never overlapping. Dates count back from `as_of`."""
    if not _ANY.search(text):
        return []
    found = births(text, as_of)
    hidden = _hide(text, _spans(found))
    found += dates(hidden, as_of)
    hidden = _hide(text, _spans(found))
    odd = list(special(hidden))
    hidden = _hide(hidden, _spans(odd))
    hidden = _hide(hidden, (match.span() for match in TRAPS.finditer(hidden)))
    counted = rated(joined(list(_scan(Message(text, hidden))), text), hidden)
    sign = zodiac(text, [q for q in (*found, *counted) if q.kind == "age"], as_of)
    return _apart((*found, *odd, *counted, *([sign] if sign else ())))


def _apart(found: Iterable[Quantity]) -> list[Quantity]:
    """In order, and of two that overlap the first."""
    kept: list[Quantity] = []
    for quantity in sorted(found, key=lambda q: q.start):
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _spans(found: Iterable[Quantity]) -> Iterator[tuple[int, int]]:
    return ((quantity.start, quantity.end) for quantity in found)


def _hide(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with some stretches blotted out, every other sign where it was."""
    for start, end in spans:
        text = text[:start] + _HIDDEN * (end - start) + text[end:]
    return text


def _scan(message: Message) -> Iterator[Quantity]:
    at = 0
    while match := _BEGINS.search(message.hidden, at):
        quantity, at = _at(message, match.start())
        if quantity is not None:
            message = replace(message, done=quantity.end)
            yield quantity


def _at(message: Message, at: int) -> tuple[Quantity | None, int]:
    """The quantity that begins at `at`, if any, and where to look on."""
    hidden = message.hidden
    loose = loosely(hidden, at)
    if loose:
        return loose, loose.end
    number = half(hidden, at) or read(hidden, at)
    if number is None:
        return None, at + 1
    number = ranged(hidden, number)
    if not context.is_said(message.text, number) or (number.arabic and context.is_latin(hidden, at - 1)):
        return None, number.end
    quantity = measured(message, number) or bare(message, number)
    if quantity is None:
        return None, number.end
    quantity = _ago(hidden, quantity) if quantity.kind == "duration" else quantity
    return quantity, quantity.end


def _ago(text: str, quantity: Quantity) -> Quantity:
    """三年前: a date."""
    match = _AGO.match(text, quantity.end)
    if match is None or quantity.high > 1200:
        return quantity
    slack = min(6.0, quantity.value / 4)
    low, high = round(max(0.0, quantity.low - slack), 4), round(quantity.high + slack, 4)
    return replace(quantity, kind="date", low=low, high=high, approximate=True, end=match.end(), unit="月")
