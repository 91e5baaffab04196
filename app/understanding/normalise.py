"""The same message in one way of writing: half-width, simplified, no invisible characters; every character knows where it came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = frozenset("\u200b\u200c\u2060\ufeff\u00ad\ufe0e\ufe0f")


@dataclass(frozen=True)
class Normalised:
    """`origin[i]` is the code point of the raw text that text[i] came from; `origin` has one entry more, the raw text's length."""

    text: str
    origin: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the raw text behind text[start:end]."""
        if start >= end:
            at = self.origin[min(start, len(self.text))]
            return at, at
        return self.origin[start], self.origin[end - 1] + 1


def normalise(text: str, traditional: Mapping[str, str] | None = None) -> Normalised:
    """The message in half-width and, with a table of `traditional` characters, simplified writing. Emoji stay as they are."""
    table = traditional or {}
    letters: list[str] = []
    origin: list[int] = []
    for at, sign in enumerate(text):
        for letter in _plain(sign):
            letters.append(table.get(letter, letter))
            origin.append(at)
    return Normalised("".join(letters), (*origin, len(text)))


@lru_cache(maxsize=8192)
def _plain(sign: str) -> str:
    if sign in _INVISIBLE:
        return ""
    if "\u4e00" <= sign <= "\u9fff" or sign.isascii():
        return sign if sign >= " " else " "
    plain = unicodedata.normalize("NFKC", sign)
    return " " if unicodedata.category(sign) in ("Cc", "Zs", "Zl", "Zp") else plain
