"""POST /v1/hearsay as the contract describes it."""

from __future__ import annotations

import httpx2
import pytest

VERDICTS = {"true", "outdated", "wrong", "no_such_measure", "cannot_tell"}


def test_each_claim_has_its_words_its_verdict_and_its_source(api: httpx2.Client) -> None:
    text = "听说创业担保贷款是白给的钱，不用还"
    body = api.post("/v1/hearsay", json={"text": text, "as_of": "2026-11-23"}).json()
    assert body["reply"]
    assert body["claims"]
    for claim in body["claims"]:
        assert claim["quote"] in text
        assert claim["verdict"] in VERDICTS
        assert claim["correction"]
        assert all({"document", "number", "title", "clause", "url"} <= citation.keys() for citation in claim["citations"])
    assert body["claims"][0]["verdict"] == "wrong"


@pytest.mark.parametrize(
    "body", [{}, {"text": 5}, {"text": "听" * 4001}, {"text": "听说", "as_of": "2026-13-01"}, {"text": "听说", "language": "fr"}]
)
def test_what_cannot_be_read_is_refused_with_the_reason(api: httpx2.Client, body: dict[str, object]) -> None:
    answer = api.post("/v1/hearsay", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"]
