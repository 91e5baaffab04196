"""Numbers as people say them: 30万元, 10个工作日, 50%; 300,000 yuan, 10 working days, 50%."""

from __future__ import annotations

import datetime as dt

from app.catalog.models import Figure

UNITS_ZH = {
    "CNY": "元", "CNY/year": "元（每年）", "CNY/quarter": "元（每季度）", "CNY/month": "元（每月）", "CNY/day": "元（每天）",
    "CNY/hour": "元（每小时）", "CNY/mu": "元（每亩）", "CNY/mu/year": "元（每亩每年）", "CNY/person": "元（每人）",
    "CNY/person/year": "元（每人每年）", "CNY/person/month": "元（每人每月）", "CNY/household": "元（每户）",
    "CNY/household/year": "元（每户每年）", "CNY/head": "元（每头）", "CNY/m2": "元（每平方米）", "CNY/m3": "元（每立方米）",
    "CNY/tonne": "元（每吨）", "CNY/kWh": "元（每度）", "percent": "%", "percent/year": "%（每年）", "percent/day": "%（每天）",
    "percentage_points": "个百分点", "percentage_points/year": "个百分点（每年）", "basis_points": "个基点", "ratio": "", "years_old": "岁", "years": "年",
    "quarters": "个季度", "months": "个月", "days": "天", "working_days": "个工作日", "hours": "小时", "times": "次", "times/year": "次（每年）",
    "persons": "人", "persons/year": "人（每年）", "households": "户", "businesses": "家", "head": "头（只）", "head/year": "头（每年）",
    "mu": "亩", "m2": "平方米", "m2/person": "平方米（每人）", "count": "个",
}  # fmt: skip
_EN = {
    "CNY": "yuan", "percent": "%", "percentage_points": "percentage points", "basis_points": "basis points", "ratio": "", "years_old": "", "working_days": "working days",
    "persons": "people", "head": "head", "mu": "mu", "m2": "square metres", "count": "",
}  # fmt: skip
_ONE = {"people": "person", "businesses": "business"}
_PER = {
    "year": "a year", "quarter": "a quarter", "month": "a month", "day": "a day", "hour": "an hour", "mu": "per mu", "person": "per person",
    "household": "per household", "head": "per head", "m2": "per square metre", "m3": "per cubic metre", "tonne": "per tonne", "kWh": "per kWh",
}  # fmt: skip
BOUND = {
    "zh": {"at_most": "最多", "at_least": "至少", "about": "约"},
    "en": {"at_most": "up to ", "at_least": "at least ", "about": "about "},
}
MYRIAD, HUNDRED_MILLION = 10_000, 100_000_000


def number(value: float, language: str) -> str:
    """A bare number, never rounded: zh counts in 万 and 亿 where that is exact and short."""
    if language == "zh":
        for size, name in ((HUNDRED_MILLION, "亿"), (MYRIAD, "万")):
            scaled = value / size
            if abs(value) >= size and round(scaled, 4) == scaled and len(_plain(scaled)) < len(_plain(value)):
                return _plain(scaled) + name
        return _plain(value)
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def _plain(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def amount(value: int | float | str | dt.date, unit: str, language: str) -> str:
    """A value with its unit, in words."""
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else f"{value.day} {value:%B} {value.year}"
    if isinstance(value, str):
        return value
    said = number(value, language)
    if language == "zh":
        unit_said = UNITS_ZH[unit]
        if unit == "ratio":
            return said
        return f"{said}{unit_said}"
    base, *per = unit.split("/")
    name = _EN.get(base, base)
    if value == 1 and (name.endswith("s") or name in _ONE):
        name = _ONE.get(name, name[:-1])
    joined = f"{said}{name}" if name == "%" else f"{said} {name}".strip()
    return " ".join([joined, *(_PER[p] for p in per)])


def figure_amount(figure: Figure, value: int | float | str | dt.date, language: str, *, bound: bool = False) -> str:
    """A figure's value in words; with its bound (up to …) when asked."""
    said = amount(value, figure.unit, language)
    return BOUND[language][figure.bound] + said if bound and figure.bound else said


def span(low: float, high: float, unit: str, language: str) -> str:
    """Between two amounts; one amount when they are equal."""
    if low == high:
        return amount(high, unit, language)
    join = "到" if language == "zh" else " to "
    return f"{number(low, language)}{join}{amount(high, unit, language)}"


def length(low: float | None, high: float | None, language: str) -> str:
    """A time of so many months as people say it: 10到15年, 1年6个月, 8个月往上; 10 to 15 years. One end may be open."""
    ends = [n for n in (low, high) if n is not None]
    whole = all(n % MONTHS == 0 for n in ends) and max(ends, default=0) > 0
    unit = "years" if whole else "months"
    said = [n / MONTHS if whole else n for n in ends]
    if len(said) == 2 and said[0] != said[1]:
        return span(said[0], said[1], unit, language)
    one = _years_and_months(ends[0], language) if ends and not whole else amount(said[0] if said else 0, unit, language)
    if low is not None and high is not None:
        return one
    return one + OPEN_END[language][0 if low is not None else 1]


def _years_and_months(months: float, language: str) -> str:
    if months < MONTHS or months != int(months):
        return amount(months, "months", language)
    years, rest = divmod(int(months), MONTHS)
    gap = "" if language == "zh" else " "
    return amount(years, "years", language) + gap + amount(rest, "months", language)


MONTHS = 12
OPEN_END = {"zh": ("往上", "以下"), "en": (" or more", " or less")}
