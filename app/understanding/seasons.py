"""Parts of a year as people name them (年底, 开春, 腊月, 五一, 过完年), and the days they cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from app.understanding import lunar

Span = tuple[dt.date, dt.date]
DAY = dt.timedelta(days=1)
MONTHS = {
    **{sign: n for n, sign in enumerate("一二三四五六七八九十", 1)}, "十一": 11, "十二": 12, "正": 1, "冬": 11, "腊": 12, "两": 2,
    **{str(n): n for n in range(1, 13)}, **{f"0{n}": n for n in range(1, 10)},
}  # fmt: skip
_FIXED = {  # first and last month (and day, where it is one feast)
    ("年底", "底", "年末", "末", "年根", "年跟前"): (11, 1, 12, 31),
    ("年初", "初", "开年", "年头"): (1, 1, 3, 31),
    ("上半年",): (1, 1, 6, 30),
    ("下半年",): (7, 1, 12, 31),
    ("春天", "春上", "春季", "春"): (3, 1, 5, 31),
    ("开春", "开了春"): (2, 15, 4, 15),
    ("夏天", "夏季", "夏"): (6, 1, 8, 31),
    ("秋天", "秋季", "秋上", "秋"): (8, 15, 11, 15),
    ("秋收后", "秋收完", "秋收", "秋后", "收完秋", "收了秋", "收秋"): (9, 20, 11, 10),
    ("三伏天", "伏天", "入伏"): (7, 11, 8, 20),
    ("入冬",): (11, 1, 11, 30),
    ("麦收",): (6, 1, 6, 25),
    ("元旦",): (1, 1, 1, 3),
    ("五一",): (5, 1, 5, 5),
    ("三八节", "三八妇女节", "妇女节"): (3, 8, 3, 8),
    ("六一", "儿童节"): (6, 1, 6, 1),
    ("建军节",): (8, 1, 8, 1),
    ("教师节",): (9, 10, 9, 10),
    ("国庆", "十一"): (10, 1, 10, 7),
    ("双11", "双十一"): (11, 1, 11, 12),
    ("双12", "双十二"): (12, 10, 12, 13),
    ("暑假",): (7, 1, 8, 31),
    ("寒假",): (1, 10, 2, 20),
}  # fmt: skip
_SOLAR_TERMS = {  # the day of the common calendar on which each begins, give or take one
    "小寒": (1, 6), "大寒": (1, 20), "立春": (2, 4), "雨水": (2, 19), "惊蛰": (3, 6), "春分": (3, 21), "清明": (4, 5), "谷雨": (4, 20),
    "立夏": (5, 6), "小满": (5, 21), "芒种": (6, 6), "夏至": (6, 21), "小暑": (7, 7), "大暑": (7, 23), "立秋": (8, 8), "处暑": (8, 23),
    "白露": (9, 8), "秋分": (9, 23), "寒露": (10, 8), "霜降": (10, 23), "立冬": (11, 7), "小雪": (11, 22), "大雪": (12, 7), "冬至": (12, 22),
}  # fmt: skip
ALSO_WEATHER = frozenset({"雨水", "小雪", "大雪", "大寒", "小满", "白露"})
"""Solar terms that are everyday words or names too."""


def _fixed(m1: int, d1: int, m2: int, d2: int) -> Callable[[int], Span]:
    return lambda year: (dt.date(year, m1, d1), dt.date(year, m2, d2))


def _feast(month: int, day: int) -> Callable[[int], Span]:
    def span(year: int) -> Span:
        at = lunar.month(year, month)[0] + (day - 1) * DAY
        return at - DAY, at + DAY

    return span


def _term(month: int, day: int) -> Callable[[int], Span]:
    return lambda year: (dt.date(year, month, day) - DAY, dt.date(year, month, day) + DAY)


def _around_new_year(first: int, last: int) -> Callable[[int], Span]:
    return lambda year: (lunar.new_year(year) + first * DAY, lunar.new_year(year) + last * DAY)


def _winter(year: int) -> Span:
    return dt.date(year, 11, 10), dt.date(year + 1, 2, 10)


PARTS: dict[str, Callable[[int], Span]] = {
    **{word: _fixed(*span) for words, span in _FIXED.items() for word in words},
    **dict.fromkeys(("冬天", "冬季", "冬上", "冬里"), _winter),
    **dict.fromkeys(("端午", "五月端午"), _feast(5, 5)),
    **dict.fromkeys(("中秋", "八月十五"), _feast(8, 15)),
    **dict.fromkeys(("元宵节", "元宵"), _feast(1, 15)),
    **dict.fromkeys(("重阳节", "重阳"), _feast(9, 9)),
    **{word: _feast(*day) for word, day in {"二月二": (2, 2), "七夕": (7, 7), "腊八": (12, 8)}.items()},
    **{word: _term(*day) for word, day in _SOLAR_TERMS.items()},
    **dict.fromkeys(("春节", "过年"), _around_new_year(-10, 15)),
    **dict.fromkeys(("过完年", "过了年", "年后", "春节后", "过年后"), _around_new_year(1, 30)),
    **dict.fromkeys(("年前", "春节前", "过年前"), _around_new_year(-30, -1)),
    **dict.fromkeys(("出了正月", "出正月"), _around_new_year(30, 45)),
}
"""A part of a year -> the days it covers in the year of that number."""
BY_THEMSELVES = (
    "二月二",
    "七夕",
    "腊八",
    "元宵节",
    "元宵",
    "重阳节",
    "重阳",
    "三伏天",
    "伏天",
    "入伏",
    "收完秋",
    "收了秋",
    "收秋",
    "三八妇女节",
    "三八节",
    "妇女节",
    "儿童节",
    "建军节",
    "教师节",
    *_SOLAR_TERMS,
)
"""Parts that name a time without a year beside them."""
ALWAYS_LUNAR = frozenset({"腊", "正", "冬"})


def month(year: int, number: int) -> Span:
    """First and last day of a month of the common calendar."""
    following = dt.date(year + number // 12, number % 12 + 1, 1)
    return dt.date(year, number, 1), following - DAY


def whole_year(year: int) -> Span:
    """First and last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def nearest(span_of: Callable[[int], Span], as_of: dt.date, ahead: bool) -> Span:
    """The latest such part of a year that had begun on `as_of`; with `ahead` the next that has not ended."""
    spans = [span_of(as_of.year + n) for n in (-2, -1, 0, 1, 2)]
    if ahead:
        return next(span for span in spans if span[1] >= as_of)
    return next(span for span in reversed(spans) if span[0] <= as_of)


def months_before(day: dt.date, as_of: dt.date) -> int:
    """Whole months from `day` to `as_of`; negative when `day` is still to come."""
    if day > as_of:
        return -months_before(as_of, day)
    return (as_of.year - day.year) * 12 + as_of.month - day.month - (day.day > as_of.day)
