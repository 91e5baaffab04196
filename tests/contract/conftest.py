"""Two running services: one over the catalogue as it is, one over a copy that tests may change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from app.settings import Settings
from tests.factories import Server, copy_catalogue, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("plain"), Settings().catalog_path, reload_seconds="0") as found:
        yield found


@pytest.fixture(scope="session")
def api(server: Server) -> httpx2.Client:
    return server.client


@pytest.fixture(scope="session")
def reloading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("reloading")
    with serving(
        folder, copy_catalogue(folder / "catalogue"), reload_seconds="0.2", max_batch_bytes="4096", max_batch_profiles="3"
    ) as found:
        yield found


@pytest.fixture(scope="session")
def facts(api: httpx2.Client) -> dict[str, dict[str, Any]]:
    """The vocabulary as GET /v1/facts gives it, by id."""
    return {fact["id"]: fact for fact in api.get("/v1/facts").json()["facts"]}
