"""The pages around the chat: strict policy, nothing inline, current and dated measures, cards that tell their age."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.catalog import Catalog
from app.matching.day import Day, Days
from app.settings import Settings
from app.widget import cards, routes
from app.widget.words import WORDS
from app.wording.answer import Voice, voice
from tests.conftest import TODAY
from tests.widget.fake import Shelf, World, make_app

LOAN, OTHER = "startup-guarantee-loan-individual", "shanxi-startup-guarantee-loan-individual"
PAGES = ("/", "/frame", "/embed", f"/m/{LOAN}", f"/m?ids={LOAN},{OTHER}")
SITE = "https://county.example"


@pytest.fixture
def app(catalog: Catalog, days: Days) -> FastAPI:
    return make_app(World(), Settings(embed_origins=SITE, public_url="https://guiyan.example"), Shelf(catalog, days))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def speaker(day: Day) -> Voice:
    return voice(day, "zh")


@pytest.mark.parametrize("path", [*PAGES, "/m/there-is-none"])
def test_a_page_allows_nothing_inline_and_nothing_from_another_host(client: TestClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", answer.text)
    assert not re.search(r"<(?:script|img|iframe|link)[^>]*(?:src|href)=\"(?:https?:)?//", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_only_the_frame_may_stand_on_another_site(client: TestClient, path: str) -> None:
    assert (SITE in client.get(path).headers["content-security-policy"]) == (path == "/frame")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_comes_in_both_languages(client: TestClient, path: str, language: str) -> None:
    answer = client.get(path, params={"lang": language} | ({"ids": LOAN} if path.startswith("/m?") else {}))
    assert answer.status_code == 200
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text


def test_the_pages_words_are_the_same_in_both_languages() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    assert cards.SAYS["zh"].keys() == cards.SAYS["en"].keys()


def test_every_measure_has_a_page(client: TestClient, catalog: Catalog) -> None:
    bad = [name for name in catalog.entries if client.get(f"/m/{name}").status_code != 200]
    assert not bad


def test_a_measures_page_is_dated_sourced_and_marks_what_nobody_has_read(client: TestClient) -> None:
    text = client.get(f"/m/{LOAN}").text
    assert "30万元" in text
    assert "[未核实]" in text
    assert "《" in text
    assert "原文" in text


def test_an_unknown_measure_gets_a_page_that_says_whom_to_ask(client: TestClient) -> None:
    answer = client.get("/m/%3Cscript%3E")
    assert answer.status_code == 404
    assert "12345" in answer.text


def test_a_current_card_is_called_current(client: TestClient) -> None:
    link = client.get("/m/card.json", params={"ids": LOAN}).json()["link"]
    assert link.startswith("https://guiyan.example/m/")
    page = client.get(link.removeprefix("https://guiyan.example")).text
    assert 'id="same"' in page
    assert 'id="older"' not in page


def test_an_old_card_is_told_its_age_and_which_figures_changed(client: TestClient) -> None:
    page = client.get(f"/m/{LOAN}", params={"v": "0123456789ab", "d": "2022-01-01", "f": "max_principal:200000,max_term:3"}).text
    assert "2022-01-01" in page
    assert "20万元" in page
    assert "30万元" in page
    assert page.count("<s>") == 1


def test_a_card_without_figures_is_judged_by_the_law_of_its_day(client: TestClient) -> None:
    page = client.get(f"/m/{LOAN}", params={"v": "0123456789ab", "d": "2022-01-01"}).text
    assert "<s>最多20万元</s>" in page


def test_a_card_with_nothing_but_an_old_version_says_that_it_cannot_tell(client: TestClient) -> None:
    assert "看不出哪个数变了" in client.get(f"/m/{LOAN}", params={"v": "0123456789ab"}).text


@pytest.mark.parametrize("query", ["v=%00", "d=32.13.", "f=<b>:1", "f=max_principal:1e999", "d=2026-02-30&f=::::", "v=" + "x" * 64])
def test_a_mangled_address_still_opens_the_page(client: TestClient, query: str) -> None:
    answer = client.get(f"/m/{LOAN}?{query}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text


def test_a_figure_of_a_card_that_is_not_the_measures_is_never_repeated(speaker: Voice) -> None:
    card = cards.Forwarded.read("old", "2026-01-01", "max_gift:999999,max_principal:300000")
    assert cards.changes(speaker, speaker.catalog.entries[LOAN], card, TODAY) == []


def test_a_card_can_be_read_without_its_link(client: TestClient) -> None:
    body = client.get("/m/card.json", params={"ids": LOAN}).json()
    text = body["text"]
    assert "个人创业担保贷款" in text
    assert "30万元" in text
    assert "12333" in text
    assert body["unsure"] in text
    assert body["as_of"] in text


def test_a_card_of_several_lists_each_and_holds_nothing_of_a_person(client: TestClient) -> None:
    body = client.get("/m/card.json", params={"ids": f"{LOAN},{OTHER}"}).json()
    assert len(body["lines"]) == 2
    assert re.fullmatch(r"https://guiyan\.example/m\?v=\w+&d=[\d-]+&ids=[\w,-]+", body["link"])
    assert client.get(body["link"].removeprefix("https://guiyan.example")).status_code == 200


def test_every_measure_makes_a_card_whose_code_can_be_scanned(client: TestClient, catalog: Catalog) -> None:
    sizes = {name: len(client.get("/m/card.json", params={"ids": name}).json()["qr"]) for name in catalog.entries}
    assert max(sizes.values()) <= 73  # version 14: a module of three pixels at 240


def test_the_qr_code_is_an_image_of_our_own_address(client: TestClient) -> None:
    answer = client.get("/m/qr.svg", params={"ids": LOAN})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in answer.content


def test_a_card_of_nothing_is_refused(client: TestClient) -> None:
    assert client.get("/m/card.json", params={"ids": "there-is-none"}).status_code == 422
    assert client.get("/m/card.json", params={"ids": ","}).status_code == 422


def test_files_are_kept_for_ever_only_under_their_stamp(client: TestClient) -> None:
    stamp = routes.STAMPS["guiyan-chat.js"]
    assert "immutable" in client.get(f"/widget/guiyan-chat.js?v={stamp}").headers["cache-control"]
    plain = client.get("/widget/guiyan-chat.js")
    assert "immutable" not in plain.headers["cache-control"]
    assert client.get("/widget/guiyan-chat.js", headers={"If-None-Match": plain.headers["etag"]}).status_code == 304
    assert client.get("/widget/..%2Froutes.py").status_code == 404


@pytest.mark.parametrize(("origin", "allowed"), [(SITE, True), ("https://stranger.example", False)])
def test_only_named_sites_may_call_from_a_browser(client: TestClient, origin: str, allowed: bool) -> None:
    answer = client.options("/v1/conversations", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert (answer.headers.get("access-control-allow-origin") == origin) == allowed


def test_templates_hold_no_words_of_their_own() -> None:
    for path in Path(routes.HERE / "templates").glob("*.html"):
        assert not re.search(r"[一-鿿]", path.read_text(encoding="utf-8").replace("《", "").replace("》", "")), path.name


def test_an_ended_measure_says_so_first(client: TestClient, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "today", lambda: dt.date(2099, 1, 1))
    ended = [e.id for e in catalog.entries.values() if e.measure.valid.to]
    assert ended
    assert all(WORDS["zh"]["ended"] in client.get(f"/m/{name}").text for name in ended)
