"""A stretch of a roster's rows -> the people in it: facts as columns, names and numbers as they were, problems by row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from app.matching.profile import BadProfile, Knowledge, Value, known_from
from app.screening.columns import distinct
from app.screening.facts import Facts, Layout, column
from app.screening.follows import follow
from app.screening.identity import identity, telephone, years
from app.screening.mapping import Column, Mapped
from app.screening.problems import Problem, shown
from app.screening.table import Cell, Row
from app.screening.values import Cells, Reading
from app.screening.words import PERSONAL, SPECIAL

PLACE_FROM, PLACE_TO = "home_place", "business_place"
"""Where somebody does business counts as where they come from until they say otherwise."""


EXAMPLE = ("例：", "例:")
"""How the name in the template's example row begins."""
MOST_REMEMBERED = 50_000
"""Distinct cells of a column that are kept in mind."""


@dataclass(frozen=True)
class People:
    """Some people of a roster. `stated` is what their rows say, `facts` all that follows; who is `refused` has no facts."""

    rows: tuple[int, ...]
    personal: pl.DataFrame
    """Their cells of personal columns, by header."""
    stated: Facts
    facts: Facts
    refused: pl.Series
    problems: tuple[Problem, ...]


@dataclass
class Reader:
    """Reads the rows of one roster, a stretch at a time; remembers whom it has seen, and every cell that it has understood."""

    cells: Cells
    layout: Layout
    mapped: Mapped
    _read: dict[str, dict[Any, int]] = field(default_factory=dict)
    _readings: dict[str, list[Reading]] = field(default_factory=dict)
    _seen: dict[int, int] = field(default_factory=dict)

    @property
    def variables(self) -> frozenset[str]:
        """Every variable of which the roster may tell something, and all that may follow from it."""
        told = {c.told for c in self.mapped if c.told}
        facts = {t.partition(".")[0] if "." not in t else t for t in told - set(SPECIAL)}
        found = {v for v in self.layout.kinds for f in facts if v == f or v.startswith(f"{f}.")}
        found |= {"age", "gender"} if "id_number" in told else {"age"} if "birth_date" in told else set()
        found |= {PLACE_TO} if PLACE_FROM in found else set()
        while True:
            more = {v for rule in self.layout.catalog.implications if rule.variables & found for v in rule.variables} - found
            if not more:
                return frozenset(found)
            found |= more

    def people(self, rows: Sequence[Row]) -> People:
        """The people of some rows."""
        numbers = tuple(r.number for r in rows)
        problems = [r.problem for r in rows if r.problem]
        columns: dict[tuple[str, str], pl.Series] = {}
        by_header = {c.header: [r.cells[at] for r in rows] for at, c in enumerate(self.mapped)}
        for c in self.mapped:
            if c.told and c.told not in SPECIAL:
                columns |= self._column(c, by_header[c.header], numbers, problems)
        self._persons(by_header, numbers, columns, problems)
        if (PLACE_FROM, "at") in columns:
            home, there = columns[PLACE_FROM, "at"], columns.get((PLACE_TO, "at"))
            columns[PLACE_TO, "at"] = home if there is None else there.zip_with(there != self.layout.lands.unknown, home)
        stated = Facts(self.layout, len(rows), columns)
        facts, contradictory = follow(stated)
        problems += self._contradictions(stated, contradictory.arg_true(), numbers)
        bad = {p.row for p in problems if p.weight in ("row", "file")}
        refused = pl.Series([n in bad for n in numbers], dtype=pl.Boolean)
        problems.sort(key=lambda p: p.row or 0)
        return People(numbers, self._personal(by_header), stated, facts, refused, tuple(problems))

    # ---------------------------------------------------------------- facts

    def _column(self, c: Column, cells: list[Cell], rows: Sequence[int], problems: list[Problem]) -> dict[tuple[str, str], pl.Series]:
        numbers = self._numbered(c, cells)
        readings = self._readings[c.header]
        wrong = {n for n, r in enumerate(readings) if r.wrong}
        if wrong:
            problems += [
                Problem(readings[n].wrong or "", row, c.header, readings[n].said)
                for n, row in zip(numbers, rows, strict=True)
                if n in wrong
            ]
        return self._gathered(readings, pl.Series(numbers, dtype=pl.UInt32))

    def _numbered(self, c: Column, cells: list[Cell]) -> list[int]:
        """For each cell the number of its reading; every distinct cell is read once."""
        known = self._read.setdefault(c.header, {})
        readings = self._readings.setdefault(c.header, [])
        if len(known) > MOST_REMEMBERED:
            known.clear()
            readings.clear()
        numbers = []
        for cell in cells:
            key = cell if isinstance(cell, str) else (type(cell), cell)
            number = known.get(key)
            if number is None:
                number = known[key] = len(readings)
                readings.append(self.cells.read(c.told or "", cell, c.unit))
            numbers.append(number)
        return numbers

    def _gathered(self, readings: Sequence[Reading], numbers: pl.Series) -> dict[tuple[str, str], pl.Series]:
        found: dict[tuple[str, str], pl.Series] = {}
        for variable in {v for r in readings for v in r.values}:
            small = column(self.layout, variable, [r.values.get(variable) for r in readings])
            found |= {key: values.gather(numbers) for key, values in small.items()}
        return found

    def _contradictions(self, stated: Facts, at: pl.Series, rows: Sequence[int]) -> list[Problem]:
        """What contradicts what, as the single matcher says it, for each distinct combination once."""
        if not len(at):
            return []
        number, first, _ = distinct(stated, sorted(self.layout.catalog.implied), at)
        said = [self._contradiction(stated.person(row)) for row in first]
        return [Problem("contradiction", rows[row], said=said[n]) for row, n in zip(at, number, strict=True)]

    def _contradiction(self, person: Knowledge) -> dict[str, str]:
        try:
            known_from(person, (), self.layout.catalog)
        except BadProfile as error:
            facts = [e.where.rpartition("/")[2] for e in error.errors]
            labels = "、".join(dict.fromkeys(self.layout.catalog.facts[f].label.zh for f in facts))
            return {"facts": labels, "why": error.errors[0].what.rpartition(" / ")[2]}
        raise AssertionError("the single matcher finds no contradiction")

    # ---------------------------------------------------------------- who they are

    def _persons(
        self, by_header: dict[str, list[Cell]], rows: Sequence[int], columns: dict[tuple[str, str], pl.Series], problems: list[Problem]
    ) -> None:
        told = {c.told: c.header for c in self.mapped if c.told}
        if "name" in told:
            names = zip(by_header[told["name"]], rows, strict=True)
            problems += [Problem("example", row, told["name"]) for name, row in names if isinstance(name, str) and name.startswith(EXAMPLE)]
        if "birth_date" in told:
            self._born(by_header[told["birth_date"]], told["birth_date"], rows, columns, problems)
        if "phone" in told:
            problems += _phones(by_header[told["phone"]], told["phone"], rows)
        if "id_number" in told:
            self._numbers(by_header[told["id_number"]], told, rows, columns, problems)
        elif "name" in told and "phone" in told:
            pairs = zip(by_header[told["name"]], by_header[told["phone"]], strict=True)
            keys = [(name, telephone(phone)) if name and phone else None for name, phone in pairs]
            problems += self._twice(keys, told["name"], rows, "姓名和电话")

    def _born(
        self, cells: list[Cell], header: str, rows: Sequence[int], columns: dict[tuple[str, str], pl.Series], problems: list[Problem]
    ) -> None:
        readings = [self.cells.born(cell) if cell is not None else Reading() for cell in cells]
        problems += [Problem(r.wrong, row, header, r.said) for r, row in zip(readings, rows, strict=True) if r.wrong]
        self._prefer("age", [r.values.get("age") for r in readings], columns)

    def _numbers(
        self,
        cells: list[Cell],
        told: dict[str, str],
        rows: Sequence[int],
        columns: dict[tuple[str, str], pl.Series],
        problems: list[Problem],
    ) -> None:
        today = self.cells.as_of
        read = [identity(cell, today) if cell is not None else None for cell in cells]
        header = told["id_number"]
        problems += [Problem(i.wrong, row, header) for i, row in zip(read, rows, strict=True) if i and i.wrong]
        ages = [float(years(i.born, today)) if i and i.born else None for i in read]
        if "age" in told:
            problems += _other_ages(columns, ages, told["age"], rows)
        self._prefer("age", [None if a is None else (a, a) for a in ages], columns)
        if "gender" not in told:
            women = [None if i is None or i.born is None else frozenset({"female" if i.female else "male"}) for i in read]
            columns |= column(self.layout, "gender", women)
        problems += self._twice([i.number if i else None for i in read], header, rows, "身份证号")

    def _prefer(self, variable: str, values: Sequence[Value | None], columns: dict[tuple[str, str], pl.Series]) -> None:
        """These values where there are any, else those that were there before."""
        given = pl.Series([v is not None for v in values], dtype=pl.Boolean)
        for key, new in column(self.layout, variable, values).items():
            columns[key] = new if key not in columns else new.zip_with(given, columns[key])

    def _twice(self, keys: Sequence[Any], header: str, rows: Sequence[int], by: str) -> Iterator[Problem]:
        for key, row in zip(keys, rows, strict=True):
            if key is not None and (other := self._seen.setdefault(hash(key), row)) != row:
                yield Problem("twice", row, header, {"other": other, "by": by})

    def _personal(self, by_header: dict[str, list[Cell]]) -> pl.DataFrame:
        kept = [c for c in self.mapped if c.told in PERSONAL]
        return pl.DataFrame({c.header: pl.Series([_text(c, v) for v in by_header[c.header]], dtype=pl.String) for c in kept})


def _text(c: Column, cell: Cell) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if c.told == "phone":
        return telephone(cell) or shown(cell)
    return cell.isoformat() if isinstance(cell, dt.date) else f"{cell:.0f}" if isinstance(cell, float) and cell >= 1e15 else str(cell)


def _phones(cells: list[Cell], header: str, rows: Sequence[int]) -> list[Problem]:
    return [
        Problem("phone_form", row, header, {"value": shown(cell)})
        for cell, row in zip(cells, rows, strict=True)
        if cell is not None and telephone(cell) is None
    ]


def _other_ages(
    columns: dict[tuple[str, str], pl.Series], ages: Sequence[float | None], header: str, rows: Sequence[int]
) -> Iterator[Problem]:
    """Where the age that was written differs from the ID number's by more than the year that people count differently."""
    if ("age", "low") not in columns:
        return
    for low, high, age, row in zip(columns["age", "low"], columns["age", "high"], ages, rows, strict=True):
        if age is not None and high - low < 50 and not low - 1 <= age <= high + 1:
            yield Problem("other_age", row, header, {"value": f"{low:g}", "mend": f"{age:g}"})
