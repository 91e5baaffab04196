"""The check put together: rumours first, then figures, then what is left open."""

from __future__ import annotations

import datetime as dt
import re
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
_ASKS = re.compile(
    r"(?:咋|怎么|怎样)(?:申请|领|弄|报|办(?![呀啊呢哩嘛哇]*$))|能不能|要不要|还在不在|算不算|给不给|行不行|(?:要|得|能)(?:交|缴|花|领|补|给|借|贷)(?:几(?![百千万十])|多少)|要多少|多少钱(?![都也是])"
    r"|(?:养老保险|社保|医保|户口)[^。？！]{0,6}能[^。？！]{1,6}吗|想(?:转|回|开|盖|养|种|办|申请|做|念|上)[^。？！]{1,14}$"
)
"""A question or a wish of the person's own: nothing is claimed."""
_OWN = re.compile(
    r"(?:我|俺|(?<![一-龥])额|咱|家里|孙子|孙女|老二|老大|闺女|小的|娃|孩子|宝宝|妞|小子)(?:家|们)?(?:老人|娃|闺女|儿子|小子|孩子|媳妇|妈|爸)?[^，,。！？]{0,6}(?:今年|才|都|岁|一个月(?:才)?(?:卖|挣)|每月(?:卖|挣|领)|贷了|借了|交了|卖了|领着|种了|养了)"
)
"""What somebody tells of their own life: a number in it is no claim of what the rules say."""
_RULE = re.compile(r"能|可以|给|补|最多|最高|封顶|顶多|上限|国家|政府|政策|规定|都说|听说|人家说|只能|才能|必须")
"""Words of what the rules are said to be."""
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
    heard = [f for f in rumours(message) if not asks(message, f.span)]
    numbers = _besides(message, figure_claims(message, tuple(span for f in heard for span in _inner(message, f))), heard)
    numbers = _honest(message, [n for n in numbers if not asks(message, n.span) and not _of_own_life(message, n)], heard)
    if not heard and all(n.verdict == "cannot_tell" for n in numbers):
        heard = [
            f
            for f in alike(message)
            if not asks(message, f.span)
            and all(_related(message, f.measure, n.measure) and n.why != "twisted" for n in numbers if f.span.meets(n.span))
        ]
        numbers = [n for n in numbers if not any(f.span.meets(n.span) for f in heard)]
    placed = [Placed(home(message, f), speaker.rumour(f)) for f in _unspoilt(message, heard)] + _figures(message, speaker, numbers)
    if not placed:
        placed = _open(message, speaker)
    claims = _quoted(message, sorted(placed, key=lambda p: p.span.start)[:MOST_CLAIMS])
    return HearsayAnswer(claims, speaker.reply(claims))


def asks(message: Message, span: Span) -> bool:
    """Whether the sentence of some words asks or wishes, where nobody says that it was heard."""
    sentence = message.words(message.sentence_of(span.start)).rstrip("。！？!? ")
    return _ASKS.search(sentence) is not None and message.patterns.groups["hearsay"].search(message.text) is None


def own(message: Message, span: Span) -> bool:
    """Whether the clause of some words only tells of the person's own life."""
    clause = message.words(message.clause_of(span.start))
    return _OWN.search(clause) is not None and _RULE.search(clause) is None


def _of_own_life(message: Message, number: FigureClaim) -> bool:
    """Whether a number only tells of the person's own life; an age beyond the bound of a measure does not (娃五岁，一年领3600)."""
    bound = number.reading.present.value if number.reading and number.reading.present else None
    if number.quantity.kind == "age" and number.verdict == "wrong" and isinstance(bound, int | float) and number.quantity.value > bound:
        return False
    return own(message, number.span)


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
