"""Rumours found in a message: every item of one of their ways in one sentence, the closest together first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.hearsay.figures import elsewhere, fit, topics, twisted
from app.hearsay.message import Message, Span
from app.hearsay.patterns import Item, Rumour, negated, rhetorical, taken_back
from app.hearsay.sayings import AHEAD, NEAR, NEAR_ELSEWHERE, NEAR_TWIN, NEAR_UNSAID, NEVER_NEAR, plain

WIDEST = 60
"""Characters between the first and the last word of a rumour."""
MOST_COUNTED = 6
MOST_TRIED = 4
"""Places of a word that are tried when two items want the same one."""
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


def alike(message: Message) -> list[Found]:
    """The rumour that each sentence comes near to by its wording; where a measure is under discussion or pointed at, only one about it."""
    found = []
    for sentence in message.sentences:
        if _own_matter(message, sentence):
            continue
        nearest = message.patterns.sayings.likest(plain(message.bare(sentence)))
        if not nearest:
            continue
        rumour, likeness = message.patterns.rumours[nearest[0].rumour], nearest[0].likeness
        if likeness < _needed(message, rumour, sentence) or _turned(message, rumour, sentence) or _rights(message, rumour, sentence):
            continue
        if any(sentence.holds(m) and m.measure != rumour.shape.measure for m in message.others):
            continue
        close = (message.patterns.rumours[other.rumour] for other in nearest[1:] if likeness - other.likeness < AHEAD)
        if not any(likeness >= _needed(message, other, sentence) for other in close):
            found.append(Found(rumour, rumour.shape.measure, (sentence,), 0))
    return found


_ASKS = re.compile(
    r"(?:怎么|咋|怎样)(?:申请|办|领|弄|转|报|登记|交|缴|查)|去哪|找谁|哪儿|哪里|啥手续|什么手续|啥证|什么证|要办啥|接着[要该咋怎]|能赔多少"
)
_SAYS = re.compile(
    r"[就能都给发补免要得才全白算认]|(?<![0-9一二两三四五六七八九十百千几多])只|不用|不收|必须|没了|收回|收走|肯定|一定|打水漂|转不|回不|没[处法办]"
)
"""Words without which nothing is claimed."""
_MINE = re.compile(r"欠[了着]?[我俺额咱]|[我俺额咱]们?(?:家|村)?的?(?:工资|工钱|地|娃|孩子|老人)")


def _own_matter(message: Message, sentence: Span) -> bool:
    """Whether a sentence only tells of the person's own life, wishes, or asks how; then no likeness makes it a rumour."""
    said = message.text[sentence.start : sentence.end]
    if message.places_of(message.patterns.groups["hearsay"], sentence) or any(sentence.holds(tag) for tag in message.tags):
        return False
    own = message.told(message.clause_of(sentence.start)) or _MINE.search(said) is not None
    return _ASKS.search(said) is not None or (own and _SAYS.search(said) is None)


_TURNS = re.compile(r"补[贴助][^。，]{0,3}不用还|(?<![是又也])不是(?!自|咱|我|说|真|有|非|都|得|要|必)|不自动|不影响|洗不|不丢")
"""Words that deny what a rumour asserts."""


def _turned(message: Message, rumour: Rumour, sentence: Span) -> bool:
    """Whether a sentence plainly denies what the rumour asserts (不是全免费, 补贴不用还): no known wording says it so."""
    if rumour.shape.verdict == "true":
        return False
    found = (
        m
        for m in _TURNS.finditer(message.text, sentence.start, sentence.end)
        if not message.left_open(Span(*m.span())) and not rhetorical(message.text, m.start())
    )
    first = next(found, None)
    if rumour.unless is not None and any(_stands(message, place) for place in message.places_of(rumour.unless, sentence)):
        return True
    return first is not None and not any(first.group() in text for text in (*rumour.shape.said, rumour.shape.misheard or ""))


def _stands(message: Message, place: Span) -> bool:
    """Whether a word is neither asked about nor denied itself (不会停)."""
    return not message.left_open(place) and not negated(message.text, place.start, message.text[place.start : place.end])


_RIGHTS = re.compile(
    r"[也都照]能|也可以|也有|也给|也是|可以[申找去在]|能[申找]|不能(?!不)|不用|不会|不算|不得|不准|不许|不一定|不影响|不作废|骗|违法|犯法|等待期|仍|照样|还[是在归]"
    r"|要[还审先批]|得[还审先批办]|只[贴免]|一部分|自己[也要得]"
)
"""Words with which people say what is so: they turn a likeness, unless a wording of the rumour holds them too."""


def _rights(message: Message, rumour: Rumour, sentence: Span) -> bool:
    """Whether a sentence that is only like a rumour says the very opposite in one word (头胎也有, 不能开饭店)."""
    said = (*rumour.shape.said, rumour.shape.misheard or "")
    found = _RIGHTS.finditer(message.text, sentence.start, sentence.end)
    return any(not message.left_open(Span(*m.span())) and not any(m.group() in text for text in said) for m in found)


def _elsewhere(message: Message, rumour: Rumour, sentence: Span) -> bool:
    """Whether a sentence and a rumour speak of different things (送礼 for a loan, 送礼 for dibao)."""
    known = message.patterns.subjects[rumour.number]
    spoken = message.subjects_of(sentence) if known else frozenset()
    return bool(spoken) and spoken.isdisjoint(known)


def _needed(message: Message, rumour: Rumour, sentence: Span) -> float:
    """The likeness that makes a sentence a rumour: none does where the two speak of different things (送礼 for a loan, 送礼 for dibao)."""
    if _elsewhere(message, rumour, sentence):
        return NEVER_NEAR
    named = {m.measure for m in message.mentions if sentence.holds(m)}
    if rumour.shape.measure in message.patterns.also_true:
        return NEAR_TWIN
    if rumour.shape.measure in named:
        return NEAR
    if message.about or message.points(sentence):
        return NEVER_NEAR
    if message.patterns.subjects[rumour.number] and not message.subjects_of(sentence):
        return NEAR_UNSAID
    return NEAR_ELSEWHERE if named else NEAR


def _clash(message: Message, one: Found, other: Found) -> bool:
    mine, others = core(message, one), core(message, other)
    if any(a.meets(b) for a in mine for b in others):
        return True
    same = message.sentence_of(one.span.start) == message.sentence_of(other.span.start)
    return same and (
        home(message, one).meets(home(message, other))
        or (one.measure == other.measure and one.rumour.shape.verdict == other.rumour.shape.verdict)
    )


def core(message: Message, found: Found) -> tuple[Span, ...]:
    """The words of a rumour without those that only name a measure; all of them where nothing else is left."""
    return core_of(message, found.words)


def core_of(message: Message, words: tuple[Span, ...]) -> tuple[Span, ...]:
    """Some words without those that only name a measure; all of them where nothing else is left."""
    return tuple(w for w in words if not any(m.holds(w) for m in message.mentions)) or words


def home(message: Message, found: Found) -> Span:
    """The words of a rumour in the clause that holds the last of them."""
    words = core(message, found)
    clause = message.clause_of(words[-1].start)
    own = [w for w in words if clause.meets(w)]
    return Span(min(w.start for w in own), max(w.end for w in own))


def _of(message: Message, rumour: Rumour) -> Iterator[Found]:
    for sentence in message.sentences:
        if _elsewhere(message, rumour, sentence) and not any(
            m.measure == rumour.shape.measure and sentence.holds(m) for m in message.mentions
        ):
            continue
        best: Found | None = None
        for way in rumour.ways:
            found = _way(message, rumour, way, sentence)
            if found is not None and (best is None or found.score > best.score):
                best = found
        if best is not None and not _turned(message, rumour, sentence):
            yield best


def _way(message: Message, rumour: Rumour, way: tuple[Item, ...], sentence: Span) -> Found | None:
    if any(_spoils(message, item, sentence) for item in way):
        return None
    spans: list[list[Span]] = []
    for item in way:
        if not item.absent and not item.names:
            spans.append(list(_places(message, rumour, item, sentence)))
            if not spans[-1]:
                return None
    words = _closest(spans)
    if words is None or words[-1].end - words[0].start > WIDEST:
        return None
    if rumour.shape.verdict == "true" and not _plain(message, rumour, way, words, sentence):
        return None
    last = message.clause_of(words[-1].start)
    if rumour.shape.verdict != "true" and taken_back(message.text, last.start, ((w.start, w.end) for w in words if last.meets(w))):
        return None
    measure, named = rumour.shape.measure, 0
    if any(item.names for item in way):
        meant = _meant(message, rumour, sentence)
        if meant is None:
            return None
        measure, named = meant
    counted = sum(min(w.end - w.start, MOST_COUNTED) for w in words) + 2 * len(words) + min(named, MOST_COUNTED)
    return Found(rumour, measure, words, counted - (BY_MANY if rumour.shape.kinds or rumour.shape.measures else 0))


def _spoils(message: Message, item: Item, sentence: Span) -> bool:
    """Whether a sentence says what must not be there; what only asks (管不管) does not count."""
    if not item.absent or item.regex is None:
        return False
    return any(not message.left_open(place) for place in message.places_of(item.regex, sentence))


def _plain(message: Message, rumour: Rumour, way: tuple[Item, ...], words: tuple[Span, ...], sentence: Span) -> bool:
    """Whether a message says nothing that could turn what is true: no twist, no sum, share or term besides, hardly a word more."""
    entry = message.catalog.entries.get(rumour.shape.measure or "")
    plainly = message.places_of(message.patterns.groups["plain"], sentence)
    if twisted(message, (*words, *plainly)) or (entry and elsewhere(message, entry)):
        return False
    own = core_of(message, words)
    asides = message.asides(message.clause_of(own[0].start).start)
    others = [q for q in message.quantities if sentence.holds(Span(q.start, q.end)) and q.kind in ("money", "share", "duration", "number")]
    others = [q for q in others if not message.text[: q.start].endswith("这") and not message.own(q)]
    if any(not any(w.meets(Span(q.start, q.end)) for w in (*words, *asides)) for q in others):
        return False
    asked = [place for item in way if item.regex is not None and not item.absent for place in message.places_of(item.regex, sentence)]
    claim = (*words, *asked)
    return message.clear(own[0].start, words, (*claim, *plainly))


def _places(message: Message, rumour: Rumour, item: Item, sentence: Span) -> Iterator[Span]:
    if item.quantity:
        bare = ("money", "number") if item.quantity == "money" else (item.quantity,)
        yield from (Span(q.start, q.end) for q in message.quantities if q.kind in bare and sentence.start <= q.start < sentence.end)
    elif item.regex is not None:
        for found in message.places_of(item.regex, sentence):
            names = any(m.measure == rumour.shape.measure and m.holds(found) for m in message.mentions)
            if names or not negated(message.text, found.start, message.text[found.start : found.end]) or _asked(message, rumour, found):
                yield found


def _asked(message: Message, rumour: Rumour, found: Span) -> bool:
    """Whether a word of what is not so is only denied to ask for a yes (不是没有利息的么)."""
    return rumour.shape.verdict != "true" and rhetorical(message.text, found.start - len("不是"))


def _closest(spans: list[list[Span]]) -> tuple[Span, ...] | None:
    """One span of each list, as near to one another as can be, none within another's; None when two items want the same words."""
    best: tuple[Span, ...] | None = None
    for anchor in spans[0]:
        near = [sorted(others, key=lambda s: abs(s.start - anchor.start))[:MOST_TRIED] for others in spans[1:]]
        chosen = _apart((anchor,), near)
        if chosen is not None:
            ordered = tuple(sorted(chosen, key=lambda s: s.start))
            if best is None or ordered[-1].end - ordered[0].start < best[-1].end - best[0].start:
                best = ordered
    return best


def _apart(chosen: tuple[Span, ...], rest: list[list[Span]]) -> tuple[Span, ...] | None:
    """One more span of each list that meets none of the chosen, the first that will do."""
    if not rest:
        return chosen
    for span in rest[0]:
        if not any(span.meets(other) for other in chosen):
            found = _apart((*chosen, span), rest[1:])
            if found is not None:
                return found
    return None


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
    best = min(fitting, key=lambda e: (-lengths[e.id], *fit(message, e)))
    return best.id, lengths[best.id]
