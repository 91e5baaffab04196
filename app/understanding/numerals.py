"""Numerals as people say them: 一万五, 2.5w, 二十来万, 三五百, 千儿八百, 好几十.

A numeral is an interval: 二十来万 is 200,000 to 250,000. `step` is the size of its last place (一百五 10, 二十万 10,000), which 来, 多 and 几
add a part of, and from which 一万五 knows that its 五 is five thousand.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

DIGITS = {**{sign: n for n, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "俩": 2, "仨": 3}
_SMALL = {"十": 10.0, "百": 100.0, "千": 1_000.0, "k": 1_000.0, "K": 1_000.0}
_LARGE = {"万": 10_000.0, "w": 10_000.0, "W": 10_000.0, "亿": 100_000_000.0}
_SEVERAL = {"": (5, 2, 9), "没": (2, 1, 3), "大": (7, 5, 9), "小": (3, 2, 5)}  # 几 after this sign: value, low, high
_WHOLE = {  # said in one breath: value, low, high
    "千儿八百": (1_000, 800, 1_000), "千八百": (1_000, 800, 1_000), "万儿八千": (10_000, 8_000, 10_000), "万八千": (10_000, 8_000, 10_000),
    "百儿八十": (100, 80, 100), "百八十": (100, 80, 100), "百十来": (110, 100, 130), "百十": (110, 100, 120), "半百": (50, 50, 50),
    "万把": (10_000, 9_000, 11_000), "千把": (1_000, 900, 1_100), "百把": (100, 90, 110),
    "万数": (10_000, 9_000, 11_000), "千数": (1_000, 900, 1_100), "百数": (100, 90, 110),
}  # fmt: skip
_FIXED = re.compile("|".join(_WHOLE))
_ARABIC = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?")
_POINT = re.compile(r"([零一二两三四五六七八九])点([零一二三四五六七八九]{1,2})(?=[万亿亩倍斤吨%平个])")
_PAIRS = {(3, 5), (3, 2), (5, 7), (5, 8)}  # beside neighbours such as 七八: 三五个, 三两年
_AFTER_ONE = r"[个亩斤头只家户人口间平次趟棵台吨]"
_TIME = r"个?(?:月|年|天|星期|礼拜|季度)|分地?|厘|成(?!本)|次"
_OTHER_QUANTITY = {  # after a short last digit (三千|一个月, 十万|三年) it counts something of its own
    "one": re.compile(f"{_TIME}|{_AFTER_ONE}"),
    "large": re.compile(f"{_TIME}|[个亩口人户家]"),
    "small": re.compile(_TIME),
}
_MEASURE_AFTER_LAI = re.compile(r"[万亿wW岁年天亩块元斤吨个头只户家口人间棵平米里名位条台次套号分周月公孔座笔辆张回口栋羽尾匹]")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text: `value` as said, `low`..`high` what it may be; text[start:end] are its words.

    `step`: size of the last place. `vague`: said so (来, 多, 几, 三五). `arabic`: begins with figures. `sized`: holds 十, 百, 千, 万 ....
    `asked`: begins with 几, which may be a question.
    """

    value: float
    low: float
    high: float
    start: int
    end: int
    step: float = 1.0
    vague: bool = False
    arabic: bool = False
    sized: bool = False
    asked: bool = False

    def times(self, factor: float, end: int) -> Numeral:
        """The numeral with a size behind it (五 + 万), which is its last place now."""
        low, high = _clean(self.low * factor), _clean(self.high * factor)
        return replace(self, value=_clean(self.value * factor), low=low, high=high, step=factor, end=end, sized=True)

    def plus(self, tail: Numeral, factor: float = 1.0) -> Numeral:
        """The numeral with smaller places behind it; `factor` is the size of a tail that is said short (一万五)."""
        value, low, high = (_clean(a + b * factor) for a, b in ((self.value, tail.value), (self.low, tail.low), (self.high, tail.high)))
        vague = self.vague or tail.vague
        return replace(self, value=value, low=low, high=high, end=tail.end, step=_clean(tail.step * factor), vague=vague)

    def to(self, low: float, high: float, end: int) -> Numeral:
        """The numeral made vague by a word behind it."""
        return replace(self, value=min(max(self.value, low), high), low=_clean(low), high=_clean(high), end=end, vague=True)


def read(text: str, at: int, below: float = math.inf) -> Numeral | None:
    """The numeral that begins at `at`, as far as it goes; None where none begins, or none whose places are all smaller than `below`."""
    number = _fixed(text, at) or _section(text, at, below)
    if number is None:
        return None
    if not number.vague:
        number = _marked(text, number)
    size = _large(text, number.end)
    if not size:
        return number
    if size >= below:
        return None
    number = number.times(size, number.end + 1 + (text[number.end] == " "))
    if number.vague:
        return number
    number = _marked(text, number)
    return number if number.vague else _with_tail(text, number)


def _fixed(text: str, at: int) -> Numeral | None:
    found = _FIXED.match(text, at)
    if found is None:
        return None
    value, low, high = _WHOLE[found.group()]
    return Numeral(value, low, high, at, found.end(), step=value, vague=low < high, sized=True)


def _section(text: str, at: int, below: float) -> Numeral | None:
    """A number below ten thousand (or figures): a digit, its size (smaller than `below`), and the places below it."""
    number = _digit(text, at) or _bare_size(text, at)
    if number is None:
        return None
    size = _SMALL.get(text[number.end : number.end + 1])
    if size and not number.sized and not (text[number.end] in "kK" and _latin(text, number.end + 1)):
        number = number.times(size, number.end + 1)
    if number.sized and number.step >= below:
        return None
    return number if number.vague or not number.sized else _with_tail(text, number)


def _latin(text: str, at: int) -> bool:
    return at < len(text) and text[at].isascii() and text[at].isalpha()


def _digit(text: str, at: int) -> Numeral | None:
    found = _ARABIC.match(text, at)
    if found:
        value = float(found.group().replace(",", ""))
        return Numeral(value, value, value, at, found.end(), arabic=True)
    if text[at : at + 1] == "几":
        value, low, high = _SEVERAL[text[at - 1] if at and text[at - 1] in _SEVERAL else ""]
        return Numeral(value, low, high, at, at + 1, vague=True, asked=True)
    point = _POINT.match(text, at)
    if point:
        value = DIGITS[point[1]] + int("".join(str(DIGITS[d]) for d in point[2])) / 10 ** len(point[2])
        return Numeral(value, value, value, at, point.end())
    return _one_or_two(text, at)


def _one_or_two(text: str, at: int) -> Numeral | None:
    """三, or two digits that bound a number: 三五, 七八."""
    first, second = DIGITS.get(text[at : at + 1]), DIGITS.get(text[at + 1 : at + 2])
    if first is None:
        return None
    if first and second and (second == first + 1 or (first, second) in _PAIRS):
        return Numeral(min(first, second), min(first, second), max(first, second), at, at + 2, vague=True)
    return Numeral(first, first, first, at, at + 1)


def _bare_size(text: str, at: int) -> Numeral | None:
    """A size with no digit before it: 十, 百来, 上万, 数十."""
    sign = text[at : at + 1]
    if sign == "数" and text[at + 1 : at + 2] in ("十", "百", "千", "万"):
        return Numeral(5, 2, 9, at, at + 1, vague=True)
    if sign == "十":
        return Numeral(10, 10, 10, at, at + 1, step=10.0, sized=True)
    if sign and sign in "百千万" and (text[at + 1 : at + 2] in ("来", "多") or (at > 0 and text[at - 1] in "上过破")):
        size = 1.0 if sign == "万" else _SMALL[sign]
        return Numeral(size, size, size, at, at + (sign != "万"), step=size, sized=sign != "万")
    return None


def _large(text: str, at: int) -> float | None:
    if text[at : at + 1] == " ":
        at += 1
        if text[at : at + 1] not in ("万", "亿"):
            return None
    sign = text[at : at + 1]
    if sign in ("w", "W") and _latin(text, at + 1):
        return None
    return _LARGE.get(sign)


def _with_tail(text: str, number: Numeral) -> Numeral:
    """The number and the places below its last one: 两百|五十, 一万|五, 两万|零五百, 2万|5000."""
    at, size = number.end, number.step
    zero = text[at : at + 1] in ("零", "〇") and at < len(text)
    tail = (_section if size <= 10_000 else read)(text, at + zero, size)
    if tail is None or tail.value >= size or tail.value <= 0 or (tail.vague and tail.high >= size):
        return _marked(text, number)
    if size >= 10_000 and not tail.sized and _large(text, tail.end):
        return _marked(text, number)
    short = not zero and not tail.sized and size >= 100
    if short and not _fits(text, tail, size):
        return _marked(text, number)
    if tail.asked and not tail.sized:
        tail = replace(tail, low=1.0)
    whole = tail.arabic and tail.value >= 10
    return _marked(text, number.plus(tail, size / 10 if short and not whole else 1.0))


def _fits(text: str, tail: Numeral, size: float) -> bool:
    """Whether a tail without a size of its own belongs to the number before it."""
    if tail.arabic and (tail.value >= 10 or tail.value != int(tail.value)):
        return len(str(int(tail.value))) == round(math.log10(size)) and tail.value == int(tail.value)
    kind = "one" if tail.value == 1 else "large" if size >= 10_000 else "small"
    return not _OTHER_QUANTITY[kind].match(text, tail.end)


def _marked(text: str, number: Numeral) -> Numeral:
    """The number with 来, 多, 余, 几, 好几, 大几 behind it, where it says one."""
    at = number.end
    if number.vague or at >= len(text) or text[at] not in "来多余几好大郎啷":
        return number
    value, step = number.value, _last_place(number)
    if step < 10:
        return number
    sign, place = text[at], step / 10
    if sign in "好大" and text.startswith("几", at + 1):
        return _several(number, place, 2 if sign == "好" else 5, at + 2)
    if sign == "几" and text[at + 1 : at + 2] not in ("十", "百", "千"):
        return _several(number, place, 1, at + 1)
    if sign in "多余":
        return number.to(value, value + step, at + 1)
    if sign == "来" and _MEASURE_AFTER_LAI.match(text, at + 1):
        return number.to(value, value + step / 2, at + 1)
    if text.startswith(("郎当", "啷当"), at):
        return number.to(value, value + step / 2, at + 2)
    return number


def _several(number: Numeral, place: float, least: float, end: int) -> Numeral:
    """The number and `least` to nine of the next smaller place."""
    low, high = number.value + least * place, number.value + 9 * place
    return replace(number.to(low, high, end), value=_clean(number.value + max(5.0, least) * place))


def _last_place(number: Numeral) -> float:
    """The size of the last place that is not nought; of figures too (1500: 100)."""
    step = number.step
    if number.arabic and number.value == int(number.value) and number.value:
        while number.value % (step * 10) == 0:
            step *= 10
    return step


def _clean(number: float) -> float:
    return round(number, 6)
