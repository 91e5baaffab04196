"""The sentences of the conversation (knowledge/words/replies.yaml, asides.yaml, topics.yaml), checked, zh and en.

ReplyText ids are those of the file; a sentence is said by filling its {placeholders}. Prose holds no digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.catalog import source
from app.catalog.models import Text
from app.catalog.problems import CatalogInvalid, Problem
from app.catalog.prose import digits, placeholders
from app.wording.topics import Topics, read_topics

REPLIES = "knowledge/words/replies.yaml"
ASIDES = "knowledge/words/asides.yaml"
ASIDE_KINDS = (
    "backchannel", "why_asked", "questions_left", "how_long", "what_would_change", "cancel", "finished", "wrong_somewhere", "to_english",
    "to_chinese", "rude", "distrust", "who_are_you", "is_it_free", "my_privacy", "distress", "danger", "never_heard", "of_a_woman", "woman_first", "goodbye", "is_it_so",
    "gifts", "county", "unfair", "is_it_sure", "turned_away", "what_to_do",
)  # fmt: skip
TROUBLE = "trouble."
"""Kinds named like an option of the fact trouble: words that complain of it."""
_NOISE = re.compile(r"[\s，。！？、；：,.!?;:~…“”\"'‘’（）()啊呀吧呢嘛哩咧噢哈]+")


@dataclass(frozen=True)
class Aside:
    """Phrases that are the whole message, or part of it."""

    whole: frozenset[str]
    part: tuple[str, ...]


@dataclass(frozen=True)
class Replies:
    """Every sentence by id; every aside by kind; what is asked of measures."""

    texts: Mapping[str, Text]
    asides: Mapping[str, Aside]
    topics: Topics

    def say(self, key: str, language: str, /, **words: object) -> str:
        """A sentence with its placeholders filled in. Raises KeyError when a word is missing."""
        return self.texts[key].of(language).format(**words)

    def is_aside(self, kind: str, text: str) -> bool:
        """Whether a message is this kind of remark to the conversation itself."""
        aside = self.asides[kind]
        low = text.casefold()
        return _bare(text) in aside.whole or any(part in low for part in aside.part)


def _bare(text: str) -> str:
    return _NOISE.sub("", text.casefold())


def build_replies(files: Mapping[str, str]) -> Replies:
    """The sentences of the conversation from the texts of the files. Raises CatalogInvalid with every Problem."""
    problems: list[Problem] = []
    texts = _texts(files, problems)
    asides = _asides(files, problems)
    topics = read_topics(files, problems)
    if problems:
        raise CatalogInvalid(problems)
    return Replies(texts, asides, topics)


def _mapping(file: str, files: Mapping[str, str], problems: list[Problem]) -> dict[str, Any]:
    if file not in files:
        problems.append(Problem(file, 0, "the file is missing", "restore it"))
        return {}
    value = source.read(file, files[file], problems)
    if isinstance(value, dict):
        return value
    problems.append(Problem(file, 0, "the file is no mapping", "write id: {…} for each"))
    return {}


def _texts(files: Mapping[str, str], problems: list[Problem]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for key, value in _mapping(REPLIES, files, problems).items():
        where = source.line_of(files[REPLIES], (key,)) if problems else 0
        try:
            text = Text.model_validate(value)
        except ValidationError as error:
            problems.append(Problem(REPLIES, where, f"{key}: {error.errors()[0]['msg']}", "write {zh: …, en: …}"))
            continue
        if set(placeholders(text.zh)) != set(placeholders(text.en)):
            problems.append(Problem(REPLIES, where, f"{key}: zh and en have different placeholders", "give both the same"))
        number = digits(text.zh) or digits(text.en)
        if number:
            problems.append(Problem(REPLIES, where, f"{key} holds the number «{number}»", "let it come in through a placeholder"))
        found[str(key)] = text
    return found


def _asides(files: Mapping[str, str], problems: list[Problem]) -> dict[str, Aside]:
    raw = _mapping(ASIDES, files, problems)
    kinds = {kind for kind in raw if not str(kind).startswith(TROUBLE)}
    odd = [(kind, "not known" if kind in raw else "missing") for kind in sorted(kinds ^ set(ASIDE_KINDS))]
    problems += [Problem(ASIDES, 0, f"the kind «{kind}» is {how}", f"kinds: {', '.join(ASIDE_KINDS)}") for kind, how in odd]
    found = {}
    for kind, value in raw.items():
        if not isinstance(value, dict) or set(value) - {"whole", "part"}:
            problems.append(Problem(ASIDES, 0, f"{kind} is not {{whole: […], part: […]}}", "list the phrases under whole or part"))
            continue
        whole = frozenset(_bare(str(w)) for w in value.get("whole", ()))
        found[kind] = Aside(whole, tuple(str(p).casefold() for p in value.get("part", ())))
    return found
