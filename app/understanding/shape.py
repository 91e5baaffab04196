"""What a message looks like once its places, numbers and trades are single signs, cut into short pieces: what the classifier reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.understanding.candidates import Candidate
from app.understanding.marked import Marked
from app.understanding.placenames import HOME as SHANXI
from app.understanding.weighing import ACT, GOODS, JOB, OWN, SKILL, SOIL, TOPIC, VENUE

TRADES = {ACT: "\ue020", OWN: "\ue021", VENUE: "\ue022", JOB: "\ue023", SOIL: "\ue024", TOPIC: "\ue025", SKILL: "\ue026", GOODS: "\ue027"}
AT_HOME, ELSEWHERE = "\ue028", "\ue029"
"""A place in Shanxi, and one outside."""
MARKS = "，。？"
LONGEST_PIECE, NEAREST, WINDOW = 4, 7, 14
"""Signs of a piece; of a piece that touches what is looked at; and signs looked at on either side of it."""


@dataclass(frozen=True)
class Shape:
    """`pieces` of the whole message; `around` gives those that stand about one place, number or trade in it."""

    marked: Marked
    trades: Sequence[Candidate]
    asked: str
    pieces: frozenset[str]

    def clause(self, start: int, end: int) -> frozenset[str]:
        """The pieces of the clause about marked text[start:end], as if it were a message of its own."""
        text = self.marked.text
        first = max(text.rfind(mark, 0, start) for mark in MARKS) + 1
        last = min((at for mark in MARKS if (at := text.find(mark, end)) >= 0), default=len(text))
        return frozenset(_pieces(f"{self.asked}^{_drawn(self.marked, self.trades, first, last)}$"))

    def around(self, start: int, end: int) -> frozenset[str]:
        """The pieces about marked text[start:end]: before it those read backwards, and behind it."""
        before = "^" + _drawn(self.marked, self.trades, 0, start)
        after = _drawn(self.marked, self.trades, end, len(self.marked.text)) + "$"
        sides = (("<", before[: -WINDOW - 1 : -1]), (">", after[:WINDOW]))
        found = {self.asked + self.marked.text[start : start + 1]}
        for side, text in sides:
            found.update(side + piece for piece in _pieces(text))
            found.update(f"{side}|{text[:n]}" for n in range(1, NEAREST + 1))
        return frozenset(found)


def shape_of(marked: Marked, trades: Sequence[Candidate], asking: str | None) -> Shape:
    """The shape of a message with the trades that rules found in it, as a reply to `asking`."""
    asked = f"«{asking.partition('.')[0]}»" if asking else ""
    text = f"{asked}^{_drawn(marked, trades, 0, len(marked.text))}$"
    return Shape(marked, trades, asked, frozenset(_pieces(text)))


def _drawn(marked: Marked, trades: Sequence[Candidate], start: int, end: int) -> str:
    """text[start:end] with signs for places and for the trades that lie wholly in it."""
    signs: list[str] = []
    whole = {t.start: t for t in trades if start <= t.start and t.end <= end}
    at = start
    while at < end:
        trade = whole.get(at)
        if trade:
            signs.append(TRADES[trade.fact])
            at = trade.end
            continue
        place = marked.place(at)
        signs.append((AT_HOME if place.code.startswith(SHANXI) else ELSEWHERE) if place else marked.text[at])
        at += 1
    return "".join(signs)


def _pieces(text: str) -> Iterator[str]:
    for length in range(1, LONGEST_PIECE + 1):
        for at in range(len(text) - length + 1):
            yield text[at : at + length]
