"""What must hold between the files once each is well-formed: references, dates, prose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.catalog import prose
from app.catalog.catalog import Catalog, Entry
from app.catalog.language import nearest
from app.catalog.models import LEVELS, Cite, Fact, Figure, FigureValue, Shape, Text
from app.catalog.places import PlaceError
from app.catalog.traverse import Path, find

if TYPE_CHECKING:
    from app.catalog.build import Workbench


def check(catalog: Catalog, bench: Workbench) -> None:
    """Adds a Problem to the bench for each thing that does not hold."""
    lines = [c.number for c in catalog.contacts.values()]
    for entry in catalog.entries.values():
        measure_file, rule_file = f"knowledge/measures/{entry.id}.yaml", f"rules/{entry.id}.yaml"
        _references(catalog, bench, entry, measure_file, rule_file)
        _dates(bench, entry, measure_file)
        for name, figure in entry.measure.figures.items():
            _figure(catalog, bench, measure_file, name, figure)
        for file, shape in ((measure_file, entry.measure), (rule_file, entry.rule)):
            _prose(bench, file, shape, lines, set(entry.measure.figures))
    for document in catalog.documents.values():
        for target in (*document.replaces, *document.carries_out):
            if _unheard(target, catalog, bench):
                bench.problem(
                    f"knowledge/documents/{document.id}.yaml", (), f"there is no document «{target}»", nearest(target, catalog.documents)
                )
    _vocabulary(catalog, bench, lines)


def _vocabulary(catalog: Catalog, bench: Workbench, lines: list[str]) -> None:
    for file, text in bench.under("knowledge/facts/"):
        for fact in catalog.facts.values():
            if f"\n{fact.id}:" in "\n" + text:
                _fact(bench, file, fact, lines)
                _before(bench, file, fact, catalog.facts)
    for n, entry in enumerate(catalog.glossary):
        _prose(bench, "knowledge/words/glossary.yaml", entry, lines, set(), (n,))


def _fact(bench: Workbench, file: str, fact: Fact, lines: list[str]) -> None:
    _prose(bench, file, fact, lines, set(), (fact.id,))
    if odd := [o for o in fact.unasked if o not in fact.options]:
        bench.problem(file, (fact.id, "unasked"), f"«{odd[0]}» is no option of «{fact.id}»", f"options: {', '.join(fact.options)}")
    if fact.type in ("enum", "set") and not fact.options:
        bench.problem(file, (fact.id,), f"the fact «{fact.id}» lacks options", "add them")
    if fact.is_number and (fact.range is None or fact.unit is None):
        bench.problem(file, (fact.id,), f"the fact «{fact.id}» lacks range and unit", "add them")


def _before(bench: Workbench, file: str, fact: Fact, facts: Mapping[str, Fact]) -> None:
    """A question may wait for one other, which waits for none; only a set is asked as a whole."""
    first = facts.get(fact.after) if fact.after else None
    if fact.after and (first is None or first.type not in ("boolean", "set") or first.after):
        bench.problem(file, (fact.id, "after"), f"«{fact.after}» is no yes-or-no and no set that is asked for itself", "name one that is")
    if fact.whole and fact.type != "set":
        bench.problem(file, (fact.id, "whole"), f"«{fact.id}» is no set, so it has no parts to ask about one by one", "drop `whole`")


def _references(catalog: Catalog, bench: Workbench, entry: Entry, measure_file: str, rule_file: str) -> None:
    measure, rule = entry.measure, entry.rule
    for file, shape in ((measure_file, measure), (rule_file, rule)):
        for path, cite in find(Cite, shape):
            if _unheard(cite.document, catalog, bench):
                bench.problem(file, path, f"there is no document «{cite.document}»", nearest(cite.document, catalog.documents))
    for n, document in enumerate(measure.documents):
        if _unheard(document, catalog, bench):
            bench.problem(measure_file, ("documents", n), f"there is no document «{document}»", nearest(document, catalog.documents))
    for n, phone in enumerate(measure.apply.phone):
        if phone not in catalog.contacts:
            bench.problem(
                measure_file, ("apply", "phone", n), f"there is no contact «{phone}»", "add it to knowledge/contacts.yaml with its source"
            )
    sectors = catalog.facts["sector"].options if "sector" in catalog.facts else {}
    for n, sector in enumerate(measure.sectors):
        if sector != "any" and sector not in sectors:
            bench.problem(measure_file, ("sectors", n), f"there is no sector «{sector}»", nearest(sector, sectors))
    parent = catalog.entries.get(measure.carries_out or "")
    if parent and LEVELS.index(parent.measure.level) >= LEVELS.index(measure.level):
        bench.problem(measure_file, ("carries_out",), f"{parent.id} is not of a higher level", "carries_out names the higher measure")
    if measure.tier == "B" and measure.unsure is None:
        bench.problem(measure_file, (), "a tier B measure says nothing of what is not confirmed", "add unsure: {zh, en}")
    if measure.tier == "C" and measure.valid.to is None:
        bench.problem(
            measure_file, ("tier",), "tier C is for what has ended, and it has no last day", "say valid.to, or make it tier A or B"
        )
    seen: set[str] = set()
    for n, condition in enumerate(rule.conditions):
        if condition.id in seen or condition.id in ("place", "valid"):
            bench.problem(rule_file, ("conditions", n, "id"), f"the condition id «{condition.id}» is taken", "give each its own name")
        seen.add(condition.id)


def _unheard(document: str, catalog: Catalog, bench: Workbench) -> bool:
    """Whether there is no such document, not even one whose own file has to be mended first."""
    return document not in catalog.documents and f"knowledge/documents/{document}.yaml" not in bench.files


def _dates(bench: Workbench, entry: Entry, file: str) -> None:
    valid = entry.measure.valid
    if valid.from_ and valid.to and valid.to < valid.from_:
        bench.problem(file, ("valid",), "it ends before it begins", "mend the dates")
    starts = [(n, v.from_) for n, f in entry.measure.figures.items() for v in f.history if v.from_ and not v.former]
    for name, start in starts:
        if valid.from_ and start < valid.from_:
            bench.problem(
                file,
                ("valid", "from"),
                f"the figure {name} has a value from {start}, before the measure's own start",
                "set valid.from to the earliest start known, or null",
            )


def _figure(catalog: Catalog, bench: Workbench, file: str, name: str, figure: Figure) -> None:
    text = figure.unit in ("text", "phone")
    for n, value in enumerate(figure.history):
        path: Path = ("figures", name, "history", n)
        expected = str if text else dt.date if figure.unit == "date" else (int, float)
        if not isinstance(value.value, expected) or isinstance(value.value, bool):
            bench.problem(file, path, f"the value {value.value!r} does not fit the unit {figure.unit}", "quote text; write numbers bare")
        if value.from_ and value.to and value.to < value.from_:
            bench.problem(file, path, "the value ends before it begins", "mend the dates")
        if value.place:
            try:
                catalog.places.exact(value.place)
            except PlaceError:
                bench.problem(file, path, f"there is no place «{value.place}»", "use the official full name")
        for later in range(n):
            if _overlap(catalog, figure.history[later], value):
                bench.problem(file, path, f"two values of {name} are valid on one day", "end the older one, or mark it former: true")


def _overlap(catalog: Catalog, a: FigureValue, b: FigureValue) -> bool:
    if a.former or b.former or a.place != b.place:
        return False
    a_from, b_from = catalog.start_of(a) or dt.date.min, catalog.start_of(b) or dt.date.min
    return a_from <= (b.to or dt.date.max) and b_from <= (a.to or dt.date.max)


def _prose(bench: Workbench, file: str, shape: Shape, lines: list[str], figures: set[str], prefix: Path = ()) -> None:
    for path, text in find(Text, shape):
        for language in ("zh", "en"):
            _sentence(bench, file, (*prefix, *path, language), text, language, lines, figures)


def _sentence(bench: Workbench, file: str, path: Path, text: Text, language: str, lines: list[str], figures: set[str]) -> None:
    said = text.of(language)
    found = prose.digits(said, lines)
    if found:
        bench.problem(file, path, f"prose holds the number «{found}»", "name a figure as {figure_id}, or say it without a number")
    for name in prose.placeholders(said):
        if name not in figures:
            bench.problem(file, path, f"the measure has no figure «{name}»", nearest(name, frozenset(figures)))
    rest = prose.PLACEHOLDER.sub("", said)
    if "{" in rest or "}" in rest:
        bench.problem(file, path, "a brace stands alone or holds no figure id", "placeholders look like {max_principal}")
