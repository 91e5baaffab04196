"""A small server of the conversation contract, in memory, for the chat's own tests: the real pages and catalogue, a scripted talker.

Not a copy of the product's conversation: it answers the same shapes, keeps count of what arrives, and fails on demand.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, Request, Response

from app.api import catalogue, problems
from app.catalog import Catalog
from app.matching.day import Day, Days
from app.settings import Settings
from app.widget import routes

CARD = {
    "kind": "measure_card", "id": "shanxi-startup-guarantee-loan-individual", "name": "山西省个人创业担保贷款", "amount": "最多25万元", "confirmed": False,
    "why": ["您回来创业，属于能申请的人", "年龄在规定里头"], "bring": ["身份证", "营业执照"], "where": "县里的就业服务中心", "phone": "12333", "valid_until": None,
    "citation": {"title": "山西省创业担保贷款办法", "number": "晋财金〔2023〕1号", "clause": "第三条", "url": "https://example.org/x"},
}  # fmt: skip
LONG = "这句话故意写得很长，看看字多了会不会挤出去。" * 12
REPLIES: list[tuple[str, dict[str, Any]]] = [
    (
        "鱼塘|fish",
        {"facts": {"sector": "aquaculture", "home_place": "偏关县", "funding_needed": 200000}, "cards": [CARD], "ask": "bad_credit"},
    ),
    ("没有|逾期|^no$", {"facts": {"bad_credit": False}, "cards": [], "ask": None}),
    ("english", {"facts": {}, "cards": [], "ask": None, "text": "In English then.", "language": "en"}),
    ("很长", {"facts": {}, "cards": [], "ask": None, "text": LONG}),
    ("标记", {"facts": {}, "cards": [], "ask": None, "text": "<img src=x onerror=alert(1)><script>window.hit=1</script>"}),
]
SAID = {"sector": "行当：养鱼", "home_place": "老家：偏关县", "funding_needed": "要用的钱：20万元", "bad_credit": "贷款逾期：没有"}
QUESTION = {"zh": "您以前贷款有过逾期没有？", "en": "Have you ever been late with a loan?"}


@dataclass(frozen=True)
class Shelf:
    """As much of an edition as the pages need."""

    catalog: Catalog
    days: Days

    @property
    def edition(self) -> Shelf:
        return self

    def on(self, day: dt.date) -> Day:
        return self.days.on(day)


@dataclass
class Talk:
    """One conversation."""

    token: str
    code: str
    language: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class World:
    """What the server holds and how it misbehaves."""

    talks: dict[str, Talk] = field(default_factory=dict)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    posts: int = 0
    delay: float = 0.0
    refuse: int = 0
    """How many messages to come are answered 503."""
    lose: int = 0
    """How many messages to come are taken, and their answers lost."""

    def texts(self) -> list[str]:
        return [m["text"] for t in self.talks.values() for m in t.messages if m["text"]]


def _words(said: str) -> dict[str, str]:
    label, _, text = said.partition("：")
    return {"label": label, "text": text, "said": said}


def _reply(text: str, blocks: list[dict[str, Any]], asking: str | None, quick: list[dict[str, str]]) -> dict[str, Any]:
    return {"text": text, "blocks": blocks, "quick_replies": quick, "asking": asking}


def _opening(language: str) -> dict[str, Any]:
    text = {
        "zh": "您想回哪儿、干点啥、眼下最愁啥？随便说。",
        "en": "Where do you want to go, what to do, what worries you most? Just say.",
    }[language]
    label = {"zh": "想贷点钱", "en": "I need money"}[language]
    return _reply(text, [{"kind": "text", "text": text}], None, [{"label": label, "text": label}])


def _answer(talk: Talk, text: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = next((r for words, r in REPLIES if re.search(words, text.lower())), {"facts": {}, "cards": [], "ask": None})
    for name, value in found["facts"].items():
        talk.facts[name] = {
            "fact": name,
            "value": value,
            "from_message": number,
            "quote": text,
            "certainty": "stated",
            **_words(SAID[name]),
        }
    said = found.get("text", "听明白了。这几项您能问。" if found["cards"] else "好，记下了。")
    blocks: list[dict[str, Any]] = [{"kind": "text", "text": said}, *found["cards"]]
    quick: list[dict[str, str]] = []
    if found["ask"]:
        blocks.append({"kind": "question", "text": QUESTION[talk.language], "why": "有逾期，银行多半不批。"})
        quick = [{"label": x, "text": x} for x in ("没有", "有过", "记不清")]
    talk.language = found.get("language", talk.language)
    return _reply(f"{said} {QUESTION[talk.language] if found['ask'] else ''}".strip(), blocks, found["ask"], quick)


def _state(talk: Talk) -> dict[str, Any]:
    return {
        "profile": {"facts": list(talk.facts.values())},
        "matches": {"eligible": [], "unknown": [], "not_eligible": []},
        "questions_left": 2 if talk.facts else 0,
    }


def make_app(world: World, settings: Settings, shelf: Shelf) -> FastAPI:
    """The fake service, with the real pages."""
    app = FastAPI()
    app.state.settings, app.state.library = settings, shelf
    problems.install(app)
    app.include_router(catalogue.router)
    routes.install(app, settings)

    def talk_of(name: str, request: Request) -> Talk:
        talk = world.talks.get(name)
        if talk is None:
            raise problems.NotFound("There is no such conversation.")
        if request.headers.get("authorization") != f"Bearer {talk.token}":
            raise problems.ApiError("The token does not open this conversation.", status=401)
        return talk

    @app.post("/v1/conversations", status_code=201)
    async def begin(request: Request) -> Any:
        body = await request.json()
        name, talk = secrets.token_hex(8), Talk(secrets.token_hex(16), secrets.token_hex(4).upper(), body["language"])
        talk.messages.append({"message": 0, "client_message_id": None, "text": None, "reply": _opening(talk.language)})
        world.talks[name] = talk
        return {"id": name, "token": talk.token, "code": talk.code, "message": 0, "reply": talk.messages[0]["reply"]}

    @app.post("/v1/conversations/resume")
    async def resume(request: Request) -> Any:
        code = (await request.json())["code"]
        found = next(((n, t) for n, t in world.talks.items() if t.code == code), None)
        if not found:
            raise problems.NotFound("No conversation has this code.")
        return {"id": found[0], "token": found[1].token}

    @app.get("/v1/conversations/{name}")
    def whole(name: str, request: Request) -> Any:
        talk = talk_of(name, request)
        return {"id": name, "language": talk.language, "messages": talk.messages, **_state(talk)}

    @app.post("/v1/conversations/{name}/messages")
    async def message(name: str, request: Request) -> Any:
        talk, body = talk_of(name, request), await request.json()
        world.posts += 1
        if world.delay:
            await asyncio.sleep(world.delay)
        if world.refuse:
            world.refuse -= 1
            return problems.problem(503, "Busy.")
        if "太长" in body["text"]:
            raise problems.BadInput("The message is too long.")
        held = next((m for m in talk.messages if m["client_message_id"] == body["client_message_id"]), None)
        if held is None:
            number = len(talk.messages)
            held = {
                "message": number,
                "text": body["text"],
                "client_message_id": body["client_message_id"],
                "reply": _answer(talk, body["text"], number),
            }
            talk.messages.append(held)
        if world.lose:
            world.lose -= 1
            return problems.problem(502, "The answer was lost.")
        return {"message": held["message"], "reply": {**held["reply"], "language": talk.language}, **_state(talk)}

    @app.patch("/v1/conversations/{name}/profile")
    async def correct(name: str, request: Request) -> Any:
        talk, facts = talk_of(name, request), (await request.json())["facts"]
        for fact, value in facts.items():
            if value is None:
                talk.facts.pop(fact, None)
            elif value == "火星":
                raise problems.BadInput("There is no such place.")
            else:
                talk.facts[fact] = {**talk.facts[fact], "value": value, "text": str(value)}
        return {"reply": _reply("好，改过来了。", [], None, []), **_state(talk)}

    @app.post("/v1/conversations/{name}/feedback", status_code=204)
    async def feedback(name: str, request: Request) -> Response:
        talk_of(name, request)
        world.feedback.append(await request.json())
        return Response(status_code=204)

    @app.delete("/v1/conversations/{name}", status_code=204)
    def delete(name: str, request: Request) -> Response:
        talk_of(name, request)
        del world.talks[name]
        return Response(status_code=204)

    @app.get("/test/host")
    def host(server: str, mode: str = "float") -> Response:
        """A stranger's page that carries the chat; no policy of its own."""
        tag = f'<guiyan-chat mode="{mode}" lang="zh"></guiyan-chat>'
        return Response(
            f'<!doctype html><meta charset="utf-8"><script src="{server}/widget/guiyan-chat.js" defer></script><h1>host</h1><button id="b">b</button>{tag}',
            media_type="text/html",
        )

    return app


@contextmanager
def served(app: FastAPI, port: int = 0, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """The app on a port of its own; gives its address as soon as it listens there."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan=lifespan))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
