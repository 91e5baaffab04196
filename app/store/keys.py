"""Tokens and recovery codes: what opens a conversation, and what is kept of it.

A token is 256 random bits and a mark that ties it to its conversation. The mark lets us tell a made-up token (401) from one that was ours and whose
conversation is gone (404) without looking into the database, so that strangers learn nothing about which conversations exist.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from base64 import urlsafe_b64encode

LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
"""What a recovery code is made of: no B8 I1L O0 S5 Z2, which look alike."""
CODE = re.compile(f"[{LETTERS}]{{8}}")
RANDOM, MARK = 43, 22
"""Characters of a token's two parts."""
COST = 2**13
"""Of scrypt: 8 MiB and about 30 ms a code, so that stolen hashes are no list of codes."""


def new_token(key: bytes, conversation: str) -> str:
    """A token for a conversation; nobody can make one without the key."""
    drawn = secrets.token_urlsafe(32)
    return drawn + _mark(key, conversation, drawn)


def fits(key: bytes, conversation: str, token: str) -> bool:
    """Whether this token was made by us for this conversation."""
    if len(token) != RANDOM + MARK or not token.isascii():
        return False
    return hmac.compare_digest(_mark(key, conversation, token[:RANDOM]), token[RANDOM:])


def _mark(key: bytes, conversation: str, drawn: str) -> str:
    digest = hmac.digest(key, f"{conversation} {drawn}".encode("utf-8", "surrogatepass"), "sha256")
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def new_code() -> str:
    """A recovery code: eight characters that can be read aloud."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def read_code(said: str) -> str | None:
    """A code as a person may write it (small letters, full-width, gaps, hyphens) in its own form; None when it can be none."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", said).upper() if c.isalnum())
    return plain if CODE.fullmatch(plain) else None


def code_hash(key: bytes, code: str) -> str:
    """What is kept of a recovery code: slow to make, salted with the installation's key."""
    return hashlib.scrypt(code.encode(), salt=key, n=COST, r=8, p=1, dklen=32).hex()
