"""POST /v1/match keeps what design/API.md and SEMANTICS.md promise."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from app.api.schemas import MatchResponse
from app.catalog import Catalog
from tests.contract.numbers import figures_of, numbers, numbers_in, texts_of
from tests.contract.shapes import BRIEF, BRIEF_MATCH, LEVELS, MATCH, misfits
from tests.people import random_profile

FARMER = {"sector": "aquaculture", "age": 38, "home_place": "偏关县", "needs": {"funding": True}}
VAGUE = {"age": {"low": 30, "high": 45}, "funding_needed": {"low": 100000}, "home_place": "忻州市", "needs": {"tax": True, "land": False}}
DAYS = ("2016-03-01", "2022-06-01", "2026-11-23", "2031-01-01")
LEVEL_ORDER = ("national", "province", "city", "county")


def ask(api: httpx2.Client, profile: Mapping[str, Any], **more: Any) -> Any:
    answer = api.post("/v1/match", json={"profile": profile, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def people(catalog: Catalog, number: int) -> list[dict[str, Any]]:
    """The farmer of the contract, someone vague, someone who says nothing, and a few more, the same every time."""
    chance = random.Random(7)
    return [FARMER, VAGUE, {}, *(random_profile(catalog, chance, share) for share in [0.2, 0.5, 0.9][:number])]


@pytest.fixture(scope="module")
def answers(api: httpx2.Client, catalog: Catalog) -> list[dict[str, Any]]:
    """Whole answers: several people, both languages, days past and to come."""
    asked = [(person, DAYS[n % len(DAYS)]) for n, person in enumerate(people(catalog, 3))] + [(FARMER, day) for day in DAYS]
    return [ask(api, person, as_of=day, language=language) for person, day in asked for language in ("zh", "en")]


def every_verdict(answers: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(answer, verdict) for answer in answers for verdict in answer["verdicts"]]


def test_every_documented_field_is_there_in_its_documented_form(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        assert list(misfits(answer, MATCH)) == []


def test_the_openapi_description_of_an_answer_is_true(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        MatchResponse.model_validate(answer)


def test_every_measure_has_its_own_verdict_once(answers: list[dict[str, Any]], catalog: Catalog) -> None:
    for answer in answers:
        assert sorted(v["measure"] for v in answer["verdicts"]) == sorted(catalog.entries)
        assert answer["catalog_version"] == catalog.version


def test_brief_gives_id_name_verdict_and_missing_facts_only(api: httpx2.Client) -> None:
    brief, full = ask(api, FARMER, detail="brief"), ask(api, FARMER, detail="full")
    assert list(misfits(brief, BRIEF_MATCH)) == []
    assert all(v.keys() == BRIEF.keys() for v in brief["verdicts"])
    assert brief["verdicts"] == [{key: v[key] for key in BRIEF} for v in full["verdicts"]]


def test_only_the_named_measures_are_judged_and_as_in_the_whole(api: httpx2.Client) -> None:
    whole = ask(api, FARMER)["verdicts"]
    named = [whole[n]["measure"] for n in (40, 3, 11)]
    some = ask(api, FARMER, measures=named)["verdicts"]
    assert {v["measure"] for v in some} == set(named)
    assert all(v in whole for v in some)
    assert ask(api, FARMER, measures=[])["verdicts"] == []


def test_asked_without_a_day_it_answers_for_today_in_shanxi(api: httpx2.Client) -> None:
    def today() -> str:
        return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()

    before, answer, after = today(), ask(api, {}, detail="brief"), today()
    assert answer["as_of"] in (before, after)
    assert ask(api, {}, detail="brief", as_of=answer["as_of"]) == answer


@pytest.mark.parametrize("day", ["2015-01-01", "2020-02-29", "2100-12-31"])
def test_any_day_from_2015_to_2100_may_be_asked_about(api: httpx2.Client, day: str) -> None:
    assert ask(api, FARMER, detail="brief", as_of=day)["as_of"] == day


def test_language_changes_the_words_and_nothing_else(api: httpx2.Client) -> None:
    zh, en = (ask(api, FARMER, language=language) for language in ("zh", "en"))
    assert ask(api, FARMER) == zh
    for a, b in zip(zh["verdicts"], en["verdicts"], strict=True):
        same = ("measure", "verdict", "level", "needs", "confirmed", "valid_until", "missing_facts", "lineage", "not_with")
        assert {key: a[key] for key in same} == {key: b[key] for key in same}
        assert [(r["condition"], r["outcome"]) for r in a["reasons"]] == [(r["condition"], r["outcome"]) for r in b["reasons"]]
        assert a["name"] != b["name"]
        assert a["gives"] != b["gives"]
    for key in ("best_combination", "unmet_needs", "profile"):
        assert zh[key] == en[key]
    assert zh["next_question"]["fact"] == en["next_question"]["fact"]


def test_what_a_person_cannot_get_never_stands_before_what_they_can(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        closed = [v["verdict"] == "not_eligible" for v in answer["verdicts"]]
        assert closed == sorted(closed)


def test_lineage_leads_from_the_highest_level_down_to_the_measure(answers: list[dict[str, Any]]) -> None:
    by_id = {v["measure"]: v for v in answers[0]["verdicts"]}
    for name, verdict in by_id.items():
        chain = verdict["lineage"]
        assert chain[-1] == name
        assert [by_id[m]["lineage"] for m in chain] == [chain[: n + 1] for n in range(len(chain))]
        levels = [LEVEL_ORDER.index(by_id[m]["level"]) for m in chain]
        assert levels == sorted(set(levels))
    assert any(len(v["lineage"]) > 1 for v in by_id.values())
    assert {v["level"] for v in by_id.values()} <= LEVELS


def test_exclusions_are_told_from_both_sides(answers: list[dict[str, Any]]) -> None:
    not_with = {v["measure"]: set(v["not_with"]) for v in answers[0]["verdicts"]}
    assert any(not_with.values())
    for one, others in not_with.items():
        assert all(one in not_with[other] for other in others if other in not_with)


def test_the_best_combination_holds_no_two_that_exclude_each_other(answers: list[dict[str, Any]]) -> None:
    assert any(answer["best_combination"] for answer in answers)
    for answer in answers:
        by_id = {v["measure"]: v for v in answer["verdicts"]}
        best = answer["best_combination"]
        assert all(by_id[m]["verdict"] == "eligible" for m in best)
        assert all(not set(by_id[m]["not_with"]) & set(best) for m in best)


def test_business_place_not_stated_is_home_place_and_shown_as_assumed(api: httpx2.Client) -> None:
    assumed = ask(api, {"home_place": "偏关县"}, detail="brief")
    assert assumed["assumed"] == {"business_place": "偏关县"}
    assert assumed["profile"] == {"home_place": "偏关县"}
    stated = ask(api, {"home_place": "偏关县", "business_place": "偏关县"}, detail="brief")
    assert stated["assumed"] == {}
    assert stated["profile"] == {"home_place": "偏关县", "business_place": "偏关县"}
    assert stated["verdicts"] == assumed["verdicts"]


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        (38, 38),
        (38.0, 38),
        ({"low": 30, "high": 45}, {"low": 30, "high": 45}),
        ({"low": 40, "high": 40}, 40),
        ({"low": 40}, {"low": 40, "high": 120}),
        ({"high": 40}, {"low": 0, "high": 40}),
    ],
)
def test_a_number_may_be_vague_and_is_shown_as_understood(api: httpx2.Client, said: object, understood: object) -> None:
    assert ask(api, {"age": said}, detail="brief", measures=[])["profile"] == {"age": understood}


def test_a_vague_number_settles_only_what_every_number_in_it_settles(api: httpx2.Client) -> None:
    def told(age: object) -> dict[str, str]:
        return {v["measure"]: v["verdict"] for v in ask(api, {**FARMER, "age": age}, detail="brief")["verdicts"]}

    vague, points = told({"low": 14, "high": 70}), [told(age) for age in (14, 33, 51, 70)]
    for measure, verdict in vague.items():
        assert verdict == "unknown" or {verdict} == {point[measure] for point in points}
    assert vague != points[1]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ({"needs.funding": True}, {"needs": {"funding": True}}),
        ({"needs.funding": True, "needs.tax": False}, {"needs": {"funding": True, "tax": False}}),
        ({"needs": {"tax": True}, "child_stages.primary": True}, {"needs": {"tax": True}, "child_stages": {"primary": True}}),
    ],
)
def test_a_dotted_id_names_one_option(api: httpx2.Client, short: dict[str, Any], long: dict[str, Any]) -> None:
    assert ask(api, short, detail="brief") == ask(api, long, detail="brief")
    assert ask(api, short, detail="brief")["profile"] == long


@pytest.mark.parametrize("silent", [{"age": None}, {"needs": {"funding": None}}, {"needs": {}}, {"home_place": None, "sector": None}])
def test_null_says_nothing(api: httpx2.Client, silent: dict[str, Any]) -> None:
    assert ask(api, silent, detail="brief") == ask(api, {}, detail="brief")


@pytest.mark.parametrize(
    ("said", "understood"), [("偏关", "偏关县"), ("山西省忻州市偏关县", "偏关县"), ("长治县", "上党区"), (" 偏关县 ", "偏关县")]
)
def test_a_place_is_understood_by_its_other_names(api: httpx2.Client, said: str, understood: str) -> None:
    assert ask(api, {"home_place": said}, detail="brief", measures=[])["profile"] == {"home_place": understood}


def test_every_figure_of_an_answer_has_its_source_and_how_it_was_checked(answers: list[dict[str, Any]]) -> None:
    seen = 0
    for _, verdict in every_verdict(answers):
        for figure in figures_of(verdict["figures"]):
            assert figure["citation"]["title"]
            assert figure["checked"]["on"]
            seen += 1
    assert seen > 1000


def test_a_figure_in_words_is_the_figure(answers: list[dict[str, Any]]) -> None:
    for _, verdict in every_verdict(answers):
        for figure in figures_of(verdict["figures"]):
            if isinstance(figure["value"], int | float):
                per = numbers(figure["unit"].partition("/")[0])  # m2, m3
                assert numbers(figure["text"]) - per == {round(float(figure["value"]), 6)}, figure
            elif figure["unit"] == "text":
                assert figure["value"] in figure["text"]


def test_no_text_holds_a_number_that_is_neither_a_figure_nor_the_persons_own(answers: list[dict[str, Any]], catalog: Catalog) -> None:
    lines = set().union(*(numbers(c.number) | numbers(c.name.zh) for c in catalog.contacts.values()))
    said = 0
    for answer, verdict in every_verdict(answers):
        own = numbers_in([figure["value"] for figure in figures_of(verdict["figures"])]) | numbers_in(answer["profile"])
        changed = numbers_in([step["change"]["to"] for step in verdict["steps"]])
        for where, text in texts_of(verdict):
            allowed = own | lines | (changed if where.startswith("/steps/") else set())
            if where.startswith("/reasons/") and any(r["condition"] == "valid" for r in verdict["reasons"]):
                valid = catalog.entries[verdict["measure"]].measure.valid
                allowed |= numbers_in([str(day) for day in (valid.from_, valid.to)])
            said += len(numbers(text))
            assert numbers(text) <= allowed, f"{verdict['measure']}{where}: {text}"
    assert said > 1000


def test_a_number_to_reach_rests_on_a_figure(answers: list[dict[str, Any]]) -> None:
    """A step's number is a line that a condition draws, or the next whole number beyond it."""
    for _, verdict in every_verdict(answers):
        lines = numbers_in([f["value"] for f in figures_of(verdict["figures"])]) | {0.0, 1.0, 2.0, 12.0, 100.0}
        for step in verdict["steps"]:
            for number in numbers_in(step["change"]["to"]):
                assert any(abs(number - part) <= 1 for line in lines for part in (line, line / 12, line * 12)), (verdict["measure"], step)


def test_an_estimate_says_how_it_was_worked_out(answers: list[dict[str, Any]]) -> None:
    seen = 0
    for answer, verdict in every_verdict(answers):
        for estimate in verdict["estimate"].values():
            assert estimate["low"] <= estimate["value"] == estimate["high"]
            assert numbers(estimate["text"]) == {round(float(estimate["value"]), 6)}
            known = numbers_in([f["value"] for f in figures_of(verdict["figures"])]) | numbers_in(answer["profile"])
            assert numbers(estimate["working"]) <= known | numbers_in(estimate) | {0.0, 1.0, 2.0, 12.0, 100.0}, estimate
            assert estimate["working"].endswith(estimate["text"])
            seen += 1
    assert seen


def test_every_no_names_what_failed_and_every_yes_has_nothing_open(answers: list[dict[str, Any]]) -> None:
    for _, verdict in every_verdict(answers):
        outcomes = {r["outcome"] for r in verdict["reasons"]}
        match verdict["verdict"]:
            case "eligible":
                assert outcomes <= {"met"}
            case "not_eligible":
                assert "failed" in outcomes
                assert verdict["subject_to"] == []
            case "unknown":
                assert "failed" not in outcomes
                assert bool(verdict["missing_facts"]) != bool(verdict.get("why")), verdict["measure"]
        assert bool(verdict["missing_facts"]) <= (verdict["verdict"] == "unknown")


def test_an_unconfirmed_no_says_whom_to_ask(answers: list[dict[str, Any]]) -> None:
    seen = 0
    for _, verdict in every_verdict(answers):
        for reason in verdict["reasons"]:
            sure = reason["checked"]["how"] == "seen" and reason["checked"]["confidence"] != "low"
            if reason["outcome"] == "failed" and not sure:
                assert numbers(reason["ask"]), reason
                seen += 1
    assert seen


def test_confirmed_is_never_said_of_what_was_only_heard(answers: list[dict[str, Any]]) -> None:
    for _, verdict in every_verdict(answers):
        if verdict["confirmed"]:
            assert verdict["tier"] == "A"
            assert all(r["checked"]["how"] == "seen" and r["checked"]["confidence"] != "low" for r in verdict["reasons"])


def test_the_next_question_is_one_that_is_missing_and_leads_nowhere_known(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        missing = {fact for v in answer["verdicts"] for fact in v["missing_facts"]}
        question = answer["next_question"]
        assert (question is None) == (not missing)
        if question:
            assert question["fact"] in missing


def test_needs_that_nothing_meets_are_said(api: httpx2.Client, catalog: Catalog) -> None:
    only = next(e.id for e in catalog.entries.values() if "children_education" not in e.measure.needs)
    answer = ask(api, {"needs": {"children_education": True, "funding": False}}, measures=[only])
    assert answer["unmet_needs"] == ["children_education"]
