"""What stands beside the open question - a guess to confirm, a clash, whose case, deletion - and the answers to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.conversation import asking, trouble
from app.conversation.draft import Draft
from app.conversation.facts import News, in_words, news
from app.conversation.progress import ask, go_on, put
from app.conversation.state import OTHER
from app.conversation.taking import chosen, hear
from app.conversation.world import Understood


def prompted(d: Draft, prompt: Mapping[str, Any], text: str) -> bool:
    """A button under a prompt was pressed."""
    say = d.world.replies.say
    kind = prompt["kind"]

    def is_button(key: str) -> bool:
        return any(text == say(key, language) for language in ("zh", "en"))

    if kind == "choose" and chosen(d, prompt, text):
        go_on(d)
        return True
    if kind == "which":
        fact = next((v for v, words in prompt["facts"] if text == words), None)
        if fact:
            put(d, fact, max(1, len(asking.questions(d.world, d.state.case, d.found))))
        return fact is not None
    pairs = {
        "delete": ("b_delete", "b_keep"),
        "confirm": ("b_right", "b_wrong"),
        "replace": ("b_right", "b_wrong"),
        "whose": ("b_for_other", "b_for_me"),
    }
    yes, no = pairs.get(kind, ("", ""))
    if yes and (is_button(yes) or is_button(no)):
        _PROMPTS[kind](d, prompt, is_button(yes))
        return True
    return False


def agreed(d: Draft, prompt: Mapping[str, Any], understood: Understood) -> bool:
    """Yes or no in words to what stands beside the open question."""
    kind, intent = prompt["kind"], understood.intent
    if kind not in _PROMPTS:
        return False
    if kind == "delete" and intent == "delete_my_data":
        intent = "affirm"
    if kind == "whose":
        intent = {"second_person": "affirm", "back_to_me": "deny"}.get(intent, intent)
    same = [h for h in understood.facts if h.fact == prompt.get("fact")]
    if kind == "confirm" and len(understood.facts) == len(same) == 1 and d.state.case.facts.get(same[0].fact):
        held = d.state.case.facts[same[0].fact]
        if same[0].value == held.value and intent != "deny":
            intent = "affirm"
        elif held.value is True and same[0].value is False:
            intent = "deny"
    if kind == "whose" and intent not in ("affirm", "deny") and understood.facts and not prompt.get("again"):
        more = [news(h).data() for h in understood.facts]
        whose(d, [*prompt["news"], *more], [*prompt.get("own", ()), *more], again=True)
        return True
    if intent not in ("affirm", "deny") or any(h.fact != prompt.get("fact") for h in understood.facts):
        return False
    _PROMPTS[kind](d, prompt, intent == "affirm")
    return True


def noted(d: Draft, prompt: Mapping[str, Any], text: str, understood: Understood) -> bool:
    """The words of a note, when they were asked for and the message is not plainly something else."""
    if prompt["kind"] != "note" or understood.intent in NO_NOTE:
        return False
    no = any(text == d.world.replies.say("b_no_note", language) for language in ("zh", "en"))
    if no or understood.intent in ("deny", "skip", "refuse") or d.world.replies.is_aside("cancel", text):
        d.say("note_dropped")
    else:
        trouble.note(d, text)
    ask(d)
    return True


NO_NOTE = ("distress", "delete_my_data", "restart", "talk_to_human", "switch_language", "ask_summary")


def _delete(d: Draft, _: Mapping[str, Any], yes: bool) -> None:
    d.keep = False
    if yes:
        d.happen("deleted")
        d.say("deleted")
    else:
        d.say("not_deleted")
        ask(d)


def _confirmed(d: Draft, prompt: Mapping[str, Any], yes: bool) -> None:
    fact = prompt["fact"]
    held = d.state.case.facts[fact]
    if yes:
        item = News(fact, held.value, held.low, held.high, held.approximate, held.quote, held.method, "confirmed")
        hear(d, [item])
        go_on(d)
        return
    d.happen("rejected", fact=fact)
    d.say("not_that")
    listed = asking.questions(d.world, d.state.case, d.found)
    if fact in listed:
        put(d, fact, len(listed))
    else:
        go_on(d)


def _replaced(d: Draft, prompt: Mapping[str, Any], yes: bool) -> None:
    if yes:
        hear(d, [News(**prompt["news"])], correcting=True)
    else:
        held = d.state.case.facts.get(prompt["fact"])
        d.say("kept_old", value=in_words(d.world, prompt["fact"], held, d.language)) if held else d.say("not_that")
    go_on(d)


def whose(d: Draft, theirs: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]], *, again: bool = False) -> None:
    """Asks whose case it is, before facts of somebody else land on the speaker. `theirs`, `own`: what was told, if it is theirs and if it is not."""
    d.say("whose")
    d.say("whose_why")
    d.offer("b_for_other", "b_for_me")
    d.happen("prompted", kind="whose", news=[dict(t) for t in theirs], own=[dict(t) for t in own], again=again)


def _whose(d: Draft, prompt: Mapping[str, Any], yes: bool) -> None:
    if yes:
        d.happen("turned", who=OTHER)
        d.say("for_other")
    told = [News(**data) for data in (prompt["news"] if yes else prompt.get("own", ()))]
    if told:
        hear(d, told)
    if told or yes:
        go_on(d)
    else:
        ask(d)


_PROMPTS: Mapping[str, Callable[[Draft, Mapping[str, Any], bool], None]] = {
    "delete": _delete,
    "confirm": _confirmed,
    "replace": _replaced,
    "whose": _whose,
}
