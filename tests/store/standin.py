"""A conversation small enough to see through: it counts what was said and keeps facts; some words make it slow, fail, or delete."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from app.api import conversations, problems
from app.api.limits import BodyLimit
from app.api.rates import Rates
from app.matching.profile import BadProfile, FactError
from app.settings import Settings
from app.store import Store, open_engine
from app.store.desk import Core, Desk


@dataclass(frozen=True)
class Event:
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class State:
    said: tuple[str, ...] = ()
    facts: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Reply:
    text: str
    state: State

    def as_json(self) -> dict[str, Any]:
        return {
            "reply": {"text": self.text, "blocks": [{"kind": "text", "text": self.text}], "quick_replies": [], "asking": None},
            "profile": {"facts": [{"fact": fact, "value": value} for fact, value in self.state.facts]},
            "matches": {"eligible": [], "unknown": [], "not_eligible": []},
            "questions_left": 0,
        }


@dataclass(frozen=True)
class Turn:
    events: tuple[Event, ...]
    reply: Reply


def fold(events: Iterable[Event]) -> State:
    said: list[str] = []
    facts: dict[str, Any] = {}
    for event in events:
        if event.kind == "said":
            said.append(event.data["words"])
        if event.kind == "corrected":
            facts |= event.data["facts"]
    return State(tuple(said), tuple((name, value) for name, value in facts.items() if value is not None))


def open_conversation(language: str) -> Turn:
    return Turn((Event("opened", {"language": language}),), Reply("你好" if language == "zh" else "Hello", State()))


def take(state: State, text: str, world: Any) -> Turn:  # noqa: ARG001 - the conversation's signature
    if text.startswith("break"):
        raise RuntimeError(f"the conversation stumbles over {text}")
    if text == "slow":
        time.sleep(0.2)
    kind = {"delete": "deleted", "guard": "guard_failed"}.get(text)
    after = State((*state.said, text), state.facts)
    extra = (Event(kind, {}),) if kind else ()
    return Turn((Event("said", {"words": text}), *extra), Reply(f"{len(after.said)}: {text}", after))


def correct(state: State, facts: Mapping[str, Any], world: Any) -> Turn:  # noqa: ARG001 - the conversation's signature
    if "unheard_of" in facts:
        raise BadProfile([FactError("/profile/unheard_of", "there is no such fact")])
    after = dict(state.facts) | dict(facts)
    kept = State(state.said, tuple((name, value) for name, value in after.items() if value is not None))
    return Turn((Event("corrected", {"facts": dict(facts)}),), Reply("corrected", kept))


CORE = Core(open_conversation, take, correct, fold, Event, lambda: None)


def service(settings: Settings) -> FastAPI:
    """The conversation routes alone, over this stand-in."""
    app = FastAPI()
    store = Store(open_engine(settings.database_url))
    app.state.settings, app.state.engine, app.state.desk, app.state.rates = settings, store.engine, Desk(store, CORE), Rates(settings)
    problems.install(app)
    app.add_middleware(BodyLimit, default=settings.max_body_bytes, paths={})
    app.include_router(conversations.router)
    return app
