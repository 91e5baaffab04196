"""The lunar calendar of the years that conversations speak of: when 腊月, 正月 and 中秋 were."""

from __future__ import annotations

import datetime as dt

FIRST = 2000
# Of each lunar year from FIRST: the day of its new year (month, day), the month that is followed by a leap month (0: none),
# and the length of each of its months in order (1: 30 days, 0: 29 days).
_YEARS = (
    "0205 0 110010010110", "0124 4 1101010010101", "0212 0 110101001010", "0201 0 110110100101",
    "0122 2 0101101010101", "0209 0 010101101010", "0129 7 1010101011011", "0218 0 001001011101",
    "0207 0 100100101101", "0126 5 1100100101011", "0214 0 101010010101", "0203 0 101101001010",
    "0123 4 1011010101010", "0210 0 101011010101", "0131 9 0101010110101", "0219 0 010010111010",
    "0208 0 101001011011", "0128 6 0101001010111", "0216 0 010100101011", "0205 0 101010010011",
    "0125 4 0111010010101", "0212 0 011010101010", "0201 0 101011010101", "0122 2 0100110110101",
    "0210 0 010010110110", "0129 6 1010010101110", "0217 0 101001001110", "0206 0 110100100110",
    "0126 5 1110100100110", "0213 0 110101010011", "0203 0 010110101010", "0123 3 0110101101010",
    "0211 0 100101101101", "0131 11 0100101011101", "0219 0 010010101101", "0208 0 101001001101",
    "0128 6 1101001001011",
)  # fmt: skip
LAST = FIRST + len(_YEARS) - 1
_USUAL = (2, 5)
"""A day on which no lunar new year is more than half a month off."""


def new_year(year: int) -> dt.date:
    """The first day of the lunar year; beyond the table a day within half a month of it."""
    if FIRST <= year <= LAST:
        row = _YEARS[year - FIRST]
        return dt.date(year, int(row[:2]), int(row[2:4]))
    return dt.date(year, *_USUAL)


def month(year: int, number: int) -> tuple[dt.date, dt.date]:
    """First and last day of a lunar month (1 正月 ... 12 腊月); a leap month is not counted to the month before it."""
    if not FIRST <= year <= LAST:
        first = dt.date(year, *_USUAL) + dt.timedelta(days=round((number - 1) * 29.53))
        return first, first + dt.timedelta(days=29)
    _, leap, lengths = _YEARS[year - FIRST].split()
    place = number - 1 + (0 < int(leap) < number)
    days = [29 + int(sign) for sign in lengths]
    first = new_year(year) + dt.timedelta(days=sum(days[:place]))
    return first, first + dt.timedelta(days=days[place] - 1)


def year_of(day: dt.date) -> int:
    """The lunar year in which a day lies."""
    return day.year if day >= new_year(day.year) else day.year - 1
