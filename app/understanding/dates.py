"""Dates as people say them: 去年腊月, 前年六月, 零八年, 2019年3月, 上个月, 过完年, 年时, 夜来, 刚回来."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.understanding import lunar, seasons
from app.understanding.numerals import DIGITS
from app.understanding.quantity import Quantity
from app.understanding.seasons import ALSO_WEATHER, ALWAYS_LUNAR, BY_THEMSELVES, DAY, MONTHS, PARTS, Span

_OFFSETS = {"大前年": -3, "前年": -2, "去年": -1, "年时": -1, "上年": -1, "今年": 0, "明年": 1, "后年": 2}
_CN = "零〇一二三四五六七八九"
_NOT_AFTER_NUMBER = r"(?<![0-9一二两三四五六七八九十几半百千多来])"
_AS_A_DAY = r"(?=那[天会年阵]|这[天会]|[前后]|以[前后]|过后|一过|时候|的时候|[当节]|左右)"


def _words(parts: Iterable[str]) -> str:
    """The parts of a year as an expression; one that may be weather too only where it is a day."""
    return "|".join(word + _AS_A_DAY * (word in ALSO_WEATHER) for word in sorted(parts, key=len, reverse=True))


_PART_WORDS = _words(PARTS)
_MONTH = r"(?:(?:农历|阴历|旧历)?(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正腊冬])月(?!子|薪|租|入|供|收|均|嫂|饼))"
_DAY_OF = (
    r"(?:份|底|初(?![0-9一二三四五六七八九十])|头|里|中旬|上旬|下旬|初[一二三四五六七八九十]|(?:[12][0-9]|3[01]|[1-9]|[一二三四五六七八九])[日号](?!楼|线)"
    r"|(?:二?十[一二三四五六七八九]?|三十)(?:[日号]|(?![0-9一二三四五六七八九十几多来百千万亿块元个亩头只])))?"
)
_TAIL = rf"(?:(?:的|\s)?(?:(?P<month>{_MONTH})(?P<day>{_DAY_OF})|(?P<part>{_PART_WORDS})(?!班|(?<=年初)[一二三])))?"
_YEAR = (
    r"(?P<said>(?<![大以之年])前年(?!前)|(?<=年)前年(?=[才就刚又]?(?:回|辞|不干|腰|腿|国庆|腊月|正月|冬|秋|夏|春|五一|过年|疫情))|大前年|(?<![回出])去年|(?<![如至现当])今年(?![来纪龄轻青])|(?<![说证声])明年|(?<![以之年])后年|(?<![晚早以])上年(?![纪岁级龄])"
    r"|(?<![一二两三四五六七八九十几半多来0-9当那每今去前明整全成近往])年时(?!间|候|代))"
    r"|(?P<four>(?<![0-9.])(?:19[3-9][0-9]|20[0-4][0-9])(?:年(?!级|代|后)|(?=[./-](?:1[0-2]|0?[1-9])(?![0-9]))|(?=[-~—](?:19|20)[0-9]{2})|(?=[到至回出毕入]|[干做待]到|退伍|开始|注册|结婚|办的)))"
    rf"|(?P<until>(?<=[到至])20[0-4][0-9](?![0-9.]|[块元个斤年]))"
    rf"|(?P<cn4>(?:[一幺]九|二[零〇])[{_CN}]{{2}}年)"
    rf"|(?P<cn2>(?:(?<![{_CN}十百千万])[零〇一二五六七八九]|(?<=[二三四五六七]十[一二三四五六七八九])[零〇])[{_CN}]年(?!级|代|后))"
    r"|(?P<two>(?<![0-9.])[0-9]{2}年(?!级|代|后))"
    r"|(?P<some>(?<![0-9十百千])[零〇一二五六七八九0125-9]几年(?!级|代))"
    r"|(?P<decade>(?<![0-9])(?:[6-9]0|[六七八九][十零]|零零|00)年代)"
)
_DATE = re.compile(
    rf"(?:{_YEAR})(?:[./-](?P<figure>1[0-2]|0?[1-9])(?![0-9])(?:[./-][0-3]?[0-9](?![0-9]))?|{_TAIL})"
    r"|(?P<class>(?<![0-9])(?:20[0-4][0-9]|[0-2][0-9])届)"
    r"|(?P<near>(?<!晚)(?:上上|[上下这本])个?(?:月(?P<near_day>初[一二三四五六七八九十]|(?:[12][0-9]|3[01]|[1-9])[日号]|二?十[一二三四五六七八九]?[日号])|月[底初末]?(?![薪租入供收])|(?:周(?![岁边期转])|星期|礼拜)[一二三四五六日天末]?))"
    r"|(?P<yesterday>昨[天日晚儿]个?|昨个|大?前天|前[日儿]个?(?=[^头子])|(?<![半一深每])夜来(?!香))"
    r"|(?P<just>刚刚?(?=[从打]|回|到家|来|辞|办|开|注册|下岗|毕业|退|离|搬|生|失业|结|买|租|拿|下来|出)|没[几两三]天|[前头](?:几|两|些)天)"
    r"|(?P<lately>前(?:一?阵子?|一段(?:时间)?|段(?:时间|日子)?)|前(?:两|几)个?月)"
    r"|(?P<years>[前头早](?:两|几|些)年)"
    rf"|(?P<bare>{_NOT_AFTER_NUMBER}(?<![当每去今明整全成往前后过大满])(?:年前|年后|年底|年初|年根|年跟前|上半年|下半年)|过[完了]年(?!龄|纪)|过年(?=回|的时候|那会|那阵|后|前)后?前?|春节[前后]?|出了?正月"
    rf"|五月端午|(?:春天|夏天|秋天|冬天|春上|秋上|冬上|冬里)(?=回|就回|开|办|刚|才|那会|出[去来]|走的)|开春|开了春|元旦|{_words(BY_THEMSELVES)}|端午|国庆|中秋|双(?:11|12|十一|十二)|八月十五|秋收[后完]?|秋后|入冬|麦收|暑假|寒假|(?<![{_CN}0-9十百千万亿块元毛双])五一(?![{_CN}十百千万个路街广])|(?<![{_CN}0-9十百千万亿块元毛双])六一(?=儿童节|那|前|后|的时候|回|放)|(?<![{_CN}0-9十百千万双])十一(?=回|放假|长假|那会|前|后|期间|假期|的时候))"
    rf"|(?P<only>{_NOT_AFTER_NUMBER}(?<![0-9.个每])(?:{_MONTH}))(?P<only_day>{_DAY_OF})"
)
_PLAN = re.compile(r"想|打算|准备|计划|等|要|再")
_BEFORE_AGE = frozenset({"今年", "明年", "过了年", "过完年", "过年"})
_AGE_NEXT = re.compile(r"(?:[都也刚才快整就满有是该要我他她]|已经|虚岁|周岁)*[0-9一二两三四五六七八九十]")
_LASTING = re.compile(
    r"(?:[了过有快近干待满共约超做种养开跑住交缴租包签学够将外]|大概|整整|已经|前后|至少|打工|工作|当兵|不到|最多|最长|在外面|在外头|外地|差不多|总共)(?:[了过]?)$"
)
_DATED = re.compile(
    r"\s*(?:底|初|春|夏|秋|冬|上半|下半|毕|出[去来门]|去|回|来的|开始|结[婚的]|生|入|办|注册|那|就|到现在|至今|以后|以前|疫情|退|复员|嫁|离|买|盖|包|开|交|当|考|下岗|搬|从|在|的(?!经验|工|活|手艺|老|合同|租|期|时间|打工|厨|技|驾|养|种|饭)|[0-9一二三四五六七八九十]+月|[腊正冬]月)"
)
_STRONG = re.compile(
    r"\s*(?:底|初|春|夏|秋|冬|上半|下半|毕业|毕的|(?:本科|大专|专科|大学|硕士|研究生)毕|的时候|[0-9一二三四五六七八九十]+月(?!薪)|[腊正冬]月|那[年会]|到现在|至今|疫情|五一|国庆|过年)"
)
_SINCE = re.compile(r"(?:从|自从?|打从?|于|是|[，,。:：]|^)\s*$")
_EACH_TIME = re.compile(r"回(?:来|去|家)?[一两二三几][趟次回]")
_JANUARY_ALONE = re.compile(r"(?:一|1|01)月$")

JUST_NOW = ("没", "刚", "才", "今", "昨", "夜", "前", "这")
"""With these begin dates of today or of the last days."""
SOON = -0.5
"""Months of a date that is not over yet and less than one away."""


def dates(text: str, as_of: dt.date) -> list[Quantity]:
    """All dates of a normalised text, in order, never overlapping; `unit` 月."""
    return list(_found(text, as_of))


def _found(text: str, as_of: dt.date) -> Iterator[Quantity]:
    for match in _DATE.finditer(text):
        span = _span(match, text, as_of)
        if span is None or (match.group() in _BEFORE_AGE and _AGE_NEXT.match(text, match.end())):
            continue
        still = span[1] > as_of and not match.group().startswith(JUST_NOW)
        open_ = still and (span[0] > as_of or _planned(match, text) or not _done(match, text))
        if span[0] <= as_of < span[1]:
            span = (as_of, span[1]) if _ahead(match, text) else (span[0], as_of)
        found = between(span, match.start(), match.end(), as_of)
        yield replace(found, value=SOON, low=min(found.low, SOON), high=SOON) if open_ and found.high == 0 else found


def between(span: Span, start: int, end: int, as_of: dt.date) -> Quantity:
    """The date text[start:end] that lies within `span`."""
    high, low = seasons.months_before(span[0], as_of), seasons.months_before(span[1], as_of)
    middle = (low + high) / 2
    return Quantity("date", math.floor(middle) if span[1] == as_of else math.ceil(middle), low, high, high - low > 2, start, end, "月")


def _span(match: re.Match[str], text: str, as_of: dt.date) -> Span | None:
    kind = match.lastgroup if match.lastgroup in ("near", "yesterday", "just", "lately", "years", "bare", "class") else None
    word = match.group()
    if kind == "near":
        return _near(word, match["near_day"] or "", as_of)
    if kind == "yesterday":
        day = as_of - DAY * (3 if word.startswith("大前") else 2 if word.startswith("前") else 1)
        return day, day
    if kind == "just":
        return _back(as_of, 9 if "天" in word else 35), as_of
    if kind == "lately":
        return _back(as_of, 270 if "几" in word else 100), _back(as_of, 60 if "几" in word else 20)
    if kind == "years":
        return _back(as_of, {"两": 1095, "几": 2190}.get(word[1], 3285)), _back(as_of, 365 if word[1] == "两" else 730)
    if kind == "bare":
        return seasons.nearest(PARTS[word], as_of, _ahead(match, text))
    if kind == "class":
        year = _full(int(word[:-1]), as_of)
        return (dt.date(year, 6, 1), dt.date(year, 7, 31)) if year else None
    return _only_month(match, text, as_of) if match["only"] else _in_year(match, text, as_of)


def _back(as_of: dt.date, days: int) -> dt.date:
    return as_of - days * DAY


def _near(word: str, day: str, as_of: dt.date) -> Span:
    """上个月, 这周, 上上个星期, 下月初十."""
    steps = {"上上": -2, "上": -1, "下": 1}.get("上上" if word.startswith("上上") else word[0], 0)
    if "月" in word:
        at = as_of.year * 12 + as_of.month - 1 + steps
        first, last = seasons.month(at // 12, at % 12 + 1)
        number = _day_number(day)
        return (first + (number - 1) * DAY,) * 2 if number and number <= last.day else (first, last)
    monday = as_of - as_of.weekday() * DAY + 7 * steps * DAY
    return monday, monday + 6 * DAY


def _ahead(match: re.Match[str], text: str) -> bool:
    """Whether the words around speak of a plan, not of what has been done."""
    return _planned(match, text) and not _done(match, text)


def _planned(match: re.Match[str], text: str) -> bool:
    return _PLAN.search(text[max(0, match.start() - 3) : match.start()] + text[match.end() : match.end() + 8]) is not None


def _done(match: re.Match[str], text: str) -> bool:
    """Whether the words behind tell of what has been done."""
    return re.search(r"[的了过]", text[match.end() : match.end() + 8]) is not None


def _only_month(match: re.Match[str], text: str, as_of: dt.date) -> Span | None:
    """A month without a year is the last one that had begun, or in a plan the next."""
    if _EACH_TIME.match(text, match.end()):
        return None
    if _JANUARY_ALONE.search(match["only"]) and not match["only_day"] and not re.match(r"回|的时候|那", text[match.end() :]):
        return None
    return seasons.nearest(lambda year: _month_in(match["only"], match["only_day"], year), as_of, _ahead(match, text))


def _month_in(word: str, day: str, year: int) -> Span:
    name = word[:-1].removeprefix("农历").removeprefix("阴历").removeprefix("旧历")
    is_lunar = name in ALWAYS_LUNAR or len(name) < len(word) - 1
    first, last = (lunar.month if is_lunar else seasons.month)(year, MONTHS[name])
    if day in ("初", "上旬") or day == "头":
        return first, first + 9 * DAY
    if day in ("底", "下旬"):
        return last - 9 * DAY, last
    number = _day_number(day)
    return (first + (number - 1) * DAY,) * 2 if number and number <= (last - first).days + 1 else (first, last)


def _day_number(word: str) -> int | None:
    """十五, 初三, 23号; None where no day is named."""
    word = word.rstrip("日号").lstrip("初")
    if word.isascii() and word.isdigit():
        return int(word)
    if not word or not all(sign in DIGITS or sign == "十" for sign in word):
        return None
    tens, ten, ones = word.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


def _in_year(match: re.Match[str], text: str, as_of: dt.date) -> Span | None:
    if match["some"] or match["decade"]:
        return _decade((match["some"] or match["decade"])[0])
    said = match["said"]
    year = as_of.year + _OFFSETS[said] if said else _year(match, text, as_of)
    if year is None:
        return None
    if match["figure"]:
        return seasons.month(year, int(match["figure"]))
    lunar_year = lunar.year_of(as_of) + _OFFSETS[said] if said else year
    if match["month"]:
        by_moon = match["month"][0] in ALWAYS_LUNAR or match["month"][0] in "农阴旧"
        return _month_in(match["month"], match["day"], lunar_year if by_moon else year)
    return PARTS[match["part"]](year) if match["part"] else seasons.whole_year(year)


def _decade(sign: str) -> Span:
    """九几年, 80年代."""
    tens = int(sign) if sign.isascii() else DIGITS[sign]
    first = (2000 if tens < 3 else 1900) + 10 * tens
    return dt.date(first, 1, 1), dt.date(first + 9, 12, 31)


def _year(match: re.Match[str], text: str, as_of: dt.date) -> int | None:
    """The year that figures name; None where they count years."""
    if match["until"]:
        return int(match["until"])
    if match["four"]:
        return int(match["four"][:4])
    if match["cn4"]:
        return int("".join(str(DIGITS.get(sign, 1)) for sign in match["cn4"][:4]))
    word = (match["cn2"] or match["two"])[:2]
    number = int(word) if match["two"] else DIGITS[word[0]] * 10 + DIGITS[word[1]]
    named = _names_year(text, match.start(), match.start() + 3, number, word)
    return _full(number, as_of) if named else None


def _names_year(text: str, start: int, end: int, number: int, word: str) -> bool:
    """Whether two digits before 年 name a year (一三年, 08年, 15年回来的), not a span of years (干了15年, 七八年了)."""
    before = text[max(0, start - 4) : start]
    if word.isascii():
        if word[0] == "0" or number >= 60:
            return True
        lasting = _LASTING.search(before) and not _STRONG.match(text, end)
        return (
            10 <= number <= 49
            and not lasting
            and bool(_DATED.match(text, end) or (_SINCE.search(before) and not re.match("了|多|来", text[end:])))
        )
    if word in ("一二", "二三"):
        return bool(_STRONG.match(text, end)) or not _LASTING.search(before)
    if word[0] in "一二零〇" or DIGITS[word[1]] != DIGITS[word[0]] + 1:
        return True
    return bool(_STRONG.match(text, end) or (_SINCE.search(before) and re.match("的|生", text[end:])))


def _full(number: int, as_of: dt.date) -> int | None:
    """The year that two digits stand for, at most one year ahead."""
    if number > 99:
        return number
    if number <= as_of.year % 100 + 1:
        return as_of.year // 100 * 100 + number
    return 1900 + number if number >= 30 else None
