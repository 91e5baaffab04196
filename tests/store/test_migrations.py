"""The tables go up and down on both engines, and are what the code thinks they are."""

from __future__ import annotations

import threading

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

from app.store import Store, open_engine
from app.store.schema import SCRIPTS, downgrade, upgrade


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(database: str) -> None:
    engine = open_engine(database)
    for _ in range(2):
        upgrade(engine)
        assert tables(engine) == set(SQLModel.metadata.tables) >= {"secret", "conversation", "account", "audit"}
        downgrade(engine)
        assert not tables(engine)
    engine.dispose()


def test_every_single_step_goes_up_and_down(database: str) -> None:
    engine = open_engine(database)
    steps = [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()][::-1]
    for before, step in zip([None, *steps], steps, strict=False):
        upgrade(engine, step)
        downgrade(engine, before or "base")
        upgrade(engine, step)
    engine.dispose()


def test_the_migrated_tables_are_those_of_the_code(database: str) -> None:
    engine = open_engine(database)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": SQLModel.metadata})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_several_processes_that_start_at_once_migrate_once(database: str) -> None:
    engines = [open_engine(database) for _ in range(4)]
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda e=engine: found.append(Store(e).prepare())) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1, "one key for all"
    for engine in engines:
        engine.dispose()
