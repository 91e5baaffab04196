"""Shell: `guiyan coverage --to-confirm` and `guiyan confirm`: questions to offices, and their answers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.accounts.audit import audit
from app.catalog import Catalog
from app.catalog.confirmations import Confirmation, lay_over
from app.catalog.places import PlaceError
from app.clock import now, today
from app.insight import counts
from app.insight.sheet import read_back, write_workbook
from app.screening.problems import Unreadable
from app.settings import Settings
from app.store import Store, open_engine
from app.store import confirmations as rows
from app.wording.to_confirm import Item, shares, to_confirm, windows_to_confirm

WRONG, USAGE = 1, 2
SHOWN = 30
WORDS = {
    "valid": "whether a measure is in force",
    "figure": "figures",
    "condition": "conditions",
    "gap": "gaps",
    "phone": "telephone lines",
}


@contextmanager
def _store() -> Iterator[Store]:
    engine = open_engine(Settings().database_url)
    try:
        yield Store(engine)
    finally:
        engine.dispose()


def laid_over(catalog: Catalog) -> tuple[Catalog, dict[str, int], dict[str, int]]:
    """The catalogue with what is confirmed, and what people asked about (by measure and gap, by county). Without a database: as the files say."""
    try:
        with _store() as store, store.reading() as db:
            measures, places = counts.asked(db)
            return lay_over(catalog, rows.standing(db)), measures, places
    except SQLAlchemyError as error:
        print(f"the database does not answer ({type(error).__name__}); confirmations and what was asked are left out", file=sys.stderr)
        return catalog, {}, {}


def list_to_confirm(arguments: argparse.Namespace, written: Catalog) -> int:
    """What offices must still confirm: as a sheet, or the first of it as text."""
    within = None
    if arguments.place:
        try:
            within = written.places.find(arguments.place).code
        except PlaceError as error:
            near = "、".join(written.places.full_name(p.code) for p in error.candidates)
            print(f"«{arguments.place}» is no place that is known: {near or 'write the official full name'}", file=sys.stderr)
            return USAGE
    catalog, measures, places = laid_over(written)
    items = to_confirm(catalog, arguments.as_of, measures, within)
    windows = windows_to_confirm(catalog, places, within)
    if arguments.to_confirm == "-":
        _show(items, len(windows))
        return 0
    try:
        write_workbook(Path(arguments.to_confirm), items, windows)
    except OSError as error:
        print(f"{arguments.to_confirm} cannot be written: {error.strerror}", file=sys.stderr)
        return WRONG
    print(f"{arguments.to_confirm}: {len(items)} questions, {len(windows)} windows; send it, and read it back with guiyan confirm")
    return 0


def _show(items: list[Item], windows: int) -> None:
    for item in items[:SHOWN]:
        print(f"{item.asked:>5}  {item.key}\n       {item.question}")
    if len(items) > SHOWN:
        print(f"       … and {len(items) - SHOWN} more; name a file: guiyan coverage --to-confirm FILE.xlsx")
    listed = ", ".join(f"{count} {WORDS[kind]}" for kind, count in shares(items).items())
    print(f"{len(items)} questions ({listed or 'none'}), {windows} windows of counties")


def confirm(arguments: argparse.Namespace, catalog: Callable[[], Catalog]) -> int:
    """A returned sheet taken in; or the records listed, or one withdrawn."""
    if arguments.withdraw is not None:
        return _withdraw(arguments.withdraw)
    if arguments.sheet is None:
        return _list()
    current, _, _ = laid_over(catalog())
    try:
        found = read_back(arguments.sheet, current, today())
    except Unreadable as error:
        print(error, file=sys.stderr)
        return WRONG
    except OSError as error:
        print(f"{arguments.sheet} cannot be read: {error.strerror}", file=sys.stderr)
        return USAGE
    if found.problems:
        print("\n".join(found.problems))
        print(f"{len(found.problems)} problem(s); nothing was saved")
        return WRONG
    if not arguments.dry_run:
        _keep(arguments.sheet, found.confirmations)
    said = "would be taken in" if arguments.dry_run else "taken in; a running service shows them within seconds"
    print(f"{len(found.confirmations)} confirmation(s) {said}")
    return 0


def _keep(sheet: Path, items: tuple[Confirmation, ...]) -> None:
    at = now()
    with _store() as store, store.writing() as db:
        text = rows.attach(db, sheet.name, sheet.read_bytes(), at) if items else None
        kept = [Confirmation(**{**vars(item), "text_hash": text}) for item in items]
        audit(db, None, "confirmed", f"sheet {rows.add(db, kept, None, at)}", None)


def _list() -> int:
    with _store() as store, store.reading() as db:
        for row in rows.everything(db):
            gone = " (withdrawn)" if row.withdrawn_at else ""
            value = "" if row.value is None else f" = {row.value}"
            print(f"{row.id}\t{row.day}\t{row.office}\t{row.measure or ''} {row.what}{value} {row.place or ''}".rstrip() + gone)
    return 0


def _withdraw(number: int) -> int:
    with _store() as store, store.writing() as db:
        if not rows.withdraw(db, number, now()):
            print(f"there is no confirmation {number} that counts; guiyan confirm lists them", file=sys.stderr)
            return USAGE
        audit(db, None, "withdrew", f"confirmation {number}", None)
    print(f"confirmation {number} no longer counts; its record stays")
    return 0
