"""A fixed population of made-up people: complete profiles drawn by the rough shares of knowledge/facts (`likely`), in Shanxi, contradicting nothing.

Benchmarks run on it; the console shows on it whom a measure reaches, and who would gain or lose by a change of the catalogue.
"""

from __future__ import annotations

import random
from collections import OrderedDict

from app.catalog import Catalog
from app.catalog.catalog import Variable
from app.catalog.windows import PROVINCE
from app.matching.profile import BadProfile, Knowledge, Value, imply

SEED, SAMPLE = 20261123, 300
"""What the draw begins with, and how many people the console looks at."""


_DRAWN: OrderedDict[str, tuple[Knowledge, ...]] = OrderedDict()
MOST_REMEMBERED = 4


def sample(catalog: Catalog) -> tuple[Knowledge, ...]:
    """The people of the console, drawn once for each catalogue."""
    found = _DRAWN.get(catalog.version)
    if found is None:
        found = _DRAWN[catalog.version] = tuple(people(catalog, SAMPLE))
        while len(_DRAWN) > MOST_REMEMBERED:
            _DRAWN.popitem(last=False)
    return found


def people(catalog: Catalog, count: int, seed: int = SEED) -> list[dict[str, Value]]:
    """Complete knowledge of `count` people: every variable has exactly one value."""
    chance = random.Random(seed)
    counties = [p.code for p in catalog.places.by_code.values() if p.level == "county" and p.code.startswith(PROVINCE)]
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
