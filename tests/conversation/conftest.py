"""The world of a conversation on a fixed day."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.catalog import Catalog
from app.conversation import World
from app.hearsay import build_patterns
from app.library import Edition
from app.matching.day import Day, Days
from app.talk import world as service_world
from app.understanding import build_lexicon
from app.wording.replies import Replies, build_replies
from tests.conftest import TODAY
from tests.conversation.double import Understood


@pytest.fixture(scope="session")
def replies(files: Mapping[str, str]) -> Replies:
    return build_replies(files)


@pytest.fixture(scope="session")
def world(catalog: Catalog, day: Day, replies: Replies) -> World:
    """Nobody understands anything here; tests put their own understanding in."""
    return World(day, catalog, None, TODAY, replies, lambda _text, _lexicon, _as_of, _asking: Understood("unclear"))


@pytest.fixture(scope="session")
def real_world(files: Mapping[str, str], catalog: Catalog, days: Days, replies: Replies) -> World:
    """The world as the service makes it: real understanding, real hearsay."""
    return service_world(Edition(catalog, days, build_patterns(files, catalog), build_lexicon(files, catalog), replies), TODAY)
