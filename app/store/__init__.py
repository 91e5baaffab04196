"""Shell room. In: a database address. Out: an engine; SQLite beside the service by default, PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, event, make_url
from sqlmodel import create_engine

__all__ = ["open_engine"]


def open_engine(url: str) -> Engine:
    """An engine for an address; a SQLite file gets its folder, write-ahead logging and enforced foreign keys.

    Raises sqlalchemy.exc.ArgumentError for an address that cannot be read.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine
