"""What people ask of a measure beside its sum - a guarantor, the interest, an age - and the words that answer it (knowledge/words/topics.yaml)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, ValidationError

from app.catalog import source
from app.catalog.models import Text
from app.catalog.problems import Problem

FILE = "knowledge/words/topics.yaml"


@dataclass(frozen=True)
class Topic:
    """One thing that is asked. `asked`: words of the question; `told`: words of the sentences and figures that answer it."""

    id: str
    name: Text
    asked: tuple[str, ...]
    told: tuple[str, ...]

    def answers(self, text: str) -> bool:
        """Whether a sentence is about it."""
        low = text.casefold()
        return any(word in low for word in self.told)


@dataclass(frozen=True)
class Topics:
    """The topics, the kinds of measures that words point to, and names in which the words of a topic mean nothing."""

    topics: tuple[Topic, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    unnamed: frozenset[str] = frozenset()
    whose: tuple[str, ...] = ()
    money: tuple[str, ...] = ()

    def bare(self, text: str) -> str:
        """A text without the names in which the words of a topic mean nothing."""
        for name in self.names:
            text = text.replace(name, " ")
        return text

    def of(self, text: str) -> Topic | None:
        """What a question is about; None where it asks nothing in particular."""
        low = self.bare(text.casefold())
        return next((t for t in self.topics if any(word in low for word in t.asked)), None)

    def kind(self, text: str) -> str | None:
        """The kind of measure that the words of a question point to where none is named."""
        return next((kind for kind, words in self.kinds.items() if any(word in text for word in words)), None)

    def names_people(self, text: str) -> bool:
        """Whether a measure may be named only to say who asks (低保户能不能贷)."""
        return any(word in text for word in self.whose)

    def asks_for_money(self, text: str) -> bool:
        """Whether a question is about whatever brings money (这些钱啥时候能到手)."""
        return any(word in text for word in self.money)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Topic(_Shape):
    name: Text
    asked: Sequence[str]
    told: Sequence[str]


class _File(_Shape):
    kinds: Mapping[str, Sequence[str]]
    names: Sequence[str]
    unnamed: str
    whose: Sequence[str]
    money: Sequence[str]
    topics: Mapping[str, _Topic]


def read_topics(files: Mapping[str, str], problems: list[Problem]) -> Topics:
    """The topics of the file; what is wrong with it goes to `problems`."""
    if FILE not in files:
        problems.append(Problem(FILE, 0, "the file is missing", "restore it"))
        return Topics()
    try:
        read = _File.model_validate(source.read(FILE, files[FILE], problems))
    except ValidationError as error:
        first = error.errors()[0]
        problems.append(Problem(FILE, 0, f"{'.'.join(map(str, first['loc']))}: {first['msg']}", "write it like the other topics"))
        return Topics()
    topics = [
        Topic(name, t.name, tuple(w.casefold() for w in t.asked), tuple(w.casefold() for w in t.told)) for name, t in read.topics.items()
    ]
    kinds = {kind: tuple(words) for kind, words in read.kinds.items()}
    return Topics(tuple(topics), kinds, tuple(read.names), frozenset(read.unnamed), tuple(read.whose), tuple(read.money))
