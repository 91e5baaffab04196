"""Messages whose meaning is written down by hand, for tests that are not about understanding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    fact: str
    value: Any
    low: float | None = None
    high: float | None = None
    approximate: bool = False
    certainty: str = "stated"
    quote: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Understood:
    intent: str = "tell_facts"
    facts: tuple[Heard, ...] = ()
    removed: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hearsay: tuple[tuple[int, int], ...] = ()
    about_other: bool = False
    what_if: bool = False
    supposed: tuple[Heard, ...] = ()
    asks: bool = False
    also: str | None = None


def heard(fact: str, value: Any, certainty: str = "stated") -> Heard:
    """A fact; a list of two numbers is a vague one."""
    if isinstance(value, list):
        return Heard(fact, value[0], value[0], value[1], True, certainty)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return Heard(fact, value, value if number else None, value if number else None, False, certainty)


def meaning(spec: Mapping[str, Any] | None) -> Understood:
    """What the `as` of a step says."""
    if spec is None:
        return Understood("unclear")
    stated = spec.get("facts", {})
    pairs = [p for part in stated for p in part.items()] if isinstance(stated, list) else list(stated.items())
    facts = [heard(f, v) for f, v in pairs] + [heard(f, v, "guessed") for f, v in spec.get("guessed", {}).items()]
    supposed = spec.get("supposed", {})
    return Understood(
        spec.get("intent", "tell_facts"),
        tuple(facts),
        tuple(spec.get("removed", ())),
        tuple(spec.get("measures", ())),
        tuple(spec.get("words", ())),
        about_other=spec.get("about_other", False),
        what_if=bool(supposed),
        supposed=tuple(heard(f, v) for f, v in supposed.items()),
        asks=spec.get("asks", False),
        also=spec.get("also"),
    )
