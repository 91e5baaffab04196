"""How characters sound: toneless syllables of single characters, and how they are told apart loosely in Jin speech."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, pinyin

_LOOSE = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_INITIAL = "b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|z|c|s|r|y|w"
_FINAL = "iang|uang|iong|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|ve|er|vn|a|o|e|i|u|v"
_SYLLABLE = re.compile(
    f"(?:(?:{'|'.join(sorted(_INITIAL.split('|'), key=len, reverse=True))})(?:{_FINAL})|(?:ang|ai|ao|an|en|er|ou|a|e|o))"
)


@lru_cache(maxsize=8192)
def readings(sign: str) -> tuple[str, ...]:
    """All toneless readings of one character, the commonest first; none for what is no Chinese character."""
    if not "\u4e00" <= sign <= "\u9fff":
        return ()
    found = pinyin(sign, style=Style.NORMAL, heteronym=True, v_to_u=False)
    return tuple(dict.fromkeys(found[0])) if found else ()


@lru_cache(maxsize=8192)
def common(sign: str) -> str | None:
    """The commonest toneless reading of one character (的: de, not di); None for what is no Chinese character."""
    found = readings(sign)
    return found[0] if found else None


def loose(syllable: str) -> str:
    """One syllable as loosely told apart: zhang -> zan."""
    for wide, narrow in _LOOSE:
        if syllable.startswith(wide):
            syllable = narrow + syllable[len(wide) :]
    return syllable[:-1] if syllable.endswith(("ang", "eng", "ing")) else syllable


def spoken(word: str) -> tuple[str, ...]:
    """The syllables of a word as it is commonly said."""
    return tuple(s[0] for s in pinyin(word, style=Style.NORMAL, v_to_u=False))


def syllables(letters: str) -> list[str] | None:
    """Latin letters cut into pinyin syllables (yangyu -> yang yu); None where they are no pinyin."""
    return list(cut) if (cut := _cut(letters.lower().replace("ü", "v"), 0)) is not None else None


def _cut(letters: str, depth: int) -> tuple[str, ...] | None:
    if not letters:
        return ()
    if depth > 12:
        return None
    match = _SYLLABLE.match(letters)
    longest = match.end() if match else 0
    for size in range(max(longest, min(6, len(letters))), 0, -1):
        if _SYLLABLE.fullmatch(letters, 0, size):
            rest = _cut(letters[size:], depth + 1)
            if rest is not None:
                return letters[:size], *rest
    return None
