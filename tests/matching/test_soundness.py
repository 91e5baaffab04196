"""What a person may rely on: more facts never turn an answer round, and we ask exactly what can still matter."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.catalog import Catalog
from app.catalog.language import And, Compare, Const, Expr, Is, Not, Number, NumFact, OneOf, Or, Within, variables
from app.matching.analysis import representatives, settle
from app.matching.compile import compile_rules
from app.matching.day import Day, Days
from app.matching.interpret import evaluate
from app.matching.match import match
from app.matching.profile import BadProfile, Knowledge, Value, parse_profile
from app.matching.verdict import Judge
from tests.people import PLACES, random_profile, random_value

MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
seeds = st.integers(0, 2**32)


def verdicts(day: Day, catalog: Catalog, profile: dict[str, Any]) -> dict[str, str]:
    return {v.id: v.verdict for v in Judge(day, parse_profile(profile, catalog).known).all()}


@MANY
@given(seeds)
def test_one_more_fact_never_flips_a_settled_verdict(catalog: Catalog, day: Day, seed: int) -> None:
    chance = random.Random(seed)
    profile = random_profile(catalog, chance, chance.choice([0.1, 0.3, 0.6]))
    fact = chance.choice([f for f in catalog.facts.values() if f.id not in profile and f.id != "business_place"])
    more = {**profile, fact.id: random_value(fact, chance)}
    try:
        after = verdicts(day, catalog, more)
    except BadProfile:
        assume(False)
        return
    for measure, before in verdicts(day, catalog, profile).items():
        assert before == "unknown" or before == after[measure], f"{measure} went from {before} to {after[measure]} when {fact.id} was told"


@MANY
@given(seeds)
def test_facts_left_out_never_make_a_wrong_yes_or_a_wrong_no(catalog: Catalog, day: Day, seed: int) -> None:
    chance = random.Random(seed)
    whole = random_profile(catalog, chance, 1.0)
    keep = {key: value for key, value in whole.items() if chance.random() < 0.5 or key == "business_place"}
    if "business_place" not in keep:
        keep.pop("home_place", None)
    truth = verdicts(day, catalog, whole)
    for measure, told in verdicts(day, catalog, keep).items():
        assert told in ("unknown", truth[measure])


@MANY
@given(seeds)
def test_a_vague_number_made_sharper_never_flips_a_settled_verdict(catalog: Catalog, day: Day, seed: int) -> None:
    chance = random.Random(seed)
    profile = random_profile(catalog, chance, 0.5)
    fact = chance.choice([f for f in catalog.facts.values() if f.is_number])
    low, high = sorted(chance.choices([0, 1, 3, 12, 18, 40, 59, 60, 61, 90], k=2))
    try:
        before = verdicts(day, catalog, {**profile, fact.id: {"low": low, "high": high}})
        after = verdicts(day, catalog, {**profile, fact.id: chance.randint(low, high)})
    except BadProfile:
        assume(False)
        return
    assert all(before[m] in ("unknown", after[m]) for m in before)


@MANY
@given(seeds)
def test_generated_code_and_the_plain_reading_agree_on_every_condition(catalog: Catalog, day: Day, seed: int) -> None:
    chance = random.Random(seed)
    known = parse_profile(random_profile(catalog, chance, chance.random()), catalog).known
    slots = day.compiled.slots(known)
    statuses, together = day.compiled.statuses(slots)
    assert together == day.compiled.verdicts(slots)
    for measure, verdict in zip(day.measures.values(), together, strict=True):
        plain = [evaluate(c.tree, known, day.ranges) for c in measure.conditions]
        assert [statuses[c.index] for c in measure.conditions] == plain
        if measure.standing == "in_force":
            assert verdict is (False if False in plain else None if None in plain else True)


@MANY
@given(seeds)
def test_every_missing_fact_can_be_answered_so_that_it_settles_more(catalog: Catalog, day: Day, seed: int) -> None:
    """For each missing fact some way of answering all the others leaves the verdict to this one alone."""
    chance = random.Random(seed)
    profile = parse_profile(random_profile(catalog, chance, 0.4), catalog)
    open_to = [v for v in Judge(day, profile.known).all() if v.verdict == "unknown" and 1 <= len(v.missing) <= 5]
    assume(open_to)
    verdict = chance.choice(open_to)
    tree = And(tuple(c.tree for c in verdict.measure.conditions))
    status, matters = brute_force(tree, profile.known, day)
    assert status is None
    assert matters == verdict.missing


def brute_force(tree: Expr, known: Knowledge, day: Day) -> tuple[bool | None, frozenset[str]]:
    """Status and the variables that matter, by trying every completion (of values that rules can tell apart)."""
    read = sorted(v for v in variables(tree) if not _settled(known.get(v)))
    grid = [representatives(v, tree, known, day.domains) for v in read]
    size = 1
    for values in grid:
        size *= len(values)
    assume(size <= 40_000)
    table: dict[tuple[int, ...], bool | None] = {}
    for point in itertools.product(*(range(len(values)) for values in grid)):
        filled = {**known, **{v: values[i] for v, values, i in zip(read, grid, point, strict=True)}}
        table[point] = evaluate(tree, filled, day.ranges)
    matters = set()
    for at, variable in enumerate(read):
        by_rest: dict[tuple[int, ...], set[bool | None]] = {}
        for point, value in table.items():
            by_rest.setdefault(point[:at] + point[at + 1 :], set()).add(value)
        if any(len(values) > 1 for values in by_rest.values()):
            matters.add(variable)
    outcomes = set(table.values())
    return (outcomes.pop() if len(outcomes) == 1 else None), frozenset(matters)


def _settled(value: Value | None) -> bool:
    if value is None:
        return False
    if isinstance(value, tuple):
        return value[0] == value[1]
    return len(value) == 1 if isinstance(value, frozenset) else not isinstance(value, str)


# ---------------------------------------------------------------- small trees, every completion


LEAVES: list[Expr] = [
    Is("veteran"), Is("disabled"), Not(Is("veteran")), OneOf("gender", frozenset({"female"})), OneOf("hukou_type", frozenset({"rural"})),
    Compare(">=", NumFact("employees"), Number(2.0)), Compare("<", NumFact("employees"), Number(4.0)), Compare(">", NumFact("partners"), Number(3.0)),
    Within("home_place", frozenset({"1409"})), Within("home_place", frozenset({"140932", "1401"})), Const(True),
]  # fmt: skip
trees = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda items: And(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Or(tuple(items))),
        inner.map(Not),
    ),
    max_leaves=9,
)
knowns = st.fixed_dictionaries(
    {},
    optional={
        "veteran": st.booleans(),
        "gender": st.sampled_from(["female", "male"]).map(lambda o: frozenset({o})),
        "employees": st.sampled_from([(0.0, 0.0), (0.0, 3.0), (2.0, 9.0), (3.0, 3.0)]),
        "home_place": st.sampled_from(["14", "1409", "140932", "11"]),
    },
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees, knowns)
def test_what_matters_is_exactly_what_trying_every_completion_finds(day: Day, tree: Expr, known: dict[str, Value]) -> None:
    status, matters = brute_force(tree, known, day)
    found = settle(tree, known, day.domains)
    assert (found.status, found.matters) == (status, matters)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees, knowns)
def test_any_tree_runs_the_same_compiled_and_read(catalog: Catalog, day: Day, tree: Expr, known: dict[str, Value]) -> None:
    compiled = compile_rules([tree], [(0,)], catalog)
    slots = compiled.slots(known)
    plain = evaluate(tree, known, day.ranges)
    assert compiled.statuses(slots) == ((plain,), (plain,))
    assert compiled.verdicts(slots) == (plain,)


# ---------------------------------------------------------------- questions


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seeds)
def test_the_next_question_can_change_a_verdict(catalog: Catalog, day: Day, seed: int) -> None:
    chance = random.Random(seed)
    profile = parse_profile(random_profile(catalog, chance, chance.random() * 0.8), catalog)
    found = match(day, profile, day.day)
    missing = frozenset().union(*(v.missing for v in found.found))
    asked = {q.variable for q in found.questions}
    assert asked <= missing
    assert bool(asked) == bool(missing)
    assert all(variable not in profile.known or not _settled(profile.known[variable]) for variable in asked)


@pytest.mark.parametrize(
    "on", [dt.date(2015, 1, 1), dt.date(2018, 6, 30), dt.date(2021, 12, 31), dt.date(2026, 12, 31), dt.date(2028, 1, 1)]
)
def test_every_day_since_2015_has_an_answer(catalog: Catalog, days: Days, on: dt.date) -> None:
    chance = random.Random(on.toordinal())
    for place in PLACES[:3]:
        profile = parse_profile({**random_profile(catalog, chance, 0.5), "home_place": place}, catalog)
        found = match(days.on(on), profile, on)
        assert len(found.verdicts) == len(catalog.entries)
