"""A small linear model of what messages of a certain shape tell, trained on the sentences that the project writes itself (`make train`)."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FILE = "knowledge/classifier.json"
NONE = "-"
"""The class of what tells none of the others."""
STAGE, STATUS, TRADE, PLACE, NUMBER, TOLD = "stage", "status", "trade", "place", "number", "told"
"""What is decided: how far the business is, whether the person is back, whether a trade is theirs, what a place and a number are, what else is told."""
SCALE = 100
"""Weights are kept as whole hundredths."""


@dataclass(frozen=True)
class Task:
    """One question with its answers. `weights`: for a piece, pairs of the number of a class and its weight, one after the other."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Sequence[int]]
    exclusive: bool

    def sums(self, pieces: Collection[str]) -> list[float]:
        """The weight of each class in the pieces, without its bias."""
        sums = [0.0] * len(self.classes)
        for piece in pieces:
            pairs = self.weights.get(piece)
            if pairs:
                for i in range(0, len(pairs), 2):
                    sums[pairs[i]] += pairs[i + 1]
        return sums

    def chances(self, *several: Sequence[float]) -> dict[str, float]:
        """How likely each class is (0 to 1) by the sums of several groups of pieces: together 1 where one excludes the others, each for itself otherwise."""
        sums = [bias + sum(parts) / SCALE for bias, *parts in zip(self.bias, *several, strict=True)]
        if not self.exclusive:
            return {name: 1 / (1 + math.exp(min(50.0, -s))) for name, s in zip(self.classes, sums, strict=True)}
        top = max(sums)
        powers = [math.exp(s - top) for s in sums]
        return {name: power / sum(powers) for name, power in zip(self.classes, powers, strict=True)}


Classifier = Mapping[str, Task]
"""A task by its name."""


def read_classifier(text: str) -> Classifier:
    """The classifier of a file: JSON of {"tasks": {name: {"classes", "bias", "weights", "exclusive"}}}. Raises ValueError, KeyError or TypeError."""
    tasks: dict[str, dict[str, Any]] = json.loads(text)["tasks"]
    return {name: Task(tuple(t["classes"]), tuple(t["bias"]), t["weights"], bool(t["exclusive"])) for name, t in tasks.items()}
