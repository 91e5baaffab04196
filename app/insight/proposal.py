"""A proposed change of the catalogue's files, compared with today's on the fixed population: who gains, who loses, which lines change."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.catalog import Catalog, CatalogInvalid, Problem, build_catalog, source
from app.catalog.confirmations import Confirmation, lay_over
from app.catalog.ledger import ledger
from app.insight.population import sample
from app.matching.day import Day, Days
from app.matching.examples import run_examples
from app.matching.profile import Knowledge
from app.matching.verdict import Judge

MOST_LINES = 200
RULES, MEASURES, DOCUMENTS = "rules", "knowledge/measures", "knowledge/documents"


@dataclass(frozen=True)
class Shift:
    """How many of the population gain or lose one measure, or come to be asked."""

    measure: str
    name: str
    before: int
    after: int
    gain: int
    lose: int


@dataclass(frozen=True)
class Comparison:
    """What a proposal does. `problems`: why it cannot be taken as it is; where the files make no catalogue there is nothing else."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    shifts: tuple[Shift, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    people: int = 0
    better: int = 0
    """People who gain a measure and lose none."""
    worse: int = 0


class Today(Protocol):
    """What is being served."""

    @property
    def written(self) -> Catalog: ...
    def on(self, day: dt.date) -> Day: ...


def folder_of(text: str) -> str:
    """Where a file belongs, by what it holds."""
    value = source.read("proposal.yaml", text, [])
    if not isinstance(value, dict):
        return MEASURES
    members = value.get("members")
    inner = [v for v in members.values() if isinstance(v, dict)] if isinstance(members, dict) else []
    keys = {*value, *(value.get("shared") or ()), *(k for v in inner for k in v)}
    if "measure" in value or "conditions" in keys or "examples" in keys:
        return RULES
    return DOCUMENTS if "issuer" in keys else MEASURES


def compare(
    files: Mapping[str, str], today: Today, proposed: Mapping[str, str], confirmations: Sequence[Confirmation], day: dt.date
) -> Comparison:
    """Today's files against the same with some replaced or added (name below knowledge/ or rules/ -> text)."""
    names = tuple(sorted(proposed))
    try:
        after = build_catalog({**files, **proposed})
    except CatalogInvalid as error:
        return Comparison(names, tuple(error.problems))
    problems = tuple(_examples(after, {**files, **proposed}, names))
    judged = _judged(today.on(day), lay_over(after, confirmations), day)
    return replace(judged, files=names, problems=problems, lines=_lines(today.written, after))


def _examples(catalog: Catalog, files: Mapping[str, str], names: Sequence[str]) -> list[Problem]:
    """What the worked examples of the proposed files say."""
    days = Days(catalog)
    stems = {name.rpartition("/")[2].removesuffix(".yaml") for name in names}
    homes = {h.member for h in catalog.homes.values() if h.file.rpartition("/")[2].removesuffix(".yaml") in stems}
    return [p for e in catalog.entries.values() if e.id in stems | homes for p in run_examples(catalog, e, days, files)]


def _lines(before: Catalog, after: Catalog) -> tuple[str, ...]:
    """Changed lines of the ledger: - as it is, + as it would be."""
    old, new = ledger(before).splitlines(), ledger(after).splitlines()
    gone, came = set(old) - set(new), set(new) - set(old)
    marked = sorted([*((line, 0) for line in gone), *((line, 1) for line in came)], key=lambda pair: (pair[0].split("\t")[:2], pair[1]))
    return tuple("-+"[sign] + " " + " · ".join(cell for cell in line.split("\t") if cell) for line, sign in marked[:MOST_LINES])


def eligible(catalog: Catalog, day: Day, known: Knowledge) -> set[str]:
    """What one person of the population can get."""
    return {v.id for v in Judge(day, _fitting(catalog, known)).all() if v.verdict == "eligible"}


def _fitting(catalog: Catalog, known: Knowledge) -> Knowledge:
    return {name: value for name, value in known.items() if name in catalog.variables}


def _judged(then: Day, after: Catalog, day: dt.date) -> Comparison:
    """Every person of the population, before and after."""
    before, now = then.catalog, Day(after, day)
    people = sample(before)
    gains: Counter[str] = Counter()
    losses: Counter[str] = Counter()
    held: Counter[str] = Counter()
    better = worse = 0
    for known in people:
        had, has = eligible(before, then, known), eligible(after, now, known)
        held.update(had)
        gains.update(has - had)
        losses.update(had - has)
        better += has > had
        worse += bool(had - has)
    moved = sorted({*gains, *losses}, key=lambda m: -(gains[m] + losses[m]))
    shifts = [Shift(m, _name(after, before, m), held[m], held[m] + gains[m] - losses[m], gains[m], losses[m]) for m in moved]
    gone, new = before.entries.keys() - after.entries.keys(), after.entries.keys() - before.entries.keys()
    return Comparison((), (), tuple(shifts), tuple(sorted(gone)), tuple(sorted(new)), (), len(people), better, worse)


def _name(after: Catalog, before: Catalog, measure: str) -> str:
    return (after.entries.get(measure) or before.entries[measure]).measure.name.zh


def reach(catalog: Catalog, days: Days, measure: str, day: dt.date) -> dict[str, int]:
    """How many of the population get a measure, cannot, or are left open, and which condition keeps how many away."""
    counts: Counter[str] = Counter({"eligible": 0, "not_eligible": 0, "unknown": 0})
    found = days.on(day)
    for known in sample(catalog):
        verdict = Judge(found, known).one(measure)
        counts[verdict.verdict] += 1
        counts.update(f"failed {name}" for name in verdict.failed)
    return dict(counts)
