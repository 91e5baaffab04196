"""Quantities that are no number with a measure: 一半, 三分之一, 一分没有, 个把月, 大半年, 第三年."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.understanding import bounds
from app.understanding.numerals import Numeral, read
from app.understanding.quantity import Quantity
from app.understanding.units import DAY, YEAR

_LOOSE = {  # value, low, high, measure
    "个把月": (1, 0.9, 1.5, "月"), "个来月": (1, 1, 1.5, "月"), "个多月": (1, 1, 2, "月"), "个半月": (1.5, 1.5, 1.5, "月"), "年把": (1, 0.9, 1.5, "年"),
    "年半": (1.5, 1.5, 1.5, "年"), "天把": (1, 1, 2, "天"), "一年半载": (1, 0.5, 1, "年"), "十天半月": (0.5, 0.33, 0.5, "月"), "十天半个月": (0.5, 0.33, 0.5, "月"),
}  # fmt: skip
_LOOSE_AT = re.compile("|".join(sorted(_LOOSE, key=len, reverse=True)))
_LOOSE_BEFORE = frozenset("了有干就得过才出待还用来下 ，,。")
_SIZES = {"年": YEAR, "天": DAY, "月": 1.0}
_HALF = re.compile(r"(?P<more>[大多])?(?P<less>小)?半(?=年|个?多?月|亩|成|斤|载)")
_NTH_YEAR = re.compile(r"第(?=[0-9一二三四五六七八九十]{1,3}(?:个?年头?)(?!级))")
_FRACTION = re.compile(r"(百|[二三四五六七八九十])分之(?=[0-9一二两三四五六七八九十百])")
_PARTS = {"一半": (50, 50, 50), "一大半": (60, 50, 90), "一小半": (40, 10, 50), "百分百": (100, 100, 100)}
_PART = re.compile(r"(?<![大多每])一半(?![天年个月亩])|一大半|一小半|百分百(?!分之)")
_NOTHING = re.compile(
    r"(?:一|半)(分地|分钱?|毛钱?|块钱|个人?|亩地?|口人?|头|只|次|户|家|间|回)(?=(?:(?:[^，。,.!?\s]{1,3})?(?:也|都)|还|的)?(?:没|无))"
    r"|没(?:有)?(?:[^，。,.\s]{0,4}过)?一(分地|分钱?|毛钱?|亩地?|次|回)(?![一二两三四五六七八九])|分文(?=没|未|不|无)"
)


def loosely(text: str, at: int) -> Quantity | None:
    """个把月, 年把, 一年半载: spans of time without a number."""
    match = _LOOSE_AT.match(text, at)
    if match is None or (match.group()[0] not in "一十" and at > 0 and text[at - 1] not in _LOOSE_BEFORE):
        return None
    value, low, high, name = _LOOSE[match.group()]
    size = _SIZES[name]
    return Quantity("duration", value * size, low * size, high * size, low < high, at, match.end(), name)


def half(text: str, at: int) -> Numeral | None:
    """半 before a measure; 大半 is more than one half of it, 小半 a little less."""
    match = _HALF.match(text, at)
    if match is None:
        return None
    value, low, high = (2 / 3, 0.5, 1.0) if match["more"] else (0.5, 0.45 if match["less"] else 0.5, 0.5)
    return Numeral(value, low, high, at, match.end(), step=0.5, vague=low < high)


def special(text: str) -> Iterator[Quantity]:
    """All of a text, in no order."""
    yield from _fractions(text)
    yield from _nothings(text)
    yield from _running_years(text)


def _fractions(text: str) -> Iterator[Quantity]:
    done = 0
    for match in _FRACTION.finditer(text):
        number, whole = read(text, match.end()), 100.0 if match[1] == "百" else read(match[1], 0)
        if match.start() >= done and number is not None and whole is not None:
            word = bounds.after(text, number.end)
            each = 100 / (whole if isinstance(whole, float) else whole.value)
            low, high = bounds.bounded(word.name, number.value, number.low, number.high, "share") if word else (number.low, number.high)
            value, low, high = (round(n * each, 4) for n in (number.value, low, high))
            done = word.at if word else number.end
            yield Quantity("share", value, low, high, low < high, match.start(), done, "%")
    for match in _PART.finditer(text):
        value, low, high = _PARTS[match.group()]
        yield Quantity("share", value, low, high, low < high, match.start(), match.end(), "%")


def _nothings(text: str) -> Iterator[Quantity]:
    """一分没有, 一个也没, 没缴过一分钱: nought of it."""
    for match in _NOTHING.finditer(text):
        word = match[1] or match[2] or "分"
        kind, unit = "count", "人" if word == "个人" else word[0]
        if word[-1] == "地" or word[0] == "亩":
            kind, unit = "area", "亩"
        elif word[0] in "分毛块":
            kind, unit = "money", "元"
        start = match.start(2) - 1 if match[2] else match.start()
        yield Quantity(kind, 0.0, 0.0, 0.0, False, start, match.end(), unit)


def _running_years(text: str) -> Iterator[Quantity]:
    """第三年: more than two years, three at most."""
    for match in _NTH_YEAR.finditer(text):
        number = read(text, match.end())
        if number is not None and number.value <= 60:
            end = number.end + len(re.match("个?年头?", text[number.end :])[0])  # type: ignore[index]
            low, high = YEAR * (number.value - 1), YEAR * number.value
            yield Quantity("duration", (low + high) / 2, low, high, True, match.start(), end, "年")
