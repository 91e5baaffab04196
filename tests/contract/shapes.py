"""Shapes of answers as design/API.md documents them, and a reader that says where an answer departs from one. Fields may be added freely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Shape = Any
"""A type; None; a set of literals; a pattern; (either, or); [of each]; {key: …} that must be there; Each(of every value)."""
JSON_TYPES = {"bool": bool, "int": int, "float": int | float, "str": str, "list": list, "dict": dict}


@dataclass(frozen=True)
class Each:
    """An object of unknown keys whose values all have one shape."""

    of: Shape


def misfits(value: Any, shape: Shape, where: str = "") -> Iterator[str]:
    """Every place at which a value is not of the shape."""
    match shape:
        case tuple():
            if not any(not list(misfits(value, one)) for one in shape):
                yield f"{where}: {value!r:.120}"
        case dict():
            if not isinstance(value, dict):
                yield f"{where}: {value!r:.120} is no object"
                return
            yield from (f"{where}/{key} is missing" for key in shape.keys() - value.keys())
            for key in shape.keys() & value.keys():
                yield from misfits(value[key], shape[key], f"{where}/{key}")
        case list() | Each():
            yield from _all(value, shape, where)
        case re.Pattern():
            if not isinstance(value, str) or not shape.fullmatch(value):
                yield f"{where}: {value!r:.120} does not fit {shape.pattern}"
        case set() | frozenset():
            if value not in shape:
                yield f"{where}: {value!r:.120} is none of {sorted(shape)}"
        case None:
            if value is not None:
                yield f"{where}: {value!r:.120} is not null"
        case _:
            kind = JSON_TYPES[shape.__name__]
            if not isinstance(value, kind) or (isinstance(value, bool) and shape is not bool):
                yield f"{where}: {value!r:.120} is no {shape.__name__}"


def _all(value: Any, shape: list[Shape] | Each, where: str) -> Iterator[str]:
    kind, of = (dict, shape.of) if isinstance(shape, Each) else (list, shape[0])
    if not isinstance(value, kind):
        yield f"{where}: {value!r:.120} is no {kind.__name__}"
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from misfits(item, of, f"{where}/{key}")


SCALAR = (bool, float, str)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ID = re.compile(r"[a-z0-9][a-z0-9-]*")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?")
SAID = re.compile(r"\S.*", re.S)
VERDICTS = {"eligible", "not_eligible", "unknown"}
LEVELS = {"national", "province", "city", "county"}
CHECKED = {"how": {"seen", "reported", "recalled"}, "on": DAY}
CITATION = {"document": ID, "number": (str, None), "title": SAID, "clause": (str, None), "url": (str, None)}
FIGURE = {"label": SAID, "value": SCALAR, "unit": SAID, "from": (DAY, None), "citation": CITATION, "checked": CHECKED}
FIGURES = Each((FIGURE, {"label": SAID, "unit": SAID, "by_place": [FIGURE]}))
REASON = {"condition": SAID, "outcome": {"met", "failed", "unknown"}, "plain": SAID, "facts": [VARIABLE], "citation": CITATION}
ESTIMATE = {"value": float, "unit": SAID, "working": SAID}
STEP = {"change": {"fact": VARIABLE, "to": SCALAR}, "plain": SAID}
APPLY = {"where": (SAID, None), "materials": [SAID], "phone": (SAID, None)}
BRIEF = {"measure": ID, "name": SAID, "verdict": VERDICTS, "missing_facts": [VARIABLE]}
VERDICT = {
    **BRIEF, "level": LEVELS, "region": SAID, "needs": [SAID], "confirmed": bool, "valid_until": (DAY, None), "reasons": [REASON],
    "subject_to": [{"who": SAID, "plain": SAID}], "estimate": Each(ESTIMATE), "steps": [STEP], "figures": FIGURES, "apply": APPLY,
    "lineage": [ID], "not_with": [ID],
}  # fmt: skip
QUESTION = {"fact": VARIABLE, "text": SAID, "options": [{"label": SAID, "value": SCALAR}]}
ANSWER = {
    "as_of": DAY, "catalog_version": SAID, "profile": dict, "best_combination": [ID], "next_question": (QUESTION, None), "unmet_needs": [SAID]
}  # fmt: skip
MATCH = {**ANSWER, "verdicts": [VERDICT]}
BRIEF_MATCH = {**ANSWER, "verdicts": [BRIEF]}
BATCH = {"results": [{"id": (str, int), "eligible": [ID], "unknown": [ID], "not_eligible": [ID]}]}
ROW = {"id": ID, "name": SAID, "level": LEVELS, "regions": [SAID], "needs": [SAID], "in_force": bool}
MEASURES = {"as_of": DAY, "total": int, "measures": [ROW], "next_cursor": (str, None)}
DOCUMENT = {
    "id": ID,
    "number": (str, None),
    "title": SAID,
    "issued_on": (DAY, None),
    "status": SAID,
    "url": (str, None),
    "checked": CHECKED,
}
DOCUMENTS = {"total": int, "documents": [DOCUMENT], "next_cursor": (str, None)}
MEASURE = {
    "id": ID, "name": SAID, "figures": FIGURES, "history": Each([FIGURE]), "lineage": [ID], "sources": [DOCUMENT],
    "conditions": [{"condition": SAID, "plain": SAID, "decided_by": (str, None)}],
}  # fmt: skip
FACT = {"id": VARIABLE, "type": {"boolean", "integer", "money", "enum", "set", "place"}, "label": SAID, "question": SAID, "why": SAID}
FACTS = {"facts": [FACT]}
PLACE = {"code": re.compile(r"\d{2,9}"), "name": SAID, "full_name": SAID, "level": {"province", "city", "county", "township"}}
PLACES = {"places": [PLACE]}
PROBLEM = {"type": SAID, "title": SAID, "status": int, "detail": SAID}
ERRORS = {**PROBLEM, "errors": [{"where": re.compile(r"(/.*)?", re.S), "what": SAID}]}
