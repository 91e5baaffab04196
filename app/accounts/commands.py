"""What `guiyan user …` does: accounts of officials, from the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from app.accounts import users
from app.accounts.audit import audit
from app.accounts.passwords import SHORTEST, BadPassword
from app.accounts.users import BadAccount
from app.catalog import CatalogInvalid
from app.catalog.build import DIVISIONS
from app.catalog.places import COUNTRY, PlaceError, Places
from app.clock import now
from app.files import read_files
from app.settings import Settings
from app.store import Store, open_engine

WRONG = 1


def add(arguments: argparse.Namespace) -> int:
    """A new account."""

    def work(db: Connection) -> str:
        place = _place(arguments.place)
        said = None if arguments.subject else _password()
        made = users.add(db, arguments.name, arguments.role, place, said, arguments.subject)
        audit(db, None, "account_added", f"account {made} {arguments.role}", place)
        return f"account {users.clean(arguments.name)}: {arguments.role} for {arguments.place}"

    return _do(work)


def show(_: argparse.Namespace) -> int:
    """Every account."""

    def work(db: Connection) -> str:
        places = _places()
        rows = [
            f"{r.name}\t{r.role}\t{places.full_name(r.place) or '全国'}\t{'closed' if r.disabled_at else 'open'}\t{_ways(r)}"
            for r in users.everybody(db)
        ]
        return "\n".join(rows) or "there is no account yet; make one with guiyan user add"

    return _do(work)


def _ways(row: Any) -> str:
    return "+".join([*(["password"] if row.password_hash else []), *(["single sign-on"] if row.subject else [])]) or "no way in"


def disable(arguments: argparse.Namespace) -> int:
    """An account closed."""

    def work(db: Connection) -> str:
        found = users.existing(db, arguments.name)
        users.disable(db, found.id, now())
        audit(db, None, "account_disabled", f"account {found.id}", found.place)
        return f"account {found.name} is closed; its sessions and keys have ended"

    return _do(work)


def password(arguments: argparse.Namespace) -> int:
    """Another password."""

    def work(db: Connection) -> str:
        found = users.existing(db, arguments.name)
        users.set_password(db, found.id, found.name, _password())
        audit(db, None, "password_set", f"account {found.id}", found.place)
        return f"account {found.name} has a new password; whoever was signed in must do so again"

    return _do(work)


def key(arguments: argparse.Namespace) -> int:
    """A key made, or all keys ended."""

    def work(db: Connection) -> str:
        found = users.existing(db, arguments.name)
        if found.disabled_at is not None:
            raise BadAccount(f"the account {found.name} is closed")
        if arguments.revoke:
            count = users.revoke_keys(db, found.id, now())
            audit(db, None, "keys_revoked", f"account {found.id}", found.place)
            return f"{count} key(s) of {found.name} ended"
        made = users.new_key(db, found.id)
        audit(db, None, "key_added", f"account {found.id}", found.place)
        return f"{made}\nShown once. Send it as Authorization: Bearer <key>."

    return _do(work)


def _do(work: Callable[[Connection], str]) -> int:
    """Runs work in one transaction and prints what it says; what cannot be is said on standard error."""
    try:
        with _database() as db:
            said = work(db)
    except (BadAccount, BadPassword) as error:
        print(error, file=sys.stderr)
        return WRONG
    except CatalogInvalid as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return WRONG
    print(said)
    return 0


@contextmanager
def _database() -> Iterator[Connection]:
    engine = open_engine(Settings().database_url)
    try:
        with Store(engine).writing() as db:
            yield db
    finally:
        engine.dispose()


def _places() -> Places:
    return Places.read(read_files(Settings().catalog_path)[DIVISIONS])


def _place(name: str) -> str:
    """The code of a place by name. Raises BadAccount."""
    if name == "全国":
        return COUNTRY
    try:
        return _places().find(name).code
    except PlaceError as error:
        near = "、".join(p.label for p in error.candidates[:5])
        raise BadAccount(f"«{name[:40]}» is no place, or several: {near or 'write its full name, e.g. 偏关县'}") from None


def _password() -> str:
    """A password typed twice, or one line of standard input. Raises BadPassword."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    once = getpass.getpass(f"password ({SHORTEST} characters or more): ")
    if once != getpass.getpass("the same again: "):
        raise BadPassword("the two were not the same; nothing was changed")
    return once


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "add": add,
    "list": show,
    "disable": disable,
    "password": password,
    "key": key,
}
