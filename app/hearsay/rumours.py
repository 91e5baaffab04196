"""Rumours found in a message: every item of one of their ways in one sentence, the closest together first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.hearsay.figures import fit, topics
from app.hearsay.message import Message, Span
from app.hearsay.patterns import Item, Rumour, negated

WIDEST = 60
"""Characters between the first and the last word of a rumour."""
MOST_COUNTED = 6
BY_MANY = 3


@dataclass(frozen=True)
class Found:
    """A rumour in the message: its measure, the words that say it (without the measure's name), and how much of it was said."""

    rumour: Rumour
    measure: str | None
    words: tuple[Span, ...]
    score: int

    @property
    def span(self) -> Span:
        return Span(min(w.start for w in self.words), max(w.end for w in self.words))


def rumours(message: Message) -> list[Found]:
    """The rumours of a message; of those that share words only the one of which most was said."""
    found = sorted((f for rumour in message.patterns.rumours for f in _of(message, rumour)), key=lambda f: -f.score)
    kept: list[Found] = []
    for item in found:
        if not any(_clash(message, item, other) for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda f: f.span.start)


def _clash(message: Message, one: Found, other: Found) -> bool:
    if any(a.meets(b) for a in one.words for b in other.words):
        return True
    same = message.sentence_of(one.span.start) == message.sentence_of(other.span.start)
    return same and (
        one.span.meets(other.span) or (one.measure == other.measure and one.rumour.shape.verdict == other.rumour.shape.verdict)
    )


def _of(message: Message, rumour: Rumour) -> Iterator[Found]:
    for sentence in message.sentences:
        best: Found | None = None
        for way in rumour.ways:
            found = _way(message, rumour, way, sentence)
            if found is not None and (best is None or found.score > best.score):
                best = found
        if best is not None:
            yield best


def _way(message: Message, rumour: Rumour, way: tuple[Item, ...], sentence: Span) -> Found | None:
    if any(item.absent and item.regex is not None and item.regex.search(message.text, sentence.start, sentence.end) for item in way):
        return None
    spans: list[list[Span]] = []
    for item in way:
        if not item.absent and not item.names:
            spans.append(list(_places(message, item, sentence)))
            if not spans[-1]:
                return None
    words = _closest(spans)
    if words is None or words[-1].end - words[0].start > WIDEST:
        return None
    measure, named = rumour.shape.measure, 0
    if any(item.names for item in way):
        meant = _meant(message, rumour, sentence)
        if meant is None:
            return None
        measure, named = meant
    counted = sum(min(w.end - w.start, MOST_COUNTED) for w in words) + 2 * len(words) + min(named, MOST_COUNTED)
    return Found(rumour, measure, words, counted - (BY_MANY if rumour.shape.kinds or rumour.shape.measures else 0))


def _places(message: Message, item: Item, sentence: Span) -> Iterator[Span]:
    if item.quantity:
        bare = ("money", "number") if item.quantity == "money" else (item.quantity,)
        yield from (Span(q.start, q.end) for q in message.quantities if q.kind in bare and sentence.start <= q.start < sentence.end)
    elif item.regex is not None:
        for found in item.regex.finditer(message.text, sentence.start, sentence.end):
            if not negated(message.text, found.start(), found.group()):
                yield Span(found.start(), found.end())


def _closest(spans: list[list[Span]]) -> tuple[Span, ...] | None:
    """One span of each list, as near to one another as can be, none within another's; None when two items want the same words."""
    best: tuple[Span, ...] | None = None
    for anchor in spans[0]:
        chosen = [anchor]
        for others in spans[1:]:
            free = [s for s in others if not any(c.meets(s) for c in chosen)]
            if not free:
                break
            chosen.append(min(free, key=lambda s: abs(s.start - anchor.start)))
        else:
            ordered = tuple(sorted(chosen, key=lambda s: s.start))
            if best is None or ordered[-1].end - ordered[0].start < best[-1].end - best[0].start:
                best = ordered
    return best


def _meant(message: Message, rumour: Rumour, sentence: Span) -> tuple[str, int] | None:
    """The measure named that the rumour is about, with how many characters name it."""
    shape = rumour.shape
    about = topics(message, sentence.start)
    lengths = {m.measure: max(o.length for o in about if o.measure == m.measure) for m in about}
    if shape.measure is not None:
        own = [m for m in message.mentions if m.measure == shape.measure]
        return (shape.measure, max(m.length for m in own)) if shape.measure in lengths or own else None
    entries = (message.catalog.entries[name] for name in lengths)
    fitting = [e for e in entries if e.id in shape.measures or (not shape.measures and e.measure.kind in shape.kinds)]
    if not fitting:
        return None
    best = min(fitting, key=lambda e: (-lengths[e.id], fit(message, e)))
    return best.id, lengths[best.id]
