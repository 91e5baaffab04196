"""What officials' tables promise on both engines: the log only grows, tries are counted, what hangs on a conversation goes with it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.accounts import sessions, users
from app.accounts.audit import audit, lines
from app.accounts.handovers import hashed
from app.accounts.sessions import LockedOut, Terms
from app.clock import now
from app.store import Store, households, inbox
from app.store.desk import Desk
from app.store.official_tables import AUDIT, HANDOVER, ITEM, REPLY

TERMS = Terms(dt.timedelta(minutes=60), dt.timedelta(hours=12), 5, dt.timedelta(minutes=15))
PASSWORD = "correct horse battery"


def account(store: Store, name: str = "wang.li", place: str = "140932") -> int:
    with store.writing() as db:
        return users.add(db, name, "official", place, PASSWORD)


def audited(store: Store) -> int:
    with store.reading() as db:
        return int(db.execute(select(func.count()).select_from(AUDIT)).scalar_one())


# ---------------------------------------------------------------- the log


@pytest.mark.parametrize("change", ["UPDATE audit SET what = 'nothing'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"])
def test_the_audit_log_only_grows(store: Store, change: str) -> None:
    with store.writing() as db:
        audit(db, None, "viewed", "household 1", "140932")
    with pytest.raises(DatabaseError, match="only grows"), store.writing() as db:
        db.execute(text(change))
    assert audited(store) == 1


def test_the_audit_log_cannot_be_emptied_at_a_stroke(store: Store) -> None:
    if store.engine.dialect.name == "postgresql":
        with pytest.raises(DatabaseError, match="only grows"), store.writing() as db:
            db.execute(text("TRUNCATE audit"))


def test_a_line_is_kept_only_with_what_it_tells_about(store: Store) -> None:
    def work() -> None:
        with store.writing() as db:
            audit(db, None, "viewed", "household 1", "140932")
            raise RuntimeError("the work failed")

    with pytest.raises(RuntimeError):
        work()
    assert audited(store) == 0


@pytest.mark.parametrize(("action", "what"), [("viewed", "household 王小明"), ("viewed", ""), ("看", "household 1"), ("viewed", "x" * 200), ("Viewed It", "household 1"), ("viewed", "phone:13800000000\nname")])  # fmt: skip
def test_words_that_could_be_somebodys_do_not_get_into_the_log(store: Store, action: str, what: str) -> None:
    with store.writing() as db, pytest.raises(ValueError, match="audit log"):
        audit(db, None, action, what, None)


def test_the_log_is_read_place_by_place(store: Store) -> None:
    with store.writing() as db:
        for place in ("140932", "140930", "140121", None):
            audit(db, None, "viewed", "inbox", place)
    with store.reading() as db:
        assert [line.place for line in lines(db, "140932")] == ["140932"]
        assert [line.place for line in lines(db, "1409")] == ["140930", "140932"]
        assert len(lines(db, "")) == 4


# ---------------------------------------------------------------- accounts


def test_two_accounts_do_not_share_a_name_or_a_subject(store: Store) -> None:
    account(store)
    with pytest.raises(users.BadAccount, match="already"):
        account(store, "Wang.Li")
    with store.writing() as db:
        users.add(db, "one", "official", "14", subject="u-1")
    with pytest.raises(users.BadAccount, match="subject"), store.writing() as db:
        users.add(db, "two", "official", "14", subject="u-1")


def test_wrong_tries_at_one_moment_are_all_counted(store: Store) -> None:
    secret, found = store.prepare(), []

    def attempt() -> None:
        try:
            with store.writing() as db:
                sessions.attempt(db, secret, "wang.li", TERMS, now())
            found.append("tried")
        except LockedOut:
            found.append("locked")

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["locked"] * 7 + ["tried"] * 5


def test_a_key_works_until_it_is_ended(store: Store) -> None:
    number = account(store)
    with store.writing() as db:
        key = users.new_key(db, number)
    with store.reading() as db:
        who = users.by_key(db, key)
        assert who
        assert (who.name, who.place, who.by_key) == ("wang.li", "140932", True)
        assert users.by_key(db, key[:-1]) is None
        assert users.by_key(db, "") is None
    with store.writing() as db:
        assert users.revoke_keys(db, number, now()) == 1
    with store.reading() as db:
        assert users.by_key(db, key) is None


def test_a_closed_accounts_keys_open_nothing(store: Store) -> None:
    number = account(store)
    with store.writing() as db:
        key = users.new_key(db, number)
        users.disable(db, number, now())
    with store.reading() as db:
        assert users.by_key(db, key) is None


def test_sessions_that_are_over_are_swept_away(store: Store) -> None:
    account(store)
    at = now()
    with store.writing() as db:
        who = sessions.find(db, "wang.li", PASSWORD)
        assert who
        old = sessions.start(db, who, b"key", at - dt.timedelta(minutes=61))
        young = sessions.start(db, who, b"key", at)
        sessions.sweep(db, TERMS, at)
    with store.reading() as db:
        assert sessions.of_token(db, old, TERMS, at) is None
        assert sessions.of_token(db, young, TERMS, at)


# ---------------------------------------------------------------- what hangs on a conversation


def handed_over(store: Store, desk: Desk) -> tuple[str, int]:
    """A conversation with a handover, an item and a reply; its id and the item's number."""
    official, key, at = account(store), desk.open("zh", "test").id, now()
    with store.writing() as db:
        number = inbox.put_handover(db, key, hashed(store.prepare(), "ACE-FGH"), "140932", "self", ["age"], at, at)
        item = inbox.put(db, "handover", "140932", "ABCD-EFGH", key, number, [], at)
        inbox.reply(db, item, key, official, "请周一来", at)
    return key, item


def test_deleting_a_conversation_takes_consent_and_replies_with_it_and_leaves_the_receipt(store: Store, desk: Desk) -> None:
    key, number = handed_over(store, desk)
    desk.delete(key)
    with store.reading() as db:
        assert not db.execute(select(HANDOVER)).all()
        assert not db.execute(select(REPLY)).all()
        left = db.execute(select(ITEM)).one()
        assert (left.id, left.receipt, left.conversation_id, left.about) == (number, "ABCD-EFGH", None, [])


def test_the_same_item_is_put_once(store: Store, desk: Desk) -> None:
    key, at = desk.open("zh", "test").id, now()
    with store.writing() as db:
        assert inbox.put(db, "note", None, "A", key, 1, [], at) == inbox.put(db, "note", None, "B", key, 1, [], at)


def test_a_consent_is_taken_once_by_one_place(store: Store, desk: Desk) -> None:
    key, _ = handed_over(store, desk)
    with store.writing() as db:
        found = inbox.handover(db, key)
        assert found
        inbox.take(db, found.id, "140930", now())
        inbox.take(db, found.id, "140121", now())
        assert inbox.by_code(db, hashed(store.prepare(), "ace fgh")).place == "140930"  # type: ignore[union-attr]


def test_an_event_that_no_message_brought_is_in_the_log_and_the_talk_goes_on(store: Store, desk: Desk) -> None:
    key = desk.open("zh", "test").id
    desk.say(key, "one", "1")
    with store.writing() as db:
        desk.record(db, key, "handover", {"facts": ["age"]})
    assert desk.export(key)["events"][-1]["kind"] == "handover"
    assert desk.say(key, "two", "2")["reply"]["text"] == "2: two"


def test_who_listens_hears_in_the_same_transaction(desk: Desk) -> None:
    heard: list[tuple[int, list[str]]] = []

    def listen(db: object, key: str, number: int, events: object, at: dt.datetime) -> None:  # noqa: ARG001 - a listener's signature
        heard.append((number, [e.kind for e in events]))  # type: ignore[attr-defined]

    desk.listeners.append(listen)
    key = desk.open("zh", "test").id
    desk.say(key, "one", "1")
    desk.correct(key, {"age": 3})
    desk.feedback(key, 1, "wrong")
    assert heard == [(1, ["said"]), (2, ["corrected"]), (1, ["feedback"])]


def test_a_household_goes_with_its_people(store: Store) -> None:
    official, at = account(store), now()
    with store.writing() as db:
        key = households.open_household(db, official, "140932", at)
        households.add_person(db, key, "本人", at)
        households.remove(db, key)
        assert not households.people(db, key)


def test_numbers_of_people_are_not_used_again(store: Store) -> None:
    official, at = account(store), now()
    with store.writing() as db:
        key = households.open_household(db, official, "140932", at)
        assert [households.add_person(db, key, "儿子", at) for _ in range(9)] == [0, 1, 2, 3, 4, 5, 6, 7, None]


def test_an_account_that_the_log_names_cannot_be_deleted(store: Store) -> None:
    number = account(store)
    with store.writing() as db:
        audit(db, number, "viewed", "inbox", "140932")
    from app.store.official_tables import ACCOUNT

    with pytest.raises(IntegrityError), store.writing() as db:
        db.execute(delete(ACCOUNT).where(ACCOUNT.c.id == number))
    with store.writing() as db:
        db.execute(update(ACCOUNT).values(name="renamed"))
