"""What is left out: 我爸是退伍军人，我不是; 监测户？我家不是. A topic is named, then denied or granted of the speaker without its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.scope import Scope

REACH = 16
"""Signs between a topic and what is said of it."""
RANK = 4
TOPICS = "topic_"


def left_out(marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yes-or-no facts of the speaker whose name stands only with somebody else, or as a topic."""
    denials = [(m, False) for m in lexicon.all_cues("own_no", marked.text)]
    said = sorted(denials + [(m, True) for m in lexicon.all_cues("own_yes", marked.text)], key=lambda row: row[0].start())
    if not said:
        return
    for name in lexicon.cues:
        if name.startswith(TOPICS):
            yield from _about(name, said, marked, scope, lexicon)


def _about(name: str, said: Sequence[tuple[re.Match[str], bool]], marked: Marked, scope: Scope, lexicon: Lexicon) -> Iterator[Candidate]:
    for topic in lexicon.all_cues(name, marked.text):
        for match, value in said:
            near = topic.end() <= match.start() <= topic.end() + REACH
            if (
                near
                and not scope.unreal(match.start(), match.end())
                and not _other_topic(name, topic.end(), match.start(), marked, lexicon)
            ):
                yield Candidate(name.removeprefix(TOPICS), value, match.start(), match.end(), rank=RANK)
                break


def _other_topic(name: str, start: int, end: int, marked: Marked, lexicon: Lexicon) -> bool:
    between = marked.text[start:end]
    return any(other != name and other.startswith(TOPICS) and lexicon.cue(other, between) for other in lexicon.cues)
