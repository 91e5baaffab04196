"""Passwords: argon2 hashes, and what a password must be."""

from __future__ import annotations

import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

from app.catalog.problems import GuiyanError

SHORTEST, LONGEST = 10, 200
"""Characters."""


class BadPassword(GuiyanError):
    """This cannot be a password; says why."""


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """A hash that no password fits: what a name that we do not know is tried against, so that it takes as long."""
    return _hasher().hash(secrets.token_urlsafe(32))


def hashed(password: str, name: str = "") -> str:
    """What is kept of a password. Raises BadPassword for one that is too short, too long, of one sign only, or the account's name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"a password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}")
    if len(set(password)) < 4 or password.lower() == name.lower():
        raise BadPassword("this password is too easily guessed; take a few words that do not belong together")
    return _hasher().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; takes as long when there is none. Never true for a password longer than allowed."""
    try:
        right = _hasher().verify(password[: LONGEST + 1], kept or _nobodys())
    except UnknownHashError:
        return False
    return right and kept is not None and len(password) <= LONGEST
