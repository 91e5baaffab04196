"""One service for all tests of the console; each test has officials and workers of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.main import create_app
from app.settings import Settings
from tests.console.office import Office

TERMS = {"session_idle_minutes": 60, "session_hours": 12, "signin_tries": 5, "signin_lock_minutes": 15}


def settings(database: str, **more: object) -> Settings:
    wide = {"rate_signin": "100000/minute", "rate_address": "100000/minute"}
    return Settings(database_url=database, reload_seconds=0, **{**TERMS, **wide, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    app = create_app(settings(f"sqlite:///{tmp_path_factory.mktemp('office') / 'guiyan.sqlite'}"))
    yield Office(app, app.state.desk.store)
    app.state.engine.dispose()
