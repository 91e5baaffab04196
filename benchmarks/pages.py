"""What people wait for in the browser (Debian's Chromium): the chat on a slow line, the verdicts at the counter, a card from the first word."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time

from playwright.sync_api import Browser, sync_playwright

from app.accounts import users
from app.main import create_app
from app.settings import Settings
from benchmarks.people import row
from tests.journeys.chat import first_bytes, slow
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_counter import PASSWORD, changed, sign_in
from tests.widget.fake import served

ROUNDS = 7


def _usable(browser: Browser, base: str, size: tuple[int, int]) -> tuple[float, int]:
    """Milliseconds and bytes until the first words of the chat stand there, with nothing kept from before."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    slow(page)
    page.goto(base, wait_until="commit")
    page.locator(".says").first.wait_for()
    found = float(page.evaluate("performance.now()")), first_bytes(page)
    context.close()
    return found


def _counter(browser: Browser, base: str) -> None:
    page = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}).new_page()
    sign_in(page, base)
    took = [ms for _ in range(3) for ms in changed(page, base)]
    row("counter: new verdicts after a change", f"median {statistics.median(took):.0f} ms", f"slowest {max(took):.0f} ms of {len(took)}")
    page.goto(base + "/console/counter")
    begun = time.perf_counter()
    page.keyboard.type("偏关人，38岁，农村户口，想回来养羊，差二十万", delay=60)
    page.keyboard.press("Enter")
    page.wait_for_selector("#live")
    page.keyboard.press("Alt+p")
    page.locator(".card .item").first.wait_for()
    row("counter: first letter to the card on the screen", f"{time.perf_counter() - begun:.1f} s", "typed at 60 ms a sign")


def run() -> None:
    path = shutil.which("chromium")
    print(f"Pages: medians of {ROUNDS} openings on a line of 100 kbit/s with 100 ms delay; server and browser on the same cores")
    if path is None:
        print("not measured: no browser (apt-get install chromium)")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/pages.sqlite", reload_seconds=0))
        with app.state.desk.store.writing() as db:
            users.add(db, "pianguan", "official", "140932", PASSWORD)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with served(app, lifespan="on") as base:
            for what, size in (("phone", PHONE), ("desk", DESK)):
                found = [_usable(browser, base, size) for _ in range(ROUNDS)]
                ms = sorted(m for m, _ in found)
                row(f"chat usable, {what}", f"{statistics.median(ms):.0f} ms", f"slowest {ms[-1]:.0f} ms, {found[0][1]:,} bytes")
            _counter(browser, base)
        browser.close()
