"""An office with the real service behind it: officials with accounts, their browsers, and workers who talk with Guiyan."""

from __future__ import annotations

import itertools
import re
import uuid
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from app.accounts import users
from app.accounts.people import Role
from app.store import Store
from app.store.official_tables import AUDIT

PASSWORD = "correct horse battery"
PIANGUAN, HEQU, XINZHOU, SHANXI = "140932", "140930", "1409", "14"
NUMBERS = itertools.count(1)
_FIELD = re.compile(r'name="(?:csrf|mark)" value="([^"]+)"')


@dataclass
class Browser:
    """One official's browser. `post` sends the form token of the page last seen."""

    http: TestClient
    name: str = ""
    token: str = ""

    def get(self, path: str, **more: Any) -> Any:
        answer = self.http.get(path, follow_redirects=False, **more)
        self._remember(answer.text)
        return answer

    def post(self, path: str, data: dict[str, str] | None = None, token: str | None = None, **more: Any) -> Any:
        sent = {**(data or {}), "csrf": self.token if token is None else token}
        return self.http.post(path, data=sent, follow_redirects=False, **more)

    def sign_in(self, name: str, password: str = PASSWORD, then: str = "") -> Any:
        """The form fetched, filled in and sent."""
        mark = _FIELD.findall(self.get("/console/sign-in").text)[0]
        answer = self.http.post(
            "/console/sign-in", data={"name": name, "password": password, "mark": mark, "next": then}, follow_redirects=False
        )
        if answer.status_code == 303:
            self.name = name
            self.get("/console/counter")
        return answer

    def _remember(self, text: str) -> None:
        found = re.findall(r'name="csrf" value="([^"]+)"', text)
        if found:
            self.token = found[-1]


@dataclass
class Office:
    """The running service and its database."""

    app: FastAPI
    store: Store

    def account(self, role: Role = "official", place: str = PIANGUAN) -> str:
        """A new account; its name. Everybody's password is PASSWORD."""
        name = f"{role}.{next(NUMBERS)}"
        with self.store.writing() as db:
            users.add(db, name, role, place, PASSWORD)
        return name

    def browser(self) -> Browser:
        return Browser(TestClient(self.app))

    def at_work(self, role: Role = "official", place: str = PIANGUAN) -> Browser:
        """A browser in which somebody of a place is signed in."""
        browser = self.browser()
        answer = browser.sign_in(self.account(role, place))
        assert answer.status_code == 303, answer.text
        return browser

    def worker(self, *said: str) -> Worker:
        """Somebody who has said something to Guiyan."""
        worker = Worker(TestClient(self.app))
        worker.open()
        for text in said:
            worker.say(text)
        return worker

    def audited(self, **where: Any) -> list[tuple[str, str, str | None]]:
        """(action, what, place) of the audit log, oldest first."""
        found = select(AUDIT).order_by(AUDIT.c.id)
        for column, value in where.items():
            found = found.where(AUDIT.c[column] == value)
        with self.store.reading() as db:
            return [(r.action, r.what, r.place) for r in db.execute(found)]


@dataclass
class Worker:
    """A worker's phone."""

    http: TestClient
    id: str = ""
    headers: dict[str, str] | None = None
    last: int = 0

    def open(self) -> None:
        found = self.http.post("/v1/conversations", json={}).json()
        self.id, self.headers = found["id"], {"Authorization": f"Bearer {found['token']}"}

    def say(self, text: str) -> dict[str, Any]:
        body = {"text": text, "client_message_id": str(uuid.uuid4())}
        answer = self.call("POST", "messages", json=body)
        found: dict[str, Any] = answer.json()
        self.last = found["message"]
        return found

    def know(self, **facts: Any) -> None:
        """Facts set by tapping: no matter how the words of the day are understood."""
        answer = self.call("PATCH", "profile", json={"facts": facts})
        assert answer.status_code == 200, answer.text

    def call(self, method: str, path: str, **more: Any) -> Any:
        return self.http.request(method, f"/v1/conversations/{self.id}/{path}".rstrip("/"), headers=self.headers, **more)

    def agree(self, **more: Any) -> dict[str, Any]:
        """Consents to a handover; what the phone shows then."""
        answer = self.call("POST", "handover", json={"consent": True, **more})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found
