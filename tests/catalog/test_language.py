"""What may be written behind `if`, what it means, and what an author is told about the rest."""

from __future__ import annotations

import datetime as dt

import pytest

from app.catalog.language import (
    And,
    Arith,
    Compare,
    Const,
    Expr,
    FigureRef,
    Is,
    Not,
    Num,
    Number,
    NumFact,
    OnDay,
    OneOf,
    Or,
    RuleError,
    Scope,
    Within,
    figure_ids,
    negate,
    parse_condition,
    parse_estimate,
    variables,
)
from tests.factories import small_catalog

CATALOG = small_catalog()


def place_code(name: str) -> str:
    return CATALOG.places.exact(name)


SCOPE = Scope(CATALOG.facts, frozenset({"min_age", "max_age", "line"}), place_code)
AGE, MIN, MAX, LINE = NumFact("age"), FigureRef("min_age"), FigureRef("max_age"), FigureRef("line")
RURAL, URBAN = OneOf("hukou_type", frozenset({"rural"})), OneOf("hukou_type", frozenset({"urban"}))
CREDIT, TRAINED = Is("bad_credit"), Is("startup_training_certificate")

CONDITIONS: list[tuple[str, Expr]] = [
    # true or false
    ("bad_credit", CREDIT),
    ("not bad_credit", Not(CREDIT)),
    ("not not bad_credit", CREDIT),
    ("bad_credit == true", CREDIT),
    ("bad_credit == false", Not(CREDIT)),
    ("bad_credit != true", Not(CREDIT)),
    ("true", Const(True)),
    ("not true", Const(False)),
    # numbers
    ("age >= figure.min_age", Compare(">=", AGE, MIN)),
    ("figure.min_age <= age <= figure.max_age", And((Compare("<=", MIN, AGE), Compare("<=", AGE, MAX)))),
    ("employees > 0", Compare(">", NumFact("employees"), Number(0.0))),
    ("employees == 1", Compare("==", NumFact("employees"), Number(1.0))),
    ("income_per_head * 12 < figure.line", Compare("<", Arith("*", NumFact("income_per_head"), Number(12.0)), LINE)),
    ("age - 1 >= figure.min_age / 2", Compare(">=", Arith("-", AGE, Number(1.0)), Arith("/", MIN, Number(2.0)))),
    ("not age < figure.min_age", Compare(">=", AGE, MIN)),
    ("min(age, employees) >= 2", And((Compare(">=", AGE, Number(2.0)), Compare(">=", NumFact("employees"), Number(2.0))))),
    ("max(age, employees) >= 2", Or((Compare(">=", AGE, Number(2.0)), Compare(">=", NumFact("employees"), Number(2.0))))),
    ("2 <= min(age, employees)", And((Compare(">=", AGE, Number(2.0)), Compare(">=", NumFact("employees"), Number(2.0))))),
    # one of several
    ("hukou_type == rural", RURAL),
    ("rural == hukou_type", RURAL),
    ("hukou_type != rural", Not(RURAL)),
    ("hukou_type in {rural, urban}", OneOf("hukou_type", frozenset({"rural", "urban"}))),
    ("hukou_type not in {urban}", Not(URBAN)),
    # sets
    ("primary in child_stages", Is("child_stages.primary")),
    ("primary not in child_stages", Not(Is("child_stages.primary"))),
    ("overlaps(child_stages, {primary, junior_middle})", Or((Is("child_stages.primary"), Is("child_stages.junior_middle")))),
    ("overlaps(child_stages, {primary})", Is("child_stages.primary")),
    # places
    ('within(home_place, "忻州市")', Within("home_place", frozenset({"1409"}))),
    ('within(home_place, "偏关县", "阳泉市城区")', Within("home_place", frozenset({"140932", "140302"}))),
    ('within(home_place, "全国")', Within("home_place", frozenset({""}))),
    # days
    ("as_of <= date(2026, 12, 31)", OnDay("<=", dt.date(2026, 12, 31))),
    ("date(2024, 1, 1) <= as_of", OnDay(">=", dt.date(2024, 1, 1))),
    ("not as_of < date(2024, 1, 1)", OnDay(">=", dt.date(2024, 1, 1))),
    # joined
    ("bad_credit and hukou_type == rural", And((CREDIT, RURAL))),
    ("bad_credit or not startup_training_certificate", Or((CREDIT, Not(TRAINED)))),
    ("not (bad_credit or startup_training_certificate)", And((Not(CREDIT), Not(TRAINED)))),
    ("not (bad_credit and hukou_type == rural)", Or((Not(CREDIT), Not(RURAL)))),
    ("bad_credit and (hukou_type == rural or age >= 2)", And((CREDIT, Or((RURAL, Compare(">=", AGE, Number(2.0))))))),
    ("  bad_credit  ", CREDIT),
]


@pytest.mark.parametrize(("text", "tree"), CONDITIONS, ids=[text for text, _ in CONDITIONS])
def test_an_expression_means_what_it_says(text: str, tree: Expr) -> None:
    assert parse_condition(text, SCOPE) == tree


WRONG: list[tuple[str, str, str]] = [
    # names
    ("bad_credits", "no fact «bad_credits»", "bad_credit"),
    ("agee >= 2", "no fact «agee»", "age"),
    ("figure.min_ages <= age", "no numeric figure «min_ages»", "min_age"),
    ("figures.min_age <= age", "«figures.min_age» is no number", "figure.<id>"),
    ("hukou_type == rurel", "«rurel» is no option of hukou_type", "rural"),
    ("zzzz in child_stages", "«zzzz» is no option of child_stages", "options: primary, junior_middle"),
    ("primary in child_stage", "no fact «child_stage»", "child_stages"),
    ("True", "«True»", "CONTRIBUTING.md"),
    # types
    ("age", "«age» is a number, not true or false", "age >= figure.<id>"),
    ("not funding_needed", "an amount of money", "funding_needed <= figure.<id>"),
    ("hukou_type", "one of several options", "hukou_type in {rural, …}"),
    ("child_stages", "a set of options", "primary in child_stages"),
    ("home_place", "a place", 'within(home_place, "忻州市")'),
    ("bad_credit >= 2", "has no order", "=="),
    ("hukou_type > rural", "has no order", "in {…}"),
    ('hukou_type == "rural"', "compared with «'rural'»", "hukou_type in {rural, …}"),
    ("bad_credit == rural", "true or false, not «rural»", "not bad_credit"),
    ("hukou_type == 1", "compared with «1»", "hukou_type in"),
    ("bad_credit + 1 >= 2", "not a number", "write bad_credit"),
    ('home_place == "忻州市"', "a place, not a number", "within("),
    ("age in {18}", "in {…} needs one of several", "age >= figure.<id>"),
    ("primary in hukou_type", "not a set", "hukou_type in {rural, …}"),
    ("1 in child_stages", "cannot stand before in", "option in set_fact"),
    ("age in figure.line", "cannot stand behind in", "{option, …}"),
    ("overlaps(hukou_type, {rural})", "not a set", "overlaps"),
    ("overlaps(child_stages)", "overlaps needs", "overlaps(child_stages, {"),
    ('within(age, "忻州市")', "not a place", "within(home_place"),
    ("within(home_place)", "within needs", "within(home_place"),
    ("within(home_place, xinzhou)", "no name of a place", "quotes"),
    # numbers
    ("age >= 18", "the bare number 18 has no source", "figure.<id>"),
    ("income_per_head * 365 < figure.line", "the bare number 365", "figure.<id>"),
    ("age >= -1", "«-1» is no number", "number facts"),
    ("age ** 2 >= 2", "«age ** 2» is no number", "+ - * /"),
    ("age % 2 == 1", "is no number", "+ - * /"),
    ("age >= true", "no fact «true»", ""),
    ("sum(age, employees) >= 2", "is no number", "min max"),
    # days
    ("as_of <= 2026", "as_of is compared with «2026»", "date(2026, 12, 31)"),
    ("as_of <= date(2026, 13, 31)", "month must be in 1..12", "date(2026, 12, 31)"),
    ("as_of <= date(2026, 12)", "as_of is compared with", "date(2026, 12, 31)"),
    # what is not in the language
    ("", "no expression", "CONTRIBUTING.md"),
    ("age >=", "no expression", "CONTRIBUTING.md"),
    ("age = 18", "no expression", "CONTRIBUTING.md"),
    ("bad_credit; age", "no expression", "CONTRIBUTING.md"),
    ("bad_credit is true", "«is» is no operator here", "=="),
    ("__import__('os').system('true')", "is not true or false", "CONTRIBUTING.md"),
    ("(lambda: true)()", "is not true or false", "CONTRIBUTING.md"),
    ("[bad_credit][0]", "is not true or false", "CONTRIBUTING.md"),
    ("bad_credit if true else false", "is not true or false", "CONTRIBUTING.md"),
    ("known(age)", "is not true or false", "CONTRIBUTING.md"),
    ("bad\0credit", "no expression", "CONTRIBUTING.md"),
]


@pytest.mark.parametrize(("text", "what", "mend"), WRONG, ids=[repr(text) for text, _, _ in WRONG])
def test_anything_else_is_refused_with_cause_and_mend(text: str, what: str, mend: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_condition(text, SCOPE)
    assert what in refused.value.what
    assert mend in refused.value.mend


ESTIMATES: list[tuple[str, Num]] = [
    ("figure.line", LINE),
    ("min(funding_needed, figure.line)", Arith("min", NumFact("funding_needed"), LINE)),
    ("max(age, employees, 3)", Arith("max", Arith("max", AGE, NumFact("employees")), Number(3.0))),
    ("employees * figure.line / 4", Arith("/", Arith("*", NumFact("employees"), LINE), Number(4.0))),
    ("1.5 * figure.line", Arith("*", Number(1.5), LINE)),
]


@pytest.mark.parametrize(("text", "tree"), ESTIMATES, ids=[text for text, _ in ESTIMATES])
def test_an_estimate_is_arithmetic_over_facts_and_figures(text: str, tree: Num) -> None:
    assert parse_estimate(text, SCOPE) == tree


@pytest.mark.parametrize("text", ["bad_credit", "age >= 2", "figure.lines", '"300000"', "min(age)", "True"])
def test_an_estimate_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse_estimate(text, SCOPE)


def test_a_tree_names_the_facts_and_figures_that_it_reads() -> None:
    tree = parse_condition('figure.min_age <= age and (primary in child_stages or within(home_place, "忻州市"))', SCOPE)
    assert variables(tree) == {"age", "child_stages.primary", "home_place"}
    assert figure_ids(tree) == {"min_age"}


@pytest.mark.parametrize(("text", "tree"), CONDITIONS, ids=[text for text, _ in CONDITIONS])
def test_denied_twice_is_said_once(text: str, tree: Expr) -> None:
    assert negate(negate(tree)) == tree, text
    assert variables(negate(tree)) == variables(tree)


def test_equal_conditions_of_different_words_are_one() -> None:
    texts = ["age >= figure.min_age", "not age < figure.min_age", "not (age < figure.min_age)"]
    assert len({parse_condition(text, SCOPE) for text in texts}) == 1
