"""What a turn may look at: the catalogue on a day, the lexicon, the sentences, the checker of hearsay. All of it is handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.catalog.catalog import Catalog
from app.matching.day import Day
from app.wording.answer import Voice, voice
from app.wording.replies import Replies


class Heard(Protocol):
    """A fact that was read out of a message (app/understanding)."""

    @property
    def fact(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def approximate(self) -> bool: ...
    @property
    def certainty(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Understood(Protocol):
    """A message as it was understood (app/understanding)."""

    @property
    def intent(self) -> str: ...
    @property
    def facts(self) -> Sequence[Heard]: ...
    @property
    def removed(self) -> Sequence[str]: ...
    @property
    def measures(self) -> Sequence[str]: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def hearsay(self) -> Sequence[tuple[int, int]]: ...
    @property
    def about_other(self) -> bool: ...
    @property
    def what_if(self) -> bool: ...
    @property
    def supposed(self) -> Sequence[Heard]: ...
    @property
    def asks(self) -> bool: ...
    @property
    def also(self) -> str | None: ...


class HearsayAnswer(Protocol):
    """Hearsay checked claim by claim (app/hearsay)."""

    @property
    def claims(self) -> Sequence[Any]: ...
    @property
    def reply(self) -> str: ...


Understand = Callable[[str, Any, dt.date, str | None], Understood]
"""understand(text, lexicon, as_of, asking)"""
Hearsay = Callable[[str, str, Sequence[str]], HearsayAnswer | None]
"""hearsay(text, language, measures under discussion with the likeliest first)"""


@dataclass(frozen=True)
class World:
    """The world of one turn. `hearsay` is None where nobody can check what people say."""

    day: Day
    catalog: Catalog
    lexicon: Any
    as_of: dt.date
    replies: Replies
    understand: Understand
    hearsay: Hearsay | None = None

    def voice(self, language: str) -> Voice:
        return voice(self.day, language)

    def phone(self, number: str, language: str) -> Mapping[str, Any]:
        """A telephone line as a contact block."""
        contact = self.catalog.contacts[number]
        return {
            "kind": "contact",
            "number": contact.number,
            "name": contact.name.of(language),
            "confirmed": contact.checked.sure,
            "checked": self.voice(language).checked(contact.checked),
        }
