"""The order in which people read: what was asked first, sure before open, closed last; and only the few that matter at the top."""

from __future__ import annotations

import random

import pytest

from app.catalog import Catalog
from app.matching.day import Day
from app.matching.match import match
from app.matching.order import FIRST, LAST_KINDS, serves
from app.matching.profile import parse_profile
from tests.people import random_profile


@pytest.mark.parametrize("seed", range(12))
def test_what_is_closed_comes_last_and_every_measure_is_there_once(catalog: Catalog, day: Day, seed: int) -> None:
    found = match(day, parse_profile(random_profile(catalog, random.Random(seed), 0.4), catalog), day.day)
    closed = [v.verdict == "not_eligible" for v in found.verdicts]
    assert closed == sorted(closed)
    assert {v.id for v in found.verdicts} == set(catalog.entries)


@pytest.mark.parametrize("need", ["funding", "tax", "training", "children_education"])
def test_sure_answers_to_what_was_asked_come_before_open_ones(catalog: Catalog, day: Day, need: str) -> None:
    found = match(
        day,
        parse_profile({"home_place": "偏关县", "hukou_type": "rural", "return_status": "returned", "needs": {need: True}}, catalog),
        day.day,
    )
    asked = [v for v in found.verdicts if serves(v.measure.entry.measure, need) and v.measure.entry.measure.kind not in LAST_KINDS]
    ranks = [["eligible", "unknown", "not_eligible"].index(v.verdict) for v in asked]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("seed", range(12))
def test_at_most_seven_are_shown_first_and_none_of_them_is_closed(catalog: Catalog, day: Day, seed: int) -> None:
    found = match(day, parse_profile(random_profile(catalog, random.Random(seed), 0.5), catalog), day.day)
    verdicts = {v.id: v.verdict for v in found.found}
    assert len(found.shown_first) <= FIRST
    assert len(set(found.shown_first)) == len(found.shown_first)
    assert all(verdicts[i] != "not_eligible" for i in found.shown_first)


def test_a_bribe_asked_is_answered_among_the_first(catalog: Catalog, day: Day) -> None:
    found = match(day, parse_profile({"trouble": {"bribe_asked": True}, "needs": {"grievance": True}}, catalog), day.day)
    assert "complaint-bribe-12388" in found.shown_first
