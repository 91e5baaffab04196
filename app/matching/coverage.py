"""What the catalogue holds and how sure it is: counts for the people who keep it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.catalog.catalog import Catalog, Entry
from app.catalog.models import Checked, Shape
from app.catalog.traverse import find
from app.matching.day import Day

SOON_DAYS = 60


def coverage(catalog: Catalog, day: dt.date, days: int = SOON_DAYS) -> dict[str, Any]:
    """Counts by need, level, sector, evidence, kind, tier and standing; what expires within `days`; the oldest check."""
    entries = list(catalog.entries.values())
    standings = Day(catalog, day).measures
    dated = [(checked.on, entry.id, what) for entry in entries for what, checked in checks(entry)]
    figures = [f for e in entries for f in e.measure.figures.values()]
    in_force = [v for f in figures for v in f.history if not v.former and not (v.to and v.to < day)]
    oldest = min(dated, default=None)
    return {
        "as_of": day,
        "days": days,
        "measures": len(entries),
        "figures": len(figures),
        "figure_values": sum(len(f.history) for f in figures),
        "conditions": sum(len(e.conditions) for e in entries),
        "by": {
            "need": _count(n for e in entries for n in e.measure.needs),
            "level": _count(e.measure.level for e in entries),
            "sector": _count(s for e in entries for s in e.measure.sectors),
            "evidence": _count(f"{e.measure.valid.checked.how}/{e.measure.valid.checked.confidence}" for e in entries),
            "kind": _count(e.measure.kind for e in entries),
            "tier": _count(e.measure.tier for e in entries),
            "standing": _count(m.standing for m in standings.values()),
        },
        "expires": sorted(_expiring(entries, day, days), key=lambda item: (item["on"], item["measure"])),
        "oldest_check": {"on": oldest[0], "measure": oldest[1], "what": oldest[2]} if oldest else None,
        "unconfirmed": {
            "conditions": sum(not c.condition.checked.sure for e in entries for c in e.conditions),
            "figure_values": sum(not v.checked.sure for v in in_force),
        },
    }


def _count(values: Iterator[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def checks(entry: Entry) -> Iterator[tuple[str, Checked]]:
    """Every mark of how a thing of a measure is known, with where it stands."""
    shapes: tuple[Shape, ...] = (entry.measure, entry.rule)
    for shape in shapes:
        for path, checked in find(Checked, shape):
            yield ".".join(map(str, path[:-1])) or "measure", checked


def _expiring(entries: list[Entry], day: dt.date, days: int) -> Iterator[dict[str, Any]]:
    last = day + dt.timedelta(days=days)

    def soon(end: dt.date | None) -> bool:
        return end is not None and day <= end <= last

    for entry in entries:
        if soon(entry.measure.valid.to):
            yield {"on": entry.measure.valid.to, "measure": entry.id, "what": "the measure"}
        for name, figure in entry.measure.figures.items():
            for value in figure.history:
                if soon(value.to) and not value.former:
                    yield {"on": value.to, "measure": entry.id, "what": f"figure {name}"}
        for parsed in entry.conditions:
            if parsed.condition.valid and soon(parsed.condition.valid.to):
                yield {"on": parsed.condition.valid.to, "measure": entry.id, "what": f"condition {parsed.condition.id}"}
