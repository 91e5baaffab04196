"""The conversation routes: the contract's shapes, who is let in, what is refused and how."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient

from app.logs import configure
from app.settings import Settings
from tests.store.standin import service

Service = Callable[..., TestClient]
STRANGER = "00000000-0000-4000-8000-000000000000"
PROBLEM = "application/problem+json"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Service]:
    """Makes a service with given settings."""
    made: list[Any] = []

    def make(**settings: Any) -> TestClient:
        app = service(Settings(database_url=f"sqlite:///{tmp_path / f'{len(made)}.sqlite'}", **settings))
        made.append(app)
        return TestClient(app, raise_server_exceptions=False)

    yield make
    for app in made:
        app.state.engine.dispose()


@pytest.fixture
def client(serve: Service) -> TestClient:
    return serve()


class Person:
    """Somebody with a conversation."""

    def __init__(self, client: TestClient, **asked: Any) -> None:
        opened = client.post("/v1/conversations", json=asked)
        assert opened.status_code == 201, opened.text
        self.client, self.opened = client, opened.json()
        self.at = f"/v1/conversations/{self.opened['id']}"
        assert opened.headers["location"] == self.at
        self.token: str = self.opened["token"]

    def ask(self, method: str, path: str = "", **more: Any) -> Any:
        return self.client.request(method, self.at + path, headers={"Authorization": f"Bearer {self.token}"}, **more)

    def say(self, text: str, client_message_id: str = "a") -> Any:
        return self.ask("POST", "/messages", json={"text": text, "client_message_id": client_message_id})


def refused(response: Any, status: int) -> dict[str, Any]:
    """The problem that a refusal carries."""
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), response.text
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert {"type", "title", "detail"} <= body.keys()
    return body


def test_opening_gives_id_token_code_and_first_words(client: TestClient) -> None:
    opened = Person(client, language="en", channel="widget").opened
    assert opened.keys() >= {"id", "token", "code", "reply"}
    assert opened["reply"]["text"] == "Hello"
    assert Person(client).opened["reply"]["text"] == "你好", "Chinese unless asked otherwise"
    assert client.post("/v1/conversations").status_code == 201


def test_a_message_is_answered_in_the_shape_of_the_contract(client: TestClient) -> None:
    body = Person(client).say("想养鱼").json()
    assert body.keys() >= {"message", "reply", "profile", "matches", "questions_left"}
    assert body["reply"].keys() >= {"text", "blocks", "quick_replies", "asking"}


def test_the_same_message_again_gets_the_same_bytes(client: TestClient) -> None:
    person = Person(client)
    first = person.say("一")
    assert person.say("一").content == first.content
    assert len(person.ask("GET").json()["messages"]) == 2


def test_answers_are_kept_by_no_cache(client: TestClient) -> None:
    assert Person(client).ask("GET").headers["cache-control"] == "no-store"


ROUTES = [
    ("GET", "", None),
    ("DELETE", "", None),
    ("GET", "/export", None),
    ("POST", "/messages", {"text": "x", "client_message_id": "a"}),
    ("PATCH", "/profile", {"facts": {"age": 1}}),
    ("POST", "/feedback", {"message": 1, "feedback": "wrong"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_strangers_cannot_tell_whether_there_is_a_conversation(client: TestClient, method: str, path: str, body: Any) -> None:
    person, other = Person(client), Person(client)
    wrong: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic abc"},
        {"Authorization": f"Bearer {other.token}"},
        {"Authorization": f"Bearer {person.token[:-1]}_"},
        {"Authorization": "Bearer " + "x" * 65},
    ]
    for headers in wrong:
        there = client.request(method, person.at + path, headers=headers, json=body)
        nowhere = client.request(method, f"/v1/conversations/{STRANGER}{path}", headers=headers, json=body)
        refused(there, 401)
        assert there.headers["www-authenticate"] == "Bearer"
        assert (nowhere.status_code, nowhere.content) == (there.status_code, there.content)
    assert person.ask("GET").status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), [route for route in ROUTES if route[:2] != ("DELETE", "")])
def test_the_owner_of_a_deleted_conversation_is_told_that_it_is_gone(client: TestClient, method: str, path: str, body: Any) -> None:
    person = Person(client)
    assert person.ask("DELETE").status_code == 204
    assert "POST /v1/conversations" in refused(person.ask(method, path, json=body), 404)["detail"]


def test_deleting_by_word_tells_the_client(client: TestClient) -> None:
    person = Person(client)
    assert person.say("delete").json()["deleted"] is True
    refused(person.ask("GET"), 404)


def test_profile_is_corrected_and_bad_facts_are_named(client: TestClient) -> None:
    person = Person(client)
    body = person.ask("PATCH", "/profile", json={"facts": {"age": 38, "sector": None}}).json()
    assert body["profile"]["facts"] == [{"fact": "age", "value": 38}]
    problem = refused(person.ask("PATCH", "/profile", json={"facts": {"unheard_of": 1}}), 422)
    assert problem["errors"] == [{"where": "/facts/unheard_of", "what": "there is no such fact"}]
    refused(person.ask("PATCH", "/profile", json={"facts": {}}), 422)


def test_the_transcript_is_enough_to_go_on(client: TestClient) -> None:
    person = Person(client)
    person.say("一", "a")
    person.ask("PATCH", "/profile", json={"facts": {"age": 38}})
    seen = person.ask("GET").json()
    assert seen.keys() >= {"id", "language", "channel", "messages", "profile", "matches", "questions_left"}
    assert [(m["message"], m["client_message_id"], m["text"]) for m in seen["messages"]] == [
        (0, None, None),
        (1, "a", "一"),
        (2, None, None),
    ]


def test_export_is_a_file_with_everything(client: TestClient) -> None:
    person = Person(client)
    person.say("一")
    got = person.ask("GET", "/export")
    assert "attachment" in got.headers["content-disposition"]
    assert [e["kind"] for e in got.json()["events"]] == ["opened", "said"]


def test_a_recovery_code_brings_the_conversation_back(client: TestClient) -> None:
    person = Person(client)
    person.say("一")
    back = client.post("/v1/conversations/resume", json={"code": person.opened["code"].lower()}).json()
    assert back["id"] == person.opened["id"]
    refused(person.ask("GET"), 401)
    person.token = back["token"]
    assert person.say("一").json()["reply"]["text"] == "1: 一"
    for wrong in ("ACDEFGHJ", "\u0000", "归雁", "0" * 100):
        refused(client.post("/v1/conversations/resume", json={"code": wrong}), 404)


def test_feedback_is_taken_for_answers_that_exist(client: TestClient) -> None:
    person = Person(client)
    assert person.ask("POST", "/feedback", json={"message": 0, "feedback": "understood"}).status_code == 204
    assert refused(person.ask("POST", "/feedback", json={"message": 5, "feedback": "wrong"}), 422)["errors"][0]["where"] == "/message"
    refused(person.ask("POST", "/feedback", json={"message": 2**40, "feedback": "wrong"}), 422)
    refused(person.ask("POST", "/feedback", json={"message": 0, "feedback": "nice"}), 422)


@pytest.mark.parametrize("length", [4_001, 100_000])
def test_a_message_that_is_too_long_is_refused_with_the_mend(client: TestClient, length: int) -> None:
    person = Person(client)
    problem = refused(person.say("归" * length), 422)
    assert problem["errors"][0]["where"] == "/text"
    assert "4000" in problem["errors"][0]["what"]
    assert len(person.ask("GET").json()["messages"]) == 1
    assert person.say("归" * 4_000).status_code == 200


@pytest.mark.parametrize("identity", ["", "x" * 101, "a\x00", "a\n"])
def test_a_bad_client_id_is_refused(client: TestClient, identity: str) -> None:
    assert refused(Person(client).say("一", identity), 422)["errors"][0]["where"] == "/client_message_id"


@pytest.mark.parametrize("identity", ["x", "x" * 100, "归雁", "\U0001f437" * 100])
def test_a_good_client_id_is_taken(client: TestClient, identity: str) -> None:
    assert Person(client).say("一", identity).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        '{"text": 1, "client_message_id": "a"}',
        '{"client_message_id": "a"}',
        '{"text": "x"}',
        "[" * 5_000,
        "\x00",
    ],
)
def test_what_is_no_message_is_refused(client: TestClient, body: str) -> None:
    person = Person(client)
    got = client.post(f"{person.at}/messages", content=body, headers={"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"})  # fmt: skip
    assert 400 <= got.status_code < 500
    assert got.headers["content-type"] == PROBLEM


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", r"\u202e", "\U0001f437", "<script>alert(1)</script>", r"\u001b[31m", "9" * 1_000])
def test_any_text_is_answered(client: TestClient, text: str) -> None:
    person = Person(client)
    body = f'{{"text": "{text}", "client_message_id": "a"}}'.encode()
    got = client.post(f"{person.at}/messages", content=body, headers={"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"})  # fmt: skip
    assert got.status_code == 200
    assert person.ask("GET").status_code == 200


def test_channels_and_languages_are_checked(client: TestClient) -> None:
    for asked in ({"language": "fr"}, {"channel": ""}, {"channel": "x" * 41}, {"channel": "a b"}, {"colour": "red"}):
        refused(client.post("/v1/conversations", json=asked), 422)


def test_a_conversation_has_a_rate_and_says_when_to_come_back(serve: Service) -> None:
    client = serve(rate_conversation="2/minute")
    person, other = Person(client), Person(client)
    assert [person.say(c, c).status_code for c in "abc"] == [200, 200, 429]
    problem = refused(person.say("c", "c"), 429)
    assert "nothing of it was kept" in problem["detail"]
    assert 1 <= int(person.say("c", "c").headers["retry-after"]) <= 60
    assert other.say("a").status_code == 200
    assert len(person.ask("GET").json()["messages"]) == 3, "reading goes on"


def test_an_address_has_a_rate(serve: Service) -> None:
    client = serve(rate_address="3/minute")
    assert [client.post("/v1/conversations").status_code for _ in range(4)] == [201, 201, 201, 429]


@pytest.mark.parametrize("setting", ["rate_codes", "rate_all_codes"])
def test_guessing_codes_ends_soon_and_right_codes_do_not_count(serve: Service, setting: str) -> None:
    client = serve(**{setting: "3/hour"})
    person = Person(client)

    def resume(code: str) -> Any:
        return client.post("/v1/conversations/resume", json={"code": code})

    assert [resume(person.opened["code"]).status_code for _ in range(5)] == [200] * 5
    assert [resume("ACDEFGHJ").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert int(resume(person.opened["code"]).headers["retry-after"]) > 60


def test_a_setting_that_is_no_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="rate_address"):
        Settings(rate_address="often")


def test_nothing_that_a_person_says_reaches_the_log(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    configure("debug")
    try:
        person = Person(client)
        for n, text in enumerate(("我的名字叫秘密", "break 秘密", "guard")):
            assert person.say(text, f"秘密{n}").status_code == 200
        client.app.state.desk.store.writing = None  # type: ignore[attr-defined]
        refused(person.say("秘密", "last"), 500)
    finally:
        structlog.configure(**before)
        logging.getLogger().handlers[:] = handlers
    said = capsys.readouterr().err
    assert {"turn_failed", "guard_failed", "request_failed"} <= {json.loads(line)["event"] for line in said.splitlines()}
    assert "秘密" not in said
    assert person.token not in said


def test_openapi_describes_the_routes(client: TestClient) -> None:
    found = client.get("/openapi.json").json()
    assert {"/v1/conversations", "/v1/conversations/resume", "/v1/conversations/{id}", "/v1/conversations/{id}/export", "/v1/conversations/{id}/messages", "/v1/conversations/{id}/profile"} <= found["paths"].keys()  # fmt: skip
    answers = found["paths"]["/v1/conversations/{id}/messages"]["post"]["responses"]
    assert {"200", "401", "404", "422", "429"} <= answers.keys()
    assert json.dumps(found)
