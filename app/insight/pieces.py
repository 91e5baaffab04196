"""Pieces of a message that may be words nobody here knows yet. Without digits and Latin letters, and without what may be a name."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 2, 8
"""Characters of a piece."""
MOST = 12
"""Pieces of one message."""
_HAN = re.compile(r"[㐀-鿿]+")
_GLUE = re.compile(
    r"的|了|吗|呢|啊|吧|嘛|呀|我|咱|俺|你|您|他|她|它|们|咋|怎么|什么|啥|这个|那个|这|那|是不是|是|不|没有|没|有|在|就|也|都|还|要|想|能|可以|给|跟|和|把|被|到|去|来|说|问|一下|个"
)
_NAMED = re.compile(r"(?:叫|姓|名字是|名叫|我是)[㐀-鿿]{1,6}")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)


def pieces(text: str) -> list[str]:
    """The pieces of a message, each once, in its order."""
    found: list[str] = []
    for run in _HAN.findall(_NAMED.sub(" ", text)):
        found += [p for p in _GLUE.split(run) if SHORTEST <= len(p) <= LONGEST and not _may_be_a_name(p)]
    return list(dict.fromkeys(found))[:MOST]


def _may_be_a_name(piece: str) -> bool:
    return len(piece) <= 3 and piece[0] in _SURNAMES
