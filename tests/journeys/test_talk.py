"""Talking: what is said arrives once, whatever the network does, and is still there afterwards."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.chat import FIRST_BYTES, POND, answered, enter, first_bytes, focused, menu, say, shut, slow
from tests.journeys.conftest import DESK, PHONE, House, Opens

NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('refused', 'SecurityError'); }});"


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_on_a_slow_line_little_must_arrive_before_the_chat_is_usable(house: House, context: Opens, size: tuple[int, int]) -> None:
    page = context(size).new_page()
    slow(page)
    page.goto(house.base, wait_until="commit")
    expect(page.locator(".says").first).to_be_visible()
    assert 0 < first_bytes(page) <= FIRST_BYTES


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_one_sentence_gets_a_card_facts_and_a_question(house: House, context: Opens, size: tuple[int, int]) -> None:
    page = context(size).new_page()
    enter(page, house.base)
    say(page, POND)
    turn = answered(page, POND)
    for words in (
        "山西省个人创业担保贷款",
        "最多25万元",
        "还没核实",
        "属于能申请的人",
        "身份证",
        "就业服务中心",
        "12333",
        "第三条",
        "逾期",
    ):
        expect(turn).to_contain_text(words)
    expect(turn.locator(".chip")).to_have_count(3)
    expect(page.locator(".strip")).to_contain_text("还剩 2 个问题")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_quick_reply_is_sent_and_then_used_up(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    button = answered(page, POND).get_by_role("button", name="没有")
    button.click()
    answered(page, "没有")
    expect(page.locator(".quick button").nth(1)).to_have_attribute("aria-disabled", "true")
    chosen = page.locator(".quick .chosen")
    expect(chosen).to_have_text("没有（已选）")
    chosen.click(force=True)
    page.wait_for_timeout(200)
    assert house.world.texts() == [POND, "没有"]


def test_what_is_said_without_network_is_sent_once_when_it_is_back(house: House, page: Page) -> None:
    enter(page, house.base)
    page.context.set_offline(True)
    say(page, POND)
    expect(page.locator(".status")).to_contain_text("现在连不上")
    expect(page.locator(".sent")).to_contain_text("还没发出去")
    page.context.set_offline(False)
    answered(page, POND)
    expect(page.locator(".sent")).to_have_count(0)
    expect(page.locator(".status")).to_be_hidden()
    assert house.world.texts() == [POND]


def test_a_lost_answer_does_not_make_the_message_count_twice(house: House, page: Page) -> None:
    enter(page, house.base)
    house.world.lose = 1
    say(page, POND)
    answered(page, POND)
    assert house.world.posts == 2
    assert house.world.texts() == [POND]


def test_messages_waiting_survive_a_reload_and_keep_their_order(house: House, page: Page) -> None:
    enter(page, house.base)
    house.world.refuse = 1_000
    say(page, "头一句")
    say(page, "第二句")
    expect(page.locator(".status")).to_be_visible()
    page.reload()
    expect(page.locator(".said")).to_have_count(2)
    house.world.refuse = 0
    answered(page, "第二句")
    assert house.world.texts() == ["头一句", "第二句"]


def test_it_works_where_the_browser_refuses_storage(house: House, page: Page) -> None:
    page.add_init_script(NO_STORAGE)
    enter(page, house.base)
    house.world.refuse = 1
    say(page, POND)
    answered(page, POND)
    assert house.world.texts() == [POND]


def test_a_reload_continues_the_conversation(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    answered(page, POND)
    page.reload()
    turn = answered(page, POND)
    expect(turn.locator(".card")).to_contain_text("山西省个人创业担保贷款")
    turn.get_by_role("button", name="没有").click()
    answered(page, "没有")
    assert len(house.world.talks) == 1


def test_the_recovery_code_brings_the_conversation_to_another_phone(house: House, page: Page, context: Opens) -> None:
    enter(page, house.base)
    say(page, POND)
    answered(page, POND)
    menu(page)
    code = page.locator(".code").inner_text()
    other = context().new_page()
    enter(other, house.base)
    menu(other)
    other.locator(".sheet input").fill("ZZZZZZZZ")
    other.get_by_role("button", name="接上").click()
    expect(other.locator(".sheet [role=alert]").first).to_contain_text("这个码不对")
    other.locator(".sheet input").fill(code.lower())
    other.get_by_role("button", name="接上").click()
    answered(other, POND)


def test_a_conversation_that_is_gone_starts_afresh_and_loses_no_message(house: House, page: Page) -> None:
    enter(page, house.base)
    house.world.talks.clear()
    say(page, POND)
    expect(page.locator(".notice")).to_contain_text("找不到了")
    answered(page, POND)
    assert house.world.texts() == [POND]


def test_a_refused_message_says_why_and_comes_back_to_be_changed(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, "这条太长")
    expect(page.locator(".sent")).to_contain_text("分开说")
    expect(page.locator("textarea[enterkeyhint]")).to_have_value("这条太长")
    say(page, POND)
    answered(page, POND)


@pytest.mark.parametrize(("delay", "shown"), [(0.15, 0), (1.2, 1)])
def test_thinking_shows_only_after_a_while(house: House, page: Page, delay: float, shown: int) -> None:
    enter(page, house.base)
    house.world.delay = delay
    say(page, POND)
    seen = 0
    for _ in range(20):
        seen = max(seen, page.locator(".typing").count())
        page.wait_for_timeout(50)
    answered(page, POND)
    assert seen == shown
    expect(page.locator(".typing")).to_have_count(0)


def test_a_fact_is_corrected_and_removed_by_tapping_it(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    turn = answered(page, POND)
    turn.locator(".chip", has_text="偏关县").click()
    expect(page.locator(".sheet")).to_contain_text(POND)
    page.locator(".sheet input").fill("火星")
    page.get_by_role("button", name="改成这个").click()
    expect(page.locator(".sheet [role=alert]")).to_contain_text("请换个写法")
    page.locator(".sheet input").fill("临县")
    page.get_by_role("button", name="改成这个").click()
    expect(page.locator(".sheet")).to_have_count(0)
    talk = next(iter(house.world.talks.values()))
    assert talk.facts["home_place"]["value"] == "临县"
    expect(turn.locator(".chip", has_text="偏关县")).to_have_attribute("aria-disabled", "true")
    page.locator(".strip button").click()
    page.locator(".sheet .chip", has_text="20万元").click()
    page.get_by_role("button", name="去掉这条").click()
    expect(page.locator(".sheet")).to_have_count(0)
    assert "funding_needed" not in talk.facts


def test_a_trade_is_corrected_by_choosing_another(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    answered(page, POND).locator(".chip", has_text="行当").click()
    page.locator(".sheet button", has_text="牛").first.click()
    expect(page.locator(".sheet")).to_have_count(0)
    assert next(iter(house.world.talks.values())).facts["sector"]["value"] == "livestock"


def test_each_answer_can_be_judged(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    turn = answered(page, POND)
    turn.get_by_role("button", name="明白了").click()
    expect(turn.get_by_role("button", name="没听懂")).to_have_attribute("aria-disabled", "true")
    say(page, "还有啥")
    answered(page, "还有啥").get_by_role("button", name="没听懂").click()
    answered(page, "没听懂，请说简单点").get_by_role("button", name="不对").click()
    expect(page.locator(".status")).to_contain_text("哪儿不对")
    assert focused(page) == "TEXTAREA"
    assert house.world.feedback == [
        {"message": 1, "feedback": "understood"}, {"message": 2, "feedback": "unclear"}, {"message": 3, "feedback": "wrong"},
    ]  # fmt: skip


def test_all_data_is_deleted_after_a_second_word(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    answered(page, POND)
    menu(page)
    page.get_by_role("button", name="删掉我的信息").click()
    page.get_by_role("button", name="不删").click()
    assert house.world.talks
    menu(page)
    page.get_by_role("button", name="删掉我的信息").click()
    page.locator(".sheet").get_by_role("button", name="删掉", exact=True).click()
    expect(page.locator(".log")).to_contain_text("都删掉了")
    assert not house.world.talks
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert POND not in kept
    assert 'token\\":\\"' not in kept
    page.get_by_role("button", name="重新开始").click()
    expect(page.locator(".says")).to_contain_text("随便说")


def test_english_is_spoken_when_asked_for(house: House, page: Page) -> None:
    enter(page, house.base)
    menu(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".says")).to_contain_text("Just say")
    say(page, "a fish pond")
    answered(page, "a fish pond")
    page.reload()
    expect(page.locator(".bar h1")).to_have_text("Guiyan")
    assert not re.search(r"[一-鿿]", page.locator(".write").inner_text())


def test_the_chat_turns_to_the_language_that_the_answer_comes_in(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, "can you speak English")
    expect(page.locator(".bar h1")).to_have_text("Guiyan")
    answered(page, "can you speak English")
    assert house.world.texts() == ["can you speak English"]


def test_the_recovery_code_is_told_once_with_the_first_answer(house: House, page: Page) -> None:
    enter(page, house.base)
    expect(page.locator(".keep")).to_have_count(0)
    for text in (POND, "还有啥"):
        say(page, text)
        answered(page, text)
    expect(page.locator(".keep")).to_contain_text(next(iter(house.world.talks.values())).code)


def test_what_is_typed_over_a_fact_is_not_lost_when_the_words_for_it_arrive_late(house: House, page: Page) -> None:
    def late(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/v1/facts*", late)
    enter(page, house.base)
    say(page, POND)
    answered(page, POND).locator(".chip", has_text="20万元").click()
    page.locator(".sheet input").fill("150000")
    page.wait_for_timeout(800)
    page.get_by_role("button", name="改成这个").click()
    expect(page.locator(".sheet")).to_have_count(0)
    assert next(iter(house.world.talks.values())).facts["funding_needed"]["value"] == 150_000


def test_text_size_is_remembered(house: House, page: Page) -> None:
    enter(page, house.base)
    menu(page)
    page.get_by_role("button", name="特大").click()
    shut(page)
    page.reload()
    expect(page.locator(".frame")).to_have_css("font-size", "27px")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_markup_stays_text(house: House, page: Page) -> None:
    enter(page, house.base)
    said = "标记 <b>x</b><img src=x onerror='window.hit=1'>\u202e\u0007"
    say(page, said)
    turn = answered(page, "标记")
    expect(turn.locator(".says")).to_contain_text("<script>window.hit=1</script>")
    assert page.evaluate("window.hit") is None
    assert page.locator(".log img, .log b, .log script").count() == 0


def test_a_card_to_pass_on_is_a_picture_and_a_text(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    answered(page, POND).get_by_role("button", name="转给别人").click()
    picture = page.locator("img.picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("async i => { await i.decode(); return i.naturalWidth; }") == 720
    text = page.locator(".sheet textarea").input_value()
    assert "山西省个人创业担保贷款" in text
    assert "/m/shanxi-startup-guarantee-loan-individual?v=" in text
    assert POND not in text
    page.get_by_role("button", name="复制文字").click()
    expect(page.locator(".sheet [role=status]")).to_contain_text("复制好了")
