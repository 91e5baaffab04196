"""The whole catalogue over people of every city and days from 2016 to 2028: nothing of elsewhere, nothing that has ended, no day without an answer."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from app.catalog import Catalog
from app.matching.day import ONE_DAY, Day, Days
from app.matching.match import match
from app.matching.profile import Profile, parse_profile
from app.wording.answer import answer
from tests.people import random_profile

PEOPLE = 500
LAST_DAY, NEXT_DAY = dt.date(2026, 12, 31), dt.date(2027, 1, 1)
MONTHS = [dt.date(year, month, 15) for year in range(2016, 2029) for month in (1, 4, 7, 10)]


@pytest.fixture(scope="module")
def everybody(catalog: Catalog) -> list[Profile]:
    """People of counties of all cities in turn, each with a share of the facts; the business stands where they live."""
    chance = random.Random(20261123)
    cities = sorted(p.code for p in catalog.places.by_code.values() if p.level == "city" and p.code.startswith("14"))
    assert len(cities) == 11
    found = []
    for n in range(PEOPLE):
        city = cities[n % len(cities)]
        home = chance.choice([p for p in catalog.places.by_code.values() if p.level == "county" and p.code.startswith(city)])
        profile = random_profile(catalog, chance, 0.0)
        for fact in (f for f in catalog.facts.values() if f.type == "place"):
            profile[fact.id] = catalog.places.full_name(home.code)
        found.append(parse_profile(_more(catalog, profile, chance), catalog))
    return found


def _more(catalog: Catalog, profile: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A profile with facts added that contradict nothing."""
    drawn = random_profile(catalog, chance, chance.choice([0.2, 0.5, 0.9]))
    return {**{k: v for k, v in drawn.items() if catalog.facts[k].type != "place"}, **profile}


def verdicts(day: Day, person: Profile) -> dict[str, bool | None]:
    """Every measure's verdict (None: open); what is not in force is a no."""
    compiled = day.compiled.verdicts(day.compiled.slots(person.known))
    closed = {name for name, measure in day.measures.items() if measure.standing in ("ended", "not_begun")}
    return {name: False if name in closed else verdict for name, verdict in zip(day.measures, compiled, strict=True)}


def test_no_measure_of_another_place_is_offered(catalog: Catalog, day: Day, everybody: list[Profile]) -> None:
    land = {e.id: tuple(catalog.places.exact(r) for r in e.measure.regions) for e in catalog.entries.values()}
    offered = 0
    for person in everybody:
        for name, verdict in verdicts(day, person).items():
            if verdict:
                offered += 1
                place = str(person.known[catalog.entries[name].rule.place])
                assert any(place.startswith(home) for home in land[name]), f"{name} is offered in {place}"
    assert offered > PEOPLE


def test_nothing_that_has_ended_is_offered_as_current(catalog: Catalog, day: Day, everybody: list[Profile]) -> None:
    ended = {e.id for e in catalog.entries.values() if e.measure.valid.to and e.measure.valid.to < day.day}
    assert len(ended) >= 24
    for person in everybody:
        assert not any(verdict for name, verdict in verdicts(day, person).items() if name in ended)
    for person in everybody[::10]:
        found = match(day, person, day.day)
        assert {v.id for v in found.verdicts if v.verdict != "not_eligible"}.isdisjoint(ended)
        assert ended.isdisjoint([*found.shown_first, *found.best_combination])


@pytest.mark.parametrize("on", MONTHS, ids=str)
def test_every_quarter_from_2016_to_2028_has_an_answer(days: Days, everybody: list[Profile], on: dt.date) -> None:
    some = everybody[on.toordinal() % 97 :: 97]
    for person in some:
        found = match(days.on(on), person, on).verdicts
        assert len(found) == len(days.catalog.entries)
        assert all(v.verdict == "not_eligible" for v in found if v.measure.standing in ("ended", "not_begun"))
    answer(match(days.on(on), some[0], on), "zh")


def test_at_the_turn_of_the_year_exactly_what_ends_changes(catalog: Catalog, days: Days, everybody: list[Profile]) -> None:
    ends = {e.id for e in catalog.entries.values() if e.measure.valid.to == LAST_DAY}
    turns = ends | {e.id for e in catalog.entries.values() if _turns(catalog, e.id)}
    before, after = days.on(LAST_DAY), days.on(NEXT_DAY)
    changed: set[str] = set()
    for person in everybody:
        old, new = verdicts(before, person), verdicts(after, person)
        changed |= {name for name in old if old[name] != new[name]}
        assert not any(new[name] for name in ends)
    assert changed <= turns
    assert ends <= changed, f"nobody among {PEOPLE} could get {ends - changed} on its last day"


def _turns(catalog: Catalog, name: str) -> bool:
    """Whether something that verdicts depend on begins or ends between the two days."""
    entry = catalog.entries[name]
    periods = [c.condition.valid for c in entry.conditions if c.condition.valid]
    values = [v for f in entry.measure.figures.values() for v in f.history]
    ending = {LAST_DAY} & {*(p.to for p in periods), *(v.to for v in values)}
    beginning = {NEXT_DAY} & {*(p.from_ for p in periods), *(catalog.start_of(v) for v in values), entry.measure.valid.from_}
    assert LAST_DAY + ONE_DAY == NEXT_DAY
    return bool(ending or beginning)
