"""One measure for one person on one day: the verdict, each condition's outcome, the facts that can still change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.matching.analysis import Settling
from app.matching.compile import Statuses
from app.matching.day import Day, DayCondition, DayMeasure
from app.matching.interpret import evaluate
from app.matching.profile import Knowledge

Verdict = Literal["eligible", "not_eligible", "unknown"]
VERDICTS: Mapping[bool | None, Verdict] = {True: "eligible", False: "not_eligible", None: "unknown"}


@dataclass(frozen=True)
class Outcome:
    """How one condition stands."""

    condition: DayCondition
    status: bool | None


@dataclass(frozen=True)
class MeasureVerdict:
    measure: DayMeasure
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    missing: frozenset[str]
    """Variables; a set's option counts one by one."""

    @cached_property
    def id(self) -> str:
        return self.measure.entry.id

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of what failed; `valid` when the measure has ended or not begun."""
        if self.measure.standing in ("ended", "not_begun"):
            return ("valid",)
        return tuple(o.condition.id for o in self.outcomes if o.status is False)


class Judge:
    """Judges measures for one person on one day."""

    def __init__(self, day: Day, known: Knowledge) -> None:
        self.day, self.known = day, known

    def all(self) -> list[MeasureVerdict]:
        compiled = self.day.compiled
        statuses, verdicts = compiled.statuses(compiled.slots(self.known))
        return [self._judge(m, statuses, v) for m, v in zip(self.day.measures.values(), verdicts, strict=True)]

    def some(self, measures: list[str]) -> list[MeasureVerdict]:
        wanted = set(measures)
        compiled = self.day.compiled
        statuses, verdicts = compiled.statuses(compiled.slots(self.known))
        pairs = zip(self.day.measures.values(), verdicts, strict=True)
        return [self._judge(m, statuses, v) for m, v in pairs if m.entry.id in wanted]

    def one(self, name: str) -> MeasureVerdict:
        """A single measure, read plainly: for examples, where compiling a whole day would not pay."""
        measure = self.day.measure(name)
        read = [evaluate(c.tree, self.known, self.day.ranges) for c in measure.conditions]
        verdict = False if False in read else None if None in read else True
        return self._judge(measure, {c.index: status for c, status in zip(measure.conditions, read, strict=True)}, verdict)

    def _judge(self, measure: DayMeasure, statuses: Statuses | Mapping[int, bool | None], verdict: bool | None) -> MeasureVerdict:
        if measure.standing in ("ended", "not_begun"):
            return MeasureVerdict(measure, "not_eligible", (), frozenset())
        outcomes = tuple(Outcome(c, statuses[c.index]) for c in measure.conditions)
        if measure.standing == "terms_unknown":
            elsewhere = any(o.status is False for o in outcomes)
            return MeasureVerdict(measure, "not_eligible" if elsewhere else "unknown", outcomes, frozenset())
        if verdict is not None:
            return MeasureVerdict(measure, VERDICTS[verdict], outcomes, frozenset())
        settled = tuple(Outcome(o.condition, self.day.settled(o.condition, self.known).status) if o.status is None else o for o in outcomes)
        if any(o.status is False for o in settled):
            return MeasureVerdict(measure, "not_eligible", settled, frozenset())
        still_open = tuple(o.condition for o in settled if o.status is None)
        if not still_open:
            return MeasureVerdict(measure, "eligible", settled, frozenset())
        joint = self._jointly(measure, still_open)
        return MeasureVerdict(measure, VERDICTS[joint.status], _told(settled, joint), joint.matters)

    def _jointly(self, measure: DayMeasure, conditions: tuple[DayCondition, ...]) -> Settling:
        parts = [self.day.settled(c, self.known) for c in conditions]
        matters: frozenset[str] = frozenset().union(*(p.matters for p in parts))
        if sum(len(p.matters) for p in parts) == len(matters):
            return Settling(None, matters)
        return self.day.settled_together(measure.entry.id, conditions, self.known)


def _told(outcomes: tuple[Outcome, ...], joint: Settling) -> tuple[Outcome, ...]:
    """Where conditions settle only together, each is told as the whole."""
    if joint.status is None:
        return outcomes
    return tuple(Outcome(o.condition, joint.status) if o.status is None else o for o in outcomes)
