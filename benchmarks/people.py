"""People for benchmarks, and lines of their tables."""

from __future__ import annotations

import random
from typing import Any

from app.insight.population import people
from app.matching.profile import Knowledge, Value

__all__ = ["describe", "people", "row", "thinned"]


def thinned(person: Knowledge, share: float, chance: random.Random) -> dict[str, Value]:
    """The person with about `share` of what is known left out."""
    return {name: value for name, value in person.items() if chance.random() >= share}


def row(measure: str, value: str, note: str = "") -> None:
    """One line of a benchmark's table."""
    print(f"  {measure:58} {value:>18}  {note}".rstrip())


def describe(environment: dict[str, Any]) -> None:
    print("  " + ", ".join(f"{name} {value}" for name, value in environment.items()))
