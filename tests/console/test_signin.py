"""Signing in: slow to guess, quick to lock, the same for names that exist and names that do not."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from app.accounts import users
from app.clock import now
from app.store.official_tables import ACCOUNT, FAILURE, SESSION
from tests.console.office import PASSWORD, Browser, Office


def names_of(office: Office) -> list[str]:
    with office.store.reading() as db:
        return [r.name for r in users.everybody(db)]


def test_name_and_password_let_in_and_lead_to_the_page_that_was_wanted(office: Office) -> None:
    name = office.account()
    answer = office.browser().sign_in(name, then="/console/inbox?all=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/inbox?all=1")


def test_the_name_is_not_case_sensitive_and_blanks_do_not_matter(office: Office) -> None:
    assert office.browser().sign_in(f" {office.account().upper()} ").status_code == 303


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/console\\evil", "/console/sign-in", "/m/x", "javascript:alert(1)", "/console\n"]
)
def test_nobody_is_led_to_another_address_by_signing_in(office: Office, address: str) -> None:
    answer = office.browser().sign_in(office.account(), then=address)
    assert answer.headers["location"] == "/console/counter"


def test_a_wrong_password_and_an_unknown_name_read_alike(office: Office) -> None:
    known, unknown = (office.browser().sign_in(name, "wrong password") for name in (office.account(), "nobody.at.all"))
    assert known.status_code == unknown.status_code == 401
    assert "名字或者密码不对" in known.text
    assert "名字或者密码不对" in unknown.text


@pytest.mark.parametrize("exists", [True, False])
def test_five_wrong_passwords_lock_a_name_and_time_opens_it(office: Office, exists: bool) -> None:
    name = office.account() if exists else f"ghost.{len(names_of(office))}"
    browser = office.browser()
    tries = [browser.sign_in(name, "wrong password").status_code for _ in range(6)]
    assert tries == [401] * 5 + [429]
    right = browser.sign_in(name)
    assert right.status_code == 429, "not even the right password, until the time is over"
    assert "15分钟" in right.text
    with office.store.writing() as db:
        db.execute(update(FAILURE).values(at=now() - dt.timedelta(minutes=16)))
    assert browser.sign_in(name).status_code == (303 if exists else 401)


def test_getting_in_forgets_the_wrong_tries_before(office: Office) -> None:
    name, browser = office.account(), office.browser()
    for _ in range(3):
        assert [browser.sign_in(name, "wrong password").status_code for _ in range(4)] == [401] * 4
        assert browser.sign_in(name).status_code == 303


def test_wrong_tries_are_on_record_without_the_name_that_was_typed(office: Office) -> None:
    office.browser().sign_in("my-password-in-the-wrong-field", "x")
    assert ("signin_refused", "account unknown", None) in office.audited(action="signin_refused")
    assert not [line for line in office.audited() if "wrong-field" in str(line)]


def test_the_database_holds_no_token_and_no_password(office: Office) -> None:
    browser = office.at_work()
    token = browser.http.cookies["guiyan_session"]
    with office.store.reading() as db:
        rows = [*db.execute(select(SESSION)), *db.execute(select(ACCOUNT))]
    assert not [r for r in rows if token in str(r) or PASSWORD in str(r)]
    assert all(r.password_hash.startswith("$argon2id$") for r in rows if hasattr(r, "password_hash") and r.password_hash)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(office: Office) -> None:
    cookie = office.browser().sign_in(office.account()).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_signing_in_again_ends_the_session_before(office: Office) -> None:
    browser, name = office.browser(), office.account()
    browser.sign_in(name)
    before = browser.http.cookies["guiyan_session"]
    browser.sign_in(name)
    other = office.browser()
    other.http.cookies.set("guiyan_session", before)
    assert other.get("/console/counter").status_code == 303


def test_signing_out_ends_the_session_for_good(office: Office) -> None:
    browser = office.at_work()
    token = browser.http.cookies["guiyan_session"]
    assert browser.post("/console/sign-out").headers["location"] == "/console/sign-in"
    browser.http.cookies.set("guiyan_session", token)
    assert browser.get("/console/counter").status_code == 303


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_a_sign_in_that_another_site_sends_is_refused(office: Office, mark: str) -> None:
    browser, name = office.browser(), office.account()
    browser.get("/console/sign-in")
    answer = browser.http.post("/console/sign-in", data={"name": name, "password": PASSWORD, "mark": mark}, follow_redirects=False)
    assert answer.status_code == 403
    assert "guiyan_session" not in browser.http.cookies


def test_a_mark_of_another_browser_is_refused(office: Office) -> None:
    name = office.account()
    one, other = office.browser(), office.browser()
    stolen = one.get("/console/sign-in").text.split('name="mark" value="')[1].split('"')[0]
    other.get("/console/sign-in")
    answer = other.http.post("/console/sign-in", data={"name": name, "password": PASSWORD, "mark": stolen}, follow_redirects=False)
    assert answer.status_code == 403


def test_a_password_that_is_changed_ends_every_session(office: Office) -> None:
    browser = office.at_work()
    with office.store.writing() as db:
        found = users.existing(db, browser.name)
        users.set_password(db, found.id, found.name, "another good password")
    assert browser.get("/console/counter").status_code == 303
    assert office.browser().sign_in(browser.name).status_code == 401
    assert office.browser().sign_in(browser.name, "another good password").status_code == 303


def test_a_closed_account_is_out_at_once(office: Office) -> None:
    browser = office.at_work()
    with office.store.writing() as db:
        users.disable(db, users.existing(db, browser.name).id, now())
    assert browser.get("/console/counter").status_code == 303
    assert office.browser().sign_in(browser.name).status_code == 401


def test_many_tries_at_one_moment_are_all_counted(office: Office) -> None:
    """The try is counted before the password is looked at: a hundred at once get no more tries than one after another."""
    import threading

    name, found = office.account(), []
    browsers: list[Browser] = [office.browser() for _ in range(9)]
    threads = [threading.Thread(target=lambda b=b: found.append(b.sign_in(name, "wrong password").status_code)) for b in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [401] * 5 + [429] * 4
