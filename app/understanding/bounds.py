"""The words around a number that make it vague: 不到, 将近, 左右, 出头, 往上, 至少, 撑死."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_BEFORE = {
    "below": "不到|不足|不够|没够|还没(?=[0-9一两三四五六七八九十半])|不满|没到|没有到|未满|低于|少于|小于",
    "at_most": "最多|顶天|顶多|撑死|不超过|不超|没超过|至多|最高|充其量",
    "near": r"(?<![凉赶尽很勤外爽最更加太愉畅飞])快(?!餐|递|手)|将近|(?<![附最远亲靠就])近|接近|(?<![大老最从])小(?=[0-9一二两三四五六七八九十百千万半])|奔|年近|眼看|眼瞅着|马上|挨近|临近",
    "about": "大概其?|大约摸?|约摸|约莫|差不多|估计|约|大致|大体",
    "above": "至少|少说|起码|最少|最低|不下|不止|不少于|不低于|超过|多于|高于|大于|(?<![经难通越])超|[上过破](?=[百千万])",
    "reached": r"(?<![网路早晚村地身街会加线以床炕证本])上了?|年过|过了(?=[二三四五六七八九])",
    "just": "刚出|刚过",
    "exact": "刚满|刚好|正好|整整|足足|刚够",
}
_AFTER = {
    "about": "左右|上下(?!班|学|楼|车|游|级|铺)|前后",
    "just": "刚?出头|出点头|冒头|冒尖|挂零|拐弯|刚过|多点",
    "above": "往上|以上|之上|朝上|靠上|起步|打底|开外|还多|还不止|不止|打不住|挡不住|[+](?![^，,。]{0,5}[0-9一二两三四五六七八九十])",
    "below": "(?:不到|不足)(?![0-9一二两三四五六七八九十几])|以下|之下|往下|以里",
    "at_most": "以内|之内|内(?![蒙地部退向行容心里])|封顶|顶天|撑死|到头|为止|最多|顶多|打住",
}
_LINK = r"(?:还|也|就|得|要|能|只|再|可以|需要|大概)*(?:有|是|个|着|雇|养|种|包|贷|借|批|挣|赚|卖|投|花|给|补|请|招|待|干|差|缺|出|交|到|存|欠|还|用)?(?:上|了|个|到|下|着)?"


def _any(words: dict[str, str]) -> str:
    return "|".join(f"(?P<{name}>{said})" for name, said in words.items())


_BEFORE_NUMBER = re.compile(rf"(?:{_any(_BEFORE)})(?P<link>{_LINK})\s?(?=(?s:.)\Z)")
_AFTER_NUMBER = re.compile(rf"\s?(?:{_any(_AFTER)})")


def _signs(*patterns: str) -> frozenset[str]:
    """Every sign that a word of the patterns may begin or end with, and a few more: to see quickly that there is none."""
    return frozenset(sign for pattern in patterns for sign in pattern if not sign.isascii()) | {" ", "+"}


_ENDS, _STARTS = _signs(*_BEFORE.values(), _LINK), _signs(*_AFTER.values())
WHOLE = frozenset({"age", "count"})
"""Kinds that are counted in whole numbers: 不到五个 is four at most."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a word does to the number beside it (below, at_most, near, about, above, just, exact), and where the words end or begin."""

    name: str
    at: int


def before(text: str, start: int, floor: int) -> Bound | None:
    """The bounding word behind `floor` that ends at `start`; its `at` is where it begins, or `start` when a verb stands between (最多能贷|十万)."""
    if start <= floor or text[start - 1] not in _ENDS:
        return None
    floor = max(floor, start - 10)
    found = _BEFORE_NUMBER.search(text[floor : start + 1])
    if found is None:
        return None
    name = next(name for name in _BEFORE if found[name])
    return Bound(name, start if found["link"] else floor + found.start())


def after(text: str, end: int) -> Bound | None:
    """The bounding word that begins at `end`; its `at` is where it ends."""
    if end >= len(text) or text[end] not in _STARTS:
        return None
    found = _AFTER_NUMBER.match(text, end)
    return Bound(str(found.lastgroup), found.end()) if found else None


def bounded(name: str, n: float, low: float, high: float, kind: str) -> tuple[float, float]:
    """The interval of a number `n` (low..high as said) under a bounding word, by the one table of vague words."""
    whole = kind in WHOLE
    if name == "about":
        return (low, high) if low < high else (_round(0.9 * low, whole), _round(1.1 * high, whole, up=True))
    if name == "near":
        return _round(0.9 * low, whole), high
    if name == "just":
        return (n + 1, n + 3) if kind == "age" else (n, 1.1 * n)
    if name == "below":
        return 0.0, max(0.0, high - 1) if whole and low == high else high
    if name == "at_most":
        return 0.0, high
    return (low, math.inf) if name in ("above", "reached") else (low, high)


def _round(number: float, whole: bool, up: bool = False) -> float:
    """Whole numbers for things that are counted; small ones stay as they were said (大概三个)."""
    number = round(number, 6)
    return float(math.floor(number) if up else math.ceil(number)) if whole else number
