"""An engine for a database address, prepared so that a commit is a promise."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.pool import StaticPool
from sqlmodel import create_engine

WRITES = "guiyan_writes"
"""Execution option of connections whose transaction will write."""
BUSY_MS = 10_000
"""How long a SQLite writer waits for another process, in milliseconds."""
PRAGMAS = (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


def to_text(value: Any) -> str:
    """JSON for a column, in the order given; text that is not valid Unicode is escaped, not refused."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)


def open_engine(url: str) -> Engine:
    """An engine for an address; a SQLite file gets its folder, write-ahead logging and enforced foreign keys.

    Raises sqlalchemy.exc.ArgumentError for an address that cannot be read.
    """
    address = make_url(url)
    common: dict[str, Any] = {"json_serializer": to_text, "json_deserializer": json.loads, "hide_parameters": True}
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=30, **common)
    in_memory = address.database in (None, "", ":memory:")
    if not in_memory:
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {"pool_size": 10, "max_overflow": 30}
    engine = create_engine(address, connect_args={"check_same_thread": False}, **pool, **common)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    """Every SQLite connection: durable commits, and transactions that begin when we say so, not when the driver guesses."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        _patiently(cursor, f"PRAGMA {pragma}")
    cursor.close()


def _patiently(cursor: Any, statement: str) -> None:
    """Runs a statement that may find the database locked whatever the busy timeout says: the change to write-ahead logging by several at once."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            cursor.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """A writer takes the database's one write lock first: two that read before they write would refuse each other."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
