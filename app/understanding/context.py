"""What the words around a number without a measure say about it: an age, a sum of money, a rate, or nothing worth a number."""

from __future__ import annotations

import re

from app.understanding.numerals import Numeral

_PERSON = (
    "今年|过[完了]?年|翻过?年|转过?年|明年|虚岁|周岁|年龄|岁数|年纪|[我俺额他她咱]|本人|爸|妈|爹|娘|老婆|媳妇|婆姨|老公|男人|儿子|闺女|女儿|女子|孩子?|娃|小子|老[大二三四五]|老人|老汉|老伴"
    "|身份证上?|户口本上?|姐|哥|弟|妹|大的|小的|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的?"
)
_AGE_BEFORE = re.compile(
    rf"(?:{_PERSON})(?:今年|虚岁|周岁|也|都|刚|才|已经|就|现在|眼看|眼瞅着|马上|是|有|快|满|了|要|到|可|，|该|过了?|上了?|大概|差不多|将近|奔|不到|没到|未满)*$"
)
_CHILD_BEFORE = re.compile(r"(?:娃|孩子?|儿子|闺女|女儿|女子|小子|老[大二三四五]|[大小]的)(?:今年|也|都|刚|才|已经|就|快|满|虚岁|周岁)*$")
_THIS_YEAR = re.compile(r"(?:今年|虚岁|周岁|年龄|岁数|年纪)(?:是|都|也|刚|才|就|快|大概|满|已经)*$")
_NOT_AGE_AFTER = re.compile(r"\s?(?:[号楼级栋届路米度%xX个头只亩万元块年月天点时分/.-]|多块|来块|平)")
_ZODIAC_AFTER = re.compile(r"了?[，, ]?属[鼠牛虎兔龙蛇马羊猴鸡狗猪]")
_AGE_WORDS = re.compile(r"(?:多|好几|来)?(?:了|的人|啦|咧|$|[，,。.!！ ])")
_MONEY_BEFORE = re.compile(
    r"(?:每[亩头只斤平人户棵]|贷|借|挣|赚|花|工资|工钱|[月年日]薪|欠|缺|差|投|补|给|存|攒|租金?|收入|还|凑|利润|流水|营业额|销售额|卖|价|费|款|钱|退|贴|保|到手|发|拿|领|交|掏|押|赔|值|成本|本钱|月供|开)"
    r"(?:的|了|过|着|上|到|下|个|是|有|也|就|才|大概|差不多|能|得|出|起|我|你|他|大约|在|一共|总共|：|:|还|剩|完|够|人家|信用社|银行|不了|不到)*$"
)
_COUNTED_BEFORE = re.compile(r"(?:存栏|出栏|产量?|养了?|喂了?|栽了?|种了?|育苗)$")
_STATED = re.compile(r"[好这那有了过干就没前大小才养]$")
_ASKING = re.compile(r"(?:能|可以|给|补|要多少|算|是)(?:我|贷|借|补|批|领|拿|个|多少|到|给|贴)*$")
_EDGE_BEFORE = re.compile(
    r"(?:^|[\s，,。.!！?？;；、:：()（）]|(?:^|[\s，,。.我俺他她家就])(?:有|是|就|才|共|雇了?|带|要|生了|养了|就是|大概|也就|总共|一共|，))$"
)
_EDGE_AFTER = re.compile(r"$|[\s，,。.!！?？;；、:：()（）]|(?:了|吧|呢|呗|嘛|的样子|左右)(?:$|[\s，,。.!！?？])")
_PERIODS = {"月": "month", "年": "year", "天": "day", "日": "day"}
_PER_AFTER = re.compile(r"(?:的?工资)?\s?(?:/\s?个?|每个?|一个?|1个?|按)(月|年|天|日)(?![前后来多半级底初以之内了还头到薪期租])")
_PER_BEFORE = re.compile(
    r"(?:(?<![了过干上这下那在整前后近])(?:一个?|1个?|每一?个?)(?P<a>月|年|天|日)(?:下来|里|也|就|能|到头)?|(?P<b>[月年日])(?:薪|入|收入|工资|租金?|租|供|均|纯收入|营业额|销售额|流水|产值|利润|净利|销|交易额|房租)|(?P<c>全年|每年|年年|月月|天天)"
    r"|(?P<d>按[月年天]))[^，。,.;；!！?？\s\x000-9一二三四五六七八九十百千万两]{0,8}$"
)


def clause_before(text: str, at: int, length: int = 12) -> str:
    """The last signs before `at`."""
    return text[max(0, at - length) : at]


def tells_age(text: str, number: Numeral, start: int) -> bool:
    """Whether a number without a measure is somebody's age: 今年四十六, 娃十六, 我五十了."""
    said = clause_before(text, start)
    if not 1 <= number.value <= 109 or number.low > 100 or _NOT_AGE_AFTER.match(text, number.end):
        return False
    if _THIS_YEAR.search(said):
        return number.value >= 10 or bool(_EDGE_AFTER.match(text, number.end))
    if _CHILD_BEFORE.search(said):
        return number.end - number.start > 1 or bool(_EDGE_AFTER.match(text, number.end))
    return number.value >= 14 and bool(_AGE_BEFORE.search(said) or _ZODIAC_AFTER.match(text, number.end))


def ends_like_age(text: str, end: int) -> bool:
    """Whether the words behind let a number of years stand for an age: 快六十|了, 四十出头|的人."""
    return bool(_AGE_WORDS.match(text, end))


def tells_money(text: str, number: Numeral, start: int) -> bool:
    """Whether a number without a measure is a sum: any with 万, or a hundred and more behind a word of money."""
    if _COUNTED_BEFORE.search(clause_before(text, start, 4)):
        return False
    if number.sized and number.value >= 10_000 and any(sign in text[number.start : number.end] for sign in "万亿wW"):
        return True
    return number.value >= 100 and bool(_MONEY_BEFORE.search(clause_before(text, start)))


def is_said(text: str, number: Numeral) -> bool:
    """Whether 几 tells a number (好几万, 养了几头) and does not ask for one (能贷几万)."""
    if not number.asked:
        return True
    before = clause_before(text, number.start, 6)
    return not _ASKING.search(before) if number.sized else bool(_STATED.search(before)) and "?" not in text[number.end : number.end + 6]


def stands_alone(text: str, number: Numeral, start: int, end: int) -> bool:
    """Whether a bare number is one: figures, or words long enough or standing by themselves."""
    if number.arabic:
        return not (is_latin(text, start - 1) or is_latin(text, end))
    words = end - start
    if words >= 2 and (number.value >= 10 or number.sized):
        return True
    return bool(_EDGE_BEFORE.search(clause_before(text, start, 4)) and _EDGE_AFTER.match(text, end))


def is_latin(text: str, at: int) -> bool:
    """Whether text[at] is a letter (or a sign of names such as _) that makes figures beside it part of a word."""
    return 0 <= at < len(text) and text[at].isascii() and (text[at].isalpha() or text[at] in "_@#")


def per_after(text: str, end: int) -> tuple[str, int] | None:
    """The period of a rate behind a sum (三千|一个月, 5000|/月), and where its words end."""
    found = _PER_AFTER.match(text, end)
    return (_PERIODS[found[1]], found.end()) if found else None


def per_before(text: str, start: int) -> tuple[str, int] | None:
    """The period of a rate before a sum (一年挣|十万, 月租|八百), and where its words begin."""
    floor = max(0, start - 14)
    found = _PER_BEFORE.search(text[floor:start])
    if found is None:
        return None
    word = found["a"] or found["b"] or (found["c"] or found["d"] or "")
    sign = next(sign for sign in reversed(word) if sign in _PERIODS)
    return _PERIODS[sign], floor + found.start()
