"""Whether the addresses of documents still answer. Looked at when an editor asks, never while a page is made for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx2

SECONDS = 10.0
AT_ONCE = 8
MOST = 40
AGENT = "Guiyan link check"
REFUSES_HEAD = (400, 403, 404, 405, 501)


@dataclass(frozen=True)
class Link:
    """One address: the status it answered with and where it led, or why it did not answer."""

    url: str
    status: int | None = None
    led_to: str | None = None
    failed: str | None = None

    @property
    def fine(self) -> bool:
        return self.status is not None and self.status < 400


def check_links(urls: Iterable[str], seconds: float = SECONDS) -> list[Link]:
    """Each web address once, in the order given, at most MOST of them; others are left out."""
    wanted = [u for u in dict.fromkeys(urls) if u.startswith(("http://", "https://"))][:MOST]
    with (
        httpx2.Client(timeout=seconds, follow_redirects=True, headers={"User-Agent": AGENT}) as client,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        return list(pool.map(lambda url: _look(client, url), wanted))


def _look(client: httpx2.Client, url: str) -> Link:
    try:
        answer = client.head(url)
        if answer.status_code in REFUSES_HEAD:
            with client.stream("GET", url) as whole:  # the head alone is refused by some; the body is not read
                answer = whole
        end = str(answer.url)
        return Link(url, answer.status_code, end if end.rstrip("/") != url.rstrip("/") else None)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Link(url, failed=type(error).__name__)
