"""A second opinion on the facts found: where the classifier doubts one it is only guessed, and what it is sure of is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.understanding.candidates import Candidate
from app.understanding.classifier import NONE, NUMBER, PLACE, STAGE, STATUS, TOLD, TRADE, Classifier
from app.understanding.scope import SELF, Scope
from app.understanding.shape import Shape

SECTOR = "sector"
OF_MESSAGE = {"business_stage": STAGE, "return_status": STATUS}
"""Facts with options that the whole message tells, and the task that decides each."""
PLACES = ("home_place", "working_place", "business_place")
DOUBTED = {STAGE: 0.15, STATUS: 0.35, TRADE: 0.2, PLACE: 0.2, NUMBER: 0.03, TOLD: 0.025}
"""Below this chance what was found is only guessed."""
ADDED = {STAGE: 0.95, TRADE: 0.9, PLACE: 0.9}
"""Above this chance it is told, though nothing was found."""
NO_BUSINESS = 0.3
"""Above this chance that a message tells of no business, no trade is added."""


def weighed(
    found: Sequence[Candidate], shape: Shape, scope: Scope, classifier: Classifier, asking: str | None, aside: frozenset[int]
) -> list[Candidate]:
    """The facts that count, in the order of the text. What answers the open question stands as it was found; of the trades that begin at
    `aside` none is added."""
    if not classifier:
        return list(found)
    opinion = _Opinion(shape, scope, classifier, (asking or "").partition(".")[0], aside)
    return sorted(opinion.on(found), key=lambda c: (c.start, c.end, c.fact))


class _Opinion:
    """The classifier's view of one message."""

    def __init__(self, shape: Shape, scope: Scope, classifier: Classifier, asked: str, aside: frozenset[int]) -> None:
        self._aside = aside
        self._shape, self._scope, self._classifier, self._asked = shape, scope, classifier, asked
        self._whole: dict[str, list[float]] = {}
        self._trades = [(self._around(TRADE, t)[SECTOR], t) for t in shape.trades]

    def on(self, found: Sequence[Candidate]) -> Iterator[Candidate]:
        """Doubts what the classifier holds unlikely; adds what nothing stated, where it is sure."""
        kept = {c.fact: c if c.fact == self._asked or not c.sure else self._checked(c) for c in found}
        stated = {c.fact for c in found if c.sure} | {self._asked}
        if "business_stage" not in stated:
            kept |= {c.fact: c for c in self._stage()}
        if SECTOR not in stated:
            kept |= {c.fact: c for c in self._sector()}
        yield from (kept | {c.fact: c for c in self._places(found, stated)}).values()

    def _checked(self, c: Candidate) -> Candidate:
        if c.fact in OF_MESSAGE:
            return self._of_message(c, OF_MESSAGE[c.fact])
        if c.fact == SECTOR:
            return self._trade(c)
        if c.fact in PLACES:
            return self._doubted(c, PLACE)
        if isinstance(c.value, bool | str):
            name = f"{c.fact}={c.value}"
            task = self._classifier[TOLD]
            doubted = name in task.classes and self._of_whole(TOLD)[name] < DOUBTED[TOLD]
            alone = task.chances(task.sums(self._shape.clause(c.start, c.end)))[name] if doubted else 1
            return replace(c, sure=False) if alone < DOUBTED[TOLD] else c
        return self._doubted(c, NUMBER)

    def _of_message(self, c: Candidate, name: str) -> Candidate:
        return replace(c, sure=False) if self._of_whole(name).get(str(c.value), 1) < DOUBTED[name] else c

    def _trade(self, c: Candidate) -> Candidate:
        chances = [chance for chance, t in self._trades if t.value == c.value]
        return replace(c, sure=False) if chances and max(chances) < DOUBTED[TRADE] else c

    def _doubted(self, c: Candidate, name: str) -> Candidate:
        if c.start not in self._shape.marked.items or c.end != c.start + 1:
            return c
        chance = self._around(name, c).get(c.fact)
        return c if chance is None or chance >= DOUBTED[name] else replace(c, sure=False)

    def _stage(self) -> Iterator[Candidate]:
        if self._trades and self._aside.issuperset(t.start for _, t in self._trades):
            return
        chances = self._of_whole(STAGE)
        best = max(chances, key=lambda one: chances[one])
        if best != NONE and chances[best] > ADDED[STAGE]:
            trade = self._best_trade()
            start, end = (trade[1].start, trade[1].end) if trade else (0, len(self._shape.marked.text))
            yield Candidate("business_stage", best, start, end)

    def _sector(self) -> Iterator[Candidate]:
        """The likeliest trade, where the message is about a business at all."""
        best = self._best_trade()
        if best and best[0] > ADDED[TRADE] and self._of_whole(STAGE)[NONE] < NO_BUSINESS:
            yield replace(best[1], fact=SECTOR, rank=0)

    def _places(self, found: Sequence[Candidate], stated: set[str]) -> Iterator[Candidate]:
        taken = {c.start for c in found}
        for at in sorted(self._shape.marked.items):
            place = self._shape.marked.place(at)
            if place is None or at in taken or not place.certain or self._scope.at(at) != SELF or self._scope.unreal(at, at + 1):
                continue
            chances = self._around(PLACE, Candidate(PLACE, None, at, at + 1))
            fact = max(chances, key=lambda one: chances[one])
            if fact != NONE and fact not in stated and chances[fact] > ADDED[PLACE]:
                stated.add(fact)
                yield Candidate(fact, place.label, at, at + 1)

    def _best_trade(self) -> tuple[float, Candidate] | None:
        return max((pair for pair in self._trades if pair[1].start not in self._aside), key=lambda pair: pair[0], default=None)

    def _sums(self, name: str) -> list[float]:
        if name not in self._whole:
            self._whole[name] = self._classifier[name].sums(self._shape.pieces)
        return self._whole[name]

    def _of_whole(self, name: str) -> dict[str, float]:
        return self._classifier[name].chances(self._sums(name))

    def _around(self, name: str, c: Candidate) -> dict[str, float]:
        task = self._classifier[name]
        return task.chances(self._sums(name), task.sums(self._shape.around(c.start, c.end)))
