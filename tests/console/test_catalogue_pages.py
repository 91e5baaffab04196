"""The catalogue looked after: found, read, confirmed, tried; by whom it may be."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from app.console.chart import Step, steps_chart
from app.insight.links import check_links
from app.wording.to_confirm import BETWEEN
from tests.conftest import TODAY
from tests.console.office import HEQU, PIANGUAN, SHANXI, Browser, Office

RENT = "shanxi-rent-subsidy"
SIGNED = {"office": "山西省人社厅", "on": "2026-11-20"}


@pytest.fixture
def editor(office: Office) -> Browser:
    """Somebody of the province who may confirm."""
    return office.at_work("editor", SHANXI)


@pytest.fixture(autouse=True)
def _as_it_was(office: Office) -> Iterator[None]:
    """What a test confirms is withdrawn after it."""
    yield
    from app.clock import now
    from app.store import confirmations as rows

    with office.store.writing() as db:
        for row in rows.everything(db):
            rows.withdraw(db, row.id, now())
    office.app.state.library.refresh()


def confirm(browser: Browser, **fields: str) -> Any:
    browser.get(f"/console/catalogue/measure/{fields.get('measure', RENT)}")
    return browser.post("/console/catalogue/confirm", {"measure": RENT, **SIGNED, **fields})


def rent(office: Office, place: str = "偏关县") -> dict[str, Any]:
    """The measure as POST /v1/match gives it."""
    body = {"profile": {"home_place": place, "business_place": place}, "as_of": TODAY.isoformat(), "measures": [RENT]}
    found: dict[str, Any] = office.browser().http.post("/v1/match", json=body).json()["verdicts"][0]
    return found


# ---------------------------------------------------------------- looking


def test_a_measure_is_found_by_words_need_and_level(office: Office) -> None:
    browser = office.at_work()
    assert "场地租赁补贴" in browser.get("/console/catalogue?q=场地租赁").text
    only = browser.get("/console/catalogue?level=county").text
    assert "<td>县</td>" in only
    assert "<td>国家</td>" not in only
    assert "没有找到" in browser.get("/console/catalogue?q=没有这样的东西呀").text


def test_a_page_shows_sources_history_lineage_and_reach(office: Office) -> None:
    page = office.at_work().get("/console/catalogue/measure/shanxi-startup-guarantee-loan-individual").text
    for shown in ("数和它的来历", "从上到下怎么定的", "国家：", "三百个虚拟的返乡人", "《"):
        assert shown in page
    national = office.at_work().get("/console/catalogue/measure/startup-guarantee-loan-individual").text
    assert '<svg class="chart"' in national
    assert "2020-04-15" in national


def test_what_is_unconfirmed_or_ends_soon_is_listed(office: Office) -> None:
    page = office.at_work().get("/console/catalogue/care").text
    assert re.search(r"等着核实的：\d+处，另有\d+个窗口不全", page)
    assert "九十天内到期" in page
    assert "读进来" not in page, "an official may look, not confirm"


def test_a_measure_that_is_not_there_is_refused(office: Office) -> None:
    assert office.at_work().get("/console/catalogue/measure/none").status_code == 404


@pytest.mark.parametrize("path", ["", "/care", "/windows", f"/measure/{RENT}", "/to-confirm.xlsx"])
def test_signed_out_nothing_is_shown(office: Office, path: str) -> None:
    answer = office.browser().get(f"/console/catalogue{path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/sign-in")


# ---------------------------------------------------------------- confirming


def test_what_an_office_confirms_is_in_every_answer_at_once(office: Office, editor: Browser) -> None:
    assert confirm(editor, what="valid").status_code == 303
    assert (
        confirm(
            editor, what="figure yearly", value="二千五百元", since="2026-01-01", document="晋人社厅发〔2026〕9号", clause="第三条"
        ).status_code
        == 303
    )
    found = rent(office)
    assert found["figures"]["yearly"]["value"] == 2500
    assert found["figures"]["yearly"]["checked"] == {"how": "confirmed", "confidence": "high", "on": "2026-11-20", "by": "山西省人社厅"}
    assert found["figures"]["yearly"]["citation"]["clause"] == "第三条"
    assert {"office": "山西省人社厅", "on": "2026-11-20"} in found["confirmed_by"]
    worker = office.worker("山西返乡入乡创业场地租赁补贴")
    told = worker.say("山西返乡入乡创业场地租赁补贴")["reply"]["text"]
    assert "山西省人社厅2026年11月20日核实过" in told
    assert "山西省人社厅 2026-11-20" in office.browser().http.get(f"/m/{RENT}").text
    history = office.browser().http.get(f"/v1/measures/{RENT}").json()["history"]["yearly"]
    assert [(v["value"], v["to"]) for v in history] == [(2000, "2025-12-31"), (2500, None)]
    assert ("confirmed", f"measure {RENT}", SHANXI) in office.audited()


def test_a_countys_editor_speaks_for_the_county_alone(office: Office) -> None:
    browser = office.at_work("editor", PIANGUAN)
    assert confirm(browser, what="figure yearly", value="1800").status_code == 303
    assert rent(office)["figures"]["yearly"]["value"] == 1800
    assert rent(office, "河曲县")["figures"]["yearly"]["value"] == 2000
    refused = confirm(browser, what="valid")
    assert refused.status_code == 422
    assert "cannot speak for" in refused.text
    assert confirm(browser, what="figure yearly", value="1", place="河曲县").status_code == 422


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"what": "figure yearly", "value": "差不多两千"}, "写一个数"),
        ({"what": "figure yearly", "value": "18个月"}, "写一个数"),
        ({"what": "figure yearly", "on": "2999-01-01"}, "还没到"),
        ({"what": "figure yearly", "on": "去年"}, "写日期"),
        ({"what": "figure yearly", "office": " "}, "哪个单位"),
        ({"what": "figure none", "value": "3"}, "no figure"),
        ({"what": "condition form", "value": "3"}, "rule file"),
        ({"what": "drop table"}, "nothing that can be confirmed"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(office: Office, editor: Browser, fields: dict[str, str], why: str) -> None:
    answer = confirm(editor, **fields)
    assert answer.status_code == 422
    assert why in answer.text
    assert rent(office)["confirmed_by"] == []


def test_an_official_who_is_no_editor_cannot_confirm(office: Office) -> None:
    answer = confirm(office.at_work("official", SHANXI), what="valid")
    assert answer.status_code == 403
    assert rent(office)["confirmed_by"] == []


def test_a_forged_form_changes_nothing(office: Office, editor: Browser) -> None:
    answer = editor.post("/console/catalogue/confirm", {"measure": RENT, "what": "valid", **SIGNED}, token="forged")
    assert answer.status_code == 403
    assert rent(office)["confirmed_by"] == []


def test_an_attached_text_is_kept_under_its_hash(editor: Browser) -> None:
    editor.get(f"/console/catalogue/measure/{RENT}")
    text = "关于场地租赁补贴的答复".encode()
    answer = editor.post(
        "/console/catalogue/confirm", {"measure": RENT, "what": "valid", **SIGNED}, files={"text": ("答复.txt", text, "text/plain")}
    )
    assert answer.status_code == 303
    found = hashlib.sha256(text).hexdigest()
    assert f"/console/catalogue/text/{found}" in editor.get(f"/console/catalogue/measure/{RENT}").text
    saved = editor.get(f"/console/catalogue/text/{found}")
    assert saved.content == text
    assert saved.headers["content-disposition"].startswith("attachment")


def test_a_mistake_is_withdrawn_and_stays_to_be_seen(office: Office, editor: Browser) -> None:
    confirm(editor, what="figure yearly", value="99999")
    page = editor.get(f"/console/catalogue/measure/{RENT}").text
    number = re.findall(r"/confirmation/(\d+)/withdraw", page)[0]
    assert office.at_work("editor", PIANGUAN).post(f"/console/catalogue/confirmation/{number}/withdraw").status_code == 404
    assert editor.post(f"/console/catalogue/confirmation/{number}/withdraw").status_code == 303
    assert rent(office)["figures"]["yearly"]["value"] == 2000
    assert "已收回" in editor.get(f"/console/catalogue/measure/{RENT}").text


# ---------------------------------------------------------------- windows


def test_an_empty_window_says_so_and_a_filled_one_is_told_to_people_of_that_county(office: Office) -> None:
    assert "偏关县人力资源和社会保障局的窗口在哪、几点上班，没有查到，先打12333问" in rent(office)["apply"]["window"]["text"]
    browser = office.at_work("editor", PIANGUAN)
    assert "没有查到" in browser.get("/console/catalogue/windows").text
    window = {"place": "偏关县", "office_id": "human_resources", "address": "文化路12号", "phone": "0350-7650000", **SIGNED}
    assert browser.post("/console/catalogue/windows", {**window, "office": "偏关县人社局"}).status_code == 303
    told = rent(office)["apply"]["window"]["text"]
    assert "地址文化路12号，电话0350-7650000" in told
    assert "偏关县人社局2026年11月20日核实过" in told
    assert "没有查到，先打" in rent(office, "河曲县")["apply"]["window"]["text"]


def test_another_countys_window_is_not_ones_own(office: Office) -> None:
    browser = office.at_work("editor", HEQU)
    browser.get("/console/catalogue/windows")
    answer = browser.post("/console/catalogue/windows", {"place": "偏关县", "office_id": "tax", "address": "x", **SIGNED})
    assert answer.status_code == 422
    assert "不在您管的范围里" in answer.text


# ---------------------------------------------------------------- sheets and proposals


def test_the_sheet_goes_out_and_what_is_wrong_with_it_comes_back_by_row(editor: Browser) -> None:
    sent = editor.get("/console/catalogue/to-confirm.xlsx").content
    editor.get("/console/catalogue/care")
    empty = editor.post("/console/catalogue/sheet", files={"text": ("回来的.xlsx", sent, "application/octet-stream")})
    assert empty.status_code == 422
    assert "一条答复也没有" in empty.text
    wrong = editor.post("/console/catalogue/sheet", files={"text": ("照片.jpg", b"\xff\xd8\xff\xe0" * 40, "image/jpeg")})
    assert wrong.status_code == 422
    assert "照片" in wrong.text


def test_a_county_may_not_answer_for_the_province(office: Office) -> None:
    from tests.insight.test_sheet import answered

    browser = office.at_work("editor", PIANGUAN)
    browser.get("/console/catalogue/care")
    key = BETWEEN.join((RENT, "valid", ""))
    sheet = answered({key: {"答复": "是", "核实日期": "2026-11-20", "核实单位": "偏关县人社局"}})
    answer = browser.post("/console/catalogue/sheet", files={"text": ("回来的.xlsx", sheet, "application/octet-stream")})
    assert answer.status_code == 422
    assert "不归本地管" in answer.text


def test_a_proposal_shows_who_gains_and_who_loses_before_it_is_taken(office: Office, editor: Browser) -> None:
    files = office.app.state.library.files
    rule = files[f"rules/{RENT}.yaml"].replace("if: rents_premises", "if: rents_premises or online_store")
    editor.get("/console/catalogue/proposal")
    answer = editor.post("/console/catalogue/proposal", files={"files": (f"{RENT}.yaml", rule.encode(), "text/yaml")})
    assert answer.status_code == 200
    assert "只多不少" in answer.text
    assert "rents_premises or online_store" in answer.text
    assert "no example fails rents alone" in answer.text
    assert files[f"rules/{RENT}.yaml"] == office.app.state.library.files[f"rules/{RENT}.yaml"], "nothing is taken"


def test_a_broken_proposal_is_told_with_its_line(editor: Browser) -> None:
    editor.get("/console/catalogue/proposal")
    answer = editor.post("/console/catalogue/proposal", files={"files": (f"{RENT}.yaml", b"measure: x\nconditions: {", "text/yaml")})
    assert f"rules/{RENT}.yaml" in answer.text or f"knowledge/measures/{RENT}.yaml" in answer.text
    assert "先改这些" in answer.text
    named = editor.post("/console/catalogue/proposal", files={"files": ("../../etc/passwd", b"x", "text/yaml")})
    assert named.status_code == 422


# ---------------------------------------------------------------- links, charts


class _Web(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/here")
        else:
            self.send_response(405 if self.path == "/shy" and self.command == "HEAD" else 404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def test_links_are_tried_on_demand() -> None:
    server = HTTPServer(("127.0.0.1", 0), _Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    found = check_links([f"{base}/here", f"{base}/gone", f"{base}/moved", f"{base}/shy", "http://127.0.0.1:9/", "javascript:alert(1)"])
    server.shutdown()
    server.server_close()
    assert [link.fine for link in found] == [True, False, True, True, False]
    assert found[2].led_to == f"{base}/here"
    assert found[4].failed


def test_a_history_is_drawn_with_its_dates_and_can_be_read_aloud() -> None:
    steps = [Step(TODAY.replace(year=2020), TODAY.replace(year=2023), 15, "15万元"), Step(TODAY.replace(year=2023), None, 30, "30万元<")]
    chart = str(steps_chart("最高能借", steps, TODAY))
    assert chart.count("<path") == 3
    assert 'aria-label="最高能借：2020-11-23起15万元；2023-11-23起30万元&lt;"' in chart
    assert steps_chart("最高能借", steps[:1], TODAY) is None
