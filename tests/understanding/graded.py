"""Grades `understand` on labelled sentences: what a careful official would note down from each, no more and no less.

A line: {"text", "asking": fact or null, "facts": {fact: value}, "tags"}. A value is itself, {"min", "max"} for a vague number, {"any": [...]} where
several are right; a set names the options stated. Only what is stated counts, not what is guessed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.understanding import Heard, Lexicon, understand

SENTENCES = Path(__file__).parent / "sentences"
HELD_OUT = Path(__file__).parent / "held_out"
"""Sentences that neither the words nor the classifier were made with."""
AS_OF = dt.date(2026, 11, 23)
"""The day for which relative dates are labelled."""
SLACK = 0.2
"""How far outside a labelled range the value of an interval that meets it may lie."""


@dataclass
class Grades:
    """How many facts were right, wrong and missed, and in which facts."""

    lines: int = 0
    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lines_with_wrong: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong.total())

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed.total())

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def read(file: Path) -> list[dict[str, Any]]:
    """The lines of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def grade(lines: Sequence[Mapping[str, Any]], lexicon: Lexicon, facts: frozenset[str]) -> Grades:
    """The grades over some lines; facts outside `facts` are neither right nor wrong."""
    grades = Grades()
    for line in lines:
        heard = understand(line["text"], lexicon, AS_OF, line["asking"]).facts
        stated = [h for h in heard if h.certainty == "stated" and h.fact.partition(".")[0] in facts]
        right, wrong, missed = min(_held(stated, gold) for gold in _readings(line["facts"]))[1:]
        grades.lines += 1
        grades.right += len(right)
        grades.wrong.update(wrong)
        grades.missed.update(missed)
        grades.lines_with_wrong += bool(wrong)
    return grades


def _held(stated: Sequence[Heard], gold: Mapping[str, Any]) -> tuple[int, list[str], list[str], list[str]]:
    right = sorted({h.fact for h in stated if h.fact in gold and _fits(h, gold[h.fact])})
    wrong = sorted(h.fact for h in stated if not (h.fact in gold and _fits(h, gold[h.fact])))
    missed = sorted(set(gold) - set(right))
    return len(wrong) + len(missed), right, wrong, missed


def _fits(heard: Heard, gold: Any) -> bool:
    if isinstance(gold, Mapping) and "any" in gold:
        return any(_fits(heard, one) for one in gold["any"])
    if isinstance(gold, Mapping):
        return _in_range(heard, gold["min"], gold["max"])
    return isinstance(gold, bool) == isinstance(heard.value, bool) and bool(heard.value == gold)


def _in_range(heard: Heard, low: float, high: float) -> bool:
    if isinstance(heard.value, bool) or not isinstance(heard.value, int | float):
        return False
    if low <= heard.value <= high:
        return True
    meets = heard.low is not None and heard.high is not None and heard.low <= high and heard.high >= low
    return meets and low * (1 - SLACK) <= heard.value <= high * (1 + SLACK)


def _readings(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every label that is fair: a set given as {"any": [{...}, {...}]} is one of those sets."""
    found: list[dict[str, Any]] = [{}]
    for fact, value in facts.items():
        choices = value.get("any", []) if isinstance(value, Mapping) else []
        sets = [c for c in choices if isinstance(c, Mapping) and not {"min", "max"} & c.keys()]
        found = [{**gold, fact: choice} for gold in found for choice in (sets or [value])]
    for gold in found:
        flat: dict[str, Any] = {}
        for fact, value in gold.items():
            if isinstance(value, Mapping) and not {"any", "min", "max"} & value.keys():
                flat |= {f"{fact}.{option}": held for option, held in value.items()}
            else:
                flat[fact] = value
        yield flat
