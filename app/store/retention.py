"""What nobody came back to is deleted: every hour by the service, or by `guiyan retain`."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.clock import now
from app.store.repository import remove_older
from app.store.store import Store

log = structlog.get_logger("guiyan.retention")
DAY, HOUR = 86_400.0, 3_600.0
"""Seconds between two runs."""
BATCH = 500
"""Conversations in one transaction, so that nobody waits long for it."""


def retain(store: Store, days: int, at: dt.datetime | None = None) -> int:
    """Deletes every conversation in which nothing was said for more than `days` days; how many."""
    limit, removed = (at or now()) - dt.timedelta(days=days), 0
    while True:
        with store.writing() as db:
            found = remove_older(db, limit, BATCH)
        removed += found
        if found < BATCH:
            break
    _empty_log(store)
    log.info("retained", count=removed)
    return removed


def _empty_log(store: Store) -> None:
    """SQLite's write-ahead log still holds deleted text until it is emptied; it is left for next time when somebody reads."""
    if store.engine.dialect.name == "sqlite":
        connection = store.engine.raw_connection()  # outside any transaction
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


class Daily:
    """Runs `retain`, and `also` what else is to be deleted in time, now and every so often, in a thread of its own, until closed."""

    def __init__(self, store: Store, days: int, every: float = DAY, also: Callable[[], None] | None = None) -> None:
        self.store, self.days, self.every, self.also = store, days, every, also
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                retain(self.store, self.days)
                if self.also:
                    self.also()
            except SQLAlchemyError as error:
                log.error("retention_failed", error=type(error).__name__)
            self._stop.wait(self.every)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)
