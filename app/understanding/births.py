"""Ages that a year of birth tells: 95后, 七九年的, 1985年3月生, 属虎."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from app.understanding.numerals import DIGITS
from app.understanding.quantity import Quantity
from app.understanding.seasons import ALWAYS_LUNAR, MONTHS

_CN = "零〇一二三四五六七八九"
_GENERATION = re.compile(
    r"(?<![0-9])(?:[5-9][05]|[01][05])后(?![来面头天年悔续台])|(?:[五六七八九][零〇五]|[零〇][零〇五]|一零)后(?![来面头天年悔续台])"
)
_YEAR = rf"(?:(?<![0-9])(?P<four>19[3-9][0-9]|20[0-2][0-9])|(?<![0-9.])(?P<two>[0-9]{{2}})(?![0-9])|(?<![{_CN}十百千万])(?P<cn>(?:[一幺]九|二[零〇])?[{_CN}]{{2}}))"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正腊冬])月(?:份|(?:[0-3]?[0-9]|[一二三四五六七八九十初]{1,3})[日号]?)?"
_FIGURES = r"[-./](?P<figure>1[0-2]|0?[1-9])[-./][0-3]?[0-9](?![0-9])"
_BEING = (
    r"(?P<born>出?生(?!意|态|活|病|产|气)人?的?|的?属[鼠牛虎兔龙蛇马羊猴鸡狗猪])|的(?:人|女|男|小伙|后生|姑娘|妹子|宝妈)|的[鼠牛虎兔龙蛇马羊猴鸡狗猪](?!肉)"
    r"|的(?=$|[，,。.！!？?；; 了啊呀嘛今属我虚周现都还大小老])|(?P<bare>(?<=年)(?=$|[，,。；; ]|属))"
)
_BORN = re.compile(rf"(?P<birthday>生日是?|出生(?:日期|年月)[是:：]?|生于)?{_YEAR}(?:年?{_MONTH}|年|{_FIGURES})?(?:{_BEING}|(?P<end>))")
_PERSON = re.compile(
    r"(?:^|[，,。.！!？?；; ])?(?:[我俺额他她咱]|本人|自己|身份证上?|爱人|对象|婆姨|媳妇|老婆|老公|男人|爸|妈|爹|娘|哥|弟|姐|妹)(?:[是也都就]|们?都?是|写的?是?)*$"
)
_CHILD = re.compile(r"(?:娃|孩子?|老[大二三]|[大小]的|儿子|小子|闺女|女子|女儿|丫头|后生|孙子|孙女)(?:[是也都就])*$")
_SELF = re.compile(r"(?:[我俺额他她]|爱人|对象|婆姨|媳妇|老婆|老公|男人)(?:[是也]|都是)?$")
_ALONE = re.compile(r"(?:^|[，,。.！!？?；; ])(?:是|嗯|就是)?$")
_ANIMALS = "鼠牛虎兔龙蛇马羊猴鸡狗猪"
_ZODIAC = re.compile(r"属(?:小?([鼠牛虎兔龙蛇马羊猴鸡狗猪])|(大?龙)|(小龙))(?:的|，|,|。| |$)")


def births(text: str, as_of: dt.date) -> list[Quantity]:
    """Ages from years of birth and generations, in order; `unit` 岁."""
    found = [_generation(match, as_of) for match in _GENERATION.finditer(text)]
    found += [_born(match, text, as_of) for match in _BORN.finditer(text)]
    return sorted((age for age in found if age is not None), key=lambda age: age.start)


def _generation(match: re.Match[str], as_of: dt.date) -> Quantity | None:
    digits = "".join(str(DIGITS.get(sign, sign)) for sign in match.group()[:2])
    first = _full(int(digits), as_of)
    last = first + (4 if digits[1] == "5" else 9)
    if first > as_of.year - 10:
        return None
    low, high = as_of.year - last - 1, as_of.year - first
    return Quantity("age", (low + high) // 2, low, high, True, match.start(), match.end(), "岁")


def _full(number: int, as_of: dt.date) -> int:
    if number > 99:
        return number
    return number + (as_of.year // 100 * 100 if number <= as_of.year % 100 else 1900)


def _born(match: re.Match[str], text: str, as_of: dt.date) -> Quantity | None:
    said = match["four"] or match["two"] or match["cn"]
    digits = "".join(str(DIGITS.get(sign, 1 if sign == "幺" else sign)) for sign in said)
    age = as_of.year - _full(int(digits), as_of)
    if not _is_birth(match, text, age):
        return None
    month = match["month"] or match["figure"]
    number = MONTHS[month] if month and month[0] not in ALWAYS_LUNAR else as_of.month
    known = number != as_of.month
    high = age - (known and number > as_of.month)
    low = high if known else age - 1
    return Quantity("age", high, low, high, low < high, match.start(), match.end(), "岁") if low >= 0 else None


def _is_birth(match: re.Match[str], text: str, age: int) -> bool:
    """Whether it is a person who is of that year, not a house or a contract."""
    if not 0 < age < 100:
        return False
    before = text[max(0, match.start() - 8) : match.start()]
    if match["end"] is not None:
        return bool(match["birthday"])
    if match["bare"] is not None and not match["birthday"]:
        return age >= 22 and bool(_SELF.search(before))
    if match["birthday"] or match["born"] or _CHILD.search(before):
        return True
    return age >= 14 and bool(_PERSON.search(before) or (_ALONE.search(before) and "年" in match.group()))


def zodiac(text: str, ages: Sequence[Quantity], as_of: dt.date) -> Quantity | None:
    """属虎: the age that fits with another one in the message (四十来岁属虎); None where nothing decides between the twelves of years."""
    match = _ZODIAC.search(text)
    if match is None or not ages:
        return None
    sign = match[1] or "龙" if not match[3] else "蛇"
    years = range(1936 + _ANIMALS.index(sign), as_of.year, 12)
    hint = ages[0]
    fits = [year for year in years if hint.low - 1 <= as_of.year - year <= hint.high + 2]
    if len(fits) != 1 or hint.low == hint.high or any(age.start <= match.start() < age.end for age in ages):
        return None
    high = as_of.year - fits[0]
    return Quantity("age", high, high - 1, high, True, match.start(), match.start() + 2, "岁")
