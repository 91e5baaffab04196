"""From the texts of knowledge/ and rules/ to a `Catalog`: every file is read, every reference followed, every problem collected."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from app.catalog import checks, families, source
from app.catalog.catalog import Catalog, Entry, Implication, ParsedCondition, Restriction
from app.catalog.gaps import check_gaps, read_gaps
from app.catalog.language import Expr, Num, RuleError, Scope, Within, nearest, parse_condition, parse_estimate
from app.catalog.models import Contact, Document, Fact, GlossaryEntry, Measure, NotWith, Rule, Shape, Text
from app.catalog.places import COUNTRY, PlaceError, Places
from app.catalog.problems import CatalogInvalid, Problem
from app.catalog.windows import check_windows, read_windows

S = TypeVar("S", bound=Shape)
DIVISIONS = "knowledge/places/divisions.csv"
Progress = Callable[[str, int, int], None]


@dataclass
class Workbench:
    """The files while they are being read: texts, parsed values and the problems found so far."""

    files: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    progress: Progress = lambda _what, _done, _all: None
    homes: dict[str, families.Home] = field(default_factory=dict)
    """File that a member of a family would have by itself -> where it really stands."""

    def under(self, folder: str) -> Iterator[tuple[str, str]]:
        return ((name, self.files[name]) for name in sorted(self.files) if name.startswith(folder) and name.endswith(".yaml"))

    def problem(self, file: str, path: tuple[str | int, ...], what: str, mend: str = "") -> None:
        if home := self.homes.get(file):
            file, path, what = home.file, home.path(path), f"{home.member}: {what}"
        line = source.line_of(self.files[file], path) if file in self.files else 0
        self.problems.append(Problem(file, line, what, mend))

    def shape(self, kind: type[S], file: str, value: Any, path: tuple[str | int, ...] = ()) -> S | None:
        """A value as a `kind`, or None with a Problem for each thing wrong."""
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            for item in error.errors():
                where = tuple(part for part in item["loc"] if isinstance(part, str | int))
                what = f"{'.'.join(map(str, (*path, *where))) or 'the file'}: {item['msg']}"
                self.problem(file, (*path, *where), what, _mend(item["type"], _inner(kind, where)))
            return None


def _inner(kind: type[Shape], where: Iterable[str | int]) -> type[Shape]:
    """The shape that a path within a shape leads into."""
    for step in where:
        field = next((f for name, f in kind.model_fields.items() if step in (name, f.alias)), None)
        kind = next((found for found in _types(field.annotation) if issubclass(found, Shape)), kind) if field else kind
    return kind


def _types(annotation: Any) -> Iterator[type]:
    if get_args(annotation):
        for part in get_args(annotation):
            yield from _types(part)
    elif isinstance(annotation, type):
        yield annotation


def _mend(kind: str, shape: type[Shape]) -> str:
    if kind == "extra_forbidden":
        return f"drop it or mend its name; known keys: {', '.join(f.alias or n for n, f in shape.model_fields.items())}"
    return {"missing": "add it", "string_type": "put it in quotes"}.get(kind, "see CONTRIBUTING.md for the format")


def build_catalog(files: Mapping[str, str], progress: Progress | None = None) -> Catalog:
    """The catalogue that the files make: name (knowledge/… or rules/…, with slashes) -> text.

    `progress` is called with what is being done, how many are done and how many there are. Raises CatalogInvalid with every Problem.
    """
    bench = Workbench(files, progress=progress or (lambda _what, _done, _all: None))
    places = _places(bench)
    facts = _facts(bench)
    documents = _by_id(bench, Document, "knowledge/documents/", places)
    contacts = _mapping(bench, Contact, "knowledge/contacts.yaml")
    glossary = _glossary(bench)
    measures = _by_id(bench, Measure, "knowledge/measures/", places)
    rules = _by_id(bench, Rule, "rules/", places)
    implications = _implications(bench, facts)
    _pairs(bench, measures, rules)
    oldest = {m: _oldest(measure, rules.get(m), documents) for m, measure in measures.items()}
    entries: dict[str, Entry] = {}
    for done, (name, measure) in enumerate(measures.items()):
        bench.progress("rules", done, len(measures))
        if name in rules:
            parsed = _parse(bench, measure, rules[name], facts, places)
            entries[name] = Entry(measure, rules[name], *parsed, oldest[name], _lineage(name, measures), _exclusions(name, rules))
    offered = _offered(bench, facts, places)
    gaps, windows = read_gaps(bench, facts, places), read_windows(bench, places)
    catalog = Catalog(
        _version(files), facts, implications, entries, documents, contacts, glossary, places, offered, bench.homes, gaps, windows
    )
    checks.check(catalog, bench)
    check_gaps(bench, gaps, measures, {name: contact.number for name, contact in contacts.items()})
    check_windows(bench, windows, documents, contacts)
    if bench.problems:
        raise CatalogInvalid(bench.problems, catalog)
    return catalog


def _version(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name].encode() + b"\0")
    return digest.hexdigest()[:12]


# ---------------------------------------------------------------- reading


def _places(bench: Workbench) -> Places:
    text = bench.files.get(DIVISIONS)
    if text is None:
        bench.problems.append(Problem(DIVISIONS, 0, "the list of places is missing", "restore the file"))
        return Places({}, {})
    try:
        return Places.read(text)
    except (KeyError, ValueError) as error:
        bench.problems.append(
            Problem(DIVISIONS, 0, f"the list of places is broken: {error}", "columns: code,level,name,label,short,also,pinyin")
        )
        return Places({}, {})


def _by_id(bench: Workbench, kind: type[S], folder: str, places: Places) -> dict[str, S]:
    found: dict[str, S] = {}
    listed = list(bench.under(folder))
    for done, (file, text) in enumerate(listed):
        bench.progress(folder, done, len(listed))
        if not text.strip():
            bench.problems.append(Problem(file, 0, "the file is empty", "write it or delete it"))
            continue
        value = source.read(file, text, bench.problems)
        if families.is_family(value):
            _members(bench, kind, file, value, places, found)
        elif value is not None and (item := bench.shape(kind, file, value)) is not None:
            key = _id(item)
            if not file.endswith(f"/{key}.yaml"):
                bench.problem(file, ("id",), f"the file says «{key}»", f"name the file {key}.yaml, or mend the id")
            found[key] = item
    return found


def _id(item: Shape) -> str:
    return str(getattr(item, "id", None) or getattr(item, "measure", None))


def _members(bench: Workbench, kind: type[S], file: str, value: Mapping[str, Any], places: Places, found: dict[str, S]) -> None:
    """The measures or rules of a family's file, one by one."""
    key = "id" if kind is Measure else "measure"
    if broken := list(families.faults(value, key)):
        for fault in broken:
            bench.problem(file, *fault)
        bench.homes.update({_alone(file, n): families.Home(file, n, frozenset()) for n in families.names(value)})
        return
    for home, whole in families.members(file, value, key, places):
        alone = _alone(file, home.member)
        if alone in bench.files or alone in bench.homes:
            bench.problem(file, (families.MEMBERS, home.member), f"«{home.member}» stands in two files", "keep one")
            continue
        bench.homes[alone] = home
        item = bench.shape(kind, alone, whole)
        if item is not None:
            found[home.member] = item
    for fault in families.unclaimed(value, places):
        bench.problem(file, *fault)


def _alone(file: str, name: str) -> str:
    """The file that a member of a family's file would have by itself."""
    return f"{file.rpartition('/')[0]}/{name}.yaml"


def _mapping(bench: Workbench, kind: type[S], file: str, extra: str | None = None) -> dict[str, S]:
    value = source.read(file, bench.files.get(file, "{}"), bench.problems)
    found: dict[str, S] = {}
    if not isinstance(value, dict):
        bench.problem(file, (), "the file is no mapping of ids", "write id: {…} for each")
        return found
    for key, item in value.items():
        content = {**item, extra: key} if extra and isinstance(item, dict) else item
        shaped = bench.shape(kind, file, content, (str(key),))
        if shaped is not None:
            found[str(key)] = shaped
    return found


def _facts(bench: Workbench) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for file, _ in bench.under("knowledge/facts/"):
        if not file.endswith("/implications.yaml"):
            for key, fact in _mapping(bench, Fact, file, "id").items():
                if key in found:
                    bench.problem(file, (key,), f"the fact «{key}» stands in two files", "keep one")
                found[key] = fact
    return found


def _glossary(bench: Workbench) -> tuple[GlossaryEntry, ...]:
    file = "knowledge/words/glossary.yaml"
    value = source.read(file, bench.files.get(file, "[]"), bench.problems) or []
    shaped = (bench.shape(GlossaryEntry, file, item, (n,)) for n, item in enumerate(value))
    return tuple(entry for entry in shaped if entry is not None)


def _implications(bench: Workbench, facts: Mapping[str, Fact]) -> tuple[Implication, ...]:
    file = "knowledge/facts/implications.yaml"
    found = []
    for n, item in enumerate(source.read(file, bench.files.get(file, "[]"), bench.problems) or []):
        try:
            first = tuple(r for k, v in item["if"].items() for r in _restrictions(k, v, facts))
            then = tuple(r for k, v in item["then"].items() for r in _restrictions(k, v, facts))
            found.append(Implication(first, then, Text.model_validate(item["plain"])))
        except RuleError as error:
            bench.problem(file, (n,), error.what, error.mend)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            bench.problem(file, (n,), f"not an implication: {error}", "write {if: {fact: value}, then: {fact: value}, plain: {zh, en}}")
    return tuple(found)


def _offered(bench: Workbench, facts: Mapping[str, Fact], places: Places) -> dict[str, Expr]:
    found: dict[str, Expr] = {}
    scope = Scope(facts, frozenset(), places.exact)
    for fact in facts.values():
        if fact.changeable and fact.changeable.when:
            file = next(name for name, text in bench.under("knowledge/facts/") if f"\n{fact.id}:" in "\n" + text)
            tree = _try(bench, file, (fact.id, "changeable", "when"), parse_condition, fact.changeable.when, scope)
            if tree is not None:
                found[fact.id] = tree
    return found


def _restrictions(key: str, value: Any, facts: Mapping[str, Fact]) -> list[Restriction]:
    name, _, option = key.partition(".")
    fact = facts.get(name)
    if fact is None:
        raise RuleError(f"there is no fact «{name}»", nearest(name, facts))
    if fact.type == "set":
        if value == "none" and not option:
            return [Restriction(f"{name}.{o}", False) for o in fact.options]
        if option not in fact.options or not isinstance(value, bool):
            raise RuleError(f"«{key}: {value}» does not fit the set {name}", f"write {name}: none, or {name}.<option>: true")
        return [Restriction(key, value)]
    if fact.type == "boolean" and isinstance(value, bool):
        return [Restriction(name, value)]
    if fact.type == "enum":
        options = frozenset([value] if isinstance(value, str) else value)
        if not options <= set(fact.options):
            raise RuleError(f"«{value}» is no option of {name}", f"options: {', '.join(fact.options)}")
        return [Restriction(name, options)]
    if fact.is_number:
        low, high = (value.get("min"), value.get("max")) if isinstance(value, dict) else (value, value)
        return [Restriction(name, (float("-inf") if low is None else low, float("inf") if high is None else high))]
    raise RuleError(f"«{key}: {value}» is no restriction of {_kind(fact)}", "see implications.yaml for the forms")


def _kind(fact: Fact) -> str:
    return f"the {fact.type} {fact.id}"


# ---------------------------------------------------------------- joining


def _pairs(bench: Workbench, measures: Mapping[str, Measure], rules: Mapping[str, Rule]) -> None:
    for name in measures.keys() - rules.keys():
        if f"rules/{name}.yaml" in bench.files or f"rules/{name}.yaml" in bench.homes:
            continue  # it is there, with problems of its own
        bench.problems.append(Problem(f"knowledge/measures/{name}.yaml", 0, "the measure has no rule", f"write rules/{name}.yaml"))
    for name in rules.keys() - measures.keys():
        if f"knowledge/measures/{name}.yaml" in bench.files or f"knowledge/measures/{name}.yaml" in bench.homes:
            continue
        bench.problems.append(Problem(f"rules/{name}.yaml", 0, "the rule has no measure", f"write knowledge/measures/{name}.yaml"))


def _lineage(name: str, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    chain = [name]
    while (above := measures[chain[0]].carries_out) and above in measures and above not in chain:
        chain.insert(0, above)
    return tuple(chain)


def _exclusions(name: str, rules: Mapping[str, Rule]) -> tuple[NotWith, ...]:
    own = list(rules[name].not_with) if name in rules else []
    listed = {n.measure for n in own}
    for other, rule in rules.items():
        for item in rule.not_with:
            if item.measure == name and other not in listed:
                own.append(item.model_copy(update={"measure": other}))
                listed.add(other)
    return tuple(own)


def _oldest(measure: Measure, rule: Rule | None, documents: Mapping[str, Document]) -> Any:
    cited = {measure.valid.cite.document, *measure.documents}
    cited |= {v.cite.document for f in measure.figures.values() for v in f.history}
    cited |= {c.cite.document for c in rule.conditions} if rule else set()
    days = [documents[d].dated for d in cited if d in documents]
    days += [v.from_ for f in measure.figures.values() for v in f.history]
    days.append(measure.valid.from_)
    return min((d for d in days if d), default=None)


Parsed = tuple[Within | None, tuple[ParsedCondition, ...], Mapping[str, tuple[Any, Num]]]


def _parse(bench: Workbench, measure: Measure, rule: Rule, facts: Mapping[str, Fact], places: Places) -> Parsed:
    file = f"rules/{measure.id}.yaml"

    def place_code(name: str) -> str:
        try:
            return places.exact(name)
        except PlaceError as error:
            named = "、".join(p.label for p in error.candidates)
            raise RuleError(f"«{name}» is no place", f"did you mean {named}?" if named else "use the official full name") from None

    numeric = frozenset(n for n, f in measure.figures.items() if f.unit not in ("text", "date", "phone"))
    scope = Scope(facts, numeric, place_code)
    conditions = []
    for n, condition in enumerate(rule.conditions):
        tree: Expr | None = None
        if condition.if_ is not None:
            tree = _try(bench, file, ("conditions", n, "if"), parse_condition, condition.if_, scope)
        elif condition.decided_by is None:
            bench.problem(file, ("conditions", n), f"condition {condition.id} has neither if nor decided_by", "say who settles it")
        conditions.append(ParsedCondition(condition, tree))
    estimates = {}
    for key, estimate in rule.estimate.items():
        number = _try(bench, file, ("estimate", key, "of"), parse_estimate, estimate.of, scope)
        if number is not None:
            estimates[key] = (estimate, number)
    return _place_test(bench, measure, rule, facts, scope), tuple(conditions), estimates


T = TypeVar("T")


def _try(bench: Workbench, file: str, path: tuple[str | int, ...], parse: Callable[[str, Scope], T], text: str, scope: Scope) -> T | None:
    try:
        return parse(text, scope)
    except RuleError as error:
        bench.problem(file, path, error.what, error.mend)
        return None


def _place_test(bench: Workbench, measure: Measure, rule: Rule, facts: Mapping[str, Fact], scope: Scope) -> Within | None:
    if rule.place not in facts or facts[rule.place].type != "place":
        bench.problem(
            f"rules/{measure.id}.yaml", ("place",), f"«{rule.place}» is no place fact", "use home_place, business_place, living_place …"
        )
        return None
    codes = set()
    for n, region in enumerate(measure.regions):
        try:
            codes.add(scope.place_code(region))
        except RuleError as error:
            bench.problem(f"knowledge/measures/{measure.id}.yaml", ("regions", n), error.what, error.mend)
    return Within(rule.place, frozenset(codes)) if codes and COUNTRY not in codes else None
