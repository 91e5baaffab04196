"""What a screened roster adds to the counts: people by county, and for each measure how many can get it and how many are one step away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.clock import today
from app.insight import counts
from app.insight.counts import Cell
from app.insight.gather import COUNTY_DIGITS, month
from app.store import Store


class Roll:
    """Hears of finished rosters. The same roster screened twice counts twice: nothing of it is kept by which it could be known again."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __call__(self, key: str, summary: Mapping[str, Any], place: str) -> None:  # noqa: ARG002 - what a listener is told
        with self.store.writing() as db:
            counts.add(db, month(today()), cells(summary, place))


def cells(summary: Mapping[str, Any], place: str) -> dict[Cell, int]:
    """The counts of a roster's summary; those by measure stand at the place of its owner."""
    home = place[:COUNTY_DIGITS]
    found: dict[Cell, int] = {}
    for county, people in summary["counties"].items():
        at = county[:COUNTY_DIGITS], "roster", ""
        found[at] = found.get(at, 0) + people
    for measure, by in summary["measures"].items():
        found |= {(home, f"roster_{kind}", measure): by[kind] for kind in ("eligible", "one_step") if by[kind]}
    return found
