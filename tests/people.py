"""Made-up people for property tests: profiles in the form of the API, drawn from the vocabulary itself."""

from __future__ import annotations

import random
from typing import Any

from app.catalog import Catalog
from app.catalog.models import Fact
from app.matching.profile import BadProfile, parse_profile

PLACES = (
    "偏关县",
    "忻州市",
    "山西省",
    "永济市",
    "云州区",
    "长治市",
    "高平市",
    "太原市",
    "万荣县",
    "北京市",
    "静乐县",
    "晋中市",
    "柳林县",
    "西安市",
)


def random_value(fact: Fact, chance: random.Random) -> Any:
    """One value that the fact may have; numbers are near the lines that rules draw, sometimes vague."""
    if fact.type == "boolean":
        return chance.random() < 0.5
    if fact.type == "enum":
        return chance.choice(list(fact.options))
    if fact.type == "set":
        return {option: chance.random() < 0.4 for option in fact.options if chance.random() < 0.7}
    if fact.type == "place":
        return chance.choice(PLACES)
    low, high = fact.range or (0, 100)
    points = [low, 0, 1, 2, 3, 5, 6, 12, 18, 24, 45, 55, 60, 100, 5_000, 100_000, 300_000, 1_200_000]
    inside = sorted({p for p in points if low <= p <= high})
    if chance.random() < 0.2:
        ends = sorted(chance.sample(inside, 2)) if len(inside) > 1 else inside * 2
        return {"low": ends[0], "high": ends[1]}
    return chance.choice(inside)


def random_profile(catalog: Catalog, chance: random.Random, share: float) -> dict[str, Any]:
    """A profile that states about `share` of all facts and contradicts itself nowhere."""
    profile: dict[str, Any] = {}
    facts = list(catalog.facts.values())
    chance.shuffle(facts)
    for fact in facts:
        if chance.random() < share:
            trial = {**profile, fact.id: random_value(fact, chance)}
            try:
                parse_profile(trial, catalog)
            except BadProfile:
                continue
            profile = trial
    return profile
