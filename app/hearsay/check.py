"""The check put together: rumours first, then figures, then what is left open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.catalog import Catalog
from app.hearsay import say
from app.hearsay.claims import Claim, HearsayAnswer
from app.hearsay.figures import FigureClaim, ended, figure_claims, fit, topics
from app.hearsay.message import Message, Span
from app.hearsay.patterns import Patterns
from app.hearsay.rumours import Found, alike, core, home, rumours

MOST_CLAIMS = 12
SHORTEST_QUOTE = 2


@dataclass(frozen=True)
class Placed:
    """A claim with the place of its words."""

    span: Span
    claim: Claim


def check(
    text: str, patterns: Patterns, catalog: Catalog, as_of: dt.date, language: str = "zh", about: Sequence[str] = ()
) -> HearsayAnswer:
    """What people have heard, put right. No claims: nothing was said that could be checked.

    `text` as the person wrote it; `language` ("zh" or "en") is that of corrections and reply; `about` the ids of the measures under
    discussion, the likeliest first: one of them is meant where the words name none (这个贷款不用还) and it is of the kind spoken of.
    """
    message = Message(text, patterns, catalog, as_of, about)
    speaker = say.Speaker(message, language)
    heard = rumours(message)
    numbers = _honest(
        message, _besides(message, figure_claims(message, tuple(span for f in heard for span in _inner(message, f))), heard), heard
    )
    if not heard and all(n.verdict == "cannot_tell" for n in numbers):
        heard = [f for f in alike(message) if all(_related(message, f.measure, n.measure) for n in numbers if f.span.meets(n.span))]
        numbers = [n for n in numbers if not any(f.span.meets(n.span) for f in heard)]
    placed = [Placed(home(message, f), speaker.rumour(f)) for f in _unspoilt(message, heard)] + _figures(message, speaker, numbers)
    if not placed:
        placed = _open(message, speaker)
    claims = _quoted(message, sorted(placed, key=lambda p: p.span.start)[:MOST_CLAIMS])
    return HearsayAnswer(claims, speaker.reply(claims))


def _quoted(message: Message, placed: list[Placed]) -> tuple[Claim, ...]:
    """The claims; where others stand near, each with its own words only: its clause, or the part of it from where the one before ends."""
    claims = []
    for number, one in enumerate(placed):
        clause = message.clause_of(one.span.start)
        before = [p.span.end for p in placed[:number] if clause.holds(p.span)]
        after = [p for p in placed[number + 1 :] if clause.holds(p.span)]
        own = Span(max([clause.start, *before]), one.span.end if after else clause.end)
        apart = len(placed) > 1 and clause.holds(one.span) and own.end - own.start >= SHORTEST_QUOTE
        claims.append(replace(one.claim, quote=message.words(own)) if apart else one.claim)
    return tuple(claims)


def _inner(message: Message, found: Found) -> Iterator[Span]:
    """The words of a rumour from the first to the last of each clause: the numbers among them are its own."""
    words = core(message, found)
    for clause in dict.fromkeys(message.clause_of(w.start) for w in words):
        own = [w for w in words if clause.meets(w)]
        yield Span(min(w.start for w in own), max(w.end for w in own))


def _besides(message: Message, numbers: list[FigureClaim], heard: list[Found]) -> list[FigureClaim]:
    """Without the numbers that stand in the clauses of a rumour, but for those that surely are not so and are said of its measure."""
    kept = []
    for number in numbers:
        near = [f for f in heard if _reach(message, f).meets(number.span)]
        sure = number.verdict in ("wrong", "outdated") and number.reading is not None
        if not near or (sure and any(_related(message, f.measure, number.measure) for f in near)):
            kept.append(number)
    return kept


def _reach(message: Message, found: Found) -> Span:
    return Span(message.clause_of(found.span.start).start, message.clause_of(found.span.end - 1).end)


def _related(message: Message, one: str | None, other: str) -> bool:
    entries = message.catalog.entries
    return one is not None and one in entries and (one in entries[other].lineage or other in entries[one].lineage)


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
            seen[key] = Placed(Span(number.quantity.start, number.quantity.end), speaker.figure(number))
    return list(seen.values())


def _open(message: Message, speaker: say.Speaker) -> list[Placed]:
    """A measure or something else is named, or something said to be heard, but nothing that could be checked."""
    if message.others:
        longest_other = max(message.others, key=lambda m: m.length)
        return [Placed(longest_other, speaker.other(longest_other, longest_other.measure))]
    about = topics(message, 0)
    groups = message.patterns.groups
    heard = groups["hearsay"].search(message.text)
    promised = groups["state"].search(message.text) and groups["gives"].search(message.text)
    if not message.text.strip() or not (about or heard or promised):
        return []
    span = message.sentence_of(about[0].start) if about else message.sentences[0] if message.sentences else Span(0, len(message.text))
    longest = max((m.length for m in about), default=0)
    entries = [message.catalog.entries[m.measure] for m in about if m.length == longest]
    best = min(entries, key=lambda e: (ended(message, e), *fit(message, e))) if entries else None
    return [Placed(span, speaker.open(span, best))]
