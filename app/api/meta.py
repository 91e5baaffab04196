"""Is the service alive, is it ready, how is it doing."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.api.deps import LibraryDep
from app.api.problems import to_json

router = APIRouter(tags=["meta"])


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

    async def count(self, request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        """Middleware: counts a request under its route, not its address."""
        started = time.perf_counter()
        response = await call(request)
        route = getattr(request.scope.get("route"), "path", "none")
        self.requests.labels(route, request.method, response.status_code).inc()
        self.seconds.labels(route).observe(time.perf_counter() - started)
        return response


@router.get("/healthz", summary="Alive")
def healthz() -> dict[str, str]:
    return {"status": "alive", "version": __version__}


@router.get("/readyz", summary="Catalogue loaded, database answers; says when an older catalogue is served", response_model=None)
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


@router.get("/metrics", summary="Prometheus", response_model=None)
def metrics(request: Request, library: LibraryDep) -> Response:
    found: Metrics = request.app.state.metrics
    found.measures.set(len(library.edition.catalog.entries))
    found.stale.set(bool(library.problems))
    return Response(generate_latest(found.registry), media_type=CONTENT_TYPE_LATEST)
