"""A turn of a conversation over HTTP, on SQLite and on PostgreSQL, each beside a bare FastAPI route that does one insert and one JSON reply on the
same database, as durably. One server process each, loopback, the client on the same cores."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

from benchmarks.api import free_port, server
from benchmarks.people import row
from tests.postgres import NoPostgres, cluster, new_database

SECONDS = 4.0
LENGTH = 12
"""Messages of one conversation; then the client opens the next."""
OFTEN = "1000000/second"
SAYINGS = (
    "我想回{place}包个水库养鱼", "今年{age}了", "手头紧，缺个{sum}万左右", "有个闺女念四年级", "这个贷款要带些啥", "执照还没办",
    "以前没有在银行借过钱", "那我能领多少", "为啥我不行", "先不说这个", "交着养老保险呢", "谢谢",
)  # fmt: skip
PLACES = ("偏关", "盂县", "兴县", "平顺", "洪洞", "浑源", "山阴", "榆社", "泽州", "清徐", "万荣")
BARE = """
import sys, uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel
from app.store import open_engine
from app.store.engine import WRITES
class Row(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
class Said(BaseModel):
    text: str
    client_message_id: str
engine = open_engine(sys.argv[2]).execution_options(**{WRITES: True})
SQLModel.metadata.create_all(engine, tables=[Row.__table__])
app = FastAPI()
@app.post("/v1/conversations", status_code=201)
def opened() -> dict[str, str]:
    return {"id": "1", "token": "1"}
@app.post("/v1/conversations/1/messages")
def bare(said: Said) -> dict[str, str]:
    with Session(engine) as session:
        session.add(Row(text=said.text))
        session.commit()
    return {"reply": said.text}
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
"""


def _ask(connection: http.client.HTTPConnection, path: str, body: Any, token: str = "") -> Any:
    connection.request(
        "POST",
        path,
        json.dumps(body, ensure_ascii=False).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    response = connection.getresponse()
    found = response.read()
    if response.status not in (200, 201):
        raise RuntimeError(f"HTTP {response.status}: {found[:200]!r}")
    return json.loads(found)


def _message(conversation: int, n: int) -> str:
    """One of the sayings, as another person each time: nothing remembered of the last one helps."""
    place = PLACES[conversation % len(PLACES)]
    return SAYINGS[n % len(SAYINGS)].format(place=place, age=22 + conversation % 37, sum=5 + conversation % 41)


def _talk(port: int, times: list[float], until: float) -> None:
    """One conversation after another; only the messages are timed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    conversations = itertools.count(random.randrange(1000))
    while time.perf_counter() < until:
        conversation = next(conversations)
        opened = _ask(connection, "/v1/conversations", {})
        for n in range(LENGTH):
            body = {"text": _message(conversation, n), "client_message_id": str(n)}
            begun = time.perf_counter()
            _ask(connection, f"/v1/conversations/{opened['id']}/messages", body, opened["token"])
            times.append(time.perf_counter() - begun)


def _measure(what: str, port: int) -> None:
    for connections in (1, 4):
        times: list[float] = []
        begun = time.perf_counter()
        threads = [threading.Thread(target=_talk, args=(port, times, begun + SECONDS)) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate, ordered = connections * len(times) / sum(times), sorted(times)
        late = ordered[int(len(ordered) * 0.99)]
        row(
            f"{what}, {connections} at once",
            f"{rate:,.0f} turns/s",
            f"p50 {statistics.median(ordered) * 1000:.1f} ms, p99 {late * 1000:.1f} ms",
        )


def _beside(what: str, address: Callable[[], str]) -> None:
    """The whole service, the store without the conversation's thinking, and the bare route, each on a fresh database."""
    port, settings = free_port(), {"GUIYAN_RATE_CONVERSATION": OFTEN, "GUIYAN_RATE_ADDRESS": OFTEN}
    with server(["-m", "app.cli", "serve", "--port", str(port)], port, {**settings, "GUIYAN_DATABASE_URL": address()}):
        _measure(f"{what}: a turn", port)
    port = free_port()
    with server(["-m", "tests.chaos.server", str(port), address()], port):
        _measure(f"{what}: a turn that only counts", port)
    port = free_port()
    with server(["-c", BARE, str(port), address()], port):
        _measure(f"{what}: bare route, one insert", port)


def run() -> None:
    print(f"Turns: {SECONDS:.0f} s each, conversations of {LENGTH} messages, every commit on the disk")
    number = itertools.count()
    with tempfile.TemporaryDirectory() as folder:
        _beside("SQLite", lambda: f"sqlite:///{folder}/turns{next(number)}.sqlite")
    try:
        with cluster(durable=True) as found:
            _beside("PostgreSQL", lambda: new_database(found, f"turns{next(number)}"))
    except NoPostgres as reason:
        print(f"PostgreSQL not measured: {reason}")
