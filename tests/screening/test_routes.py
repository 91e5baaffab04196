"""Rosters over HTTP: strangers first, then the whole way, restart, cancelling, and what is deleted when."""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.accounts import users
from app.clock import now
from app.main import create_app
from app.screening import stored
from app.screening.jobs import Jobs
from app.settings import Settings
from app.store import Store
from app.store.official_tables import AUDIT
from app.store.screening_tables import SCREENING
from tests.screening.rosters import GOOD_ID, WOMAN_ID, csv_text, xlsx

HEAD = ("姓名", "身份证号", "老家", "行业")
ROSTER = xlsx(HEAD, ("张三", GOOD_ID, "偏关县", "养鱼"), ("李四", WOMAN_ID, "静乐县", "看不懂的行当"))


class Desk:
    """A service and officials with keys."""

    def __init__(self, app: FastAPI, client: TestClient) -> None:
        self.app, self.client = app, client
        self.store: Store = app.state.desk.store
        self.jobs: Jobs = app.state.screenings

    def official(self, name: str, place: str = "140932") -> dict[str, str]:
        with self.store.writing() as db:
            row = users.by_name(db, name)
            account = row.id if row else users.add(db, name, "official", place, "correct horse battery")
            return {"Authorization": f"Bearer {users.new_key(db, account)}"}

    def send(self, who: dict[str, str], body: bytes = ROSTER, name: str = "roster.xlsx", **form: str) -> Any:
        return self.client.post("/v1/screenings", headers=who, files={"file": (name, body)}, data={"as_of": "2026-11-23", **form})

    def until(self, who: dict[str, str], key: str, *status: str) -> dict[str, Any]:
        end = time.monotonic() + 60
        while True:
            body: dict[str, Any] = self.client.get(f"/v1/screenings/{key}", headers=who).json()
            if body["status"] in status:
                return body
            assert time.monotonic() < end, body
            assert 0 <= body["rows_done"] <= body["rows_all"]
            time.sleep(0.03)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("rosters")
    settings = Settings(database_url=f"sqlite:///{folder / 'guiyan.sqlite'}", reload_seconds=0, screening_max_bytes=2_000_000)
    app = create_app(settings)
    with TestClient(app) as client:
        yield Desk(app, client)


@pytest.fixture(scope="module")
def chen(desk: Desk) -> dict[str, str]:
    return desk.official("chen")


def test_a_stranger_gets_nothing(desk: Desk, chen: dict[str, str]) -> None:
    key = desk.send(chen).json()["id"]
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        assert desk.send(headers).status_code == 401
        for method, path in (
            ("GET", ""),
            ("GET", f"/{key}"),
            ("PATCH", f"/{key}"),
            ("DELETE", f"/{key}"),
            ("GET", f"/{key}/result.xlsx"),
            ("GET", f"/{key}/cards.html"),
        ):
            answer = desk.client.request(
                method, f"/v1/screenings{path}", headers=headers, json={"mapping": {}} if method == "PATCH" else None
            )
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"


def test_anothers_roster_is_not_there(desk: Desk, chen: dict[str, str]) -> None:
    other = desk.official("wang", "140930")
    key = desk.send(chen).json()["id"]
    desk.until(chen, key, "done")
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/result.xlsx"),
        ("GET", "/result.csv"),
        ("GET", "/problems.csv"),
        ("GET", "/cards.html"),
        ("GET", "/summary.html"),
    ):
        answer = desk.client.request(
            method, f"/v1/screenings/{key}{path}", headers=other, json={"mapping": {"年龄": "age"}} if method == "PATCH" else None
        )
        assert answer.status_code == 404, path
    assert key not in desk.client.get("/v1/screenings", headers=other).text
    assert desk.client.get(f"/v1/screenings/{key}", headers=chen).json()["personal"]


def test_the_whole_way_from_roster_to_results(desk: Desk, chen: dict[str, str]) -> None:
    answer = desk.send(chen)
    assert answer.status_code == 202, answer.text
    key = answer.json()["id"]
    assert answer.headers["location"] == f"/v1/screenings/{key}"
    body = desk.until(chen, key, "done")
    assert (body["rows_done"], body["rows_all"]) == (2, 2)
    assert [(p["row"], p["column"], p["kind"]) for p in body["problems"]] == [(3, "行业", "not_understood")]
    assert body["summary"]["people"] == 2
    kept = desk.client.get(f"/v1/screenings/{key}/result.csv?keep=true", headers=chen)
    assert "张三" in kept.content.decode("utf-8-sig")
    cards = desk.client.get(f"/v1/screenings/{key}/cards.html?rows=2-3", headers=chen)
    assert cards.text.count('class="card"') == 2
    assert cards.headers["content-security-policy"].startswith("default-src 'none'")
    page = desk.client.get(f"/v1/screenings/{key}/summary.html", headers=chen)
    assert "张三" not in page.text
    assert "看不懂的行当" in desk.client.get(f"/v1/screenings/{key}/problems.csv", headers=chen).content.decode("utf-8-sig")
    sheet = desk.client.get(f"/v1/screenings/{key}/result.xlsx", headers=chen)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_name("结果").to_python()
    assert [r[1] for r in rows] == ["姓名", "张三", "李四"]


def test_people_are_forgotten_once_the_results_were_fetched(desk: Desk, chen: dict[str, str]) -> None:
    key = desk.send(chen).json()["id"]
    desk.until(chen, key, "done")
    assert "张三" in desk.client.get(f"/v1/screenings/{key}/result.csv", headers=chen).content.decode("utf-8-sig")
    body = desk.until(chen, key, "done")
    assert not body["personal"]
    again = desk.client.get(f"/v1/screenings/{key}/result.csv", headers=chen).content.decode("utf-8-sig")
    assert "张三" not in again
    assert again.count("\n") == 3, "the results by row are still there"
    assert desk.client.get(f"/v1/screenings/{key}/cards.html", headers=chen).text.count('class="card"') == 0
    assert GOOD_ID not in everything(desk.jobs.folder / key)


def everything(folder: Path) -> str:
    return " ".join(p.read_bytes().decode("latin-1") for p in folder.rglob("*") if p.is_file())


def test_a_guess_waits_for_its_confirmation(desk: Desk, chen: dict[str, str]) -> None:
    body = desk.send(chen, csv_text(("姓名", "户籍所在地址", "年龄"), ("张三", "偏关县", "35")).encode("gbk"), "r.csv").json()
    assert body["status"] == "needs_confirmation"
    assert body["needs_confirmation"] == ["户籍所在地址"]
    key = body["id"]
    assert desk.client.get(f"/v1/screenings/{key}/result.csv", headers=chen).status_code == 409
    bad = desk.client.patch(f"/v1/screenings/{key}", headers=chen, json={"mapping": {"户籍": "home_place", "年龄": "agee"}})
    assert bad.status_code == 422
    assert len(bad.json()["errors"]) == 2
    assert desk.client.patch(f"/v1/screenings/{key}", headers=chen, json={"mapping": {"户籍所在地址": "home_place"}}).status_code == 200
    done = desk.until(chen, key, "done")
    assert [c["fact"] for c in done["mapping"]] == ["name", "home_place", "age"]
    assert done["summary"]["counties"] == {"140932": 1}
    assert desk.client.patch(f"/v1/screenings/{key}", headers=chen, json={"mapping": {}}).status_code == 409


def test_a_mapping_sent_along_starts_at_once(desk: Desk, chen: dict[str, str]) -> None:
    body = csv_text(("甲", "乙"), ("张三", "三十五")).encode()
    answer = desk.send(chen, body, "r.csv", mapping='{"甲": "name", "乙": "age"}')
    assert answer.status_code == 202, answer.text
    assert desk.until(chen, answer.json()["id"], "done")["summary"]["people"] == 1
    assert desk.send(chen, body, "r.csv", mapping="{").status_code == 422
    assert desk.send(chen, body, "r.csv", mapping='{"丙": "age"}').status_code == 422


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "什么都没有"), (b"\xff\xd8\xff\xe0jfif", "照片"), ("姓名,年龄\n".encode(), "没有人"), (b"PK\x03\x04 broken", "坏了"), (b"\xd0\xcf\x11\xe0", "坏了")],
)  # fmt: skip
def test_a_file_that_is_no_roster_is_refused_and_not_kept(desk: Desk, chen: dict[str, str], body: bytes, said: str) -> None:
    before = {p.name for p in desk.jobs.folder.iterdir()}
    answer = desk.send(chen, body)
    assert answer.status_code == 422
    assert said in answer.json()["errors"][0]["what"]
    assert {p.name for p in desk.jobs.folder.iterdir()} == before


def test_a_roster_over_the_limit_is_refused_before_it_is_read(desk: Desk, chen: dict[str, str]) -> None:
    assert desk.send(chen, b"x" * 2_100_000).status_code == 413


def test_a_roster_can_be_cancelled_and_is_gone(desk: Desk, chen: dict[str, str]) -> None:
    body = csv_text(("姓名", "年龄", "老家"), *[(f"人{n}", 18 + n % 40, "偏关县") for n in range(60_000)])
    key = desk.send(chen, body.encode(), "r.csv").json()["id"]
    assert desk.client.delete(f"/v1/screenings/{key}", headers=chen).status_code == 204
    assert desk.client.get(f"/v1/screenings/{key}", headers=chen).status_code == 404
    end = time.monotonic() + 30
    while (desk.jobs.folder / key).exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not (desk.jobs.folder / key).exists()
    after = desk.send(chen).json()["id"]
    desk.until(chen, after, "done")


def test_every_look_at_people_is_in_the_log_without_a_name(desk: Desk, chen: dict[str, str]) -> None:
    key = desk.send(chen).json()["id"]
    desk.until(chen, key, "done")
    desk.client.get(f"/v1/screenings/{key}/result.csv?keep=true", headers=chen)
    desk.client.get(f"/v1/screenings/{key}/cards.html", headers=chen)
    desk.client.delete(f"/v1/screenings/{key}", headers=chen)
    with desk.store.reading() as db:
        actions = [r.action for r in db.execute(select(AUDIT).where(AUDIT.c.what == f"screening {key}").order_by(AUDIT.c.id))]
    assert actions == ["screened", "fetched", "printed", "deleted"]


def test_what_was_kept_long_enough_is_swept_away(desk: Desk, chen: dict[str, str]) -> None:
    key = desk.send(chen).json()["id"]
    desk.until(chen, key, "done")
    waiting = desk.send(chen, csv_text(("姓名", "户籍所在地址"), ("张三", "偏关县")).encode(), "r.csv").json()["id"]
    with desk.store.writing() as db:
        db.execute(update(SCREENING).where(SCREENING.c.id.in_([key, waiting])).values(created_at=now() - dt.timedelta(hours=25)))
    desk.jobs.sweep()
    assert not desk.until(chen, key, "done")["personal"]
    assert GOOD_ID not in everything(desk.jobs.folder / key)
    assert desk.client.get(f"/v1/screenings/{waiting}", headers=chen).status_code == 404


def test_a_roster_in_hand_begins_again_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'guiyan.sqlite'}", reload_seconds=0)
    body = csv_text(("姓名", "年龄", "老家"), *[(f"人{n}", 18 + n % 40, "偏关县") for n in range(30_000)])
    app = create_app(settings)
    with TestClient(app) as client:
        first = Desk(app, client)
        key = first.send(first.official("liu"), body.encode(), "r.csv").json()["id"]
        who = first.official("liu")
        first.until(who, key, "running", "done")
    with first.store.reading() as db:
        left = stored.find(db, key)
    assert left is not None
    assert left.status in ("running", "done")
    app = create_app(settings)
    with TestClient(app) as client:
        second = Desk(app, client)
        done = second.until(second.official("liu"), key, "done")
        assert done["summary"]["people"] == 30_000
        assert done["rows_done"] == 30_000
        assert not [p for p in second.jobs.folder.iterdir() if p.name != key]


def test_what_a_cancelled_roster_left_behind_is_gone_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'guiyan.sqlite'}", reload_seconds=0)
    body = csv_text(("姓名", "户籍所在地址"), ("张三", "偏关县")).encode()
    app = create_app(settings)
    with TestClient(app) as client:
        first = Desk(app, client)
        key = first.send(first.official("liu"), body, "r.csv").json()["id"]
    assert first.jobs.cancel(key)
    (first.jobs.folder / key).mkdir()
    (first.jobs.folder / key / "roster").write_bytes(body)
    app = create_app(settings)
    with TestClient(app) as client:
        second = Desk(app, client)
        assert second.until(second.official("liu"), key, "cancelled")["personal"] is False
        assert not (second.jobs.folder / key).exists()


def test_the_template_is_for_everybody_and_comes_back_known(desk: Desk, chen: dict[str, str]) -> None:
    answer = desk.client.get("/v1/screenings/template.xlsx")
    assert answer.status_code == 200
    body = desk.send(chen, answer.content, "template.xlsx").json()
    assert body["status"] != "needs_confirmation"
    assert {c["how"] for c in body["mapping"]} == {"known"}


def test_rows_of_cards_that_cannot_be_read_are_named(desk: Desk, chen: dict[str, str]) -> None:
    key = desk.send(chen).json()["id"]
    desk.until(chen, key, "done")
    for rows in ("x", "1-", "2-x", "9" * 30):
        assert desk.client.get(f"/v1/screenings/{key}/cards.html?rows={rows}", headers=chen).status_code == 422
