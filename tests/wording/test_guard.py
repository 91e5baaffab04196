"""The figure guard lets through what the catalogue and the person said, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from app.wording.guard import Allowed, guard

ALLOWED = Allowed(
    numbers=frozenset({300_000.0, 3.0, 50.0, 0.75, 3_000_000.0}),
    dates=frozenset({dt.date(2026, 12, 31)}),
    names=frozenset({"财金〔2023〕75号", "12345", "第七条", "干了十来年"}),
)


@pytest.mark.parametrize(
    "text",
    [
        "最高能借30万元，最长3年。",
        "利息补50%，300万元也行",
        "You may borrow up to 300,000 yuan.",
        "2026年12月31日到期",
        "Ends 31 December 2026.",
        "出处：财金〔2023〕75号，第七条。打12345问。",
        "您说干了十来年，记下了",
        "最高３０万元",
        "没有数字的话",
        "0.75亩",
    ],
)
def test_what_is_sourced_goes_out(text: str) -> None:
    assert not guard([text], ALLOWED)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("最高能借50万元", "50万"),
        ("最长5年", "5"),
        ("2027年12月31日到期", "2027年12月31日"),
        ("Ends 1 January 2027.", "1 January 2027"),
        ("能贷二十万元", "二十万元"),
        ("打12346问", "12346"),
        ("能借123450元", "123450"),
        ("能借12345万", "12345万"),
        ("最高４０万元", "40万"),
        ("for three years", "three years"),
    ],
)
def test_what_nothing_covers_is_named(text: str, piece: str) -> None:
    assert guard([text], ALLOWED) == [piece]
