"""Signing in, staying signed in, signing out. Tokens are opaque; the database keeps only their hashes."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts import users
from app.accounts.audit import audit
from app.accounts.passwords import fits
from app.accounts.people import SignedIn
from app.catalog.problems import GuiyanError
from app.store.keys import token_hash
from app.store.official_tables import ACCOUNT, FAILURE, SESSION

SEEN_EVERY = dt.timedelta(minutes=1)
"""How exactly it is kept when somebody last did something."""
FORGET_FAILURES = dt.timedelta(days=1)


class Refused(GuiyanError):
    """Name or password is wrong; it is not said which."""


class LockedOut(GuiyanError):
    """Too many wrong passwords for this name; says when to come back."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"too many wrong passwords; try again in {minutes} minutes")
        self.minutes = minutes


@dataclass(frozen=True)
class Terms:
    """How long sessions last and how many wrong passwords are borne."""

    idle: dt.timedelta
    longest: dt.timedelta
    tries: int
    lockout: dt.timedelta


def attempt(db: Connection, secret: bytes, name: str, terms: Terms, at: dt.datetime) -> None:
    """Counts a try before the password is looked at, so that tries at the same moment count too. Raises LockedOut after too many.

    Names that no account has are treated alike. Counting begins anew when a lock is over, and when somebody gets in.
    """
    key = _name_hash(secret, name)
    db.execute(delete(FAILURE).where(FAILURE.c.at < at - FORGET_FAILURES))
    _open_count(db, key, at)
    found = db.execute(select(FAILURE.c["count"].label("tries"), FAILURE.c.at).where(FAILURE.c.name_hash == key).with_for_update()).one()
    over = at >= found.at + terms.lockout
    if found.tries >= terms.tries and not over:
        raise LockedOut(max(1, -int(-(found.at + terms.lockout - at).total_seconds() // 60)))
    count = 1 if found.tries >= terms.tries else found.tries + 1
    db.execute(update(FAILURE).where(FAILURE.c.name_hash == key).values(count=count, at=at))


def _open_count(db: Connection, key: str, at: dt.datetime) -> None:
    """A row to count in, made once however many ask at the same moment."""
    kind = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    db.execute(kind(FAILURE).values(name_hash=key, count=0, at=at).on_conflict_do_nothing())


def find(db: Connection, name: str, password: str) -> SignedIn | None:
    """The open account that name and password belong to. Slow on purpose, also for names that nobody has."""
    found = users.by_name(db, name.strip().lower()[:60])
    right = fits(password, found.password_hash if found else None)
    return users.signed_in(found) if found and right and found.disabled_at is None else None


def refused(db: Connection, name: str) -> None:
    """Puts a wrong password on record; the name as typed is not kept, for it may be a password typed into the wrong field."""
    known = users.by_name(db, name.strip().lower()[:60])
    audit(db, None, "signin_refused", f"account {known.id}" if known else "account unknown", known.place if known else None)


def start(db: Connection, who: SignedIn, secret: bytes, at: dt.datetime, how: str = "password") -> str:
    """A new session; its token, told once. Failures of the name are forgotten."""
    token = secrets.token_urlsafe(32)
    db.execute(insert(SESSION).values(token_hash=token_hash(token), account_id=who.id, created_at=at, seen_at=at))
    db.execute(delete(FAILURE).where(FAILURE.c.name_hash == _name_hash(secret, who.name)))
    audit(db, who, "signed_in", f"account {who.id} {how}", who.place)
    return token


def of_token(db: Connection, token: str, terms: Terms, at: dt.datetime) -> tuple[SignedIn, bool] | None:
    """Who a session belongs to, and whether `seen` should be called; None when it is over, was never ours, or the account is closed."""
    if not token or not token.isascii() or len(token) > 100:
        return None
    found = select(ACCOUNT, SESSION.c.created_at.label("since"), SESSION.c.seen_at).join(SESSION, SESSION.c.account_id == ACCOUNT.c.id)
    row = db.execute(found.where(SESSION.c.token_hash == token_hash(token), ACCOUNT.c.disabled_at.is_(None))).first()
    if row is None or at > row.since + terms.longest or at > row.seen_at + terms.idle:
        return None
    return users.signed_in(row), at > row.seen_at + SEEN_EVERY


def seen(db: Connection, token: str, at: dt.datetime) -> None:
    """The session goes on from now."""
    db.execute(update(SESSION).where(SESSION.c.token_hash == token_hash(token)).values(seen_at=at))


def end(db: Connection, token: str) -> None:
    """Signs out."""
    db.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash(token)))


def sweep(db: Connection, terms: Terms, at: dt.datetime) -> None:
    """Deletes sessions that are over."""
    db.execute(delete(SESSION).where(or_(SESSION.c.created_at < at - terms.longest, SESSION.c.seen_at < at - terms.idle)))


def form_token(secret: bytes, kind: str, given: str) -> str:
    """What a form must carry to be ours: nobody can make one without the installation's key and the cookie `given`."""
    return hmac.digest(secret, f"{kind} {given}".encode("utf-8", "surrogatepass"), "sha256").hex()


def _name_hash(secret: bytes, name: str) -> str:
    return hmac.new(secret, b"name " + name.strip().lower().encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
