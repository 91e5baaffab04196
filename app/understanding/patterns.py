"""How the word files say what people say: regular expressions with named lists and signs for quantities and places.

In a pattern `<wife>` is any word of the list `wife`; `{M}` a sum of money and so on (KINDS); `{=M}` the same, and its value is meant;
`{=P}` a place that is meant; `{!P}` the bare sign, for use within [^...]; `~` a gap of up to four signs, `~~` up to ten, neither crossing a mark; `~~~` up to eighteen, crossing commas;
`«` and `»` the beginning and the end of a clause. Everything else is Python's `re`, in lower-case letters.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from re import _constants as sre
from re._parser import parse  # type: ignore[import-not-found]
from typing import Any

KINDS = {
    "M": "\ue000",  # money
    "D": "\ue001",  # duration
    "T": "\ue002",  # date that is past
    "A": "\ue003",  # age
    "R": "\ue004",  # area in mu
    "N": "\ue005",  # bare number
    "B": "\ue006",  # people or things: 个 人 口 名 位
    "C": "\ue007",  # any other count
    "H": "\ue008",  # share
    "P": "\ue009",  # place
    "Q": "\ue00a",  # area in square metres
    "F": "\ue00b",  # date still to come
}
ANY_QUANTITY = "".join(KINDS[k] for k in "MDTFARNBCHQ")
CLASSES = {
    **{k: f"[{v}]" for k, v in KINDS.items()},
    "T": f"[{KINDS['T']}{KINDS['F']}]",  # date
    "t": f"[{KINDS['T']}]",
    "n": f"[{KINDS['N']}{KINDS['B']}]",
    "m": f"[{KINDS['M']}{KINDS['N']}]",
    "w": f"[{KINDS['M']}{KINDS['N']}{KINDS['B']}]",
    "c": f"[{KINDS['N']}{KINDS['B']}{KINDS['C']}]",
    "a": f"[{KINDS['A']}{KINDS['N']}]",
    "d": f"[{KINDS['D']}{KINDS['T']}{KINDS['F']}]",
    "q": f"[{ANY_QUANTITY}]",
}
FOLDED = str.maketrans(
    {
        "啦": "了",
        "咧": "了",
        "喽": "了",
        "嘞": "了",
        "哩": "呢",
        "滴": "的",
        "咯": "了",
        "勒": "了",
        "俺": "我",
        "甚": "啥",
        "冇": "没",
        "您": "你",
        "她": "他",
        "它": "他",
    }
)
"""Signs that are the same to the patterns."""
MARK = "，。？"
ROUNDS = 4
"""Rounds of an outer repeat up to which another repeat may stand inside it."""
_GAPS = (("~~~", "[^。？]{0,18}?"), ("~~", f"[^{MARK}]{{0,10}}?"), ("~", f"[^{MARK}]{{0,4}}?"))
_REPEATS = frozenset((sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT))
_PLAIN = frozenset((sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.AT, sre.GROUPREF))
_NAMED = re.compile(r"(?<!\?P)<([a-z_0-9]+)>")
_SIGN = re.compile(r"\{([=!]?)([A-Za-z])\}")


class PatternError(ValueError):
    """A pattern that cannot be used; says why."""


def expand(pattern: str, words: Mapping[str, Sequence[str]]) -> str:
    """The regular expression that a pattern of the word files stands for. Raises PatternError."""
    for _ in range(4):
        pattern = _NAMED.sub(lambda m: _alternatives(m.group(1), words), pattern)
    for gap, meaning in _GAPS:
        pattern = pattern.replace(gap, meaning)
    pattern = pattern.replace("«", f"(?:^|(?<=[{MARK}]))").replace("»", f"(?=[{MARK}]|$)")
    return _SIGN.sub(_sign, pattern).translate(FOLDED)


def _alternatives(name: str, words: Mapping[str, Sequence[str]]) -> str:
    if name not in words:
        raise PatternError(f"there is no list «{name}»")
    return f"(?:{'|'.join(sorted(map(str, words[name]), key=len, reverse=True))})"


def _sign(match: re.Match[str]) -> str:
    meant, kind = match.groups()
    if kind not in CLASSES:
        raise PatternError(f"there is no kind «{kind}»")
    if meant == "!":
        return CLASSES[kind].strip("[]")
    name = "p" if kind == "P" else "q"
    return f"(?P<{name}>{CLASSES[kind]})" if meant else CLASSES[kind]


class Pattern:
    """A regular expression of the word files: read at once, made ready to search at its first use (there are thousands; a message needs few)."""

    __slots__ = ("_ready", "alphabet", "groups", "pattern")

    def __init__(self, pattern: str, groups: frozenset[str], alphabet: frozenset[str] | None) -> None:
        self.pattern, self.groups, self.alphabet = pattern, groups, alphabet
        """`alphabet`: signs of which a text must hold at least one for the pattern to match; None where nothing is known."""
        self._ready: re.Pattern[str] | None = None

    def make(self) -> re.Pattern[str]:
        """The expression, made ready if it was not."""
        if self._ready is None:
            self._ready = re.compile(self.pattern)
        return self._ready

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self.make().search(text, start, end)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.make().finditer(text)

    def __repr__(self) -> str:
        return f"Pattern({self.pattern!r})"


def compiled(pattern: str, words: Mapping[str, Sequence[str]]) -> Pattern:
    """The pattern, checked. Raises PatternError, also for one that could take very long (a repeat within an endless repeat)."""
    expression = expand(pattern, words)
    try:
        tree = parse(expression)
    except re.error as error:
        raise PatternError(f"no regular expression: {error}") from error
    if _endless(tree, False):
        raise PatternError("a repeat within an endless repeat: give the outer one a bound")
    return Pattern(expression, frozenset(tree.state.groupdict), _needed(tree))


def _endless(sequence: Any, inside: bool) -> bool:
    """Whether a repeat of more than one stands within one without bound or with many rounds."""
    return any(op not in _PLAIN and _endless_in(op, arg, inside) for op, arg in sequence)


def _endless_in(op: Any, arg: Any, inside: bool) -> bool:
    if op in _REPEATS:
        low, high, body = arg
        return (inside and int(high) > 1 and low != high) or _endless(body, inside or int(high) > ROUNDS)
    if op is sre.BRANCH:
        return any(_endless(option, inside) for option in arg[1])
    if op is sre.GROUPREF_EXISTS:
        return any(_endless(option, inside) for option in arg[1:] if option is not None)
    return _endless(arg if op is sre.ATOMIC_GROUP else arg[-1], inside)


def _needed(sequence: Any) -> frozenset[str] | None:
    found = [needed for op, arg in sequence if (needed := _needed_by(op, arg)) is not None]
    return min(found, key=len) if found else None


def _needed_by(op: Any, arg: Any) -> frozenset[str] | None:
    if op is sre.LITERAL:
        return frozenset(chr(arg))
    if op is sre.IN:
        return frozenset(chr(a) for _, a in arg) if all(kind is sre.LITERAL for kind, _ in arg) else None
    if op is sre.SUBPATTERN:
        return _needed(arg[3])
    if op in _REPEATS:
        return _needed(arg[2]) if arg[0] > 0 else None
    if op is sre.BRANCH:
        options = [_needed(option) for option in arg[1]]
        return None if any(o is None for o in options) else frozenset().union(*(o for o in options if o is not None))
    return None
