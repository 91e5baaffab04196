"""What operators and integrators look at: is it alive, is it ready, how is it doing, how is it called."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
import schemathesis

from app.settings import Settings
from tests.factories import serving

ROUTES = {
    "/v1/match", "/v1/match/batch", "/v1/measures", "/v1/measures/{measure}", "/v1/documents", "/v1/documents/{document}", "/v1/facts",
    "/v1/places", "/healthz", "/readyz", "/metrics",
}  # fmt: skip


def test_it_says_that_it_is_alive(api: httpx2.Client) -> None:
    assert api.get("/healthz").json()["status"] == "alive"


def test_it_says_that_catalogue_and_database_are_ready(api: httpx2.Client) -> None:
    body = api.get("/readyz").json()
    assert body["status"] == "ready"
    assert body["catalogue"]["measures"] > 0
    assert body["catalogue"]["stale"] is False
    assert body["catalogue"]["problems"] == []
    assert body["database"] == "answers"


def test_without_its_database_it_is_alive_but_not_ready_and_shows_no_address(tmp_path: Any) -> None:
    address = "postgresql+psycopg://someone:hidden-word@127.0.0.1:1/nowhere?connect_timeout=1"
    with serving(tmp_path, Settings().catalog_path, database_url=address) as server:
        assert server.client.get("/healthz").status_code == 200
        answer = server.client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["status"] == "not ready"
        assert "hidden-word" not in answer.text + server.log.read_text(encoding="utf-8")


def _count(api: httpx2.Client, labels: str) -> float:
    found = re.search(rf"^guiyan_requests_total\{{{re.escape(labels)}\}} (\S+)$", api.get("/metrics").text, re.M)
    return float(found.group(1)) if found else 0.0


@pytest.mark.parametrize(
    ("method", "address", "labels"),
    [
        ("GET", "/v1/facts", 'method="GET",route="/v1/facts",status="200"'),
        ("GET", "/v1/measures/no-such", 'method="GET",route="/v1/measures/{measure}",status="404"'),
        ("GET", "/nothing", 'method="GET",route="none",status="404"'),
        ("DELETE", "/v1/match", 'method="DELETE",route="/v1/match",status="405"'),
    ],
)
def test_each_request_is_counted_under_its_route(api: httpx2.Client, method: str, address: str, labels: str) -> None:
    before = _count(api, labels)
    api.request(method, address)
    assert _count(api, labels) == before + 1


def test_metrics_hold_nothing_that_a_stranger_wrote(api: httpx2.Client) -> None:
    api.get("/v1/measures/Zhang-San-13800000000?q=Zhang-San")
    api.get("/Zhang-San-13800000000")
    api.request("ZHANGSAN", "/v1/facts")
    metrics = api.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert "zhang" not in metrics.text.lower()
    assert "13800000000" not in metrics.text
    assert "guiyan_catalogue_measures" in metrics.text
    assert "guiyan_request_seconds_bucket" in metrics.text


class _Loads(HTMLParser):
    """What a page makes a browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href") and value and not value.startswith("data:")]


def test_the_documentation_page_loads_everything_from_here(api: httpx2.Client) -> None:
    page = api.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert not re.search(r"(https?:)?//[\w-]+\.\w", page.text)
    loads = _Loads()
    loads.feed(page.text)
    assert len(loads.found) >= 2
    for address in loads.found:
        assert address.startswith("/")
        asset = api.get(address)
        assert asset.status_code == 200
        assert len(asset.content) > 1_000
        if address.endswith(".css"):
            assert "@import" not in asset.text
            assert set(re.findall(r"url\(\s*['\"]?(\w*:?)", asset.text)) <= {"data:"}


def test_the_page_shows_the_description_that_is_served(api: httpx2.Client) -> None:
    assert re.search(r"url: '/openapi.json'", api.get("/docs").text)
    assert api.get("/openapi.json").status_code == 200


def test_the_openapi_description_is_valid_and_whole(api: httpx2.Client) -> None:
    description = api.get("/openapi.json").json()
    schemathesis.openapi.from_dict(description).validate()
    assert description["paths"].keys() >= ROUTES
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(description)):
        found = description
        for part in reference.split("/"):
            assert part in found, reference
            found = found[part]


def test_every_route_and_parameter_is_explained(api: httpx2.Client) -> None:
    description = api.get("/openapi.json").json()
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), f"{method} {path}"
            refusals = [code for code in operation["responses"] if code.startswith("4")]
            assert all(list(operation["responses"][code]["content"]) == ["application/problem+json"] for code in refusals), path
