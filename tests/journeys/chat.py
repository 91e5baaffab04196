"""What a person does in the chat, in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

POND = "我在工地干了好些年，想回偏关弄个鱼塘"


AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN = "async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))"
SLOW_BYTES_S = 100_000 / 8
LATENCY_MS = 100
FIRST_BYTES = 27_500
"""What may be on its way before the chat can be used: 2.2 s of such a line, which leaves 0.8 s of the three for its delays and the phone."""
ARRIVED = "() => ['navigation', 'resource'].flatMap(t => performance.getEntriesByType(t)).reduce((sum, e) => sum + e.transferSize, 0)"


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong; the page needs a context without its policy."""
    page.evaluate("s => { (0, eval)(s); }", AXE)
    found: list[str] = page.evaluate(RUN)
    return found


def slow(page: Page) -> Callable[..., None]:
    """Puts the page on a line of 100 kbit/s; gives what cuts the line and mends it: `line(offline=True)`."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def line(*, offline: bool) -> None:
        speed = {"latency": LATENCY_MS, "downloadThroughput": SLOW_BYTES_S, "uploadThroughput": SLOW_BYTES_S}
        session.send("Network.emulateNetworkConditions", {"offline": offline, **speed})

    line(offline=False)
    return line


def first_bytes(page: Page) -> int:
    """Bytes that came over the line so far, headers and all."""
    return int(page.evaluate(ARRIVED))


def enter(page: Page, base: str, path: str = "/") -> None:
    """Opens the chat and waits for its first words."""
    page.goto(base + path)
    expect(page.locator(".says")).not_to_have_count(0)


def say(page: Page, text: str) -> None:
    """Writes and sends with the Enter key."""
    page.locator("textarea[enterkeyhint]").fill(text)
    page.locator("textarea[enterkeyhint]").press("Enter")


def answered(page: Page, text: str) -> Locator:
    """The answer to a message, once it is there."""
    turn = page.locator(".turn").filter(has=page.locator(".said", has_text=text)).last
    expect(turn.locator(".says")).to_have_count(1)
    return turn


def menu(page: Page) -> None:
    page.get_by_role("button", name="菜单").click()
    expect(page.locator(".sheet")).to_be_visible()


def shut(page: Page) -> None:
    page.locator(".sheet .bar button").click()
    expect(page.locator(".sheet")).to_have_count(0)


def focused(page: Page) -> str:
    """Tag of what has the focus, inside the chat or out of it."""
    return str(
        page.evaluate(
            "() => { let a = document.activeElement; while (a.shadowRoot && a.shadowRoot.activeElement) a = a.shadowRoot.activeElement; return a.tagName; }"
        )
    )
