"""Which trade a message is about, and how far it is: wished for, being prepared, carried on, or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.rules import denied

TRADE, RUNNING = "_trade", "_running"
IDEA, OPERATING, PAST, DENIED, INTEREST, NAMED = "idea", "operating", "past", "denied", "interest", "named"


def trade_facts(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Sector and stage from the trades that rules found (`_trade`) and from what shows a business at work (`_running`)."""
    trades = [(c, _phase(c, marked, lexicon)) for c in _longest([c for c in found if c.fact == TRADE])]
    running = [c for c in found if c.fact == RUNNING]
    live = [(c, p) for c, p in trades if p in (IDEA, OPERATING)]
    named = [(c, p) for c, p in trades if p == NAMED]
    if running and not live and named:
        live = [(c, OPERATING) for c, _ in named]
    facts = [*_sector(live or named, sure=True), *_stage(live, running, marked, lexicon)]
    if not live and not named:
        facts += _sector([t for t in trades if t[1] == INTEREST], sure=False)
    return facts


def given_up(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon) -> bool:
    """Whether a trade is only mentioned to say no to it (不养猪了)."""
    phases = {_phase(c, marked, lexicon) for c in found if c.fact == TRADE}
    return phases == {DENIED}


def _longest(trades: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for c in sorted(trades, key=lambda c: (-c.rank, c.start - c.end, c.start)):
        if not any(k.start < c.end and c.start < k.end for k in kept):
            kept.append(c)
    return sorted(kept, key=lambda c: c.start)


def _phase(c: Candidate, marked: Marked, lexicon: Lexicon) -> str:
    text = marked.text
    begin = max(text.rfind("。", 0, c.start), text.rfind("？", 0, c.start)) + 1
    clause = max(begin, max(text.rfind(m, 0, c.start) for m in "，。？") + 1)
    near = text[max(clause, c.start - 16) : c.start]
    own = text[c.start : c.end]
    end = min((i for m in "，。？" if (i := text.find(m, c.end)) >= 0), default=len(text))
    after = text[c.end : min(end, c.end + 12)]
    if denied(text, c.start) or lexicon.cue("trade_denied", near + "\ue0ff" + own):
        return DENIED
    if lexicon.cue("trade_past_own", own + after) or (lexicon.cue("trade_past", near) and not lexicon.cue("trade_past_over", near)):
        return PAST
    if lexicon.cue("trade_going", own):
        return OPERATING
    want = _last(lexicon, "trade_want", text[begin : c.start] if c.start - begin <= 20 else text[c.start - 20 : c.start])
    going = _last(lexicon, "trade_going_before", near)
    if want >= 0 and want >= going:
        return IDEA
    if lexicon.cue("trade_interest", after):
        return INTEREST
    if going >= 0 or lexicon.cue("trade_going_after", after):
        return OPERATING
    return INTEREST if lexicon.cue("trade_asked", text[begin:]) else NAMED


def _last(lexicon: Lexicon, cue: str, text: str) -> int:
    return max((m.start() for m in lexicon.all_cues(cue, text)), default=-1)


def _sector(trades: Sequence[tuple[Candidate, str]], sure: bool) -> list[Candidate]:
    if not trades:
        return []
    best = _main(trades)
    return [replace(best, fact="sector", sure=sure and best.sure)]


def _main(trades: Sequence[tuple[Candidate, str]]) -> Candidate:
    wished = [c for c, p in trades if p == IDEA]
    at_work = [c for c, p in trades if p == OPERATING]
    pool = at_work or wished or [c for c, _ in trades]
    return max(pool, key=lambda c: (c.rank, -c.start))


def _stage(live: Sequence[tuple[Candidate, str]], running: Sequence[Candidate], marked: Marked, lexicon: Lexicon) -> list[Candidate]:
    at_work = [c for c, p in live if p == OPERATING] or list(running)
    if at_work:
        return [replace(at_work[0], fact="business_stage", value=OPERATING, sure=True, rank=1)]
    if live:
        return [replace(live[0][0], fact="business_stage", value=IDEA, sure=True, rank=0)]
    return []
