"""Which trade a message is about, and how far it is: wished for, being prepared, carried on, or given up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import KIND, Lexicon
from app.understanding.marked import Marked
from app.understanding.scope import Scope
from app.understanding.staff import EMPLOYEES, staff_facts
from app.understanding.weighing import (
    DENIED,
    GOODS,
    HIRED,
    IDEA,
    INTEREST,
    KINDS,
    NAMED,
    OPERATING,
    PAST,
    SOIL,
    TOPIC,
    VENUE,
    Mention,
    Weighing,
)  # fmt: skip
from app.understanding.yearly import yearly_facts

RUNNING, PREPARING, ONLINE, FARMING = "_running", "_preparing", "_online", "_farming"
"""Facts of rules that show a business at work, one being prepared, selling on a platform, and work in field or stable."""
SIZES = frozenset(("rents_premises", "land_area_mu", "water_area_mu", "contracted_land", "online_store"))
"""In reply to these the name of what is had is no news."""
SAYS_STAGE = frozenset((None, "sector", "business_stage", "business_form"))
"""What shows a business at work counts when nothing, or one of these, was asked for."""
GROWN = frozenset(("livestock", "aquaculture", "produce", "crops"))
"""Sectors whose goods, beside work in field or stable, tell the trade."""
FARMED = {"livestock": "animals.", "produce": "crops_grown.", "crops": "crops_grown."}
"""Sectors of which it is told what is kept or grown, and the fact that tells it."""
BARE = 8
"""Signs of a reply that only names the trade."""


@dataclass(frozen=True)
class _Signs:
    """What besides the trades themselves tells of a business. A higher rank than 0 tells it even where no trade is named."""

    running: Sequence[Candidate]
    preparing: Sequence[Candidate]
    ideas: Sequence[Candidate]
    farming: bool
    licensed: bool


def trade_facts(
    marked: Marked, found: Sequence[Candidate], lexicon: Lexicon, scope: Scope | None = None, asking: str | None = None
) -> list[Candidate]:
    """Sector and stage from the trades that rules found and from what shows a business at work or being prepared; staff, sales, areas."""
    mentions = _as_asked(_mentions(marked, found, lexicon, scope), marked, asking)
    business = [] if scope is None else [*staff_facts(marked, scope, lexicon, asking), *yearly_facts(marked, scope, lexicon, asking)]
    staff = [c for c in business if c.fact == EMPLOYEES and c.value]
    ideas = [c for c in found if c.fact == "business_stage" and c.value == IDEA]
    farming, licensed = any(c.fact == FARMING for c in found), lexicon.cue("licence_got", marked.text) is not None
    signs = _Signs([*_of(found, RUNNING), *staff], _of(found, PREPARING), ideas, farming, licensed)
    live = _live(mentions, signs)
    facts = [*business, *_online(marked, found, lexicon, scope), *_stage(live, signs, asking)]
    return [*facts, *_kept_and_grown(live, marked, lexicon), *(_sector(live) if live else _only_named(mentions, asking))]


def _kept_and_grown(live: Sequence[Mention], marked: Marked, lexicon: Lexicon) -> Iterator[Candidate]:
    """What the trades that count keep or grow, as far as their own words and what is named with them tell."""
    for m in live:
        if m.said.value not in FARMED:
            continue
        more = lexicon.cue("kind_more", marked.text[m.said.end :])
        words = marked.text[m.said.start : m.said.end] + (more.group() if more else "")
        for name in lexicon.kinds:
            if name.startswith(FARMED[m.said.value]) and lexicon.cue(KIND + name, words):
                yield replace(m.said, fact=name, value=True, rank=0, sure=True)


def named_trades(found: Sequence[Candidate]) -> list[Candidate]:
    """The trades that rules found, each stretch of the message taken once."""
    return _longest(c for c in found if c.fact in KINDS)


def given_up(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon) -> bool:
    """Whether a trade is only mentioned to say no to it (不养猪了)."""
    return {m.phase for m in _mentions(marked, found, lexicon, None) if m.said.fact != GOODS} == {DENIED}


def hired_at(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon, scope: Scope) -> frozenset[int]:
    """Where the trades stand that are work for others (在太原做保洁)."""
    return frozenset(m.said.start for m in _mentions(marked, found, lexicon, scope) if m.phase == HIRED)


def _of(found: Sequence[Candidate], fact: str) -> list[Candidate]:
    return [c for c in found if c.fact == fact]


def _mentions(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon, scope: Scope | None) -> list[Mention]:
    trades = named_trades(found)
    if not trades:
        return []
    wishes = sorted({m.start() for m in lexicon.all_cues("trade_want", marked.text)})
    mentions = [Weighing(c, marked, lexicon, scope, wishes).mention() for c in trades]
    return _left_behind(mentions, marked.text, lexicon)


def _longest(trades: Iterable[Candidate]) -> list[Candidate]:
    """Of mentions that overlap the one of the higher rank, then the longer."""
    kept: list[Candidate] = []
    for c in sorted(trades, key=lambda c: (-c.rank, c.start - c.end, c.start)):
        if not any(k.start < c.end and c.start < k.end for k in kept):
            kept.append(c)
    return sorted(kept, key=lambda c: c.start)


def _left_behind(mentions: list[Mention], text: str, lexicon: Lexicon) -> list[Mention]:
    """What was carried on before the coming home that the message tells of, with another trade after it, is over."""
    homes = [m.start() for m in lexicon.all_cues("trade_came_home", text)]
    later = [m.said.start for m in mentions if m.phase in (IDEA, OPERATING)]
    left = {m for m in mentions if m.phase == OPERATING and any(m.said.end <= h < at for h in homes for at in later)}
    return [replace(m, phase=PAST) if m in left else m for m in mentions]


def _as_asked(mentions: list[Mention], marked: Marked, asking: str | None) -> list[Mention]:
    """A reply that only names the trade, or something had, tells no stage."""
    if asking == "sector":
        return [replace(m, phase=NAMED) if m.phase == OPERATING and (len(marked.text) <= BARE or not m.firm) else m for m in mentions]
    if asking in SIZES:
        return [replace(m, phase=NAMED) for m in mentions]
    return mentions


def _online(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon, scope: Scope | None) -> list[Candidate]:
    """Selling on a platform, where it is done and not wished for, asked about or told of others."""
    wishes = sorted({m.start() for m in lexicon.all_cues("trade_want", marked.text)})
    real = [c for c in _of(found, ONLINE) if Weighing(c, marked, lexicon, scope, wishes).is_real()]
    return [replace(c, fact="online_store", rank=2) for c in real[:1]]


def _live(mentions: Sequence[Mention], signs: _Signs) -> list[Mention]:
    """The trades that count: wished for or carried on; one only named, learnt or done for others where a business, or a wish for one, shows."""
    live = [m for m in mentions if m.phase in (IDEA, OPERATING)]
    if live and signs.ideas and not any(m.firm for m in live):
        return [replace(m, phase=IDEA) for m in live]
    if live:
        return live
    at_work = any(c.rank > 0 for c in signs.running)
    if signs.ideas or any(c.rank > 0 or not at_work for c in signs.preparing):
        phases = ((NAMED, INTEREST), (HIRED,), (GOODS,) if signs.ideas else ())
        shown = next((several for wanted in phases if (several := [m for m in mentions if m.phase in wanted])), [])
        return [replace(m, phase=IDEA) for m in shown or [m for m in mentions if m.topic]]
    return [replace(m, phase=OPERATING) for m in _shown_at_work(mentions, signs)]


def _shown_at_work(mentions: Sequence[Mention], signs: _Signs) -> list[Mention]:
    strong = any(c.rank > 0 for c in signs.running)
    grows = {m for m in mentions if signs.farming and m.said.fact == VENUE and m.said.value in GROWN}
    shows = signs.running or signs.farming
    named = [m for m in mentions if m.phase == NAMED and (strong or not m.asked or m in grows)] if shows else []
    grown = [m for m in mentions if m.phase == GOODS and m.said.value in GROWN] if signs.farming else []
    return named or grown or ([m for m in mentions if m.topic] if strong else [])


def _only_named(mentions: Sequence[Mention], asking: str | None) -> list[Candidate]:
    """The sector of a message that tells of no business: sure where it answers the question, or puts something right."""
    if topics := [m for m in mentions if m.said.fact == TOPIC]:
        return _sector(topics)
    asked = asking == "sector"
    phases = ((NAMED, INTEREST), (HIRED,), (GOODS,)) if asked else ((NAMED, INTEREST),)
    for wanted in phases:
        if named := [m for m in mentions if m.phase in wanted]:
            return [replace(c, sure=asked) for c in _sector(named)]
    return []


def _sector(mentions: Sequence[Mention]) -> list[Candidate]:
    best = max(_main(mentions), key=lambda c: (c.rank, -c.start))
    return [replace(best, fact="sector", rank=0)]


def _main(mentions: Sequence[Mention]) -> list[Candidate]:
    """The trades among which the main one is: those carried on, unless nothing firm is, or only fields are tilled, beside a wish for more."""
    wished = [m for m in mentions if m.phase == IDEA]
    others = any(m.said.value != "crops" for m in wished)
    at_work = [m for m in mentions if m.phase == OPERATING and m.said.fact != SOIL and not (others and m.soil)]
    chosen = wished if wished and not any(m.firm for m in at_work) else at_work or wished or mentions
    return [m.said for m in chosen]


def _stage(live: Sequence[Mention], signs: _Signs, asking: str | None) -> list[Candidate]:
    plainly = 0 if asking in SAYS_STAGE else 1
    running = [c for c in signs.running if c.rank > plainly and (asking in SAYS_STAGE or c.fact == RUNNING)]
    wished = [m.said for m in live if m.phase == IDEA]
    others = any(c.value != "crops" for c in wished)
    firm = any(m.phase == OPERATING and m.firm and not (others and m.soil) for m in live)
    not_open = [c for c in signs.preparing if c.rank > 0 or not (running or firm)]
    if not_open:
        return [_of_stage(not_open[0], "registered" if signs.licensed else "preparing", 3)]
    at_work = [
        m.said
        for m in live
        if m.phase == OPERATING and (m.firm or not wished) and not (wished and (m.said.fact == SOIL or (others and m.soil)))
    ]
    if running and any(m.topic for m in live):
        at_work = running
    if at_work:
        return [_of_stage(at_work[0], OPERATING, 1)]
    if wished:
        return [_of_stage(wished[0], "registered" if signs.licensed and not running else IDEA, 0)]
    return [_of_stage(running[0], OPERATING, 1)] if running else []


def _of_stage(c: Candidate, stage: str, rank: int) -> Candidate:
    return replace(c, fact="business_stage", value=stage, rank=rank, sure=True)
