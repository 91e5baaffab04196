"""How far a trade that a message names is: wished for, carried on, over, done for others, only asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.understanding.candidates import Candidate
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.rules import denied
from app.understanding.scope import OTHER, SELF, Scope

ACT, OWN, VENUE, JOB, SOIL = "_act", "_own", "_venue", "_job", "_soil"
"""Something done, something had, a place of business, work mostly done for others, fields for the household."""
TOPIC, SKILL, GOODS = "_topic", "_skill", "_goods"
"""Only the name said, a craft, goods without a verb."""
KINDS = frozenset((ACT, OWN, VENUE, JOB, SOIL, TOPIC, SKILL, GOODS))
IDEA, OPERATING, PAST, DENIED = "idea", "operating", "past", "denied"
INTEREST, NAMED, HIRED, OTHERS = "interest", "named", "hired", "others"
HOUSEHOLD_FIELDS = 20
"""Mu; fewer are what a household tills beside other work."""
FAR_OFF = 8
"""A wish so many signs behind the name of a relative is the speaker's own."""
NEAR, WISHED_FROM, BEHIND = 16, 30, 14
"""Signs looked at before a trade, those in which a wish may stand, and those behind it."""
_DENIAL = "\ue0ff"
_OFTEN_JOBS = frozenset(("services", "transport", "manufacturing"))
_FOR_PLACES = frozenset(("livestock", "aquaculture", "produce", "crops", "transport"))
"""Sectors whose work, done for a named place, is a job."""
_FARMING = frozenset(("livestock", "aquaculture", "produce", "crops", "processing", "tourism"))
_SELLING = frozenset(("retail_catering", "ecommerce"))
_LED_TO = 3
"""Signs that may stand before goods named first."""
_OPEN_QUESTION = re.compile(r"(?:有没有|要不要|是不是|能不能|可不可以)$")
_ENDS, _MARKS = "。？", "，。？"


@dataclass(frozen=True)
class Mention:
    """A trade named in the message, and how far it is."""

    said: Candidate
    phase: str
    firm: bool = True
    """Of one carried on: words say so; it is not only a bare statement."""
    asked: bool = False
    """Its clause asks something."""
    topic: bool = False
    """Goods that are named first, for more to be said about them."""
    soil: bool = False
    """The fields of a household, which beside a wish for another trade are none."""


@dataclass(frozen=True)
class Weighing:
    """One trade with the words around it. Without a `scope` every word is taken for the speaker's own matter."""

    said: Candidate
    marked: Marked
    lexicon: Lexicon
    scope: Scope | None
    wishes: Sequence[int]

    def mention(self) -> Mention:
        """The trade with its phase."""
        phase = self._phase()
        firm = phase != OPERATING or self.said.fact == OWN or self._going >= 0 or not self._is_plain or self._is_calling
        topic = phase == GOODS and self._is_topic
        return Mention(self.said, phase, firm, self._cue("trade_asks", self._clause), topic, self._is_soil)

    def is_real(self) -> bool:
        """Whether it is the speaker's, and neither wished for nor asked about."""
        if (self._is_anothers and not self._is_taken_over) or self._is_denied or self._is_over:
            return False
        wished = self._wish >= self._clause_begin or self._cue("trade_asks", self._clause)
        return not wished and not self._cue("trade_to_learn", self._near)

    def _phase(self) -> str:
        if self.said.fact == TOPIC:
            return OTHERS if self._is_unreal else NAMED
        if self._is_anothers or self._cue("trade_told", self._near):
            return OPERATING if self._is_taken_over else IDEA if self._is_taken_up else OTHERS
        if self._cue("trade_no_more_wish", self._around):
            return OTHERS
        if self._is_denied:
            return DENIED
        if self._is_over:
            return PAST
        phase = self._phase_of_name() if self.said.fact in (GOODS, SKILL, SOIL) else self._phase_of_deed()
        others = self._is_help if phase == OPERATING else phase == IDEA and self._cue("trade_for_other", self.marked.text)
        return HIRED if others else phase

    @property
    def _is_soil(self) -> bool:
        """Whether it is only what a household tills: few fields, of what is grown everywhere."""
        if self.said.fact == SOIL:
            return True
        if self.said.value != "crops" or not self._cue("trade_staple", self._own) or self._cue("trade_large", self._sentence):
            return False
        span = range(self._clause_begin, self.said.end)
        areas = [q.value for at in span if (q := self.marked.quantity(at)) and q.kind == "area"]
        return bool(areas) and max(areas) < HOUSEHOLD_FIELDS

    @property
    def _is_calling(self) -> bool:
        """Whether the clause says no more than that this is what one does: 种黄花菜的，想……."""
        if self.said.fact != ACT or self._cue("trade_staple", self._own):
            return False
        own = self.said.value in _FARMING or (self.said.value in _SELLING and self._cue("trade_opens", self._own))
        return own and self._cue("trade_calling", self._near + _DENIAL + self._behind)

    @property
    def _is_help(self) -> bool:
        """Whether the message says that the speaker has no business, only helps in another's."""
        text = self.marked.text
        return self._cue("trade_none_own", text) or self._cue("trade_only_helps", text[self._clause_begin :])

    def _phase_of_name(self) -> str:
        if self.said.fact == GOODS and self.said.value == "manufacturing" and self._cue("trade_outfit", self._behind):
            return OTHERS
        if self.said.fact == GOODS:
            going = self._is_topic and self._cue("trade_topic_going", self._after)
            return OTHERS if self._wish >= 0 else OPERATING if going else GOODS
        if self.said.fact == SKILL:
            return HIRED
        return self._phase_of_deed() if self._cue("trade_large", self._sentence) else INTEREST

    def _phase_of_deed(self) -> str:
        if self._is_wished and not (self._wish < self._clause_begin and self._is_hired):
            between = self.marked.text[self._wish : self.said.end]
            then = self._cue("trade_then", between) or self._cue("trade_then_behind", self._behind)
            return INTEREST if self._cue("trade_to_learn", between) and not then else IDEA
        if self.said.fact in (ACT, VENUE) and self._going < 0 and self._cue("trade_want_behind", self._behind):
            return IDEA
        if self._is_hired:
            return HIRED
        if self._going < 0 and self._is_taken_up:
            return OPERATING if self._is_taken_over else IDEA
        return self._carried_on()

    def _carried_on(self) -> str:
        if self._cue("trade_learnt_behind", self._behind):
            return NAMED
        if self.said.fact == JOB and not self._cue("trade_asks", self._clause):
            return OPERATING
        asked = self._cue("trade_interest", self._behind)
        general = (asked or self._cue("trade_asks", self._clause)) and not self._cue("trade_first_person", self._near)
        if self._going >= 0 or (self._is_own and not general) or self._is_plain or (self.said.fact == OWN and self._own[0] in "我咱自"):
            return OPERATING
        if not asked and (self.said.fact in (OWN, SOIL) or (self._cue("trade_going_after", self._behind) and not general)):
            return OPERATING
        return INTEREST if asked or self._cue("trade_asked", self._sentence) else NAMED

    @property
    def _is_wished(self) -> bool:
        """Whether a wish reaches the trade: one in an earlier clause does not reach what is plainly the speaker's."""
        if self._wish < 0 or self._going >= self._wish:
            return False
        before = self.marked.text[self._wish : self._clause_begin]
        return not (self._is_own and set(before) & set(_MARKS)) or self._cue("trade_wish_to_go", before)

    @property
    def _is_taken_up(self) -> bool:
        """Whether the speaker wants the trade of another too: 我也想跟着弄. Not where the other has it asked."""
        return not self._cue("asked_by", self.marked.text) and any(
            m.start() >= self.said.end for m in self.lexicon.all_cues("trade_too", self.marked.text)
        )

    @property
    def _is_taken_over(self) -> bool:
        """Whether the speaker now runs what was another's: 我爹的豆腐坊，我接过来了."""
        if self._cue("trade_took_over", self._near):
            return True
        return any(m.start() >= self.said.end for m in self.lexicon.all_cues("trade_taken_over", self.marked.text))

    @property
    def _is_topic(self) -> bool:
        """Whether it is goods that the sentence begins with."""
        return self.said.fact == GOODS and self.said.start - self._sentence_begin <= _LED_TO and self._clause_begin == self._sentence_begin

    @property
    def _is_unreal(self) -> bool:
        return self.scope is not None and self.scope.unreal(self.said.start, self.said.end)

    @cached_property
    def _is_anothers(self) -> bool:
        """Whether another runs it. A child or an old parent is not thought to in a clause that does not name them."""
        owner = self.scope.at(self.said.start) if self.scope else SELF
        if self._is_unreal or owner == SELF or self._cue("trade_mine", self._near):
            return self._is_unreal
        since = self._since(owner)
        if self._wish > since + FAR_OFF or (since < self._clause_begin and self._cue("trade_now", self._near[:6])):
            return False
        if self._clause_begin <= self._wish < since:
            return False
        return owner == OTHER or since >= self._clause_begin

    def _since(self, owner: str) -> int:
        """Where the words begin that are about the owner of the trade."""
        at = self.said.start
        while at > 0 and self.scope is not None and self.scope.at(at - 1) == owner:
            at -= 1
        return at

    @cached_property
    def _is_own(self) -> bool:
        sells = self.said.fact == ACT and self.said.value in _SELLING and self._cue("trade_sells_at", self._near)
        return sells or self._cue("trade_own", self._near)

    @cached_property
    def _is_plain(self) -> bool:
        """A plain statement of what is done: 做花馍, 我一个人蒸馍卖, 开民宿."""
        if self.said.fact == VENUE and (self._near or self.said.value not in _FARMING) and not self._cue("trade_opening", self._near):
            return False
        if self.said.fact not in (ACT, VENUE) or self._cue("trade_asks", self._clause):
            return False
        if self._cue("trade_learnt", self._near + self._own) or self._cue("trade_only_can", self._near):
            return False
        if self._cue("trade_not_plain_own", self._own) or self._cue("trade_not_plain_behind", self._behind):
            return False
        subject = self._cue("trade_subject", self._near) and not self._cue("trade_not_plain", self._near)
        return (bool(self._near) and subject) or self._cue("trade_stops", self._behind) or self._cue("trade_begun", self._near)

    @cached_property
    def _is_denied(self) -> bool:
        if _OPEN_QUESTION.search(self._near):
            return False
        text = self.marked.text
        return denied(text, self.said.start) or self._cue("trade_denied", self._around) or self._cue("trade_dropped", text[self.said.end :])

    @cached_property
    def _is_over(self) -> bool:
        if self._cue("trade_past_own", self._own + self._behind):
            return not (self._is_taken_over or self._cue("trade_back", self._after))
        if self._cue("trade_once", self._near):
            return True
        return self._cue("trade_past", self._near) and not self._cue("trade_past_over", self._near)

    @property
    def _is_hired(self) -> bool:
        if self.said.fact == JOB:
            return not self._cue("trade_own_account", self._before_later_wish)
        if self.said.fact == VENUE and (self._cue("trade_work_at", self._near) or self._cue("trade_customer", self._near)):
            return not self._cue("trade_own_paper", self._behind)
        if self.said.fact == ACT and self._cue("trade_opens", self._own):
            return self._cue("trade_hired_before", self._near)
        if self._cue("trade_hired", self._behind) or self._cue("trade_hired_before", self._near):
            return not (self._cue("trade_opened", self._near) or self._cue("trade_ones_company", self._sentence))
        if self._cue("trade_factory_years", self._own + self._behind):
            return not self._cue("trade_ours", self._sentence)
        if self.said.fact in (ACT, OWN) and self.said.value in _FOR_PLACES and self._cue("trade_for_place", self._near):
            return not self._cue("trade_own_account", self._sentence)
        often = self.said.fact == ACT and self.said.value in _OFTEN_JOBS and self._cue("trade_away", self._near)
        return often and not self._cue("trade_alone", self._sentence)

    @cached_property
    def _wish(self) -> int:
        """Where the last wish before the trade stands; -1: none."""
        floor = max(self._sentence_begin, self.said.start - WISHED_FROM)
        return max((at for at in self.wishes if floor <= at <= self.said.start), default=-1)

    @cached_property
    def _going(self) -> int:
        """Where the words begin that show it being carried on; -1: none."""
        if self._cue("trade_going", self._own) and (self._wish < 0 or self.said.start - self._wish > 3):
            return self.said.start
        if self._cue("trade_changed", self._own + self._behind):
            return self.said.start
        still_wished = self._wish >= self._clause_begin and self._cue("trade_still_wished", self._around)
        names = ("trade_going_before", "trade_now") + (() if still_wished else ("trade_going_weak",))
        found = [m.start() for name in names for m in self.lexicon.all_cues(name, self._near)]
        return self.said.start - len(self._near) + max(found) if found else -1

    def _cue(self, name: str, text: str) -> bool:
        return self.lexicon.cue(name, text) is not None

    @cached_property
    def _sentence_begin(self) -> int:
        return max(self.marked.text.rfind(end, 0, self.said.start) for end in _ENDS) + 1

    @cached_property
    def _sentence_end(self) -> int:
        text = self.marked.text
        return min((at for end in _ENDS if (at := text.find(end, self.said.end)) >= 0), default=len(text))

    @cached_property
    def _clause_begin(self) -> int:
        return max(self.marked.text.rfind(mark, 0, self.said.start) for mark in _MARKS) + 1

    @cached_property
    def _sentence(self) -> str:
        return self.marked.text[self._sentence_begin : self._sentence_end]

    @property
    def _before_later_wish(self) -> str:
        """The sentence up to the wish that follows the trade: what is only wished for is not so yet."""
        later = min((at for at in self.wishes if at >= self.said.end), default=self._sentence_end)
        return self.marked.text[self._sentence_begin : min(later, self._sentence_end)]

    @cached_property
    def _clause(self) -> str:
        """The clause of the trade, with the next one where that asks about it."""
        text = self.marked.text
        ends = [at for at in range(self.said.end, len(text)) if text[at] in _MARKS] + [len(text)]
        more = len(ends) > 1 and text[ends[0]] == "，" and self._cue("trade_asks_on", text[ends[0] + 1 : ends[1]])
        return text[self._clause_begin : ends[1] if more else ends[0]]

    @cached_property
    def _near(self) -> str:
        return self.marked.text[max(self._clause_begin, self.said.start - NEAR) : self.said.start]

    @cached_property
    def _around(self) -> str:
        """The words before it, the sign of its beginning, it, and the words behind."""
        return self._near + _DENIAL + self._own + self._behind

    @cached_property
    def _after(self) -> str:
        """All of the sentence behind it."""
        return self.marked.text[self.said.end : self._sentence_end]

    @cached_property
    def _own(self) -> str:
        return self.marked.text[self.said.start : self.said.end]

    @cached_property
    def _behind(self) -> str:
        return self.marked.text[self.said.end : min(self._sentence_end, self.said.end + BEHIND)]
