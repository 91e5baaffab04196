"""The gap report: counted from conversations as they are answered, told without names, small counts and what gives them away left out."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.clock import today
from app.insight import counts
from app.insight.counts import ENOUGH, Counted
from app.insight.gather import month
from app.insight.report import report
from app.insight.rosters import cells
from app.store.insight_tables import EVENT, WORD
from tests.console.conftest import office
from tests.console.office import HEQU, PIANGUAN, SHANXI, XINZHOU, Office

__all__ = ["office"]
NOW = month(today())


@pytest.fixture(autouse=True)
def _nothing_counted(office: Office) -> None:
    with office.store.writing() as db:
        db.execute(delete(EVENT))
        db.execute(delete(WORD))


def kept(office: Office, kind: str) -> dict[tuple[str, str], int]:
    """The counts of a kind, by place and key."""
    with office.store.reading() as db:
        return {(r.place, r.key): r[4] for r in db.execute(select(EVENT)) if r.kind == kind and r[4]}


def people(office: Office, count: int, *said: str, home: str = "偏关县", **facts: Any) -> None:
    """People who tell the same."""
    for _ in range(count):
        worker = office.worker()
        worker.know(home_place=home, **{"needs.funding": True, "sector": "aquaculture", **facts})
        for text in said:
            worker.say(text)


def asked(office: Office, whose: str = SHANXI, **query: str) -> Any:
    return office.at_work("official", whose).get("/v1/insights/gaps", params=query)


# ---------------------------------------------------------------- counting


def test_a_person_counts_once_however_much_they_say(office: Office) -> None:
    worker = office.worker()
    worker.know(home_place="偏关县", **{"needs.funding": True})
    worker.say("创业担保贷款是啥")
    worker.say("创业担保贷款是啥")
    assert kept(office, "people") == {(PIANGUAN, ""): 1}
    assert kept(office, "asked") == {(PIANGUAN, "funding"): 1}
    assert kept(office, "asked_measure")


def test_a_corrected_fact_moves_the_count(office: Office) -> None:
    worker = office.worker()
    worker.know(**{"needs.funding": True})
    assert kept(office, "asked") == {("", "funding"): 1}
    worker.know(home_place="偏关县")
    assert kept(office, "asked") == {(PIANGUAN, "funding"): 1}
    worker.know(home_place="河曲县", **{"needs.funding": None, "needs.training": True})
    assert kept(office, "asked") == {(HEQU, "training"): 1}
    assert kept(office, "people") == {(HEQU, ""): 1}


def test_what_blocked_and_what_nobody_gives_is_counted(office: Office) -> None:
    worker = office.worker()
    worker.know(home_place="偏关县", bad_credit=True, **{"needs.funding": True})
    blocked = kept(office, "blocked")
    assert blocked
    assert all(place == PIANGUAN and len(key.split(" ")) == 2 for place, key in blocked)
    assert (PIANGUAN, "refused-by-banks") in kept(office, "gap")


def test_rumours_are_counted_by_measure_and_verdict(office: Office) -> None:
    people(office, 1, "听说创业担保贷款不用还本金")
    rumours = kept(office, "rumour")
    assert any(key.endswith(" wrong") for _, key in rumours), rumours


def test_no_words_of_anybody_are_kept_until_five_said_them(office: Office) -> None:
    strange = "旮旯哞嘎嘎"
    for n in range(1, ENOUGH + 1):
        office.worker(strange, strange)
        with office.store.reading() as db:
            words = [r.word for r in db.execute(select(WORD)) if r.word]
            everything = [str(r) for table in (EVENT, WORD) for r in db.execute(select(table))]
        assert bool(words) == (n >= ENOUGH)
        assert n >= ENOUGH or not any(strange in row for row in everything)
    assert words == [strange]


def test_deleting_a_conversation_leaves_counts_that_lead_nowhere(office: Office) -> None:
    worker = office.worker()
    worker.know(home_place="偏关县", **{"needs.funding": True})
    worker.call("DELETE", "")
    with office.store.reading() as db:
        rows = list(db.execute(select(EVENT)))
    assert rows
    assert not any(worker.id in str(row) for row in rows)


# ---------------------------------------------------------------- telling


def test_small_counts_are_not_told(office: Office) -> None:
    people(office, ENOUGH - 1)
    body = asked(office).json()
    assert body["people"]["count"] is None
    assert body["needs"][0]["asked"] is None
    assert body["blocked"] == []
    people(office, 1)
    body = asked(office).json()
    funding = next(n for n in body["needs"] if n["need"] == "funding")
    assert funding["asked"] == ENOUGH
    assert funding["by_place"] == [
        {"place": PIANGUAN, "name": "偏关县", "asked": 5, "matched": funding["matched"], "unmet": funding["unmet"]}
    ]
    assert funding["by_month"][0]["month"] == NOW


def test_a_whole_that_gives_a_small_part_away_is_not_told(office: Office) -> None:
    with office.store.writing() as db:
        counts.add(db, NOW, {(PIANGUAN, "asked", "funding"): 9, (HEQU, "asked", "funding"): 2, (PIANGUAN, "matched", "funding"): 7})
    funding = asked(office).json()["needs"][0]
    assert funding["asked"] is None, "nine in one county and eleven in all would tell the two of the other"
    assert [p["place"] for p in funding["by_place"]] == [PIANGUAN]
    assert funding["by_place"][0]["asked"] == 9
    assert funding["by_place"][0]["matched"] is None, "nine and seven would tell the two who got nothing"


def test_months_and_places_narrow(office: Office) -> None:
    with office.store.writing() as db:
        counts.add(db, "2026-03", {(PIANGUAN, "asked", "funding"): 6})
        counts.add(db, "2026-05", {(HEQU, "asked", "training"): 8})
    assert [n["need"] for n in asked(office, **{"from": "2026-03", "to": "2026-03"}).json()["needs"]] == ["funding"]
    assert [n["need"] for n in asked(office, place="河曲县", **{"from": "2026-01", "to": "2026-12"}).json()["needs"]] == ["training"]


def test_an_official_sees_the_own_place_alone(office: Office) -> None:
    people(office, ENOUGH)
    people(office, ENOUGH, home="河曲县")
    own = asked(office, PIANGUAN).json()
    assert own["place"] == "山西省忻州市偏关县"
    assert {p["place"] for n in own["needs"] for p in n["by_place"]} == {PIANGUAN}
    assert own["words"] == []
    refused = office.at_work("official", PIANGUAN).get("/v1/insights/gaps", params={"place": "河曲县"})
    assert refused.status_code == 403
    city = asked(office, XINZHOU).json()
    assert {p["place"] for n in city["needs"] for p in n["by_place"]} == {PIANGUAN, HEQU}


@pytest.mark.parametrize("query", [{"from": "last year"}, {"from": "2026-13"}, {"from": "2026-09", "to": "2026-01"}, {"place": "天宫"}])
def test_what_cannot_be_read_is_said(office: Office, query: dict[str, str]) -> None:
    answer = office.at_work("official", SHANXI).get("/v1/insights/gaps", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_signed_out_there_are_no_counts(office: Office) -> None:
    assert office.browser().get("/v1/insights/gaps").status_code == 401
    assert office.browser().get("/console/gaps").status_code == 303


def test_the_page_and_its_csv_tell_the_same_as_the_api(office: Office) -> None:
    people(office, ENOUGH + 1)
    browser = office.at_work("official", PIANGUAN)
    page = browser.get("/console/gaps").text
    assert "钱：贷款、补贴" in page
    assert f"<td>{ENOUGH + 1}</td>" in page
    answer = browser.get("/console/gaps.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [NOW, "偏关县", "要这样帮助的", "funding", "钱：贷款、补贴", str(ENOUGH + 1)] in rows
    assert all(int(row[5]) >= ENOUGH for row in rows[1:])
    assert ("exported", "gaps", PIANGUAN) in office.audited()
    assert browser.get("/console/gaps?place=河曲县").status_code == 403
    assert browser.get("/console/gaps?first=去年").status_code == 422


def test_rosters_add_their_counts(office: Office) -> None:
    summary = {"counties": {PIANGUAN: 40, "": 3}, "measures": {"shanxi-rent-subsidy": {"eligible": 12, "one_step": 7, "open": 21}}}
    with office.store.writing() as db:
        counts.add(db, NOW, cells(summary, PIANGUAN))
    body = asked(office, PIANGUAN).json()["rosters"]
    assert body["people"]["count"] == 40
    assert body["measures"] == [{"measure": "shanxi-rent-subsidy", "name": "山西返乡入乡创业场地租赁补贴", "eligible": 12, "one_step": 7}]


def test_a_measure_that_the_catalogue_no_longer_has_is_passed_over(office: Office) -> None:
    catalog = office.app.state.library.edition.catalog
    found = report(catalog, [Counted(NOW, PIANGUAN, "blocked", "gone-measure age", 9), Counted(NOW, PIANGUAN, "gap", "gone", 9)], [])
    assert (found["blocked"], found["no_measure"]) == ([], [])
