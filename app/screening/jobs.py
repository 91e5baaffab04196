"""Rosters that the service works through, one after the other, in a thread of its own.

Every roster has a folder (the file as it came, then what `run` writes) and a row in the table. A roster that was running when the service ended
starts again from its file. One service process works on rosters; several would take each other's for left behind.
"""

from __future__ import annotations

import datetime as dt
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from app.clock import now
from app.library import Library
from app.screening import examples, stored
from app.screening.forgetting import forget_cells
from app.screening.mapping import confirmed, guess, mapped_from, needs_confirmation
from app.screening.problems import Problem, Unreadable
from app.screening.reader import Limits, read_table
from app.screening.results import Finished
from app.screening.run import Cancelled, Run
from app.screening.table import Table
from app.screening.words import RosterWords, plain_header, read_words
from app.store import Store

log = structlog.get_logger("guiyan.screening")
UPLOAD = "roster"
NOTED_EVERY = 0.3
"""Seconds between two notes of how far a roster has come."""
SWEPT_EVERY = 600.0
OURS = {
    "zh": "是我们这边出的错，已经记下了（{error}）。请把花名册再传一次。",
    "en": "The fault is ours and has been logged ({error}). Please send the roster again.",
}
Told = Callable[[str, Mapping[str, Any], str], None]
"""Hears of a finished roster: its id, the summary's body, the place of its owner."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants screened."""

    kind: str
    """Ending of the file's name."""
    account: int
    place: str
    language: str
    as_of: dt.date
    sheet: str | None = None
    mapping: Mapping[str, str | None] | None = None


class Jobs:
    """The rosters of a service."""

    def __init__(self, store: Store, library: Library, folder: Path, hours: int, limits: Limits | None = None) -> None:
        self.store, self.library, self.folder, self.hours = store, library, folder, hours
        self.limits = limits or Limits()
        self.listeners: list[Told] = []
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="rosters", daemon=True)

    # ---------------------------------------------------------------- what is asked of it

    def start(self) -> None:
        """Takes up what was left, and works until closed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.store.writing() as db:
            again = stored.begin_again(db)
            known = stored.with_files(db)
        for left in self.folder.iterdir():
            if left.name not in known:
                shutil.rmtree(left, ignore_errors=True)
        if again:
            log.info("rosters_begin_again", count=again)
        self._thread.start()

    def close(self) -> None:
        """Stops after the stretch in hand; what is not done begins again next time."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(20)

    def new_file(self) -> tuple[str, Path]:
        """An id for a new roster, and where its file is to be put."""
        key = uuid.uuid4().hex
        place = self.folder / key
        place.mkdir(parents=True)
        return key, place / UPLOAD

    def drop(self, key: str) -> None:
        """Forgets a file that was not added."""
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def add(self, key: str, asked: Asked) -> str:
        """A roster whose file is in place; its status. Raises Unreadable and BadMapping; nothing of it is then kept."""
        try:
            words = self._words()
            table = self._table(key, asked.sheet, words)
            mapped = guess(table.header, words)
            if asked.mapping is not None:
                mapped = confirmed(mapped, asked.mapping, words)
            waits = asked.mapping is None and needs_confirmation(mapped)
            if waits:
                examples.keep(self.folder / key, table)
        except Exception:  # whatever was wrong with it: the file of a person must not be left lying about
            self.drop(key)
            raise
        status = stored.NEEDS_CONFIRMATION if waits else stored.WAITING
        with self.store.writing() as db:
            stored.add(
                db, id=key, account_id=asked.account, place=asked.place, status=status, kind=asked.kind[:10], language=asked.language,
                as_of=asked.as_of.isoformat(), sheet=table.sheet, mapping={"columns": [c.body for c in mapped]}, rows_all=table.rows.lines, created_at=now(),
            )  # fmt: skip
        self._wake.set()
        return status

    def confirm(self, row: Row[Any], given: Mapping[str, str | None]) -> bool:
        """The mapping as somebody says it; False when the roster no longer waits for one. Raises BadMapping."""
        mapped = confirmed(mapped_from(row.mapping["columns"]), given, self._words())
        with self.store.writing() as db:
            found = stored.move(db, row.id, stored.NEEDS_CONFIRMATION, stored.WAITING, mapping={"columns": [c.body for c in mapped]})
        self._wake.set()
        return found

    def cancel(self, key: str) -> bool:
        """Stops a roster and deletes its files; its line stays. False when it was over already."""
        with self.store.writing() as db:
            stopped = stored.cancel(db, key, now())
        if stopped:
            self.drop(key)
        return stopped

    def delete(self, key: str) -> None:
        """Cancels a roster and deletes all of it."""
        with self.store.writing() as db:
            stored.remove(db, key)
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def forget_people(self, key: str) -> None:
        """Deletes names, numbers, facts and cells of people; counts and results by row stay."""
        place = self.folder / key
        for path in (
            place / UPLOAD,
            place / examples.FILE,
            *place.glob("personal-*.parquet"),
            *place.glob("result.*"),
            *place.glob("*.html"),
            place / "problems.csv",
        ):
            path.unlink(missing_ok=True)
        with self.store.reading() as db:
            row = stored.find(db, key)
        forget_cells(place, row.language if row is not None else "zh")
        with self.store.writing() as db:
            stored.change(db, key, personal=False, fetched_at=now())

    def finished(self, row: Row[Any]) -> Finished:
        """The results of a roster that is done."""
        catalog = self.library.edition.catalog
        return Finished(self.folder / row.id, catalog, mapped_from(row.mapping["columns"]), row.language, row.as_of)

    # ---------------------------------------------------------------- the thread

    def _work(self) -> None:
        swept = -SWEPT_EVERY
        while not self._stop.is_set():
            try:
                if time.monotonic() - swept > SWEPT_EVERY:
                    self.sweep()
                    swept = time.monotonic()
                with self.store.reading() as db:
                    row = stored.next_waiting(db)
                if row is not None:
                    self._run(row)
                    continue
            except SQLAlchemyError as error:
                log.error("rosters_wait", error=type(error).__name__)
            self._wake.wait(5.0)
            self._wake.clear()

    def sweep(self) -> None:
        """What has been kept for long enough is deleted."""
        with self.store.reading() as db:
            old = stored.older(db, now() - dt.timedelta(hours=self.hours))
        for row in old:
            if row.status in stored.OVER:
                self.forget_people(row.id)
            elif row.status == stored.NEEDS_CONFIRMATION:
                self.delete(row.id)
        if old:
            log.info("rosters_forgotten", count=len(old))

    def _run(self, row: Row[Any]) -> None:
        with self.store.writing() as db:
            if not stored.move(db, row.id, stored.WAITING, stored.RUNNING, started_at=now()):
                return
        try:
            summary = self._screen(row)
        except Cancelled:
            if not self._stop.is_set():
                self.drop(row.id)
            return
        except Unreadable as error:
            self._fail(row, error.problem.text(row.language))
            return
        except Exception as error:  # one roster must not stop those that wait behind it; it is reported to its owner and to the log
            if self._fail(row, OURS.get(row.language, OURS["en"]).format(error=type(error).__name__)):
                log.error("roster_failed", error=type(error).__name__, exc_info=error)
            return
        with self.store.writing() as db:
            done = stored.move(db, row.id, stored.RUNNING, stored.DONE, rows_done=row.rows_all, summary=summary, finished_at=now())
        for name in (UPLOAD, examples.FILE):
            (self.folder / row.id / name).unlink(missing_ok=True)
        if not done:
            self.drop(row.id)
            return
        for told in self.listeners:
            told(row.id, summary, row.place)

    def _fail(self, row: Row[Any], why: str) -> bool:
        """Notes why; False when the roster was cancelled or deleted meanwhile, and nobody waits for it."""
        with self.store.writing() as db:
            failed = stored.move(db, row.id, stored.RUNNING, stored.FAILED, failure=why[:500], finished_at=now(), personal=False)
        self.drop(row.id)
        return failed

    def _screen(self, row: Row[Any]) -> Mapping[str, Any]:
        for path in (self.folder / row.id).glob("*.parquet"):
            path.unlink()
        words, noted = self._words(), [time.monotonic(), True]
        table = self._table(row.id, row.sheet, words)
        run = Run(
            table,
            mapped_from(row.mapping["columns"]),
            self.library.edition,
            words,
            dt.date.fromisoformat(row.as_of),
            row.language,
            self.folder / row.id,
        )

        def progress(done: int, _: int) -> None:
            if time.monotonic() - noted[0] >= NOTED_EVERY:
                with self.store.writing() as db:
                    noted[1] = stored.progressed(db, row.id, done)
                noted[0] = time.monotonic()

        return run.go(progress, lambda: self._stop.is_set() or not noted[1]).body

    def _table(self, key: str, sheet: str | None, words: RosterWords) -> Table:
        return read_table(
            self.folder / key / UPLOAD, self.limits, sheet=sheet, recognise=lambda name: plain_header(name)[0] in words.headers
        )

    def _words(self) -> RosterWords:
        return read_words(self.library.root, self.library.edition.catalog)


def first_problems(finished: Finished, most: int) -> list[Problem]:
    """The first problems of a roster."""
    found = []
    for problem in finished.problems():
        found.append(problem)
        if len(found) == most:
            break
    return found
