"""Replies: shapes of API.md, short paragraphs, equal in both languages, guarded; and how long a turn takes to say."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from app.catalog.problems import CatalogInvalid
from app.conversation import Turn, World, correct, fold, open_conversation, take
from app.conversation.state import advance
from app.wording.replies import ASIDES, REPLIES, build_replies
from tests.conversation.double import Understood, meaning

KINDS = {"text", "measure_card", "summary", "question", "citation", "contact", "correction"}
FARMER = {
    "facts": {
        "home_place": "偏关县",
        "sector": "aquaculture",
        "funding_needed": [200000, 250000],
        "needs.funding": True,
        "child_stages.primary": True,
    }
}


def hearing(world: World, meant: Understood) -> World:
    return dataclasses.replace(world, understand=lambda _t, _l, _d, _a: meant)


def said(world: World, spec: Mapping[str, object], language: str = "zh") -> Turn:
    heard_world = dataclasses.replace(world, understand=lambda _t, _l, _d, _a: meaning(spec))
    return take(fold(open_conversation(language).events), "…", heard_world)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_blocks_are_those_of_the_contract(world: World, language: str) -> None:
    body = said(world, FARMER, language).reply.as_json()
    assert set(body) == {"reply", "profile", "matches", "questions_left"}
    assert {b["kind"] for b in body["reply"]["blocks"]} <= KINDS
    assert body["reply"]["asking"]
    assert body["questions_left"] > 0
    assert {"fact", "value", "from_message", "quote", "certainty"} <= set(body["profile"]["facts"][0])
    assert set(body["matches"]) == {"eligible", "unknown", "not_eligible"}


def test_a_card_says_what_why_where_and_from_which_source(world: World) -> None:
    turn = said(world, FARMER)
    cards = [b for b in turn.reply.blocks if b["kind"] == "measure_card"]
    assert 1 <= len(cards) <= 3
    for card in cards:
        assert card["link"] == f"/m/{card['id']}"
        assert card["citation"]["title"]
        assert card["confirmed"] or card["unconfirmed"]
        assert card["id"] in turn.reply.matches["eligible"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_measure_in_depth_passes_the_guard(world: World, language: str) -> None:
    state = advance(fold(open_conversation(language).events), said(world, FARMER, language).events)
    for name in world.catalog.entries:
        for intent in ("ask_measure", "ask_amount", "ask_materials", "ask_where", "ask_why_not", "how_long", "what_would_change"):
            turn = take(state, "…", hearing(world, meaning({"intent": intent, "measures": [name]})))
            failed = [e.data for e in turn.events if e.kind == "guard_failed"]
            assert not failed, (name, intent, failed)


def test_paragraphs_are_short(world: World) -> None:
    state = advance(fold(open_conversation().events), said(world, FARMER).events)
    lines: list[str] = []
    for name in world.catalog.entries:
        lines += take(state, "…", hearing(world, meaning({"intent": "ask_measure", "measures": [name]}))).reply.text.split("\n")
    own = [line for line in lines if not line.startswith(("出处", "（"))]
    assert sum(len(line) > 60 for line in own) / len(own) < 0.05


def test_a_figure_that_nothing_covers_never_goes_out(world: World) -> None:
    texts = dict(world.replies.texts)
    texts["thanks"] = texts["thanks"].model_copy(update={"zh": "不客气，最高能借九百万元、88万元。"})
    bad = dataclasses.replace(world, replies=dataclasses.replace(world.replies, texts=texts))
    turn = said(bad, {"intent": "thanks"})
    assert "88" not in str(turn.reply.as_json()["reply"])
    assert "12345" in turn.reply.text
    assert [e.kind for e in turn.events].count("guard_failed") == 1


def test_an_unmet_need_is_said_once_with_whom_to_ask(world: World) -> None:
    only = dataclasses.replace(world, catalog=world.catalog)
    turn = said(only, {"facts": {"home_place": "北京市", "sector": "other", "needs.land": True}})
    if "needs.land" in turn.reply.text or any(b["kind"] == "contact" for b in turn.reply.blocks):
        assert "12345" in turn.reply.text


def test_too_much_and_nothing_are_answered(world: World) -> None:
    state = fold(open_conversation().events)
    for text in ("", " \n", "长" * 100_000, "\x00\x07", "<script>alert(1)</script>", "‮" * 50, "7" * 1000):
        assert take(state, text, world).reply.text


def test_a_fact_out_of_range_is_refused_by_its_chip(world: World) -> None:
    state = fold(open_conversation().events)
    turn = correct(state, {"age": 900, "no_such_fact": 1}, world)
    assert not advance(state, turn.events).case.facts


@pytest.mark.parametrize(
    ("file", "text", "what"),
    [
        (REPLIES, "greet: {zh: 好, en: hi, fr: salut}", "greet"),
        (REPLIES, 'greet: {zh: "好{name}", en: hi}', "different placeholders"),
        (REPLIES, "greet: {zh: 有30项, en: some}", "holds the number"),
        (ASIDES, "no_such_kind: {whole: [a]}", "not known"),
    ],
)
def test_a_broken_file_of_sentences_is_refused(files: Mapping[str, str], file: str, text: str, what: str) -> None:
    with pytest.raises(CatalogInvalid) as error:
        build_replies({**files, file: text})
    assert any(what in p.what for p in error.value.problems)
