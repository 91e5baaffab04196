"""Accounts: made, listed, closed, their passwords and keys. Each function works in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.passwords import hashed
from app.accounts.people import Role, SignedIn
from app.catalog.problems import GuiyanError
from app.clock import now
from app.store.keys import token_hash
from app.store.official_tables import ACCOUNT, KEY, SESSION

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
PREFIX = "gyk_"
"""How every key begins, so that one that strays into a file is recognised."""


class BadAccount(GuiyanError):
    """This account cannot be made or found; says why."""


def clean(name: str) -> str:
    """A name as it is kept. Raises BadAccount for one that cannot be."""
    plain = name.strip().lower()
    if not NAME.fullmatch(plain):
        raise BadAccount(
            f"«{name[:40]}» is no name to sign in with: two to forty small letters, digits, dots or hyphens, e.g. pianguan.wang"
        )
    return plain


def add(db: Connection, name: str, role: Role, place: str, password: str | None = None, subject: str | None = None) -> int:
    """A new account; its number. Raises BadAccount when the name (or the directory's subject) is taken, BadPassword."""
    plain = clean(name)
    if by_name(db, plain) is not None:
        raise BadAccount(f"there is an account «{plain}» already; guiyan user list shows it")
    kept = hashed(password, plain) if password is not None else None
    try:
        made = db.execute(
            insert(ACCOUNT).values(
                name=plain, role=role, place=place, password_hash=kept, subject=subject, created_at=now(), disabled_at=None
            )
        )
    except IntegrityError:
        raise BadAccount(f"another account has the subject «{subject}» already") from None
    assert made.inserted_primary_key is not None
    return cast("int", made.inserted_primary_key[0])


def by_name(db: Connection, name: str) -> Row[Any] | None:
    return db.execute(select(ACCOUNT).where(ACCOUNT.c.name == name)).first()


def by_subject(db: Connection, subject: str) -> Row[Any] | None:
    """The open account of somebody in the directory of single sign-on."""
    return db.execute(select(ACCOUNT).where(ACCOUNT.c.subject == subject, ACCOUNT.c.disabled_at.is_(None))).first()


def everybody(db: Connection) -> Sequence[Row[Any]]:
    return db.execute(select(ACCOUNT).order_by(ACCOUNT.c.name)).all()


def existing(db: Connection, name: str) -> Row[Any]:
    """The account of a name. Raises BadAccount."""
    found = by_name(db, clean(name))
    if found is None:
        raise BadAccount(f"there is no account «{clean(name)}»; guiyan user list shows all")
    return found


def set_password(db: Connection, account: int, name: str, password: str) -> None:
    """Another password; whoever was signed in must do so again. Raises BadPassword."""
    db.execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(password_hash=hashed(password, name)))
    db.execute(delete(SESSION).where(SESSION.c.account_id == account))


def disable(db: Connection, account: int, at: dt.datetime) -> None:
    """Closes an account at once: sessions end, keys open nothing any more."""
    db.execute(update(ACCOUNT).where(ACCOUNT.c.id == account, ACCOUNT.c.disabled_at.is_(None)).values(disabled_at=at))
    db.execute(delete(SESSION).where(SESSION.c.account_id == account))
    revoke_keys(db, account, at)


def new_key(db: Connection, account: int) -> str:
    """A key for programs; told once, kept as a hash."""
    drawn = PREFIX + secrets.token_urlsafe(32)
    db.execute(insert(KEY).values(account_id=account, key_hash=token_hash(drawn), created_at=now(), revoked_at=None))
    return drawn


def revoke_keys(db: Connection, account: int, at: dt.datetime) -> int:
    """Ends every key of an account; how many."""
    return db.execute(update(KEY).where(KEY.c.account_id == account, KEY.c.revoked_at.is_(None)).values(revoked_at=at)).rowcount


def by_key(db: Connection, key: str) -> SignedIn | None:
    """Who works with a key; None for one that opens nothing."""
    if not key.startswith(PREFIX) or not key.isascii():
        return None
    found = select(ACCOUNT).join(KEY, KEY.c.account_id == ACCOUNT.c.id)
    found = found.where(KEY.c.key_hash == token_hash(key), KEY.c.revoked_at.is_(None), ACCOUNT.c.disabled_at.is_(None))
    row = db.execute(found).first()
    return signed_in(row, by_key=True) if row else None


def signed_in(row: Row[Any], *, by_key: bool = False) -> SignedIn:
    """An account's row as the official behind a request."""
    return SignedIn(row.id, row.name, row.role, row.place, by_key)
