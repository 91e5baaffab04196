"""Whether a rule can be met at all, and whether each fact that it asks for can change anything: told by decision diagrams, not by examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.catalog.catalog import Catalog, Entry
from app.catalog.language import And
from app.matching.analysis import Domains, settle
from app.matching.day import ONE_DAY, Day, DayMeasure, change_days


def unreachable(catalog: Catalog, entry: Entry, domains: Domains) -> Iterator[tuple[str, str]]:
    """What nobody can meet, and facts that are asked for nothing, each with its mend; on every stretch of days that the measure is in force.

    `domains`: those of any day of the catalogue.
    """
    told: set[str] = set()
    for day in _stretches(catalog, entry):
        on = Day(catalog, day)
        measure = on.measure(entry.id)
        if measure.standing != "in_force":
            continue
        for what, mend in _of_a_day(measure, domains):
            if what not in told:
                told.add(what)
                yield f"on {day}, {what}", mend


def _stretches(catalog: Catalog, entry: Entry) -> list[dt.date]:
    """One day of each stretch without change."""
    changes = sorted(set(change_days(catalog, entry)))
    return [changes[0] - ONE_DAY, *changes] if changes else [dt.date(2026, 1, 1)]


def _of_a_day(measure: DayMeasure, domains: Domains) -> Iterator[tuple[str, str]]:
    for condition in measure.conditions:
        alone = settle(condition.tree, {}, domains)
        if alone.status is not None:
            yield f"{condition.id} is {str(alone.status).lower()} for everybody", "mend the expression"
        elif condition.reads and alone.matters != condition.reads:
            idle = ", ".join(sorted(condition.reads - alone.matters))
            if alone.matters:  # else a figure has no value that day, and nothing that is said can settle it
                yield f"{condition.id} reads {idle}, which cannot change it", "take it out of the expression"
    whole = settle(And(tuple(c.tree for c in measure.conditions)), {}, domains) if measure.conditions else None
    if whole is not None and whole.status is False:
        yield "nobody can meet all conditions together", "mend the conditions that contradict each other"
