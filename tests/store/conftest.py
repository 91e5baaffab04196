"""Every test here runs on both engines, each time on a fresh database."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store import Store, open_engine
from app.store.desk import Desk
from tests.postgres import NoPostgres, cluster, new_database
from tests.store.standin import CORE

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL for the whole run. Where there is none the tests say so; on a CI machine that is a failure."""
    running = cluster()
    try:
        address = running.__enter__()
    except NoPostgres as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    try:
        yield address
    finally:
        running.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite'}"
    return new_database(request.getfixturevalue("postgres"), f"test{next(NUMBERS)}")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    engine = open_engine(database)
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, CORE)
