"""The database as the rest of the service sees it: ready, and open for reading or for writing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from app.store.engine import WRITES
from app.store.schema import upgrade
from app.store.tables import Secret


class Store:
    """Transactions on an engine. The tables are brought up to date before the first one.

    SQLite has one writer at a time: threads queue for it here, in order, instead of asking the file again and again.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        lite = engine.dialect.name == "sqlite"
        self._writing: threading.Lock | nullcontext[None] = threading.Lock() if lite else nullcontext()
        self._reading = self._writing if isinstance(engine.pool, StaticPool) else nullcontext()
        self._preparing = threading.Lock()
        self._key: bytes | None = None

    def prepare(self) -> bytes:
        """Migrates the database unless that is done, and reads the installation's key. Raises sqlalchemy.exc.SQLAlchemyError."""
        if self._key is None:
            with self._preparing, self._writing:
                if self._key is None:
                    upgrade(self.engine)
                    with Session(self.engine) as session:
                        self._key = session.get_one(Secret, 1).key
        return self._key

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for looking; what is written on it is lost."""
        self.prepare()
        with self._reading, self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose work is committed, durably, when the block ends, and undone when it fails."""
        self.prepare()
        with self._writing, self._writer.begin() as connection:
            yield connection
