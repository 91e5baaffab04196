"""What a message is for."""

from __future__ import annotations

from app.understanding.lexicon import Lexicon

FIRST = (
    "distress", "delete_my_data", "restart", "talk_to_human", "switch_language", "undo", "repeat", "pause", "back_to_me", "second_person",
)  # fmt: skip
"""Said in few words, and meant whatever else is in the message."""
ASKS = ("ask_why_not", "ask_materials", "ask_where_measure", "ask_where", "ask_amount", "ask_meaning", "ask_summary", "ask_measure")
LAST = ("thanks", "greet")


def intent_of(text: str, lexicon: Lexicon, asking: str | None, has_facts: bool, hearsay: bool) -> str:
    """The one intent of a marked text."""
    for name in FIRST:
        if lexicon.cue(f"intent_{name}", text):
            return name
    for name in ("dont_know", "refuse", "skip"):
        if lexicon.cue(name, text) and (asking or len(text) <= 12) and not has_facts:
            return name
    if lexicon.cue("corrects", text) and has_facts:
        return "correct"
    if hearsay or lexicon.cue("intent_check_hearsay", text):
        return "check_hearsay"
    if lexicon.cue("intent_grievance", text):
        return "grievance"
    return _rest(text, lexicon, asking, has_facts)


def _rest(text: str, lexicon: Lexicon, asking: str | None, has_facts: bool) -> str:
    for name in ASKS:
        if lexicon.cue(f"intent_{name}", text):
            return name
    if has_facts:
        return "tell_facts"
    if lexicon.cue("corrects", text):
        return "correct"
    for name in LAST:
        if lexicon.cue(f"intent_{name}", text):
            return name
    for name, cue in (("affirm", "yes"), ("deny", "no")):
        if lexicon.cue(cue, text) and len(text) <= 10:
            return name
    return "out_of_scope" if lexicon.cue("intent_out_of_scope", text) or not text else "unclear"
