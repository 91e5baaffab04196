"""Shell: the catalogue that is being served, and its renewal when files change and stay valid."""

from __future__ import annotations

import datetime as dt
import gc
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from app.catalog import Catalog, CatalogInvalid, Problem, build_catalog
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

    def on(self, day: dt.date) -> Day:
        return self.days.on(day)


@dataclass
class Library:
    """Holds the current edition. `refresh` replaces it only by one that is valid and whose examples hold."""

    root: Path
    edition: Edition
    problems: tuple[Problem, ...] = ()
    """What is wrong with the files as they are now; the edition is then an older one."""
    _stamp: tuple[tuple[str, int, int], ...] = field(default=(), repr=False)
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @classmethod
    def open(cls, root: Path) -> Library:
        """The library of a folder. Raises CatalogInvalid when its files make no valid catalogue."""
        seen = stamp(root)
        return cls(root, _edition(root), _stamp=seen)

    def refresh(self) -> bool:
        """Reads the files again if any changed. True when a new edition is served."""
        seen = stamp(self.root)
        if seen == self._stamp:
            return False
        self._stamp = seen
        try:
            edition = _edition(self.root)
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
        self.edition, self.problems = edition, ()
        log.info("catalogue_renewed", version=edition.catalog.version, measures=len(edition.catalog.entries))
        return True

    def watch(self, seconds: float) -> threading.Thread:
        """A thread that refreshes every so often until `close`."""

        def look() -> None:
            while not self._stop.wait(seconds):
                self.refresh()

        thread = threading.Thread(target=look, name="catalogue-watch", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        self._stop.set()


def _edition(root: Path) -> Edition:
    started = time.perf_counter()
    gc.disable()  # hundreds of thousands of small objects are made, and all of them stay
    try:
        return _built(root, started)
    finally:
        gc.enable()
        gc.freeze()


def _built(root: Path, started: float) -> Edition:
    files = read_files(root)
    catalog = build_catalog(files)
    days = Days(catalog)
    problems = [p for entry in catalog.entries.values() for p in run_examples(catalog, entry, days, files)]
    if problems:
        raise CatalogInvalid(problems)
    patterns = build_patterns(files, catalog)
    lexicon, replies = build_lexicon(files, catalog), build_replies(files)
    log.info("catalogue_loaded", version=catalog.version, measures=len(catalog.entries), seconds=round(time.perf_counter() - started, 2))
    return Edition(catalog, days, patterns, lexicon, replies)
