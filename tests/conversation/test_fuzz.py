"""Whatever is typed: no exception, a reply that says something, and no figure that nothing covers."""

from __future__ import annotations

import json
import random

import pytest

from app.conversation import State, Turn, World, fold, open_conversation, take
from app.conversation.state import advance

START = "我想回偏关养鱼，差二十万"
ODD = {
    "empty": "",
    "blank": " \t\n　",
    "a hundred thousand characters": "我想养鱼" * 25_000,
    "a thousand digits": "9" * 1_000,
    "a thousand digits in Chinese": "九" * 1_000,
    "digits with commas": "1,234,567,890,123,456,789万亿",
    "control characters": "".join(map(chr, range(32))) + "养羊",
    "nul": "\x00\x00养羊\x00",
    "lone surrogates": "\ud800养鱼\udfff",
    "right to left": "\u202e我想养羊\u202c شكرا",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>养羊",
    "braces": "{label} {count!r} {0} %s %(x)s ${y}",
    "quotes": "'\"; DROP TABLE messages; --",
    "emoji": "🐷🐑👨‍👩‍👧‍👦💰💰想养",
    "combining": "我\u0301\u0301\u0301想\u0300养鱼",
    "full width": "我４５岁，差２０万",
    "tags and joiners": "\u200b养\u200d羊\ufeff\U000e0041",
    "infinities": "nan inf -inf 1e999 0x10 1/0",
    "Tibetan digits": "༡༢༣ ١٢٣ ௧௨௩ ⅷ ½ ⑳",
}


def said(world: World, state: State, text: str) -> tuple[State, Turn]:
    turn = take(state, text, world)
    json.dumps(turn.reply.as_json())
    assert turn.reply.text.strip(), text[:50]
    assert not [e.data for e in turn.events if e.kind == "guard_failed"], (text[:50], turn.reply.text)
    return advance(state, turn.events), turn


@pytest.mark.parametrize("name", ODD)
def test_odd_messages_are_answered(name: str, real_world: World) -> None:
    for before in ((), (START,), (START, "说错了"), (START, "删掉我的信息"), ("窗口不给办", "给县里留话")):
        state = fold(open_conversation("zh").events)
        for text in (*before, ODD[name], ODD[name], "都有啥"):
            state, turn = said(real_world, state, text)
            assert "alert(1)" not in "".join(str(b) for b in turn.reply.blocks if b["kind"] == "measure_card")


@pytest.mark.parametrize("seed", range(15))
def test_any_unicode_is_answered(seed: int, real_world: World) -> None:
    chance = random.Random(seed)
    pieces = (
        "养鱼",
        "二十万",
        "45",
        "听说",
        "能贷五十万",
        "不是",
        "老家",
        "偏关",
        "我兄弟",
        "要是",
        "岁",
        "个月",
        "\n",
        "，",
        "？",
        "%",
        "万",
        "亿",
    )
    state = fold(open_conversation(chance.choice(["zh", "en"])).events)
    for _ in range(12):
        letters = [
            chr(chance.choice([chance.randrange(0x20, 0x3000), chance.randrange(0x4E00, 0x9FFF), chance.randrange(0x110000)]))
            for _ in range(20)
        ]
        text = "".join(chance.sample([*letters, *pieces], chance.randrange(1, 30)))
        state, _ = said(real_world, state, text)
