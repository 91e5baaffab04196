"""What holds for every conversation: replay, nothing asked twice, a first useful answer soon, nothing said that is not so."""

from __future__ import annotations

import dataclasses
import json
import random
from typing import Any

import pytest

from app.catalog import Catalog
from app.conversation import State, Turn, World, fold, open_conversation, take
from app.conversation.asking import buttons
from app.conversation.state import Event, advance
from tests.conversation.double import Understood, heard, meaning
from tests.people import random_profile

PEOPLE = 200
INTENTS = (
    "tell_facts", "unclear", "out_of_scope", "ask_measure", "ask_amount", "ask_materials", "ask_where", "ask_why_not", "ask_meaning",
    "ask_summary", "grievance", "correct", "dont_know", "skip", "refuse", "greet", "thanks", "restart", "delete_my_data", "talk_to_human",
    "repeat", "affirm", "deny", "undo", "pause", "distress", "second_person", "back_to_me", "switch_language", "how_long", "what_would_change",
    "check_hearsay",
)  # fmt: skip
TEXTS = (
    "嗯",
    "对",
    "不对",
    "删掉",
    "不删",
    "替别人问",
    "说错了",
    "都有啥",
    "为啥问这个",
    "45",
    "一" * 5000,
    " ",
    "\x00<b>",
    "0" * 1000,
    "‮好",
    "没了",
    "先跳过",
)


def flat(profile: dict[str, Any]) -> dict[str, Any]:
    """A profile with a set's options one by one."""
    found: dict[str, Any] = {}
    for name, value in profile.items():
        if isinstance(value, dict) and "low" not in value:
            found |= {f"{name}.{option}": held for option, held in value.items()}
        else:
            found[name] = [value["low"], value["high"]] if isinstance(value, dict) else value
    return found


def hearing(world: World, meant: Understood) -> World:
    return dataclasses.replace(world, understand=lambda _t, _l, _d, _a: meant)


def replayed(events: list[Event]) -> State:
    """The state after the events went through a database."""
    return fold(Event(e["kind"], e["data"]) for e in json.loads(json.dumps([{"kind": e.kind, "data": dict(e.data)} for e in events])))


def as_bytes(state: State) -> bytes:
    return json.dumps(state.as_json(), ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def answer(world: World, state: State, facts: dict[str, Any]) -> Turn:
    """The open question answered as this person would: by a button where there is one."""
    variable = state.case.asking
    assert variable is not None
    value = facts.get(variable)
    labels = [b["text"] for b in buttons(world, variable, "zh")]
    if variable == "needs":
        return take(state, labels[0], world)
    if value is None:
        return take(state, "不知道", world)
    item = world.catalog.variables[variable]
    if item.type == "boolean":
        return take(state, labels[0 if value else 1], world)
    if item.type == "enum":
        return take(state, item.fact.options[value].zh, world)
    return take(state, "…", hearing(world, Understood(facts=(heard(variable, value),))))


def is_useful(state: State) -> bool:
    """Whether some measure was shown, or named as nearly settled, or a need said to have none."""
    return bool(state.case.shown or state.case.told)


def test_nothing_is_asked_twice_and_the_first_useful_answer_comes_soon(world: World, catalog: Catalog) -> None:
    chance = random.Random(7)
    for _ in range(PEOPLE):
        facts = flat(random_profile(catalog, chance, chance.choice((0.3, 0.6, 1.0))))
        state = fold(open_conversation("zh").events)
        told = {v: facts[v] for v in chance.sample(sorted(facts), min(len(facts), 2))}
        turn = take(state, "…", hearing(world, meaning({"facts": told})))
        state, asked, questions = advance(state, turn.events), [], 0
        useful = is_useful(state)
        while state.case.asking is not None and state.prompt is None:
            questions += 1
            asked.append(state.case.asking)
            turn = answer(world, state, facts)
            state = advance(state, turn.events)
            useful = useful or is_useful(state)
            assert useful or questions < 2 or not turn.reply.matches["eligible"], (told, turn.reply.text)
            assert "guard_failed" not in [e.kind for e in turn.events], turn.reply.text
        assert len(asked) == len(set(asked)), asked
        assert not set(asked) & set(told), asked


@pytest.mark.parametrize("seed", range(40))
def test_random_messages_replay_to_the_same_state(seed: int, world: World, catalog: Catalog) -> None:
    chance = random.Random(seed)
    events = list(open_conversation(chance.choice(["zh", "en"])).events)
    state = fold(events)
    for _ in range(15):
        facts = flat(random_profile(catalog, chance, 0.03))
        meant = Understood(
            chance.choice(INTENTS),
            tuple(heard(f, v, chance.choice(["stated", "stated", "guessed"])) for f, v in facts.items()),
            measures=tuple(chance.sample(sorted(catalog.entries), chance.choice([0, 0, 1, 2]))),
            words=tuple(chance.sample(["贴息", "反担保", "nothing"], chance.choice([0, 1]))),
            about_other=chance.random() < 0.1,
            what_if=chance.random() < 0.1,
            supposed=tuple(heard(f, v) for f, v in chance.sample(sorted(facts.items(), key=str), min(2, len(facts)))),
        )
        turn = take(state, chance.choice(TEXTS), hearing(world, meant))
        assert "guard_failed" not in [e.kind for e in turn.events], [e.data for e in turn.events if e.kind == "guard_failed"]
        events += turn.events
        state = advance(state, turn.events)
        assert as_bytes(state) == as_bytes(replayed(events))
        json.dumps(turn.reply.as_json())
        assert turn.reply.text.strip()


def test_the_same_message_in_the_same_state_gives_the_same_turn(world: World) -> None:
    meant = hearing(world, meaning({"facts": {"home_place": "偏关县", "sector": "aquaculture"}}))
    state = fold(open_conversation("zh").events)
    assert take(state, "我想回偏关养鱼", meant) == take(state, "我想回偏关养鱼", meant)


def test_the_order_of_facts_in_a_message_does_not_matter(world: World) -> None:
    facts = {"home_place": "偏关县", "sector": "aquaculture", "age": 38, "needs.funding": True, "funding_needed": [200000, 250000]}
    chance, seen = random.Random(3), set()
    for _ in range(8):
        order = chance.sample(sorted(facts), len(facts))
        turn = take(fold(()), "…", hearing(world, meaning({"facts": {f: facts[f] for f in order}})))
        seen.add((tuple(turn.reply.matches["eligible"]), turn.reply.asking))
    assert len(seen) == 1


def test_no_guess_is_ever_in_a_verdict(world: World, catalog: Catalog) -> None:
    chance = random.Random(11)
    for _ in range(60):
        facts = flat(random_profile(catalog, chance, chance.choice((0.1, 0.4))))
        sure = set(chance.sample(sorted(facts), len(facts) // 2))
        both = Understood(facts=tuple(heard(f, v, "stated" if f in sure else "guessed") for f, v in facts.items()))
        alone = Understood(facts=tuple(heard(f, v) for f, v in facts.items() if f in sure))
        state = fold(open_conversation("zh").events)
        with_guesses, without = take(state, "…", hearing(world, both)), take(state, "…", hearing(world, alone))
        assert with_guesses.reply.matches == without.reply.matches, facts


def test_every_turn_has_the_same_receipt_for_the_same_note_and_another_for_another(world: World) -> None:
    state = fold(open_conversation("zh").events)
    asked = advance(state, take(state, "给县里留话", world).events)

    def receipt(text: str) -> Any:
        return next(e.data["receipt"] for e in take(asked, text, world).events if e.kind == "note")

    assert receipt("窗口总没人") == receipt("窗口总没人") != receipt("窗口老没人")
    turn = take(asked, "窗口总没人", world)
    assert receipt("窗口总没人") in turn.reply.text
    assert not [e for e in turn.events if e.kind == "note" and "窗口" in json.dumps(dict(e.data), ensure_ascii=False)]
