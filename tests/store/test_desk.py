"""A message is kept before it is answered, answered once, in order, and goes when its owner says so; on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select

from app.matching.profile import BadProfile
from app.store import Store, keys
from app.store import desk as desks
from app.store import repository as rows
from app.store.desk import Busy, Desk, Gone
from app.store.tables import Conversation, Happening, Message, Secret
from tests.store.standin import CORE, Turn, take

ODD = ["", "\x00", "a\x00b", "\ud800", "\U0001f437", "\u202e右", "<script>", "0" * 4000, "\x1b[31m", "'; DROP TABLE message; --", "\r\n\t"]


class Killed(BaseException):
    """The process ends here."""


def all_rows(store: Store) -> list[Any]:
    with Session(store.engine) as session:
        return [row for table in (Conversation, Message, Happening) for row in session.exec(select(table)).all()]


def text(body: Mapping[str, Any]) -> str:
    found: str = body["reply"]["text"]
    return found


def killed_before_answering(desk: Desk, key: str, said: str, client: str) -> None:
    """Leaves a message as a crash leaves it: kept, unanswered."""

    def die(*_: Any) -> Turn:
        raise Killed

    with pytest.raises(Killed):
        Desk(desk.store, replace(CORE, take=die)).say(key, said, client)


def test_a_conversation_begins_with_its_opening(desk: Desk) -> None:
    found = desk.open("en", "page")
    assert text(found.body) == "Hello"
    seen = desk.transcript(found.id)
    assert (seen["language"], seen["channel"]) == ("en", "page")
    assert [m["reply"]["text"] for m in seen["messages"]] == ["Hello"]


def test_only_hashes_of_keys_are_kept(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    with Session(desk.store.engine) as session:
        row, secret = session.get_one(Conversation, found.id), session.get_one(Secret, 1)
        kept = str([row, secret])
    assert found.token not in kept
    assert found.token[: keys.RANDOM] not in kept
    assert found.code not in kept


def test_messages_are_answered_in_order_and_remembered(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    bodies = [desk.say(found.id, said, said) for said in ("一", "二", "三")]
    assert [text(b) for b in bodies] == ["1: 一", "2: 二", "3: 三"]
    assert [b["message"] for b in bodies] == [1, 2, 3]
    seen = desk.transcript(found.id)
    assert [m["text"] for m in seen["messages"]] == [None, "一", "二", "三"]
    assert seen["matches"] == {"eligible": [], "unknown": [], "not_eligible": []}


def test_the_same_client_id_gets_the_stored_answer_and_changes_nothing(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    first = desk.say(found.id, "一", "a")
    before = [row.model_dump() for row in all_rows(desk.store)]
    assert desk.say(found.id, "一", "a") == first
    assert desk.say(found.id, "something else", "a") == first
    assert [row.model_dump() for row in all_rows(desk.store)] == before


def test_the_same_client_id_in_another_conversation_is_another_message(desk: Desk) -> None:
    one, other = desk.open("zh", "widget"), desk.open("zh", "widget")
    assert text(desk.say(one.id, "一", "a")) == "1: 一"
    assert text(desk.say(other.id, "二", "a")) == "1: 二"


def test_duplicates_at_once_are_answered_once(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda _: desk.say(found.id, "slow", "a"), range(8)))
    assert all(body == bodies[0] for body in bodies)
    assert len(desk.transcript(found.id)["messages"]) == 2


def test_messages_at_once_are_taken_in_order_each_once(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda n: desk.say(found.id, f"m{n}", f"m{n}"), range(24)))
    seen = desk.transcript(found.id)["messages"][1:]
    assert [m["reply"]["text"] for m in seen] == [f"{n}: {m['text']}" for n, m in enumerate(seen, 1)]
    assert {text(b) for b in bodies} == {m["reply"]["text"] for m in seen}
    said = [e["data"]["words"] for e in desk.export(found.id)["events"] if e["kind"] == "said"]
    assert said == [m["text"] for m in seen], "the log tells the same order"


def test_corrections_and_messages_at_once_lose_nothing(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    jobs: list[Callable[[], Any]] = [partial(desk.say, found.id, f"m{n}", f"m{n}") for n in range(8)]
    jobs += [partial(desk.correct, found.id, {f"fact{n}": n}) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda job: job(), jobs))
    seen = desk.export(found.id)
    assert {f["fact"] for f in seen["profile"]["facts"]} == {f"fact{n}" for n in range(8)}
    assert sum(e["kind"] == "said" for e in seen["events"]) == 8
    assert [e["seq"] for e in seen["events"]] == list(range(1, len(seen["events"]) + 1))


@pytest.mark.parametrize("again", ["same id", "GET", "correction", "next message"])
def test_a_message_that_a_crash_left_is_answered_once_when_anyone_comes_back(desk: Desk, again: str) -> None:
    found = desk.open("zh", "widget")
    killed_before_answering(desk, found.id, "一", "a")
    if again == "same id":
        assert text(desk.say(found.id, "一", "a")) == "1: 一"
    elif again == "correction":
        desk.correct(found.id, {"age": 38})
    elif again == "next message":
        assert text(desk.say(found.id, "二", "b")) == "2: 二"
    seen = desk.transcript(found.id)["messages"]
    assert (seen[1]["text"], seen[1]["reply"]["text"]) == ("一", "1: 一")
    assert sum(m["text"] == "一" for m in seen) == 1


def test_a_crash_while_the_answer_is_stored_leaves_no_half_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = desk.open("zh", "widget")

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rows, "append_events", die)
        with pytest.raises(Killed):
            desk.say(found.id, "一", "a")
    kept = [row for row in all_rows(desk.store) if isinstance(row, Message) and row.seq == 1]
    assert (kept[0].text, kept[0].reply) == ("一", None)
    assert text(desk.say(found.id, "一", "a")) == "1: 一"


def test_a_message_that_breaks_the_conversation_is_answered_all_the_same(desk: Desk) -> None:
    found = desk.open("en", "widget")
    desk.correct(found.id, {"age": 38})
    body = desk.say(found.id, "break", "a")
    assert text(body) == desks.FALLBACK["en"]
    assert body["profile"]["facts"] == [{"fact": "age", "value": 38}]
    assert desk.say(found.id, "break", "a") == body
    assert text(desk.say(found.id, "on", "b")) == "1: on"


def test_one_who_never_gets_a_turn_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = desk.open("zh", "widget")
    with monkeypatch.context() as patch:
        patch.setattr(desks, "TRIES", 3)
        patch.setattr(rows, "advance", lambda *_: False)
        with pytest.raises(Busy):
            desk.say(found.id, "一", "a")
        with pytest.raises(Busy):
            desk.correct(found.id, {"age": 1})
    assert text(desk.say(found.id, "一", "a")) == "1: 一"


def test_facts_are_corrected_and_removed(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    assert desk.correct(found.id, {"age": 38, "sector": "livestock"})["profile"]["facts"][0] == {"fact": "age", "value": 38}
    assert [f["fact"] for f in desk.correct(found.id, {"age": None})["profile"]["facts"]] == ["sector"]
    with pytest.raises(BadProfile):
        desk.correct(found.id, {"unheard_of": 1})
    seen = desk.transcript(found.id)
    assert [m["correction"] for m in seen["messages"][1:]] == [{"age": 38, "sector": "livestock"}, {"age": None}]
    assert [f["fact"] for f in seen["profile"]["facts"]] == ["sector"]


def test_a_token_opens_its_own_conversation_alone(desk: Desk) -> None:
    one, other = desk.open("zh", "widget"), desk.open("zh", "widget")
    assert desk.admits(one.id, one.token)
    assert not desk.admits(one.id, other.token)
    assert not desk.admits("00000000-0000-4000-8000-000000000000", one.token)
    assert not desk.admits("\x00\ud800", one.token)


def test_a_recovery_code_brings_a_new_token_and_ends_the_old(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    desk.say(found.id, "一", "a")
    back = desk.resume(f" {found.code[:4]}-{found.code[4:].lower()}")
    assert back is not None
    assert back.id == found.id
    assert desk.admits(back.id, back.token)
    assert not desk.admits(found.id, found.token)
    assert desk.resume(found.code) is not None, "the code stays good"
    assert desk.resume("ACDEFGHJ") is None
    assert desk.resume("\x00") is None


def test_deleting_leaves_no_row_and_strangers_learn_nothing(desk: Desk) -> None:
    found, other = desk.open("zh", "widget"), desk.open("zh", "widget")
    desk.say(found.id, "一", "a")
    desk.delete(found.id)
    assert {getattr(row, "conversation_id", None) or getattr(row, "id", None) for row in all_rows(desk.store)} == {other.id}
    with pytest.raises(Gone):
        desk.admits(found.id, found.token)
    assert not desk.admits(found.id, other.token)
    assert desk.resume(found.code) is None
    uses: list[Callable[[], Any]] = [
        partial(desk.say, found.id, "二", "b"),
        partial(desk.correct, found.id, {}),
        partial(desk.transcript, found.id),
    ]
    for use in uses:
        with pytest.raises(Gone):
            use()
    desk.delete(found.id)


def test_a_person_who_says_delete_is_deleted_and_told(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    desk.say(found.id, "一", "a")
    body = desk.say(found.id, "delete", "b")
    assert body["deleted"] is True
    assert text(body) == "2: delete"
    assert not all_rows(desk.store)


def test_deleting_while_an_answer_is_made_leaves_nothing(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    begun = threading.Event()

    def slow(state: Any, said: str, world: Any) -> Turn:
        begun.set()
        threading.Event().wait(0.2)
        return take(state, said, world)

    with ThreadPoolExecutor(1) as pool:
        saying = pool.submit(Desk(desk.store, replace(CORE, take=slow)).say, found.id, "一", "a")
        begun.wait(10)
        desk.delete(found.id)
        with pytest.raises(Gone):
            saying.result()
    assert not all_rows(desk.store)


@pytest.mark.parametrize("said", ODD)
def test_any_text_is_kept_and_answered(desk: Desk, said: str) -> None:
    found = desk.open("zh", "widget")
    body = desk.say(found.id, said, "a")
    assert len(desk.transcript(found.id)["messages"][1]["text"]) == len(said), "offsets into the text hold"
    assert desk.say(found.id, said, "a") == body


@pytest.mark.parametrize("value", ["\x00", "\ud800", float("nan"), 10**40, {"deep": [None, {"\x00": "\ud800"}]}])
def test_any_value_of_a_fact_can_be_kept(desk: Desk, value: Any) -> None:
    found = desk.open("zh", "widget")
    desk.correct(found.id, {"fact": value})
    assert desk.transcript(found.id)["messages"][1]["correction"].keys() == {"fact"}
    assert text(desk.say(found.id, "一", "a")) == "1: 一"


def test_feedback_is_kept_with_the_answer(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    desk.say(found.id, "一", "a")
    assert desk.feedback(found.id, 1, "unclear")
    assert desk.feedback(found.id, 1, "understood")
    assert not desk.feedback(found.id, 9, "wrong")
    assert desk.export(found.id)["messages"][1]["feedback"] == "understood"


def test_export_holds_everything_and_times_in_utc(desk: Desk) -> None:
    found = desk.open("zh", "widget")
    desk.say(found.id, "一", "a")
    out = desk.export(found.id)
    assert [e["kind"] for e in out["events"]] == ["opened", "said"]
    assert out["messages"][1]["text"] == "一"
    assert all(moment.endswith("Z") for moment in (out["created_at"], out["updated_at"], out["messages"][1]["received_at"]))
    assert found.token not in str(out)
