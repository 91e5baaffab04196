"""Whatever a stranger sends, the answer is one that the contract documents."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.contract.shapes import ERRORS, PROBLEM, misfits
from tests.factories import Server

ASKED = [
    ("GET", "/v1/facts"), ("GET", "/v1/places"), ("GET", "/v1/documents"), ("GET", "/v1/measures"), ("GET", "/v1/measures/{measure}"),
    ("POST", "/v1/match"), ("POST", "/v1/match/batch"),
]  # fmt: skip
"""Routes that take something which can be sent wrong."""
ROUTES = [*ASKED, ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"), ("GET", "/v1/documents/{document}")]
CHECKS = [
    schemathesis.checks.not_a_server_error, schemathesis.checks.status_code_conformance, schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def description(server: Server) -> Any:
    """What may be sent and answered, as the service itself describes it."""
    return schemathesis.openapi.from_url(f"{server.address}/openapi.json")


@pytest.mark.parametrize(
    ("formed", "method", "path"),
    [(GenerationMode.POSITIVE, *route) for route in ROUTES] + [(GenerationMode.NEGATIVE, *route) for route in ASKED],
)
def test_every_answer_is_one_that_the_openapi_description_promises(
    description: Any, formed: GenerationMode, method: str, path: str
) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(description[path][method].as_strategy(generation_mode=formed))
    def sent(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    sent()


# ---------------------------------------------------------------- any JSON under any fact

TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(["偏关县", "城区", "", "aquaculture", "funding", "2026-11-23"])
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, -1, 10**30, 10**400, 38, 38.5])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | st.sampled_from(["low", "high"]), inner, max_size=3),
    max_leaves=6,
)


def names(facts: dict[str, dict[str, Any]]) -> st.SearchStrategy[str]:
    dotted = [f"{name}.{option['value']}" for name, fact in facts.items() for option in fact["options"][:2]]
    return st.sampled_from(sorted(facts)) | st.sampled_from(dotted) | TEXTS


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_any_json_under_any_name_is_matched_or_refused(api: httpx2.Client, facts: dict[str, dict[str, Any]], data: st.DataObject) -> None:
    profile = data.draw(st.dictionaries(names(facts), VALUES, max_size=5))
    kind = {"content-type": "application/json"}
    answer = api.post("/v1/match", content=json.dumps({"profile": profile, "detail": "brief"}), headers=kind)
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code == 200:
        assert answer.json()["verdicts"]
        return
    assert answer.headers["content-type"] == "application/problem+json"
    assert list(misfits(answer.json(), ERRORS if answer.status_code == 422 else PROBLEM)) == []
    wheres = [e["where"] for e in answer.json().get("errors", [])]
    assert all(re.match(r"/profile(/|$)", where) for where in wheres)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda s: s.encode("utf-8", "surrogatepass"))
    | VALUES.map(lambda v: json.dumps(v).encode())
)
@pytest.mark.parametrize("path", ["/v1/match", "/v1/match/batch"])
def test_any_bytes_are_refused_in_the_one_shape(path: str, api: httpx2.Client, body: bytes) -> None:
    answer = api.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert list(misfits(answer.json(), PROBLEM)) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line and bool(line.strip())), max_size=4))
def test_any_lines_get_an_answer_each(api: httpx2.Client, body: list[bytes]) -> None:
    answer = api.post("/v1/match/batch", content=b"\n".join(body), headers={"content-type": "application/x-ndjson"})
    assert answer.status_code == 200
    assert [json.loads(line)["error"]["status"] for line in answer.text.splitlines()] == [422] * len(body)
