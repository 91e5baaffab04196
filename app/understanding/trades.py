"""Which trade a message is about, and how far it is: wished for, being prepared, carried on, or given up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.rules import denied
from app.understanding.scope import OTHER, SELF, Scope
from app.understanding.staff import staff_facts
from app.understanding.yearly import yearly_facts

ACT, OWN, VENUE, JOB, SOIL, TOPIC = "_act", "_own", "_venue", "_job", "_soil", "_topic"
RUNNING, PREPARING = "_running", "_preparing"
SIZES = frozenset(("rents_premises", "land_area_mu", "water_area_mu", "contracted_land", "online_store"))
"""In reply to these the name of what is had is no news."""
SAYS_STAGE = frozenset((None, "sector", "business_stage", "business_place", "business_form"))
"""What shows a business at work counts when nothing, or one of these, was asked for."""
BARE = 6
"""Signs of a reply that only names the trade."""
KINDS = frozenset((ACT, OWN, VENUE, JOB, SOIL, TOPIC))
IDEA, OPERATING, PAST, DENIED, INTEREST, NAMED, HIRED, OTHERS = "idea", "operating", "past", "denied", "interest", "named", "hired", "others"
FAR_OFF = 8
"""A wish so many signs behind the name of a relative is the speaker's own."""
NEAR, WISHED_FROM, BEHIND = 16, 30, 14
"""Signs looked at before a trade, those in which a wish may stand, and those behind it."""
_DENIAL = "\ue0ff"
_OFTEN_JOBS = frozenset(("services", "transport", "manufacturing"))
_FARMING = frozenset(("livestock", "aquaculture", "produce", "crops", "processing", "tourism"))
_OPEN_QUESTION = re.compile(r"(?:有没有|要不要|是不是|能不能|可不可以)$")
_ENDS = "。？"
_MARKS = "，。？"


@dataclass(frozen=True)
class Mention:
    """A trade named in the message, and how far it is."""

    said: Candidate
    phase: str


def trade_facts(
    marked: Marked, found: Sequence[Candidate], lexicon: Lexicon, scope: Scope | None = None, asking: str | None = None
) -> list[Candidate]:
    """Sector and stage from the trades that rules found and from what shows a business at work or being prepared."""
    mentions = _mentions(marked, found, lexicon, scope)
    if asking == "sector" and len(marked.text) <= BARE:
        mentions = [Mention(m.said, NAMED) if m.phase == OPERATING else m for m in mentions]
    if asking in SIZES:
        mentions = [Mention(m.said, NAMED) if m.said.fact in (OWN, VENUE, SOIL) or m.said.value == "ecommerce" else m for m in mentions]
    running, preparing = ([c for c in found if c.fact == fact] for fact in (RUNNING, PREPARING))
    ideas = [c for c in found if c.fact == "business_stage" and c.value == IDEA]
    live = _live(mentions, running, preparing, ideas)
    business = [] if scope is None else [*staff_facts(marked, scope, lexicon, asking), *yearly_facts(marked, scope, lexicon, asking)]
    running += [c for c in business if c.fact == "employees" and c.value]
    shown = [c for c in running if c.rank > 0 and asking in SAYS_STAGE]
    licensed = lexicon.cue("licence_got", marked.text) is not None
    facts = [*business, *_sector(live), *_stage(live, shown, preparing, licensed)]
    topics = [m for m in mentions if m.said.fact == TOPIC]
    if not live and topics:
        facts += _sector(topics)
    elif not live:
        rest = [m for m in mentions if m.phase in (NAMED, INTEREST)] or [m for m in mentions if m.phase == HIRED and asking == "sector"]
        facts += [replace(c, sure=asking == "sector") for c in _sector(rest)]
    return facts


def given_up(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon) -> bool:
    """Whether a trade is only mentioned to say no to it (不养猪了)."""
    return {m.phase for m in _mentions(marked, found, lexicon, None)} == {DENIED}


def _mentions(marked: Marked, found: Sequence[Candidate], lexicon: Lexicon, scope: Scope | None) -> list[Mention]:
    trades = _longest([c for c in found if c.fact in KINDS])
    if not trades:
        return []
    wishes = sorted({m.start() for m in lexicon.all_cues("trade_want", marked.text)})
    mentions = [Mention(c, _Weighing(c, marked, lexicon, scope, wishes).phase()) for c in trades]
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
    return [
        Mention(m.said, PAST) if m.phase == OPERATING and any(m.said.end <= h < at for h in homes for at in later) else m for m in mentions
    ]


@dataclass(frozen=True)
class _Weighing:
    said: Candidate
    marked: Marked
    lexicon: Lexicon
    scope: Scope | None
    wishes: Sequence[int]

    def phase(self) -> str:
        c, text = self.said, self.marked.text
        if c.fact == TOPIC:
            return OTHERS if self.scope and self.scope.unreal(c.start, c.end) else NAMED
        if self._is_anothers():
            return IDEA if any(m.start() >= c.end for m in self.lexicon.all_cues("trade_too", text)) else OTHERS
        if self._is_denied():
            return DENIED
        if self._is_over():
            return PAST
        if c.fact == SOIL and not self._cue("trade_large", self.sentence):
            return INTEREST
        wish, going = self._wish(), self._going()
        if wish >= 0 and going < wish and not (self._is_own() and set(self.marked.text[wish : self._clause]) & set(_MARKS)):
            between = self.marked.text[wish : c.end]
            return INTEREST if self._cue("trade_to_learn", between) and not self._cue("trade_then", between) else IDEA
        if self._is_hired():
            return HIRED
        if going < 0 and any(m.start() >= c.end for m in self.lexicon.all_cues("trade_too", text)):
            return IDEA
        return self._carried_on(going)

    def _carried_on(self, going: int) -> str:
        asked = self.lexicon.cue("trade_interest", self.behind)
        if going >= 0 or self._is_own() or self._is_plain() or (not asked and (self.said.fact in (OWN, SOIL) or self.lexicon.cue("trade_going_after", self.behind))):
            return OPERATING
        return INTEREST if asked or self.lexicon.cue("trade_asked", self.sentence) else NAMED

    def _is_anothers(self) -> bool:
        """Whether another runs it. A child or an old parent is not thought to in a clause that does not name them."""
        if self.scope and self.scope.unreal(self.said.start, self.said.end):
            return True
        owner = self.scope.at(self.said.start) if self.scope else SELF
        if owner == SELF or self._cue("trade_mine", self.near):
            return False
        run = self._since(owner)
        if self._wish() > run + FAR_OFF or (run < self._clause and self._cue("trade_now", self.near[:6])):
            return False
        if self._wish() >= self._clause and run > self._wish():
            return False
        return owner == OTHER or run >= self._clause

    def _since(self, owner: str) -> int:
        """Where the words begin that are about the owner of the trade."""
        at = self.said.start
        while at > 0 and self.scope is not None and self.scope.at(at - 1) == owner:
            at -= 1
        return at

    def _is_own(self) -> bool:
        return self._cue("trade_own", self.near)

    def _is_plain(self) -> bool:
        """A plain statement that begins with what is done: 做花馍, 我一个人蒸馍卖."""
        if self.said.fact == VENUE and (self.said.value not in _FARMING or self.near or self._cue("trade_asks", self.behind)):
            return False
        if self.said.fact not in (ACT, VENUE) or self._cue("trade_asks", self.clause) or self._cue("trade_learnt", self.near + self.own):
            return False
        return self._cue("trade_subject", self.near) or self._cue("trade_begun", self.near)

    def _is_denied(self) -> bool:
        if _OPEN_QUESTION.search(self.near):
            return False
        return denied(self.marked.text, self.said.start) or self._cue("trade_denied", self.near + _DENIAL + self.own + self.behind)

    def _is_over(self) -> bool:
        if self._cue("trade_past_own", self.own + self.behind):
            return True
        return self._cue("trade_past", self.near) and not self._cue("trade_past_over", self.near)

    def _is_hired(self) -> bool:
        if self.said.fact == JOB:
            return not self._cue("trade_own_account", self.sentence)
        if self.said.fact == VENUE and (self._cue("trade_work_at", self.near) or self._cue("trade_customer", self.near)):
            return True
        if self._cue("trade_hired", self.behind) or self._cue("trade_hired_before", self.near):
            return not self._cue("trade_opened", self.near)
        return self.said.fact == ACT and self.said.value in _OFTEN_JOBS and self._cue("trade_away", self.near)

    def _wish(self) -> int:
        """Where the last wish before the trade stands; -1: none."""
        floor = max(self._begin, self.said.start - WISHED_FROM)
        return max((at for at in self.wishes if floor <= at <= self.said.start), default=-1)

    def _going(self) -> int:
        """Where the words begin that show it being carried on; -1: none."""
        wish = self._wish()
        if self._cue("trade_going", self.own) and (wish < 0 or self.said.start - wish > 3):
            return self.said.start
        found = [m.start() for name in ("trade_going_before", "trade_now") for m in self.lexicon.all_cues(name, self.near)]
        return self.said.start - len(self.near) + max(found) if found else -1

    def _cue(self, name: str, text: str) -> bool:
        return self.lexicon.cue(name, text) is not None

    @property
    def _begin(self) -> int:
        return max(self.marked.text.rfind(end, 0, self.said.start) for end in _ENDS) + 1

    @property
    def _clause(self) -> int:
        return max(self.marked.text.rfind(m, 0, self.said.start) for m in _MARKS) + 1

    @property
    def sentence(self) -> str:
        end = min((i for m in _ENDS if (i := self.marked.text.find(m, self.said.end)) >= 0), default=len(self.marked.text))
        return self.marked.text[self._begin : end]

    @property
    def clause(self) -> str:
        """The clause of the trade, with the next one where that asks about it."""
        text = self.marked.text
        ends = [i for i, sign in enumerate(text) if sign in _MARKS and i >= self.said.end] + [len(text)]
        more = len(ends) > 1 and text[ends[0]] == "，" and self._cue("trade_asks_on", text[ends[0] + 1 : ends[1]])
        return text[self._clause : ends[1] if more else ends[0]]

    @property
    def near(self) -> str:
        return self.marked.text[max(self._clause, self.said.start - NEAR) : self.said.start]

    @property
    def own(self) -> str:
        return self.marked.text[self.said.start : self.said.end]

    @property
    def behind(self) -> str:
        end = min((i for m in _ENDS if (i := self.marked.text.find(m, self.said.end)) >= 0), default=len(self.marked.text))
        return self.marked.text[self.said.end : min(end, self.said.end + BEHIND)]


def _live(
    mentions: Sequence[Mention], running: Sequence[Candidate], preparing: Sequence[Candidate], ideas: Sequence[Candidate]
) -> list[Mention]:
    """The trades that count: wished for or carried on; one only named, learnt or done for others where a business, or a wish for one, shows."""
    live = [m for m in mentions if m.phase in (IDEA, OPERATING)]
    if live or not (running or preparing or ideas):
        return live
    named = [m for m in mentions if m.phase in (NAMED, INTEREST)] or [m for m in mentions if m.phase == HIRED and (preparing or ideas)]
    return [Mention(m.said, OPERATING if running and not preparing and not ideas else IDEA) for m in named]


def _sector(mentions: Sequence[Mention]) -> list[Candidate]:
    if not mentions:
        return []
    best = max(_main(mentions), key=lambda c: (c.rank, -c.start))
    return [replace(best, fact="sector", rank=0)]


def _main(mentions: Sequence[Mention]) -> list[Candidate]:
    """The trades among which the main one is: those carried on, unless only fields are tilled beside a wish for more."""
    at_work = [m.said for m in mentions if m.phase == OPERATING and m.said.fact != SOIL]
    wished = [m.said for m in mentions if m.phase == IDEA]
    return at_work or wished or [m.said for m in mentions]


def _stage(live: Sequence[Mention], running: Sequence[Candidate], preparing: Sequence[Candidate], licensed: bool) -> list[Candidate]:
    at_work = [m.said for m in live if m.phase == OPERATING]
    wished = [m.said for m in live if m.phase == IDEA]
    not_open = [c for c in preparing if c.rank > 0 or not (at_work or running)]
    if not_open:
        return [_of_stage(not_open[0], "registered" if licensed else "preparing", 3)]
    if any(c.fact != SOIL for c in at_work) or (at_work and not wished):
        return [_of_stage(at_work[0], OPERATING, 1)]
    if wished:
        return [_of_stage(wished[0], IDEA, 0)]
    return [_of_stage(running[0], OPERATING, 1)] if running else []


def _of_stage(c: Candidate, stage: str, rank: int) -> Candidate:
    return replace(c, fact="business_stage", value=stage, rank=rank, sure=True)
