"""The dependency that other rooms' routes ask for: a key or a session, in the API and on pages."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts import sessions, users
from app.accounts.deps import Admin, Editor, Official, new_csrf
from app.accounts.people import SignedIn
from app.api import problems
from app.api.rates import Rates
from app.clock import now
from app.settings import Settings
from app.store import Store, open_engine


def service(store: Store, settings: Settings) -> FastAPI:
    """Routes of another room, under the API."""
    app = FastAPI()
    app.state.desk, app.state.settings, app.state.rates = SimpleNamespace(store=store), settings, Rates(settings)
    problems.install(app)

    @app.get("/v1/mine")
    def mine(official: Official) -> dict[str, str]:
        return {"name": official.name, "place": official.place}

    @app.post("/v1/mine")
    def change(official: Official) -> dict[str, bool]:
        return {"by_key": official.by_key}

    @app.get("/v1/edit")
    def edit(_: Editor) -> dict[str, str]:
        return {}

    @app.get("/v1/admin")
    def admin(_: Admin) -> dict[str, str]:
        return {}

    return app


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path}/test.sqlite")
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def http(store: Store) -> TestClient:
    return TestClient(service(store, Settings(rate_signin="20/minute")))


def key(store: Store, role: str = "official") -> dict[str, str]:
    with store.writing() as db:
        number = users.add(db, f"{role}.key", role, "140932")  # type: ignore[arg-type]
        return {"Authorization": f"Bearer {users.new_key(db, number)}"}


def session(store: Store, http: TestClient) -> str:
    """Signed in; a form token of the session."""
    with store.writing() as db:
        number = users.add(db, "clerk", "official", "140932")
        token = sessions.start(db, SignedIn(number, "clerk", "official", "140932"), store.prepare(), now())
    http.cookies.set("guiyan_session", token)
    return new_csrf(store.prepare(), token)


def test_signed_out_the_api_says_how_to_get_in(http: TestClient) -> None:
    answer = http.get("/v1/mine")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "guiyan user key" in answer.json()["detail"]


def test_a_key_lets_a_program_in_as_its_account(store: Store, http: TestClient) -> None:
    headers = key(store)
    assert http.get("/v1/mine", headers=headers).json() == {"name": "official.key", "place": "140932"}
    assert http.post("/v1/mine", headers=headers).json() == {"by_key": True}


@pytest.mark.parametrize("sent", ["Bearer", "Bearer ", "Bearer x", "Bearer gyk_x", "Bearer gyk_é", "Basic YTpi", "gyk_x"])
def test_what_is_no_key_opens_nothing(http: TestClient, sent: str) -> None:
    assert http.get("/v1/mine", headers={b"Authorization": sent.encode("latin-1")}).status_code == 401


def test_a_wrong_key_is_not_made_up_for_by_a_session(store: Store, http: TestClient) -> None:
    session(store, http)
    assert http.get("/v1/mine").status_code == 200
    assert http.get("/v1/mine", headers={"Authorization": "Bearer gyk_x"}).status_code == 401


def test_guessing_keys_is_counted(http: TestClient) -> None:
    found = [http.get("/v1/mine", headers={"Authorization": f"Bearer gyk_{n}"}).status_code for n in range(22)]
    assert found == [401] * 20 + [429] * 2


def test_with_a_session_a_change_needs_its_form_token(store: Store, http: TestClient) -> None:
    token = session(store, http)
    assert http.post("/v1/mine").status_code == 403
    assert http.post("/v1/mine", headers={"X-CSRF-Token": token[:-1]}).status_code == 403
    assert http.post("/v1/mine", headers={"X-CSRF-Token": token}).status_code == 200
    assert http.post("/v1/mine", data={"csrf": token}).status_code == 200
    assert http.post("/v1/mine", files={"roster": ("a.csv", b"x"), "csrf": (None, token)}).status_code == 200
    assert http.post("/v1/mine", files={"roster": ("a.csv", b"x"), "csrf": ("f", token.encode())}).status_code == 403


@pytest.mark.parametrize(("role", "reached"), [("official", []), ("editor", ["/v1/edit"]), ("admin", ["/v1/edit", "/v1/admin"])])
def test_a_role_reaches_as_far_as_it_says(store: Store, http: TestClient, role: str, reached: list[str]) -> None:
    headers = key(store, role)
    assert [path for path in ("/v1/edit", "/v1/admin") if http.get(path, headers=headers).status_code == 200] == reached


def test_who_may_see_whom() -> None:
    county, city, province, country = (SignedIn(1, "a", "official", place) for place in ("140932", "1409", "14", ""))
    assert [county.sees(p) for p in ("140932", "140932101", "140930", "1409", "14", "", None)] == [
        True,
        True,
        False,
        False,
        False,
        False,
        False,
    ]
    assert [city.sees(p) for p in ("140932", "1409", "1401", None)] == [True, True, False, False]
    assert [province.sees(p) for p in ("140932", "14", "13", None)] == [True, True, False, True]
    assert country.sees("130000")
