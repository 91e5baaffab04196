"""Single sign-on: off unless it is set, plain when a package is missing, and otherwise through a directory over real HTTP."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts import users
from app.accounts.oidc import Directory, DirectoryError, Errand
from app.clock import now
from app.main import create_app
from app.settings import Settings
from tests.accounts.directory import FakeDirectory, directory, query

INSTALLED = importlib.util.find_spec("authlib") is not None
BACK = "/console/sign-in/oidc/back"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """The service without single sign-on."""
    return TestClient(
        create_app(
            Settings(
                rate_signin="10000/minute", database_url=f"sqlite:///{tmp_path_factory.mktemp('plain') / 'g.sqlite'}", reload_seconds=0
            )
        )
    )


@contextmanager
def told(client: TestClient, settings: Settings) -> Iterator[None]:
    """The service with other settings for a while."""
    state: Any = client.app.state  # type: ignore[attr-defined]
    before, state.settings = state.settings, settings
    yield
    state.settings = before


def test_where_it_is_not_set_nothing_offers_it(plain: TestClient) -> None:
    assert "统一账号" not in plain.get("/console/sign-in").text
    assert plain.get("/console/sign-in/oidc").status_code == 404


def test_without_the_optional_packages_it_says_what_to_install(plain: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "authlib.oidc.core", None)
    asked = Settings(oidc_issuer="https://sso.example", oidc_client="guiyan")
    with pytest.raises(DirectoryError, match=r"pip install 'guiyan\[oidc\]'"):
        Directory.of(asked)
    with told(plain, asked):
        assert "用单位的统一账号登录" in plain.get("/console/sign-in").text
        answer = plain.get("/console/sign-in/oidc")
    assert answer.status_code == 503
    assert "guiyan[oidc]" in answer.text


@pytest.mark.parametrize("cookie", ["", "a", "a.b", "..", "a.b.c.d"])
def test_nobody_comes_back_who_has_not_left(plain: TestClient, cookie: str) -> None:
    plain.cookies.set("guiyan_errand", cookie)
    assert plain.get(BACK, params={"code": "x", "state": "a"}).status_code == 403
    plain.cookies.clear()


def test_what_is_remembered_comes_back_from_the_cookie() -> None:
    errand = Errand.new()
    assert Errand.read(str(errand)) == errand


if INSTALLED:  # the optional packages `guiyan[oidc]`

    @pytest.fixture(scope="module")
    def sso() -> Iterator[FakeDirectory]:
        jwk, jwt = importlib.import_module("joserfc.jwk"), importlib.import_module("joserfc.jwt")
        key = jwk.RSAKey.generate_key(2048, {"kid": "one"}, private=True)
        with directory(key, lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)) as found:
            yield found

    @pytest.fixture
    def browser(plain: TestClient, sso: FakeDirectory) -> Iterator[TestClient]:
        """Somebody before a service that asks the directory, which knows them as `u-1`."""
        at = int(now().timestamp())
        sso.claims, sso.named = {"iss": sso.issuer, "aud": "guiyan", "sub": "u-1", "iat": at, "exp": at + 300}, ""
        with plain.app.state.desk.store.writing() as db:  # type: ignore[attr-defined]
            if users.by_name(db, "wang.sso") is None:
                users.add(db, "wang.sso", "official", "140932", subject="u-1")
        plain.cookies.clear()
        with told(plain, Settings(oidc_issuer=sso.issuer, oidc_client="guiyan")):
            yield plain
        plain.cookies.clear()

    def leave(browser: TestClient, sso: FakeDirectory) -> dict[str, str]:
        answer = browser.get("/console/sign-in/oidc", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        asked = query(answer.headers["location"])
        sso.nonce = asked["nonce"]
        return asked

    def come_back(browser: TestClient, asked: dict[str, str]) -> Any:
        return browser.get(BACK, params={"code": "abc", "state": asked["state"]}, follow_redirects=False)

    def test_somebody_the_directory_knows_and_who_has_an_account_gets_in(browser: TestClient, sso: FakeDirectory) -> None:
        asked = leave(browser, sso)
        assert asked["code_challenge_method"] == "S256"
        answer = come_back(browser, asked)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/counter")
        assert "wang.sso" in browser.get("/console/counter").text
        assert sso.asked[-1]["code_verifier"], "the proof that it was us who left"

    def test_somebody_without_an_account_stays_out(browser: TestClient, sso: FakeDirectory) -> None:
        sso.claims["sub"] = "u-2"
        answer = come_back(browser, leave(browser, sso))
        assert answer.status_code == 403
        assert "还没有给您开账号" in answer.text

    @pytest.mark.parametrize(
        "bent", [{"iss": "https://other"}, {"aud": "other"}, {"exp": 1}, {"nonce": "other"}, {"sub": ""}, {"sub": None}], ids=str
    )
    def test_a_token_of_which_anything_does_not_hold_is_refused(browser: TestClient, sso: FakeDirectory, bent: dict[str, Any]) -> None:
        asked = leave(browser, sso)
        sso.claims |= bent
        assert come_back(browser, asked).status_code == 502

    def test_a_state_of_another_browser_is_refused(browser: TestClient, sso: FakeDirectory) -> None:
        leave(browser, sso)
        assert come_back(browser, {"state": "other"}).status_code == 403

    def test_a_token_of_another_signer_is_refused(browser: TestClient, sso: FakeDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
        jwk = importlib.import_module("joserfc.jwk")
        asked = leave(browser, sso)
        other = jwk.RSAKey.generate_key(2048, {"kid": "one"}, private=True)
        monkeypatch.setattr(sso.key, "as_dict", lambda **_: other.as_dict(private=False))
        assert come_back(browser, asked).status_code == 502

    def test_a_directory_that_names_another_issuer_is_refused(browser: TestClient, sso: FakeDirectory) -> None:
        sso.named = "https://other"
        assert browser.get("/console/sign-in/oidc", follow_redirects=False).status_code == 502

    def test_an_address_without_encryption_is_refused() -> None:
        with pytest.raises(DirectoryError, match="https"):
            Directory.of(Settings(oidc_issuer="http://sso.example"))

    def test_a_directory_that_is_silent_is_said_to_be(browser: TestClient) -> None:
        with told(browser, Settings(oidc_issuer="http://127.0.0.1:9", oidc_client="guiyan")):
            answer = browser.get("/console/sign-in/oidc", follow_redirects=False)
        assert answer.status_code == 502
        assert "用名字和密码" in answer.text
