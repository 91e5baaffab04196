"""Reading numbers back out of plain words, independently of how they were put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?[万亿]?")
_SIZES = {"万": 10_000, "亿": 100_000_000}
_TEXTS = ("plain", "gives", "unsure", "why_plain", "ask", "where", "online", "deadline", "takes")


def numbers(text: str) -> set[float]:
    """Every number of a text, Arabic or full-width, 万 and 亿 multiplied out."""
    found = set()
    for said in _NUMBER.findall(text):
        size = _SIZES.get(said[-1], 1)
        found.add(round(float(said.rstrip("万亿").replace(",", "")) * size, 6))
    return found


def numbers_in(value: Any) -> set[float]:
    """Every number of a JSON value, those within its texts too."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, int | float):
        return {round(float(value), 6)}
    if isinstance(value, str):
        return numbers(value)
    items = value.values() if isinstance(value, dict) else value
    return set().union(*(numbers_in(item) for item in items))


def figures_of(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every single value of an answer's figures, those by place too."""
    for figure in figures.values():
        if "value" in figure:
            yield figure
        yield from figure.get("by_place", ())


def texts_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where and what an answer says to a person in plain words (figures, citations and names of lines apart)."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("figures", "citation", "phones", "estimate"):
                continue
            if key == "materials" or (key in _TEXTS and isinstance(item, str)):
                yield from ((f"{path}/{key}", text) for text in ([item] if isinstance(item, str) else item))
            else:
                yield from texts_of(item, f"{path}/{key}")
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from texts_of(item, f"{path}/{n}")
