"""knowledge/words/roster.yaml: how bureaus head columns and fill cells, checked against the facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.catalog import source
from app.catalog.catalog import Catalog
from app.catalog.models import Fact
from app.catalog.problems import CatalogInvalid, Problem
from app.understanding.normalise import normalise

FILE = "knowledge/words/roster.yaml"
SPECIAL = ("name", "id_number", "phone", "birth_date", "remark")
"""What a column may hold beside facts. `remark`: kept with the person, not used."""
PERSONAL = ("name", "id_number", "phone", "birth_date", "remark")
_MARKS = re.compile(r"[\s\u3000:：*＊]+")
_BRACKETS = re.compile(r"[（(]([^（）()]*)[)）]")
_WHETHER = re.compile(r"^(?:是否为?|是不是|有无|有没有)")
YES, NO, NOTHING, ZERO, UNCLEAR = "yes", "no", "nothing", "zero", "unclear"


class _TemplateColumn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    example: str | None


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, tuple[str, ...]]
    template: tuple[_TemplateColumn, ...]
    cells: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, tuple[str, ...]]]
    around: tuple[str, ...]
    units: dict[str, dict[str, float]]


@dataclass(frozen=True)
class RosterWords:
    """The words, ready to be looked up. Texts are compared after `plain`."""

    facts: Mapping[str, Fact]
    shape: _Shape

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """Header in plain writing -> what the column tells."""
        found = {plain_header(fact.label.zh)[0]: fact.id for fact in self.facts.values()}
        found |= {fact.id: fact.id for fact in self.facts.values()}
        return found | {plain_header(name)[0]: told for told, names in self.shape.columns.items() for name in names}

    @cached_property
    def cells(self) -> Mapping[str, frozenset[str]]:
        """yes, no, nothing, zero, unclear -> the cells that say so."""
        return {key: frozenset(map(plain, said)) for key, said in self.shape.cells.items()}

    @cached_property
    def options(self) -> Mapping[str, Mapping[str, str]]:
        """Fact -> cell -> option (of enums and sets), or true and false."""
        found: dict[str, dict[str, str]] = {}
        for fact in self.facts.values():
            labels = {plain(text.zh): option for option, text in fact.options.items()} | {option: option for option in fact.options}
            words = {plain(word): option for option, said in self.shape.values.get(fact.id, {}).items() for word in said}
            found[fact.id] = {**labels, **words}
        return found

    @cached_property
    def around(self) -> re.Pattern[str]:
        """Nothing but words that change nothing, and marks."""
        said = "|".join(sorted(map(re.escape, self.shape.around), key=len, reverse=True))
        return re.compile(rf"(?:{said}|[\s,，。.;；()（）、])*")

    def header_of(self, told: str) -> str:
        """The header that the template has for a column."""
        named = self.shape.columns.get(told)
        return named[0] if named else self.facts[told.partition(".")[0]].label.zh

    def label(self, told: str) -> str:
        """What a column tells, in a person's words: 年龄, 需求：资金, 身份证号; a name that is no longer known stays as it is."""
        name, _, option = told.partition(".")
        fact = self.facts.get(name)
        if fact is None:
            named = self.shape.columns.get(told)
            return named[0] if named else told
        return fact.label.zh + (f"：{fact.options[option].zh}" if option in fact.options else "")

    def unit(self, fact: Fact, said: str) -> float | None:
        """What a bare number under a header with this unit in brackets is multiplied by; None where the unit is none of ours."""
        kind = "money" if fact.type == "money" else fact.unit or ""
        return self.shape.units.get(kind, {}).get(said)


def plain(text: str) -> str:
    """A cell or header in one way of writing: half-width, small letters, no blanks."""
    return _MARKS.sub("", normalise(text).text).lower()


def plain_header(text: str) -> tuple[str, str]:
    """A header in plain writing without its brackets and a leading 是否, and the unit that stood in the brackets."""
    name = plain(text)
    inside = _BRACKETS.search(name)
    bare = _BRACKETS.sub("", name) or name
    return _WHETHER.sub("", bare) or bare, inside.group(1) if inside else ""


def read_words(root: Path, catalog: Catalog) -> RosterWords:
    """The words in a catalogue's folder. Raises CatalogInvalid."""
    try:
        files = {FILE: (root / FILE).read_text(encoding="utf-8")}
    except (OSError, UnicodeDecodeError):
        files = {}
    return build_words(files, catalog)


def build_words(files: Mapping[str, str], catalog: Catalog) -> RosterWords:
    """The words of the catalogue's files. Raises CatalogInvalid naming everything to mend."""
    problems: list[Problem] = []
    if FILE not in files:
        raise CatalogInvalid([Problem(FILE, 0, "the file is missing", "put it back")])
    value = source.read(FILE, files[FILE], problems)
    if problems:
        raise CatalogInvalid(problems)
    try:
        shape = _Shape.model_validate(value)
    except ValidationError as error:
        for item in error.errors():
            where = tuple(p for p in item["loc"] if isinstance(p, str | int))
            what = f"{'.'.join(map(str, where)) or 'the file'}: {item['msg']}"
            problems.append(Problem(FILE, source.line_of(files[FILE], where), what, "see the other entries of the file"))
        raise CatalogInvalid(problems) from None
    problems += [Problem(FILE, source.line_of(files[FILE], path), what, mend) for path, what, mend in _wrong(shape, catalog)]
    if problems:
        raise CatalogInvalid(problems)
    return RosterWords(catalog.facts, shape)


Wrong = tuple[tuple[str | int, ...], str, str]
"""Where in the file, what is wrong, what to do."""


def _wrong(shape: _Shape, catalog: Catalog) -> list[Wrong]:
    found: list[Wrong] = []
    seen: dict[str, str] = {}
    for told, names in shape.columns.items():
        if told not in SPECIAL and told not in catalog.variables and told not in catalog.facts:
            found.append((("columns", told), f"there is no fact «{told}»", "knowledge/facts names them all"))
        if not names:
            found.append((("columns", told), f"{told} has no header", "write at least one; the first is the template's"))
        for name in names:
            other = seen.setdefault(plain_header(name)[0], told)
            if other != told:
                found.append((("columns", told), f"«{name}» also stands under {other}", "keep it under one of them"))
    for fact, options in shape.values.items():
        known = catalog.facts[fact].options if fact in catalog.facts else {}
        allowed = set(known) or {"true", "false"}
        mend = f"{fact} has: {', '.join(sorted(allowed))}" if fact in catalog.facts else "knowledge/facts names them all"
        wrong = [o for o in options if fact not in catalog.facts or o not in allowed]
        found += [(("values", fact), f"«{o}» is no option of {fact}", mend) for o in wrong]
    for at, column in enumerate(shape.template):
        if column.column not in shape.columns:
            found.append((("template", at), f"«{column.column}» has no header under columns", "give it one there, or leave it out here"))
    return [*found, *_cells(shape)]


def _cells(shape: _Shape) -> list[Wrong]:
    lacking = [key for key in (YES, NO, NOTHING, ZERO, UNCLEAR) if key not in shape.cells]
    return [(("cells",), f"«{key}» is missing", "write the cells that say so, or an empty list: []") for key in lacking]
