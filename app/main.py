"""Shell: the application, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.gzip import GZipMiddleware

from app import __version__
from app.accounts.handovers import Mail
from app.api import catalogue, conversations, handover, hearsay, insights, match, meta, problems, screenings, understand
from app.api.limits import BodyLimit
from app.api.rates import Rates
from app.api.schemas import ProblemShape
from app.console import card, confirming, counter, gaps, inbox, log, pages, rosters, signin, single
from app.console import catalogue as console_catalogue
from app.insight.confirmed import StoredConfirmations
from app.insight.gather import Ear
from app.insight.rosters import Roll
from app.library import Library
from app.screening.jobs import Jobs
from app.settings import MEBIBYTE, Settings
from app.store import Store, open_engine
from app.store.confirmations import LONGEST_TEXT
from app.store.desk import Desk
from app.store.retention import HOUR, Daily
from app.talk import core
from app.widget.routes import install

DESCRIPTION = "Which support measures a person who comes home to Shanxi can get, how much, why, and what to do next. Meanings: GET /v1/facts; every figure carries its source."


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service. Raises CatalogInvalid when the catalogue's files are not valid: a wrong file never starts the server half-way."""
    settings = settings or Settings()
    library = Library.open(settings.catalog_path)
    engine = open_engine(settings.database_url)
    store = Store(engine)
    library.attach(StoredConfirmations(store))
    jobs = Jobs(store, library, screenings.folder(settings), settings.screening_hours)
    jobs.listeners.append(Roll(store))

    app = FastAPIOffline(
        title="Guiyan 归雁",
        version=__version__,
        description=DESCRIPTION,
        redoc_url=None,
        lifespan=lambda _: _lifespan(settings, store, library, jobs),
        favicon_url="data:,",
        static_url="/docs-static",
    )
    app.state.settings, app.state.library, app.state.engine, app.state.metrics = settings, library, engine, meta.Metrics()
    app.state.desk, app.state.rates = Desk(store, core(library)), Rates(settings)
    app.state.desk.listeners += [Mail(app.state.desk, library), Ear(app.state.desk, library)]
    app.state.screenings = jobs
    problems.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=2048, compresslevel=4)
    app.add_middleware(
        BodyLimit,
        default=settings.max_body_bytes,
        paths={
            "/v1/match/batch": settings.max_batch_bytes,
            **dict.fromkeys(("/v1/screenings", "/console/rosters"), settings.screening_max_bytes),
            **dict.fromkeys(confirming.UPLOADS, LONGEST_TEXT + MEBIBYTE),
        },
        refuse=pages.too_large,
    )
    app.add_middleware(meta.Counted, metrics=app.state.metrics)
    for room in (match, understand, hearsay, conversations, catalogue, meta, screenings):
        app.include_router(room.router)
    for part in (signin, single, card, counter, inbox, rosters, log, handover, insights, gaps, console_catalogue, confirming):
        app.include_router(part.router)
    pages.install(app)
    install(app, settings)
    _describe(app, ProblemShape, match.BatchRequest)
    return app


@asynccontextmanager
async def _lifespan(settings: Settings, store: Store, library: Library, jobs: Jobs) -> AsyncIterator[None]:
    """What runs beside the answering: retention, rosters and the watch for changed files; all of it ends with the service."""
    ready = _prepared(store)
    if ready:
        library.refresh()
    daily = Daily(store, settings.retention_days, HOUR, lambda: counter.sweep(store, settings))
    daily.start()
    if ready:
        jobs.start()
    if settings.reload_seconds:
        library.watch(settings.reload_seconds)
    yield
    if ready:
        jobs.close()
    library.close()
    daily.close()
    store.engine.dispose()


def _prepared(store: Store) -> bool:
    """Whether the database could be brought up to date; without it the service is alive, and /readyz says that it is not ready."""
    try:
        store.prepare()
    except SQLAlchemyError as error:
        structlog.get_logger("guiyan.main").error("database_unreachable", error=type(error).__name__)
        return False
    return True


def _describe(app: FastAPI, *shapes: type[BaseModel]) -> None:
    """Adds shapes to the OpenAPI description that FastAPI does not find by itself: it knows those of application/json answers."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        found = describe()
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        for shape in shapes:
            schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[shape.__name__] = schema
        return found

    app.openapi = openapi  # type: ignore[method-assign]
