"""A turn while it is being made: what happens and what is said, put together and guarded at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.conversation import asking
from app.conversation.cards import bodies, card, sentences
from app.conversation.facts import chip, label, matched
from app.conversation.proof import Proof
from app.conversation.reply import Reply, Turn
from app.conversation.state import SELF, Event, State, advance
from app.conversation.world import HearsayAnswer, World
from app.matching.match import Match
from app.wording.guard import guard

Body = Mapping[str, Any]
LINE = 46
"""Characters of a paragraph, about."""
MOST_PHONES, HOTLINE = 2, "12345"
PARAGRAPH = {"zh": 60, "en": 180}
BRIEF = {"zh": 42, "en": 120}
"""Characters of a sentence that may stand under the name of a measure."""


class Draft:
    """Events and blocks of one turn. `state` is always the state after the events so far."""

    def __init__(self, state: State, world: World, text: str = "") -> None:
        self.world = world
        self.before = state
        self.state = state
        self.events: list[Event] = []
        self.blocks: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self.buttons: list[dict[str, str]] = []
        self.proof = Proof(world, text)
        self.carded: list[str] = []
        self.left = 0
        self.aside = False
        self.keep = True
        self.corrected = False
        self.unsure: set[str] = set()
        self.later: list[Callable[[], None]] = []
        """Doubts to be raised when everything else is said: which of two values, which of two facts that cannot both be."""
        self.heard: tuple[str, HearsayAnswer | None] | None = None
        """What was checked as hearsay in this turn, and what came of it."""
        self._found: tuple[object, Match] | None = None

    # ------------------------------------------------------------ what happens

    def happen(self, kind: str, /, **data: Any) -> None:
        event = Event(kind, data)
        self.events.append(event)
        self.state = advance(self.state, [event])

    def raise_doubts(self) -> bool:
        """Asks what was put off; True when the turn ends with it instead of the next question."""
        put_off, self.later = self.later, []
        for doubt in put_off[:1]:
            doubt()
        return bool(put_off)

    @property
    def language(self) -> str:
        return self.state.language

    @property
    def found(self) -> Match:
        """Verdicts of the open case as it is now."""
        facts = self.state.case.facts
        if self._found is None or self._found[0] is not facts:
            self._found = facts, matched(self.world, self.state.case)
        return self._found[1]

    def before_found(self, names: Sequence[str]) -> dict[str, str]:
        """What the verdicts of some measures were when the turn began; empty when it began with another person's case."""
        if self.before.who != self.state.who:
            return {}
        return {v.id: v.verdict for v in matched(self.world, self.before.case, only=names).found}

    def body(self, name: str) -> Body:
        """A measure as POST /v1/match has it, for the open case."""
        return self.some([name])[name]

    def some(self, names: Sequence[str], found: Match | None = None) -> dict[str, Body]:
        """Measures as POST /v1/match has them, for the open case or for verdicts that were found otherwise."""
        made = bodies(self.world, found or self.found, names, self.language)
        for one in made.values():
            self.proof.measure(one)
        return dict(made)

    # ------------------------------------------------------------ what is said

    def say(self, key: str, /, **words: object) -> None:
        """A sentence of knowledge/words/replies.yaml."""
        self.proof.counts(words)
        self.tell(self.world.replies.say(key, self.language, **words))

    def tell(self, text: str) -> None:
        """A paragraph, shown as a block of its own."""
        text = self.of_whom(text)
        self.lines.append(text)
        self.blocks.append({"kind": "text", "text": text})

    def of_whom(self, text: str) -> str:
        """In another person's case what they can get is said of them."""
        if self.state.who == SELF or self.language != "zh":
            return text
        for said in ("您能办", "您大概", "您最多", "您办不了"):
            text = text.replace(said, self.third_person + said[1:])
        return text

    def line(self, key: str, /, **words: object) -> None:
        """A paragraph of the plain text alone, for what a block shows in its own way."""
        self.proof.counts(words)
        self.lines.append(self.world.replies.say(key, self.language, **words))

    def several(self, pieces: Sequence[str], first: str | None = None, then: str | None = None) -> list[str]:
        """Pieces joined into lines that are not too long, each line said by `first` or `then` (with {facts}); the lines."""
        joint = "，" if self.language == "zh" else "; "
        rows: list[list[str]] = [[]]
        for piece in pieces:
            if rows[-1] and len(joint.join([*rows[-1], piece])) > LINE:
                rows.append([])
            rows[-1].append(piece)
        made = []
        for n, row in enumerate(rows):
            key = (first if n == 0 else then) or "plain_facts"
            made.append(self.world.replies.say(key, self.language, facts=joint.join(row)))
        self.lines += made
        return made

    def show(self, names: Sequence[str]) -> None:
        """Measures as cards. What is not confirmed is marked at its name, and said once under the cards."""
        made = [(name, card(self.world, body, self.language), body) for name, body in self.some(names).items()]
        unsure = [c for _, c, _ in made if not c["confirmed"]]
        for name, block, body in made:
            self.blocks.append(block)
            self.carded.append(name)
            self._card_lines(block, body, marked=len(made) > 1)
        different = list(dict.fromkeys(str(c["phone"]) for c in unsure))
        phones = ("、" if self.language == "zh" else ", ").join(different if len(different) <= MOST_PHONES else [HOTLINE])
        if unsure and phones not in self.unsure:
            self.unsure.add(phones)
            self.line("card_unsure" if len(made) == 1 else "cards_unsure", phone=phones)
        self.happen("shown", measures=list(names))

    def _card_lines(self, made: Mapping[str, Any], body: Body, *, marked: bool) -> None:
        self.line("card_line_unsure" if marked and not made["confirmed"] else "card_line", name=made["name"])
        if "days_left" in body:
            self.line("card_ends", day=self.proof.day(body["valid_until"], self.language), days=body["days_left"])
        if made["amount"]:
            self.lines.append(self.of_whom(f"  {made['amount']}"))
        elif len(first := (sentences(made["text"]) or [""])[0]) <= BRIEF[self.language]:
            self.lines.append(f"  {first}")

    def contact(self, number: str) -> None:
        block = dict(self.world.phone(number, self.language))
        self.proof.contact(number)
        self.blocks.append(block)

    def cite(self, citation: Mapping[str, Any]) -> None:
        """The source of what was said, once."""
        if any(b["kind"] == "citation" and b["document"] == citation["document"] for b in self.blocks):
            return
        self.proof.citation(citation)
        self.blocks.append({"kind": "citation", **citation, "citation": dict(citation)})
        title = f"《{citation['title']}》" + (f" {citation['number']}" if citation.get("number") else "")
        key = "source_clause" if citation.get("clause") else "source"
        self.line(key, title=title, **({"clause": citation["clause"]} if citation.get("clause") else {}))

    def offer(self, *keys: str) -> None:
        """Buttons by their ids."""
        self.press(*(self.world.replies.say(key, self.language) for key in keys))

    def press(self, *labels: str) -> None:
        known = {b["text"] for b in self.buttons}
        self.buttons += [{"label": text, "text": text} for text in dict.fromkeys(labels) if text not in known]

    def say_names(self, key: str, ids: Sequence[str], most: int = 3) -> None:
        """A sentence with the names of measures: as many as a short paragraph holds."""
        for count in range(min(most, len(ids)), 0, -1):
            text = self.world.replies.say(key, self.language, names=self.names(ids, count))
            if len(text) <= PARAGRAPH[self.language]:
                break
        self.tell(text)

    def names(self, ids: Sequence[str], most: int = 3) -> str:
        """Names of measures, a few of them."""
        listed = [self.world.catalog.entries[i].measure.name.of(self.language) for i in ids[:most]]
        self.proof.named(listed)
        rest = self.world.replies.say("and_more", self.language) if len(ids) > most else ""
        return ("、" if self.language == "zh" else ", ").join(f"“{n}”" for n in listed) + rest

    def labels(self, facts: Iterable[str], most: int = 4) -> str:
        listed = [label(self.world, f, self.language) for f in facts][:most]
        return ("、" if self.language == "zh" else ", ").join(dict.fromkeys(listed))

    # ------------------------------------------------------------ the end

    def turn(self) -> Turn:
        """The turn as it goes out: guarded, with profile and verdicts."""
        text = "\n".join(self.lines)
        wrong = guard([text, *_visible(self.blocks)], self.proof.allowed(self.state))
        if wrong:
            text = self._safe(wrong)
        self.happen("replied", text=text, cards=self.carded, aside=self.aside, keep=self.keep)
        return Turn(tuple(self.events), self._reply(text))

    def _safe(self, wrong: Sequence[str]) -> str:
        """A reply without the figures that nothing covers; the open question stays."""
        self.happen("guard_failed", pieces=list(wrong)[:10])
        asked = [b for b in self.blocks if b["kind"] == "question"]
        self.lines, self.blocks, self.carded = [], [], []
        self.say("safe")
        self.say("safe_call", phone="12345")
        self.contact("12345")
        self.blocks += asked
        self.lines += [b["text"] for b in asked]
        return "\n".join(self.lines)

    def _reply(self, text: str) -> Reply:
        case, found = self.state.case, self.found
        matches: dict[str, list[str]] = {"eligible": [], "unknown": [], "not_eligible": []}
        for verdict in found.verdicts:
            matches[verdict.verdict].append(verdict.id)
        return Reply(
            text=text,
            blocks=tuple(self.blocks),
            quick_replies=tuple(self.buttons),
            asking=case.asking,
            questions_left=self.left,
            profile=tuple(chip(self.world, v, held, self.language) for v, held in case.facts.items()),
            matches=matches,
            who=self.state.who,
            language=self.language,
        )

    @property
    def third_person(self) -> str:
        """How the other person whose case this is is spoken of."""
        gender = self.state.case.facts.get("gender")
        return "她" if gender is not None and gender.counts and gender.value == "female" else "他"

    def put(self, variable: str, text: str) -> None:
        """A question with its block and buttons; in another person's case it is put about them."""
        if self.state.who != SELF and self.language == "zh":
            text = text.replace("您", self.third_person)
        self.lines.append(text)
        self.blocks.append(asking.block(self.world, variable, self.language, text, self.left))
        self.buttons += asking.buttons(self.world, variable, self.language)


_SHOWN = ("text", "name", "amount", "why", "bring", "where", "unconfirmed", "items", "title", "correction", "value")


def _visible(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every string of the blocks that a person reads, but for citations and telephone lines, which are the catalogue's as they stand."""
    found: list[str] = []
    for block in blocks:
        if block["kind"] not in ("citation", "contact"):
            for name in _SHOWN:
                found += _strings(block.get(name))
    return found


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [s for name in _SHOWN for s in _strings(value.get(name))]
    return [s for item in value for s in _strings(item)] if isinstance(value, list | tuple) else []
