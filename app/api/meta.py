"""Is the service alive, is it ready, how is it doing."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import __version__
from app.api.deps import LibraryDep
from app.api.problems import to_json

router = APIRouter(tags=["meta"])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The service's own counters; they hold no text and no names."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("guiyan_requests", "Requests answered", ["route", "method", "status"], registry=self.registry)
        self.seconds = Histogram("guiyan_request_seconds", "Time to answer, in seconds", ["route"], registry=self.registry)
        self.measures = Gauge("guiyan_catalogue_measures", "Measures in the catalogue being served", registry=self.registry)
        self.stale = Gauge(
            "guiyan_catalogue_stale", "1 while changed files are invalid and an older catalogue is served", registry=self.registry
        )

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """A request under its route, not its address; a method that HTTP does not name goes under one word."""
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.requests.labels(route, method, status).inc()
        self.seconds.labels(route).observe(seconds)


class Counted:
    """ASGI middleware: every request is counted, those that fail too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self.metrics.count(scope, status, time.perf_counter() - started)


@router.get("/healthz", summary="Alive")
def healthz() -> dict[str, str]:
    return {"status": "alive", "version": __version__}


@router.get(
    "/readyz",
    summary="Catalogue loaded, database answers; says when an older catalogue is served",
    response_model=None,
    responses={503: {"description": "not ready: the database does not answer", "content": {"application/json": {}}}},
)
def readyz(request: Request, library: LibraryDep) -> Response:
    database = _database(request.app.state.engine)
    body: dict[str, Any] = {
        "status": "ready" if database is None else "not ready",
        "catalogue": {
            "version": library.edition.catalog.version,
            "measures": len(library.edition.catalog.entries),
            "stale": bool(library.problems),
            "problems": [str(p) for p in library.problems[:50]],
        },
        "database": database or "answers",
    }
    return Response(to_json(body), 200 if database is None else 503, media_type="application/json")


def _database(engine: Engine) -> str | None:
    """What is wrong with the database, without its address; None when it answers."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return f"does not answer ({type(error).__name__}); see GUIYAN_DATABASE_URL"
    return None


@router.get("/metrics", summary="Prometheus", response_model=None, response_class=PlainTextResponse)
def metrics(request: Request, library: LibraryDep) -> Response:
    found: Metrics = request.app.state.metrics
    found.measures.set(len(library.edition.catalog.entries))
    found.stale.set(bool(library.problems))
    return Response(generate_latest(found.registry), media_type=CONTENT_TYPE_LATEST)
