"""What keeps a large catalogue true, read from its files alone: references that lead nowhere, holes in histories, one number said in two ways."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from app.catalog.catalog import Catalog, Entry
from app.catalog.models import Figure, FigureValue
from app.catalog.problems import Problem
from app.catalog.source import line_of
from app.catalog.traverse import Path

ONE_DAY = dt.timedelta(days=1)
Fault = tuple[str, Path, str, str]
"""The file that a measure, rule or document would have by itself, where in it, what is wrong, how to mend it."""


def lint(catalog: Catalog, files: Mapping[str, str]) -> list[Problem]:
    """Every problem of a catalogue that is otherwise in order, with the lines of its files."""
    return [placed(catalog, files, fault) for fault in _faults(catalog)]


def placed(catalog: Catalog, files: Mapping[str, str], fault: Fault) -> Problem:
    """A fault where it really stands: a family's member is found in its family's file."""
    file, path, what, mend = fault
    home = catalog.homes.get(file)
    if home:
        file, path, what = home.file, home.path(path), f"{home.member}: {what}"
    return Problem(file, line_of(files.get(file, ""), path), what, mend)


def _faults(catalog: Catalog) -> Iterator[Fault]:
    yield from _documents(catalog)
    for entry in catalog.entries.values():
        yield from _named(catalog, entry)
        yield from _exclusions(catalog, entry)
        for name, figure in entry.measure.figures.items():
            yield from _elsewhere(catalog, entry, name, figure)
            yield from _outlived(entry, name, figure)
            yield from _holes(catalog, entry, name, figure)
    yield from _said_twice(catalog)


def _measure_file(entry: Entry) -> str:
    return f"knowledge/measures/{entry.id}.yaml"


def _rule_file(entry: Entry) -> str:
    return f"rules/{entry.id}.yaml"


# ---------------------------------------------------------------- references


def _documents(catalog: Catalog) -> Iterator[Fault]:
    for newer in catalog.documents.values():
        for name in newer.replaces:
            older = catalog.documents.get(name)
            if older is not None and older.status == "in_force":
                file = f"knowledge/documents/{older.id}.yaml"
                yield file, ("status",), f"it is in force, but {newer.id} replaces it", "mend the status, or the other's replaces"


def _named(catalog: Catalog, entry: Entry) -> Iterator[Fault]:
    """Measures that this one names and that are none."""
    measure, file = entry.measure, _measure_file(entry)
    for path, name in ((("carries_out",), measure.carries_out), (("valid", "replaced_by"), measure.valid.replaced_by)):
        if name is not None and (name not in catalog.entries or name == entry.id):
            yield file, path, f"there is no other measure «{name}»", "name one of guiyan coverage --list, or null"
    if measure.valid.replaced_by and measure.valid.to is None:
        yield file, ("valid", "to"), f"{measure.valid.replaced_by} took its place, but it never ends", "say its last day"


def _exclusions(catalog: Catalog, entry: Entry) -> Iterator[Fault]:
    for n, exclusion in enumerate(entry.rule.not_with):
        other, path = catalog.entries.get(exclusion.measure), ("not_with", n, "measure")
        if other is None or other is entry:
            yield _rule_file(entry), path, f"there is no other measure «{exclusion.measure}»", "name one of guiyan coverage --list"
            continue
        if all(back.measure != entry.id for back in other.not_with):
            yield _rule_file(entry), path, f"{other.id} does not know that it excludes this one", "say it in both, or in neither"
        if any(back.measure == entry.id and back.inferred != exclusion.inferred for back in other.rule.not_with):
            yield _rule_file(entry), path, f"here it is {_known(exclusion.inferred)}, in {other.id} it is not", "say the same in both"


def _known(inferred: bool) -> str:
    return "inferred" if inferred else "stated"


# ---------------------------------------------------------------- figures


def _elsewhere(catalog: Catalog, entry: Entry, name: str, figure: Figure) -> Iterator[Fault]:
    """Values for places where the measure does not hold."""
    land = [catalog.places.exact(region) for region in entry.measure.regions]
    for n, value in enumerate(figure.history):
        code = catalog.places.exact(value.place) if value.place else ""
        if not any(code.startswith(home) or home.startswith(code) for home in land):
            path: Path = ("figures", name, "history", n, "place")
            yield _measure_file(entry), path, f"the measure does not hold in {value.place}", "mend the place, or the measure's regions"


def _outlived(entry: Entry, name: str, figure: Figure) -> Iterator[Fault]:
    end = entry.measure.valid.to
    for n, value in enumerate(figure.history):
        if end and value.from_ and value.from_ > end and not value.former:
            path: Path = ("figures", name, "history", n, "from")
            yield _measure_file(entry), path, f"it begins after the measure's last day, {end}", "mend one of the two dates"


def _holes(catalog: Catalog, entry: Entry, name: str, figure: Figure) -> Iterator[Fault]:
    """Past days between two values, or after the last one, of which nothing is said although the measure goes on.

    Past is what lay behind when the value was last checked: what comes after an end in the future is not known yet.
    """
    end = entry.measure.valid.to or dt.date.max
    for values in _by_place(catalog, figure):
        for here, after in zip(values, [*values[1:], None], strict=True):
            begins, last = (catalog.start_of(after) if after else end), here.to
            path: Path = ("figures", name, "history", figure.history.index(here))
            if last and (catalog.start_of(here) or dt.date.min) > last:
                what = f"this value of {name} holds on no day: it has no start, and its document is younger than its end"
                yield _measure_file(entry), path, what, "give it its start, or mark it former: true"
            elif last and last < end and last < here.checked.on and not here.note and begins and begins > last + ONE_DAY:
                until = f" to {begins - ONE_DAY}" if after else ""
                what = f"the figure {name} has no value from {last + ONE_DAY}{until}, and nothing says why"
                yield _measure_file(entry), path, what, "add the value that held then, or a note: {zh, en} that says what is known"


def _by_place(catalog: Catalog, figure: Figure) -> Iterable[list[FigureValue]]:
    """The dated values of each place, oldest first."""
    found: dict[str | None, list[FigureValue]] = defaultdict(list)
    for value in figure.history:
        if not value.former:
            found[value.place].append(value)
    for values in found.values():
        values.sort(key=lambda value: catalog.start_of(value) or dt.date.min)
    return found.values()


# ---------------------------------------------------------------- one number in two places


class Said(NamedTuple):
    """A number where it is said."""

    entry: Entry
    figure: str
    value: FigureValue

    @property
    def where(self) -> str:
        return f"{self.entry.id}.{self.figure}"


def said_twice(catalog: Catalog) -> Iterator[tuple[Said, Said]]:
    """Pairs of values, in two measures, that say the same thing: one clause with one label, or one figure taken over from a measure above."""
    groups: dict[tuple[object, ...], list[Said]] = defaultdict(list)
    for said in _every_value(catalog):
        figure = said.entry.measure.figures[said.figure]
        where, place = said.value.cite, said.value.place
        if where.clause:
            groups["clause", where, figure.label.zh, figure.unit, place].append(said)
        groups["line", where.document, said.figure, figure.unit, place].append(said)
    seen: set[tuple[int, int]] = set()
    for (kind, *_), group in groups.items():
        for first, second in combinations(group, 2):
            key = (id(first.value), id(second.value))
            if key not in seen and _one_thing(catalog, str(kind), first, second):
                seen.add(key)
                yield first, second


def _every_value(catalog: Catalog) -> Iterator[Said]:
    for entry in catalog.entries.values():
        for name, figure in entry.measure.figures.items():
            yield from (Said(entry, name, value) for value in figure.history if not value.former)


def _one_thing(catalog: Catalog, kind: str, first: Said, second: Said) -> bool:
    if first.entry is second.entry or (kind == "line" and not _kin(first.entry, second.entry)):
        return False
    starts = [catalog.start_of(said.value) or dt.date.min for said in (first, second)]
    return starts[0] <= (second.value.to or dt.date.max) and starts[1] <= (first.value.to or dt.date.max)


def _kin(first: Entry, second: Entry) -> bool:
    return first.id in second.lineage or second.id in first.lineage


def _said_twice(catalog: Catalog) -> Iterator[Fault]:
    for first, second in said_twice(catalog):
        if first.value.value != second.value.value:
            n = second.entry.measure.figures[second.figure].history.index(second.value)
            yield (
                _measure_file(second.entry),
                ("figures", second.figure, "history", n),
                f"{second.figure} is {second.value.value} here and {first.value.value} in {first.where}, from the same document",
                "one of the two is wrong; where both are right, let their labels or clauses say how they differ",
            )
