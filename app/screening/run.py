"""A roster from its first row to its last: read, matched, written down stretch by stretch in a folder, with true progress.

In the folder: people-*.parquet (a line a person, nothing personal), personal-*.parquet (names, numbers and facts, deleted by themselves),
reasons-*.parquet (only where a spreadsheet of it can be made), problems.jsonl (all of them).
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from app.catalog.catalog import Catalog
from app.matching.day import Day
from app.matching.profile import Value
from app.screening.asks import Asks
from app.screening.columns import Columns
from app.screening.facts import Facts, Layout
from app.screening.forgetting import PROBLEMS
from app.screening.lines import Lines, counted, rostered
from app.screening.mapping import Mapped
from app.screening.people import People, Reader
from app.screening.problems import Problem
from app.screening.reasons import Reasons
from app.screening.table import Table
from app.screening.values import Cells
from app.screening.ways import Ways
from app.screening.words import RosterWords
from app.understanding import Lexicon

LONGEST_CHUNK, SHORTEST_CHUNK, CHUNKS = 50_000, 1_000, 10
MOST_EXPLAINED = 20_000
"""Rows of a roster up to which reasons are written out and a spreadsheet is made."""
MOST_CARDS = 50_000
"""Rows up to which the facts are kept from which cards are drawn."""
FEW_MISSING = 2
"""An open measure has a line of reasons where no more facts than these are missing; the others are counted."""
Progress = Callable[[int, int], None]
"""Told how many lines are done, and how many there are in all."""


Planes = dict[str, pl.Series]
"""Measure -> the people it concerns."""


class Cancelled(Exception):
    """Somebody cancelled the roster."""


@dataclass
class Summary:
    """Counts over a whole roster."""

    people: int = 0
    refused: int = 0
    with_eligible: int = 0
    with_step: int = 0
    to_ask: int = 0
    measures: dict[str, list[int]] = field(default_factory=dict)
    """Measure -> people who can get it, are one step away, must be asked."""
    facts: Counter[str] = field(default_factory=Counter)
    """Fact -> people who must be asked it."""
    weights: Counter[str] = field(default_factory=Counter)
    """Fact -> how much hangs on it over all people: the order of the facts."""
    counties: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def body(self) -> dict[str, Any]:
        """As stored and as the API gives it."""
        return {
            "people": self.people, "refused": self.refused, "with_eligible": self.with_eligible, "with_step": self.with_step, "to_ask": self.to_ask,
            "measures": {m: dict(zip(("eligible", "one_step", "open"), n, strict=True)) for m, n in self.measures.items() if any(n)},
            "facts": {fact: self.facts[fact] for fact, _ in self.weights.most_common() if self.facts[fact]}, "counties": dict(self.counties.most_common()), "problems": dict(self.problems.most_common()),
        }  # fmt: skip


class World(Protocol):
    """What a run needs of an edition of the catalogue."""

    @property
    def catalog(self) -> Catalog: ...
    @property
    def lexicon(self) -> Lexicon: ...
    def on(self, day: dt.date) -> Day: ...


@dataclass
class Run:
    """One roster being screened."""

    table: Table
    mapped: Mapped
    edition: World
    words: RosterWords
    as_of: dt.date
    language: str
    folder: Path

    def __post_init__(self) -> None:
        catalog = self.edition.catalog
        self.layout = Layout(catalog)
        self.reader = Reader(Cells(catalog, self.edition.lexicon, self.words, self.as_of), self.layout, self.mapped)
        self.measures = rostered(catalog)
        self.columns = Columns(self.edition.on(self.as_of), self.layout, self.reader.variables, self.measures)
        self.asks, self.ways = Asks(self.columns, self.measures), Ways(self.columns, self.measures)
        self.lines = Lines(catalog, self.measures, self.language)
        explained = self.table.rows.lines <= MOST_EXPLAINED
        self.reasons = Reasons(self.columns, self.measures, self.language) if explained else None
        self.summary = Summary(measures={m: [0, 0, 0] for m in self.measures})

    def go(self, progress: Progress, cancelled: Callable[[], bool] = lambda: False) -> Summary:
        """Screens every row. Raises Cancelled."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = self.table.rows.lines
        done, first = 0, self.table.header_row
        with (self.folder / PROBLEMS).open("w", encoding="utf-8") as problems:
            self._note(self.table.problems, problems.write)
            for at, people in enumerate(self._people()):
                if cancelled():
                    raise Cancelled
                self._note(people.problems, problems.write)
                self._write(at, people)
                done = min(lines, max(done, people.rows[-1] - first))
                progress(done, lines)
        progress(lines, lines)
        return self.summary

    def _people(self) -> Iterator[People]:
        size = min(LONGEST_CHUNK, max(SHORTEST_CHUNK, self.table.rows.lines // CHUNKS))
        rows = iter(self.table.rows)
        while chunk := list(itertools.islice(rows, size)):
            yield self.reader.people(chunk)

    def _note(self, problems: Sequence[Problem], write: Callable[[str], object]) -> None:
        for p in problems:
            self.summary.problems[p.kind] += 1
            write(json.dumps({"row": p.row, "column": p.column, "kind": p.kind, "said": p.said}, ensure_ascii=False, default=str) + "\n")

    def _write(self, at: int, people: People) -> None:
        """One stretch: verdicts, texts, counts, files."""
        height, matched = len(people.rows), ~people.refused
        settled, made = self.columns.run(people.facts)
        missing = self.asks.missing(people.facts, settled, made)
        steps = self.ways.one_step(people, settled, made)
        planes = {m: settled.eligible(m) & matched for m in self.measures}
        near = {m: _in_rows(height, f.rows) for m, f in steps.items()}
        open_ = {m: settled.unknown(m) & matched for m in self.measures}
        weights = self.asks.weights(missing)
        frame = pl.DataFrame(
            {
                "row": pl.Series(people.rows, dtype=pl.UInt32),
                "matched": matched,
                "eligible_count": counted(list(planes.values()), height),
                "eligible": self.lines.eligible(settled, people.refused),
                "step_count": counted(list(near.values()), height),
                "steps": self.lines.one_step(steps, height),
                "open_count": counted(list(open_.values()), height),
                "ask": self.lines.asked(weights, people.refused),
                "problem": self._problem_texts(people),
            }
        )
        frame.write_parquet(self.folder / f"people-{at:05}.parquet")
        self._personal(at, people)
        if self.reasons is not None:
            close = {m: open_[m] & (counted(list(by.values()), height) <= FEW_MISSING) for m, by in missing.items()}
            lines = self.reasons.of(people, settled, made, steps, close)
            lines.write_parquet(self.folder / f"reasons-{at:05}.parquet")
        self._count(people, planes, near, open_, frame, weights)

    def _problem_texts(self, people: People) -> pl.Series:
        """What is wrong with each row, in one text."""
        of: dict[int, list[str]] = {}
        for p in people.problems:
            of.setdefault(p.row or 0, []).append(p.in_row(self.language))
        return pl.Series(["".join(of[row]) if row in of else None for row in people.rows], dtype=pl.String)

    def _personal(self, at: int, people: People) -> None:
        columns = [pl.Series("row", people.rows, dtype=pl.UInt32), *(c.alias(f"p{n}") for n, c in enumerate(people.personal))]
        if self.table.rows.lines <= MOST_CARDS:
            facts = [None if refused else _facts_text(people.stated, n) for n, refused in enumerate(people.refused)]
            columns.append(pl.Series("facts", facts, dtype=pl.String))
        pl.DataFrame(columns).write_parquet(self.folder / f"personal-{at:05}.parquet")

    def _count(
        self, people: People, eligible: Planes, near: Planes, open_: Planes, frame: pl.DataFrame, weights: Mapping[str, pl.Series]
    ) -> None:
        found = self.summary
        found.people += len(people.rows)
        found.refused += int(people.refused.sum())
        found.with_eligible += int((frame["eligible_count"] > 0).sum())
        found.with_step += int((frame["step_count"] > 0).sum())
        found.to_ask += int((frame["open_count"] > 0).sum())
        for n, planes in enumerate((eligible, near, open_)):
            for measure, plane in planes.items():
                found.measures[measure][n] += int(plane.sum())
        for fact, weight in weights.items():
            here = weight.filter(~people.refused)
            found.facts[fact] += int((here > 0).sum())
            found.weights[fact] += int(here.cast(pl.UInt64).sum())
        lands = self.layout.lands
        home = people.facts.at("home_place").filter(~people.refused).value_counts()
        found.counties.update({("" if n == lands.unknown else lands.codes[n]): count for n, count in home.rows()})


def _in_rows(height: int, rows: pl.Series) -> pl.Series:
    return pl.repeat(False, height, dtype=pl.Boolean, eager=True).scatter(rows, True)


def _facts_text(stated: Facts, row: int) -> str:
    """A person's stated facts as text, to be read by `facts_of`."""
    return json.dumps({v: sorted(x) if isinstance(x, frozenset) else x for v, x in stated.person(row).items()}, ensure_ascii=False)


def facts_of(text: str, layout: Layout) -> dict[str, Value]:
    """What `_facts_text` wrote down."""
    found: dict[str, Value] = {}
    for variable, value in json.loads(text).items():
        kind = layout.kinds.get(variable)
        if kind is not None:  # a fact that the catalogue no longer has is left out
            found[variable] = frozenset(value) if kind == "mask" else (value[0], value[1]) if kind == "number" else value
    return found
