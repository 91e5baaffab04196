"""What several tests share: the real catalogue, read once, and small catalogues made of a few lines."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.catalog import Catalog, build_catalog
from app.files import read_files
from app.logs import configure
from app.matching.day import Day, Days
from app.settings import Settings
from app.understanding import Lexicon, build_lexicon

TODAY = dt.date(2026, 11, 23)

configure("INFO")  # as the service writes them: a whole catalogue printed with a failure takes minutes


@pytest.fixture(scope="session")
def files() -> Mapping[str, str]:
    return read_files(Settings().catalog_path)


@pytest.fixture(scope="session")
def catalog(files: Mapping[str, str]) -> Catalog:
    return build_catalog(files)


@pytest.fixture(scope="session")
def lexicon(files: Mapping[str, str], catalog: Catalog) -> Lexicon:
    return build_lexicon(files, catalog)


@pytest.fixture(scope="session")
def days(catalog: Catalog) -> Days:
    return Days(catalog)


@pytest.fixture(scope="session")
def day(days: Days) -> Day:
    return days.on(TODAY)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once: a second one beside it cannot be."""
    path = shutil.which("chromium")
    if path is None:
        reason = "no browser: apt-get install chromium (scripts/debian-packages.sh does it as root)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()
