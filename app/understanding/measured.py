"""A numeral with its measure and the words around it, made a quantity: 一亩三分地, 三块五, 虚岁四十六, 不到二十万."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.understanding import bounds, context
from app.understanding.bounds import Bound
from app.understanding.numerals import Numeral, read
from app.understanding.quantity import Quantity
from app.understanding.units import Unit, counted_noun, unit_at

_SEVERAL_SIGNS = ("好", "大", "小", "没")
_RECKONED = re.compile(r"(?:虚岁|周岁|虚)(?:了|是|都|也)?$")
_RECKONED_AFTER = re.compile(r"\(?(虚岁|周岁|虚)\)?")
_NEXT_YEAR = re.compile(r"(?:过[完了]?年|翻过?年|转过?年|明年)(?:我|他|她)?(?:就|也|都|该|要|快|满|是)*$")
_HALVED = frozenset({"年", "亩", "岁", "斤", "公斤", "吨", "米", "里"})
_NOT_MORE = frozenset({"个", "人", "口", "户", "家"})
_FINER = {"岁": ("月", 12.0), "年": ("月", 12.0), "亩": ("分", 10.0), "元": ("毛", 10.0), "%": ("", 10.0)}
_JOINT = re.compile("[零又加]|外加")
_CLAUSE_ENDS = re.compile("$|[，,。；;]")
_ALL = re.compile(r"(?:都|已经|，|^)$")
_AGED = re.compile(r"(?:了|的(?:人|老|爹|娘|妈|爸|父|母|奶|爷|婆|公))")


@dataclass(frozen=True, slots=True)
class Message:
    """A message, the same with what is no number (or is read already) blotted out, and where the last quantity that was read ends."""

    text: str
    hidden: str
    done: int = 0


def measured(message: Message, number: Numeral) -> Quantity | None:
    """The quantity of a numeral and the measure behind it; None where none follows."""
    hidden = message.hidden
    at = number.end + (hidden[number.end : number.end + 1] == " ")
    found = unit_at(hidden, at)
    if found is None:
        noun = counted_noun(hidden, number.end) if _may_count(hidden, number) else None
        return _made(message, number, noun, number.end) if noun else None
    unit, end = found
    if hidden[at:end] == "月" and not _counts_months(hidden, number):
        return None
    number, end = _finished(hidden, number, unit, end)
    return _made(message, number, unit, end)


def _may_count(text: str, number: Numeral) -> bool:
    return number.arabic or number.vague or text[number.start] in "两俩仨三四一几"


def _counts_months(text: str, number: Numeral) -> bool:
    """俩月, 十来月 are spans; 三月 is a month of the year."""
    return text[number.end - 1] in "俩仨两来多余几半" or number.value > 12


def _finished(text: str, number: Numeral, unit: Unit, end: int) -> tuple[Numeral, int]:
    """The numeral with what stands in or behind the measure: 个半月, 三年多, 一亩三分, 三块五, 一年零两个月; and the end of its words."""
    sign, after = text[end : end + 1], text[end + 1 : end + 2]
    if unit.extra:
        return _more(number, unit.extra), end
    if sign == "半" and unit.name in _HALVED and after not in ("年", "个", "天", "亩"):
        return _more(number, "半"), end + 1
    if sign == "多" and unit.name not in _NOT_MORE and after not in ("少", "次", "种", "数", "半"):
        return _more(number, "多"), end + 1
    return _compound(text, number, unit, end)


def _more(number: Numeral, extra: str) -> Numeral:
    """The numeral and a half more, or up to one more."""
    if extra in "多来":
        return number.to(number.low, number.high + min(number.step, 1.0 if extra == "多" else 0.5), number.end)
    return replace(number, value=number.value + 0.5, low=number.low + 0.5, high=number.high + 0.5)


def _compound(text: str, number: Numeral, unit: Unit, end: int) -> tuple[Numeral, int]:
    if unit.name not in _FINER or number.vague:
        return number, end
    name, parts = _FINER[unit.name]
    joint = _JOINT.match(text, end)
    tail = read(text, joint.end() if joint else end)
    if tail is None or tail.vague or tail.value >= 1.5 * parts or (tail.sized and name != "月"):
        return number, end
    tail_end = _finer_end(text, tail, unit, end, name)
    part = tail.value / parts
    return (
        (replace(number, value=number.value + part, low=number.low + part, high=number.high + part), tail_end)
        if tail_end
        else (number, end)
    )


def _finer_end(text: str, tail: Numeral, unit: Unit, end: int, name: str) -> int:
    """Where the words of the smaller measure end; 0 where the tail is none of it."""
    finer = unit_at(text, tail.end)
    if name == "月":
        return finer[1] if finer and finer[0].name == "月" and (text[tail.end] == "个" or text[tail.end - 1] in "俩仨") else 0
    if name == "分":
        found = re.match("分地?半?", text[tail.end :])
        return tail.end + found.end() if found else (tail.end if tail.value < 10 and _CLAUSE_ENDS.match(text, tail.end) else 0)
    if name == "毛":
        whole = unit.size == 1.0 and text[end - 1] in "块元"
        return (finer[1] if finer else tail.end) if whole and (finer is None or finer[0].size == 0.1) else 0
    return tail.end if unit.size == 10.0 and finer is None else 0


def _made(message: Message, number: Numeral, unit: Unit, end: int) -> Quantity:
    """The quantity of a number and its measure, with the words around it that make it vague."""
    said_short = number.asked and message.text[number.start - 1 : number.start] in _SEVERAL_SIGNS
    start = number.start - said_short
    low, high = number.low, number.high
    if unit.kind in bounds.WHOLE and message.hidden[number.end - 1] in "多余" and high > low:
        high -= 1
    number = replace(number, low=low, high=high)
    if unit.kind == "age":
        number, start, end = _reckoned(message, number, start, end)
    start, end, low, high, vague = _bounded(message, number, unit.kind, start, end)
    low = min(low, high)
    value = min(max(number.value, low), high)
    period = context.per_after(message.text, end) if unit.kind == "money" else None
    value, low, high = (round(n * unit.size, 4) for n in (value, low, high))
    return Quantity(unit.kind, value, low, high, vague, start, end, unit.name, period[0] if period else None)


def _reckoned(message: Message, number: Numeral, start: int, end: int) -> tuple[Numeral, int, int]:
    """虚岁 and 过了年就 count one or two years more than today's age by law."""
    before = _RECKONED.search(message.hidden[max(message.done, start - 4) : start])
    after = _RECKONED_AFTER.match(message.hidden, end)
    start, end = start - len(before.group()) if before else start, after.end() if after else end
    said = (before.group() if before else "") + (after.group() if after else "")
    if "虚" in said or _NEXT_YEAR.search(context.clause_before(message.text, start, 8)):
        number = replace(number, value=number.value - 1, low=number.low - 2, high=number.high - 1, vague=True)
    return number, start, end


def _bounded(message: Message, number: Numeral, kind: str, start: int, end: int) -> tuple[int, int, float, float, bool]:
    low, high = number.low, number.high
    vague = low < high
    before, after = bounds.before(message.hidden, start, message.done), bounds.after(message.hidden, end)
    for word in (before, after):
        if word is not None and (word.name != "reached" or kind == "age"):
            start, end = min(start, word.at), max(end, word.at)
            low, high = bounds.bounded(word.name, number.value, low, high, kind)
            vague = vague or word.name != "exact"
    return start, end, low, high, vague


def bare(message: Message, number: Numeral) -> Quantity | None:
    """A number without a measure: an age, a sum, 俩 of something, or just a number; None where it is not worth one."""
    hidden, end = message.hidden, number.end
    if hidden[end - 1] in "俩仨":
        return _made(message, number, Unit("count", "个"), end)
    before, after = bounds.before(hidden, number.start, message.done), bounds.after(hidden, end)
    said_short = number.asked and message.text[number.start - 1 : number.start] in _SEVERAL_SIGNS
    start = before.at if before else number.start - said_short
    if _is_age(message, number, start, before, after):
        return _made(message, _decade(hidden, number), Unit("age", "岁"), end)
    if _is_money(message, number, start):
        return replace(_made(message, number, Unit("money", "元"), end), unit=None)
    if before or after or context.stands_alone(hidden, number, number.start, end):
        return replace(_made(message, number, Unit("number", ""), end), unit=None)
    return None


def _decade(text: str, number: Numeral) -> Numeral:
    """奔五 is near fifty."""
    if text[number.start - 1 : number.start] != "奔" or not 3 <= number.value <= 9:
        return number
    return replace(number, value=number.value * 10, low=number.low * 10, high=number.high * 10)


def _is_age(message: Message, number: Numeral, start: int, before: Bound | None, after: Bound | None) -> bool:
    if context.tells_age(message.text, number, start):
        return True
    if message.hidden[number.start : number.end] == "半百" or (before and message.hidden.startswith("年", before.at)):
        return True
    if before and message.hidden[before.at] == "奔":
        return 3 <= number.value <= 9 or 20 <= number.value <= 95
    tens = 20 <= number.low <= 99 and not number.arabic
    if "just" in (before and before.name, after and after.name):
        return tens and number.low % 10 == 0
    if tens and message.text[number.end - 2 : number.end] in ("好几", "大几", "郎当", "啷当"):
        return True
    ends = after.at if after else number.end
    if before and 15 <= number.value <= 95 and _sounds_like_age(message.hidden, before, ends, tens):
        return True
    many = tens and number.low % 10 == 0 and number.vague and _ALL.search(context.clause_before(message.text, start))
    return bool(many and _AGED.match(message.hidden, ends))


def _sounds_like_age(text: str, before: Bound, end: int, tens: bool) -> bool:
    """刚满六十, 小五十, 上五十了, 快60了."""
    if tens and (text.startswith(("刚满", "小"), before.at) or before.name == "reached"):
        return context.ends_like_age(text, end)
    return before.name in ("near", "just", "reached") and bool(_AGED.match(text, end))


def _is_money(message: Message, number: Numeral, start: int) -> bool:
    period = context.per_after(message.text, number.end) or context.per_before(message.hidden, start)
    if period and number.value >= 10 and (number.value >= 100 or number.arabic):
        return True
    return context.tells_money(message.text, number, start)
