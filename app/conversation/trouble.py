"""When something is wrong: hearsay put right, a wrong and where to take it, danger, a person to talk to, a note to the county."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from app.conversation.answering import DEFAULT_LINE, line
from app.conversation.cards import sentences
from app.conversation.draft import Draft
from app.conversation.facts import News, chip, phrase
from app.conversation.picture import hoped
from app.conversation.state import State
from app.conversation.world import HearsayAnswer, Understood
from app.matching.match import Match

TROUBLE = "trouble."
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of receipts: none that is easily taken for another."""
LONGEST_QUOTE = 40


# ---------------------------------------------------------------- hearsay


def hearsay(d: Draft, text: str) -> None:
    """What people say, checked claim by claim by the hearsay room: their words, what is so, and the source."""
    answer = _checked(d, text)
    if answer is None:
        d.say("no_hearsay")
        d.say("hearsay_ask", phone=DEFAULT_LINE)
        d.contact(DEFAULT_LINE)
        return
    for claim in answer.claims:
        _claim(d, claim)
    said = sentences(answer.reply.replace("\n", ""))
    if not answer.claims:
        d.lines += said
    elif len(answer.claims) == 1:
        d.line("hearsay_quote", quote=_short(answer.claims[0].quote))
        d.lines += list(dict.fromkeys(said))
    else:
        for claim in answer.claims:
            d.line("hearsay_quote", quote=_short(claim.quote))
            d.lines += [s for s in sentences(claim.correction) if s not in d.lines]
        d.lines += [s for s in said if s.startswith(("出处", "Source")) and s not in d.lines]
    d.happen("hearsay", verdicts=[c.verdict for c in answer.claims], measures=[c.measure for c in answer.claims])


def _checked(d: Draft, text: str) -> HearsayAnswer | None:
    """The check of a message, made once a turn; None where nobody can check."""
    if d.world.hearsay is None:
        return None
    if d.heard is None or d.heard[0] != text:
        d.heard = text, d.world.hearsay(text, d.language, _discussed(d))
    return d.heard[1]


def unfair(d: Draft, text: str) -> bool:
    """Support that goes to insiders: said once how it is, with where to report; the rest of the message is taken in as ever."""
    if UNFAIR in d.state.case.told or not d.world.replies.is_aside(UNFAIR, text):
        return False
    d.say("unfair")
    if REPORT in d.world.catalog.contacts:
        d.say("unfair_call", phone=REPORT)
        d.contact(REPORT)
    d.happen("told", need=UNFAIR)
    return True


UNFAIR, REPORT = "unfair", "12388"


def nothing_heard(d: Draft, text: str) -> bool:
    """Whether what looks like hearsay holds nothing that could be checked, nor asks whether it is so."""
    answer = _checked(d, text)
    vague = answer is not None and all(c.verdict == "cannot_tell" and not c.measure for c in answer.claims)
    return vague and not d.world.replies.is_aside("is_it_so", text)


def mistaken(d: Draft, text: str) -> bool:
    """Whether a message says something that is not so, or no longer."""
    answer = _checked(d, text)
    return answer is not None and any(claim.verdict in ("wrong", "outdated") for claim in answer.claims)


def _discussed(d: Draft) -> Sequence[str]:
    """Measures that "this loan" may mean: the one spoken of, those in the last answer, those shown before, those still open."""
    state = d.state
    last = [*(state.last or {}).get("cards", ()), *hoped(d)]
    still = sorted((v.id for v in d.found.verdicts if "place" not in v.failed), key=lambda name: -d.found.weights[name])
    return list(dict.fromkeys([*([state.focus] if state.focus else []), *last, *reversed(state.case.shown), *still]))


def _short(quote: str) -> str:
    return quote if len(quote) <= LONGEST_QUOTE else quote[:LONGEST_QUOTE] + "…"


def _claim(d: Draft, claim: Any) -> None:
    d.proof.hearsay([claim.measure] if claim.measure else [])
    citations = [dict(c) for c in claim.citations]
    for citation in citations:
        d.proof.citation(citation)
    d.proof.named([claim.quote, _short(claim.quote)])
    told = {"quote": claim.quote, "measure": claim.measure, "verdict": claim.verdict, "correction": claim.correction}
    d.blocks.append({"kind": "correction", **told, "text": claim.correction, "citations": citations})


# ---------------------------------------------------------------- a wrong


def troubles(d: Draft, text: str, understood: Understood) -> list[News]:
    """What went wrong, as facts: those that were heard, or else what the words of a complaint say."""
    if any(h.fact.startswith(TROUBLE) for h in understood.facts) or understood.about_other:
        return []
    known = d.world.catalog.variables
    found = [k for k in d.world.replies.asides if k.startswith(TROUBLE) and k in known and d.world.replies.is_aside(k, text)]
    return [News(fact, True, quote=text[:LONGEST_QUOTE]) for fact in found]


def grievance(d: Draft, told: Sequence[str], named: Sequence[str]) -> None:
    """A wrong that was done: where to take it, and what to keep. `told`: the troubles of this message."""
    d.say("grievance")
    d.say("grievance_keep")
    chosen = _channels(d.found, set(told), named)
    if chosen:
        d.show(chosen)
        d.happen("focused", measure=chosen[0])
        line(d, str(d.body(chosen[0])["apply"]["phone"] or DEFAULT_LINE))
    else:
        line(d, DEFAULT_LINE)
    d.say("note_offer")
    d.offer("b_note")


def _channels(found: Match, told: set[str], named: Sequence[str]) -> list[str]:
    """At most two: where to complain about this trouble, and what the law gives."""
    about = [v for v in found.verdicts if v.verdict != "not_eligible" and "grievance" in v.measure.entry.measure.needs]
    if told:
        about = [v for v in about if told & {name for o in v.outcomes for name in o.condition.order}]
    else:
        about = [v for v in about if v.id in named]
    lines = [v.id for v in about if v.measure.entry.measure.kind == "complaint"]
    rights = [v.id for v in about if v.id not in lines and v.measure.entry.measure.prominence != "minor"]
    return [*lines, *rights][:2] if len(lines) != 1 else [*lines, *rights[:1]]


# ---------------------------------------------------------------- a note to the county


def ask_note(d: Draft) -> None:
    """Asks for the words of a note."""
    d.keep = False
    d.say("note_ask")
    d.offer("b_no_note")
    d.happen("prompted", kind="note")


def note(d: Draft, text: str) -> None:
    """Keeps a note: its message, place and trouble, with a receipt number. The words stay with the message."""
    facts = d.state.case.facts
    place = next((facts[f].value for f in ("home_place", "business_place") if f in facts and facts[f].counts), None)
    about = sorted(f for f, held in facts.items() if f.startswith(TROUBLE) and held.counts and held.value is True)
    number = receipt(d.before, text)
    d.happen("note", receipt=number, message=d.state.message, place=place, about=about, measure=d.state.focus)
    d.proof.named([number])
    d.say("note_kept", receipt=number)
    d.say("note_is_no_complaint", phone=DEFAULT_LINE)


def receipt(state: State, text: str) -> str:
    """A receipt number that depends on nothing but the conversation so far and the words: eight signs."""
    whole = json.dumps(state.as_json(), ensure_ascii=False, sort_keys=True) + "\0" + text
    number = int.from_bytes(sha256(whole.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    signs = [LETTERS[number // len(LETTERS) ** n % len(LETTERS)] for n in range(8)]
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


# ---------------------------------------------------------------- danger, a person


def distress(d: Draft) -> None:
    """Danger or despair: the lines that help, before anything else. Only lines of the catalogue are named."""
    lines = d.world.catalog.contacts
    d.say("distress")
    told = [(key, number) for key, number in DISTRESS if number in lines]
    for key, number in told:
        d.say(key, phone=number)
    if len(told) < len(DISTRESS):
        d.say("distress_else", phone=DEFAULT_LINE)
    d.say("distress_stay")
    d.say("distress_later")
    for number in dict.fromkeys([*(n for _, n in told), *([DEFAULT_LINE] if len(told) < len(DISTRESS) else [])]):
        d.contact(number)
    d.happen("distress")
    d.happen("told", need=DESPAIR)


def listen(d: Draft) -> None:
    """After despair, words that ask for nothing of ours are listened to, and nothing is asked."""
    d.keep = False
    d.say("distress_listen")
    if "12356" in d.world.catalog.contacts and CALLED not in d.state.case.told:
        d.say("distress_call", phone="12356")
        d.contact("12356")
        d.happen("told", need=CALLED)


DESPAIR = "distress"
"""Told in this conversation: the person spoke of despair."""
CALLED = "distress_call"
DISTRESS = (("distress_talk", "12356"), ("distress_danger", "110"), ("distress_hurt", "120"))


def human(d: Draft) -> None:
    """A person to talk to, with the facts to read out."""
    contact = d.world.catalog.contacts[DEFAULT_LINE]
    d.proof.contact(DEFAULT_LINE)
    d.say("human", phone=contact.number, name=contact.name.of(d.language))
    d.contact(DEFAULT_LINE)
    d.say("human_town")
    held = {v: h for v, h in d.state.case.facts.items() if h.counts}
    if held:
        facts = [chip(d.world, v, h, d.language) for v, h in held.items()]
        d.line("human_facts")
        d.several([phrase(d.world, v, h, d.language) for v, h in held.items()])
        title = d.world.replies.say("human_facts", d.language)
        items: list[Mapping[str, Any]] = [{"label": f["label"], "value": f["text"]} for f in facts]
        d.blocks.append({"kind": "summary", "of": "handover", "title": title, "text": "", "facts": facts, "items": items})
