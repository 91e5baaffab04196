"""Every refusal has one shape and says what to do instead; nothing that a stranger sends breaks the service."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.contract.shapes import ERRORS, PROBLEM, misfits
from tests.factories import Server

JSON = "application/json"
BATCH = "/v1/match/batch"


def problem(answer: httpx2.Response, status: int) -> Any:
    """The body of a refusal, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert list(misfits(body, ERRORS if "errors" in body else PROBLEM)) == []
    assert body["status"] == status
    return body


def errors(api: httpx2.Client, profile: Any, **more: Any) -> dict[str, str]:
    """where -> what of a refused match."""
    answer = api.post("/v1/match", content=json.dumps({"profile": profile, **more}), headers={"content-type": JSON})
    return {e["where"]: e["what"] for e in problem(answer, 422)["errors"]}


# ---------------------------------------------------------------- facts

BAD_FACTS: list[tuple[str, Any, str, list[str]]] = [
    ("a misspelt fact names the nearest", {"agee": 38}, "/profile/agee", ["agee", "age"]),
    ("a fact of another kind of name", {"家乡": "偏关县"}, "/profile/家乡", ["家乡", "/v1/facts"]),
    ("a name with a slash is escaped as in a JSON pointer", {"a/b~c": 1}, "/profile/a~1b~0c", ["a/b~c"]),
    ("an unknown option of one of several", {"sector": "fishing_farm"}, "/profile/sector", ["fishing_farm", "aquaculture"]),
    ("an unknown option of a set names the nearest", {"needs": {"fundings": True}}, "/profile/needs/fundings", ["fundings", "funding"]),
    ("a dotted option that is none", {"needs.fundings": True}, "/profile/needs.fundings", ["funding"]),
    ("a dotted name of no set", {"age.years": True}, "/profile/age.years", ["age", "no set"]),
    ("text for a number", {"age": "38"}, "/profile/age", ["«38»", "years"]),
    ("a truth for a number", {"age": True}, "/profile/age", ["true", "years"]),
    ("a list for a number", {"age": [38]}, "/profile/age", ["a list"]),
    ("a number for a truth", {"bad_credit": 1}, "/profile/bad_credit", ["1", "true or false"]),
    ("text for a truth", {"bad_credit": "no"}, "/profile/bad_credit", ["«no»", "true or false"]),
    ("text for a set", {"needs": "funding"}, "/profile/needs", ["«funding»", '{"', "true}"]),
    ("a list for a set", {"needs": ["funding"]}, "/profile/needs", ["a list", "true}"]),
    ("no truth in a set", {"needs": {"funding": "yes"}}, "/profile/needs/funding", ["«yes»", "true or false"]),
    ("a number for one of several", {"sector": 3}, "/profile/sector", ["3", "aquaculture"]),
    ("an object for one of several", {"sector": {"aquaculture": True}}, "/profile/sector", ["an object", "options"]),
    ("half a year of age", {"age": 30.5}, "/profile/age", ["30.5", "whole"]),
    ("too large", {"age": 200}, "/profile/age", ["200", "0 to 120"]),
    ("below zero", {"age": -1}, "/profile/age", ["-1", "0 to 120"]),
    ("a huge whole number", {"age": 10**400}, "/profile/age", ["0 to 120"]),
    ("not a number", {"age": float("nan")}, "/profile/age", ["finite"]),
    ("endless", {"funding_needed": float("inf")}, "/profile/funding_needed", ["finite"]),
    ("a vague number turned round", {"age": {"low": 60, "high": 20}}, "/profile/age", ["60", "20"]),
    ("a vague number out of range", {"age": {"low": 20, "high": 200}}, "/profile/age", ["200", "0 to 120"]),
    ("a vague number without ends", {"age": {}}, "/profile/age", ["low", "high"]),
    ("a vague number with other keys", {"age": {"min": 20}}, "/profile/age", ["low", "high"]),
    ("no such place", {"home_place": "Atlantis"}, "/profile/home_place", ["Atlantis", "/v1/places"]),
    ("a misspelt place names the nearest", {"home_place": "偏关线"}, "/profile/home_place", ["偏关线", "山西省忻州市偏关县"]),
    ("several places with their cities", {"home_place": "城区"}, "/profile/home_place", ["山西省阳泉市城区", "山西省晋城市城区"]),
    ("several provinces", {"business_place": "朝阳区"}, "/profile/business_place", ["北京市朝阳区", "吉林省长春市朝阳区"]),
    ("a place that is a number", {"home_place": 140932}, "/profile/home_place", ["140932", "full name"]),
    ("a place that is empty", {"home_place": "  "}, "/profile/home_place", ["full name"]),
    ("a place of endless length", {"home_place": "山" * 100_000}, "/profile/home_place", ["no place"]),
    ("half a surrogate pair as a place", {"home_place": "\ud800"}, "/profile/home_place", ["no place"]),
    ("half a surrogate pair as a name", {"\udfff": 1}, "/profile/\udfff", ["no fact"]),
    ("half a surrogate pair as an option", {"needs": {"\ud800": True}}, "/profile/needs/\ud800", ["no option"]),
    ("brackets in brackets", {"needs": json.loads("[" * 300 + "]" * 300)}, "/profile/needs", ["a list"]),
    ("more facts than there are", {f"fact{n}": 1 for n in range(5_000)}, "/profile", ["5000", "/v1/facts"]),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "where", "said"), [case[1:] for case in BAD_FACTS], ids=[case[0] for case in BAD_FACTS])
def test_a_bad_fact_is_pointed_at_and_says_what_to_send(api: httpx2.Client, profile: Any, where: str, said: list[str]) -> None:
    found = errors(api, profile)
    assert list(found) == [where]
    assert all(words in found[where] for words in said), found
    assert len(found[where]) < 2_000


def test_facts_that_contradict_each_other_are_both_named(api: httpx2.Client) -> None:
    found = errors(api, {"children_count": 0, "child_stages": {"primary": True}})
    assert list(found) == ["/profile/child_stages", "/profile/children_count"]
    assert all("children_count" in what and "child_stages" in what for what in found.values())


def test_every_error_of_a_profile_is_told_at_once(api: httpx2.Client) -> None:
    profile = {"agee": 1, "age": 200, "sector": "x", "needs": {"a": True, "b": True, "funding": 3}, "home_place": "高老庄", "veteran": None}
    assert sorted(errors(api, profile)) == sorted(
        ["/profile/agee", "/profile/age", "/profile/sector", "/profile/needs/a", "/profile/needs/b", "/profile/needs/funding", "/profile/home_place"]
    )  # fmt: skip


# ---------------------------------------------------------------- the rest of a match

BAD_MATCHES: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("a month that is none", {"as_of": "2026-13-01"}, "/as_of", ["2026-13-01", "YYYY-MM-DD"]),
    ("a day that is none", {"as_of": "2026-02-30"}, "/as_of", ["YYYY-MM-DD"]),
    ("a date without dashes", {"as_of": "20261123"}, "/as_of", ["YYYY-MM-DD"]),
    ("a date in words", {"as_of": "今天"}, "/as_of", ["今天", "YYYY-MM-DD"]),
    ("full-width digits", {"as_of": "２０２６-１１-２３"}, "/as_of", ["YYYY-MM-DD"]),
    ("no date at all", {"as_of": ""}, "/as_of", ["YYYY-MM-DD"]),
    ("a day before the first", {"as_of": "2014-12-31"}, "/as_of", ["2015-01-01", "2100-12-31"]),
    ("a day after the last", {"as_of": "2101-01-01"}, "/as_of", ["2015-01-01", "2100-12-31"]),
    ("a number for a date", {"as_of": 20261123}, "/as_of", ["string"]),
    ("another language", {"language": "fr"}, "/language", ["'zh'", "'en'"]),
    ("another detail", {"detail": "some"}, "/detail", ["'full'", "'brief'"]),
    ("a measure that is none", {"measures": ["startup-guarantee-loan"]}, "/measures/0", ["startup-guarantee-loan-individual"]),
    ("measures that are no list", {"measures": "all"}, "/measures", ["list"]),
    ("more measures than there could be", {"measures": ["x"] * 5_000}, "/measures", ["1000"]),
    ("a key that is none", {"as/of": "2026-11-23"}, "/as~1of", ["not permitted"]),
    ("a profile that is a list", {"profile": []}, "/profile", ["dictionary"]),
    ("a profile that is null", {"profile": None}, "/profile", ["dictionary"]),
]  # fmt: skip


@pytest.mark.parametrize(("more", "where", "said"), [case[1:] for case in BAD_MATCHES], ids=[case[0] for case in BAD_MATCHES])
def test_a_bad_request_is_pointed_at_and_says_what_to_send(api: httpx2.Client, more: dict[str, Any], where: str, said: list[str]) -> None:
    found = errors(api, **{"profile": {}, **more})
    assert list(found) == [where]
    assert all(words in found[where] for words in said), found


# ---------------------------------------------------------------- bodies


@dataclass(frozen=True)
class Sent:
    """A body as it goes over the wire, and the refusal it deserves."""

    body: bytes
    status: int
    said: str
    path: str = "/v1/match"
    kind: str | None = JSON

    @property
    def headers(self) -> dict[str, str]:
        return {"content-type": self.kind} if self.kind else {}


BAD_BODIES = {
    "nothing": Sent(b"", 422, "form of the contract"),
    "nothing to a batch": Sent(b"", 400, "Send JSON", BATCH),
    "broken JSON": Sent(b'{"profile": {', 400, "no valid JSON"),
    "broken JSON to a batch": Sent(b'{"profiles": [', 400, "no valid JSON", BATCH),
    "words": Sent(b"age 38", 400, "no valid JSON"),
    "not UTF-8": Sent(b'{"profile": {"home_place": "\xff\xfe"}}', 400, "UTF-8"),
    "not UTF-8 to a batch": Sent(b'{"profiles": [{"id": 1, "profile": {"home_place": "\xff\xfe"}}]}', 400, "UTF-8", BATCH),
    "brackets in brackets": Sent(b'{"profile": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001, 400, "few levels"),
    "brackets in brackets to a batch": Sent(b'{"profiles": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400, "recursion", BATCH),
    "a number of ten thousand digits": Sent(b'{"profile": {"age": 1' + b"0" * 10_000 + b"}}", 400, "plain numbers"),
    "a list": Sent(b"[]", 422, "form of the contract"),
    "a list to a batch": Sent(b"[]", 422, "form of the contract", BATCH),
    "a bare number": Sent(b"NaN", 422, "form of the contract"),
    "no content type": Sent(b'{"profile": {}}', 415, "application/json", kind=None),
    "another content type": Sent(b'{"profile": {}}', 415, "application/json", kind="text/plain"),
    "a form": Sent(b"profile=x", 415, "application/json", kind="application/x-www-form-urlencoded"),
    "over the limit": Sent(b'{"profile": {"x": "' + b"a" * 1_100_000 + b'"}}', 413, "larger than 1048576 bytes"),
}


@pytest.mark.parametrize("sent", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_body_that_cannot_be_read_says_what_to_send(api: httpx2.Client, sent: Sent) -> None:
    body = problem(api.post(sent.path, content=sent.body, headers=sent.headers), sent.status)
    assert sent.said in body["detail"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"])
def test_json_may_be_declared_in_any_way_that_json_is(api: httpx2.Client, kind: str) -> None:
    answer = api.post("/v1/match", content=b'{"profile": {}, "detail": "brief"}', headers={"content-type": kind})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("path", "megabytes"), [("/v1/match", 2), (BATCH, 68)])
def test_a_body_over_the_limit_is_refused_though_its_length_was_not_declared(api: httpx2.Client, path: str, megabytes: int) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(megabytes):
            yield b" " * 1_000_000

    assert "larger than" in problem(api.post(path, content=body(), headers={"content-type": JSON}), 413)["detail"]


def test_a_declared_length_over_the_limit_is_refused_before_anything_is_sent(server: Server) -> None:
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as wire:
        wire.sendall(f"POST {BATCH} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\nContent-Length: {10**9}\r\n\r\n".encode())
        assert wire.recv(65536).startswith(b"HTTP/1.1 413")


def test_the_service_answers_after_every_refusal(api: httpx2.Client) -> None:
    for sent in BAD_BODIES.values():
        api.post(sent.path, content=sent.body, headers=sent.headers)
        assert api.get("/healthz").json()["status"] == "alive"


# ---------------------------------------------------------------- addresses

BAD_ADDRESSES: list[tuple[str, str, int, str | None]] = [
    ("GET", "/nothing/here", 404, None),
    ("GET", "/v1", 404, None),
    ("GET", "/docs-static/nothing.js", 404, None),
    ("GET", "/docs-static/%00", 404, None),
    ("GET", "/docs-static/..%2f..%2fetc%2fpasswd", 404, None),
    ("GET", "/v1/match", 405, None),
    ("PUT", BATCH, 405, None),
    ("DELETE", "/v1/measures", 405, None),
    ("POST", "/v1/facts", 405, None),
    ("PROPFIND", "/v1/places", 405, None),
    ("POST", "/healthz", 405, None),
    ("GET", "/v1/measures/no-such-measure", 404, None),
    ("GET", "/v1/measures/%ff%00", 404, None),
    ("GET", "/v1/measures/" + "x" * 5_000, 404, None),
    ("GET", "/v1/documents/no-such-document", 404, None),
    ("GET", "/v1/measures?limit=0", 422, "/limit"),
    ("GET", "/v1/measures?limit=many", 422, "/limit"),
    ("GET", "/v1/measures?cursor=elsewhere", 422, "/cursor"),
    ("GET", "/v1/measures?need=love", 422, "/need"),
    ("GET", "/v1/measures?sector=piracy", 422, "/sector"),
    ("GET", "/v1/measures?level=village", 422, "/level"),
    ("GET", "/v1/measures?place=高老庄", 422, "/place"),
    ("GET", "/v1/measures?place=城区", 422, "/place"),
    ("GET", "/v1/measures?as_of=tomorrow", 422, "/as_of"),
    ("GET", "/v1/measures?as_of=1999-01-01", 422, "/as_of"),
    ("GET", "/v1/measures?language=fr", 422, "/language"),
    ("GET", "/v1/measures?q=" + "x" * 101, 422, "/q"),
    ("GET", "/v1/measures/no-such-measure?as_of=x", 422, "/as_of"),
    ("GET", "/v1/documents?cursor=elsewhere", 422, "/cursor"),
    ("GET", "/v1/documents?level=village", 422, "/level"),
    ("GET", "/v1/facts?language=fr", 422, "/language"),
    ("GET", "/v1/places", 422, "/q"),
    ("GET", "/v1/places?q=", 422, "/q"),
    ("GET", "/v1/places?q=偏关&limit=1000", 422, "/limit"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address", "status", "where"), BAD_ADDRESSES, ids=[f"{m} {a[:60]}" for m, a, _, _ in BAD_ADDRESSES])
def test_every_route_refuses_in_the_same_shape(api: httpx2.Client, method: str, address: str, status: int, where: str | None) -> None:
    body = problem(api.request(method, address), status)
    assert [e["where"] for e in body.get("errors", [])] == ([where] if where else [])


def test_a_wrong_method_is_told_the_right_one(api: httpx2.Client) -> None:
    assert api.get("/v1/match").headers["allow"] == "POST"


def test_an_unknown_id_names_the_nearest(api: httpx2.Client) -> None:
    assert "startup-guarantee-loan-individual" in problem(api.get("/v1/measures/startup-guarantee-loan-individul"), 404)["detail"]
    assert "mof-2023-75" in problem(api.get("/v1/documents/mof-2023-57"), 404)["detail"]


def test_several_errors_of_an_address_are_told_at_once(api: httpx2.Client) -> None:
    body = problem(api.get("/v1/measures?limit=0&need=love&level=village"), 422)
    assert sorted(e["where"] for e in body["errors"]) == ["/level", "/limit", "/need"]


def test_nothing_of_the_above_was_our_fault(server: Server, api: httpx2.Client) -> None:
    assert 'status="5' not in api.get("/metrics").text
    assert "Traceback" not in server.log.read_text(encoding="utf-8")
    assert "request_failed" not in server.log.read_text(encoding="utf-8")
