"""Rosters at the console: strangers first, then the whole way from a file to its results, and what is refused, stopped and deleted."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.screening.jobs import Jobs
from tests.console.conftest import settings
from tests.console.office import HEQU, PIANGUAN, Browser, Office
from tests.screening.offices import ods, xls
from tests.screening.rosters import GOOD_ID, WOMAN_ID, csv_text, xlsx
from tests.screening.test_reader import bomb

HEAD = ("姓名", "身份证号", "老家", "行业")
PEOPLE = (("张三", GOOD_ID, "偏关县", "养鱼"), ("李四", WOMAN_ID, "静乐县", "看不懂的行当"))
ROSTER = xlsx(HEAD, *PEOPLE)
GUESSED = csv_text(
    ("姓名", "户籍所在地址", "年龄", "村里的叫法"), ("张三", "偏关县", "35", "<b>老三</b>"), ("李四", "静乐县", "", "")
).encode("gbk")
LIMIT = 2_000_000
HERE = "/console/rosters"


@dataclass
class Rosters(Office):
    """An office whose rosters are worked through."""

    @property
    def jobs(self) -> Jobs:
        found: Jobs = self.app.state.screenings
        return found

    def send(self, browser: Browser, body: bytes = ROSTER, name: str = "花名册.xlsx", **more: Any) -> Any:
        browser.get(HERE)
        return browser.post(HERE, files={"file": (name, body)}, **more)

    def sent(self, browser: Browser, body: bytes = ROSTER, name: str = "花名册.xlsx") -> str:
        """A roster that was taken; the address of its page."""
        answer = self.send(browser, body, name)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def until(self, browser: Browser, path: str, said: str) -> str:
        """The page once it says something."""
        end = time.monotonic() + 60
        while True:
            text: str = browser.get(path).text
            if said in text:
                return text
            assert time.monotonic() < end, text
            time.sleep(0.05)

    def done(self, browser: Browser, path: str) -> str:
        return self.until(browser, path, "花名册：办好了")

    def kept(self) -> set[str]:
        return {p.name for p in self.jobs.folder.iterdir()}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rosters]:
    database = f"sqlite:///{tmp_path_factory.mktemp('rosters') / 'guiyan.sqlite'}"
    app = create_app(settings(database, screening_max_bytes=LIMIT))
    with TestClient(app):
        yield Rosters(app, app.state.desk.store)


# ---------------------------------------------------------------- who may not


def test_signed_out_every_address_leads_to_the_sign_in_and_nothing_is_kept(desk: Rosters) -> None:
    path, before = desk.sent(desk.at_work(), GUESSED, "r.csv"), desk.kept()
    stranger = desk.browser()
    for method, at in (
        ("GET", HERE),
        ("POST", HERE),
        ("GET", path),
        ("GET", f"{path}/progress"),
        ("POST", f"{path}/columns"),
        ("POST", f"{path}/cancel"),
        ("POST", f"{path}/forget"),
        ("POST", f"{path}/delete"),
    ):
        files = {"file": ("r.xlsx", ROSTER)} if at == HERE and method == "POST" else None
        answer = stranger.http.request(method, at, files=files, follow_redirects=False)
        assert answer.status_code == 303, (method, at)
        assert answer.headers["location"].startswith("/console/sign-in")
    assert desk.kept() == before


@pytest.mark.parametrize("place", [HEQU, PIANGUAN])
def test_anothers_roster_is_as_good_as_none_in_whatever_county(desk: Rosters, place: str) -> None:
    owner = desk.at_work()
    path = desk.sent(owner, GUESSED, "r.csv")
    other = desk.at_work(place=place)
    assert path not in other.get(HERE).text
    for at in (path, f"{HERE}/{'0' * 32}", f"{HERE}/1"):
        answer = other.get(at)
        assert answer.status_code == 404
        assert "没有这份花名册" in answer.text
        assert "户籍所在地址" not in answer.text
    other.get(HERE)
    for what in ("columns", "cancel", "forget", "delete"):
        assert other.post(f"{path}/{what}", {"c0": "name", "c1": "home_place"}).status_code == 404, what
    assert other.get(f"{path}/progress").headers["hx-redirect"] == HERE
    assert "户籍所在地址" in owner.get(path).text, "nothing of it has changed"


def test_a_forged_form_changes_nothing(desk: Rosters) -> None:
    browser = desk.at_work()
    path, before = desk.sent(browser, GUESSED, "r.csv"), desk.kept()
    for token in ("", "x" * 65):
        answer = browser.post(HERE, files={"file": ("r.xlsx", ROSTER)}, token=token)
        assert answer.status_code == 403
        assert "不是从您打开的页面来的" in answer.text
        for what in ("columns", "cancel", "forget", "delete"):
            assert browser.post(f"{path}/{what}", {"c1": "home_place"}, token=token).status_code == 403, what
    assert desk.kept() == before
    assert "等您认一认各列" in browser.get(path).text


@pytest.mark.parametrize("role", ["official", "editor", "admin"])
def test_every_role_may_send_rosters_of_its_own(desk: Rosters, role: Any) -> None:
    browser = desk.at_work(role)
    assert '<a href="/console/rosters" aria-current="page">花名册</a>' in browser.get(HERE).text
    assert "1</b>人至少有一项能办" in desk.done(browser, desk.sent(browser, xlsx(HEAD, PEOPLE[0])))


# ---------------------------------------------------------------- the whole way


def test_an_empty_desk_says_so_and_offers_the_template(desk: Rosters) -> None:
    browser = desk.at_work()
    text = browser.get(HERE).text
    assert "还没有传过花名册" in text
    assert "24小时后自动删掉" in text
    template = browser.get("/v1/screenings/template.xlsx")
    assert template.status_code == 200
    assert desk.send(browser, template.content, "template.xlsx").status_code == 303


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("r.xlsx", ROSTER), ("r.csv", csv_text(HEAD, *PEOPLE).encode()), ("r.csv", csv_text(HEAD, *PEOPLE).encode("gbk")),
        ("r.ods", ods(HEAD, *PEOPLE)), ("r.xls", xls(HEAD, *PEOPLE)),
    ],
    ids=["xlsx", "csv", "csv in GBK", "ods", "xls"],
)  # fmt: skip
def test_from_the_file_to_counts_problems_and_results(desk: Rosters, name: str, body: bytes) -> None:
    browser = desk.at_work()
    path = desk.sent(browser, body, name)
    text = desk.done(browser, path)
    assert "一共2人" in text
    assert re.search(r"<td>3</td><td>行业</td><td>「看不懂的行当」没有读懂", text), "row, column and mend"
    links = [html.unescape(link) for link in re.findall(r'href="(/v1/screenings/[^"]+)"', text)]
    found = {link: browser.get(link) for link in links}
    assert all(answer.status_code == 200 for answer in found.values()), found
    assert {link.partition("?")[0].rpartition("/")[2] for link in links} == {
        "result.xlsx", "result.csv", "summary.html", "problems.csv", "cards.html",
    }  # fmt: skip
    cards = {link: answer.text.count('class="card"') for link, answer in found.items() if "cards.html" in link}
    assert sorted(cards.values()) == [2, 2]
    listed = browser.get(HERE).text
    assert f'<a href="{path}">' in listed
    assert "办好了" in listed


def test_results_may_be_fetched_until_the_owner_has_people_deleted(desk: Rosters) -> None:
    browser = desk.at_work()
    rows = [("姓名", "身份证号", "电话", "年龄", "行业"), ("张三", GOOD_ID, "139x0", 55, "看不懂的行当")]
    path = desk.sent(browser, xlsx(*rows))
    text = desk.done(browser, path)
    assert all(cell in text for cell in ("139x0", "「55」", "看不懂的行当"))
    csv = next(link for link in re.findall(r'href="(/v1/[^"]+)"', text) if "result.csv" in link)
    for _ in range(2):
        assert "张三" in browser.get(csv).content.decode("utf-8-sig")
    desk.done(browser, path)
    assert browser.post(f"{path}/forget").status_code == 303
    assert "已经删掉了" in desk.done(browser, path)
    assert "cards.html?" not in browser.get(path).text
    folder = desk.jobs.folder / path.rpartition("/")[2]
    kept = [browser.get(path).text, browser.get(csv).text, *(p.read_bytes().decode(errors="replace") for p in folder.iterdir())]
    for cell in ("张三", GOOD_ID, "139x0", "看不懂的行当", "「55」"):
        assert not [text for text in kept if cell in text], cell
    assert "电话「…」不像手机号" in kept[0], "row, column and mend are still told"
    assert "「行业」「…」没有读懂" in kept[1]


def test_cards_only_of_those_who_can_get_something(desk: Rosters) -> None:
    browser = desk.at_work()
    path = desk.sent(browser, csv_text(("姓名", "年龄"), ("张三", "38"), ("娃", "3")).encode(), "r.csv")
    desk.done(browser, path)
    api = f"/v1/screenings/{path.rpartition('/')[2]}"
    able = [n for n in browser.get(f"{api}/result.csv?keep=true").content.decode("utf-8-sig").splitlines()[1:] if n.split(",")[3] != "0"]
    assert browser.get(f"{api}/cards.html?eligible=true").text.count('class="card"') == len(able)
    assert browser.get(f"{api}/cards.html").text.count('class="card"') == 2


def test_more_cards_than_fit_a_page_come_in_batches_that_leave_nobody_out(desk: Rosters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.console.roster_view.CARDS_A_PAGE", 3)
    browser = desk.at_work()
    rows = [(f"人{n}", 30 + n, "偏关县") for n in range(8)]
    text = desk.done(browser, desk.sent(browser, xlsx(("姓名", "年龄", "老家"), *rows)))
    links = [html.unescape(link) for link in re.findall(r'href="(/v1/[^"]+cards[^"]+)"', text) if "eligible" not in link]
    assert [link.partition("rows=")[2] for link in links] == ["2-4", "5-7", "8-9"]
    printed = "".join(browser.get(link).text for link in links)
    assert all(f"明白卡 人{n}<" in printed for n in range(8))


# ---------------------------------------------------------------- columns


def test_columns_that_are_only_guessed_are_shown_with_values_and_wait(desk: Rosters) -> None:
    browser = desk.at_work()
    path = desk.sent(browser, GUESSED, "r.csv")
    text = browser.get(path).text
    assert text.count('<select id="c') == 4
    assert "比如：偏关县、静乐县" in text
    assert "&lt;b&gt;老三&lt;/b&gt;" in text, "what stands in a cell is text"
    second = text.partition('id="c1"')[2].partition("</select>")[0]
    assert '<option value="home_place" selected>' in second
    assert '<optgroup label="本人">' in second
    assert " selected>" not in text.partition('id="c3"')[2].partition("</select>")[0], "what nobody knows is not used"
    assert browser.post(f"{path}/columns", {"c0": "name", "c1": "home_place", "c2": "age", "c3": ""}).status_code == 303
    done = desk.done(browser, path)
    assert "户籍所在地址：" in done
    assert "村里的叫法：没有用" in done
    assert browser.post(f"{path}/columns", {"c1": "age"}).status_code == 409


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"c0": "name", "c1": "age", "c2": "age"}, "「户籍所在地址」和「年龄」不能都当成「年龄」"), ({"c0": "name"}, "还没有一列说到人的情况"),
        ({"c1": "home_place", "c2": "agee"}, "「年龄」：没有这一项，请从单子里选"),
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_is_told_and_what_was_chosen_stays(desk: Rosters, form: dict[str, str], said: str) -> None:
    browser = desk.at_work()
    path = desk.sent(browser, GUESSED, "r.csv")
    browser.get(path)
    answer = browser.post(f"{path}/columns", form)
    assert answer.status_code == 422
    assert said in answer.text
    if form.get("c1") == "age":
        assert '<option value="age" selected>' in answer.text.partition('id="c1"')[2].partition("</select>")[0]
    assert "等您认一认各列" in browser.get(path).text


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("r.csv", b"", "文件里什么都没有"), ("r.xlsx", b"\xff\xd8\xff\xe0jfif", "照片"), ("r.csv", "姓名,年龄\n".encode(), "没有人"),
        ("r.xlsx", b"PK\x03\x04 broken", "坏了"), ("r.xlsx", bomb(200 << 20), "不像一张表"), ("r.pdf", b"%PDF-1.7 ...", "PDF"),
    ],
    ids=["empty", "photo", "nobody in it", "broken", "bomb", "pdf"],
)  # fmt: skip
def test_a_file_that_is_no_roster_is_told_on_the_page_and_not_kept(desk: Rosters, name: str, body: bytes, said: str) -> None:
    browser, before = desk.at_work(), desk.kept()
    answer = desk.send(browser, body, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert "什么都没有留下" in answer.text
    assert '<input id="file"' in answer.text, "and another can be chosen at once"
    assert desk.kept() == before
    assert "还没有传过花名册" in browser.get(HERE).text


def test_no_file_chosen_is_told(desk: Rosters) -> None:
    browser = desk.at_work()
    assert "还没有选文件" in desk.send(browser, b"", "").text
    browser.get(HERE)
    assert browser.post(HERE).status_code == 422


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(desk: Rosters) -> None:
    browser = desk.at_work()
    browser.get(HERE)
    answer = browser.post(HERE, {"sheet": "二月"}, files={"file": ("r.xlsx", ROSTER)})
    assert answer.status_code == 422
    assert "没有叫「二月」的工作表，只有：Sheet" in answer.text
    assert 'value="二月"' in answer.text


def test_a_file_over_the_limit_is_refused_as_a_page_before_it_is_read(desk: Rosters) -> None:
    browser, before = desk.at_work(), desk.kept()
    answer = desk.send(browser, b"x" * (LIMIT + 1000), "r.csv")
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "最多1.9 MB" in answer.text
    assert f'<a href="{HERE}">' in answer.text
    assert desk.kept() == before


def test_a_file_over_the_limit_that_hides_its_length_is_refused_as_a_page(desk: Rosters) -> None:
    browser = desk.at_work()
    browser.get(HERE)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="r.csv"\r\n\r\n'
    parts = (part for part in [head, *[b"x" * 100_000] * 25, b"\r\n--b--\r\n"])
    answer = browser.http.post(
        HERE,
        content=parts,
        headers={"Content-Type": "multipart/form-data; boundary=b", "X-CSRF-Token": browser.token},
        follow_redirects=False,
    )
    assert answer.status_code == 413
    assert "太大了" in answer.text


# ---------------------------------------------------------------- while it runs, and after


def test_progress_is_told_until_it_is_done_and_then_the_page_comes_anew(desk: Rosters) -> None:
    browser = desk.at_work()
    rows = [(f"人{n}", 18 + n % 40, "偏关县") for n in range(40_000)]
    path = desk.sent(browser, csv_text(("姓名", "年龄", "老家"), *rows).encode(), "r.csv")
    first = browser.get(path).text
    assert 'hx-trigger="every 1s"' in first
    assert '<progress id="bar" max="40000"' in first
    seen, end = [0], time.monotonic() + 60
    while "hx-refresh" not in (answer := browser.get(f"{path}/progress")).headers:
        assert "<html" not in answer.text, "a part of the page"
        seen.append(int(re.findall(r'value="(\d+)">', answer.text)[0]))
        assert time.monotonic() < end
        time.sleep(0.03)
    assert seen == sorted(seen)
    assert any(0 < n < 40_000 for n in seen), "how far it is, not only that it is not done"
    done = desk.done(browser, path)
    assert "一共40000人" in done
    assert "hx-trigger" not in done
    assert "result.xlsx" not in done, "a spreadsheet is made of at most twenty thousand rows"


def test_a_roster_is_stopped_and_its_file_gone(desk: Rosters) -> None:
    browser, before = desk.at_work(), desk.kept()
    rows = [(f"人{n}", 18 + n % 40, "偏关县") for n in range(60_000)]
    path = desk.sent(browser, csv_text(("姓名", "年龄", "老家"), *rows).encode(), "r.csv")
    browser.get(path)
    assert browser.post(f"{path}/cancel").status_code == 303
    text = browser.get(path).text
    assert "停下了，文件已经删掉" in text
    assert "重新传一份" in text
    desk.done(browser, late := desk.sent(browser))
    assert "没来得及停，已经办完了" in browser.get(browser.post(f"{late}/cancel").headers["location"]).text
    end = time.monotonic() + 30
    while path.rpartition("/")[2] in desk.kept() - before and time.monotonic() < end:
        time.sleep(0.05)
    assert path.rpartition("/")[2] not in desk.kept()
    assert "停下了" in browser.get(path).text, "it did not come back when its stretch was done"


def test_a_roster_that_waits_for_its_columns_can_be_stopped_too(desk: Rosters) -> None:
    browser = desk.at_work()
    path = desk.sent(browser, GUESSED, "r.csv")
    browser.get(path)
    assert browser.post(f"{path}/cancel").status_code == 303
    assert path.rpartition("/")[2] not in desk.kept()
    assert browser.post(f"{path}/columns", {"c1": "home_place"}).status_code == 409


def test_a_roster_that_failed_says_why_and_what_to_do(desk: Rosters) -> None:
    browser = desk.at_work()
    path = desk.sent(browser, GUESSED, "r.csv")
    (desk.jobs.folder / path.rpartition("/")[2] / "roster").unlink()
    browser.get(path)
    assert browser.post(f"{path}/columns", {"c1": "home_place"}).status_code == 303
    text = desk.until(browser, path, "没有办成")
    assert "是我们这边出的错，已经记下了" in text
    assert "重新传一份" in text
    assert str(desk.jobs.folder) not in text
    assert browser.post(f"{path}/delete").status_code == 303


def test_all_of_a_roster_is_deleted_at_once(desk: Rosters) -> None:
    browser = desk.at_work()
    path = desk.sent(browser)
    desk.done(browser, path)
    gone = browser.post(f"{path}/delete")
    assert "整份删掉了" in browser.get(gone.headers["location"]).text
    assert browser.get(path).status_code == 404
    assert path.rpartition("/")[2] not in desk.kept()


def test_every_step_is_in_the_log_without_a_name(desk: Rosters) -> None:
    browser = desk.at_work()
    path = desk.sent(browser, GUESSED, "r.csv")
    key = path.rpartition("/")[2]
    browser.get(path)
    browser.post(f"{path}/columns", {"c0": "name", "c1": "home_place"})
    desk.until(browser, path, "办好了")
    browser.get(f"/v1/screenings/{key}/result.csv?keep=true")
    browser.get(f"/v1/screenings/{key}/cards.html")
    browser.post(f"{path}/forget")
    browser.post(f"{path}/delete")
    found = [(action, what) for action, what, place in desk.audited() if key in what and place == PIANGUAN]
    steps = list(dict.fromkeys(found))
    assert steps == [
        ("screened", f"screening {key}"), ("viewed", f"screening {key}"), ("changed", f"screening {key} columns"), ("fetched", f"screening {key}"),
        ("printed", f"screening {key}"), ("deleted", f"screening {key} people"), ("deleted", f"screening {key}"),
    ]  # fmt: skip
    assert ("listed", "screenings", PIANGUAN) in desk.audited()
    admin = desk.at_work("admin")
    assert "传了花名册" in admin.get("/console/audit").text
