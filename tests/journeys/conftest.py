"""A real browser (Debian's Chromium) before a small server of the contract, or before the real service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.catalog import Catalog
from app.main import create_app
from app.matching.day import Days
from app.settings import Settings
from tests.widget.fake import Shelf, World, make_app, served

PHONE, DESK = (360, 740), (1280, 800)
PATIENCE_MS = 30_000
"""How long a step may take before it counts as never: a busy machine is slow, and a test is not a benchmark."""
Opens = Callable[..., BrowserContext]
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class House:
    """The service and what it holds."""

    base: str
    world: World


@pytest.fixture
def house(catalog: Catalog, days: Days) -> Iterator[House]:
    world = World()
    with served(make_app(world, Settings(), Shelf(catalog, days))) as base:
        yield House(base, world)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real service on a database of its own; gives its address."""
    database = tmp_path_factory.mktemp("journeys") / "guiyan.sqlite"
    with served(create_app(Settings(database_url=f"sqlite:///{database}", reload_seconds=0)), lifespan="on") as base:
        yield base


@pytest.fixture
def context(browser: Browser) -> Iterator[Opens]:
    """Opens a browser of its own (own storage) of a size."""
    made: list[BrowserContext] = []

    def make(size: tuple[int, int] = PHONE, *, bypass_csp: bool = False) -> BrowserContext:
        made.append(browser.new_context(viewport={"width": size[0], "height": size[1]}, bypass_csp=bypass_csp))
        made[-1].set_default_timeout(PATIENCE_MS)
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def page(context: Opens) -> Page:
    return context().new_page()
