"""The people this is for, from their first sentence to the right measures, in a real browser before the real service.

The line is slow (100 kbit/s), it breaks in mid-message, the page is loaded anew in between: nothing is lost or said twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from app.catalog import Catalog
from app.matching.day import Day
from app.matching.match import match
from app.matching.profile import parse_profile
from tests.conftest import TODAY
from tests.journeys.chat import FIRST_BYTES, answered, enter, first_bytes, menu, say, shut, slow, violations
from tests.journeys.conftest import DESK, PHONE, Opens

PEOPLE: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "people.yaml").read_text(encoding="utf-8"))
NAMES = [person["id"] for person in PEOPLE]
SIZES = {"phone": PHONE, "desk": DESK}
MOST_QUESTIONS = 14
DONT_KNOW, RIGHT = "不知道", "对"
KEPT = "() => JSON.parse(localStorage.getItem(Object.keys(localStorage).find(k => k.startsWith('guiyan:'))))"
READ = "async k => (await fetch('/v1/conversations/' + k.id, {headers: {Authorization: 'Bearer ' + k.token}})).json()"


def transcript(page: Page) -> dict[str, Any]:
    """The conversation as the service keeps it."""
    found: dict[str, Any] = page.evaluate(READ, page.evaluate(KEPT))
    return found


def on_page(page: Page) -> set[str]:
    """Ids of the measures that the conversation shows."""
    found: list[str] = page.locator(".log [data-measure]").evaluate_all("all => all.map(e => e.dataset.measure)")
    return set(found)


def last_turn(page: Page) -> Locator:
    return page.locator(".turn").last


def asked(page: Page) -> str | None:
    """The fact that the last answer asks for."""
    question = last_turn(page).locator(".ask[data-fact]")
    return question.last.get_attribute("data-fact") if question.count() else None


def tell(page: Page, words: str) -> None:
    """Says something and waits for its answer."""
    before = page.locator(".turn").count()
    say(page, words)
    expect(page.locator(".turn")).to_have_count(before + 1)
    expect(last_turn(page).locator(".says")).to_have_count(1)


def next_words(page: Page, person: Mapping[str, Any]) -> str | None:
    """What the person says next: the answer to the question, or yes to a guess; None when nothing is asked."""
    fact = asked(page)
    if fact is not None:
        return str(person["answers"].get(fact, DONT_KNOW))
    right = last_turn(page).locator(".quick button:not([aria-disabled])", has_text=re.compile(f"^{RIGHT}$"))
    return RIGHT if right.count() else None


def answer_on(page: Page, person: Mapping[str, Any]) -> None:
    """Answers question after question until the expected measures are there; then asks for the whole list."""
    for _ in range(MOST_QUESTIONS):
        words = next_words(page, person)
        if words is None or set(person["expect"]) <= on_page(page):
            break
        tell(page, words)
    if not set(person["expect"]) <= on_page(page):
        tell(page, "都有啥")


def misheard(page: Page, person: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that the service holds for certain and that are not so, as far as the person's profile tells."""
    wrong = {}
    for held in transcript(page)["profile"]["facts"]:
        name, _, option = held["fact"].partition(".")
        true = person["profile"].get(name)
        if held["certainty"] != "stated" or true is None or (option and option not in true):
            continue
        true = true[option] if option else true
        near = held["low"] is not None and held["high"] is not None and held["low"] <= true <= held["high"]
        if held["value"] != true and not near:
            wrong[held["fact"]] = (held["value"], held["quote"])
    return wrong


@pytest.mark.parametrize("person", PEOPLE, ids=NAMES)
def test_what_is_expected_is_open_to_such_a_person(person: dict[str, Any], day: Day, catalog: Catalog) -> None:
    found = match(day, parse_profile(person["profile"], catalog), TODAY)
    verdicts = {v.id: v.verdict for v in found.found}
    assert {name: verdicts.get(name) for name in person["expect"]} == dict.fromkeys(person["expect"], "eligible")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("person", PEOPLE, ids=NAMES)
def test_a_person_comes_to_the_right_measures(live: str, context: Opens, person: dict[str, Any], size: tuple[int, int]) -> None:
    page = context(size, bypass_csp=True).new_page()
    line = slow(page)
    page.goto(live, wait_until="commit")
    expect(page.locator(".says").first).to_be_visible()
    assert 0 < first_bytes(page) <= FIRST_BYTES

    line(offline=True)
    say(page, person["opening"])
    expect(page.locator(".sent")).to_contain_text("还没发出去")
    line(offline=False)
    answered(page, person["opening"])
    page.reload()
    answered(page, person["opening"])

    if not page.locator(".log article.card").count() and (words := next_words(page, person)):
        tell(page, words)
    assert page.locator(".log article.card").count(), "no useful answer after one question"

    answer_on(page, person)
    assert set(person["expect"]) <= on_page(page)
    assert not misheard(page, person)
    said = [m["text"] for m in transcript(page)["messages"] if m["text"]]
    assert said.count(person["opening"]) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not violations(page)


def test_the_real_service_takes_corrections_judgements_codes_and_deletion(live: str, context: Opens) -> None:
    page = context().new_page()
    enter(page, live)
    page.locator(".quick button").first.click()
    tell(page, "我老家是偏关的")
    page.locator(".strip button").click()
    page.locator(".sheet .chip", has_text="偏关").click()
    page.locator(".sheet input").fill("代县")
    page.get_by_role("button", name="改成这个").click()
    expect(page.locator(".sheet")).to_have_count(0)
    assert {f["fact"]: f["value"] for f in transcript(page)["profile"]["facts"]}["home_place"] == "代县"

    with page.expect_response("**/feedback") as told:
        page.get_by_role("button", name="明白了").last.click()
    assert told.value.status == 204

    menu(page)
    code = page.locator(".code").inner_text()
    shut(page)
    other = context().new_page()
    enter(other, live)
    menu(other)
    other.locator(".sheet input").fill(code.lower())
    other.get_by_role("button", name="接上").click()
    answered(other, "我老家是偏关的")

    menu(other)
    other.get_by_role("button", name="删掉我的信息").click()
    other.locator(".sheet").get_by_role("button", name="删掉", exact=True).click()
    expect(other.locator(".log")).to_contain_text("都删掉了")
    say(page, "还在吗")
    expect(page.locator(".notice")).to_contain_text("找不到了")
    answered(page, "还在吗")


def test_the_real_service_answers_in_english(live: str, context: Opens) -> None:
    page = context().new_page()
    enter(page, live, "/?lang=en")
    tell(page, "I want to raise fish and need a loan")
    assert not re.search(r"[一-鿿]", last_turn(page).inner_text())
    expect(page.locator(".bar h1")).to_have_text("Guiyan")


@pytest.mark.parametrize("text", ["<img src=x onerror='window.hit=1'>", "\u202e\u0007\ufeff\u200d🐟" * 30, "9" * 1000, "你" * 4000])
def test_strange_messages_are_answered_and_nothing_is_run(live: str, context: Opens, text: str) -> None:
    page = context().new_page()
    enter(page, live)
    tell(page, text)
    assert page.evaluate("window.hit") is None
    assert page.locator(".log img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
