"""The checklist of what goes wrong in dialogues: every case of cases.yaml, with meanings written by hand and as the understanding room reads them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.conversation import Event, State, Turn, World, correct, fold, open_conversation, take
from app.conversation.state import advance
from tests.conversation.double import meaning

CASES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
Step = Mapping[str, Any]


def steps_of(case: Any) -> Sequence[Step]:
    steps: Sequence[Step] = case["steps"] if isinstance(case, dict) else case
    return steps


class Player:
    """Plays a case step by step."""

    def __init__(self, world: World, by_hand: bool) -> None:
        self.world, self.by_hand = world, by_hand
        self.state = fold(open_conversation("zh").events)
        self.remembered: str | None = None

    def happen(self, kind: str, **data: Any) -> None:
        self.state = advance(self.state, [Event(kind, data)])

    def play(self, step: Step) -> None:
        if "open" in step or "ask" in step:
            self.happen("asked", fact=step.get("open") or step.get("ask"))
        elif "days_later" in step:
            self.world = dataclasses.replace(self.world, as_of=self.world.as_of + dt.timedelta(days=step["days_later"]))
        elif "renewed" in step:
            self.world = dataclasses.replace(self.world, catalog=dataclasses.replace(self.world.catalog, version="newer"))
        else:
            self.say(step)

    def say(self, step: Step) -> None:
        world = self.world
        if self.by_hand:
            world = dataclasses.replace(world, understand=lambda _t, _l, _d, _a: meaning(step.get("as")))
        before = self.state
        turn = correct(before, step["tap"], world) if "tap" in step else take(before, step["user"], world)
        self.state = advance(before, turn.events)
        check(step, before, self.state, turn, self.remembered)
        if "remember" in step:
            self.remembered = self.state.case.asking


def check(step: Step, before: State, after: State, turn: Turn, remembered: str | None) -> None:
    said, text = step.get("user") or step.get("tap"), turn.reply.text
    held = {v: h for v, h in after.case.facts.items() if h.counts}
    kinds = [b["kind"] for b in turn.reply.blocks]
    happened = [e.kind for e in turn.events]
    assert "guard_failed" not in happened, (said, text, [e.data for e in turn.events if e.kind == "guard_failed"])
    _check_plain(text)
    for words in _list(step.get("bot")):
        assert words in text, (said, text)
    for words in _list(step.get("bot_not")):
        assert words not in text, (said, text)
    for fact, value in step.get("slot_was_set", {}).items():
        assert fact in held, (said, fact, text)
        assert held[fact].value == value, (said, fact, held[fact])
    for fact in step.get("slot_was_not_set", ()):
        assert fact not in held, (said, held[fact])
    for fact in step.get("not_true", ()):
        assert fact not in held or held[fact].value is not True, (said, held)
    _check_asking(step, after, turn, remembered)
    if step.get("changes") is False:
        assert after.case.facts == before.case.facts, (said, text)
    for fact, how in step.get("closed", {}).items():
        assert after.case.closed.get(str(remembered) if fact == "same" else fact) == how, (said, after.case.closed)
    if "shown" in step:
        assert ("measure_card" in kinds) is step["shown"], (said, text)
    if "block" in step:
        assert step["block"] in kinds, (said, kinds)
    if "event" in step:
        assert step["event"] in happened, (said, happened)
    if "who" in step:
        assert after.who == step["who"], said
    if "quick" in step:
        assert step["quick"] in [q["text"] for q in turn.reply.quick_replies], (said, turn.reply.quick_replies)
    if "first" in step:
        assert text.startswith(step["first"]), text
    if "carries" in step:
        fact = held[step["carries"]]
        assert (fact.message, fact.method, fact.status) == (1, "grammar", "stated")
    if "guess_unused" in step:
        fact_ = after.case.facts[step["guess_unused"]]
        assert fact_.status == "guessed"
        assert step["guess_unused"] not in {f["fact"] for f in turn.reply.profile if f["certainty"] == "stated"}


def _check_plain(text: str) -> None:
    """Short paragraphs, and nothing said twice."""
    lines = text.split("\n")
    assert len(lines) == len(set(lines)), text
    free = ("出处", "Source", "·", "（", "  ")
    assert [line for line in lines if len(line) > LONGEST and not line.startswith(free) and not line.isascii()] == [], text


LONGEST = 60


def _check_asking(step: Step, after: State, turn: Turn, remembered: str | None) -> None:
    asking, said = after.case.asking, step.get("user") or step.get("tap")
    if "asked" in step:
        wanted = step["asked"]
        if wanted == "same":
            assert asking == remembered, (said, asking)
        elif wanted == "other":
            assert asking is not None, said
            assert asking != remembered, said
        else:
            assert asking == wanted, (said, asking)
    if "questions" in step:
        assert sum(b["kind"] == "question" for b in turn.reply.blocks) == step["questions"], (said, turn.reply.text)
    if "confirmed" in step:
        assert after.prompt is not None, (said, turn.reply.text)
        assert after.prompt["fact"] == step["confirmed"], said
    for fact in step.get("never_asked", ()):
        assert fact not in after.case.asked, said


def _list(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name: str, world: World) -> None:
    player = Player(world, by_hand=True)
    for step in steps_of(CASES[name]):
        player.play(step)


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if not (isinstance(case, dict) and "by_hand" in case)])
def test_as_understood(name: str, real_world: World) -> None:
    player = Player(real_world, by_hand=False)
    for step in steps_of(CASES[name]):
        player.play(step)
