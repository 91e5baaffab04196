"""What is made ready ahead of the first message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.catalog import Catalog
from app.hearsay import build_patterns
from app.library import Edition
from app.matching.day import Days
from app.understanding import build_lexicon, understand
from app.wording.replies import build_replies

DAY = dt.date(2026, 11, 23)


def test_a_warm_edition_has_nothing_left_to_make(files: Mapping[str, str], catalog: Catalog) -> None:
    edition = Edition(catalog, Days(catalog), build_patterns(files, catalog), build_lexicon(files, catalog), build_replies(files))
    said = "我想回偏关包个水库养鱼"
    assert any(pattern._ready is None for rule in edition.lexicon.rules for pattern in rule.say)
    cold = understand(said, build_lexicon(files, catalog), DAY, None).facts
    edition.warm(DAY)
    assert all(pattern._ready for rule in edition.lexicon.rules for pattern in (*rule.say, *rule.unless, *rule.given))
    assert all(pattern._ready for patterns in edition.lexicon.cues.values() for pattern in patterns)
    assert all(words._ready for words in edition.patterns.groups.values())
    assert all(item.regex._ready for rumour in edition.patterns.rumours for way in rumour.ways for item in way if item.regex)
    assert understand(said, edition.lexicon, DAY, None).facts == cold
