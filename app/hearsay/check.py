"""The check put together: rumours first, then figures, then what is left open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.catalog import Catalog
from app.hearsay import say
from app.hearsay.claims import Claim, HearsayAnswer
from app.hearsay.figures import FigureClaim, figure_claims, fit, topics
from app.hearsay.message import Message, Span
from app.hearsay.patterns import Patterns
from app.hearsay.rumours import Found, rumours

MOST_CLAIMS = 12


@dataclass(frozen=True)
class Placed:
    """A claim with the place of its words."""

    span: Span
    claim: Claim


def check(text: str, patterns: Patterns, catalog: Catalog, as_of: dt.date, language: str = "zh") -> HearsayAnswer:
    """What people have heard, put right. No claims: nothing was said that could be checked.

    `text` as the person wrote it; `language` ("zh" or "en") is that of corrections and reply.
    """
    message = Message(text, patterns, catalog, as_of)
    speaker = say.Speaker(message, language)
    heard = rumours(message)
    numbers = _honest(message, figure_claims(message, tuple(_reach(message, f) for f in heard)), heard)
    placed = [Placed(f.span, speaker.rumour(f)) for f in _unspoilt(message, heard)] + _figures(message, speaker, numbers)
    if not placed:
        placed = _open(message, speaker)
    claims = tuple(p.claim for p in sorted(placed, key=lambda p: p.span.start))[:MOST_CLAIMS]
    return HearsayAnswer(claims, speaker.reply(claims))


def _reach(message: Message, found: Found) -> Span:
    """A rumour takes its clauses whole, with the numbers in them."""
    return Span(message.clause_of(found.span.start).start, message.clause_of(found.span.end - 1).end)


def _unspoilt(message: Message, heard: list[Found]) -> list[Found]:
    """Without the true ones that share a sentence with one that is not."""
    spoilt = {message.sentence_of(f.span.start) for f in heard if f.rumour.shape.verdict != "true"}
    return [f for f in heard if f.rumour.shape.verdict != "true" or message.sentence_of(f.span.start) not in spoilt]


def _honest(message: Message, numbers: list[FigureClaim], heard: list[Found]) -> list[FigureClaim]:
    """Without right numbers in a sentence that says something else which is not so."""
    spoilt = {message.sentence_of(f.span.start) for f in heard if f.rumour.shape.verdict != "true"}
    spoilt |= {message.sentence_of(n.span.start) for n in numbers if n.verdict != "true"}
    return [n for n in numbers if n.verdict != "true" or message.sentence_of(n.span.start) not in spoilt]


def _figures(message: Message, speaker: say.Speaker, numbers: list[FigureClaim]) -> list[Placed]:
    """One claim for each measure, verdict and figure of a clause."""
    seen: dict[tuple[object, ...], Placed] = {}
    for number in numbers:
        name = number.reading.name if number.reading else None
        key = (message.clause_of(number.span.start), number.measure, number.verdict, None if number.verdict == "true" else name)
        if key not in seen:
            seen[key] = Placed(number.span, speaker.figure(number))
    return list(seen.values())


def _open(message: Message, speaker: say.Speaker) -> list[Placed]:
    """A measure is named, or something said to be heard, but nothing that could be checked."""
    about = topics(message, 0)
    groups = message.patterns.groups
    heard = groups["hearsay"].search(message.text)
    promised = groups["state"].search(message.text) and groups["gives"].search(message.text)
    if not message.text.strip() or not (about or heard or promised):
        return []
    span = message.sentence_of(about[0].start) if about else message.sentences[0] if message.sentences else Span(0, len(message.text))
    longest = max((m.length for m in about), default=0)
    entries = [message.catalog.entries[m.measure] for m in about if m.length == longest]
    best = min(entries, key=lambda e: fit(message, e)) if entries else None
    return [Placed(span, speaker.open(span, best))]
