"""Shell: the catalogue that is being served, and its renewal when files change and stay valid."""

from __future__ import annotations

import datetime as dt
import gc
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.catalog import Catalog, CatalogInvalid, Problem, build_catalog
from app.catalog.confirmations import Confirmation, lay_over, misfit
from app.clock import today
from app.files import read_files, stamp
from app.hearsay import Patterns, build_patterns
from app.matching.day import Day, Days
from app.matching.examples import run_examples
from app.understanding import Lexicon, build_lexicon
from app.wording.replies import Replies, build_replies

log = structlog.get_logger("guiyan.library")


@dataclass(frozen=True)
class Edition:
    """One catalogue with its days, the rumours about it, the words people use, and the sentences we answer with."""

    catalog: Catalog
    days: Days
    patterns: Patterns
    lexicon: Lexicon
    replies: Replies
    base: Catalog | None = None
    """The catalogue as the files make it, without confirmations."""

    @property
    def written(self) -> Catalog:
        """What the files say."""
        return self.base or self.catalog

    def on(self, day: dt.date) -> Day:
        return self.days.on(day)

    def warm(self, day: dt.date) -> None:
        """Makes now what is otherwise made when it is first needed, so that the first to write do not wait for it."""
        _ = self.on(day).compiled
        self.lexicon.warm()
        self.patterns.warm()


class Confirmed(Protocol):
    """Where confirmations are kept. `mark` differs as soon as one is added or withdrawn."""

    def mark(self) -> object: ...
    def standing(self) -> Sequence[Confirmation]: ...


@dataclass
class Library:
    """Holds the current edition. `refresh` replaces it only by one that is valid and whose examples hold.

    What offices confirmed (`attach`) is laid over the files' catalogue; the examples are those of the files and run without it.
    """

    root: Path
    edition: Edition
    problems: tuple[Problem, ...] = ()
    """What is wrong with the files as they are now; the edition is then an older one."""
    misfits: tuple[str, ...] = ()
    """Why some confirmations no longer fit the files; they are passed over."""
    _stamp: tuple[tuple[str, int, int], ...] = field(default=(), repr=False)
    _confirmed: Confirmed | None = field(default=None, repr=False)
    _mark: object = field(default=None, repr=False)
    _files: Mapping[str, str] = field(default_factory=dict, repr=False)
    _renewing: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @classmethod
    def open(cls, root: Path) -> Library:
        """The library of a folder. Raises CatalogInvalid when its files make no valid catalogue."""
        seen = stamp(root)
        edition, files = _edition(root)
        return cls(root, edition, _stamp=seen, _files=files)

    @property
    def files(self) -> Mapping[str, str]:
        """The texts that the edition is made of."""
        return self._files

    def attach(self, confirmed: Confirmed) -> None:
        """From now on what offices confirmed is laid over, whenever `refresh` finds another mark."""
        self._confirmed = confirmed

    def refresh(self) -> bool:
        """Reads the files again if any changed, and lays the confirmations over anew if those did. True when a new edition is served."""
        with self._renewing:
            renewed = self._reread()
            return self._lay(renewed) or renewed

    def _lay(self, renewed: bool) -> bool:
        """Lays what is confirmed over the files' catalogue, if that or the files changed."""
        if self._confirmed is None:
            return False
        mark = self._confirmed.mark()
        if mark == self._mark and not renewed:
            return False
        standing = self._confirmed.standing()
        base = self.edition.written
        self.misfits = tuple(f"{c.measure or ''} {c.what}: {why}".strip() for c in standing if (why := misfit(base, c)))
        self._mark = mark
        if not standing and self.edition.catalog is base:
            return False
        catalog = lay_over(base, standing)
        self.edition = self._dress(catalog, base)
        log.info("confirmations_laid_over", version=catalog.version, confirmations=len(standing), passed_over=len(self.misfits))
        return True

    def _dress(self, catalog: Catalog, base: Catalog) -> Edition:
        """The laid-over catalogue with its rumours; with those of the files where a confirmation contradicts a rumour's line."""
        try:
            patterns = build_patterns(self._files, catalog)
            return replace(self.edition, catalog=catalog, days=Days(catalog), patterns=patterns, base=base)
        except CatalogInvalid as error:
            log.error("rumours_contradict_confirmations", problems=[str(p) for p in error.problems[:20]])
            return replace(self.edition, catalog=catalog, days=Days(catalog), base=base)

    def _reread(self) -> bool:
        seen = stamp(self.root)
        if seen == self._stamp:
            return False
        self._stamp = seen
        try:
            edition, files = _edition(self.root)
        except CatalogInvalid as error:
            self.problems = tuple(error.problems)
            log.error(
                "catalogue_refused",
                problems=[str(p) for p in error.problems[:20]],
                count=len(error.problems),
                serving=self.edition.catalog.version,
            )
            return False
        except Exception as error:  # whatever the files hold, the edition being served stays and the watch goes on
            self.problems = (Problem(str(self.root), 0, f"the files cannot be used: {type(error).__name__}", "run guiyan check"),)
            log.error("catalogue_unreadable", error=type(error).__name__, exc_info=error, serving=self.edition.catalog.version)
            return False
        self.edition, self.problems, self._files = edition, (), files
        log.info("catalogue_renewed", version=edition.catalog.version, measures=len(edition.catalog.entries))
        return True

    def watch(self, seconds: float) -> threading.Thread:
        """A thread that refreshes every so often until `close`. First it makes the edition ready to answer at full speed, which takes some
        seconds; meanwhile answers come a little slower."""

        def look() -> None:
            self.edition.warm(today())
            while not self._stop.wait(seconds):
                try:
                    self.refresh()
                except SQLAlchemyError as error:  # the database is away; what is served stays
                    log.error("confirmations_unreadable", error=type(error).__name__)

        thread = threading.Thread(target=look, name="catalogue-watch", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        self._stop.set()


def _edition(root: Path) -> tuple[Edition, Mapping[str, str]]:
    """The edition that the files make, with their texts."""
    started = time.perf_counter()
    gc.disable()  # hundreds of thousands of small objects are made, and all of them stay
    try:
        return _built(root, started)
    finally:
        gc.enable()
        gc.freeze()


def _built(root: Path, started: float) -> tuple[Edition, Mapping[str, str]]:
    files = read_files(root)
    catalog = build_catalog(files)
    days = Days(catalog)
    problems = [p for entry in catalog.entries.values() for p in run_examples(catalog, entry, days, files)]
    if problems:
        raise CatalogInvalid(problems)
    edition = Edition(catalog, days, build_patterns(files, catalog), build_lexicon(files, catalog), build_replies(files), catalog)
    log.info("catalogue_loaded", version=catalog.version, measures=len(catalog.entries), seconds=round(time.perf_counter() - started, 2))
    return edition, files
