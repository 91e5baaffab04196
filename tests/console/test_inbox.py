"""From a worker's phone to the county's desk and back: consent, code, notes, marks, replies."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import update

from app.accounts.handovers import read_code
from app.clock import now
from app.store.official_tables import HANDOVER
from tests.console.office import HEQU, PIANGUAN, SHANXI, Browser, Office, Worker

FACTS = {"home_place": "偏关县", "age": 38, "hukou_type": "rural", "bad_credit": False}


def ready(office: Office, **more: Any) -> Worker:
    worker = office.worker()
    worker.know(**{**FACTS, **more})
    return worker


def take(browser: Browser, code: str) -> str:
    """A code typed in; the address it leads to, or nothing."""
    answer = browser.post("/console/handover", {"code": code})
    return str(answer.headers["location"]) if answer.status_code == 303 else ""


def complain(office: Office, place: str | None = "偏关县") -> tuple[Worker, str]:
    """A worker who leaves a note; the receipt they were told."""
    worker = office.worker()
    if place:
        worker.know(home_place=place)
    worker.say("老板欠我工钱，我要投诉")
    worker.say("给县里留话")
    told = worker.say("三月五号说好给，到现在一分没给")
    text = told["reply"]["text"]
    found = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text)
    assert found, text
    return worker, found[0]


# ---------------------------------------------------------------- handing over


def test_before_agreeing_the_worker_is_told_what_will_be_seen(office: Office) -> None:
    worker = ready(office)
    shown = worker.call("GET", "handover").json()
    assert [f["fact"] for f in shown["facts"]] == list(FACTS)
    assert shown["place"] == "山西省忻州市偏关县"
    assert "看不到您说过的话" in shown["text"]
    assert not shown["open"]


def test_nothing_is_handed_over_without_consent(office: Office) -> None:
    worker = ready(office)
    for body in ({"consent": False}, {}):
        assert worker.call("POST", "handover", json=body).status_code == 422
    assert not worker.call("GET", "handover").json()["open"]


def test_only_the_conversations_own_token_can_agree(office: Office) -> None:
    worker, other = ready(office), ready(office)
    worker.headers = other.headers
    for method in ("GET", "POST", "DELETE"):
        more = {"json": {"consent": True}} if method == "POST" else {}
        assert worker.call(method, "handover", **more).status_code == 401


def test_an_empty_conversation_has_nothing_to_hand_over(office: Office) -> None:
    assert office.worker().call("POST", "handover", json={"consent": True}).status_code == 422


def test_the_code_opens_facts_and_verdicts_and_no_word_that_was_said(office: Office) -> None:
    worker = office.worker("我叫王小明，有个秘密")
    worker.know(**FACTS)
    browser = office.at_work()
    page = browser.get(take(browser, worker.agree()["code"])).text
    assert "年龄：38岁" in page
    assert "能办的" in page
    assert "秘密" not in page
    assert "王小明" not in page


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{bare}", "{wide}"])
def test_the_code_may_be_typed_as_people_type(office: Office, typed: str) -> None:
    code = ready(office).agree()["code"]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.replace("-", ""))
    said = typed.format(code=code, lower=code.lower(), bare=code.replace("-", ""), wide=wide)
    assert take(office.at_work(), said)


def test_another_county_learns_nothing_from_the_code(office: Office) -> None:
    code = ready(office).agree()["code"]
    theirs = office.at_work(place=HEQU)
    wrong, never = theirs.post("/console/handover", {"code": code}), theirs.post("/console/handover", {"code": "AAA-AAA"})
    assert wrong.status_code == never.status_code == 404
    assert wrong.text.replace(code, "").split("<main")[1] == never.text.split("<main")[1]
    assert take(office.at_work(), code), "and it still opens for their own"


def test_facts_left_out_are_not_seen_nor_counted(office: Office) -> None:
    worker, browser = ready(office), office.at_work()
    code = worker.agree(leave_out=["bad_credit"])["code"]
    page = browser.get(take(browser, code)).text
    assert "征信" not in page.split("</ul>")[1]


def test_a_grievance_is_never_handed_over(office: Office) -> None:
    worker = ready(office, trouble={"bribe_asked": True}, needs={"grievance": True, "funding": True})
    assert [f["fact"] for f in worker.agree()["facts"]] == [*FACTS, "needs.funding"]


def test_facts_told_later_are_not_seen_and_corrections_and_removals_count(office: Office) -> None:
    worker, browser = ready(office), office.at_work()
    address = take(browser, worker.agree()["code"])
    worker.know(age=40, veteran=True, hukou_type=None)
    chips = browser.get(address).text.split('class="chips"')[1].split("</ul>")[0]
    assert "年龄：40岁" in chips
    assert "退役" not in chips
    assert "户口" not in chips


def test_consent_taken_back_closes_it_also_for_who_has_seen_it(office: Office) -> None:
    worker, browser = ready(office), office.at_work()
    code = worker.agree()["code"]
    address = take(browser, code)
    assert worker.call("DELETE", "handover").status_code == 204
    page = browser.get(address).text
    assert "本人已经收回同意" in page
    assert "年龄" not in page
    assert not take(browser, code)


def test_a_new_code_ends_the_one_before(office: Office) -> None:
    worker, browser = ready(office), office.at_work()
    first, second = worker.agree()["code"], worker.agree()["code"]
    assert not take(browser, first)
    assert take(browser, second)


def test_a_code_runs_out(office: Office) -> None:
    worker = ready(office)
    code = worker.agree()["code"]
    with office.store.writing() as db:
        db.execute(update(HANDOVER).where(HANDOVER.c.conversation_id == worker.id).values(expires_at=now() - dt.timedelta(minutes=1)))
    assert not take(office.at_work(), code)


def test_deleting_the_conversation_deletes_what_was_handed_over(office: Office) -> None:
    worker, browser = ready(office), office.at_work()
    address = take(browser, worker.agree()["code"])
    browser.post(address, {"status": "answered", "outcome": "", "text": "请周一来"})
    worker.call("DELETE", "")
    page = browser.get(address).text
    assert "本人已经把自己的信息删掉了" in page
    assert "请周一来" not in page
    assert "年龄" not in page


def test_a_worker_without_a_known_county_may_name_one_or_give_the_code_to_anyone(office: Office) -> None:
    worker = office.worker()
    worker.know(age=38)
    assert take(office.at_work(place=HEQU), worker.agree()["code"])
    other = office.worker()
    other.know(age=38)
    code = other.agree(place="偏关县")["code"]
    assert not take(office.at_work(place=HEQU), code)
    assert take(office.at_work(place=PIANGUAN), code)
    assert other.call("POST", "handover", json={"consent": True, "place": "火星县"}).status_code == 422


def test_consent_is_an_event_of_the_conversation_and_taking_is_on_record(office: Office) -> None:
    worker, browser = ready(office), office.at_work()
    take(browser, worker.agree()["code"])
    worker.call("DELETE", "handover")
    kinds = [e["kind"] for e in worker.call("GET", "export").json()["events"]]
    assert kinds[-2:] == ["handover", "handover_withdrawn"]
    assert ("handover_taken", PIANGUAN) in [(a, p) for a, _, p in office.audited(action="handover_taken")]
    worker.say("继续说")


def test_codes_have_six_signs_that_cannot_be_taken_for_others() -> None:
    assert read_code("ace-fgh") == "ACEFGH"
    for wrong in ("", "ABCDEF", "ACEFG", "ACEFGHJ", "OO0-I1L", "'; --"):
        assert read_code(wrong) is None


# ---------------------------------------------------------------- notes and marks


def test_a_note_comes_to_the_county_with_its_words_and_receipt(office: Office) -> None:
    _, receipt = complain(office)
    browser = office.at_work()
    listed = browser.get("/console/inbox").text
    address = re.findall(rf'href="(/console/inbox/\d+)">{receipt}', listed)[0]
    assert "三月五号说好给" in browser.get(address).text
    assert receipt not in office.at_work(place=HEQU).get("/console/inbox?all=1").text
    assert office.at_work(place=HEQU).get(address).status_code == 404
    assert office.at_work(place=HEQU).post(address, {"status": "closed"}).status_code == 404


def test_a_note_about_officials_is_read_by_administrators_alone(office: Office) -> None:
    worker = office.worker()
    worker.know(home_place="偏关县", trouble={"bribe_asked": True})
    for text in ("我要投诉窗口", "给县里留话", "大厅的人要我交两千块才给办"):
        told = worker.say(text)
    receipt = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", told["reply"]["text"])[0]
    clerk, chief = office.at_work(), office.at_work("admin", PIANGUAN)
    address = re.findall(rf'href="(/console/inbox/\d+)">{receipt}', chief.get("/console/inbox").text)[0]
    assert receipt not in clerk.get("/console/inbox?all=1").text
    assert clerk.get(address).status_code == 404
    assert "大厅的人" in chief.get(address).text


def test_a_note_without_a_county_comes_to_the_province(office: Office) -> None:
    _, receipt = complain(office, None)
    assert receipt in office.at_work("admin", SHANXI).get("/console/inbox").text
    assert receipt not in office.at_work().get("/console/inbox").text


def test_a_mark_that_an_answer_is_wrong_shows_our_answer_and_not_their_words(office: Office) -> None:
    worker = office.worker("我叫王小明")
    worker.know(home_place="偏关县")
    said = worker.say("我想养羊，王小明问的")
    assert worker.call("POST", "feedback", json={"message": said["message"], "feedback": "wrong"}).status_code == 204
    browser = office.at_work()
    address = re.findall(r'href="(/console/inbox/\d+)"', browser.get("/console/inbox").text)[0]
    page = browser.get(address).text
    assert "说回答不对" in page
    assert "王小明问的" not in page
    worker.call("POST", "feedback", json={"message": said["message"], "feedback": "understood"})
    assert browser.get(address).status_code == 404, "a mark taken back is gone"


def test_the_reply_reaches_the_worker_with_what_became_of_it(office: Office) -> None:
    worker, receipt = complain(office)
    browser = office.at_work()
    address = re.findall(rf'href="(/console/inbox/\d+)">{receipt}', browser.get("/console/inbox").text)[0]
    browser.post(address, {"status": "answered", "outcome": "applied", "text": "查过了，钱已经退回。"})
    found = next(r for r in worker.call("GET", "receipts").json()["receipts"] if r["receipt"] == receipt)
    assert (found["status"], found["outcome"], [r["text"] for r in found["replies"]]) == ("answered", "applied", ["查过了，钱已经退回。"])
    assert receipt not in browser.get("/console/inbox").text
    assert receipt in browser.get("/console/inbox?all=1").text


def test_a_refusal_needs_its_reason_and_what_was_typed_stays(office: Office) -> None:
    _, receipt = complain(office)
    browser = office.at_work()
    address = re.findall(rf'href="(/console/inbox/\d+)">{receipt}', browser.get("/console/inbox").text)[0]
    answer = browser.post(address, {"status": "closed", "outcome": "refused", "text": "  "})
    assert answer.status_code == 422
    assert "没批的要写明为什么" in answer.text
    assert '<option value="refused" selected>' in answer.text
    assert browser.post(address, {"status": "closed", "outcome": "refused", "text": "不在范围里"}).status_code == 303


@pytest.mark.parametrize("data", [{"status": "lost"}, {"status": "new", "outcome": "stolen"}])
def test_a_status_that_is_none_is_refused(office: Office, data: dict[str, str]) -> None:
    complain(office)
    browser = office.at_work()
    address = re.findall(r'href="(/console/inbox/\d+)"', browser.get("/console/inbox").text)[0]
    assert browser.post(address, data).status_code == 422
