"""An official at the counter, in a real browser before the real service: by keyboard alone, in under a minute, and on paper."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.accounts import users
from app.main import create_app
from app.settings import Settings
from app.store import Store
from tests.journeys.chat import answered, menu, say, violations
from tests.journeys.conftest import DESK, PHONE, Opens
from tests.widget.fake import served

PASSWORD = "correct horse battery"
MINUTE_S = 60.0
WATCH = """() => { window.took = []; let from = 0;
  document.addEventListener('htmx:config:request', () => { from = performance.now(); });
  document.addEventListener('htmx:after:swap', () => took.push(performance.now() - from)); }"""
"""Measures every change, from the moment the page has it until the new verdicts stand there."""
PRINTS = "window.printed = 0; window.print = () => { window.printed += 1; };"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real service with three officials; gives its address."""
    database = tmp_path_factory.mktemp("counter") / "guiyan.sqlite"
    app = create_app(Settings(database_url=f"sqlite:///{database}", reload_seconds=0))
    store: Store = app.state.desk.store
    with store.writing() as db:
        users.add(db, "pianguan", "official", "140932", PASSWORD)
        users.add(db, "province", "admin", "14", PASSWORD)
    with served(app, lifespan="on") as base:
        yield base


def sign_in(page: Page, base: str, name: str = "pianguan") -> None:
    """By keyboard alone: the name field has the focus."""
    page.goto(base + "/console")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/counter", timeout=30_000)
    at_the_text(page)


def at_the_text(page: Page) -> None:
    """Keys are pressed only when the page holds the focus where it puts it: before that they go nowhere."""
    page.wait_for_load_state("load")
    expect(page.locator("#text")).to_be_focused()


def person(page: Page) -> None:
    """The page of a person, ready for keys."""
    page.wait_for_selector("#live")
    at_the_text(page)


def until(page: Page, what: str) -> None:
    """Waits for something to be true on the page; its policy forbids the page itself to be asked in words."""
    end = time.monotonic() + 30
    while not page.evaluate(what):
        assert time.monotonic() < end, f"never: {what}"
        page.wait_for_timeout(5)


def swapped(page: Page, count: int) -> None:
    until(page, f"took.length >= {count}")


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page, in millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(float(w) * 25.4 / 72, float(h) * 25.4 / 72) for w, h in boxes]


def test_from_the_first_fact_to_the_printed_card_in_under_a_minute_by_keyboard_alone(desk: str, context: Opens) -> None:
    page = context(DESK).new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.add_init_script(PRINTS)
    sign_in(page, desk)
    started = time.monotonic()
    page.keyboard.type("偏关人，38岁，农村户口，想回来养羊，差二十万", delay=60)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/counter/\d+/0"))
    person(page)
    page.evaluate(WATCH)
    for number in range(1, 6):
        if page.locator("#asked").count() == 0:
            break
        page.keyboard.press("Alt+1")
        if page.evaluate("document.activeElement.id") == "answer":
            page.keyboard.type("2", delay=60)
            page.keyboard.press("Enter")
        swapped(page, number)
    page.keyboard.press("Alt+p")
    page.wait_for_url("**/card")
    expect(page.locator(".card .item").first).to_be_visible()
    page.keyboard.press("Alt+p")
    until(page, "printed === 1")
    seconds = time.monotonic() - started
    print(f"\nfrom the first fact to the printed card: {seconds:.1f} s")
    assert seconds < MINUTE_S
    assert not complaints, complaints


CHANGES = (
    ("#f-home_place", "偏关县"), ("#f-age", "38"), ("#f-funding_needed", "20万"), ("#f-children_count", "2"), ("#f-months_away", "三年"),
    ("#f-employees", "0"), ("#f-land_area_mu", "12"), ("#f-animals_kept", "60"), ("#f-income_per_head", "800"), ("#f-age", "39"),
)  # fmt: skip
CHOICES = (
    ("#f-hukou_type", "rural"),
    ("#f-sector", "livestock"),
    ("#f-veteran", "false"),
    ("#f-bad_credit", "false"),
    ("#f-disabled", "false"),
)


def test_verdicts_follow_every_change(desk: str, context: Opens) -> None:
    page = context(DESK).new_page()
    sign_in(page, desk)
    took = changed(page, desk)
    assert len(took) == len(CHANGES) + len(CHOICES)
    expect(page.locator("#live")).to_contain_text("39岁")


def changed(page: Page, base: str) -> list[float]:
    """A new person filled in field by field; how long each change took, in ms."""
    page.goto(base + "/console/counter")
    at_the_text(page)
    page.keyboard.press("Enter")
    person(page)
    page.evaluate(WATCH)
    page.keyboard.press("Alt+f")
    for count, (field, value) in enumerate(CHANGES, 1):
        page.locator(field).focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(value)
        page.keyboard.press("Tab")
        swapped(page, count)
    for count, (field, value) in enumerate(CHOICES, len(CHANGES) + 1):
        page.locator(field).select_option(value)
        swapped(page, count)
    found: list[float] = page.evaluate("took")
    return found


def test_what_the_county_answers_is_read_in_the_chat(desk: str, context: Opens) -> None:
    phone = context(PHONE).new_page()
    phone.goto(desk + "/")
    say(phone, "我是偏关的，38岁，想养羊")
    answered(phone, "我是偏关的，38岁，想养羊")
    menu(phone)
    phone.get_by_role("button", name="交给窗口").click()
    phone.get_by_role("button", name="同意，给我交接码").click()
    code = phone.locator(".sheet .code").inner_text()
    page = context(DESK).new_page()
    sign_in(page, desk)
    page.locator("#handover").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/inbox/\d+"))
    page.locator("textarea").fill("材料带齐，下周二上午来政务大厅三号窗口。")
    page.locator("form", has=page.locator("textarea")).locator("button").first.click()
    expect(page.locator("main")).to_contain_text("下周二上午")
    phone.reload()
    expect(phone.locator(".county")).to_contain_text("县里回您了")
    expect(phone.locator(".county")).to_contain_text("三号窗口")


def test_the_form_fills_in_as_the_person_talks(desk: str, context: Opens) -> None:
    page = context(DESK).new_page()
    sign_in(page, desk)
    page.keyboard.press("Enter")
    person(page)
    page.evaluate(WATCH)
    page.keyboard.type("我是偏关的，38岁")
    page.keyboard.press("Enter")
    swapped(page, 1)
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Alt+f")
    expect(page.locator("#f-home_place")).to_have_value("偏关县")
    expect(page.locator("#f-age")).to_have_value("38岁")
    page.locator(".chips button").first.press("Enter")
    swapped(page, 2)
    expect(page.locator(".chips li")).to_have_count(1)


def test_everything_is_reached_with_the_tab_key_and_nothing_holds_the_focus(desk: str, context: Opens) -> None:
    page = context(DESK).new_page()
    sign_in(page, desk)
    page.keyboard.type("我是偏关的，想养羊")
    page.keyboard.press("Enter")
    person(page)
    page.locator("body").evaluate("b => { document.activeElement.blur(); }")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => e.checkVisibility() && !e.disabled).length"
    )
    met = set()
    for _ in range(wanted + 30):
        page.keyboard.press("Tab")
        met.add(
            page.evaluate(
                "(() => { const a = document.activeElement; a.dataset.met = a.dataset.met || String(Math.random()); return a.dataset.met; })()"
            )
        )
    left = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => e.checkVisibility() && !e.disabled && !e.dataset.met).map(e => e.outerHTML.slice(0, 90))"
    )
    assert not left


def test_two_of_one_household_are_taken_as_tabs_and_printed_together(desk: str, context: Opens) -> None:
    page = context(DESK).new_page()
    sign_in(page, desk)
    page.keyboard.type("我是偏关的，38岁，想养羊")
    page.keyboard.press("Enter")
    person(page)
    page.keyboard.press("Alt+j")
    expect(page.locator("#relation")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".tabs [aria-current]")).to_have_text("爱人")
    page.keyboard.type("我是偏关的，36岁")
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text("36岁")
    page.keyboard.press("Alt+a")
    expect(page.locator(".card")).to_have_count(2)


def test_the_card_is_a5_on_paper_and_nothing_of_the_console_is_printed(desk: str, context: Opens) -> None:
    page = context(DESK).new_page()
    sign_in(page, desk)
    page.keyboard.type("偏关人，38岁，农村户口，想回来养羊，差二十万")
    page.keyboard.press("Enter")
    person(page)
    page.keyboard.press("Alt+p")
    expect(page.locator(".card .qr")).to_be_visible()
    sizes = pages_of(page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sizes) <= 6
    assert all((abs(w - 148) < 1, abs(h - 210) < 1) == (True, True) for w, h in sizes)
    page.emulate_media(media="print")
    for part in ("header", "footer", ".noprint"):
        expect(page.locator(part).first).to_be_hidden()
    big = page.locator(".card p").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert big >= 18, "14 points or more"


def look(page: Page, base: str) -> Iterator[str]:
    """Every page of the console, one after the other; gives a name for each."""
    page.goto(base + "/console/sign-in")
    yield "sign-in"
    sign_in(page, base, "province")
    yield "counter"
    page.keyboard.type("偏关人，38岁，农村户口，想回来养羊，差二十万")
    page.keyboard.press("Enter")
    person(page)
    yield "person"
    page.keyboard.press("Alt+f")
    yield "form"
    page.goto(page.url + "/card")
    yield "card"
    page.goto(base + "/console/inbox")
    yield "inbox"
    page.goto(base + _handed_over(page, base))
    yield "item"
    page.goto(base + "/console/audit")
    yield "audit"
    page.goto(base + "/console/inbox/999999")
    yield "refused"


def _handed_over(page: Page, base: str) -> str:
    """A worker's handover, taken; the address of its page."""
    api = page.request
    opened = api.post(base + "/v1/conversations", data={}).json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    facts: dict[str, Any] = {"home_place": "偏关县", "age": 38, "needs": {"funding": True}, "sector": "livestock"}
    api.patch(f"{base}/v1/conversations/{opened['id']}/profile", data={"facts": facts}, headers=headers)
    code = api.post(f"{base}/v1/conversations/{opened['id']}/handover", data={"consent": True}, headers=headers).json()["code"]
    page.locator("#handover").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/inbox/\d+"))
    return page.url.removeprefix(base)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(desk: str, context: Opens, size: tuple[int, int]) -> None:
    page = context(size, bypass_csp=True).new_page()
    found: dict[str, object] = {}
    for name in look(page, desk):
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong = [*violations(page), *([f"{wide} px too wide"] if wide > 0 else [])]
        if wrong:
            found[name] = wrong
    assert not found


def test_a_worker_hands_over_by_a_code_and_the_official_sees_what_the_worker_was_told(desk: str, context: Opens) -> None:
    phone = context(PHONE).new_page()
    phone.goto(desk + "/")
    expect(phone.locator(".says")).not_to_have_count(0)
    phone.locator("textarea[enterkeyhint]").fill("我是偏关的，38岁，想养羊")
    phone.keyboard.press("Enter")
    expect(phone.locator(".says")).to_have_count(2)
    phone.get_by_role("button", name="菜单").click()
    phone.get_by_role("button", name="交给窗口").click()
    expect(phone.locator(".sheet")).to_contain_text("看不到您说过的话")
    told = phone.locator(".sheet li").all_inner_texts()
    assert "老家：偏关县" in told
    phone.get_by_role("button", name="同意，给我交接码").click()
    code = phone.locator(".sheet .code").inner_text()
    page = context(DESK).new_page()
    sign_in(page, desk)
    page.keyboard.press("Alt+j")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/inbox/\d+"))
    seen = [text.replace("\xa0", "").strip() for text in page.locator(".chips li").all_inner_texts()]
    assert sorted(seen) == sorted(told)
    phone.get_by_role("button", name="关上").click()
    phone.get_by_role("button", name="菜单").click()
    phone.get_by_role("button", name="交给窗口").click()
    phone.get_by_role("button", name="收回").click()
    expect(phone.get_by_role("button", name="收回")).to_have_count(0)
    page.reload()
    expect(page.locator("main")).to_contain_text("本人已经收回同意")
