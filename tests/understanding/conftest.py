"""The words of the real catalogue, read once for all tests of this room."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.catalog import Catalog
from app.understanding import Lexicon, build_lexicon


@pytest.fixture(scope="session")
def lexicon(files: Mapping[str, str], catalog: Catalog) -> Lexicon:
    return build_lexicon(files, catalog)
