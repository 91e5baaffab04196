"""A measure, a document, a fact as pages of the REST contract."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.catalog.catalog import Catalog, Entry
from app.catalog.models import Cite, Document, Fact, Figure, Shape
from app.catalog.traverse import find
from app.wording.answer import Voice
from app.wording.render import filler, place_sentence
from app.wording.windows import mark


def measure_page(speaker: Voice, name: str, as_of: dt.date) -> dict[str, Any]:
    """Everything known of a measure as it stands on a day, with its history."""
    catalog, language = speaker.catalog, speaker.language
    entry = catalog.entries[name]
    measure = entry.measure
    fill = filler(catalog, measure, speaker.day.day, None, language)
    valid = measure.valid
    return {
        "id": name,
        "as_of": as_of.isoformat(),
        "catalog_version": catalog.version,
        **speaker.general[name],
        "standing": speaker.day.measures[name].standing,
        "valid": {
            "from": valid.from_ and valid.from_.isoformat(),
            "to": valid.to and valid.to.isoformat(),
            "replaced_by": valid.replaced_by,
            "citation": speaker.citation(valid.cite),
            "checked": speaker.checked(valid.checked),
        },
        "history": {key: history(speaker, figure) for key, figure in measure.figures.items()},
        "conditions": conditions(speaker, entry),
        "carries_out": measure.carries_out,
        "refined_by": [e.id for e in catalog.entries.values() if e.measure.carries_out == name],
        "exclusions": [
            {"measure": n.measure, "inferred": n.inferred, "citation": speaker.citation(n.cite), "checked": speaker.checked(n.checked)}
            for n in entry.not_with
        ],
        "misheard": [{"says": m.says.of(language), "truth": fill(m.truth)} for m in measure.misheard],
        "sources": [document_page(catalog, catalog.documents[d]) for d in sources(entry)],
    }


def conditions(speaker: Voice, entry: Entry) -> list[dict[str, Any]]:
    """The conditions in words, with who decides, source and the expression itself."""
    fill = filler(speaker.catalog, entry.measure, speaker.day.day, None, speaker.language)
    found: list[dict[str, Any]] = []
    if entry.place_test:
        found.append(
            {"condition": "place", "plain": place_sentence(speaker.catalog, entry, speaker.language), "if": None, "decided_by": None}
        )
    for parsed in entry.conditions:
        condition = parsed.condition
        found.append(
            {"condition": condition.id, **speaker.condition(parsed, fill), "if": condition.if_, "decided_by": condition.decided_by}
        )
    return found


def history(speaker: Voice, figure: Figure) -> list[dict[str, Any]]:
    """A figure's values, oldest first; `former` ones have no known dates."""
    return [{**speaker.figure(figure, v), "former": v.former, "note": v.note and v.note.of(speaker.language)} for v in figure.history]


def sources(entry: Entry) -> list[str]:
    """Ids of every document that a measure and its rule cite, in the order of first mention."""
    shapes: tuple[Shape, ...] = (entry.measure, entry.rule)
    cited = [cite.document for shape in shapes for _, cite in find(Cite, shape)]
    return list(dict.fromkeys([*cited, *entry.measure.documents]))


def document_page(catalog: Catalog, document: Document, *, whole: bool = False) -> dict[str, Any]:
    """A policy document; `whole` adds what replaced it and which measures cite it."""
    page: dict[str, Any] = {
        "id": document.id,
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer,
        "level": document.level,
        "issued_on": _day(document.issued_on),
        "effective_from": _day(document.effective_from),
        "effective_to": _day(document.effective_to),
        "status": document.status,
        "replaces": list(document.replaces),
        "carries_out": list(document.carries_out),
        "url": document.url,
        "checked": mark(document.checked),
    }
    if whole:
        page["replaced_by"] = [d.id for d in catalog.documents.values() if document.id in d.replaces]
        page["carried_out_by"] = [d.id for d in catalog.documents.values() if document.id in d.carries_out]
        page["measures"] = [e.id for e in catalog.entries.values() if document.id in sources(e)]
    return page


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def fact_page(fact: Fact, language: str, used_by: int) -> dict[str, Any]:
    """A fact of the vocabulary with its question."""
    return {
        "id": fact.id,
        "type": fact.type,
        "unit": fact.unit,
        "range": fact.range,
        "label": fact.label.of(language),
        "question": fact.question.of(language),
        "help": fact.help and fact.help.of(language),
        "why": fact.why.of(language),
        "options": [
            {"value": o, "label": t.of(language), "question": fact.ask[o].of(language) if o in fact.ask else None}
            for o, t in fact.options.items()
        ],
        "sensitive": fact.sensitive,
        "changeable": fact.changeable is not None,
        "used_by": used_by,
    }
