"""Answers to what a person asks in between: one measure in depth, a word, what if."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.catalog.models import GlossaryEntry, Measure
from app.conversation import cards
from app.conversation.draft import Body, Draft
from app.conversation.facts import News, matched, possible
from app.conversation.picture import hoped, registered
from app.conversation.taking import RELEVANT
from app.matching.order import LAST_KINDS
from app.wording.topics import Topic

MOST_REASONS = 3
MOST_SENTENCES = 4
"""Of what a measure gives; its card has all of them."""
SOURCE = ("出处", "Source")
"""How lines begin that name a document; its title is not explained."""
MOST_POINTED = 3
STOP = {"zh": "。", "en": "."}
ABOUT_MEASURE = ("ask_measure", "ask_amount", "ask_materials", "ask_where", "ask_why_not", "how_long", "what_would_change")
DEFAULT_LINE = "12345"


def measure(d: Draft, intent: str, named: Sequence[str], text: str = "") -> bool:
    """Answers a question about a measure: the one named, else the one last spoken of. False when it is not known which is meant.

    `text`: the question, where words of it tell what about the measure is asked.
    """
    chosen, others = _target(d, named)
    if chosen is None:
        return False
    body = d.body(chosen)
    if named or d.state.focus != chosen:
        d.say("about", name=body["name"])
        _end_date(d, body)
    d.happen("focused", measure=chosen)
    topic = d.world.replies.topics.of(text) if intent in TOPICAL else None
    if (
        topic is None
        or topic.answers(d.world.replies.topics.bare(body["name"]))
        or (intent == "ask_measure" and not _topic_lines(d, body, topic))
    ):
        _PARTS[intent](d, body)
    else:
        _about_topic(d, body, topic, intent == "ask_amount")
    if others and (intent == "ask_measure" or topic):
        d.say_names("others_too", others)
        d.press(*(d.world.catalog.entries[i].measure.name.of(d.language) for i in others))
    d.offer(*(key for part, key in _NEXT.items() if part != intent))
    return True


TOPICAL = ("ask_measure", "ask_amount", "how_long")
"""Questions that may be about one thing only."""
_NEXT = {"ask_amount": "b_amount", "ask_materials": "b_bring", "ask_where": "b_where"}


_NAMED = re.compile(r"([一-龥]{2})(?:补贴|补助|津贴|贷款|保险)")


def pointed(d: Draft, text: str) -> list[str]:
    """The measures that words like 利息 or 保险 may mean: those spoken of that are of such a kind; where some tell what is asked, only those.
    Money alone means those that bring any."""
    topics = d.world.replies.topics
    kind, topic = topics.kind(text), topics.of(text)
    state = d.state
    last = (state.last or {}).get("cards", ())
    spoken = [*([state.focus] if state.focus else []), *last, *hoped(d), *reversed(state.case.shown)]
    entries = d.world.catalog.entries
    of_kind = [i for i in dict.fromkeys(spoken) if i in entries and (kind is None or entries[i].measure.kind == kind)]
    if kind is None and topic is None and topics.asks_for_money(text):
        return [i for i in of_kind if d.found.amounts.get(i)][:MOST_POINTED]
    telling = [i for i in of_kind if topic is not None and _tells(entries[i].measure, topic)]
    return (telling if telling or kind is None else of_kind)[:MOST_POINTED]


def meant(d: Draft, text: str, named: Sequence[str]) -> Sequence[str]:
    """The measures that a question is about: those it names, unless they are for another place, only take complaints and its words point to others,
    or are named to say who asks."""
    entries = d.world.catalog.entries
    elsewhere = {v.id for v in d.found.found if "place" in v.failed and not any(r[:2] in text for r in v.measure.entry.measure.regions)}
    named = [i for i in named if i in entries and i not in elsewhere]
    kind = d.world.replies.topics.kind(text)
    if kind and d.world.replies.topics.names_people(text) and all(entries[i].measure.kind != kind for i in named):
        return pointed(d, text)
    if any(entries[i].measure.kind != "complaint" for i in named):
        return named
    return pointed(d, text) or named


def other_kind(d: Draft, text: str, told: bool) -> str | None:
    """The kind of measure that is asked for where the one last spoken of is of another kind, or where the message tells facts as well."""
    kind = d.world.replies.topics.kind(text)
    entries = d.world.catalog.entries
    focus = d.state.focus if d.state.focus in entries else None
    return None if kind is None or (focus and not told and entries[focus].measure.kind == kind) else kind


def _tells(measure: Measure, topic: Topic) -> bool:
    """Whether a measure's own text or the name of a figure says something of what is asked."""
    return any(topic.answers(text.zh) for text in (measure.gives, *(f.label for f in measure.figures.values())))


def unheard_of(d: Draft, text: str) -> bool:
    """Whether the message names support that nothing of the catalogue is called after (高龄补贴)."""
    found = _NAMED.search(text)
    if found is None or set(found.group(1)) & d.world.replies.topics.unnamed:
        return False
    return not any(found.group(1) in e.measure.name.zh for e in d.world.catalog.entries.values())


def target(d: Draft, named: Sequence[str]) -> str | None:
    """The measure that a question is about, if it is known which."""
    return _target(d, named)[0]


def _target(d: Draft, named: Sequence[str]) -> tuple[str | None, list[str]]:
    """The measure meant and up to three that may be meant as well; what the person can get before what is closed to them."""
    known = [i for i in named if i in d.world.catalog.entries]
    if known:
        rank = {"eligible": 0, "unknown": 1, "not_eligible": 2}
        verdicts = {v.id: rank[v.verdict] for v in d.found.found}
        ordered = sorted(known, key=lambda i: (verdicts[i], known.index(i)))
        return ordered[0], ordered[1:4]
    if d.state.focus:
        return d.state.focus, []
    last = [i for i in (d.state.last or {}).get("cards", ()) if i in d.world.catalog.entries]
    if last:
        return last[0], []
    shown = [i for i in d.state.case.shown if i in d.world.catalog.entries]
    return (shown[0] if shown else None), []


def _end_date(d: Draft, body: Body) -> None:
    if body["valid_until"]:
        day = d.proof.day(body["valid_until"], d.language)
        if "days_left" in body:
            d.say("ends_soon", day=day, days=body["days_left"])


def _phone(body: Body) -> str:
    return str(body["apply"]["phone"] or DEFAULT_LINE)


def _whole(d: Draft, body: Body) -> None:
    for sentence in cards.sentences(body["gives"])[:MOST_SENTENCES]:
        d.tell(sentence)
    _amount_of(d, body)
    _verdict(d, body)
    if body["valid_until"] and "days_left" not in body:
        d.say("ends", day=d.proof.day(body["valid_until"], d.language))
    d.blocks.append(cards.card(d.world, body, d.language))
    d.carded.append(body["measure"])
    d.cite(cards.source(d.world, body, d.language))
    _mark(d, body)


def _mark(d: Draft, body: Body) -> None:
    if not body["confirmed"]:
        d.say("unconfirmed", phone=_phone(body))
    for mark in body["confirmed_by"][:1]:
        d.say(
            "confirmed_by" if body["confirmed"] else "partly_confirmed_by", office=mark["office"], day=d.proof.day(mark["on"], d.language)
        )


def _verdict(d: Draft, body: Body) -> None:
    if body["verdict"] == "eligible":
        d.say("you_can")
        for item in body["subject_to"][:1]:
            d.say("subject_to", who=d.world.replies.say(f"who_{item['who']}", d.language), plain=_bare(item["plain"]))
    elif body["verdict"] == "not_eligible":
        _why_not(d, body)
    elif body["missing_facts"]:
        d.say("you_might", labels=d.labels(body["missing_facts"]))
    else:
        d.say("you_might_not_found", phone=_phone(body))


def _amount_of(d: Draft, body: Body) -> None:
    for estimated in body["estimate"].values():
        d.tell(_sum_line(d, estimated))


def _amount(d: Draft, body: Body) -> None:
    said = False
    for estimated in body["estimate"].values():
        d.tell(_sum_line(d, estimated))
        d.say("working", working=estimated["working"])
        said = True
    for figure in list(body["figures"].values())[:MOST_REASONS]:
        if "text" in figure:
            d.tell(_sum_line(d, figure))
            said = True
    if not said:
        for sentence in cards.sentences(body["gives"]):
            d.tell(sentence)
        d.say("no_amount")
    d.cite(cards.source(d.world, body, d.language))
    _mark(d, body)


def _about_topic(d: Draft, body: Body, topic: Topic, how_much: bool) -> None:
    """What the measure says of one thing that was asked; that it says nothing of it, or names no number, and whom to ask, where so."""
    said = _topic_lines(d, body, topic)
    for sentence in said[:MOST_SENTENCES]:
        d.tell(sentence)
    if not said or (how_much and not any(topic.answers(f["label"]) for f in body["figures"].values() if "text" in f)):
        d.say("topic_unknown", topic=topic.name.of(d.language), phone=_phone(body))
    if said:
        d.cite(cards.source(d.world, body, d.language))
        _mark(d, body)


def _topic_lines(d: Draft, body: Body, topic: Topic) -> list[str]:
    """The figures and sentences of a measure that are about one thing; where there are none, the conditions that are."""
    said = [_sum_line(d, f) for f in body["figures"].values() if "text" in f and topic.answers(f["label"])]
    said += [s for s in cards.sentences(body["gives"]) if topic.answers(s)]
    asked = [_bare(r["plain"]) for r in body["reasons"] if r["condition"] not in ("place", "valid") and topic.answers(r["plain"])]
    return said or [d.world.replies.say("requires", d.language, plain=plain) for plain in asked[:MOST_REASONS]]


def _sum_line(d: Draft, figure: Mapping[str, Any]) -> str:
    """A figure with its name, as a sentence."""
    return cards.amount_line(figure["label"], figure["text"], d.language) + STOP[d.language]


def _materials(d: Draft, body: Body) -> None:
    items = body["apply"]["materials"]
    if items:
        d.say("bring")
        for item in items:
            d.say("bring_item", item=item)
    else:
        d.say("bring_unknown", phone=_phone(body))
    _mark(d, body)


def _where(d: Draft, body: Body) -> None:
    apply = body["apply"]
    if apply["where"]:
        d.say("where", where=_bare(apply["where"]))
    if apply["online"]:
        d.say("where_online", online=_bare(apply["online"]))
    if not apply["where"] and not apply["online"]:
        d.say("where_unknown", phone=_phone(body))
    if apply.get("window"):
        d.tell(apply["window"]["text"])
    line(d, _phone(body))


def line(d: Draft, number: str) -> None:
    """A telephone line with its name."""
    number = number if number in d.world.catalog.contacts else DEFAULT_LINE
    contact = d.world.catalog.contacts[number]
    d.line("phone", phone=contact.number, name=contact.name.of(d.language))
    d.contact(number)
    if not contact.checked.sure and number != DEFAULT_LINE:
        d.say("phone_recalled", line=DEFAULT_LINE)


def _how_long(d: Draft, body: Body) -> None:
    apply = body["apply"]
    if apply["takes"]:
        d.say("takes", takes=_bare(apply["takes"]))
    if apply["deadline"]:
        d.say("deadline", deadline=_bare(apply["deadline"]))
    if body["valid_until"] and "days_left" not in body:
        d.say("ends", day=d.proof.day(body["valid_until"], d.language))
    if not apply["takes"] and not apply["deadline"]:
        d.say("time_unknown", phone=_phone(body))


def _why_not(d: Draft, body: Body) -> None:
    if body["verdict"] != "not_eligible":
        _verdict(d, body)
        for reason in [r for r in body["reasons"] if r["outcome"] == "met"][:MOST_REASONS]:
            d.say("met", plain=_bare(reason["plain"]))
        return
    d.say("you_cannot")
    failed = [r for r in body["reasons"] if r["outcome"] == "failed"][:MOST_REASONS]
    for reason in failed:
        d.say("because_ended" if reason["condition"] == "valid" else "because", plain=_bare(reason["plain"]))
        if reason.get("ask"):
            d.say("ask_first", phone=_phone(body))
    for step in body["steps"]:
        d.say("step", plain=_bare(step["plain"]))
    if not body["steps"] and _opens_later(d, body):
        d.say("step_register")
    if failed:
        d.cite(failed[0]["citation"])


def _opens_later(d: Draft, body: Body) -> bool:
    """Whether it comes into reach once the business is registered and runs."""
    return any(v.id == body["measure"] and v.verdict != "not_eligible" for v in registered(d, [body["measure"]]).found)


def _change(d: Draft, body: Body) -> None:
    if body["verdict"] == "eligible":
        d.say("already")
        return
    _why_not(d, body)
    if body["verdict"] == "not_eligible" and not body["steps"] and not _opens_later(d, body):
        d.say("no_step")


def _bare(text: str) -> str:
    return text.strip().rstrip("。.；;")


_PARTS: Mapping[str, Callable[[Draft, Body], None]] = {
    "ask_measure": _whole,
    "ask_amount": _amount,
    "ask_materials": _materials,
    "ask_where": _where,
    "ask_why_not": _why_not,
    "how_long": _how_long,
    "what_would_change": _change,
}


# ---------------------------------------------------------------- words


def meaning(d: Draft, words: Sequence[str]) -> None:
    """A hard word in plain ones."""
    found = [e for w in words for e in d.world.catalog.glossary if w in (e.term.zh, e.term.en, *e.also)]
    for entry in found[:2]:
        d.say("meaning", term=entry.term.of(d.language), means=entry.means.of(d.language))
        d.happen("glossed", term=entry.term.zh)
    if not found:
        d.say("no_word", phone=DEFAULT_LINE)
        d.contact(DEFAULT_LINE)


def gloss(d: Draft) -> None:
    """Explains the first hard word of the reply that was not explained before, in passing."""
    said = "\n".join(line for line in d.lines if not line.startswith(SOURCE))
    entry = _hardest(said, d.world.catalog.glossary, d.state.glossed, d.language)
    if entry is not None:
        text = d.world.replies.say("gloss", d.language, term=entry.term.of(d.language), means=entry.means.of(d.language).rstrip("。."))
        asked = next((n for n, b in enumerate(d.blocks) if b["kind"] == "question"), len(d.blocks))
        line = next((n for n, said_ in enumerate(d.lines) if asked < len(d.blocks) and said_ == d.blocks[asked]["text"]), len(d.lines))
        d.blocks.insert(asked, {"kind": "text", "text": text})
        d.lines.insert(line, text)
        d.happen("glossed", term=entry.term.zh)


def _hardest(said: str, glossary: Sequence[GlossaryEntry], known: Sequence[str], language: str) -> GlossaryEntry | None:
    low = said.casefold()
    found = [e for e in glossary if e.term.zh not in known and not e.term.zh.isdigit() and e.term.of(language).casefold() in low]
    return max(found, key=lambda e: (len(e.term.of(language)), e.term.zh), default=None)


# ---------------------------------------------------------------- what if


def what_if(d: Draft, facts: Sequence[News]) -> None:
    """What would change if something were so; nothing is noted."""
    usable = [n for n in facts if possible(d.world, n)]
    if not usable:
        d.say("what_if_empty")
        return
    changed = {n.fact for n in usable}
    now, then = d.found, matched(d.world, d.state.case, usable, without=[v for v in d.state.case.facts if v in changed])
    before = {v.id: v.verdict for v in now.found}
    weights = then.weights
    relevant = [v for v in then.verdicts if weights[v.id] >= RELEVANT]
    plain = {v.id for v in then.verdicts if v.measure.entry.measure.kind not in LAST_KINDS}
    more = [v.id for v in relevant if v.verdict == "eligible" and before[v.id] != "eligible"]
    maybe = [v.id for v in relevant if v.verdict == "unknown" and before[v.id] == "not_eligible"]
    less = [v.id for v in then.verdicts if v.id in plain and v.verdict == "not_eligible" and before[v.id] == "eligible"]
    d.say("what_if")
    for key, ids in (("what_if_more", more), ("what_if_maybe", maybe), ("what_if_less", less)):
        if ids:
            d.say_names(key, ids)
    if not (more or maybe or less):
        d.say("what_if_same")
    d.say("what_if_not_kept")
    d.happen("supposed", facts=sorted(changed))
