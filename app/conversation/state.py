"""What a conversation knows: a fold over its events. The same events give the same state, byte for byte.

Events hold no message text: only what was understood, with the words it was read from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from typing import Any

SELF, OTHER = "self", "other"
MOST_UNDOS = 20
COUNTED = ("stated", "confirmed")
"""Statuses of facts that verdicts may use; a guess never."""


@dataclass(frozen=True)
class Event:
    """Something that happened; `data` is JSON."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A fact as it is held: its value in the form of the API, the person's words, the message, how it came, how sure it is."""

    value: Any
    low: float | None
    high: float | None
    approximate: bool
    quote: str
    message: int
    method: str
    """grammar | button | chip | guess"""
    status: str
    """stated | guessed | confirmed"""

    @property
    def counts(self) -> bool:
        return self.status in COUNTED


@dataclass(frozen=True)
class Case:
    """One person's case: the facts and how far the asking has come."""

    facts: Mapping[str, Held] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    closed: Mapping[str, str] = field(default_factory=dict)
    """Questions that are over without an answer: unknown | skipped | refused | failed."""
    rejected: tuple[str, ...] = ()
    """Facts whose guess the person turned down; asked openly once."""
    shown: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    """Unmet needs that were spoken of."""
    asking: str | None = None
    tries: int = 0
    before_round: int = 0
    """How many questions had been asked when this round of questions began."""


@dataclass(frozen=True)
class State:
    """Everything that the next reply depends on."""

    language: str = "zh"
    message: int = 0
    who: str = SELF
    cases: Mapping[str, Case] = field(default_factory=lambda: {SELF: Case()})
    prompt: Mapping[str, Any] | None = None
    """A yes-or-no that stands beside the open question: delete, confirm, clash, whose, value, which."""
    focus: str | None = None
    before: tuple[Mapping[str, Mapping[str, Held]], ...] = ()
    """Facts of all cases before each message that changed some, newest last; for undo."""
    marked: int = -1
    glossed: tuple[str, ...] = ()
    last: Mapping[str, Any] | None = None
    """The last answer (text, cards), to say it again."""
    aside: bool = False
    """Whether the last reply answered an interruption."""
    on: str | None = None
    version: str | None = None
    deleted: bool = False
    notes: tuple[str, ...] = ()
    """Receipts of the notes that were left for the county."""
    salt: str = ""
    """Drawn by the shell when the conversation is opened: two people who say the same get different receipts."""

    @property
    def case(self) -> Case:
        return self.cases[self.who]

    def as_json(self) -> dict[str, Any]:
        """The state as JSON: for tests of replay and for support."""
        return asdict(self)


def fold(events: Iterable[Event]) -> State:
    """The state that events lead to."""
    return advance(State(), events)


def advance(state: State, events: Iterable[Event]) -> State:
    """The state after further events."""
    return reduce(apply, events, state)


def apply(state: State, event: Event) -> State:
    """One event taken in; kinds that tell nothing about the state are passed over."""
    handler = _HANDLERS.get(event.kind)
    return handler(state, event.data) if handler else state


Data = Mapping[str, Any]


def _with(state: State, **changes: Any) -> State:
    """The current case changed."""
    return replace(state, cases={**state.cases, state.who: replace(state.case, **changes)})


def _marked(state: State) -> State:
    """Remembers the facts as they are before the first change of a message."""
    if state.marked == state.message:
        return state
    snapshot = {who: case.facts for who, case in state.cases.items()}
    return replace(state, before=(*state.before, snapshot)[-MOST_UNDOS:], marked=state.message)


def _opened(state: State, data: Data) -> State:
    return replace(state, language=data["language"], salt=data.get("salt", ""))


def _said(state: State, data: Data) -> State:
    return replace(state, message=state.message + 1, on=data.get("on"), version=data.get("version"), prompt=None)


def _heard(state: State, data: Data) -> State:
    marked = _marked(state)
    names = ("value", "low", "high", "approximate", "quote", "method", "status")
    held = Held(message=marked.message, **{name: data[name] for name in names})
    fact = data["fact"]
    case = marked.case
    answered = fact == case.asking
    closed = {v: how for v, how in case.closed.items() if v != fact}
    return _with(
        marked,
        facts={**case.facts, fact: held},
        closed=closed,
        asking=None if answered and held.counts else case.asking,
        tries=0 if answered else case.tries,
    )


def _removed(state: State, data: Data) -> State:
    marked = _marked(state)
    return _with(marked, facts={v: held for v, held in marked.case.facts.items() if v != data["fact"]})


def _undone(state: State, _: Data) -> State:
    if not state.before:
        return state
    snapshot = state.before[-1]
    cases = {who: replace(case, facts=snapshot.get(who, {})) for who, case in state.cases.items()}
    return replace(state, cases=cases, before=state.before[:-1])


def _asked(state: State, data: Data) -> State:
    fact = data["fact"]
    asked = state.case.asked if fact in state.case.asked else (*state.case.asked, fact)
    return _with(state, asked=asked, asking=fact, tries=0)


def _tried(state: State, _: Data) -> State:
    return _with(state, tries=state.case.tries + 1)


def _closed(state: State, data: Data) -> State:
    case = state.case
    open_still = None if data["fact"] == case.asking else case.asking
    return _with(state, closed={**case.closed, data["fact"]: data["how"]}, asking=open_still, tries=0)


def _answered(state: State, data: Data) -> State:
    return _with(state, asking=None, tries=0) if data["fact"] == state.case.asking else state


def _rejected(state: State, data: Data) -> State:
    removed = _removed(state, data)
    return _with(removed, rejected=(*removed.case.rejected, data["fact"]))


def _shown(state: State, data: Data) -> State:
    return _with(state, shown=tuple(dict.fromkeys((*state.case.shown, *data["measures"]))))


def _told(state: State, data: Data) -> State:
    return _with(state, told=(*state.case.told, data["need"]))


def _turned(state: State, data: Data) -> State:
    cases = state.cases if data["who"] in state.cases else {**state.cases, data["who"]: Case()}
    return replace(state, who=data["who"], cases=cases, focus=None)


def _replied(state: State, data: Data) -> State:
    last = {"text": data["text"], "cards": list(data["cards"])} if data["keep"] else state.last
    return replace(state, last=last, aside=data["aside"])


def _restarted(state: State, _: Data) -> State:
    return State(language=state.language, message=state.message, on=state.on, version=state.version, salt=state.salt)


_HANDLERS: Mapping[str, Callable[[State, Data], State]] = {
    "opened": _opened,
    "said": _said,
    "heard": _heard,
    "removed": _removed,
    "undone": _undone,
    "asked": _asked,
    "tried": _tried,
    "closed": _closed,
    "answered": _answered,
    "rejected": _rejected,
    "shown": _shown,
    "told": _told,
    "round": lambda state, _: _with(state, before_round=len(state.case.asked)),
    "turned": _turned,
    "replied": _replied,
    "restarted": _restarted,
    "deleted": lambda state, _: replace(_restarted(state, {}), deleted=True),
    "focused": lambda state, data: replace(state, focus=data["measure"]),
    "spoke": lambda state, data: replace(state, language=data["language"]),
    "prompted": lambda state, data: replace(state, prompt=dict(data)),
    "note": lambda state, data: replace(state, notes=(*state.notes, data["receipt"])),
    "glossed": lambda state, data: replace(state, glossed=(*state.glossed, data["term"])),
}
