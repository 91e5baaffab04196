"""Words that nobody here knows: no digits, no Latin letters, nothing that may be a name."""

from __future__ import annotations

import pytest

from app.insight.pieces import LONGEST, MOST, pieces


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("我想弄个碾米坊", ["碾米坊"]),
        ("咱村的打谷场能不能用", ["打谷场"]),
        ("电话13912345678，问一下", ["电话"]),
        ("我叫张三丰，想养蝎子", ["养蝎子"]),
        ("王桂花 李二狗", []),
        ("hello 123", []),
        ("", []),
    ],
)
def test_pieces_hold_no_numbers_and_no_names(said: str, found: list[str]) -> None:
    assert pieces(said) == found


def test_long_messages_give_few_short_pieces() -> None:
    found = pieces("，".join(f"新鲜词{chr(0x4E00 + n)}" for n in range(100)))
    assert len(found) == MOST
    assert all(2 <= len(p) <= LONGEST for p in found)
