"""Numbers as people say them, read one by one in tables, and rendered and read back for every size."""

import datetime as dt
import math
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.understanding.numerals import read
from app.understanding.quantities import Quantity, quantities

TODAY = dt.date(2026, 11, 23)
ANY = math.inf


def all_of(text: str, as_of: dt.date = TODAY) -> list[Quantity]:
    return quantities(text, as_of)


def only(text: str, as_of: dt.date = TODAY) -> Quantity:
    found = all_of(text, as_of)
    assert len(found) == 1, [(q.kind, q.value, text[q.start : q.end]) for q in found]
    return found[0]


def check(text: str, kind: str, value: float, low: float, high: float, words: str) -> Quantity:
    found = only(text)
    said = text[found.start : found.end]
    assert (found.kind, said) == (kind, words)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high))
    assert found.approximate == (low < high) or found.kind in ("date", "age")
    return found


# Sums of money: exact ones.
@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("手头有三万块", "三万块", 30_000),
        ("本钱一万五", "一万五", 15_000),
        ("花了一万五千六", "一万五千六", 15_600),
        ("缺两万零五百块钱", "两万零五百块钱", 20_500),
        ("两万零五块", "两万零五块", 20_005),
        ("得要两万五百", "两万五百", 20_500),
        ("盘店要2万5", "2万5", 25_000),
        ("押金2.5w", "2.5w", 25_000),
        ("差15W", "15W", 150_000),
        ("借了3千8", "3千8", 3_800),
        ("贷20个w", "20个w", 200_000),
        ("补了2万5000", "2万5000", 25_000),
        ("工钱是一百二", "一百二", 120),
        ("给了一百零二块", "一百零二块", 102),
        ("发了三千二百五", "三千二百五", 3_250),
        ("二十万五能盘下", "二十万五", 205_000),
        ("投了三点五万", "三点五万", 35_000),
        ("三块五一碗", "三块五", 3.5),
        ("两块五毛的票", "两块五毛", 2.5),
        ("五毛钱", "五毛钱", 0.5),
        ("总共1,200元", "1,200元", 1_200),
        ("要一亿两千万", "一亿两千万", 120_000_000),
        ("贷款50 万", "50 万", 500_000),
        ("贷5万元", "5万元", 50_000),
        ("工资4500", "4500", 4_500),
        ("挣了八百", "八百", 800),
        ("短人家四万", "四万", 40_000),
        ("外面拉下六万饥荒", "六万", 60_000),
        ("十万八千的窟窿", "十万八千", 108_000),
        ("两千万的厂子", "两千万", 20_000_000),
    ],
)
def test_exact_sums(text: str, words: str, value: float) -> None:
    check(text, "money", value, value, value, words)


# The one table of vague words.
@pytest.mark.parametrize(
    ("text", "words", "value", "low", "high"),
    [
        ("存了十来万", "十来万", 100_000, 100_000, 150_000),
        ("得二十来万", "二十来万", 200_000, 200_000, 250_000),
        ("投进去三十多万", "三十多万", 300_000, 300_000, 400_000),
        ("20多万吧", "20多万", 200_000, 200_000, 300_000),
        ("三万多块钱", "三万多块钱", 30_000, 30_000, 40_000),
        ("一百多万", "一百多万", 1_000_000, 1_000_000, 2_000_000),
        ("贷个三五万", "三五万", 30_000, 30_000, 50_000),
        ("二三十万的事", "二三十万", 200_000, 200_000, 300_000),
        ("两万二三", "两万二三", 22_000, 22_000, 23_000),
        ("十五六万", "十五六万", 150_000, 150_000, 160_000),
        ("十万左右", "十万左右", 100_000, 90_000, 110_000),
        ("十万上下", "十万上下", 100_000, 90_000, 110_000),
        ("大概十万块", "大概十万块", 100_000, 90_000, 110_000),
        ("差不多八万", "差不多八万", 80_000, 72_000, 88_000),
        ("快二十万了", "快二十万", 200_000, 180_000, 200_000),
        ("将近二十万", "将近二十万", 200_000, 180_000, 200_000),
        ("小二十万", "小二十万", 200_000, 180_000, 200_000),
        ("五万出头", "五万出头", 50_000, 50_000, 55_000),
        ("不到二十万", "不到二十万", 200_000, 0, 200_000),
        ("二十万不到", "二十万不到", 200_000, 0, 200_000),
        ("二十万往上", "二十万往上", 200_000, 200_000, ANY),
        ("至少五万", "至少五万", 50_000, 50_000, ANY),
        ("少说五万块", "少说五万块", 50_000, 50_000, ANY),
        ("30万+", "30万+", 300_000, 300_000, ANY),
        ("顶多十万", "顶多十万", 100_000, 0, 100_000),
        ("撑死十万", "撑死十万", 100_000, 0, 100_000),
        ("十五万顶天了", "十五万顶天", 150_000, 0, 150_000),
        ("好几万", "好几万", 50_000, 20_000, 90_000),
        ("好几十万", "好几十万", 500_000, 200_000, 900_000),
        ("十几万", "十几万", 150_000, 110_000, 190_000),
        ("10几万", "10几万", 150_000, 110_000, 190_000),
        ("二十好几万", "二十好几万", 250_000, 220_000, 290_000),
        ("挣个大几千", "大几千", 7_000, 5_000, 9_000),
        ("攒了小几万", "小几万", 30_000, 20_000, 50_000),
        ("万把块", "万把块", 10_000, 9_000, 11_000),
        ("千把块钱", "千把块钱", 1_000, 900, 1_100),
        ("万八千块", "万八千块", 10_000, 8_000, 10_000),
        ("千儿八百块", "千儿八百块", 1_000, 800, 1_000),
        ("三到五万", "三到五万", 30_000, 30_000, 50_000),
        ("十五到二十万", "十五到二十万", 150_000, 150_000, 200_000),
        ("20-30万", "20-30万", 200_000, 200_000, 300_000),
        ("五万到八万", "五万到八万", 50_000, 50_000, 80_000),
        ("四万还是五万", "四万还是五万", 40_000, 40_000, 50_000),
        ("十万八万的", "十万八万", 80_000, 80_000, 100_000),
        ("十几二十万", "十几二十万", 110_000, 110_000, 200_000),
        ("两万多不到三万", "两万多不到三万", 20_000, 20_000, 30_000),
        ("挣了过万块", "过万块", 10_000, 10_000, ANY),
    ],
)
def test_vague_sums(text: str, words: str, value: float, low: float, high: float) -> None:
    check(text, "money", value, low, high, words)


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("最多能贷三十万", 300_000, 0, 300_000),
        ("大概能挣五万", 50_000, 45_000, 55_000),
        ("起码得投二十万", 200_000, 200_000, ANY),
        ("估计还差八万", 80_000, 72_000, 88_000),
    ],
)
def test_a_verb_between_the_bound_and_the_sum_stays_outside(text: str, value: float, low: float, high: float) -> None:
    found = only(text)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high))
    assert text[found.start] not in "能贷挣投差"


@pytest.mark.parametrize(
    "text", ["一分没有", "一分钱也没有", "手里一毛没有", "分文没有", "没拿过一分钱", "一分钱外债也没有", "一块钱都没挣"]
)
def test_no_money(text: str) -> None:
    found = only(text)
    assert (found.kind, found.value, found.high) == ("money", 0, 0)


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("一个月三千", 3_000, "month"),
        ("每月挣四千五", 4_500, "month"),
        ("两千块钱一个月", 2_000, "month"),
        ("三千五一个月", 3_500, "month"),
        ("5000/月", 5_000, "month"),
        ("月租八百", 800, "month"),
        ("一个月能落下两千来块", 2_000, "month"),
        ("一年能卖十万", 100_000, "year"),
        ("五万一年", 50_000, "year"),
        ("两万五一年", 25_000, "year"),
        ("年租金一万二", 12_000, "year"),
        ("年薪十二万", 120_000, "year"),
        ("一年房租两万", 20_000, "year"),
        ("1.5万/年", 15_000, "year"),
        ("一天一百五", 150, "day"),
        ("一百五一天", 150, "day"),
        ("日薪300", 300, "day"),
        ("攒下八万", 80_000, None),
    ],
)
def test_rates(text: str, value: float, per: str | None) -> None:
    found = only(text)
    assert (found.kind, found.value, found.per) == ("money", value, per)


def test_a_year_of_work_is_no_rate() -> None:
    worked, earned = all_of("干了一年挣了六万")
    assert (worked.kind, worked.value, earned.value, earned.per) == ("duration", 12, 60_000, None)


@pytest.mark.parametrize(("text", "value"), [("一亩地八百块", 800), ("八百块一亩", 800), ("一斤卖三块五", 3.5), ("养一头牛补两千", 2_000)])
def test_what_a_price_is_for_is_no_quantity(text: str, value: float) -> None:
    found = only(text)
    assert (found.kind, found.value) == ("money", value)


# Ages.
@pytest.mark.parametrize(
    ("text", "words", "value", "low", "high"),
    [
        ("四十岁", "四十岁", 40, 40, 40),
        ("我今年四十六", "四十六", 46, 46, 46),
        ("俺三十九咧", "三十九", 39, 39, 39),
        ("我25想开店", "25", 25, 25, 25),
        ("娃十六", "十六", 16, 16, 16),
        ("他爸六十二", "六十二", 62, 62, 62),
        ("我四十出头", "四十出头", 41, 41, 43),
        ("刚过五十", "刚过五十", 51, 51, 53),
        ("四十来岁", "四十来岁", 40, 40, 45),
        ("五十多岁", "五十多岁", 50, 50, 59),
        ("四五十岁", "四五十岁", 40, 40, 50),
        ("四十五六岁", "四十五六岁", 45, 45, 46),
        ("十八九岁", "十八九岁", 18, 18, 19),
        ("我四十五左右", "四十五左右", 45, 41, 49),
        ("快六十了", "快六十", 60, 54, 60),
        ("奔六十的人了", "奔六十", 60, 54, 60),
        ("奔四的人了", "奔四", 40, 36, 40),
        ("小五十了", "小五十", 50, 45, 50),
        ("年近五十", "年近五十", 50, 45, 50),
        ("五十好几了", "五十好几", 55, 52, 59),
        ("四十大几", "四十大几", 45, 45, 49),
        ("二十啷当岁", "二十啷当岁", 20, 20, 25),
        ("上五十了", "上五十", 50, 50, ANY),
        ("刚满六十", "刚满六十", 60, 60, 60),
        ("刚满六十岁", "刚满六十岁", 60, 60, 60),
        ("虚岁四十六", "虚岁四十六", 45, 44, 45),
        ("四十六岁(虚岁)", "四十六岁(虚岁)", 45, 44, 45),
        ("周岁四十五", "周岁四十五", 45, 45, 45),
        ("身份证上四十五", "四十五", 45, 45, 45),
        ("过了年就五十了", "五十", 49, 48, 49),
        ("不满十八岁", "不满十八岁", 17, 0, 17),
        ("半百的人了", "半百", 50, 50, 50),
        ("娃三岁半", "三岁半", 3.5, 3.5, 3.5),
        ("三十六了，属马", "三十六", 36, 36, 36),
    ],
)
def test_ages(text: str, words: str, value: float, low: float, high: float) -> None:
    check(text, "age", value, low, high, words)


@pytest.mark.parametrize(
    ("text", "words", "low", "high"),
    [
        ("95后一枚", "95后", 26, 31),
        ("我是九零后", "九零后", 26, 36),
        ("80后", "80后", 36, 46),
        ("零零后", "零零后", 16, 26),
        ("我七九年的", "七九年的", 46, 47),
        ("我75年生人", "75年生人", 50, 51),
        ("1990年出生", "1990年出生", 35, 36),
        ("我1985年3月生的", "1985年3月生的", 41, 41),
        ("我一九八二年生的", "一九八二年生的", 43, 44),
        ("生于82年", "生于82年", 43, 44),
        ("身份证上是1980年的", "1980年的", 45, 46),
        ("我是八六年属虎的", "八六年属虎", 39, 40),
        ("娃一九年的", "一九年的", 6, 7),
        ("我八三年的猪", "八三年的猪", 42, 43),
        ("我89年，想开店", "89年", 36, 37),
        ("生日是1987-05-12", "生日是1987-05-12", 39, 39),
        ("生于1985年12月", "生于1985年12月", 40, 40),
        ("娃一五年十月生", "一五年十月生", 11, 11),
    ],
)
def test_years_of_birth(text: str, words: str, low: float, high: float) -> None:
    found = only(text)
    assert (found.kind, found.low, found.high, text[found.start : found.end]) == ("age", low, high, words)


@pytest.mark.parametrize("text", ["房是一六年盖的", "执照是22年的", "车是19年的", "23年贷的款", "我05年结的婚"])
def test_other_things_have_years_too(text: str) -> None:
    assert only(text).kind == "date"


def test_the_zodiac_decides_only_with_a_hint() -> None:
    assert all_of("我属虎的") == []
    sign, age = all_of("属虎的，四十来岁")
    assert (sign.kind, sign.low, sign.high, age.low) == ("age", 39, 40, 40)


# Spans of time, in months.
@pytest.mark.parametrize(
    ("text", "words", "value", "low", "high"),
    [
        ("干了十年", "十年", 120, 120, 120),
        ("出去十来年了", "十来年", 120, 120, 180),
        ("二十多年", "二十多年", 240, 240, 360),
        ("出去十几年", "十几年", 180, 132, 228),
        ("三五年", "三五年", 36, 36, 60),
        ("两三年", "两三年", 24, 24, 36),
        ("打了七八年工", "七八年", 84, 84, 96),
        ("一年半", "一年半", 18, 18, 18),
        ("三年多", "三年多", 36, 36, 48),
        ("小两年", "小两年", 24, 21.6, 24),
        ("快十年了", "快十年", 120, 108, 120),
        ("不到一年", "不到一年", 12, 0, 12),
        ("半年", "半年", 6, 6, 6),
        ("小半年", "小半年", 6, 5.4, 6),
        ("大半年", "大半年", 8, 6, 12),
        ("半年多", "半年多", 6, 6, 12),
        ("个把月", "个把月", 1, 0.9, 1.5),
        ("回来年把了", "年把", 12, 10.8, 18),
        ("两个多月", "两个多月", 2, 2, 3),
        ("三个半月", "三个半月", 3.5, 3.5, 3.5),
        ("一个来月", "一个来月", 1, 1, 1.5),
        ("半个月", "半个月", 0.5, 0.5, 0.5),
        ("俩月", "俩月", 2, 2, 2),
        ("仨月了", "仨月", 3, 3, 3),
        ("两年零三个月", "两年零三个月", 27, 27, 27),
        ("1年2个月", "1年2个月", 14, 14, 14),
        ("三年五年", "三年五年", 36, 36, 60),
        ("三年五载", "三年五载", 36, 36, 60),
        ("三个月到半年", "三个月到半年", 3, 3, 6),
        ("十天半个月", "十天半个月", 0.5, 0.33, 0.5),
        ("干了15年", "15年", 180, 180, 180),
        ("打工15年了", "15年", 180, 180, 180),
        ("在外头15年", "15年", 180, 180, 180),
        ("满三年", "三年", 36, 36, 36),
        ("五年以上", "五年以上", 60, 60, ANY),
        ("三年以内", "三年以内", 36, 0, 36),
        ("没几年", "没几年", 24, 12, 36),
        ("执照还没一年", "还没一年", 12, 0, 12),
        ("一年多不到两年", "一年多不到两年", 12, 12, 24),
        ("回来有一年多了", "一年多", 12, 12, 24),
        ("好几年了", "好几年", 60, 24, 108),
        ("在外第四年了", "第四年", 42, 36, 48),
    ],
)
def test_durations(text: str, words: str, value: float, low: float, high: float) -> None:
    check(text, "duration", value, low, high, words)


# Dates, in months before 2026-11-23.
@pytest.mark.parametrize(
    ("text", "words", "value", "low", "high"),
    [
        ("去年腊月回来的", "去年腊月", 10, 9, 10),
        ("前年六月", "前年六月", 29, 28, 29),
        ("今年3月办的", "今年3月", 8, 7, 8),
        ("今年五一回来", "今年五一", 6, 6, 6),
        ("今年正月", "今年正月", 9, 8, 9),
        ("去年八月十五", "去年八月十五", 15, 15, 15),
        ("去年回来的", "去年", 16, 10, 22),
        ("年时回的村", "年时", 16, 10, 22),
        ("大前年", "大前年", 40, 34, 46),
        ("去年年底", "去年年底", 11, 10, 12),
        ("前年冬天", "前年冬天", 23, 21, 24),
        ("去年上半年", "去年上半年", 19, 16, 22),
        ("上个月", "上个月", 1, 0, 1),
        ("上周批的", "上周", 0, 0, 0),
        ("昨天", "昨天", 0, 0, 0),
        ("夜来才到家", "夜来", 0, 0, 0),
        ("刚回来", "刚", 0, 0, 1),
        ("零八年出去", "零八年", 220, 214, 226),
        ("08年出去", "08年", 220, 214, 226),
        ("一三年", "一三年", 160, 154, 166),
        ("二三年底", "二三年底", 35, 34, 36),
        ("2019年", "2019年", 88, 82, 94),
        ("2019出去打工", "2019", 88, 82, 94),
        ("二零一九年三月", "二零一九年三月", 92, 91, 92),
        ("2019.3开的", "2019.3", 92, 91, 92),
        ("23年5月办的证", "23年5月", 42, 41, 42),
        ("15年回来的", "15年", 136, 130, 142),
        ("从15年开始", "15年", 136, 130, 142),
        ("九八年", "九八年", 340, 334, 346),
        ("九几年出的门", "九几年", 382, 322, 442),
        ("零几年", "零几年", 262, 202, 322),
        ("九十年代", "九十年代", 382, 322, 442),
        ("过完年回来的", "过完年", 9, 8, 9),
        ("年前回来的", "年前", 10, 9, 10),
        ("正月里回来的", "正月里", 9, 8, 9),
        ("腊月二十三", "腊月二十三", 9, 9, 9),
        ("6月份", "6月份", 5, 4, 5),
        ("十月底", "十月底", 1, 0, 1),
        ("上半年开的", "上半年", 7, 4, 10),
        ("21届毕业", "21届", 64, 63, 65),
        ("三年前", "三年前", 36, 30, 42),
        ("半年前", "半年前", 6, 4.5, 7.5),
        ("前几天", "前几天", 0, 0, 0),
        ("明年开春", "明年开春", -3, -4, -2),
        ("想年后回去", "年后", -2, -3, -2),
        ("等过完年", "过完年", -2, -3, -2),
    ],
)
def test_dates(text: str, words: str, value: float, low: float, high: float) -> None:
    check(text, "date", value, low, high, words)


@pytest.mark.parametrize(
    ("as_of", "text", "low", "high"),
    [
        (dt.date(2026, 11, 23), "去年腊月", 9, 10),
        (dt.date(2027, 1, 20), "去年腊月", 11, 12),
        (dt.date(2026, 3, 1), "正月回来的", 0, 0),
        (dt.date(2026, 2, 1), "正月回来的", 11, 12),
        (dt.date(2024, 3, 31), "上个月", 1, 1),
    ],
)
def test_dates_follow_the_day_of_the_message(as_of: dt.date, text: str, low: int, high: int) -> None:
    found = only(text, as_of)
    assert (found.low, found.high) == (low, high)


def test_several_dates() -> None:
    first, last = all_of("19年到22年在广州")
    assert (first.value, last.value) == (88, 52)


# Land, floors, shares, counts.
@pytest.mark.parametrize(
    ("text", "kind", "unit", "value", "low", "high", "words"),
    [
        ("八亩地", "area", "亩", 8, 8, 8, "八亩地"),
        ("一亩三分地", "area", "亩", 1.3, 1.3, 1.3, "一亩三分地"),
        ("三分地", "area", "亩", 0.3, 0.3, 0.3, "三分地"),
        ("五亩半", "area", "亩", 5.5, 5.5, 5.5, "五亩半"),
        ("三亩多", "area", "亩", 3, 3, 4, "三亩多"),
        ("十来亩", "area", "亩", 10, 10, 15, "十来亩"),
        ("一百多亩", "area", "亩", 100, 100, 200, "一百多亩"),
        ("七八亩", "area", "亩", 7, 7, 8, "七八亩"),
        ("两公顷", "area", "亩", 30, 30, 30, "两公顷"),
        ("一百二十平米", "area", "平米", 120, 120, 120, "一百二十平米"),
        ("40平", "area", "平米", 40, 40, 40, "40平"),
        ("一亩地也没有", "area", "亩", 0, 0, 0, "一亩地"),
        ("四成", "share", "%", 40, 40, 40, "四成"),
        ("三成五", "share", "%", 35, 35, 35, "三成五"),
        ("一半", "share", "%", 50, 50, 50, "一半"),
        ("30%", "share", "%", 30, 30, 30, "30%"),
        ("百分之三十", "share", "%", 30, 30, 30, "百分之三十"),
        ("百分之八十以上", "share", "%", 80, 80, ANY, "百分之八十以上"),
        ("三分之一", "share", "%", 33.3333, 33.3333, 33.3333, "三分之一"),
        ("三个娃", "count", "个", 3, 3, 3, "三个"),
        ("俩娃", "count", "个", 2, 2, 2, "俩"),
        ("仨闺女", "count", "个", 3, 3, 3, "仨"),
        ("2娃", "count", "个", 2, 2, 2, "2"),
        ("五口人", "count", "口", 5, 5, 5, "五口人"),
        ("十来号人", "count", "人", 10, 10, 15, "十来号人"),
        ("三五个工人", "count", "人", 3, 3, 5, "三五个工人"),
        ("不到五个人", "count", "人", 4, 0, 4, "不到五个人"),
        ("百十来头猪", "count", "头", 110, 100, 130, "百十来头"),
        ("二百来只羊", "count", "只", 200, 200, 250, "二百来只"),
        ("三十多户", "count", "户", 30, 30, 39, "三十多户"),
        ("四个大棚", "count", "个", 4, 4, 4, "四个"),
        ("八棚香菇", "count", "棚", 8, 8, 8, "八棚"),
        ("两间门面", "count", "间", 2, 2, 2, "两间"),
        ("开了两家店", "count", "家", 2, 2, 2, "两家"),
        ("一辆车", "count", "辆", 1, 1, 1, "一辆"),
        ("家里五台缝纫机", "count", "台", 5, 5, 5, "五台"),
        ("上千只鸡", "count", "只", 1000, 1000, ANY, "上千只"),
        ("好几头牛", "count", "头", 5, 2, 9, "好几头"),
        ("一次没贷过", "count", "次", 0, 0, 0, "一次"),
        ("一个人都没雇", "count", "人", 0, 0, 0, "一个人"),
    ],
)
def test_measures(text: str, kind: str, unit: str, value: float, low: float, high: float, words: str) -> None:
    assert check(text, kind, value, low, high, words).unit == unit


@pytest.mark.parametrize(("text", "value"), [("5", 5), ("三", 3), ("四", 4), ("五十三", 53), ("6。", 6), ("零", 0), ("两三", 2)])
def test_bare_numbers_in_short_replies(text: str, value: float) -> None:
    found = only(text)
    assert (found.kind, found.value, found.unit) == ("number", value, None)


@pytest.mark.parametrize(
    "text",
    [
        # phones, papers, lines, addresses
        "电话13812345678", "打12345问问", "人社是12333", "固话0350-3021234", "身份证142301198503123456", "住3号楼2单元501", "一三八零零一二三四五六", "996受不了",
        # school and order
        "上三年级", "念高二", "闺女初三", "儿子大三", "第一次办", "老二", "老三上学", "二哥", "星期三", "周五", "他二叔", "二胎", "第三名",
        # times of day
        "早上八点半", "八点五十", "下午3点", "14:30", "二十分钟", "半个小时", "五号去",
        # words
        "一块儿干", "三天两头跑", "等一下", "一起干", "万一赔了", "千万别骗人", "十分着急", "等了半天", "三轮车", "二手车", "一会儿", "一点不懂", "有一点", "一直在外面",
        "统一办", "一样的", "一定", "一共", "乱七八糟", "老百姓", "两口子", "一家人", "一心想干", "半路", "四处打听", "百分点", "一辈子", "再过两年", "三七", "两头跑", "五保户",
        "零头不算", "打零工", "疫情头一年", "能贷几万", "几个人能办", "可以补几千",
        # places
        "去四川", "五台县", "五台山", "六安的茶", "九江", "三亚", "万荣", "万柏林", "五寨", "四平", "百色", "三门峡", "十堰",
    ],
)  # fmt: skip
def test_no_quantity(text: str) -> None:
    assert all_of(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("贷十万三年还清", [("money", 100_000), ("duration", 36)]),
        ("三千一个月干了两年", [("money", 3_000), ("duration", 24)]),
        ("老大十二老二九岁还有一个四岁", [("age", 12), ("age", 9), ("count", 1), ("age", 4)]),
        ("俩娃一个闺女一个小子", [("count", 2), ("count", 1), ("count", 1)]),
        ("我四十三婆姨四十一在外头跑了十几年攒下二十来万", [("age", 43), ("age", 41), ("duration", 180), ("money", 200_000)]),
        ("雇着五个人种了八十亩连翘去年卖了三十万", [("count", 5), ("area", 80), ("date", 16), ("money", 300_000)]),
        ("前年回来的包了两个棚一年能落四万", [("date", 28), ("count", 2), ("money", 40_000)]),
        ("存栏一万二", [("number", 12_000)]),
        ("老大二十，老二十七，老三十二", [("age", 20), ("age", 17), ("age", 12)]),
        ("大棚六个，一个一亩二", [("count", 6), ("count", 1), ("area", 1.2)]),
        ("58了，腿不行，在矿上下了二十六年井", [("number", 58), ("duration", 312)]),
    ],
)
def test_whole_messages(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(q.kind, q.value) for q in all_of(text)] == expected


# Rendered in several ways and read back.
_SIGNS = "零一二三四五六七八九"


def spoken(n: int) -> str:
    """The full reading: 20500 -> 二万零五百."""
    if n >= 10_000:
        high, low = divmod(n, 10_000)
        gap = "零" if low and (low < 1_000) else ""
        return spoken(high) + "万" + (gap + spoken(low) if low else "")
    words, empty = "", False
    for size, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, size)
        if digit:
            words += ("零" if empty and words else "") + _SIGNS[digit] + name
            empty = False
        else:
            empty = bool(words)
    return words or "零"


def short(n: int) -> str:
    """As people say it: 两, 十五, and the last unit dropped (一万五)."""
    words = spoken(n)
    words = words[1:] if words.startswith("一十") else words
    for unit in "千百万":
        words = words.replace(f"二{unit}", f"两{unit}")
    for upper, lower in (("万", "千"), ("千", "百"), ("百", "十")):
        if words.endswith(lower) and len(words) >= 3 and words[-3] == upper:
            return words[:-1]
    return words


def figures(n: int) -> str:
    """As people type it: 2.5万, 15w, 3千."""
    if n >= 10_000 and n % 100 == 0:
        return f"{n / 10_000:.2f}".rstrip("0").rstrip(".") + ("万" if n % 3 else "w")
    return f"{n:,}" if n % 2 else str(n)


NUMBERS = st.one_of(
    st.integers(0, 10_000_000),
    st.integers(0, 9_999),
    st.builds(lambda a, b: a * 10**b, st.integers(1, 99), st.integers(0, 5)),
    st.builds(lambda a, b, c: a * 10_000 + b * 10**c, st.integers(1, 999), st.integers(0, 9), st.integers(0, 3)),
)


@settings(max_examples=500)
@given(NUMBERS)
def test_numbers_read_back(n: int) -> None:
    for words in {spoken(n), short(n), figures(n), str(n)}:
        number = read(words, 0)
        assert number is not None, words
        assert (number.value, number.low, number.high, number.end) == (n, n, n, len(words)), words


@settings(max_examples=500)
@given(
    NUMBERS,
    st.sampled_from(["块", "块钱", "元", "亩", "只"]),
    st.sampled_from(["", "我说是", "总共，"]),
    st.sampled_from(["", "。", "，行不"]),
)
def test_numbers_with_a_measure_read_back(n: int, unit: str, before: str, after: str) -> None:
    for words in {spoken(n), figures(n), short(n) if unit in "块钱元" else spoken(n)}:
        assume(words + unit != "一块")  # together
        text = before + words + unit + after
        found = only(text)
        assert (found.value, text[found.start : found.end]) == (n, words + unit), text


@given(st.integers(2, 9), st.sampled_from(["十", "百", "千", "万", "十万", "百万"]))
def test_lai_and_duo_follow_the_table(digit: int, unit: str) -> None:
    size = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000}[unit]
    place, large = (unit[0], unit[1:]) if len(unit) == 2 else (unit, "")
    for mark, extra in (("来", size / 2), ("多", size)):
        found = only(f"{_SIGNS[digit]}{place}{mark}{large}块钱")
        assert (found.value, found.low, found.high) == (digit * size, digit * size, digit * size + extra)


_PIECES = st.sampled_from(
    [
        *"零一二两三四五六七八九十百千万亿半几俩仨数0123456789.,-~年月日天周岁块元钱亩分平米成个人口头只间家户来多好大小上不到快近过前后去今明腊正底初的了，。 wk%+属虎生后刚昨夜虚满奔",
        *["左右", "出头", "不到", "至少", "一个月", "去年", "三年级", "半年", "个把", "五一", "12345", "万一", "百分之", "分之", "我", "今年", "没有", "到", "贷", "挣", "95后"],
    ]
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join), st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31)))
def test_whatever_is_said(text: str, as_of: dt.date) -> None:
    found = quantities(text, as_of)
    assert found == quantities(text, as_of)
    end = 0
    for quantity in found:
        assert end <= quantity.start < quantity.end <= len(text)
        assert quantity.low <= quantity.value <= quantity.high
        assert not math.isnan(quantity.value)
        assert math.isfinite(quantity.value)
        end = quantity.end


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    assert all(0 <= q.start < q.end <= len(text) for q in all_of(text))


@pytest.mark.parametrize(
    "words", ["一", "十", "千", "几", "一亿", "一亿零", "三百五千", "一万", "半年", "三到", "一个月", "1,", "没有一", "三点", "年"]
)
def test_long_nonsense_ends_soon(words: str) -> None:
    started = time.process_time()
    all_of(words * (4_000 // len(words)))
    assert time.process_time() - started < 10  # what grows with the square takes minutes
