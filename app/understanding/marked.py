"""A message as the patterns see it: fillers gone, marks made few, each quantity and each place one sign."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.understanding.dates import JUST_NOW
from app.understanding.patterns import ANY_QUANTITY, FOLDED, KINDS, Pattern
from app.understanding.placenames import PlaceMention
from app.understanding.quantities import Quantity

_KIND = {"money": "M", "duration": "D", "date": "T", "age": "A", "number": "N", "share": "H"}
_PEOPLE = frozenset("个人口名位") | {None, "个人"}
_MARKS = {
    **dict.fromkeys(",，、;；:：~～…—-·/|()（）[]【】\"“”'‘’《》<>*", "，"),
    **dict.fromkeys("。!！.\n", "。"),
    **dict.fromkeys("?？", "？"),
}
_SELF_E = re.compile(r"(?<![金数名余差配限总份销业超定票税空])额(?![度外头满])")
Item = Quantity | PlaceMention


@dataclass(frozen=True)
class Marked:
    """`text[i]` stands for the characters start[i]..end[i] of the plain text; `items[i]` is the quantity or place there, if any."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    items: dict[int, Item]
    as_of: dt.date

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the plain text behind text[start:end]."""
        if start >= end or not self.text:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[min(end, len(self.ends)) - 1]

    def quantity(self, at: int) -> Quantity | None:
        """The quantity at a sign."""
        item = self.items.get(at)
        return item if isinstance(item, Quantity) else None

    def place(self, at: int) -> PlaceMention | None:
        """The place at a sign."""
        item = self.items.get(at)
        return item if isinstance(item, PlaceMention) else None


def mark(text: str, quantities: Sequence[Quantity], places: Sequence[PlaceMention], fillers: Pattern, as_of: dt.date) -> Marked:
    """The message with its quantities and places as single signs. A place wins over a quantity inside it."""
    items = _items(quantities, places)
    plain = _SELF_E.sub("我", text.lower().translate(FOLDED)) if len(text.lower()) == len(text) else text.translate(FOLDED)
    skipped = {i for m in fillers.finditer(plain) for i in range(m.start(), m.end())}
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kept: dict[int, Item] = {}
    at = 0
    while at < len(text):
        item = items.get(at)
        end = item.end if item else at + 1
        sign = _sign_of(item, plain) if item else ("" if at in skipped else _letter(plain, at))
        if item:
            kept[len(letters)] = item
        if sign and not (sign in "，。" and (not letters or letters[-1] in "，。？")):
            letters.append(sign)
            starts.append(at)
            ends.append(end)
        at = end
    return Marked("".join(letters), tuple(starts), tuple(ends), kept, as_of)


def _items(quantities: Sequence[Quantity], places: Sequence[PlaceMention]) -> dict[int, Item]:
    taken = {i for p in places for i in range(p.start, p.end)}
    free = [q for q in quantities if not taken & set(range(q.start, q.end))]
    found: tuple[Item, ...] = (*places, *free)
    return {item.start: item for item in found if item.end > item.start}


def _sign_of(item: Item, text: str) -> str:
    if isinstance(item, PlaceMention):
        return KINDS["P"]
    if item.kind == "area":
        return KINDS["R"] if item.unit == "亩" else KINDS["Q"]
    if item.kind == "count":
        return KINDS["B"] if item.unit in _PEOPLE else KINDS["C"]
    if item.kind == "date" and item.high < 0 and not text.startswith(JUST_NOW, item.start):
        return KINDS["F"]
    return KINDS[_KIND.get(item.kind, "N")]


def _letter(text: str, at: int) -> str:
    sign = text[at]
    if sign in _MARKS:
        return _MARKS[sign]
    if sign == " ":
        return "，" if _is_word(text, at - 1) and _is_word(text, at + 1) else ""
    if sign.isalnum() or sign in ANY_QUANTITY:
        return sign
    return "，" if ord(sign) > 0x2000 else sign


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (not text[at].isascii() or text[at].isalnum())
