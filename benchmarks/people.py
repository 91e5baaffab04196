"""People for benchmarks: complete profiles drawn by the rough shares of knowledge/facts (`likely`), in Shanxi, contradicting nothing."""

from __future__ import annotations

import random
from typing import Any

from app.catalog import Catalog
from app.catalog.catalog import Variable
from app.matching.profile import BadProfile, Knowledge, Value, imply

START = ("home_place", "sector")


def people(catalog: Catalog, count: int, seed: int = 20261123) -> list[dict[str, Value]]:
    """Complete knowledge of `count` people: every variable has exactly one value."""
    chance = random.Random(seed)
    counties = [p.code for p in catalog.places.by_code.values() if p.level == "county" and p.code.startswith("14")]
    cities = [p.code for p in catalog.places.by_code.values() if p.level == "city"]
    return [_person(catalog, chance, counties, cities) for _ in range(count)]


def _person(catalog: Catalog, chance: random.Random, counties: list[str], cities: list[str]) -> dict[str, Value]:
    home = chance.choice(counties)
    known: dict[str, Value] = {"home_place": home, "business_place": home, "living_place": home, "child_hukou_place": home}
    known["working_place"] = chance.choice(cities)
    variables = [v for v in catalog.variables.values() if v.id not in known]
    chance.shuffle(variables)
    for variable in variables:
        for _ in range(20):
            trial = {**known, variable.id: _draw(variable, chance)}
            try:
                known = imply(trial, catalog.implications, catalog)
            except BadProfile:
                continue
            break
    return {name: _point(value) for name, value in known.items()}


def _draw(variable: Variable, chance: random.Random) -> Value:
    fact, likely = variable.fact, variable.fact.likely
    if variable.type == "boolean":
        share = likely.get(variable.option or True, 0.3) if isinstance(likely, dict) else 0.3
        return chance.random() < share
    if fact.type == "enum":
        weights = [likely.get(o, 0.05) if isinstance(likely, dict) else 1.0 for o in fact.options]
        return frozenset(chance.choices(list(fact.options), weights))
    values = list(likely) if isinstance(likely, tuple) else [0.0, 1.0, 12.0]
    number = float(round(chance.choice(values) * chance.choice([0.8, 1.0, 1.0, 1.2])))
    low, high = fact.range or (0, 1_000_000)
    number = min(max(number, low), high)
    return number, number


def _point(value: Value) -> Value:
    """A single value of what an implication left open."""
    if isinstance(value, tuple):
        return value[0], value[0]
    return frozenset({min(value)}) if isinstance(value, frozenset) else value


def thinned(person: Knowledge, share: float, chance: random.Random) -> dict[str, Value]:
    """The person with about `share` of what is known left out."""
    return {name: value for name, value in person.items() if chance.random() >= share}


def row(measure: str, value: str, note: str = "") -> None:
    """One line of a benchmark's table."""
    print(f"  {measure:58} {value:>18}  {note}".rstrip())


def describe(environment: dict[str, Any]) -> None:
    print("  " + ", ".join(f"{name} {value}" for name, value in environment.items()))
