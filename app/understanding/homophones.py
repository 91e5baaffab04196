"""Words written as they sound: a misheard term (代款, 大鹏) and words in Latin letters (yangyu), brought back to the term.

The respelt text is only what the patterns look at; spans and quotes stay those of the message.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.understanding.normalise import Normalised
from app.understanding.sounds import common, loose, spoken, syllables

_LATIN = re.compile(r"[A-Za-zü]+(?: [a-zü]+)*")


@dataclass(frozen=True)
class Term:
    """A term that is misheard, and the words of the same sound that are meant as written."""

    text: str
    never: frozenset[str]


class Homophones:
    """Finds misheard terms. Terms of two syllables need the same syllables; longer ones may differ as Jin speech does (zh/z, -ng/-n)."""

    def __init__(self, terms: Sequence[Term], written: Mapping[str, str], as_written: Collection[str]) -> None:
        self._exact: dict[str, list[tuple[Term, tuple[str, ...]]]] = defaultdict(list)
        self._loose: dict[str, list[tuple[Term, tuple[str, ...]]]] = defaultdict(list)
        for term in sorted(terms, key=lambda t: -len(t.text)):
            sound = spoken(term.text)
            if len(sound) != len(term.text):
                continue
            if len(sound) == 2:
                self._exact[sound[0]].append((term, sound))
            else:
                folded = tuple(loose(s) for s in sound)
                self._loose[folded[0]].append((term, folded))
        self._as_written = frozenset(as_written)
        self._latin = _latin_words(terms, written)

    def respell(self, text: Normalised) -> Normalised:
        """The text with misheard terms and pinyin as the words that are meant."""
        return self._from_sound(self._from_letters(text))

    def _from_sound(self, text: Normalised) -> Normalised:
        letters, at = list(text.text), 0
        while at < len(letters) - 1:
            term = self._term_at(text.text, at)
            if term:
                letters[at : at + len(term)] = term
                at += len(term)
            else:
                at += 1
        return Normalised("".join(letters), text.origin)

    def _term_at(self, text: str, at: int) -> str | None:
        first = common(text[at])
        if first is None:
            return None
        for term, sound in self._loose.get(loose(first), ()):
            if self._is(term, text[at : at + len(sound)], sound, folded=True):
                return term.text
        for term, sound in self._exact.get(first, ()):
            if self._is(term, text[at : at + len(sound)], sound, folded=False):
                return term.text
        return None

    def _is(self, term: Term, word: str, sound: tuple[str, ...], *, folded: bool) -> bool:
        """Whether a word is a term, or sounds like it and is not meant as written."""
        if word == term.text:
            return True
        if len(word) < len(sound) or word in term.never or word in self._as_written:
            return False
        heard = [common(sign) for sign in word]
        return all(h is not None and s == (loose(h) if folded else h) for s, h in zip(sound, heard, strict=True))

    def _from_letters(self, text: Normalised) -> Normalised:
        if not _LATIN.search(text.text):
            return text
        letters: list[str] = []
        origin: list[int] = []
        at = 0
        for run in _LATIN.finditer(text.text):
            words = self._words(run.group())
            if words is None:
                continue
            letters += text.text[at : run.start()]
            origin += text.origin[at : run.start()]
            for word, start, end in words:
                letters += word
                origin += [text.origin[run.start() + start]] * len(word)
                if len(word) > 1:
                    origin[-1] = text.origin[run.start() + end - 1]
            at = run.end()
        letters += text.text[at:]
        origin += text.origin[at:]
        return Normalised("".join(letters), tuple(origin))

    def _words(self, run: str) -> list[tuple[str, int, int]] | None:
        """A run of letters as (word, start, end); None when it is no pinyin or not one word of it is known."""
        if len(run) > 60:
            return None
        pieces: list[tuple[str, int, int]] = []
        for part in re.finditer(r"\S+", run):
            cut = syllables(part.group())
            if cut is None:
                return None
            at = part.start()
            for syllable in cut:
                pieces.append((syllable, at, at + len(syllable)))
                at += len(syllable)
        return self._spelt(pieces)

    def _spelt(self, pieces: list[tuple[str, int, int]], at: int = 0) -> list[tuple[str, int, int]] | None:
        """The syllables from `at` on as words, the longest first; None where some syllable belongs to none."""
        if at == len(pieces):
            return []
        for size in range(min(6, len(pieces) - at), 0, -1):
            word = self._latin.get("".join(p[0] for p in pieces[at : at + size]))
            rest = self._spelt(pieces, at + size) if word else None
            if word and rest is not None:
                return [(word, pieces[at][1], pieces[at + size - 1][2]), *rest]
        return None


def _latin_words(terms: Sequence[Term], written: Mapping[str, str]) -> dict[str, str]:
    known = {"".join(spoken(t.text)): t.text for t in terms}
    return known | dict(written)
