"""What is asked of the tables, one function a question. Each works in the caller's transaction.

The statements are made once: building one anew costs more than the database takes to answer it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, func, insert, select, update

from app.store.tables import CONVERSATION, EVENT, MESSAGE

KEY: BindParameter[Any] = bindparam("key")
FIND = select(CONVERSATION).where(CONVERSATION.c.id == KEY)
LOCK = FIND.with_for_update()
BY_CODE = select(CONVERSATION).where(CONVERSATION.c.code_hash == KEY).with_for_update()
OF = MESSAGE.c.conversation_id == KEY
ALL = select(MESSAGE).where(OF).order_by(MESSAGE.c.seq)
ONE = select(MESSAGE).where(OF, MESSAGE.c.seq == bindparam("number"))
SAME = select(MESSAGE).where(OF, MESSAGE.c.client_message_id == bindparam("client"))
WAITING = select(MESSAGE.c.seq, MESSAGE.c.text).where(OF, MESSAGE.c.answered_at.is_(None)).order_by(MESSAGE.c.seq).limit(1)
ANSWERED = select(MESSAGE.c.reply).where(OF, MESSAGE.c.answered_at.is_not(None)).order_by(MESSAGE.c.seq.desc()).limit(1)
LAST = select(func.max(MESSAGE.c.seq)).where(OF)
LOG = select(EVENT).where(EVENT.c.conversation_id == KEY).order_by(EVENT.c.seq)
BRIEF = select(EVENT.c.kind, EVENT.c.data).where(EVENT.c.conversation_id == KEY).order_by(EVENT.c.seq)
OPEN, KEEP, APPEND = insert(CONVERSATION), insert(MESSAGE), insert(EVENT)
ADVANCE = update(CONVERSATION).where(CONVERSATION.c.id == KEY, CONVERSATION.c.version == bindparam("old"))
ADVANCE = ADVANCE.values(version=CONVERSATION.c.version + 1, updated_at=bindparam("at"))
RENEW = update(CONVERSATION).where(CONVERSATION.c.id == KEY).values(token_hash=bindparam("hash"), updated_at=bindparam("at"))
ANSWER = update(MESSAGE).where(OF, MESSAGE.c.seq == bindparam("number")).values(reply=bindparam("body"), answered_at=bindparam("at"))
FEEDBACK = update(MESSAGE).where(OF, MESSAGE.c.seq == bindparam("number"), MESSAGE.c.answered_at.is_not(None))
FEEDBACK = FEEDBACK.values(feedback=bindparam("word"))
REMOVE = delete(CONVERSATION).where(CONVERSATION.c.id == KEY)
OLD = select(CONVERSATION.c.id).where(CONVERSATION.c.updated_at < bindparam("than")).order_by(CONVERSATION.c.updated_at)
REMOVE_OLD = delete(CONVERSATION).where(CONVERSATION.c.id.in_(OLD.limit(bindparam("most"))))


class EventLike(Protocol):
    """An event as the conversation makes it."""

    @property
    def kind(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


def open_conversation(db: Connection, **columns: Any) -> None:
    """A new conversation, at version 0."""
    db.execute(OPEN, {**columns, "version": 0})


def conversation(db: Connection, key: str, lock: bool = False) -> Row[Any] | None:
    """A conversation; with `lock` nobody else writes to it until the transaction ends (SQLite's writers have that lock already)."""
    return db.execute(LOCK if lock else FIND, {"key": key}).first()


def by_code(db: Connection, code_hash: str) -> Row[Any] | None:
    """The conversation of a recovery code, locked."""
    return db.execute(BY_CODE, {"key": code_hash}).first()


def renew(db: Connection, key: str, token_hash: str, at: dt.datetime) -> None:
    """Puts another token in the place of a conversation's present one."""
    db.execute(RENEW, {"key": key, "hash": token_hash, "at": at})


def keep(db: Connection, key: str, at: dt.datetime, **columns: Any) -> int:
    """Puts a message behind the last one; its number. The opening is 0."""
    number = last_message(db, key) + 1
    empty = {"client_message_id": None, "text": None, "correction": None, "reply": None, "answered_at": None, "feedback": None}
    db.execute(KEEP, {**empty, "conversation_id": key, "seq": number, "received_at": at, **columns})
    return number


def messages(db: Connection, key: str) -> Sequence[Row[Any]]:
    """All of a conversation, in order, the opening and corrections too."""
    return db.execute(ALL, {"key": key}).all()


def message(db: Connection, key: str, number: int) -> Row[Any] | None:
    return db.execute(ONE, {"key": key, "number": number}).first()


def same_message(db: Connection, key: str, client_message_id: str) -> Row[Any] | None:
    """The message that already came under the client's id."""
    return db.execute(SAME, {"key": key, "client": client_message_id}).first()


def oldest_unanswered(db: Connection, key: str) -> Row[Any, Any] | None:
    """Number and text of the message whose turn it is."""
    return db.execute(WAITING, {"key": key}).first()


def last_answer(db: Connection, key: str) -> dict[str, Any]:
    """The answer given last."""
    found: dict[str, Any] | None = db.execute(ANSWERED, {"key": key}).scalar()
    return found or {}


def last_message(db: Connection, key: str) -> int:
    """The highest message number; -1 when there is none."""
    found = db.execute(LAST, {"key": key}).scalar()
    return -1 if found is None else int(found)


def events(db: Connection, key: str) -> list[tuple[str, dict[str, Any]]]:
    """(kind, data) of every event, in order."""
    return [(row[0], row[1]) for row in db.execute(BRIEF, {"key": key})]


def happenings(db: Connection, key: str) -> Sequence[Row[Any]]:
    """Every event with its number and moment."""
    return db.execute(LOG, {"key": key}).all()


def append_events(db: Connection, key: str, after: int, new: Iterable[EventLike], at: dt.datetime) -> None:
    """Puts new events behind the `after` that are there."""
    rows = [{"conversation_id": key, "seq": n, "kind": e.kind, "data": dict(e.data), "at": at} for n, e in enumerate(new, after + 1)]
    if rows:
        db.execute(APPEND, rows)


def advance(db: Connection, key: str, version: int, at: dt.datetime) -> bool:
    """Takes a conversation from a version to the next. False when somebody else did, or it is gone: begin again."""
    return db.execute(ADVANCE, {"key": key, "old": version, "at": at}).rowcount == 1


def answer(db: Connection, key: str, number: int, body: Mapping[str, Any], at: dt.datetime) -> None:
    """Stores the answer of a message."""
    db.execute(ANSWER, {"key": key, "number": number, "body": dict(body), "at": at})


def set_feedback(db: Connection, key: str, number: int, word: str) -> bool:
    """What the person thinks of an answer, the last word counts; False when there is no such answer."""
    return db.execute(FEEDBACK, {"key": key, "number": number, "word": word}).rowcount == 1


def remove(db: Connection, key: str) -> None:
    """Deletes a conversation with every row of it."""
    db.execute(REMOVE, {"key": key})


def remove_older(db: Connection, than: dt.datetime, most: int) -> int:
    """Deletes up to `most` conversations in which nothing happened since a moment; how many."""
    return db.execute(REMOVE_OLD, {"than": than, "most": most}).rowcount
