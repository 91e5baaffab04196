"""What a message is for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.understanding.answered import answers_to
from app.understanding.answers import hums
from app.understanding.lexicon import Lexicon

FIRST = (
    "distress", "delete_my_data", "restart", "talk_to_human", "switch_language", "undo", "repeat", "pause", "back_to_me", "second_person",
)  # fmt: skip
"""Said in few words, and meant whatever else is in the message."""
ASKS = ("ask_why_not", "what_would_change", "ask_materials", "ask_where", "ask_how_long", "ask_amount")
ABOUT_ME = ("ask_why_not", "what_would_change")
LAST = ("thanks", "greet")
SHORT = 12
"""Signs in a message that holds nothing else."""


@dataclass(frozen=True)
class Told:
    """What else is known of a message: the facts stated in it, whether it is hearsay, names measures, holds hard words."""

    facts: Collection[str] = ()
    hearsay: bool = False
    measures: bool = False
    words: bool = False

    @property
    def about_life(self) -> bool:
        """Whether it tells more than what help is wanted."""
        return any(not fact.startswith("needs.") for fact in self.facts)


def intent_of(text: str, lexicon: Lexicon, asking: str | None, told: Told, plain: str = "") -> str:
    """The one intent of a marked text; `plain` is the text before fillers were taken out."""
    for name in FIRST:
        if lexicon.cue(f"intent_{name}", text):
            return name
    if answer := _answer(text, lexicon, asking, told, plain):
        return answer
    if lexicon.cue("corrects", text) and told.facts:
        return "correct"
    if lexicon.cue("intent_check_hearsay", text) or (told.hearsay and not told.facts):
        return "check_hearsay"
    if "needs.grievance" in told.facts or lexicon.cue("intent_grievance", text):
        return "grievance"
    return _question(text, lexicon, told) or _rest(text, lexicon, asking, told)


def also_asked(text: str, lexicon: Lexicon, told: Told) -> str | None:
    """What a message that tells facts asks as well; None where it only tells, or its question is one about help in general."""
    for name in ("ask_summary", "ask_amount", "ask_where", "ask_materials", "ask_how_long"):
        if told.about_life and lexicon.cue(f"intent_{name}", text):
            return {"ask_how_long": "how_long"}.get(name, name)
    return None


def _answer(text: str, lexicon: Lexicon, asking: str | None, told: Told, plain: str) -> str | None:
    """Yes, no, do not know, would rather not say: where the message is nothing else."""
    if lexicon.cue("asks_us", text) and not lexicon.cue("not_asks_us", text):
        return None
    for name, cue in (("deny", "no_plain"), ("affirm", "yes_plain")):
        found = lexicon.cue(cue, text)
        if found and (found.end() >= len(text.rstrip("，。")) or (asking and len(text) <= SHORT and not told.about_life)):
            return name
    if (not text or len(text) <= 2) and hums(plain, text, lexicon):
        return "affirm"
    if lexicon.cue("intent_ask_meaning", text) and not told.facts:
        return None
    for name in ("skip", "refuse", "dont_know"):
        if not told.facts and (asking or len(text) <= SHORT) and lexicon.cue(name, text):
            return name
    return None


def _question(text: str, lexicon: Lexicon, told: Told) -> str | None:
    if lexicon.cue("intent_ask_meaning", text) and (not told.measures or lexicon.cue("intent_ask_word", text)) and not told.about_life:
        return "ask_meaning"
    if not told.about_life and lexicon.cue("intent_ask_summary", text):
        return "ask_summary"
    for name in ASKS:
        if (told.measures or not told.facts or (name in ABOUT_ME and not told.about_life)) and lexicon.cue(f"intent_{name}", text):
            return name
    if (told.measures and not told.facts) or (not told.about_life and lexicon.cue("intent_ask_measure", text)):
        return "ask_measure"
    return None


def _rest(text: str, lexicon: Lexicon, asking: str | None, told: Told) -> str:
    if told.facts:
        return "tell_facts"
    if lexicon.cue("corrects", text):
        return "correct"
    for name in LAST:
        if lexicon.cue(f"intent_{name}", text):
            return name
    for name, cue in (("affirm", "yes_begins"), ("deny", "no_begins")):
        found = lexicon.cue(cue, text) if len(text) <= SHORT else None
        if found and (asking is None or answers_to(asking, text, found.start(), lexicon)):
            return name
    return "out_of_scope" if lexicon.cue("intent_out_of_scope", text) else "unclear"
