"""The life of a message: kept, then answered, once, in order, whatever is killed when.

A message is committed before anything is thought about it. Its answer (reply and events) is committed in one transaction, on the condition that
the conversation is still at the version that was read; else somebody else answered meanwhile, and we look again. A message that a crash left
without an answer is answered when its conversation is next used.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import structlog
from sqlalchemy import Connection, Row

from app.catalog.problems import GuiyanError
from app.clock import now
from app.store import keys
from app.store import repository as rows
from app.store.store import Store

log = structlog.get_logger("guiyan.store")
TRIES = 200
"""Answers of others that one request waits for before it gives up; each try means that somebody else got on."""
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""Characters that no database keeps; they are shown as U+FFFD, one for one, so that offsets hold."""
FALLBACK = {
    "zh": "这句话我这边没处理好，您的话已经记下了。请换个说法再说一遍。",
    "en": "Something went wrong on our side with this message; it is kept. Please say it again in other words.",
}


class Gone(GuiyanError):
    """There is no such conversation any more."""


class NotAdmitted(GuiyanError):
    """This token does not open the conversation."""


class Busy(GuiyanError):
    """Too many others write to this conversation at once; to be tried again."""


class Listener(Protocol):
    """Told of what happened in a conversation, in the transaction that keeps it: what it writes is kept with the answer, or not at all.

    `number` is that of the message; feedback comes as an event `feedback`.
    """

    def __call__(self, db: Connection, key: str, number: int, events: Sequence[rows.EventLike], at: dt.datetime) -> None: ...


class ReplyLike(Protocol):
    """What a turn says; `as_json` is the whole answer of the contract: reply, profile, matches, questions_left."""

    def as_json(self) -> dict[str, Any]: ...


class TurnLike(Protocol):
    """What a turn does and says."""

    @property
    def events(self) -> Sequence[rows.EventLike]: ...

    @property
    def reply(self) -> ReplyLike: ...


@dataclass(frozen=True)
class Core:
    """The conversation as the store needs it: pure functions, and the world they are asked in."""

    open_conversation: Callable[[str], TurnLike]
    take: Callable[[Any, str, Any], TurnLike]
    correct: Callable[[Any, Mapping[str, Any], Any], TurnLike]
    fold: Callable[[Iterable[Any]], Any]
    event: Callable[[str, Mapping[str, Any]], Any]
    world: Callable[[], Any]


@dataclass(frozen=True)
class Opened:
    """A new or resumed conversation: what its owner is told once, and nobody again."""

    id: str
    token: str
    code: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class _Work:
    """What one turn is computed from."""

    version: int
    events: list[tuple[str, dict[str, Any]]]
    seq: int
    text: str
    language: str


class Desk:
    """Everything that can be done with conversations."""

    def __init__(self, store: Store, core: Core) -> None:
        self.store, self.core = store, core
        self.listeners: list[Listener] = []

    # ------------------------------------------------------------ coming in

    def open(self, language: str, channel: str) -> Opened:
        """A new conversation with its opening words."""
        turn, key, at = self.core.open_conversation(language), self.store.prepare(), now()
        found, code = str(uuid.uuid4()), keys.new_code()
        token, hashed = keys.new_token(key, found), keys.code_hash(key, code)
        body = turn.reply.as_json()
        with self.store.writing() as db:
            kept = {"token_hash": keys.token_hash(token), "code_hash": hashed, "created_at": at, "updated_at": at}
            rows.open_conversation(db, id=found, language=language, channel=channel, **kept)
            rows.keep(db, found, at, reply=body, answered_at=at)
            rows.append_events(db, found, 0, [self._salted(event) for event in turn.events], at)
        return Opened(found, token, code, body)

    def _salted(self, event: rows.EventLike) -> rows.EventLike:
        """The opening with something drawn for this conversation alone: the conversation itself draws nothing."""
        if event.kind != "opened":
            return event
        found: rows.EventLike = self.core.event("opened", {**event.data, "salt": secrets.token_hex(8)})
        return found

    def made(self, key: str, token: str) -> bool:
        """Whether a token is one that we made for this conversation, as it is now or as it was."""
        return keys.fits(self.store.prepare(), key, token)

    def admits(self, key: str, token: str) -> bool:
        """Whether a token opens a conversation. Raises Gone for a token of ours whose conversation is no more.

        A token that we never made for this conversation is refused before the database is asked.
        """
        if not self.made(key, token):
            return False
        with self.store.reading() as db:
            found = self._found(db, key)
            return keys.same(found.token_hash, keys.token_hash(token))

    def resume(self, said: str) -> Opened | None:
        """The conversation of a recovery code, with a new token; the old token opens nothing any more. None for a wrong code."""
        key, code = self.store.prepare(), keys.read_code(said)
        if code is None:
            return None
        hashed = keys.code_hash(key, code)
        with self.store.writing() as db:
            found = rows.by_code(db, hashed)
            if found is None or not keys.same(found.code_hash, hashed):
                return None
            token = keys.new_token(key, found.id)
            rows.renew(db, found.id, keys.token_hash(token), now())
            return Opened(found.id, token, code, {})

    # ------------------------------------------------------------ talking

    def say(self, key: str, text: str, client_message_id: str, token: str | None = None) -> Mapping[str, Any]:
        """Keeps a message, then answers it; the stored answer when the client's id was answered before.

        A token, when given, must open the conversation; else NotAdmitted. Raises Gone, Busy.
        """
        if token is not None and not self.made(key, token):
            raise NotAdmitted(key)
        with self.store.writing() as db:
            found = self._found(db, key, lock=True)
            if token is not None and not keys.same(found.token_hash, keys.token_hash(token)):
                raise NotAdmitted(key)
            kept = rows.same_message(db, key, client_message_id)
            if kept and kept.reply is not None:
                return cast("Mapping[str, Any]", kept.reply)
            clean = UNWRITABLE.sub("\ufffd", text)
            number = kept.seq if kept else rows.keep(db, key, now(), client_message_id=client_message_id, text=clean)
            work = self._work(db, found)
        return self._answer_until(key, number, work)

    def correct(self, key: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Corrects or removes (None) facts, after every message before it has its answer. Raises Gone, Busy, and what the conversation refuses."""
        for _ in range(TRIES):
            self._answer_all(key)
            with self.store.reading() as db:
                found = self._found(db, key)
                version, log_ = found.version, rows.events(db, key)
            turn = self.core.correct(self._state(log_), facts, self.core.world())
            body = self._store_correction(key, version, len(log_), facts, turn)
            if body is not None:
                return body
        raise Busy(key)

    def _store_correction(self, key: str, version: int, count: int, facts: Mapping[str, Any], turn: TurnLike) -> Mapping[str, Any] | None:
        at = now()
        with self.store.writing() as db:
            self._found(db, key, lock=True)
            if rows.oldest_unanswered(db, key) or not rows.advance(db, key, version, at):
                return None
            body = {"message": rows.last_message(db, key) + 1, **turn.reply.as_json()}
            rows.keep(db, key, at, correction=dict(facts), reply=body, answered_at=at)
            rows.append_events(db, key, count, turn.events, at)
            self._tell(db, key, body["message"], turn.events, at)
            return body

    # ------------------------------------------------------------ answering

    def _answer_all(self, key: str) -> None:
        with self.store.reading() as db:
            work, last = self._work(db, self._found(db, key)), rows.last_message(db, key)
        if work:
            self._answer_until(key, last, work)

    def _answer_until(self, key: str, seq: int, work: _Work | None) -> Mapping[str, Any]:
        """Answers what waits, oldest first, until message `seq` has its answer."""
        for _ in range(TRIES):
            if work:
                body = self._answer(key, work)
                if body and work.seq == seq:
                    return body
            with self.store.reading() as db:
                found = self._found(db, key)
                kept = rows.message(db, key, seq)
                if kept and kept.reply is not None:
                    return cast("Mapping[str, Any]", kept.reply)
                work = self._work(db, found)
        raise Busy(key)

    def _work(self, db: Connection, found: Row[Any]) -> _Work | None:
        """The oldest message that waits, with what its answer is computed from. The version is read first: what comes later only makes us look again."""
        waiting = rows.oldest_unanswered(db, found.id)
        if waiting is None:
            return None
        return _Work(found.version, rows.events(db, found.id), waiting.seq, waiting.text or "", found.language)

    def _answer(self, key: str, work: _Work) -> Mapping[str, Any] | None:
        """Computes one answer and commits it with its events; None when somebody else was faster."""
        events, said = self._turn(key, work)
        body, at = {"message": work.seq, **said}, now()
        with self.store.writing() as db:
            if not rows.advance(db, key, work.version, at):
                return None
            if any(event.kind == "deleted" for event in events):
                rows.remove(db, key)
                return {**body, "deleted": True}
            rows.answer(db, key, work.seq, body, at)
            rows.append_events(db, key, len(work.events), events, at)
            self._tell(db, key, work.seq, events, at)
        self._report(events)
        return body

    def _turn(self, key: str, work: _Work) -> tuple[Sequence[rows.EventLike], Mapping[str, Any]]:
        try:
            turn = self.core.take(self._state(work.events), work.text, self.core.world())
            return turn.events, turn.reply.as_json()
        except Exception as error:  # one message that we cannot answer must not close the conversation for good
            log.error("turn_failed", error=type(error).__name__, exc_info=error)
            return (), self._apology(key, work.language)

    def _apology(self, key: str, language: str) -> Mapping[str, Any]:
        """An answer that keeps what was known and says that this message failed."""
        with self.store.reading() as db:
            before = rows.last_answer(db, key)
        text = FALLBACK.get(language, FALLBACK["zh"])
        reply = {"text": text, "blocks": [{"kind": "text", "text": text}], "quick_replies": [], "asking": None}
        return {**before, "reply": reply}

    def _tell(self, db: Connection, key: str, number: int, events: Sequence[rows.EventLike], at: dt.datetime) -> None:
        for listener in self.listeners:
            listener(db, key, number, events, at)

    def _report(self, events: Sequence[rows.EventLike]) -> None:
        failed = sum(event.kind == "guard_failed" for event in events)
        if failed:
            log.error("guard_failed", count=failed)

    def _state(self, log_: list[tuple[str, dict[str, Any]]]) -> Any:
        return self.core.fold(self.core.event(kind, data) for kind, data in log_)

    def _found(self, db: Connection, key: str, lock: bool = False) -> Row[Any]:
        found = rows.conversation(db, key, lock)
        if found is None:
            raise Gone(key)
        return found

    # ------------------------------------------------------------ looking, and going

    def transcript(self, key: str) -> dict[str, Any]:
        """The conversation to go on with: every message with its answer, and the profile as it is now. Raises Gone, Busy."""
        self._answer_all(key)
        with self.store.reading() as db:
            found, said = self._found(db, key), rows.messages(db, key)
        last: Mapping[str, Any] = next((m.reply for m in reversed(said) if m.reply), {})
        now_known = {name: value for name, value in last.items() if name not in ("reply", "message")}
        head = {"id": key, "language": found.language, "channel": found.channel, "created_at": moment(found.created_at)}
        return {**head, "updated_at": moment(found.updated_at), "messages": [_said(m) for m in said], **now_known}

    def export(self, key: str) -> dict[str, Any]:
        """Everything that is kept of the conversation, but for the hashes of its keys. Raises Gone, Busy."""
        found = self.transcript(key)
        with self.store.reading() as db:
            return {**found, "events": [_happened(h) for h in rows.happenings(db, key)]}

    def feedback(self, key: str, seq: int, word: str) -> bool:
        """Keeps what the person thinks of an answer; False when there is no such answer."""
        with self.store.writing() as db:
            there = rows.set_feedback(db, key, seq, word)
            if there:
                self._tell(db, key, seq, [self.core.event("feedback", {"feedback": word})], now())
            return there

    def record(self, db: Connection, key: str, kind: str, data: Mapping[str, Any]) -> None:
        """Puts an event into a conversation's log that no message brought, in the caller's transaction. Raises Gone."""
        found, at = self._found(db, key, lock=True), now()
        event = self.core.event(kind, data)
        rows.append_events(db, key, len(rows.events(db, key)), [event], at)
        rows.advance(db, key, found.version, at)
        self._tell(db, key, rows.last_message(db, key), [event], at)

    def state(self, db: Connection, key: str) -> Any:
        """The conversation's state as it is now. Raises Gone."""
        self._found(db, key)
        return self._state(rows.events(db, key))

    def delete(self, key: str) -> None:
        """Deletes every row of a conversation at once."""
        with self.store.writing() as db:
            rows.remove(db, key)


def moment(at: dt.datetime | None) -> str | None:
    """A moment as answers give it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def _said(m: Row[Any]) -> dict[str, Any]:
    head = {"message": m.seq, "client_message_id": m.client_message_id, "text": m.text, "correction": m.correction}
    times = {"received_at": moment(m.received_at), "answered_at": moment(m.answered_at)}
    return {**head, **times, "reply": (m.reply or {}).get("reply"), "feedback": m.feedback}


def _happened(h: Row[Any]) -> dict[str, Any]:
    return {"seq": h.seq, "kind": h.kind, "data": h.data, "at": moment(h.at)}
