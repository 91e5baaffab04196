"""What one reply may say in figures, gathered from the catalogue and the person's words while the reply is made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.catalog.language import Arith, Num, Number
from app.catalog.models import Figure, FigureValue
from app.conversation.state import Held, State
from app.conversation.world import World
from app.wording.amounts import MONTHS, amount
from app.wording.guard import Allowed

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
LONGEST_OWN_WORDS = 400


class Proof:
    """Collects figures, dates and names; `allowed` closes it."""

    def __init__(self, world: World, own_words: str) -> None:
        self.world = world
        self.numbers: set[float] = set()
        self.dates: set[dt.date] = set()
        self.texts: set[str] = {"12345"}
        self.own = own_words[:LONGEST_OWN_WORDS]

    def counts(self, words: Mapping[str, object]) -> None:
        """Counts that the reply made itself: `count` and `days`."""
        self.numbers |= {float(v) for k, v in words.items() if k in ("count", "days") and isinstance(v, int)}

    def day(self, iso: str, language: str) -> str:
        """A date of the catalogue in words."""
        day = dt.date.fromisoformat(iso)
        self.dates.add(day)
        return amount(day, "date", language)

    def named(self, names: Iterable[str]) -> None:
        self.texts |= set(names)

    def contact(self, number: str) -> None:
        contact = self.world.catalog.contacts[number]
        self.texts |= {contact.number, contact.name.zh, contact.name.en}

    def citation(self, citation: Mapping[str, Any]) -> None:
        """A document's own name, number, clause and date."""
        issued = _date(str(citation.get("issued_on")))
        self.dates |= {issued} if issued else set()
        self.texts |= {str(citation[k]) for k in ("title", "number", "clause") if citation.get(k)}

    def measure(self, body: Mapping[str, Any]) -> None:
        """Everything that may be said of a measure: its figures with their history, its sums for this person, its sources."""
        entry = self.world.catalog.entries[body["measure"]]
        measure = entry.measure
        self.named([measure.name.zh, measure.name.en])
        for figure in measure.figures.values():
            for value in figure.history:
                self.figure(figure, value)
        for estimated in body["estimate"].values():
            self.numbers |= {float(estimated["low"]), float(estimated["high"])}
        for _, tree in entry.estimates.values():
            self._constants(tree)
        for number in measure.apply.phone:
            self.contact(number)
        self.dates |= {d for d in (measure.valid.from_, measure.valid.to) if d}
        self._sources(body)
        if body.get("days_left") is not None:
            self.numbers.add(float(body["days_left"]))
        self.named(mark["office"] for mark in body["confirmed_by"])
        if body["apply"].get("window"):
            self.named([body["apply"]["window"]["text"]])

    def _constants(self, tree: Num) -> None:
        """The bare numbers of an estimate's arithmetic (12 months, 100 per cent), which its working shows."""
        if isinstance(tree, Number):
            self.numbers.add(tree.value)
        elif isinstance(tree, Arith):
            self._constants(tree.left)
            self._constants(tree.right)

    def _sources(self, body: Mapping[str, Any]) -> None:
        for reason in body["reasons"]:
            self.citation(reason["citation"])
            replaced = reason.get("replaced_by")
            if replaced in self.world.catalog.entries:
                name = self.world.catalog.entries[replaced].measure.name
                self.named([name.zh, name.en])
        for figure in body["figures"].values():
            if "citation" in figure:
                self.citation(figure["citation"])

    def figure(self, figure: Figure, value: FigureValue) -> None:
        """One dated value of a figure."""
        held = value.value
        if isinstance(held, dt.date):
            self.dates.add(held)
        elif isinstance(held, str):
            self.texts.add(held)
            self.dates |= {d for d in (_date(held),) if figure.unit == "date" and d}
        else:
            self.numbers.add(float(held))
        self.dates |= {d for d in (value.from_, value.to) if d}

    def hearsay(self, measures: Iterable[str]) -> None:
        """What may be said of measures that hearsay is about."""
        for name in measures:
            if name in self.world.catalog.entries:
                measure = self.world.catalog.entries[name].measure
                self.named([measure.name.zh, measure.name.en])
                for figure in measure.figures.values():
                    for value in figure.history:
                        self.figure(figure, value)

    def _held(self, facts: Mapping[str, Held]) -> set[float]:
        """The numbers of facts as they may be said: months also as years, and as years and months."""
        found: set[float] = set()
        for fact, held in facts.items():
            numbers = _numbers(held)
            found |= numbers
            variable = self.world.catalog.variables.get(fact)
            if variable and variable.fact.unit == "months":
                found |= {n / MONTHS for n in numbers} | {float(part) for n in numbers for part in divmod(n, MONTHS)}
        return found

    def allowed(self, state: State) -> Allowed:
        """What the reply may say, with the facts that the person stated."""
        numbers, texts = set(self.numbers), set(self.texts)
        for case in state.cases.values():
            texts |= {held.quote for held in case.facts.values()}
            numbers |= self._held(case.facts)
        if state.before:
            for facts in state.before[-1].values():
                numbers |= self._held(facts)
        numbers |= {float(n) for n in _NUMBER.findall(self.own)[:50]}
        return Allowed(frozenset(numbers), frozenset(self.dates), frozenset(texts | set(self.world.catalog.contacts)))


def _numbers(held: Held) -> set[float]:
    inside = held.value.values() if isinstance(held.value, Mapping) else (held.value,)
    return {float(n) for n in (*inside, held.low, held.high) if isinstance(n, int | float)}


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
