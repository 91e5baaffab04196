"""The printed pages in a real browser: nothing for axe to find, nothing loaded from anywhere, one card a page of A5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.screening.pages import HEADERS, cards_page, summary_page
from app.screening.words import RosterWords
from tests.journeys.chat import violations
from tests.screening.rosters import TODAY, World, csv_text, screened

SIZES = ((360, 740), (1280, 800))
HEADS = ("姓名", "年龄", "户口类型", "老家", "行业", "经营主体", "创业培训", "首次创业")
ROWS = (
    ("张三", "三十五", "农村", "偏关县", "养鱼", "未登记", "否", "是"),
    ("李四", "28", "城镇", "静乐县", "电商", "个体户", "是", "是"),
    ("王五", "", "", "", "", "", "", ""),
)


@pytest.fixture(scope="module")
def pages(world: World, words: RosterWords, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    finished, summary = screened(csv_text(HEADS, *ROWS).encode(), world, words, tmp_path_factory.mktemp("pages"))
    cards, _ = cards_page(finished, world.on(TODAY), TODAY, "https://guiyan.example", None, 10)
    return {"cards": cards, "summary": summary_page(finished, summary.body)}


@pytest.fixture
def show(browser: Browser, pages: dict[str, str]) -> Iterator[object]:
    opened = []

    def open_(name: str, size: tuple[int, int] = SIZES[1], *, bypass: bool = False) -> tuple[Page, list[str]]:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, bypass_csp=bypass)
        opened.append(context)
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        page.route(
            re.compile(".*"), lambda route: route.fulfill(body=pages[name], headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"})
        )
        page.goto(f"http://roster.test/{name}")
        return page, said

    yield open_
    for context in opened:
        context.close()


@pytest.mark.parametrize("name", ["cards", "summary"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(show, name: str, size: tuple[int, int], tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page, _ = show(name, size, bypass=True)
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=tmp_path / f"{name}-{size[0]}.png", full_page=True)


@pytest.mark.parametrize("name", ["cards", "summary"])
def test_the_policy_lets_the_page_look_as_it_should(show, name: str) -> None:  # type: ignore[no-untyped-def]
    page, said = show(name)
    assert not said
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"


def test_each_card_is_one_page_of_a5(show, pages: dict[str, str], tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page, _ = show("cards")
    path = tmp_path / "cards.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    body = path.read_bytes()
    sheets = len(re.findall(rb"/Type\s*/Page\b", body))
    assert sheets == pages["cards"].count('class="card"') == 3
    width, height = map(float, re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", body)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (148, 210)
