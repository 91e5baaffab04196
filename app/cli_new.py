"""Shell: `guiyan new measure`: asks for what a measure needs, one question at a time, checks each answer, writes the two files."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from app.catalog import Catalog, prose
from app.catalog.language import RuleError, Scope, nearest, parse_condition
from app.catalog.models import DecidedBy, Kind, Level, Need, Unit
from app.catalog.places import PlaceError
from app.cli_new_examples import Draft, complete
from app.clock import today

T = TypeVar("T")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Stopped(Exception):
    """The answers ended before the measure was whole."""


class Asking:
    """Questions on the terminal: an answer that does not fit is explained and asked again; `?` lists what may be said."""

    def ask(self, question: str, read: Callable[[str], T], default: str | None = None) -> T:
        """One answer, read by `read`, which raises ValueError with the reason when it does not fit."""
        hint = f" [{default}]" if default else ""
        while True:
            print(f"{question}{hint}: ", end="", flush=True)
            line = sys.stdin.readline()
            if not line:
                raise Stopped
            try:
                return read(line.strip() or default or "")
            except ValueError as error:
                print(f"  ! {error}")

    def text(self, question: str) -> dict[str, str]:
        """The same thing in Chinese and in English."""
        return {"zh": self.ask(f"{question}, in Chinese", _said), "en": self.ask(f"{question}, in English", _said)}

    def chosen(self, question: str, options: Collection[str], default: str | None = None) -> str:
        return self.ask(f"{question} (? lists them)", lambda said: _one_of(said, options), default)

    def several(self, question: str, options: Collection[str], default: str | None = None) -> list[str]:
        return self.ask(
            f"{question} (several with commas; ? lists them)", lambda said: [_one_of(s, options) for s in _parts(said)], default
        )


def _parts(said: str) -> list[str]:
    found = [part.strip() for part in re.split(r"[,，、]", said) if part.strip()]
    if not found:
        raise ValueError("say at least one")
    return found


def _said(said: str) -> str:
    if not said:
        raise ValueError("this cannot stay empty")
    if found := prose.digits(said):
        raise ValueError(f"it holds the number «{found}»: numbers are figures, asked for before; name one as {{figure_id}}")
    return said


def _one_of(said: str, options: Collection[str]) -> str:
    if said not in options:
        listed = ", ".join(options) if said in ("?", "") or len(options) < 12 else nearest(said, frozenset(options))
        raise ValueError(f"«{said}» is none of them: {listed}" if said not in ("?", "") else listed)
    return said


def _id(taken: Collection[str], pattern: str = r"[a-z0-9][a-z0-9-]*") -> Callable[[str], str]:
    def read(said: str) -> str:
        if not re.fullmatch(pattern, said):
            raise ValueError("small letters, digits and - (in a figure or condition: _) only, such as school-transfer")
        if said in taken:
            raise ValueError(f"«{said}» is taken")
        return said

    return read


def _date(said: str) -> dt.date | None:
    if not said:
        return None
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise ValueError("write it as YYYY-MM-DD, or leave it empty when nobody found it") from None


def _maybe(said: str) -> str | None:
    return said or None


class Author:
    """One sitting: what is being written, and the catalogue that it joins."""

    def __init__(self, catalog: Catalog, on: dt.date) -> None:
        self.catalog, self.on, self.asking = catalog, on, Asking()
        self.document: dict[str, Any] | None = None
        self.source: dict[str, Any] = {}

    def draft(self) -> Draft:
        """Every answer, in the form of the files."""
        ask = self.asking
        name = ask.ask("Id of the measure, e.g. county-rent-award", _id(self.catalog.entries))
        measure: dict[str, Any] = {"id": name, "name": ask.text("Name")}
        print("The document that says so (seen by you; what nobody read stays empty).")
        self._document()
        measure |= self._standing()
        measure["figures"] = self._figures()
        measure |= self._said(measure["tier"])
        place = self._place(measure["regions"])
        conditions = self._conditions(measure["figures"])
        rule = {
            "measure": name,
            **place,
            "conditions": conditions,
            "estimate": {},
            "not_with": [],
            "examples": [],
        }
        return Draft(name, measure, rule, self.document)

    def _document(self) -> None:
        ask, documents = self.asking, self.catalog.documents
        name = ask.ask("Document id, known or new, e.g. sx-2026-12", _id(()))
        if name in documents:
            print(f"  known: {documents[name].title}")
        else:
            near = nearest(name, documents)
            print(f"  new{f' ({near})' if near else ''}: a file for it is written too")
            self.document = {
                "id": name,
                "number": ask.ask("  Its number (文号), if it has one", _maybe),
                "title": ask.ask("  Its title", _whole),
                "issuer": ask.ask("  Who issued it", _maybe),
                "level": ask.chosen("  Its level", get_args(Level)),
                "issued_on": ask.ask("  Issued on", _date),
                "effective_from": ask.ask("  In effect from", _date),
                "effective_to": ask.ask("  In effect until", _date),
                "status": ask.chosen("  Status", ("in_force", "expired", "superseded", "unknown"), "in_force"),
                "url": ask.ask("  Official address of the text", _maybe),
            }
        clause = ask.ask("Clause, if you read it", _maybe)
        how = ask.chosen("How is it known", ("seen", "reported", "recalled"), "seen")
        confidence = ask.chosen("How sure", ("high", "medium", "low"), "medium")
        self.source = {"cite": {"document": name, "clause": clause}, "checked": {"how": how, "confidence": confidence, "on": self.on}}
        if self.document is not None:
            self.document["checked"] = dict(self.source["checked"])

    def _known(self) -> dict[str, Any]:
        """The source, fresh each time so that YAML writes it out."""
        return {key: dict(value) for key, value in self.source.items()}

    def _standing(self) -> dict[str, Any]:
        ask = self.asking
        tier = ask.chosen("Tier: A in force and read, B not confirmed, C ended", ("A", "B", "C"), "B")
        level = ask.chosen("Level", get_args(Level))
        regions = ask.ask("Regions, official full names, or 全国", self._regions, "全国" if level == "national" else "山西省")
        kind = ask.chosen("Kind", get_args(Kind))
        prominence = ask.chosen("Prominence", ("main", "useful", "minor"), "useful")
        begins, ends = ask.ask("In force from", _date), ask.ask("In force until", _date)
        valid = {"from": begins, "to": ends, **self._known(), "replaced_by": None}
        sectors = ("any", *self.catalog.facts["sector"].options) if "sector" in self.catalog.facts else ("any",)
        return {
            "tier": tier,
            "level": level,
            "regions": regions,
            "kind": kind,
            "prominence": prominence,
            "valid": valid,
            "needs": ask.several("Needs that it serves", get_args(Need)),
            "sectors": ask.several("Sectors", sectors, "any"),
            "carries_out": ask.ask("Higher measure that it carries out, if any", lambda s: _one_of(s, self.catalog.entries) if s else None),
        }

    def _regions(self, said: str) -> list[str]:
        found = _parts(said)
        for region in found:
            try:
                self.catalog.places.exact(region)
            except PlaceError:
                raise ValueError(f"there is no place «{region}»; use the official full name, e.g. 静乐县") from None
        return found

    def _figures(self) -> dict[str, Any]:
        ask = self.asking
        found: dict[str, Any] = {}
        print("Figures: every number, e.g. max_principal. An empty id ends the list.")
        while name := ask.ask("Figure id", lambda s: _id(found, r"[a-z][a-z0-9_]*")(s) if s else ""):
            label = ask.text("  What it is")
            unit = ask.chosen("  Unit", get_args(Unit))
            value = ask.ask("  Value", lambda s: _value(s, unit))  # noqa: B023 - read at once
            start, end = ask.ask("  From", _date), ask.ask("  Until", _date)
            found[name] = {"label": label, "unit": unit, "history": [{"from": start, "to": end, "value": value, **self._known()}]}
        return found

    def _said(self, tier: str) -> dict[str, Any]:
        ask, catalog = self.asking, self.catalog
        print("Prose holds no digits: name figures as {figure_id}; the unit is added.")
        gives = ask.text("What it gives, as you would tell a neighbour")
        where = ask.text("Where to go")
        phones = ask.ask(
            "Telephone lines (known ids, commas)", lambda s: [_one_of(p, catalog.contacts) for p in _parts(s)], next(iter(catalog.contacts))
        )
        unsure = ask.text("What is not confirmed, in one sentence") if tier == "B" else None
        apply = {"where": where, "online": None, "materials": [], "deadline": None, "phone": phones, "takes": None}
        return {"gives": gives, "apply": apply, "unsure": unsure, "misheard": [], "documents": []}

    def _place(self, regions: list[str]) -> dict[str, str]:
        places = [fact.id for fact in self.catalog.facts.values() if fact.type == "place"]
        if regions == ["全国"] or "home_place" not in places:
            return {}
        place = self.asking.chosen("Which place must lie there", places, "home_place")
        return {} if place == "home_place" else {"place": place}

    def _conditions(self, figures: Mapping[str, Any]) -> list[dict[str, Any]]:
        ask, found = self.asking, list[dict[str, Any]]()
        scope = Scope(self.catalog.facts, frozenset(figures), self.catalog.places.exact)
        print("Conditions: one requirement each. An empty id ends the list.")
        while name := ask.ask("Condition id", lambda s: _id({c["id"] for c in found}, r"[a-z][a-z0-9_]*")(s) if s else ""):
            expression = ask.ask("  if, e.g. age <= figure.max_age (empty: only an office can tell)", lambda s: _expression(s, scope))
            decided = ask.ask("  Decided by", lambda s: _one_of(s, get_args(DecidedBy)) if s or expression is None else None)  # noqa: B023
            condition: dict[str, Any] = {"id": name}
            condition |= {"if": expression} if expression else {}
            condition |= {"decided_by": decided} if decided else {}
            found.append({**condition, "plain": ask.text("  In plain words"), **self._known()})
        return found


def _whole(said: str) -> str:
    if not said:
        raise ValueError("this cannot stay empty")
    return said


def _value(said: str, unit: str) -> int | float | str | dt.date:
    if unit in ("text", "phone"):
        return _whole(said)
    if unit == "date":
        found = _date(said)
        if found is None:
            raise ValueError("write it as YYYY-MM-DD")
        return found
    if not NUMBER.fullmatch(said):
        raise ValueError(f"«{said}» is no number; write 300000 for 30万")
    return float(said) if "." in said else int(said)


def _expression(said: str, scope: Scope) -> str | None:
    if not said:
        return None
    try:
        parse_condition(said, scope)
    except RuleError as error:
        figures = f" (figures are named figure.{', figure.'.join(sorted(scope.figures))})" if scope.figures else ""
        raise ValueError(f"{error.what}; {error.mend or 'mend it'}{figures}") from None
    except PlaceError as error:
        raise ValueError(str(error)) from None
    return said


def new_measure(root: Path, catalog: Catalog, files: Mapping[str, str]) -> int:
    """Asks, writes, checks; 0 when the new measure is in order, 1 when it was written with problems, 2 when nothing was written."""
    author = Author(catalog, today())
    try:
        draft = author.draft()
        problems = complete(draft, files, author.asking)
    except Stopped:
        print("\nThe answers ended too early: nothing was written.", file=sys.stderr)
        return 2
    for name, text in draft.texts().items():
        (root / name).write_text(text, encoding="utf-8")
        print(f"written: {name}")
    for problem in problems:
        print(problem)
    mend = f"{len(problems)} problem(s): mend the files, then guiyan check --only {draft.name}"
    print(mend if problems else "In order. Now: guiyan ledger --write, and let a second person read the changed lines.")
    return 1 if problems else 0
