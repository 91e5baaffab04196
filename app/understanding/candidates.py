"""Facts as they are found, before it is decided which of them count."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from app.catalog.models import Fact
from app.understanding.quantities import Quantity


@dataclass(frozen=True)
class Candidate:
    """A fact found at marked text[start:end]. A higher `rank` is meant before a lower one."""

    fact: str
    value: Any
    start: int
    end: int
    low: float | None = None
    high: float | None = None
    approximate: bool = False
    sure: bool = True
    rank: int = 0


def measured(fact: Fact, quantity: Quantity, scale: float = 1, add: float = 0) -> tuple[Any, float | None, float | None, bool]:
    """A quantity as a fact's value: value, low, high, approximate. Whole numbers for whole-number facts."""
    value = quantity.value * scale + add
    low, high = quantity.low * scale + add, quantity.high * scale + add
    value = math.floor(value + 0.001) if fact.unit == "years" else round(value)
    vague = quantity.approximate or low != high
    top = None if math.isinf(high) else _whole(high)
    return value, _whole(max(low, 0)), top, vague


def _whole(number: float) -> float:
    return int(number) if number == int(number) else round(number, 1)


def in_range(fact: Fact, value: Any) -> bool:
    """Whether a number is one that the fact can have."""
    if not fact.range or isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return bool(fact.range[0] <= value <= fact.range[1])
