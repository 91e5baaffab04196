"""POST /v1/understand as the contract describes it."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from app.api.schemas import UnderstandResponse

SAID = "我是偏关的，想养鱼，还差二十来万"


def understand(api: httpx2.Client, text: str, **more: Any) -> dict[str, Any]:
    answer = api.post("/v1/understand", json={"text": text, "as_of": "2026-11-23", **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    UnderstandResponse.model_validate(found)
    return found


def by_fact(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f["fact"]: f for f in found["facts"]}


def test_facts_come_with_value_interval_certainty_and_words(api: httpx2.Client) -> None:
    sum_ = by_fact(understand(api, SAID))["funding_needed"]
    assert (sum_["value"], sum_["low"], sum_["high"], sum_["approximate"]) == (200000, 200000, 250000, True)
    assert sum_["certainty"] == "stated"
    assert "二十来万" in sum_["quote"]


def test_a_place_is_answered_by_its_official_full_name(api: httpx2.Client) -> None:
    assert by_fact(understand(api, SAID))["home_place"]["value"] == "偏关县"


@pytest.mark.parametrize("before", ["", "🐟🐟", "👨‍👩‍👧 ", "ﬀ", "é", "\u200b", "李"])
def test_offsets_count_code_points_of_the_text_as_sent(api: httpx2.Client, before: str) -> None:
    text = before + SAID
    for fact in understand(api, text)["facts"]:
        assert text[fact["start"] : fact["end"]] == fact["quote"]
        assert fact["quote"]


def test_an_option_of_a_set_is_a_fact_of_its_own(api: httpx2.Client) -> None:
    found = by_fact(understand(api, "娃在村里念小学，想贷点款"))
    assert found["child_stages.primary"]["value"] is True
    assert found["needs.funding"]["value"] is True


def test_the_open_question_has_the_first_claim_on_a_bare_value(api: httpx2.Client) -> None:
    assert by_fact(understand(api, "45", asking="age"))["age"]["value"] == 45
    assert understand(api, "45")["facts"] == []


def test_a_dotted_option_may_be_asked(api: httpx2.Client) -> None:
    assert by_fact(understand(api, "缺", asking="needs.funding"))["needs.funding"]["value"] is True


def test_dates_count_back_from_as_of(api: httpx2.Client) -> None:
    earlier = api.post("/v1/understand", json={"text": "我2020年6月从外地回来的", "as_of": "2021-06-15"}).json()
    later = api.post("/v1/understand", json={"text": "我2020年6月从外地回来的", "as_of": "2026-06-15"}).json()
    assert by_fact(later)["months_since_return"]["value"] - by_fact(earlier)["months_since_return"]["value"] == 60


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"text": "你好", "asking": "shoe_size"}, "/asking"),
        ({"text": "你好", "as_of": "tomorrow"}, "/as_of"),
        ({}, "/text"),
        ({"text": 5}, "/text"),
        ({"text": "你好", "mood": "good"}, "/mood"),
        ({"text": "好" * 4001}, "/text"),
    ],
)
def test_bad_input_is_refused_with_the_place(api: httpx2.Client, body: dict[str, Any], where: str) -> None:
    answer = api.post("/v1/understand", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert where in [e["where"] for e in answer.json()["errors"]]


@pytest.mark.parametrize("text", ["", " ", "\x00", "9" * 1000, "‮我想养鱼", "<script>alert(1)</script>", "😀" * 500, "\ud83d"])
def test_whatever_is_sent_is_answered(api: httpx2.Client, text: str) -> None:
    answer = api.post("/v1/understand", content=json.dumps({"text": text}), headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422), answer.text
