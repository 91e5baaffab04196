"""POST /v1/match/batch: many people at once, as JSON or line by line."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from app.catalog import Catalog
from tests.contract.shapes import BATCH, ERRORS, misfits
from tests.factories import Server
from tests.people import random_profile

NDJSON = "application/x-ndjson"
GOOD = {"home_place": "偏关县", "age": 38}


def lines(*items: Any) -> bytes:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()


def stream(api: httpx2.Client, body: bytes, kind: str = NDJSON, **query: str) -> list[Any]:
    """The answers of a stream, one for each line that holds anything."""
    answer = api.post("/v1/match/batch", content=body, headers={"content-type": kind}, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(NDJSON)
    return [json.loads(line) for line in answer.text.splitlines()]


def refused(api: httpx2.Client, profiles: Sequence[Any], status: int = 422) -> Any:
    answer = api.post("/v1/match/batch", json={"profiles": profiles})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


@pytest.fixture(scope="module")
def crowd(catalog: Catalog) -> list[dict[str, Any]]:
    chance = random.Random(11)
    return [{"id": f"person-{n}", "profile": random_profile(catalog, chance, 0.4)} for n in range(25)]


def test_each_person_gets_the_verdicts_that_a_single_match_gives(api: httpx2.Client, crowd: list[dict[str, Any]]) -> None:
    body = api.post("/v1/match/batch", json={"profiles": crowd, "as_of": "2026-11-23"}).json()
    assert list(misfits(body, BATCH)) == []
    for item, found in zip(crowd[:8], body["results"], strict=False):
        single = api.post("/v1/match", json={"profile": item["profile"], "as_of": "2026-11-23", "detail": "brief"}).json()
        for verdict in ("eligible", "unknown", "not_eligible"):
            assert sorted(found[verdict]) == sorted(v["measure"] for v in single["verdicts"] if v["verdict"] == verdict)


def test_a_stream_gives_the_same_results_as_json(api: httpx2.Client, crowd: list[dict[str, Any]]) -> None:
    whole = api.post("/v1/match/batch", json={"profiles": crowd, "as_of": "2021-05-01"}).json()
    assert stream(api, lines(*crowd), as_of="2021-05-01") == whole["results"]


@pytest.mark.parametrize("ids", [["b", "a", "b"], [3, "3", -1], ["", "张三", "a" * 300]])
def test_ids_come_back_as_they_were_sent_in_the_order_sent(api: httpx2.Client, ids: list[str | int]) -> None:
    items = [{"id": i, "profile": GOOD} for i in ids]
    assert [r["id"] for r in api.post("/v1/match/batch", json={"profiles": items}).json()["results"]] == ids
    assert [r["id"] for r in stream(api, lines(*items))] == ids


def test_nobody_is_nobody(api: httpx2.Client) -> None:
    assert api.post("/v1/match/batch", json={"profiles": []}).json()["results"] == []
    assert stream(api, b"") == []


def test_the_day_asked_about_is_said(api: httpx2.Client) -> None:
    body = api.post("/v1/match/batch", json={"profiles": [], "as_of": "2020-02-29"}).json()
    assert body["as_of"] == "2020-02-29"
    assert body["catalog_version"] == api.get("/readyz").json()["catalogue"]["version"]


def test_one_bad_profile_refuses_the_whole_and_every_error_is_pointed_at(api: httpx2.Client) -> None:
    body = refused(
        api,
        [{"id": 1, "profile": {"age": 200, "agee": 1}}, {"id": 2, "profile": GOOD}, {"id": 3, "profile": {"needs": {"money": True}}}],
    )
    assert list(misfits(body, ERRORS)) == []
    assert "results" not in body
    assert [e["where"] for e in body["errors"]] == [
        "/profiles/0/profile/age",
        "/profiles/0/profile/agee",
        "/profiles/2/profile/needs/money",
    ]


@pytest.mark.parametrize(
    ("item", "where"),
    [
        ({"profile": {}}, "/profiles/1/id"),
        ({"id": 1}, "/profiles/1/profile"),
        ({"id": 1, "profile": []}, "/profiles/1/profile"),
        ([], "/profiles/1"),
    ],
)
def test_an_item_that_is_no_person_is_pointed_at(api: httpx2.Client, item: Any, where: str) -> None:
    body = refused(api, [{"id": 0, "profile": GOOD}, item])
    assert where in [e["where"] for e in body["errors"]]


def test_more_profiles_than_allowed_are_refused_and_a_stream_is_named(reloading: Server) -> None:
    person = {"id": 1, "profile": {}}
    assert reloading.client.post("/v1/match/batch", json={"profiles": [person] * 3}).status_code == 200
    body = refused(reloading.client, [person] * 4)
    assert body["errors"][0]["where"] == "/profiles"
    assert "stream" in body["errors"][0]["what"]
    assert len(stream(reloading.client, lines(*[person] * 4))) == 4


def test_a_bad_line_gets_its_own_error_and_the_others_go_on(api: httpx2.Client) -> None:
    good = {"id": "good", "profile": GOOD}
    bad = [b"nonsense", b'{"id": "x", "profile": {"age": 200, "agee": 1}}', b'{"id": "y"}', b"[]", b'{"id": 5, "profile": {"age": NaN}}',
           b'{"id": 6, "profile": {"age": 1' + b"0" * 5000 + b"}}", b'{"id": 7, "profile": ' + b'{"a":' * 3000, b'\xff\xfe',
           b'{"id": 8, "profile": {"sector": ' + b"[" * 900 + b"]" * 900 + b"}}"]  # fmt: skip
    body = b"".join(part for line in bad for part in (lines(good), b"\n", line, b"\n"))
    found = stream(api, body)
    assert [f["id"] for f in found[0::2]] == ["good"] * len(bad)
    errors = found[1::2]
    assert [e["line"] for e in errors] == [3 * n + 3 for n in range(len(bad))]
    assert all(e["error"]["status"] == 422 and e["error"]["errors"] for e in errors)
    assert (errors[1]["id"], [e["where"] for e in errors[1]["error"]["errors"]]) == ("x", ["/profile/age", "/profile/agee"])


@pytest.mark.parametrize(
    "body", [lines({"id": 1, "profile": {}}).rstrip(), lines({"id": 1, "profile": {}}).replace(b"\n", b"\r\n") + b"\r\n\n"]
)
def test_line_ends_may_be_any(api: httpx2.Client, body: bytes) -> None:
    assert [r["id"] for r in stream(api, body)] == [1]


@pytest.mark.parametrize("kind", ["application/x-ndjson; charset=utf-8", "Application/X-NDJSON"])
def test_the_type_of_a_stream_may_be_written_as_types_may(api: httpx2.Client, kind: str) -> None:
    assert [r["id"] for r in stream(api, lines({"id": 1, "profile": {}}), kind)] == [1]


def test_a_stream_over_the_limit_ends_with_a_line_that_says_so(reloading: Server) -> None:
    """Here the limit is 4096 bytes; without a content-length it is noticed while reading."""
    person = lines({"id": 1, "profile": {}})

    def body() -> Any:
        for _ in range(400):
            yield person

    answer = reloading.client.post("/v1/match/batch", content=body(), headers={"content-type": NDJSON})
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [f["id"] for f in found[:-1]] == [1] * (len(found) - 1)
    assert found[-1]["error"]["status"] == 413


def test_each_line_is_answered_while_the_next_is_still_to_come(server: Server) -> None:
    host, port = server.address.removeprefix("http://").split(":")
    head = f"POST /v1/match/batch HTTP/1.1\r\nHost: {host}\r\nContent-Type: {NDJSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as wire:
        wire.sendall(head.encode())
        for n in (1, 2):
            line = lines({"id": n, "profile": {}})
            wire.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")
            got = b""
            while f'{{"id":{n},"eligible"'.encode() not in got:
                part = wire.recv(65536)
                assert part, got
                got += part
        wire.sendall(b"0\r\n\r\n")
