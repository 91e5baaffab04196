"""Shell room. In: a database address, and what people say. Out: conversations that survive any crash; SQLite beside the service by default,
PostgreSQL by URL."""

from __future__ import annotations

from app.store.engine import open_engine
from app.store.store import Store

__all__ = ["Store", "open_engine"]
