"""What several tests share: the real catalogue, read once, and small catalogues made of a few lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

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
