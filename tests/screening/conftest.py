"""The words of rosters and what a run needs, made once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.catalog import Catalog
from app.screening.facts import Layout
from app.screening.values import Cells
from app.screening.words import RosterWords, build_words
from app.understanding import Lexicon, build_lexicon
from tests.screening.rosters import TODAY, World


@pytest.fixture(scope="session")
def words(files: Mapping[str, str], catalog: Catalog) -> RosterWords:
    return build_words(files, catalog)


@pytest.fixture(scope="session")
def lexicon(files: Mapping[str, str], catalog: Catalog) -> Lexicon:
    return build_lexicon(files, catalog)


@pytest.fixture(scope="session")
def world(catalog: Catalog, lexicon: Lexicon) -> World:
    return World(catalog, lexicon)


@pytest.fixture(scope="session")
def cells(catalog: Catalog, lexicon: Lexicon, words: RosterWords) -> Cells:
    return Cells(catalog, lexicon, words, TODAY)


@pytest.fixture(scope="session")
def layout(catalog: Catalog) -> Layout:
    return Layout(catalog)
