"""Bodies over the limit are refused before they are read whole."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem


class TooLarge(HTTPException):
    """More bytes arrived than are allowed: a refusal (413) wherever in a route the body is being read."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, _detail(limit))
        self.limit = limit


Refuse = Callable[[Request, int], Response]
"""The answer to a request whose body is over a limit."""


def refused(_: Request, limit: int) -> Response:
    """The problem of a body over the limit."""
    return problem(413, _detail(limit))


class BodyLimit:
    """ASGI middleware: 413 for a body above the limit of its path, in bytes; `refuse` makes the answer."""

    def __init__(self, app: ASGIApp, default: int, paths: dict[str, int], refuse: Refuse = refused) -> None:
        self.app, self.default, self.paths, self.refuse = app, default, paths, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.paths.get(scope["path"], self.default)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await self.refuse(Request(scope), limit)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge(limit)
            return message

        await self.app(scope, counted, send)


def _detail(limit: int) -> str:
    return f"The body is larger than {limit} bytes. Send fewer profiles at a time to /v1/match/batch, in several requests."
