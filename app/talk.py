"""Shell: the conversation core joined to the catalogue being served and to the clock."""

from __future__ import annotations

import datetime as dt

from app import conversation
from app.clock import today
from app.hearsay import check
from app.library import Edition, Library
from app.store.desk import Core
from app.understanding import understand


def world(edition: Edition, day: dt.date) -> conversation.World:
    """What a turn on a day may look at."""
    return conversation.World(
        edition.on(day), edition.catalog, edition.lexicon, day, edition.replies, understand,
        lambda text, language, about: check(text, edition.patterns, edition.catalog, day, language, about),
    )  # fmt: skip


def core(library: Library) -> Core:
    """The conversation as the store uses it, always on the newest edition and today."""
    return Core(
        conversation.open_conversation,
        conversation.take,
        conversation.correct,
        conversation.fold,
        conversation.Event,
        lambda: world(library.edition, today()),
    )
