"""What `understand` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One fact as the message states it. Offsets count code points of the text as sent; `quote` is text[start:end].

    `fact` is a fact's id, or a dotted one for an option of a set (needs.funding). `value` has the API's form. `low` and `high` bound a number
    (None: no bound known). `stated` facts count at once, `guessed` ones after the person has confirmed them.
    """

    fact: str
    value: Any
    low: float | None
    high: float | None
    approximate: bool
    certainty: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Understood:
    """A message as understood: what is wanted (`intent`), the facts in it, and what it is about.

    `removed`: facts the person takes back. `measures`: ids that the message names. `words`: hard words asked about. `hearsay`: spans (code
    points of the text as sent) of what others say. `about_other`: the matter is someone else's. `what_if`: it only asks what would be.
    `supposed`: what it supposes to be so (要是我养羊呢); none of that is among `facts`. `asks`: something in it is a question.
    `also`: what it asks beside the facts that it tells (ask_summary, ask_where).
    """

    text: str
    intent: str
    facts: tuple[Heard, ...] = ()
    removed: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hearsay: tuple[tuple[int, int], ...] = ()
    about_other: bool = False
    what_if: bool = False
    supposed: tuple[Heard, ...] = ()
    asks: bool = False
    also: str | None = None
