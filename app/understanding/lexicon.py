"""The word files (knowledge/words) as `understand` uses them: checked, compiled, ready."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.catalog import source
from app.catalog.catalog import Catalog
from app.catalog.models import Fact
from app.catalog.problems import CatalogInvalid, Problem
from app.understanding.classifier import FILE as CLASSIFIER
from app.understanding.classifier import Classifier, read_classifier
from app.understanding.homophones import Homophones, Term
from app.understanding.names import Names, nicknames
from app.understanding.patterns import Pattern, PatternError, compiled
from app.understanding.placenames import PlaceFinder

FOLDER = "knowledge/words/"
FILES = ("people", "places", "status", "business", "money", "family", "trades", "needs", "intents", "scope", "answers")
"""Word files of one shape (`WordFile`); traditional.yaml and homophones.yaml have their own."""


NEVER = "never_"
"""How the names of cues begin that say that, anywhere in a message, the fact of the name is not told."""
KIND = "kind_"
"""How the names of cues begin that tell what a trade keeps or grows."""


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RuleShape(Shape):
    """When one of `say` is heard, `fact` has the value `is`, or the value of the quantity or place that the pattern names."""

    fact: str
    is_: bool | int | str | None = Field(None, alias="is")
    say: tuple[str, ...] = Field(min_length=1)
    who: str = Field("self", pattern="^(self|child|any)$")
    """Whose matter the words must be: the speaker's, a child's, or anybody's."""
    scale: float = 1
    add: float = 0
    within: tuple[float, float] | None = None
    """A value outside is not meant."""
    sure: bool = True
    """False: the fact is only guessed."""
    rank: int = 0
    """Of several values that disagree the higher rank is meant."""
    denied: str = Field("auto", pattern="^(auto|drop|keep|flip)$")
    """What a negation just before does: auto = a yes becomes a no, anything else is dropped."""
    unless: tuple[str, ...] = ()
    """Patterns that, anywhere in the message, take the rule away."""
    given: tuple[str, ...] = ()
    """Patterns of which one must be somewhere in the message."""
    units: tuple[str, ...] = ()
    """The meant quantity's unit must be one of these ("": none was said); none given: any."""
    outside: bool | None = None
    """True: only places outside Shanxi; False: only within."""
    asked: tuple[str, ...] = ()
    """Only in reply to these facts; none: always."""
    anyway: bool = False
    """Also where it is only supposed, or said by others."""


class WordFile(Shape):
    words: dict[str, tuple[str | int, ...]] = {}
    rules: tuple[RuleShape, ...] = ()
    cues: dict[str, tuple[str, ...]] = {}


class HomophoneFile(Shape):
    terms: dict[str, tuple[str, ...]]
    """Term -> words of the same sound that are meant as written."""
    written: dict[str, str] = {}
    """Pinyin, syllables joined -> the word."""


@dataclass(frozen=True)
class Rule:
    """A rule with its patterns."""

    shape: RuleShape
    say: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    given: tuple[Pattern, ...]


@dataclass(frozen=True)
class Lexicon:
    """Everything that `understand` knows about words. Immutable; one for each catalogue."""

    facts: Mapping[str, Fact]
    words: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    cues: Mapping[str, tuple[Pattern, ...]]
    traditional: Mapping[str, str]
    homophones: Homophones
    places: PlaceFinder
    measures: Names
    """What people call the measures."""
    glossary: Names
    """The hard words and their like."""
    by_sign: Mapping[str, tuple[int, ...]]
    """Sign -> the numbers, through all rules, of the patterns that cannot match without one of its like; "": of those that may match anything."""
    classifier: Classifier = field(default_factory=dict, repr=False)
    """What gives a second opinion; empty: none is given."""
    cache: dict[str, Any] = field(default_factory=dict, repr=False)

    def patterns_for(self, text: str) -> list[tuple[Rule, Pattern]]:
        """The rules, each with one of its patterns, that may match a text, in the order of the files."""
        numbers = {n for sign in ("", *frozenset(text)) for n in self.by_sign.get(sign, ())}
        return [self._numbered[n] for n in sorted(numbers)]

    @cached_property
    def _numbered(self) -> tuple[tuple[Rule, Pattern], ...]:
        return tuple((rule, pattern) for rule in self.rules for pattern in rule.say)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Options that a word within a trade tells (animals.sheep), in the order of the files."""
        return tuple(name.removeprefix(KIND) for name in self.cues if name.startswith(KIND) and "." in name)

    def warm(self) -> None:
        """Makes every pattern ready to search, so that nobody's first message waits for it: about two seconds."""
        for rule in self.rules:
            for pattern in (*rule.say, *rule.unless, *rule.given):
                pattern.make()
        for patterns in self.cues.values():
            for pattern in patterns:
                pattern.make()

    def cue(self, name: str, text: str) -> re.Match[str] | None:
        """The first cue of a list that is in the text."""
        for pattern in self.cues.get(name, ()):
            if found := pattern.search(text):
                return found
        return None

    def all_cues(self, name: str, text: str) -> Iterator[re.Match[str]]:
        """Every cue of a list in the text."""
        for pattern in self.cues.get(name, ()):
            yield from pattern.finditer(text)


@dataclass
class _Bench:
    files: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def read(self, name: str, shape: type[Any]) -> Any:
        file = f"{FOLDER}{name}.yaml"
        if file not in self.files:
            self.problems.append(Problem(file, 0, "the file is missing", "put it back"))
            return None
        value = source.read(file, self.files[file], self.problems)
        try:
            return shape.model_validate(value)
        except ValidationError as error:
            for item in error.errors():
                where = tuple(p for p in item["loc"] if isinstance(p, str | int))
                line = source.line_of(self.files[file], where)
                self.problems.append(
                    Problem(file, line, f"{'.'.join(map(str, where))}: {item['msg']}", "see the other entries of the file")
                )
        return None

    def problem(self, name: str, path: tuple[str | int, ...], what: str) -> None:
        file = f"{FOLDER}{name}.yaml"
        self.problems.append(Problem(file, source.line_of(self.files[file], path), what, "see the other entries of the file"))


class _Pairs(Shape):
    pairs: str


def build_lexicon(files: Mapping[str, str], catalog: Catalog) -> Lexicon:
    """The lexicon that knowledge/words makes with a catalogue. Raises CatalogInvalid naming everything to mend."""
    bench = _Bench(files)
    read = {name: bench.read(name, WordFile) or WordFile() for name in FILES}
    _twice(bench, read)
    words = {key: tuple(map(str, value)) for file in read.values() for key, value in file.words.items()}
    rules = tuple(
        r for name, file in read.items() for n, shape in enumerate(file.rules) if (r := _rule(bench, name, n, shape, words, catalog))
    )
    _named_facts(bench, read, catalog)
    cues = {key: _patterns(bench, name, ("cues", key), said, words) for name, file in read.items() for key, said in file.cues.items()}
    pairs = bench.read("traditional", _Pairs) or _Pairs(pairs="")
    heard = bench.read("homophones", HomophoneFile) or HomophoneFile(terms={})
    names = nicknames(files, catalog, bench.problems)
    classifier = _classifier(files, bench.problems)
    if bench.problems:
        raise CatalogInvalid(bench.problems)
    finder = PlaceFinder(catalog.places, words.get("everyday_places", ()), words.get("never_misheard_places", ()))
    homophones = Homophones(
        [Term(term, frozenset(never)) for term, never in heard.terms.items()], heard.written, words.get("as_written", ())
    )
    return Lexicon(
        catalog.facts, words, rules, cues, {p[0]: p[1] for p in pairs.pairs.split()}, homophones, finder, names, _glossary(catalog),
        _by_sign(rules), classifier,
    )  # fmt: skip


def _classifier(files: Mapping[str, str], problems: list[Problem]) -> Classifier:
    try:
        return read_classifier(files[CLASSIFIER]) if CLASSIFIER in files else {}
    except (ValueError, KeyError, TypeError) as error:
        problems.append(Problem(CLASSIFIER, 0, f"no classifier can be read from the file: {error!r}", "make it anew: make train"))
        return {}


def _named_facts(bench: _Bench, read: Mapping[str, WordFile], catalog: Catalog) -> None:
    """A cue that carries the name of a fact (never_…, kind_….…) says nothing where there is no such fact."""
    for name, file in read.items():
        for key in file.cues:
            prefix = next((p for p in (NEVER, KIND) if key.startswith(p)), "")
            fact = key.removeprefix(prefix)
            if prefix and (prefix == NEVER or "." in fact) and fact not in catalog.variables:
                bench.problem(name, ("cues", key), f"there is no fact «{fact}»")


def _twice(bench: _Bench, read: Mapping[str, WordFile]) -> None:
    """A list or a cue whose name stands in two files would silently lose the first."""
    for kind in ("words", "cues"):
        first: dict[str, str] = {}
        for name, file in read.items():
            for key in getattr(file, kind):
                if first.setdefault(key, name) != name:
                    bench.problem(name, (kind, key), f"«{key}» already stands in {first[key]}.yaml: give it another name")


def _rule(bench: _Bench, name: str, n: int, shape: RuleShape, words: Mapping[str, Sequence[str]], catalog: Catalog) -> Rule | None:
    path = ("rules", n)
    if shape.fact not in catalog.variables and not shape.fact.startswith("_"):
        bench.problem(name, path, f"there is no fact «{shape.fact}»")
        return None
    say = _patterns(bench, name, (*path, "say"), shape.say, words)
    unless = _patterns(bench, name, (*path, "unless"), shape.unless, words)
    given = _patterns(bench, name, (*path, "given"), shape.given, words)
    _check_value(bench, name, path, shape, say, catalog)
    return Rule(shape, say, unless, given)


def _check_value(bench: _Bench, name: str, path: tuple[str | int, ...], shape: RuleShape, say: Sequence[Pattern], catalog: Catalog) -> None:
    if shape.fact.startswith("_"):
        return
    variable = catalog.variables[shape.fact]
    if shape.is_ is None:
        group = "p" if variable.type == "place" else "q"
        for pattern in say:
            if group not in pattern.groups:
                bench.problem(name, path, f"{shape.fact}: neither `is` nor a value in the pattern {pattern.pattern[:60]}")
    elif variable.type == "enum" and shape.is_ not in variable.fact.options:
        bench.problem(name, path, f"«{shape.is_}» is no option of {shape.fact}")
    elif variable.type == "boolean" and not isinstance(shape.is_, bool):
        bench.problem(name, path, f"{shape.fact} is true or false")


def _patterns(
    bench: _Bench, name: str, path: tuple[str | int, ...], said: Sequence[str], words: Mapping[str, Sequence[str]]
) -> tuple[Pattern, ...]:
    found = []
    for n, pattern in enumerate(said):
        try:
            found.append(compiled(pattern, words))
        except PatternError as error:
            bench.problem(name, (*path, n), f"{pattern}: {error}")
    return tuple(found)


def _by_sign(rules: Sequence[Rule]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for n, needed in enumerate(pattern.alphabet for rule in rules for pattern in rule.say):
        for sign in needed if needed is not None else ("",):
            found[sign].append(n)
    return {sign: tuple(numbers) for sign, numbers in found.items()}


def _glossary(catalog: Catalog) -> Names:
    found = [(word.lower(), entry.term.zh) for entry in catalog.glossary for word in (entry.term.zh, *entry.also)]
    return Names(sorted(found, key=lambda row: -len(row[0])))
