"""The order in which verdicts are shown, and the few that are shown first: a hundred measures must read as the seven that matter."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from app.catalog.catalog import Catalog
from app.catalog.models import Kind, Measure, Prominence
from app.catalog.prose import placeholders
from app.matching.day import Day
from app.matching.profile import Knowledge
from app.matching.verdict import MeasureVerdict

FIRST = 7
KINDS: tuple[Kind, ...] = (
    "grant", "loan", "tax_relief", "insurance", "training", "service", "right", "paperwork", "complaint", "information", "duty",
)  # fmt: skip
LAST_KINDS: frozenset[Kind] = frozenset({"duty", "information", "complaint"})
PROMINENCE: tuple[Prominence, ...] = ("main", "useful", "minor")
OWN_NEED: Mapping[str, str] = {"complaint": "grievance", "information": "information"}
"""The need that such a measure meets; it meets no other."""
_PER_YEAR = {"year": 1.0, "quarter": 4.0, "month": 12.0}


def serves(measure: Measure, need: str) -> bool:
    """Whether a measure can meet a need: information channels and complaint lines meet none but their own."""
    own = OWN_NEED.get(measure.kind)
    return need in measure.needs and (own is None or need == own)


def stated_needs(known: Knowledge) -> list[str]:
    return [v.partition(".")[2] for v, held in known.items() if v.startswith("needs.") and held is True]


def ordered(verdicts: Sequence[MeasureVerdict], known: Knowledge, amounts: Mapping[str, float]) -> list[MeasureVerdict]:
    """What was asked for and what the trade needs first; sure before open; large before small; duties and complaint channels last.

    Within a group the stated needs take turns, in the order in which they were stated, so that the largest sum does not crowd out the
    other things a person asked for; among equals the measure comes first of which more conditions fit the person. `amounts`: what each measure is worth to this person in yuan, where that is known.
    """
    needs = stated_needs(known)
    sector = known.get("sector")
    trades = sector if isinstance(sector, frozenset) and len(sector) == 1 else frozenset()
    rank = {"eligible": 0, "unknown": 1, "not_eligible": 2}

    def group(item: MeasureVerdict) -> tuple[int, int, int]:
        measure = item.measure.entry.measure
        last = measure.kind in LAST_KINDS and not (measure.kind in OWN_NEED and any(serves(measure, n) for n in needs))
        wanted = bool(trades & set(measure.sectors)) or any(serves(measure, need) for need in needs)
        return 2 if item.verdict == "not_eligible" else int(last), int(not wanted), rank[item.verdict]

    def within(item: MeasureVerdict) -> tuple[object, ...]:
        measure = item.measure.entry.measure
        fitted = sum(o.status is True for o in item.outcomes)
        kind = KINDS.index(measure.kind)
        prominence = PROMINENCE.index(measure.prominence)
        return (
            prominence,
            -amounts.get(item.id, 0.0),
            -fitted,
            kind,
            measure.tier,
            len(item.missing),
            -len(item.measure.entry.lineage),
            item.id,
        )

    groups: dict[tuple[int, int, int], list[MeasureVerdict]] = {}
    for item in sorted(verdicts, key=within):
        groups.setdefault(group(item), []).append(item)
    return [item for key in sorted(groups) for item in _in_turns(groups[key], needs)]


def _in_turns(items: Sequence[MeasureVerdict], needs: Sequence[str]) -> list[MeasureVerdict]:
    queues: dict[str, deque[MeasureVerdict]] = {need: deque() for need in (*needs, "")}
    for item in items:
        queues[next((n for n in needs if serves(item.measure.entry.measure, n)), "")].append(item)
    found: list[MeasureVerdict] = []
    while any(queues.values()):
        found += [queue.popleft() for queue in queues.values() if queue]
    return found


def shown_first(in_order: Iterable[MeasureVerdict], known: Knowledge) -> list[str]:
    """Up to seven ids: of a family of measures that carry one another out, only the one nearest to the person."""
    needs = set(stated_needs(known))
    found: list[str] = []
    families: set[str] = set()
    for item in in_order:
        entry = item.measure.entry
        wanted = not needs or any(serves(entry.measure, need) for need in needs) or "any" not in entry.measure.sectors
        if item.verdict == "not_eligible" or not wanted or entry.lineage[0] in families:
            continue
        families.add(entry.lineage[0])
        found.append(item.id)
        if len(found) == FIRST:
            break
    return found


def worth(catalog: Catalog, measure: Measure, day: Day, known: Knowledge, place: str | None, estimated: Mapping[str, float]) -> float:
    """A measure's size in yuan a year, to put the large before the small: its estimate, else the largest sum that a grant's or loan's text
    names, a loan counting no more than the person is short of. Other kinds have no size: their sums are limits and fees."""
    if estimated:
        return max(estimated.values())
    if measure.kind not in ("grant", "loan"):
        return 0.0
    largest = 0.0
    for name in placeholders(measure.gives.zh):
        figure = measure.figures[name]
        value = catalog.value_on(figure, day.day, place)
        money, _, per = figure.unit.partition("/")
        if value is not None and money == "CNY" and isinstance(value.value, int | float):
            times = _PER_YEAR.get(per.split("/")[-1] if per else "", 1.0)
            largest = max(largest, float(value.value) * times)
    short_of = known.get("funding_needed")
    return min(largest, short_of[1]) if measure.kind == "loan" and isinstance(short_of, tuple) else largest


def unmet_needs(verdicts: Iterable[MeasureVerdict], known: Knowledge) -> list[str]:
    """Stated needs that no eligible or unknown measure meets."""
    open_to = [v.measure.entry.measure for v in verdicts if v.verdict != "not_eligible"]
    return [need for need in stated_needs(known) if not any(serves(measure, need) for measure in open_to)]
