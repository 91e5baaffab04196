"""Another person's case: what is said of them there is read as if they said it themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.conversation.draft import Draft
from app.conversation.facts import News, news

_THEY = re.compile(r"他|她|\bhe\b|\bshe\b", re.IGNORECASE)
_ASKING = re.compile(r"^[^，,。.；;！!？?\s]*(?:问|打听|查|ask for)[^，,。.；;！!？?\s]*[，,。.；;！!？?\s]+")
"""The words that say for whom somebody asks: 给我兄弟问问，"""


def own_words(text: str, lexicon: Any) -> str:
    """The same message as the person it is about would say it (我爸养鸡 is 我养鸡); as long as the message itself, for the quotes."""
    opening = _ASKING.match(text)
    start = opening.end() if opening else 0
    kin = lexicon.cue("own_kin", text[start:]) if lexicon is not None else None
    if kin is not None:
        text = text[:start] + "我".rjust(kin.end()) + text[start + kin.end() :]
    return " " * start + _THEY.sub(lambda said: "我" if len(said.group()) == 1 else "I".ljust(len(said.group())), text[start:])


def facts_of(d: Draft, text: str, asked: str | None) -> Sequence[News]:
    """What a message says of the person whose case is open, with the words as they were typed."""
    understood = d.world.understand(own_words(text, d.world.lexicon), d.world.lexicon, d.world.as_of, asked)
    return [replace(news(h), quote=text[h.start : h.end] or h.quote) for h in understood.facts]
