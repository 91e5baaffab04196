"""Rumours by likeness: how near a sentence comes to known wordings, for those that no pattern catches.

Wordings are compared by the signs and pairs of signs that they share, rare ones weighing most. A likeness never makes anything true, and
a sentence that denies what the wording asserts (不, 没 …) is not like it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

NEAR = 0.2
"""From this likeness on a sentence says the same as a wording (1: word for word)."""
NEAR_ELSEWHERE = 0.28
"""The same where the sentence names another measure than the rumour is about."""
NEAR_UNSAID = 0.4
"""The same where the sentence does not say what it is about (不用还的)."""
NEAR_TWIN = 0.4
"""The same where much the same words may be true of the measure (失业登记在太原办, 失业登记回老家办)."""
NEVER_NEAR = 2.0
"""A likeness that nothing reaches."""
AHEAD = 0.02
"""By how much the nearest rumour must lead the next one."""
_LOOSE = frozenset("的了吗呢吧啊就是也都在有和跟咱我他她你您这那个些说人得能会把被给")
"""Signs that carry little: they count only in pairs."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]{2,}")
_OTHER = re.compile(r"[^0-9a-z一-龥]")
_DENIES = re.compile(r"[不没别免无未甭]")
_EITHER = re.compile(r"(.)[不没]\1")
"""A question that leaves it open (能不能)."""
SINGLE = 0.5
"""The weight of a sign beside that of a pair."""


@dataclass(frozen=True)
class Like:
    """A rumour that a sentence comes near to."""

    rumour: int
    likeness: float


@dataclass(frozen=True)
class Sayings:
    """Known wordings of rumours, ready to be compared with."""

    rumours: tuple[int, ...] = ()
    """For each wording the number of its rumour."""
    denials: tuple[int, ...] = ()
    shares: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    """For each sign or pair the wordings that hold it, each with its weight there."""
    weights: Mapping[str, float] = field(default_factory=dict)
    rarest: float = 1.0
    """The weight of a sign or pair that no wording holds."""

    def likest(self, sentence: str) -> tuple[Like, ...]:
        """The rumours that a sentence comes near to, the likest first; those whose denials do not match are left out."""
        asked = dict(_weighed(sentence, self.weights, self.rarest))
        length = math.sqrt(sum(w * w for w in asked.values())) or 1.0
        near: dict[int, float] = defaultdict(float)
        for part, weight in asked.items():
            for number, held in self.shares.get(part, ()):
                near[number] += weight * held / length
        odd = denials(sentence) % 2
        best: dict[int, float] = {}
        for number, likeness in near.items():
            if self.denials[number] % 2 == odd:
                rumour = self.rumours[number]
                best[rumour] = max(likeness, best.get(rumour, 0.0))
        return tuple(Like(rumour, likeness) for rumour, likeness in sorted(best.items(), key=lambda item: -item[1]))


def denials(text: str) -> int:
    """How many words of a text deny."""
    return len(_DENIES.findall(_EITHER.sub("", text)))


def build_sayings(said: Iterable[tuple[int, str]]) -> Sayings:
    """From wordings, each with the number of its rumour."""
    pairs = [(rumour, plain(text)) for rumour, text in said]
    held = Counter(part for _, text in pairs for part in set(_parts(text)))
    weights = {part: math.log(1 + len(pairs) / (1 + count)) for part, count in held.items()}
    rarest = math.log(1 + len(pairs))
    shares: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, (_, text) in enumerate(pairs):
        own = dict(_weighed(text, weights, rarest))
        length = math.sqrt(sum(w * w for w in own.values())) or 1.0
        for part, weight in own.items():
            shares[part].append((number, weight / length))
    fixed = {part: tuple(found) for part, found in shares.items()}
    return Sayings(tuple(r for r, _ in pairs), tuple(denials(t) for _, t in pairs), fixed, weights, rarest)


def plain(text: str) -> str:
    """A text without signs that say nothing, every number the same."""
    return _OTHER.sub("", _NUMBER.sub("0", text.lower()))


def _parts(text: str) -> Iterator[str]:
    yield from (sign for sign in text if sign not in _LOOSE)
    yield from (text[i : i + 2] for i in range(len(text) - 1))


def _weighed(text: str, weights: Mapping[str, float], rarest: float) -> Iterator[tuple[str, float]]:
    for part in set(_parts(text)):
        yield part, weights.get(part, rarest) * (SINGLE if len(part) == 1 else 1.0)
