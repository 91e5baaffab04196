"""From the texts of knowledge/words/measures.yaml and hearsay.yaml to `Patterns`: every reference followed, every problem collected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.catalog import Catalog, CatalogInvalid
from app.catalog.build import Workbench
from app.catalog.models import Measure, Text
from app.catalog.prose import digits, placeholders
from app.catalog.source import read
from app.hearsay.patterns import (
    NEVER,
    HearsayShape,
    Item,
    MeasureWords,
    Named,
    Other,
    OtherShape,
    PatternError,
    Patterns,
    Pointing,
    Rumour,
    RumourShape,
    Words,
    compile_way,
    names_of,
    subjects,
    words_regex,
)
from app.hearsay.sayings import Sayings, build_sayings

MEASURES = "knowledge/words/measures.yaml"
HEARSAY = "knowledge/words/hearsay.yaml"
NEEDED = ("charge", "max_cue", "everyone", "state", "gives", "hearsay", "harmless", "labels", "twists", "once", "plain", "tags",
    "story", "turns")  # fmt: skip
"""Groups that the check itself reads."""
FREE_NAMES = frozenset({"name"})
"""Placeholders that every text may use besides figures: the measure's own name."""


def build_patterns(files: Mapping[str, str], catalog: Catalog) -> Patterns:
    """The patterns that the files make. Raises CatalogInvalid with every Problem."""
    bench = Workbench(files)
    named = _named(bench, catalog)
    shape = bench.shape(HearsayShape, HEARSAY, read(HEARSAY, files.get(HEARSAY, "{groups: {}, rumours: []}"), bench.problems) or {})
    rumours: list[Rumour] = []
    groups = shape.groups if shape else {}
    for number, item in enumerate(shape.rumours if shape else ()):
        _checked(bench, catalog, shape.others if shape else {}, number, item)
        unless = words_regex(item.unless) if item.unless else None
        rumours.append(Rumour(number, item, tuple(_ways(bench, number, item, groups)), unless))
    for name in NEEDED:
        if shape and HEARSAY in files and not groups.get(name):
            bench.problem(HEARSAY, ("groups",), f"the group «{name}» is missing or empty", "the check needs it; restore it")
    others = _others(bench, catalog, shape)
    if bench.problems:
        raise CatalogInvalid(bench.problems, catalog)
    silent = dict.fromkeys(NEEDED, NEVER)
    said = {**silent, **{name: words_regex(words) for name, words in groups.items() if words}}
    said["tags"] = words_regex(groups.get("tags", ()), tails=groups.get("tails", ()))
    about = tuple(subjects(said, "\n".join((*r.shape.said, r.shape.misheard or "")).lower()) for r in rumours)
    sure = frozenset(r.shape.measure for r in rumours if r.shape.verdict == "true" and r.shape.measure)
    patterns = Patterns(said, named, tuple(rumours), others, _pointing(shape), subjects=about, also_true=sure)
    return replace(patterns, sayings=_sayings(patterns))


def _sayings(patterns: Patterns) -> Sayings:
    """The wordings of rumours, without the words that only say that it was heard."""
    told = (r for r in patterns.rumours if r.shape.verdict != "true")
    return build_sayings((r.number, patterns.bare(text)) for r in told for text in r.shape.said)


def _others(bench: Workbench, catalog: Catalog, shape: HearsayShape | None) -> dict[str, Other]:
    found = {}
    for name, item in (shape.others if shape else {}).items():
        if name in catalog.entries:
            bench.problem(HEARSAY, ("others", name), f"«{name}» is a measure of the catalogue", "move its names to measures.yaml")
        _prose(bench, catalog, ("others", name), item.truth, None)
        found[name] = Other(name, item, names_of(item.called))
    return found


def _pointing(shape: HearsayShape | None) -> tuple[Pointing, ...]:
    def regex(words: tuple[str, ...]) -> Words | None:
        return words_regex(words) if words else None

    return tuple(Pointing(regex(p.words), regex(p.beside), p.kinds) for p in (shape.pointing if shape else ()))


def _named(bench: Workbench, catalog: Catalog) -> dict[str, Named]:
    raw = read(MEASURES, bench.files.get(MEASURES, "{}"), bench.problems)
    if not isinstance(raw, dict):
        bench.problem(MEASURES, (), "the file is no mapping of measures", "write id: {called: […]} for each")
        raw = {}
    found: dict[str, Named] = {}
    for name, value in raw.items():
        words = bench.shape(MeasureWords, MEASURES, value, (name,))
        entry = catalog.entries.get(name)
        if entry is None:
            bench.problem(MEASURES, (name,), f"there is no measure «{name}»", "mend the id or drop the line")
        elif words is not None:
            for figure in {*words.cues, *words.ignore} - entry.measure.figures.keys():
                bench.problem(MEASURES, (name,), f"{name} has no figure «{figure}»", f"its figures: {', '.join(entry.measure.figures)}")
            cues = {figure: words_regex(said) for figure, said in words.cues.items() if said}
            found[name] = Named(names_of(words.called), cues, frozenset(words.ignore))
    for name in catalog.entries.keys() - raw.keys():
        found[name] = Named(names_of([_bare_name(catalog.entries[name].measure)]), {}, frozenset())
    return found


def _bare_name(measure: Measure) -> str:
    """A measure's own name without what stands in brackets: how it is called until somebody writes down how people call it."""
    return re.sub(r"[（(].*?[）)]", "", measure.name.zh) or measure.name.zh


def _ways(bench: Workbench, number: int, item: RumourShape, groups: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Item, ...]]:
    for n, line in enumerate(item.when):
        try:
            way = compile_way(line, groups)
        except PatternError as error:
            bench.problem(HEARSAY, ("rumours", number, "when", n), error.what, error.mend)
            continue
        if (item.kinds or item.measures) and not any(part.names for part in way):
            bench.problem(HEARSAY, ("rumours", number, "when", n), "a rumour about many measures must name one", "add @")
        yield way


def _checked(bench: Workbench, catalog: Catalog, others: Mapping[str, OtherShape], number: int, item: RumourShape) -> None:
    """Adds a Problem for each thing that a rumour refers to and that is not there."""
    path = ("rumours", number)
    for name in (*item.measures, *([item.measure] if item.measure else [])):
        if name not in catalog.entries and (name not in others or name in item.measures):
            bench.problem(HEARSAY, (*path, "measure"), f"there is no measure «{name}»", "mend the id")
    if item.cite and item.cite not in catalog.documents:
        bench.problem(HEARSAY, (*path, "cite"), f"there is no document «{item.cite}»", "mend the id")
    for line in item.report:
        if line not in catalog.contacts:
            bench.problem(HEARSAY, (*path, "report"), f"there is no contact «{line}»", "add it to knowledge/contacts.yaml")
    if (item.truth is None) == (item.misheard is None) and not (item.measure in others and item.misheard is None):
        bench.problem(HEARSAY, path, "a rumour has either truth or misheard", "keep one of them")
    measure = catalog.entries[item.measure].measure if item.measure and item.measure in catalog.entries else None
    if item.misheard and (measure is None or _misheard(measure, item.misheard) is None):
        lines = "; ".join(m.says.zh for m in measure.misheard) if measure else ""
        bench.problem(HEARSAY, (*path, "misheard"), f"«{item.misheard}» is no misheard line of the measure", f"its lines: {lines}")
    if item.truth:
        _prose(bench, catalog, path, item.truth, measure)
    if item.said and (item.kinds or item.measures or item.verdict == "true"):
        bench.problem(HEARSAY, (*path, "said"), "wordings stand with a rumour about one measure or none that is not so", "drop them")
    if item.verdict == "true":
        _sure(bench, catalog, path, item, measure)


def _misheard(measure: Measure, says: str) -> Text | None:
    return next((m.truth for m in measure.misheard if m.says.zh == says), None)


def _prose(bench: Workbench, catalog: Catalog, path: tuple[str | int, ...], text: Text, measure: Measure | None) -> None:
    known = FREE_NAMES | set(measure.figures if measure else ())
    for language in ("zh", "en"):
        said = text.of(language)
        for name in set(placeholders(said)) - known:
            bench.problem(HEARSAY, (*path, "truth", language), f"there is no figure «{name}»", f"figures: {', '.join(sorted(known))}")
        number = digits(said, catalog.contacts)
        if number:
            bench.problem(HEARSAY, (*path, "truth", language), f"«{number}» is a number in prose", "name a figure in its place")


def _sure(bench: Workbench, catalog: Catalog, path: tuple[str | int, ...], item: RumourShape, measure: Measure | None) -> None:
    """A rumour may be called true only on a document that somebody has read."""
    names = [item.cite] if item.cite else [measure.valid.cite.document] if measure else []
    names += [catalog.entries[m].measure.valid.cite.document for m in item.measures if not item.cite and m in catalog.entries]
    for name in names:
        document = catalog.documents.get(name)
        if document is not None and not document.checked.sure:
            bench.problem(HEARSAY, (*path, "verdict"), f"true rests on {name}, which nobody has read", "cite a document that was seen")
