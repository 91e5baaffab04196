"""Numbers that belong together: 三到五万, 三年五年, 一年挣十万, 三千一个月."""

from __future__ import annotations

import re
from dataclasses import replace

from app.understanding import context
from app.understanding.numerals import Numeral, read
from app.understanding.quantity import Quantity

_WORDS = r"到|至|-|~|～|—+|–|还是|或者?|、"
_LINK = re.compile(rf"\s?(?:{_WORDS})\s?")
_BETWEEN = re.compile(rf"\s?(?:{_WORDS}|[，,]还是)?\s?$")
_PRICED = frozenset({"亩", "平米", "斤", "公斤", "吨", "头", "只", "棵", "株", "箱", "袋", "羽", "尾", "倍", "里"})
_UP_TO_PRICE = re.compile(r"[^，。,.;；!！?？\s]{0,5}$")
_ADJACENT = frozenset({"duration", "count", "money"})


def ranged(text: str, number: Numeral) -> Numeral:
    """The numeral with its other end: 三到五万, 30-50, 十万八万, 四万还是五万."""
    link = _LINK.match(text, number.end)
    other = read(text, link.end() if link else number.end)
    if other is None or other.asked:
        return number
    if link is None:
        return _side_by_side(number, other)
    scale = _shared_size(number, other)
    low = number.low * scale
    if low >= other.value or 200 * low < other.value or (link.group().strip() == "、" and other.value != low + scale):
        return number
    return _from_to(number, low, other.high, other)


def _shared_size(number: Numeral, other: Numeral) -> float:
    """The 万 of 三到五万, which is said once for both."""
    fits = number.step < 100 <= other.step and other.sized
    return other.step if fits and number.high * other.step <= other.value else 1.0


def _side_by_side(number: Numeral, other: Numeral) -> Numeral:
    """十万八万, 二十多三十, 十几二十万."""
    if not (number.sized and other.sized):
        return number
    scale = _shared_size(number, other)
    if number.vague and scale > 1:
        return _from_to(number, number.low * scale, other.high, other)
    alike = number.step == other.step and not number.vague and not other.vague
    if alike or (number.vague and number.low < other.value == number.high):
        return _from_to(number, min(number.low, other.low), max(number.high, other.high), other)
    return number


def _from_to(number: Numeral, low: float, high: float, other: Numeral) -> Numeral:
    sized = number.sized or other.sized
    return replace(number, value=low, low=low, high=high, end=other.end, step=other.step, sized=sized, vague=True)


def joined(found: list[Quantity], text: str) -> list[Quantity]:
    """Quantities in order, those that are two ends of one made one: 三年五年, 三万块到五万块, 三个月到半年."""
    kept: list[Quantity] = []
    for quantity in found:
        last = kept[-1] if kept else None
        if last and _is_ceiling(last, quantity, text):
            kept[-1] = replace(last, high=quantity.high, approximate=True, end=quantity.end)
            continue
        if last and _are_ends(last, quantity, text):
            low, high, value = min(last.low, quantity.low), max(last.high, quantity.high), min(last.value, quantity.value)
            quantity = replace(quantity, value=value, low=low, high=high, approximate=True, start=last.start)
            kept.pop()
        kept.append(quantity)
    return kept


def _are_ends(first: Quantity, second: Quantity, text: str) -> bool:
    if first.kind != second.kind or first.per or not _BETWEEN.match(text[first.end : second.start]):
        return False
    same = first.unit == second.unit
    if first.end == second.start:
        return same and first.unit is not None and first.kind in _ADJACENT and not first.approximate
    if text[first.end] == "、":
        return same and second.value - first.value == 1
    return first.value < second.value and (same or first.kind == "duration") and (first.unit is not None or first.kind == "money")


def _is_ceiling(first: Quantity, second: Quantity, text: str) -> bool:
    """两万多|不到三万."""
    return first.kind == second.kind and first.end == second.start and text.startswith("不到", second.start) and first.value < second.value


def rated(found: list[Quantity], text: str) -> list[Quantity]:
    """Quantities in order, sums with the period of their rate (一年挣十万, 三千一个月); that period is then no duration of its own.

    Nor is what a price is for (一亩八百) an area or a count.
    """
    kept: list[Quantity] = []
    for quantity in found:
        period = context.per_before(text, quantity.start) if quantity.kind == "money" and not quantity.per else None
        if period:
            quantity = replace(quantity, per=period[0])
            if kept and kept[-1].kind == "duration" and kept[-1].start >= period[1]:
                kept.pop()
        if quantity.kind == "money" and kept and _is_priced(kept[-1], quantity, text):
            kept.pop()
        if not (kept and (_is_period_of(kept[-1], quantity, text) or _is_price_of(kept[-1], quantity, text))):
            kept.append(quantity)
    return kept


def _is_priced(one: Quantity, money: Quantity, text: str) -> bool:
    """一亩|挣三千, 一头牛|给两千: it is a price, nobody has one of it."""
    return _is_one(one, text) and bool(_UP_TO_PRICE.match(text[one.end : money.start]))


def _is_price_of(money: Quantity, one: Quantity, text: str) -> bool:
    """八百|一亩."""
    return money.end == one.start and money.kind in ("money", "number") and _is_one(one, text)


def _is_one(quantity: Quantity, text: str) -> bool:
    return quantity.kind in ("area", "count") and text[quantity.start] in "一1" and quantity.value == 1 and quantity.unit in _PRICED


def _is_period_of(money: Quantity, quantity: Quantity, text: str) -> bool:
    """Whether a duration is the period behind a sum: 三千|一个月."""
    if not money.per or money.kind != "money" or quantity.kind != "duration":
        return False
    period = context.per_after(text, money.end)
    return period is not None and period[1] == quantity.end
