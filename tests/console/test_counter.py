"""At the counter: what is said and filled in is understood, what cannot be is told, and nothing stays longer than the matter."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy import select, update

from app.clock import now
from app.store import households as rows
from app.store.official_tables import HOUSEHOLD, PERSON
from tests.console.office import PIANGUAN, Browser, Office


def begin(browser: Browser, text: str = "") -> str:
    """A household opened; the address of its first person."""
    return str(browser.post("/console/counter", {"text": text}).headers["location"]).partition("?")[0]


def fill(browser: Browser, home: str, fact: str, value: str, **more: str) -> str:
    answer = browser.post(f"{home}/fact", {"fact": fact, "value": value, **more})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def known(text: str) -> list[str]:
    """What the page says is known."""
    part = text.split('id="known"')[1].split("</ul>")[0]
    return [re.sub(r"<button.*", "", li, flags=re.DOTALL).strip() for li in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)]


def counts(text: str) -> tuple[int, int]:
    """How many measures the person can get, and how many are open."""
    return int(re.findall(r'id="can">能办的 (\d+)', text)[0]), int(re.findall(r'id="may">还要问的 (\d+)', text)[0])


def test_a_line_opens_a_household_with_what_it_says(office: Office) -> None:
    browser = office.at_work()
    page = browser.get(begin(browser, "我是偏关的，想回来养羊")).text
    assert "老家：偏关县" in known(page)
    assert "行当：养猪牛羊鸡" in known(page)


def test_an_empty_line_opens_an_empty_form(office: Office) -> None:
    browser = office.at_work()
    page = browser.get(begin(browser)).text
    assert known(page) == []
    assert "接着问：" in page


def test_a_line_that_says_nothing_useful_is_said_to_be_so(office: Office) -> None:
    browser = office.at_work()
    answer = browser.post("/console/counter", {"text": "啊啊啊啊"})
    assert "这句没听出能用的信息" in browser.get(answer.headers["location"]).text


def test_each_field_changes_the_verdicts_at_once(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    before = counts(browser.get(home).text)
    after = counts(fill(browser, home, "home_place", "偏关县"))
    assert after[0] + after[1] != before[0] + before[1], "what belongs to other places is out"
    assert counts(browser.get(home).text) == after, "and stays so when the page is opened again"


def test_numbers_may_be_written_as_people_say_them(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    assert "年龄：38岁" in known(fill(browser, home, "age", "38"))
    assert "年龄：45岁" in known(fill(browser, home, "age", "四十五"))
    assert "差多少钱：20万元" in known(fill(browser, home, "funding_needed", "二十万"))


def test_what_cannot_be_is_told_and_the_old_value_stays(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    fill(browser, home, "age", "38")
    for fact, value, told in (("age", "4500", "不像是对的"), ("age", "老大不小", "看不出是多少"), ("home_place", "火星县", "没有“火星县”这个地方"), ("home_place", "城区", "好几处"), ("sector", "x", "从单子里选"), ("first_business", "maybe", "请选"), ("nothing", "1", "表上没有这一项")):  # fmt: skip
        text = fill(browser, home, fact, value)
        assert told in text, (fact, value)
        assert known(text) == ["年龄：38岁"]


def test_two_facts_that_cannot_both_be_are_told_and_the_first_stays(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    fill(browser, home, "children_count", "0")
    text = fill(browser, home, "child_stages.primary", "true")
    assert "不能都对" in text
    assert known(text) == ["供养的孩子：没有"] or len(known(text)) == 1


def test_emptying_a_field_takes_the_fact_back(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    fill(browser, home, "age", "38")
    assert known(fill(browser, home, "age", "")) == []


def test_only_the_fields_that_changed_come_back(office: Office) -> None:
    browser = office.at_work()
    text = fill(browser, begin(browser), "hukou_type", "rural")
    assert re.findall(r'id="f-([a-z_]+)-row" hx-swap-oob="true"', text) == ["hukou_type"]


def test_a_question_may_be_passed_over_and_is_not_put_again(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    asked = re.findall(r'name="asking" value="([a-z_.]+)"', browser.get(home).text)[0]
    passed = browser.post(f"{home}/pass", {"fact": asked}).text
    assert re.findall(r'name="asking" value="([a-z_.]+)"', passed)[0] != asked
    assert re.findall(r'name="asking" value="([a-z_.]+)"', browser.get(home).text)[0] != asked


def test_people_of_one_household_are_kept_apart(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    fill(browser, home, "age", "38")
    wife = str(browser.post(f"{home.rsplit('/', 1)[0]}/people", {"relation": "爱人"}).headers["location"])
    assert known(browser.get(wife).text) == []
    fill(browser, wife, "age", "36")
    assert known(browser.get(home).text) == ["年龄：38岁"]
    page = browser.get(wife).text
    assert page.count('<li><a href="/console/counter/') == 2
    assert "全家的卡" in page


def test_a_household_has_room_for_eight_and_only_words_for_who_they_are(office: Office) -> None:
    browser = office.at_work()
    people = begin(browser).rsplit("/", 1)[0] + "/people"
    assert browser.post(people, {"relation": "王小明"}).status_code == 422
    assert [browser.post(people, {"relation": "儿子"}).status_code for _ in range(rows.MOST_PEOPLE)] == [303] * 7 + [422]


def test_when_the_matter_is_done_everything_is_deleted(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser, "我是偏关的")
    key = int(home.split("/")[3])
    assert browser.post(f"/console/counter/{key}/done").headers["location"] == "/console/counter"
    assert browser.get(home).status_code == 404
    with office.store.reading() as db:
        assert not db.execute(select(PERSON).where(PERSON.c.household_id == key)).all()


def test_a_household_left_lying_is_deleted_after_some_hours(office: Office) -> None:
    browser = office.at_work()
    old, young = begin(browser), begin(browser)
    with office.store.writing() as db:
        db.execute(update(HOUSEHOLD).where(HOUSEHOLD.c.id == int(old.split("/")[3])).values(updated_at=now() - dt.timedelta(hours=13)))
    browser.get("/console/counter")
    assert (browser.get(old).status_code, browser.get(young).status_code) == (404, 200)


def test_the_words_of_a_person_are_not_kept(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser, "我叫王小明，偏关人，想养羊")
    browser.post(f"{home}/say", {"text": "身份证140932198801010011，三十八岁"})
    with office.store.reading() as db:
        kept = str(db.execute(select(PERSON)).all())
    assert "王小明" not in kept
    assert "140932198801010011" not in kept


def test_looking_and_changing_are_on_record_without_values(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    browser.get(home)
    fill(browser, home, "bad_credit", "true")
    browser.get(f"{home}/card")
    key = home.split("/")[3]
    found = [line for line in office.audited() if f"household {key}" in line[1]]
    assert found == [
        ("opened", f"household {key}", PIANGUAN),
        ("viewed", f"household {key} person 0", PIANGUAN),
        ("changed", f"household {key} person 0 fact bad_credit", PIANGUAN),
        ("printed", f"household {key} person 0 card", PIANGUAN),
    ]


def test_the_card_names_sources_dates_phone_and_what_is_not_confirmed_and_nobodys_name(office: Office) -> None:
    browser = office.at_work()
    home = begin(browser)
    facts = {
        "home_place": "偏关县",
        "age": "38",
        "hukou_type": "rural",
        "sector": "livestock",
        "needs.funding": "true",
        "poverty_alleviated": "true",
    }
    for fact, value in facts.items():
        fill(browser, home, fact, value)
    card = browser.get(f"{home}/card").text
    items = card.split('<section class="item">')[1:]
    listed = [i for i in items if 'class="figure"' in i]
    assert listed
    for item in listed:
        assert "《" in item
        assert re.search(r"\d{4}-\d{2}-\d{2}查的", item)
        assert re.search(r'class="tel">\d{5,}', item)
    assert 'src="/m/qr.svg?ids=' in card
    assert browser.http.get(re.findall(r'src="(/m/qr.svg[^"]+)"', card)[0].replace("&amp;", "&")).status_code == 200
    live = re.findall(r"<small>http://127.0.0.1:8000(/m[^<]+)</small>", card)[0].replace("&amp;", "&")
    assert browser.http.get(live).status_code == 200, "what the code leads to is there"


def test_a_card_with_nothing_to_get_says_what_to_ask(office: Office) -> None:
    browser = office.at_work()
    card = browser.get(f"{begin(browser)}/card").text
    assert "明白卡" in card
    assert "12345" in card
