"""For everyone: screen readers, keyboards, large fingers, old browsers, strict pages, other people's sites."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.chat import POND, answered, enter, focused, menu, say, shut, violations
from tests.journeys.conftest import DESK, PHONE, House, Opens

LOAN = "startup-guarantee-loan-individual"
SMALL = """() => { const root = document.querySelector('guiyan-chat').shadowRoot;
  return [...root.querySelectorAll('button, input, textarea, summary, a.soft, a.tel')].filter(e => e.offsetParent !== null)
    .filter(e => e.getBoundingClientRect().height < 43.5 || e.getBoundingClientRect().width < 43.5).map(e => e.outerHTML.slice(0, 90)); }"""
VOICE = """const v = {lang: 'zh-CN', name: 'z', default: true, localService: true, voiceURI: 'z'}; window.heard = [];
Object.defineProperty(window, 'speechSynthesis', {value: {getVoices: () => [v], speak: u => heard.push(u.text), cancel() {}}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };"""


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_axe_finds_nothing_in_any_state_of_the_chat(house: House, context: Opens, size: tuple[int, int]) -> None:
    page = context(size, bypass_csp=True).new_page()
    enter(page, house.base)
    found = {"empty": violations(page)}
    say(page, POND)
    turn = answered(page, POND)
    found["card"] = violations(page)
    turn.get_by_role("button", name="没有").click()
    answered(page, "没有")
    found["used"] = violations(page)
    page.locator(".strip button").click()
    found["facts"] = violations(page)
    page.locator(".sheet .chip").first.click()
    found["fact"] = violations(page)
    shut(page)
    menu(page)
    page.get_by_role("button", name="特大").click()
    found["menu"] = violations(page)
    shut(page)
    found["large"] = violations(page)
    turn.get_by_role("button", name="转给别人").click()
    expect(page.locator("img.picture")).to_be_visible()
    found["forward"] = violations(page)
    shut(page)
    page.context.set_offline(True)
    say(page, "断网了")
    expect(page.locator(".status")).to_be_visible()
    found["offline"] = violations(page)
    assert not {state: v for state, v in found.items() if v}


@pytest.mark.parametrize(
    "path", [f"/m/{LOAN}?v=0&d=2022-01-01&f=max_principal:200000", f"/m/{LOAN}?lang=en", f"/m?ids={LOAN}", "/embed", "/m/none"]
)
def test_axe_finds_nothing_on_the_pages(house: House, context: Opens, path: str) -> None:
    page = context(bypass_csp=True).new_page()
    page.goto(house.base + path)
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_everything_to_tap_is_large_enough(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    answered(page, POND)
    assert page.evaluate(SMALL) == []
    menu(page)
    assert page.evaluate(SMALL) == []


def test_an_answer_is_announced_and_the_focus_stays(house: House, page: Page) -> None:
    enter(page, house.base)
    live = page.locator("[aria-live=polite]")
    expect(live).to_have_text("您想回哪儿、干点啥、眼下最愁啥？随便说。")
    say(page, POND)
    answered(page, POND)
    expect(live).to_contain_text("听明白了")
    assert focused(page) == "TEXTAREA"
    page.context.set_offline(True)
    say(page, "断网了")
    expect(live).to_contain_text("现在连不上")


def test_the_keyboard_alone_is_enough(house: House, page: Page) -> None:
    enter(page, house.base)
    say(page, POND)
    answered(page, POND)
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.querySelector('guiyan-chat').shadowRoot.activeElement.textContent") == "我记下的 3 条":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".sheet")).to_be_visible()
    for _ in range(9):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.querySelector('guiyan-chat').shadowRoot.activeElement.closest('.sheet')")
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_have_count(0)
    assert focused(page) == "BUTTON"


def test_an_answer_is_read_aloud_where_there_is_a_chinese_voice(house: House, page: Page) -> None:
    page.add_init_script(VOICE)
    enter(page, house.base)
    page.get_by_role("button", name="念一遍").click()
    assert page.evaluate("heard") == ["您想回哪儿、干点啥、眼下最愁啥？随便说。"]


def test_without_a_voice_there_is_no_such_button(house: House, page: Page) -> None:
    page.add_init_script(VOICE.replace("[v]", "[]"))
    enter(page, house.base)
    expect(page.get_by_role("button", name="念一遍")).to_have_count(0)


def test_the_browser_listens_only_after_being_told_where_the_sound_goes(house: House, page: Page) -> None:
    page.add_init_script(
        "window.ears = 0; window.webkitSpeechRecognition = function () { this.start = () => { ears++; }; }; window.SpeechRecognition = undefined;"
    )
    enter(page, house.base)
    page.get_by_role("button", name="说话").click()
    expect(page.locator(".sheet")).to_contain_text("可能会传到手机外面")
    assert page.evaluate("ears") == 0
    page.get_by_role("button", name="用浏览器听").click()
    assert page.evaluate("ears") == 1


@pytest.mark.parametrize("path", ["/", "/embed", f"/m/{LOAN}"])
def test_nothing_is_asked_of_another_host_and_the_policy_is_kept(house: House, page: Page, path: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto(house.base + path)
    page.wait_for_timeout(300)
    assert not [u for u in asked if not u.startswith((house.base, "data:", "blob:"))]
    assert not complaints


def test_a_browser_without_constructed_sheets_gets_the_same_look(house: House, page: Page) -> None:
    page.add_init_script("window.CSSStyleSheet = function () { throw new TypeError('old'); };")
    enter(page, house.base)
    expect(page.locator(".frame")).to_have_css("font-size", "18px")


def test_motion_stops_for_those_who_ask(house: House, context: Opens) -> None:
    page = context().new_page()
    page.emulate_media(reduced_motion="reduce")
    enter(page, house.base)
    house.world.delay = 1.0
    say(page, POND)
    expect(page.locator(".typing")).to_have_css("animation-name", "none")


def test_a_site_that_carries_the_chat_can_call_it_and_hears_from_it(house: House, page: Page) -> None:
    page.goto(f"{house.base}/test/host?server={house.base}")
    page.evaluate(
        "window.told = []; ['ready','open','close','message','deleted'].forEach(n => document.addEventListener('guiyan-' + n, e => told.push(n + (e.detail.from || ''))))"
    )
    chat = page.locator("guiyan-chat")
    expect(page.get_by_role("button", name="问问归雁")).to_be_visible()
    page.locator("#b").focus()
    chat.evaluate("(c, t) => c.send(t)", POND)
    expect(page.locator(".badge")).to_contain_text("条新回答")
    assert focused(page) == "BUTTON"
    chat.evaluate("c => c.open()")
    answered(page, POND)
    expect(page.locator(".badge")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".frame")).to_be_hidden()
    chat.evaluate("c => { c.open(); c.setLocale('en'); }")
    expect(page.locator(".bar h1")).to_have_text("Guiyan")
    answered(page, "English, please")
    chat.evaluate("c => c.clear()")
    expect(page.locator(".said")).to_have_count(0)
    expect(page.locator(".says")).to_contain_text("Just say")
    told = page.evaluate("told")
    assert told.count("messageperson") == 2
    assert {"ready", "open", "close", "messageguiyan"} <= set(told)


def test_a_site_may_carry_the_chat_in_a_frame(house: House, page: Page) -> None:
    page.goto(f"{house.base}/test/host?server={house.base}&mode=iframe")
    page.evaluate("window.told = []; document.addEventListener('guiyan-message', e => told.push(JSON.stringify(e.detail)))")
    page.locator("guiyan-chat").evaluate("(c, t) => c.send(t)", POND)
    frame = page.frame_locator("iframe")
    expect(frame.locator(".said")).to_have_text(f"您说：{POND}")
    expect(frame.locator(".card")).to_contain_text("山西省个人创业担保贷款")
    told = page.evaluate("told")
    assert told
    assert not any(POND in t for t in told)
    page.evaluate("window.postMessage({guiyan: 1, event: 'deleted'}, '*')")
    page.wait_for_timeout(100)
    assert page.evaluate("told.length") == len(told)
