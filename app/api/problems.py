"""Errors as `application/problem+json` (RFC 9457), one shape for every refusal.

GuiyanError
└── ApiError          carries status, title, detail and, for bad input, errors [{where, what}]
    ├── BadInput      422
    └── NotFound      404
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.catalog.problems import GuiyanError
from app.matching.profile import BadProfile, FactError

log = structlog.get_logger("guiyan.api")
PROBLEM_JSON = "application/problem+json"
_TITLES = {400: "The request cannot be read", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "Method not allowed", 413: "The request is too large", 415: "Unsupported media type", 422: "The input is not valid", 429: "Too many requests", 500: "The server failed", 503: "Busy"}  # fmt: skip
_DETAILS = {
    400: "The body cannot be read as JSON. Send JSON as UTF-8, with plain numbers and few levels of brackets.",
    404: "There is nothing at this address; GET /docs lists what there is.",
    405: "This address takes another method; GET /docs lists which.",
    500: "The fault is ours and has been logged. Please try again; if it stays, tell the operator.",
}


class ApiError(GuiyanError):
    """A refusal."""

    status = 400

    def __init__(self, detail: str, errors: Sequence[FactError] = (), status: int | None = None) -> None:
        super().__init__(detail)
        self.detail, self.errors = detail, tuple(errors)
        self.status = status or type(self).status


class BadInput(ApiError):
    """Input that is well-formed but cannot be used; names every error at once."""

    status = 422


class NotFound(ApiError):
    """No such thing."""

    status = 404


def to_json(body: Any) -> bytes:
    """JSON as UTF-8; text that is not valid Unicode (lone surrogates from a stranger) is escaped, not refused."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, ensure_ascii=True).encode()


def problem(status: int, detail: str, errors: Sequence[FactError] = ()) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status, "The request was refused"),
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"where": e.where, "what": e.what} for e in errors]
    return Response(to_json(body), status, media_type=PROBLEM_JSON)


def install(app: FastAPI) -> None:
    """Gives an app the handlers that turn every error into a problem."""

    @app.exception_handler(ApiError)
    async def refused(_: Request, error: ApiError) -> Response:
        return problem(error.status, error.detail, error.errors)

    @app.exception_handler(BadProfile)
    async def bad_profile(_: Request, error: BadProfile) -> Response:
        return problem(422, "The profile cannot be used: mend the facts named in errors. Nothing was matched.", error.errors)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        broken = next((e for e in found if e["type"] == "json_invalid"), None)
        if broken:
            at = f" at character {broken['loc'][-1]}" if len(broken["loc"]) > 1 else ""
            return problem(400, f"The body is no valid JSON: {broken.get('ctx', {}).get('error', '')}{at}. Send JSON as UTF-8.")
        if _unread(request, found):
            return problem(415, "The body is not declared as JSON. Send it with the header Content-Type: application/json.")
        return problem(422, "The request does not have the form of the contract; see errors and GET /docs.", [_error(e) for e in found])

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: ClientDisconnect) -> Response:
        return problem(400, "The connection was closed before the whole body had arrived. Send it again.")

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> Response:
        detail = _DETAILS.get(error.status_code) or str(error.detail)
        response = problem(error.status_code, detail)
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        return response

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        log.error("request_failed", route=getattr(request.scope.get("route"), "path", "none"), error=type(error).__name__, exc_info=error)
        return problem(500, _DETAILS[500])


def _unread(request: Request, errors: Sequence[Any]) -> bool:
    """Whether there is a body that was left unread because its type is not JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    return not is_json and any(tuple(e["loc"]) == ("body",) and isinstance(e.get("input"), bytes) for e in errors)


def _error(error: Any) -> FactError:
    where = [str(part).replace("~", "~0").replace("/", "~1") for part in error["loc"]]
    if where and where[0] in ("body", "query", "path"):
        where = where[1:]
    return FactError("/" + "/".join(where), str(error["msg"]))
