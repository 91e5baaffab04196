"""The catalogue looked after and the gap report, in a real browser before the real service: readable by everyone, on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts import users
from app.clock import today
from app.insight import counts
from app.insight.gather import month
from app.main import create_app
from app.settings import Settings
from app.store import Store
from tests.journeys.chat import violations
from tests.journeys.conftest import DESK, PHONE, Opens
from tests.journeys.test_counter import PASSWORD, sign_in
from tests.widget.fake import served

LOAN = "startup-guarantee-loan-individual"
PAGES = {
    "gaps": "/console/gaps",
    "catalogue": "/console/catalogue?q=贷款",
    "care": "/console/catalogue/care",
    "measure": f"/console/catalogue/measure/{LOAN}",
    "windows": "/console/catalogue/windows?place=盐湖区",
    "proposal": "/console/catalogue/proposal",
}
COUNTS = {
    ("140932", "people", ""): 31, ("140930", "people", ""): 12, ("140932", "asked", "funding"): 24, ("140930", "asked", "funding"): 9,
    ("140932", "matched", "funding"): 18, ("140932", "unmet", "funding"): 6, ("140932", "asked", "children_education"): 11,
    ("140932", "blocked", f"{LOAN} registered"): 14, ("140932", "gap", "single-parent-startup"): 6, ("140932", "rumour", f"{LOAN} wrong"): 8,
    ("140932", "roster", ""): 400, ("140932", "roster_eligible", LOAN): 120, ("140932", "roster_one_step", LOAN): 36,
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real service with an editor of the province and some counts; gives its address."""
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('care') / 'guiyan.sqlite'}", reload_seconds=0))
    store: Store = app.state.desk.store
    with store.writing() as db:
        users.add(db, "editor", "editor", "14", PASSWORD)
        counts.add(db, month(today()), COUNTS)
        for _ in range(counts.ENOUGH):
            counts.add_words(db, b"key", month(today()), ["打谷场"])
    with served(app, lifespan="on") as base:
        yield base


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def at(request: pytest.FixtureRequest, context: Opens, desk: str) -> Page:
    page = context(request.param, bypass_csp=True).new_page()
    sign_in(page, desk, "editor")
    return page


def test_axe_finds_nothing_and_nothing_runs_over_the_edge(at: Page, desk: str) -> None:
    size = at.viewport_size
    assert size
    shots, found = os.environ.get("GUIYAN_SHOTS"), {}
    for name, path in PAGES.items():
        at.goto(desk + path)
        found[name] = violations(at)
        found[f"{name} wide"] = [] if at.evaluate("document.documentElement.scrollWidth <= innerWidth") else ["the page scrolls sideways"]
        if shots:
            at.screenshot(path=Path(shots) / f"{name}-{size['width']}.png", full_page=True)
    assert not {name: v for name, v in found.items() if v}


def test_an_editor_confirms_a_figure_and_sees_it_in_the_history_and_in_public(at: Page, desk: str) -> None:
    at.goto(desk + "/console/catalogue/measure/shanxi-rent-subsidy")
    at.get_by_label("核实什么").select_option("figure yearly")
    at.get_by_label("改成多少").fill("2600元")
    at.get_by_label("从哪天起").fill("2026-01-01")
    at.get_by_label("文件名称或文号").fill("晋人社厅发〔2026〕9号")
    at.get_by_label("哪个单位核实的").fill("山西省人社厅")
    at.get_by_label("哪天核实的").fill(today().isoformat())
    at.get_by_role("button", name="记下").click()
    expect(at.get_by_role("status").first).to_contain_text("记下了")
    expect(at.locator("#kept + ul")).to_contain_text("2600")
    expect(at.locator("section[aria-labelledby=figures]")).to_contain_text("山西省人社厅")
    at.goto(desk + "/m/shanxi-rent-subsidy")
    expect(at.locator("main, body").first).to_contain_text("2600元")
