"""The lunar calendar of the years that conversations speak of."""

from __future__ import annotations

import datetime as dt

import pytest

from app.understanding import lunar


@pytest.mark.parametrize("year", range(lunar.FIRST, lunar.LAST))
def test_lunar_years_follow_each_other(year: int) -> None:
    assert lunar.month(year, 12)[1] + dt.timedelta(days=1) == lunar.new_year(year + 1)


@pytest.mark.parametrize(
    ("year", "number", "first", "last"),
    [
        (2025, 12, dt.date(2026, 1, 19), dt.date(2026, 2, 16)),
        (2026, 1, dt.date(2026, 2, 17), dt.date(2026, 3, 18)),
        (2025, 7, dt.date(2025, 8, 23), dt.date(2025, 9, 21)),
        (2023, 2, dt.date(2023, 2, 20), dt.date(2023, 3, 21)),
        (2023, 3, dt.date(2023, 4, 20), dt.date(2023, 5, 18)),
    ],
)
def test_lunar_months(year: int, number: int, first: dt.date, last: dt.date) -> None:
    assert lunar.month(year, number) == (first, last)


def test_beyond_the_table_the_calendar_is_near_enough() -> None:
    assert abs((lunar.new_year(1998) - dt.date(1998, 1, 28)).days) <= 15
    assert abs((lunar.month(1998, 12)[0] - dt.date(1999, 1, 17)).days) <= 45
    assert lunar.year_of(dt.date(2026, 2, 16)) == 2025
    assert lunar.year_of(dt.date(2026, 2, 17)) == 2026
