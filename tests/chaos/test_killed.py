"""Killed with SIGKILL under load, again and again: no acknowledged message is lost, none is answered twice."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.factories import ROOT, free_port

KILLS, WRITERS, SHARING = 20, 8, 4
"""How often the service dies; how many write to it; how many of them write to one and the same conversation."""


class Refused(Exception):
    """An answer that is no answer: to be tried again."""


@dataclass
class Victim:
    """The service's process, and what is known of its port."""

    database: Path
    whole: bool
    """The service itself, or the store under a conversation that only counts."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "tests.chaos.server",
            str(self.port),
            f"sqlite:///{self.database}",
            *(["whole"] if self.whole else []),
        ]
        self.process = subprocess.Popen(command, cwd=ROOT)
        end = time.monotonic() + 60
        while True:
            try:
                ask(self.port, "GET", "/openapi.json")
                return
            except (OSError, http.client.HTTPException):
                assert self.process.poll() is None, "the service did not start"
                assert time.monotonic() < end
                time.sleep(0.02)

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def ask(port: int, method: str, path: str, body: Any = None, token: str = "") -> Any:
    """One request on a connection of its own. Raises OSError, HTTPException, Refused."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        found = response.read()
        if response.status >= 300:
            raise Refused(f"{method} {path}: {response.status} {found[:200]!r}")
        return json.loads(found)
    finally:
        connection.close()


@dataclass
class Writer:
    """Says one thing after another, each until it is acknowledged, some of them once more."""

    name: str
    port: int
    conversation: dict[str, Any]
    stop: threading.Event
    answers: dict[str, Any] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    retries: int = 0
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        chance = random.Random(self.name)
        while not self.stop.is_set():
            identity = f"{self.name}-{len(self.sent)}"
            self.sent.append(identity)
            self._until_acknowledged(identity)
            if self.answers and chance.random() < 0.1:
                self._until_acknowledged(chance.choice(list(self.answers)))

    def _until_acknowledged(self, identity: str) -> None:
        path = f"/v1/conversations/{self.conversation['id']}/messages"
        while not self.stop.is_set():
            try:
                body = ask(self.port, "POST", path, {"text": identity, "client_message_id": identity}, self.conversation["token"])
            except Refused as error:
                self.wrong.append(str(error))
                return
            except (OSError, http.client.HTTPException):
                self.retries += 1
                time.sleep(0.05)
                continue
            if self.answers.setdefault(identity, body) != body:
                self.wrong.append(f"{identity} was answered with {self.answers[identity]} and with {body}")
            return


def open_conversations(port: int) -> list[dict[str, Any]]:
    """One for each writer; some share theirs."""
    own = [ask(port, "POST", "/v1/conversations", {}) for _ in range(WRITERS - SHARING + 1)]
    return own[:-1] + [own[-1]] * SHARING


def check(port: int, conversation: dict[str, Any], writers: list[Writer], whole: bool) -> None:
    """The transcript holds what was acknowledged, as it was acknowledged, once, in order; the log says the same."""
    found = ask(port, "GET", f"/v1/conversations/{conversation['id']}/export", token=conversation["token"])
    said = found["messages"][1:]
    times = Counter(m["client_message_id"] for m in said)
    assert not [identity for identity, n in times.items() if n > 1], "kept twice"
    kept = {m["client_message_id"]: m for m in said}
    for writer in writers:
        for identity, body in writer.answers.items():
            assert identity in kept, f"{identity} was acknowledged and is lost"
            assert kept[identity]["reply"] == body["reply"], f"{identity} was answered twice"
        assert [m["text"] for m in said if m["text"].startswith(f"{writer.name}-")] == [i for i in writer.sent if i in kept], "out of order"
    assert sum(e["kind"] == "said" for e in found["events"]) == len(said), "taken in as often as it was said"
    if whole:
        return
    assert [m["reply"]["text"] for m in said] == [f"{n}: {m['text']}" for n, m in enumerate(said, 1)], (
        "each is answered after those before it"
    )
    events = [e["data"]["words"] for e in found["events"] if e["kind"] == "said"]
    assert events == [m["text"] for m in said]


def kill_under_load(victim: Victim, writers: list[Writer]) -> None:
    """Kills at a random moment, each time after the service has got on with its work again."""
    chance = random.Random(20261123)
    for _ in range(KILLS):
        answered, end = sum(len(w.answers) for w in writers), time.monotonic() + 30
        while sum(len(w.answers) for w in writers) < answered + WRITERS:
            assert time.monotonic() < end, "nothing is answered any more"
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.4))
        victim.kill()
        victim.start()
    time.sleep(0.3)


@pytest.mark.parametrize("whole", [False, True], ids=["store", "whole service"])
def test_no_acknowledged_message_is_lost_and_none_is_answered_twice(tmp_path: Path, whole: bool) -> None:
    victim, stop = Victim(tmp_path / "chaos.sqlite", whole), threading.Event()
    victim.start()
    writers: list[Writer] = []
    try:
        conversations = open_conversations(victim.port)
        writers = [Writer(f"w{n}", victim.port, conversation, stop) for n, conversation in enumerate(conversations)]
        threads = [threading.Thread(target=writer.run) for writer in writers]
        for thread in threads:
            thread.start()
        kill_under_load(victim, writers)
        stop.set()
        for thread in threads:
            thread.join(30)
        assert not [fault for writer in writers for fault in writer.wrong]
        for conversation in {c["id"]: c for c in conversations}.values():
            check(victim.port, conversation, [w for w in writers if w.conversation is conversation], whole)
    finally:
        stop.set()
        with suppress(ProcessLookupError):
            victim.kill()
    with sqlite3.connect(victim.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    acknowledged, retries = sum(len(w.answers) for w in writers), sum(w.retries for w in writers)
    print(f"{KILLS} kills, {acknowledged} acknowledged messages, {retries} tries that failed")
    assert acknowledged >= KILLS * WRITERS, "too little load to mean anything"
    assert retries >= KILLS, "nobody was hit by a kill"
