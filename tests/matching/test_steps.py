"""Steps are small, honest and enough: after them nothing fails, and nobody is told to change what cannot be changed."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog import Catalog
from app.matching.day import Day
from app.matching.match import match
from app.matching.profile import known_from, parse_profile
from app.matching.verdict import Judge
from tests.people import random_profile

NEVER = {"age", "gender", "months_away", "home_place", "child_stages", "veteran", "disabled", "needs", "trouble", "education"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_after_the_steps_nothing_fails_and_only_what_can_change_was_changed(catalog: Catalog, day: Day, seed: int) -> None:
    profile = parse_profile(random_profile(catalog, random.Random(seed), 0.5), catalog)
    found = match(day, profile, day.day)
    for verdict in found.found:
        changes = found.steps(verdict)
        if not changes:
            continue
        assert verdict.verdict == "not_eligible"
        assert not {c.fact.id for c in changes} & NEVER
        then = known_from({**profile.stated, **{c.variable: c.to for c in changes}}, profile.assumed, catalog)
        assert Judge(day, then).one(verdict.id).verdict != "not_eligible"


def test_nobody_at_work_is_told_to_register_as_unemployed(catalog: Catalog, day: Day) -> None:
    raw = {
        "home_place": "偏关县",
        "age": 40,
        "work_now": "self_employed",
        "business_stage": "operating",
        "business_form": "individual_business",
    }
    found = match(day, parse_profile(raw, catalog), day.day)
    assert "registered_unemployed" not in {c.variable for v in found.found for c in found.steps(v)}
