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
FEW = 4
FEW_MISSING = 4
FAR = 5
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
    trades = _trades(known)
    rank = {"eligible": 0, "unknown": 1, "not_eligible": 2}

    def group(item: MeasureVerdict) -> tuple[int, int, int]:
        measure = item.measure.entry.measure
        last = measure.kind in LAST_KINDS and not (measure.kind in OWN_NEED and any(serves(measure, n) for n in needs))
        last = last and not _about_trouble(item, known)
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


def shown_first(in_order: Sequence[MeasureVerdict], known: Knowledge) -> list[str]:
    """Up to seven ids, what is sure first: for each need in turn the measure that people come for, even where an answer or two is missing.

    Of a family of measures that carry one another out only the one nearest to the person is taken. What is open and far from settled
    fills up only where there is little else to show.
    """
    needs = stated_needs(known)
    open_to = [v for v in in_order if v.verdict != "not_eligible"]
    troubled = [v for v in open_to if _about_trouble(v, known)]
    wanted = [v for v in open_to if v not in troubled and _wanted(v, needs, _trades(known))]
    candidates = [*troubled, *sorted(wanted, key=_closeness)]
    near = [v for v in candidates if v in troubled or _closeness(v)[0] < FAR]
    far = [v for v in wanted if _closeness(v)[0] >= FAR]
    found: list[MeasureVerdict] = []
    for pool, most in ((near, FIRST), (far, FEW)):
        _take(pool, [*needs, None], found, most)
    return [item.id for item in sorted(found, key=lambda item: item.verdict == "unknown")]


def _take(pool: Sequence[MeasureVerdict], turns: Sequence[str | None], found: list[MeasureVerdict], most: int) -> None:
    """Adds to `found`, need by need (None = whatever is left), until there are `most` or the pool is empty."""
    families = {item.measure.entry.lineage[0] for item in found}
    left = list(pool)
    while left and len(found) < most:
        before = len(left)
        for need in turns:
            item = next((v for v in left if need is None or serves(v.measure.entry.measure, need)), None)
            if item is None or len(found) >= most:
                continue
            left = [v for v in left if v.measure.entry.lineage[0] != item.measure.entry.lineage[0]]
            if item.measure.entry.lineage[0] not in families:
                families.add(item.measure.entry.lineage[0])
                found.append(item)
        if len(left) == before:
            return


def _about_trouble(item: MeasureVerdict, known: Knowledge) -> bool:
    """Whether a sure measure answers a trouble that the person told of."""
    read = (v for o in item.outcomes for v in o.condition.order)
    return item.verdict == "eligible" and any(v.startswith("trouble.") and known.get(v) is True for v in read)


def _wanted(item: MeasureVerdict, needs: Sequence[str], trades: frozenset[str]) -> bool:
    """Whether a measure meets a stated need (any, where none was stated) or is for the person's trade."""
    measure = item.measure.entry.measure
    fits = "any" in measure.sectors or not trades or bool(trades & set(measure.sectors))
    asked = any(serves(measure, need) for need in needs) if needs else measure.kind not in LAST_KINDS
    return (asked and fits) or bool(trades & set(measure.sectors))


def _trades(known: Knowledge) -> frozenset[str]:
    """The person's trade, where it is known."""
    sector = known.get("sector")
    return sector if isinstance(sector, frozenset) and len(sector) == 1 else frozenset()


def _closeness(item: MeasureVerdict) -> tuple[int, bool]:
    """How near a measure is to being worth a first word: main ones that are sure or nearly so, then useful sure ones, then the rest.

    What nobody has confirmed comes after what stands in a text that was read.
    """
    prominence = PROMINENCE.index(item.measure.entry.measure.prominence)
    if item.verdict == "eligible":
        return 2 * prominence + (item.measure.entry.measure.tier != "A"), False
    met = sum(o.status is True and o.condition.parsed is not None for o in item.outcomes)
    still_open = sum(o.status is None for o in item.outcomes)
    nearly = prominence == 0 and len(item.missing) <= FEW_MISSING and met >= still_open
    return (1 if nearly else 2 * prominence + FAR), True


def worth(catalog: Catalog, measure: Measure, day: Day, known: Knowledge, place: str | None, estimated: Mapping[str, float]) -> float:
    """A measure's size in yuan a year, to put the large before the small: its estimate, else the largest sum that a grant's or loan's text
    names, a loan counting no more than the person is short of. Other kinds have no size: their sums are limits and fees."""
    if estimated:
        return max(estimated.values())
    if measure.kind not in ("grant", "loan"):
        return 0.0
    largest = day.remember((measure.id, place), lambda: _largest(catalog, measure, day, place))
    short_of = known.get("funding_needed")
    return min(largest, short_of[1]) if measure.kind == "loan" and isinstance(short_of, tuple) else largest


def _largest(catalog: Catalog, measure: Measure, day: Day, place: str | None) -> float:
    """The largest sum that a measure's text names, in yuan (a year)."""
    largest = 0.0
    for name in placeholders(measure.gives.zh):
        figure = measure.figures[name]
        value = catalog.value_on(figure, day.day, place)
        money, _, per = figure.unit.partition("/")
        if value is not None and money == "CNY" and isinstance(value.value, int | float):
            times = _PER_YEAR.get(per.split("/")[-1] if per else "", 1.0)
            largest = max(largest, float(value.value) * times)
    return largest


def unmet_needs(verdicts: Iterable[MeasureVerdict], known: Knowledge) -> list[str]:
    """Stated needs that no eligible or unknown measure meets."""
    open_to = [v.measure.entry.measure for v in verdicts if v.verdict != "not_eligible"]
    return [need for need in stated_needs(known) if not any(serves(measure, need) for measure in open_to)]
