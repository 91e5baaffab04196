"""One turn: state and message in, events and reply out. Pure: the same state, message and world give the same turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.conversation import answering, asking, trouble
from app.conversation.draft import Draft
from app.conversation.facts import News, chip, news
from app.conversation.intents import HANDLERS, LEAVE, about, named, summary
from app.conversation.opening import first_need
from app.conversation.others import own_words
from app.conversation.picture import for_need, of_kind
from app.conversation.progress import again, ask, go_on, matches, missed, nothing
from app.conversation.prompts import agreed, noted, prompted
from app.conversation.reply import Turn
from app.conversation.standing import listed
from app.conversation.state import OTHER, SELF, State
from app.conversation.taking import UNSAID, hear
from app.conversation.world import Understood, World

LONGEST = 4_000
AWAY_DAYS = 3
UNGLOSSED = {"distress", "deleted", "prompted", "glossed"}
"""Turns into which no explanation of a word should break."""


def take(state: State, text: str, world: World) -> Turn:
    """Answers a message. `state` is the fold of the conversation's events so far."""
    d = Draft(state, world, text)
    d.happen("said", on=world.as_of.isoformat(), version=world.catalog.version)
    bare = text.strip()
    if not bare or len(text) > LONGEST:
        reason = "too_long" if bare else "empty"
        d.happen("not_understood", reason=reason)
        d.say(reason)
        again(d)
        return _closed(d)
    _welcome_back(d)
    _answer(d, bare, state.prompt)
    return _closed(d)


def correct(state: State, facts: Mapping[str, Any], world: World) -> Turn:
    """Facts corrected or removed (None) through their chips. What cannot be is refused in the reply, and the old value stays."""
    d = Draft(state, world)
    d.happen("said", on=world.as_of.isoformat(), version=world.catalog.version)
    items = [_tapped(name, value) for name, value in _single(facts) if value is not None]
    removed = [v for name in facts if facts[name] is None for v in state.case.facts if v == name or v.startswith(f"{name}.")]
    hear(d, items, removed, correcting=True)
    matches(d)
    ask(d)
    return _closed(d)


def _single(facts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Facts with a set's options one by one."""
    found: list[tuple[str, Any]] = []
    for name, value in facts.items():
        if isinstance(value, Mapping) and not {"low", "high"} & set(value):
            found += [(f"{name}.{option}", held) for option, held in value.items()]
        else:
            found.append((name, value))
    return found


def _tapped(name: str, value: Any) -> News:
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        return News(name, low if low is not None else high, low, high, True, "", "chip", "stated")
    return News(name, value, quote="", method="chip")


def _closed(d: Draft) -> Turn:
    d.raise_doubts()
    if not {e.kind for e in d.events} & UNGLOSSED:
        answering.gloss(d)
    return d.turn()


def _welcome_back(d: Draft) -> None:
    """After days: what is held is shown, to be put right; renewed policy is said to be so."""
    before = d.before
    if before.version and before.version != d.world.catalog.version and before.case.facts:
        d.say("renewed")
    if before.on and before.case.facts and (d.world.as_of - dt.date.fromisoformat(before.on)).days >= AWAY_DAYS:
        held = [chip(d.world, v, h, d.language) for v, h in before.case.facts.items() if h.counts]
        d.say("still")
        items = [{"label": f["label"], "value": f["text"]} for f in held]
        d.blocks.append({"kind": "summary", "of": "still", "facts": held, "items": items, "text": ""})
        d.lines += [f"· {f['said']}" for f in held]


# ---------------------------------------------------------------- what a message is


def _answer(d: Draft, text: str, prompt: Mapping[str, Any] | None) -> None:
    """Buttons first, then what stands beside the open question, then what the message means."""
    asked = d.state.case.asking
    if d.world.replies.is_aside("distress", text) or d.world.replies.is_aside("danger", text):
        trouble.distress(d)
        return
    if prompt is not None and prompted(d, prompt, text):
        return
    button = asking.pressed(d.world, asked, text) if asked else None
    if isinstance(button, News):
        if not hear(d, [button], correcting=True):
            missed(d, "not_understood")
        else:
            closing(d, asked)
            go_on(d)
        return
    if button is not None:
        LEAVE[button](d)
        return
    if named(d, text):
        return
    need = first_need(text)
    if need is not None:
        hear(d, [News(need, True, quote=text, method="button")])
        go_on(d)
        return
    listening = str(prompt["fact"]) if prompt and prompt.get("kind") in ("confirm", "replace") else asked
    said = own_words(text, d.world.lexicon) if d.state.who == OTHER else text
    understood = d.world.understand(said, d.world.lexicon, d.world.as_of, listening)
    if prompt is not None and (noted(d, prompt, text, understood) or agreed(d, prompt, understood)):
        return
    _meant(d, text, understood)


def closing(d: Draft, asked: str | None) -> None:
    """A set is answered by any of its options."""
    if asked and d.state.case.asking == asked and asking.asks_set(d.world, asked):
        d.happen("answered", fact=asked)


def _meant(d: Draft, text: str, understood: Understood) -> None:
    intent = _intent(d, text, understood)
    if trouble.DESPAIR in d.state.case.told and intent in _QUIET and not understood.facts and not understood.measures:
        trouble.listen(d)
        return
    if d.state.aside and not understood.measures and d.world.replies.is_aside("backchannel", text):
        d.keep = False
        again(d) if d.state.case.asking else ask(d)
        return
    _doubted(d, text, intent)
    handler = HANDLERS.get(intent)
    if handler is not None:
        handler(d, text, understood)
        return
    _told(d, text, understood, correcting=intent == "correct")


def _doubted(d: Draft, text: str, intent: str) -> None:
    """Somebody who trusts none of this is answered once, before the rest."""
    plain = intent in ("tell_facts", "unclear", "out_of_scope", "ask_summary", "deny")
    if plain and "distrust" not in d.state.case.told and d.world.replies.is_aside("distrust", text):
        d.say("distrust")
        d.happen("told", need="distrust")


_ASIDE_INTENTS = (
    "goodbye",
    "why_asked", "questions_left", "what_would_change", "how_long", "cancel", "to_english", "to_chinese", "who_are_you", "is_it_free", "my_privacy",
    "rude",
)  # fmt: skip
_PLAINLY = ("county", "gifts", "turned_away", "is_it_sure", "what_to_do")
"""Questions that stay questions whoever was heard or read before."""
_OF_MEASURES = ("is_it_free", "how_long")
"""Asked of a measure where one is named."""
_FIRM = (
    "distress", "delete_my_data", "grievance", "check_hearsay", "second_person", "back_to_me", "ask_meaning", "restart", "talk_to_human",
)  # fmt: skip


_QUIET = ("unclear", "out_of_scope", "affirm", "deny", "skip", "refuse", "dont_know", "thanks", "talk_to_human")
_PLAIN = ("tell_facts", "unclear", "out_of_scope", "ask_measure")
"""Where nothing more is known of a message, a rumour in it is put right though nobody says that it was only heard."""


def _intent(d: Draft, text: str, understood: Understood) -> str:
    """What the message wants: what the understanding room says, or a remark to the conversation itself."""
    told = {h.fact for h in understood.facts} - {UNSAID}
    if not told and d.world.replies.is_aside("never_heard", text):
        return "ask_summary"
    if d.world.replies.is_aside("cancel", text):
        return "cancel"
    if not told and (plain := next((k for k in _PLAINLY if d.world.replies.is_aside(k, text)), None)):
        return plain
    if (understood.hearsay or understood.intent == "check_hearsay") and trouble.nothing_heard(d, text):
        return "tell_facts" if understood.facts else "unclear"
    if not understood.facts and d.world.replies.is_aside("who_are_you", text):
        return "who_are_you"
    if understood.intent in _FIRM:
        return understood.intent
    if understood.what_if:
        return "what_if"
    if _wronged(d, text, understood):
        return "grievance"
    replies = d.world.replies
    if not told or understood.intent.startswith("ask_"):
        found = next((k for k in _ASIDE_INTENTS if replies.is_aside(k, text) and not (understood.measures and k in _OF_MEASURES)), None)
        if found:
            return found
    if not understood.facts and not understood.removed and replies.is_aside("wrong_somewhere", text):
        return "which"
    if not understood.facts and not d.state.case.asking and replies.is_aside("finished", text):
        return "ask_summary"
    if understood.hearsay and d.world.hearsay and understood.intent != "correct":
        return "check_hearsay"
    if understood.about_other and d.state.who == SELF:
        return "about_other"
    if understood.intent == "tell_facts" and understood.measures and understood.asks:
        return "ask_measure"
    news = [h for h in understood.facts if not h.fact.startswith("needs.") and h.fact != d.state.case.asking]
    if understood.intent in _PLAIN and not news and not understood.asks and trouble.mistaken(d, text):
        return "check_hearsay"
    if all(fact.startswith("needs.") for fact in told) and understood.intent in _OPEN and _asks_of_a_measure(d, text, understood):
        return "ask_measure"
    return understood.intent


_OPEN = ("unclear", "out_of_scope", "deny", "affirm", "tell_facts")
"""Where a question may hide that names no measure."""


def _asks_of_a_measure(d: Draft, text: str, understood: Understood) -> bool:
    """Whether words of a question (interest, a guarantor) tell which of the measures spoken of is meant."""
    topic = d.world.replies.topics.of(text)
    if understood.facts:  # help is wanted; only words like interest make it a question about a measure
        return topic is not None and bool(answering.pointed(d, text))
    return (understood.asks or topic is not None) and bool(understood.measures or answering.pointed(d, text))


def _wronged(d: Draft, text: str, understood: Understood) -> bool:
    """Whether the message tells of a wrong that was done, whatever else it is taken for."""
    if understood.about_other or understood.hearsay or understood.intent not in ("tell_facts", "unclear", "out_of_scope", "ask_measure"):
        return False
    told = any(h.value is True and h.certainty == "stated" and h.fact == "needs.grievance" for h in understood.facts)
    return told or bool(trouble.troubles(d, text, understood))


HARD_NEEDS = ("family_support", "grievance")
"""Troubles that are not taken for told where they are only guessed."""


def _told(d: Draft, text: str, understood: Understood, *, correcting: bool) -> None:
    """Facts, and answers to the open question."""
    asked = d.state.case.asking
    items = [news(h) for h in understood.facts] or _bare_answer(d, asked, understood, text)
    need = _only_need(items) if understood.asks else None
    if need and need not in HARD_NEEDS:  # who asks after land wants to hear of it: there is nothing to confirm
        items = [replace(n, status="stated", method="grammar") for n in items]
    unfair = trouble.unfair(d, text)
    took = hear(d, items, understood.removed, correcting=correcting)
    closing(d, asked if asked and any(n.fact.startswith(f"{asked}.") for n in items) else None)
    guessed = any(n.status == "guessed" for n in items)
    if not took and not guessed and not unfair:
        nothing(d, text, understood)
        return
    if asked and d.state.case.asking == asked and not guessed:
        d.happen("tried")
        if d.state.case.tries >= 3:
            d.happen("closed", fact=asked, how="failed")
    if understood.also == "ask_summary":
        summary(d)
    elif (
        understood.asks
        and understood.also in (None, "ask_amount")
        and not understood.measures
        and (kind := d.world.replies.topics.kind(text))
    ):
        listed(d, of_kind(kind))
        ask(d)
    elif need and not understood.also and not understood.measures:
        listed(d, for_need(need), beyond=True)
        ask(d)
    elif understood.also in answering.ABOUT_MEASURE and answering.target(d, understood.measures):
        about(d, understood.also, understood.measures, text)
    else:
        go_on(d, guess=guessed and not took)


def _only_need(items: Sequence[News]) -> str | None:
    """The one kind of help that a message speaks of, where it tells nothing else."""
    needs = {n.fact.removeprefix("needs.") for n in items if n.fact.startswith("needs.") and n.value is True}
    return needs.pop() if len(needs) == len(items) == 1 else None


def _bare_answer(d: Draft, asked: str | None, understood: Understood, text: str) -> list[News]:
    """Yes or no to an open yes-or-no question; no to all of a set."""
    if asked and asking.asks_set(d.world, asked) and d.world.catalog.facts[asked].whole and understood.intent == "deny":
        return [News(f"{asked}.{o}", False, quote=text[:40]) for o in d.world.catalog.facts[asked].options]
    item = d.world.catalog.variables.get(asked) if asked else None
    if item is None or item.type != "boolean" or understood.intent not in ("affirm", "deny"):
        return []
    return [News(item.id, understood.intent == "affirm", quote=text[:40])]
