"""A roster sent by an official, in a real browser before the real service: by keyboard alone, to its results; readable on a phone and on a desk."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts import users
from app.main import create_app
from app.screening.jobs import Jobs
from app.settings import Settings
from app.store import Store
from tests.journeys.chat import violations
from tests.journeys.conftest import DESK, PHONE, Opens
from tests.journeys.test_counter import PASSWORD, sign_in
from tests.screening.rosters import GOOD_ID, WOMAN_ID, csv_text, xlsx
from tests.widget.fake import served

HEAD = ("姓名", "身份证号码", "户籍所在地址", "年龄", "行业", "返乡时间", "资金需求(万元)", "是否建档立卡户", "村里的叫法", "备注")
PEOPLE = (
    ("张建国", GOOD_ID, "偏关县", 38, "养鱼", "去年腊月", 20, "是", "老三", None), ("李秀英", WOMAN_ID, "静乐县", "三十六", "养羊", "2019年3月", 10, "√", "", "想看政策"),
    ("王大海", "140932198803151230", "偏关县", "四十来岁吧可能", "看不懂的行当", "还没回", "二十来万", "否", "", None),
    ("赵小花", None, "太原市小店区", 29, "开网店", "半年前", None, None, "", None),
)  # fmt: skip
LIMIT = 9_000_000
WAIT_MS = 60_000
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store, Jobs]]:
    """The real service, where it listens, its database, its rosters."""
    folder = tmp_path_factory.mktemp("rosters")
    app = create_app(Settings(database_url=f"sqlite:///{folder / 'guiyan.sqlite'}", reload_seconds=0, screening_max_bytes=LIMIT))
    with served(app, lifespan="on") as base:
        yield base, app.state.desk.store, app.state.screenings


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def at(request: pytest.FixtureRequest, context: Opens, service: tuple[str, Store, Jobs]) -> Page:
    """A page of an official of their own, on a phone and on a desk."""
    base, store, _ = service
    name = f"official.{next(NUMBERS)}"
    with store.writing() as db:
        users.add(db, name, "official", "140932", PASSWORD)
    page = context(request.param, bypass_csp=True).new_page()
    page.on("filechooser", lambda _: None)  # from here on no window of the system's own is opened
    sign_in(page, base, name)
    page.goto(base + "/console/rosters")
    return page


def roster(folder: Path, rows: int = 0) -> Path:
    """A roster as an office keeps one; with `rows` a long one whose columns are all known."""
    path = folder / ("long.csv" if rows else "roster.xlsx")
    if rows:
        path.write_text(csv_text(("姓名", "年龄", "老家"), *[(f"人{n}", 18 + n % 40, "偏关县") for n in range(rows)]), encoding="utf-8")
    else:
        path.write_bytes(xlsx(*[("偏关县返乡人员花名册",)], HEAD, *PEOPLE, sheets=[("说明", [("填表说明",)])]))
    return path


def choose(page: Page, path: Path) -> None:
    """A file chosen with the keyboard: the button is reached and pressed, the system's own window is answered."""
    page.locator("#file").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(path)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key never comes to {selector}")


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands; a picture of it where pictures are wanted."""
    size, shots = page.viewport_size, os.environ.get("GUIYAN_SHOTS")
    assert size
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if shots:
        page.screenshot(path=Path(shots) / f"rosters-{name}-{size['width']}.png", full_page=True)
    return [f"{name}: {what}" for what in [*violations(page), *([f"{wide} px too wide"] if wide > 0 else [])]]


def test_from_the_file_to_its_results_by_keyboard_alone(at: Page, tmp_path: Path) -> None:
    found = faults(at, "empty")
    choose(at, roster(tmp_path))
    tab_to(at, "form[enctype] button[type=submit]")
    at.keyboard.press("Enter")
    at.wait_for_url(re.compile(r"/console/rosters/\w+"))
    expect(at.get_by_role("heading", level=1)).to_have_text("花名册：等您认一认各列")
    expect(at.get_by_label("户籍所在地址")).to_have_value("home_place")
    found += faults(at, "columns")
    tab_to(at, "#c8")
    at.keyboard.press("Home")
    tab_to(at, "form[action$=columns] button")
    at.keyboard.press("Enter")
    expect(at.get_by_role("heading", level=1)).to_have_text("花名册：办好了", timeout=WAIT_MS)
    expect(at.locator("#counts")).to_have_text("一共4人")
    expect(at.locator(".problems")).to_contain_text("看不懂的行当")
    found += faults(at, "done")
    with at.expect_download() as sheet:
        tab_to(at, "a[href*='result.xlsx']")
        at.keyboard.press("Enter")
    assert sheet.value.path().stat().st_size > 5_000
    at.get_by_text("取完了，现在就删姓名和号码").press("Enter")
    expect(at.locator("#kept + p")).to_contain_text("已经删掉了")
    found += faults(at, "forgotten")
    at.get_by_role("link", name="← 花名册").press("Enter")
    expect(at.get_by_role("table")).to_contain_text("办好了")
    found += faults(at, "list")
    assert not found


def test_progress_moves_by_itself_and_a_long_roster_can_be_stopped(at: Page, tmp_path: Path) -> None:
    choose(at, roster(tmp_path, 300_000))
    at.get_by_role("button", name="传上来").press("Enter")
    at.wait_for_url(re.compile(r"/console/rosters/\w+"))
    bar = at.locator("progress")
    expect(bar).to_have_attribute("max", "300000")
    at.get_by_role("button", name="停下，把文件删掉").focus()
    expect(bar).not_to_have_attribute("value", "0", timeout=WAIT_MS)
    expect(at.get_by_role("button", name="停下，把文件删掉")).to_be_focused()
    found = faults(at, "running")
    at.keyboard.press("Enter")
    expect(at.get_by_role("heading", level=1)).to_have_text("花名册：停下了")
    expect(at.locator(".notice")).to_contain_text("文件已经删掉")
    found += faults(at, "cancelled")
    assert not found


def test_without_script_a_roster_comes_to_its_results_too(browser_without_script: Page, tmp_path: Path) -> None:
    page = browser_without_script
    page.locator("#file").set_input_files(roster(tmp_path, 20))
    page.get_by_role("button", name="传上来").click()
    page.wait_for_url(re.compile(r"/console/rosters/\w+"))
    for _ in range(100):
        if page.locator("#counts").count():
            break
        page.wait_for_timeout(200)
        page.get_by_role("link", name="再看一眼").click() if page.get_by_role("link", name="再看一眼").count() else page.reload()
    expect(page.locator("#counts")).to_have_text("一共20人")


@pytest.fixture
def browser_without_script(browser: object, service: tuple[str, Store, Jobs]) -> Iterator[Page]:
    base, store, _ = service
    name = f"plain.{next(NUMBERS)}"
    with store.writing() as db:
        users.add(db, name, "official", "140932", PASSWORD)
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(base + "/console/rosters")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/rosters")
    yield page
    context.close()


def test_what_cannot_be_used_is_told_where_it_was_sent(at: Page, tmp_path: Path, service: tuple[str, Store, Jobs]) -> None:
    photo, big = tmp_path / "花名册.xlsx", tmp_path / "big.csv"
    photo.write_bytes(b"\xff\xd8\xff\xe0jfif")
    big.write_bytes(b"x" * (LIMIT + 1))
    choose(at, photo)
    at.get_by_role("button", name="传上来").press("Enter")
    expect(at.get_by_role("alert")).to_contain_text("这是一张照片（jpg），不是表格")
    found = faults(at, "refused")
    choose(at, big)
    assert "文件太大了，最大8.6 MB" in str(at.locator("#file").evaluate("e => e.validationMessage")), "told before it is sent"
    at.goto(f"{service[0]}/console/rosters/{'0' * 32}")
    expect(at.get_by_role("alert")).to_contain_text("没有这份花名册")
    found += faults(at, "missing")
    assert not found


def test_a_file_over_the_limit_is_answered_with_a_page_even_without_script(browser_without_script: Page, tmp_path: Path) -> None:
    page, big = browser_without_script, tmp_path / "big.csv"
    big.write_bytes(b"x" * (LIMIT + LIMIT))
    page.locator("#file").set_input_files(big)
    page.get_by_role("button", name="传上来").click()
    expect(page.get_by_role("alert")).to_contain_text("太大了，最多8.6 MB")


def test_columns_that_cannot_be_and_a_roster_that_failed(at: Page, tmp_path: Path, service: tuple[str, Store, Jobs]) -> None:
    choose(at, roster(tmp_path))
    at.get_by_role("button", name="传上来").press("Enter")
    at.wait_for_url(re.compile(r"/console/rosters/\w+"))
    at.get_by_label("村里的叫法").select_option("age")
    at.get_by_role("button", name="就这样，开始算").press("Enter")
    expect(at.get_by_role("alert")).to_contain_text("不能都当成「年龄」")
    found = faults(at, "columns-wrong")
    at.get_by_label("村里的叫法").select_option("")
    (service[2].folder / re.findall(r"/rosters/(\w+)", at.url)[0] / "roster").unlink()
    at.get_by_role("button", name="就这样，开始算").press("Enter")
    expect(at.get_by_role("heading", level=1)).to_have_text("花名册：没有办成", timeout=WAIT_MS)
    found += faults(at, "failed")
    assert not found
