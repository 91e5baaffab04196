"""The catalogue as the rest of the house sees it: frozen, complete, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.catalog.families import Home
from app.catalog.gaps import ParsedGap
from app.catalog.language import Expr, Num, Within
from app.catalog.models import (
    Condition,
    Contact,
    Document,
    Estimate,
    Fact,
    Figure,
    FigureValue,
    GlossaryEntry,
    Measure,
    NotWith,
    Rule,
    Text,
)
from app.catalog.places import Places
from app.catalog.windows import Windows

EPOCH = dt.date(2015, 1, 1)
"""The first day that may be asked about."""


@dataclass(frozen=True)
class Variable:
    """What a rule reads: a fact, or one option of a set fact (then `option` is given and the type is boolean)."""

    id: str
    fact: Fact
    option: str | None = None

    @property
    def type(self) -> str:
        return "boolean" if self.option else self.fact.type


@dataclass(frozen=True)
class Restriction:
    """Some variable has one of some values: bool, frozenset of options, or (low, high)."""

    variable: str
    value: bool | frozenset[str] | tuple[float, float]


@dataclass(frozen=True)
class Implication:
    """If all of some restrictions hold, so do the others (true by meaning; contraposition is the engine's work)."""

    if_: tuple[Restriction, ...]
    then: tuple[Restriction, ...]
    plain: Text

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset(r.variable for r in (*self.if_, *self.then))


@dataclass(frozen=True)
class ParsedCondition:
    condition: Condition
    tree: Expr | None
    """None where only an office settles it."""


@dataclass(frozen=True)
class Entry:
    """A measure with its rule, parsed."""

    measure: Measure
    rule: Rule
    place_test: Within | None
    conditions: tuple[ParsedCondition, ...]
    estimates: Mapping[str, tuple[Estimate, Num]]
    oldest_text: dt.date | None
    """The first day that any dated text speaks for; before it the terms are not known."""
    lineage: tuple[str, ...]
    """Ancestors, highest first, then the measure itself."""
    not_with: tuple[NotWith, ...]
    """Exclusions of the rule and those that other rules state about this measure."""

    @cached_property
    def id(self) -> str:
        return self.measure.id


@dataclass(frozen=True)
class Catalog:
    """Everything that knowledge/ and rules/ say. `version` changes with any byte of them."""

    version: str
    facts: Mapping[str, Fact]
    implications: tuple[Implication, ...]
    entries: Mapping[str, Entry]
    documents: Mapping[str, Document]
    contacts: Mapping[str, Contact]
    glossary: tuple[GlossaryEntry, ...]
    places: Places
    offered_when: Mapping[str, Expr]
    """For changeable facts: the condition under which the change may be offered."""
    homes: Mapping[str, Home] = field(default_factory=dict, repr=False)
    """For members of a family: the file that they would have by themselves -> where they stand."""
    gaps: tuple[ParsedGap, ...] = ()
    windows: Windows = field(default_factory=Windows)
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What offices answered to gaps, by the gap's id."""

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        found: dict[str, Variable] = {}
        for fact in self.facts.values():
            if fact.type == "set":
                found |= {f"{fact.id}.{o}": Variable(f"{fact.id}.{o}", fact, o) for o in fact.options}
            else:
                found[fact.id] = Variable(fact.id, fact)
        return found

    @cached_property
    def implied(self) -> frozenset[str]:
        """Variables that an implication reads or sets."""
        return frozenset(v for i in self.implications for v in i.variables)

    def measures(self) -> Iterator[Measure]:
        return (entry.measure for entry in self.entries.values())

    def start_of(self, value: FigureValue) -> dt.date | None:
        """The first day a figure's value counts: its own start, else the date of its document; None where neither is known."""
        if value.from_:
            return value.from_
        document = self.documents.get(value.cite.document)
        return document.dated if document else None

    def value_on(self, figure: Figure, day: dt.date, place: str | None = None) -> FigureValue | None:
        """The value in force on a day at a place (code); the most specific place wins. None when no value is known."""
        best: FigureValue | None = None
        depth = -2
        for value in figure.history:
            start = self.start_of(value)
            if value.former or (start and day < start) or (value.to and day > value.to):
                continue
            code = self.places.exact(value.place) if value.place else None
            if code is not None and (place is None or not place.startswith(code)):
                continue
            here = -1 if code is None else len(code)
            if here > depth:
                best, depth = value, here
        return best

    def local_values(self, figure: Figure, day: dt.date) -> dict[str, FigureValue]:
        """The values of a day that hold only in a place, by place code."""
        found = {}
        for name in dict.fromkeys(v.place for v in figure.history if v.place):
            code = self.places.exact(name)
            value = self.value_on(figure, day, code)
            if value is not None and value.place == name:
                found[code] = value
        return found
