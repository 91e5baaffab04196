"""The columns are the single matcher: same verdicts, same missing facts, same single steps, for random people on random days."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog import Catalog
from app.catalog.language import And, Arith, Compare, Const, Expr, Is, Not, Number, NumFact, OneOf, Or, Within
from app.matching.analysis import settle
from app.matching.day import Day, Days
from app.matching.profile import BadProfile, Knowledge, Profile, Value, known_from, parse_profile
from app.matching.steps import WORTH_A_CHANGE, steps
from app.matching.verdict import Judge
from app.screening.asks import Asks
from app.screening.columns import Columns
from app.screening.facts import Facts, Layout, laid_out
from app.screening.follows import follow
from app.screening.planes import Program
from app.screening.rules import Rules
from app.screening.ways import Ways
from tests.people import random_profile, random_value
from tests.screening.rosters import TODAY

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
DAYS = 14 * 365
"""From 2015 to 2028."""
TOGETHER = 40
"""People in one table: each finds out whether the others leave it alone."""


@dataclass(frozen=True)
class Crowd:
    profiles: list[Profile]
    stated: Facts
    facts: Facts
    refused: pl.Series


def crowd(catalog: Catalog, layout: Layout, chance: random.Random) -> Crowd:
    profiles = [parse_profile(random_profile(catalog, chance, chance.choice([0.05, 0.2, 0.5, 0.9])), catalog) for _ in range(TOGETHER)]
    stated = laid_out(layout, [_whole(p) for p in profiles])
    facts, contradictory = follow(stated)
    assert not contradictory.any()
    return Crowd(profiles, stated, facts, facts.constant(False))


def _whole(profile: Profile) -> dict[str, Value]:
    home = profile.stated.get("home_place")
    return {**profile.stated, **(dict.fromkeys(profile.assumed, home) if home is not None else {})}


def plain(known: Knowledge, layout: Layout) -> dict[str, Value]:
    """Without what says nothing: the whole range, every option."""
    return {
        v: x
        for v, x in known.items()
        if not (isinstance(x, tuple) and x == layout.ranges[v]) and not (isinstance(x, frozenset) and len(x) == len(layout.bits[v]))
    }


@pytest.mark.parametrize("seed", range(10))
def test_verdicts_missing_facts_and_single_steps_are_those_of_the_single_matcher(
    catalog: Catalog, days: Days, layout: Layout, seed: int
) -> None:
    chance = random.Random(seed)
    on = TODAY if seed % 2 else dt.date(2015, 1, 1) + dt.timedelta(chance.randrange(DAYS))
    people, day = crowd(catalog, layout, chance), days.on(on)
    columns = Columns(day, layout)
    names = list(day.measures)
    asks, ways = Asks(columns, names), Ways(columns, names)
    settled, made = columns.run(people.facts)
    missing, near = asks.missing(people.facts, settled, made), ways.one_step(people, settled, made)  # type: ignore[arg-type]
    for row, profile in enumerate(people.profiles):
        assert people.facts.person(row) == plain(profile.known, layout)
        for verdict in Judge(day, profile.known).all():
            assert settled.verdict(verdict.id, row) == verdict.verdict, verdict.id
            found = {v for v, plane in missing.get(verdict.id, {}).items() if plane[row]}
            assert found == (verdict.missing if verdict.verdict == "unknown" else set()), verdict.id
        for verdict in chance.sample(Judge(day, profile.known).all(), 40):
            if verdict.verdict == "not_eligible" and verdict.measure.entry.measure.kind in WORTH_A_CHANGE:
                way = steps(day, verdict.measure, profile, {})
                there = near.get(verdict.id)
                at = there.rows.to_list().index(row) if there is not None and row in there.rows.to_list() else None
                change = there.changes[there.number[at]] if there is not None and at is not None else None
                assert change == (way[0] if len(way) == 1 else None), verdict.id


@pytest.mark.parametrize("seed", range(10))
def test_hard_measures_agree_on_people_made_for_them(catalog: Catalog, day: Day, layout: Layout, seed: int) -> None:
    """Variables that stand several times, comparisons of two facts, thresholds by place: people near every line."""
    chance = random.Random(seed)
    columns = Columns(day, layout)
    hard = sorted({m for m, parts in columns.parts.items() for p in parts if not p.once})
    assert len(hard) > 20
    for measure in chance.sample(hard, 6):
        reads = sorted({v.partition(".")[0] for c in day.measures[measure].conditions for v in c.order})
        profiles = [parse_profile(_near(catalog, reads, chance), catalog) for _ in range(60)]
        settled = columns.verdicts(laid_out(layout, [p.known for p in profiles]))
        for row, profile in enumerate(profiles):
            (verdict,) = Judge(day, profile.known).some([measure])
            assert settled.verdict(measure, row) == verdict.verdict, (measure, profile.known)


def _near(catalog: Catalog, facts: list[str], chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in facts:
        fact = catalog.facts[name]
        value = random_value(fact, chance)
        if fact.is_number and fact.range and chance.random() < 0.7:
            lines = [0, 1, 2, 3, 5, 10, 12, 15, 16, 50, 55, 60, 100, 101, 500, 640, 700, 803, 6000, 100_000, 1_200_000, 5_000_000]
            points = sorted({min(max(p + d, fact.range[0]), fact.range[1]) for p in lines for d in (-1, 0, 1)})
            low, high = sorted(chance.choices(points, k=2))
            value = {"low": low, "high": high} if chance.random() < 0.5 else low
        if chance.random() < 0.8:
            try:
                parse_profile({**found, name: value}, catalog)
            except BadProfile:
                continue
            found[name] = value
    return found


# ---------------------------------------------------------------- any tree


LEAVES: list[Expr] = [
    Is("veteran"), Is("disabled"), Not(Is("veteran")), OneOf("gender", frozenset({"female"})), OneOf("hukou_type", frozenset({"rural"})),
    OneOf("education", frozenset({"junior_middle", "college_or_above"})), Compare(">=", NumFact("employees"), Number(2.0)),
    Compare("<", NumFact("employees"), Number(4.0)), Compare(">", NumFact("partners"), Number(3.0)), Compare("==", NumFact("employees"), Number(0.0)),
    Compare("!=", NumFact("employees"), Number(3.0)), Compare("<=", Arith("/", NumFact("annual_sales"), Number(12.0)), Number(100_000.0)),
    Compare(">=", Arith("*", NumFact("annual_sales"), Number(0.5)), Number(600_000.0)), Within("home_place", frozenset({"1409"})),
    Within("home_place", frozenset({"140932", "1401"})), Within("home_place", frozenset({"14"})), Const(True), Const(None),
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
        "education": st.sampled_from([frozenset({"junior_middle"}), frozenset({"junior_middle", "primary_or_less"})]),
        "employees": st.sampled_from([(0.0, 0.0), (0.0, 3.0), (2.0, 9.0), (3.0, 3.0), (4.0, 10_000.0)]),
        "annual_sales": st.sampled_from([(0.0, 1_200_000.0), (1_200_000.0, 1_200_000.0), (1_200_001.0, 2e6), (1e6, 3e6)]),
        "home_place": st.sampled_from(["14", "1409", "140932", "140921", "11", "110101"]),
    },
)


@settings(max_examples=250, deadline=None, suppress_health_check=QUIET)
@given(trees, st.lists(knowns, min_size=1, max_size=8))
def test_any_tree_is_settled_as_the_single_matcher_settles_it(day: Day, layout: Layout, tree: Expr, people: list[dict[str, Value]]) -> None:
    program = Program()
    may, may_not = Rules(day, layout, program, None).exact(tree)
    made = program.run(laid_out(layout, people) if any(people) else Facts(layout, len(people), {}))
    for row, known in enumerate(people):
        status = settle(tree, known, day.domains).status
        assert (made[may][row], made[may_not][row]) == {True: (True, False), False: (False, True), None: (True, True)}[status]


def test_columns_made_for_the_facts_of_a_roster_say_the_same_as_those_for_all(catalog: Catalog, day: Day, layout: Layout) -> None:
    chance = random.Random(3)
    told = {"age", "sector", "home_place", "business_place", "hukou_type"}
    people = [{v: x for v, x in p.known.items() if v in told} for p in crowd(catalog, layout, chance).profiles]
    facts = laid_out(layout, people)
    narrow, wide = Columns(day, layout, frozenset(told)).verdicts(facts), Columns(day, layout).verdicts(facts)
    for name in day.measures:
        assert [narrow.verdict(name, row) for row in range(len(people))] == [wide.verdict(name, row) for row in range(len(people))]


def test_contradictions_are_found_where_the_single_matcher_finds_them(catalog: Catalog, layout: Layout) -> None:
    chance = random.Random(11)
    people: list[dict[str, Value]] = []
    for _ in range(400):
        person: dict[str, Value] = {}
        for variable in sorted(catalog.implied):
            if chance.random() < 0.25:
                kind = layout.kinds[variable]
                number = float(chance.choice([0, 1, 2, 3, 12]))
                person[variable] = (
                    chance.random() < 0.5
                    if kind == "bits"
                    else frozenset({chance.choice(list(layout.bits[variable]))})
                    if kind == "mask"
                    else (number, number)
                )
        people.append(person)
    facts, contradictory = follow(laid_out(layout, people))
    refused = 0
    for row, person in enumerate(people):
        try:
            known = known_from(person, (), catalog)
        except BadProfile:
            refused += 1
            assert contradictory[row], person
        else:
            assert not contradictory[row], person
            assert facts.person(row) == plain(known, layout)
    assert 20 < refused < 380


@pytest.mark.parametrize("rows", [0, 1, 7, 64, 65])
def test_any_number_of_people_fits_into_the_bits(catalog: Catalog, day: Day, layout: Layout, rows: int) -> None:
    chance = random.Random(rows)
    known = [parse_profile(random_profile(catalog, chance, 0.4), catalog).known for _ in range(rows)]
    settled = Columns(day, layout).verdicts(Facts(layout, rows, laid_out(layout, known).columns))
    for row, person in enumerate(known):
        assert {v.id: settled.verdict(v.id, row) for v in Judge(day, person).all()} == {v.id: v.verdict for v in Judge(day, person).all()}
