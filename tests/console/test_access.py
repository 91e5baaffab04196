"""Who may not: signed out, session over, wrong role, wrong place, a form from elsewhere. Each test begins there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from starlette.routing import Route

from app.clock import now
from app.console.pages import HEADERS
from app.store.official_tables import SESSION
from tests.console.office import HEQU, PIANGUAN, SHANXI, XINZHOU, Browser, Office

OPEN = {"/console/sign-in", "/console/static/{name:path}"}
"""What anybody may ask for."""


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every method and address of the console, of whatever room, with numbers put in."""
    for path, methods in addresses(app):
        if path.startswith("/console") and path not in OPEN and not path.startswith("/console/sign-in"):
            plain = path
            for name in ("key", "seq", "number"):
                plain = plain.replace("{" + name + "}", "1")
            yield from ((method, plain.replace("{", "").replace("}", "")) for method in sorted(methods - {"HEAD"}))


def addresses(app: FastAPI) -> Iterator[tuple[str, set[str]]]:
    for room in app.routes:
        for route in getattr(getattr(room, "original_router", None), "routes", [room]):
            if isinstance(route, Route):
                yield route.path, set(route.methods or ())


def sessions_seen(office: Office, **moments: dt.datetime) -> None:
    with office.store.writing() as db:
        db.execute(update(SESSION).values(**moments))


def household(browser: Browser, text: str = "") -> str:
    """A household opened; the address of its first person."""
    answer = browser.post("/console/counter", {"text": text})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def test_signed_out_every_page_leads_to_the_sign_in(office: Office) -> None:
    found = list(routes(office.app))
    assert len(found) > 12, found
    for method, path in found:
        answer = office.browser().http.request(method, path, follow_redirects=False)
        assert answer.status_code == 303, (method, path, answer.status_code)
        assert answer.headers["location"].startswith("/console/sign-in"), path


def test_signed_out_the_page_that_was_wanted_comes_after_signing_in(office: Office) -> None:
    assert office.browser().get("/console/inbox?all=1").headers["location"] == "/console/sign-in?next=%2Fconsole%2Finbox%3Fall%3D1"


def test_signed_out_a_part_of_a_page_takes_the_whole_page_to_the_sign_in(office: Office) -> None:
    answer = office.browser().http.post("/console/counter/1/0/fact", data={"fact": "age"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"], answer.text) == (401, "/console/sign-in?over=1", "")


def test_a_session_left_alone_for_an_hour_is_over(office: Office) -> None:
    browser = office.at_work()
    sessions_seen(office, seen_at=now() - dt.timedelta(minutes=61))
    assert browser.get("/console/counter").status_code == 303


def test_a_session_in_use_stays_open_but_not_for_more_than_twelve_hours(office: Office) -> None:
    browser = office.at_work()
    sessions_seen(office, seen_at=now() - dt.timedelta(minutes=59))
    assert browser.get("/console/counter").status_code == 200
    sessions_seen(office, created_at=now() - dt.timedelta(hours=13))
    assert browser.get("/console/counter").status_code == 303


def test_an_expired_session_changes_nothing(office: Office) -> None:
    browser = office.at_work()
    home = household(browser)
    sessions_seen(office, seen_at=now() - dt.timedelta(minutes=61))
    assert browser.post(f"{home}/fact", {"fact": "age", "value": "38"}).status_code == 303
    browser.sign_in(browser.name)
    assert "年龄：38" not in browser.get(home).text


def test_a_cookie_that_we_never_gave_opens_nothing(office: Office) -> None:
    for value in ("x", "0" * 43, "é" * 10, "a" * 5000):
        answer = office.browser().http.get(
            "/console/counter", headers={b"Cookie": f"guiyan_session={value}".encode()}, follow_redirects=False
        )
        assert answer.status_code == 303


@pytest.mark.parametrize("role", ["official", "editor"])
def test_the_wrong_role_is_told_which_role_it_takes(office: Office, role: str) -> None:
    answer = office.at_work(role).get("/console/audit")  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "管理员" in answer.text
    assert "/console/audit" not in office.at_work(role).get("/console/counter").text, "nor is it in the menu"  # type: ignore[arg-type]


def test_the_right_role_sees_the_page(office: Office) -> None:
    assert office.at_work("admin", SHANXI).get("/console/audit").status_code == 200


def test_another_countys_people_are_as_good_as_none(office: Office) -> None:
    ours = office.at_work(place=PIANGUAN)
    home = household(ours, "我是偏关的，想养羊")
    key = home.split("/")[3]
    theirs = office.at_work(place=HEQU)
    assert f"/console/counter/{key}/" not in theirs.get("/console/counter").text
    for path in (home, f"{home}/card", f"/console/counter/{key}/card"):
        answer = theirs.get(path)
        assert answer.status_code == 404, path
        assert "偏关" not in answer.text
    changes = {
        "say": {"text": "38岁"},
        "fact": {"fact": "age", "value": "38"},
        "pass": {"fact": "age"},
        "confirm": {"fact": "age", "value": "true"},
    }
    for path, data in [
        *((f"{home}/{word}", data) for word, data in changes.items()),
        (f"/console/counter/{key}/people", {"relation": "爱人"}),
        (f"/console/counter/{key}/done", {}),
    ]:
        assert theirs.post(path, data).status_code == 404, path
    assert "年龄" not in ours.get(home).text.split('id="known"')[1].split("</ul>")[0]


def test_the_city_sees_its_counties_and_a_county_not_its_city(office: Office) -> None:
    county, city = office.at_work(place=PIANGUAN), office.at_work(place=XINZHOU)
    assert city.get(household(county)).status_code == 200
    assert county.get(household(city)).status_code == 404


def test_a_household_that_is_not_there_reads_like_one_of_another_county(office: Office) -> None:
    ours, theirs = office.at_work(place=PIANGUAN), office.at_work(place=HEQU)
    there, not_there = theirs.get(household(ours)), theirs.get("/console/counter/999999/0")
    assert (there.status_code, there.text.count("没有这一户")) == (not_there.status_code, not_there.text.count("没有这一户")) == (404, 1)


def test_a_form_without_its_token_is_refused_and_changes_nothing(office: Office) -> None:
    browser = office.at_work()
    home = household(browser)
    other = office.at_work()
    for token in ("", "x" * 86, browser.token[:-1] + ("0" if browser.token[-1] != "0" else "1"), other.token):
        answer = browser.post(f"{home}/fact", {"fact": "age", "value": "38"}, token=token)
        assert answer.status_code == 403, token
        assert "什么也没有改" in answer.text
    assert "年龄：38" not in browser.get(home).text
    assert browser.post(f"{home}/fact", {"fact": "age", "value": "38"}).status_code == 200


def test_every_form_of_the_console_needs_its_token(office: Office) -> None:
    browser = office.at_work("admin", SHANXI)
    household(browser)
    tried = 0
    for method, path in routes(office.app):
        if method != "GET":
            answer = browser.http.request(method, path, data={"fact": "age", "status": "new"}, follow_redirects=False)
            assert answer.status_code == 403, (method, path, answer.status_code)
            tried += 1
    assert tried > 7


def test_a_token_may_come_in_the_header(office: Office) -> None:
    browser = office.at_work()
    home = household(browser)
    headers = {"X-CSRF-Token": browser.token, "HX-Request": "true"}
    assert browser.http.post(f"{home}/fact", data={"fact": "age", "value": "38"}, headers=headers).status_code == 200


def test_form_tokens_differ_from_page_to_page_and_stay_good(office: Office) -> None:
    browser = office.at_work()
    first = browser.token
    browser.get("/console/counter")
    assert browser.token != first
    assert browser.post("/console/counter", {"text": ""}, token=first).status_code == 303


def test_pages_let_nothing_in_from_elsewhere_and_are_kept_nowhere(office: Office) -> None:
    browser = office.at_work()
    for path in ("/console/counter", household(browser), "/console/inbox"):
        answer = browser.get(path)
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text
