"""Shell: the examples of a new measure: each is judged at once, so that the author sees what the rule really says, and says what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import yaml

from app.catalog import Catalog, CatalogInvalid, Problem, build_catalog
from app.catalog.lints import lint
from app.catalog.models import Example
from app.catalog.source import read as read_yaml
from app.matching.day import ONE_DAY, Days
from app.matching.examples import judge_example, run_examples
from app.matching.lints import lint_rule
from app.matching.profile import BadProfile
from app.matching.verdict import MeasureVerdict

T = TypeVar("T")


class Asks(Protocol):
    """Somebody who can be asked."""

    def ask(self, question: str, read: Callable[[str], T], default: str | None = None) -> T: ...


@dataclass
class Draft:
    """A measure that is being written: its files' values."""

    name: str
    measure: dict[str, Any]
    rule: dict[str, Any]
    document: dict[str, Any] | None

    def texts(self) -> dict[str, str]:
        """The files: name -> text."""
        found = {f"knowledge/measures/{self.name}.yaml": dump(self.measure), f"rules/{self.name}.yaml": dump(self.rule)}
        if self.document:
            found[f"knowledge/documents/{self.document['id']}.yaml"] = dump(self.document)
        return found

    @property
    def examples(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.rule["examples"]
        return found


def dump(value: object) -> str:
    """YAML as the files have it: Chinese as it is, small mappings on one line, keys in the given order, nothing by reference."""
    return yaml.dump(value, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=1_000_000, default_flow_style=None)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def complete(draft: Draft, files: Mapping[str, str], asking: Asks) -> list[Problem]:
    """Asks for examples until the check is content or the author stops; the problems that are left."""
    print("Examples. First somebody who gets it, as facts: home_place: 静乐县, age: 40 (guiyan's facts: GET /v1/facts, knowledge/facts).")
    catalog = _first(draft, files, asking)
    if catalog is None:
        return _problems(draft, files)
    _last_days(draft)
    while problems := _problems(draft, files):
        print("Still missing:")
        for problem in problems:
            print(f"  - {problem.what}" + (f" — {problem.mend}" if problem.mend else ""))
        change = asking.ask("One more example: what is different, e.g. age: 61 (empty: leave it at that)", _facts)
        if not change:
            return problems
        _another(draft, catalog, change, asking)
    return []


def _first(draft: Draft, files: Mapping[str, str], asking: Asks) -> Catalog | None:
    """Somebody who gets it; None when the files make no catalogue, so that nothing can be judged."""
    day = draft.measure["valid"]["to"] or draft.measure["valid"]["checked"]["on"]
    while True:
        profile = asking.ask("Facts", _facts)
        draft.rule["examples"] = [{"name": "能办的人", "as_of": day, "profile": profile, "verdict": "eligible"}]
        try:
            catalog = build_catalog({**files, **draft.texts()})
        except CatalogInvalid as error:
            for problem in error.problems:
                print(f"  ! {problem}")
            return None
        if (verdict := _judged(draft, catalog, draft.examples[0])) is None:
            continue
        if verdict.verdict == "eligible":
            figures = {n: f["history"][0]["value"] for n, f in draft.measure["figures"].items() if f["history"][0]["to"] is None}
            draft.examples[0] |= {"figures": figures} if figures else {}
            return catalog
        print(f"  ! with these facts it is {_told(verdict)}; say more, or mend them")


def _judged(draft: Draft, catalog: Catalog, example: Mapping[str, Any]) -> MeasureVerdict | None:
    """What comes out; None, with the reason printed, when the facts cannot be understood."""
    try:
        entry = catalog.entries[draft.name]
        return judge_example(catalog, entry, Example.model_validate(example), Days(catalog))
    except BadProfile as error:
        for item in error.errors:
            print(f"  ! {item.where} {item.what}")
        return None


def _told(verdict: MeasureVerdict) -> str:
    why = verdict.failed or sorted(verdict.missing)
    return verdict.verdict + (f" ({'fails' if verdict.failed else 'not said'}: {', '.join(why)})" if why else "")


def _another(draft: Draft, catalog: Catalog, change: dict[str, Any], asking: Asks) -> None:
    """One more example, if what comes out is what the author means."""
    name = asking.ask("  Who is that, in a few words", lambda said: said or "另一个人")
    example = {"name": name, "change": change, "verdict": "unknown"}
    verdict = _judged(draft, catalog, example)
    if verdict is None:
        return
    if asking.ask(f"  That person: {_told(verdict)}. Is that so (y, n)", _yes, "y"):
        failed = {"failed": list(verdict.failed)} if verdict.failed else {}
        missing = {"missing": sorted(verdict.missing)} if verdict.missing else {}
        draft.examples.append({**example, "verdict": verdict.verdict, **failed, **missing})
    else:
        print("  ! then a condition is not what you mean: mend the rule when it is written; the example is not kept")


def _last_days(draft: Draft) -> None:
    """A measure that ends: an example on the day after. The first example stands on its last day."""
    end: dt.date | None = draft.measure["valid"]["to"]
    if end is not None:
        after = {"name": "到期以后头一天", "as_of": end + ONE_DAY, "change": {}, "verdict": "not_eligible", "failed": ["valid"]}
        draft.examples.append(after)


def _problems(draft: Draft, files: Mapping[str, str]) -> list[Problem]:
    """What `guiyan check --only` would say."""
    whole = {**files, **draft.texts()}
    try:
        catalog = build_catalog(whole)
    except CatalogInvalid as error:
        return [p for p in error.problems if p.file in draft.texts()]
    entry, days = catalog.entries[draft.name], Days(catalog)
    domains = days.on(draft.examples[0]["as_of"]).domains
    found = run_examples(catalog, entry, days, whole) or lint_rule(catalog, entry, domains, whole)
    return [*(p for p in lint(catalog, whole) if p.file in draft.texts()), *found]


def _facts(said: str) -> dict[str, Any]:
    """Facts on one line, with or without braces."""
    problems: list[Problem] = []
    found = read_yaml("", said if said.startswith("{") else "{" + said + "}", problems)
    if problems or not isinstance(found, dict):
        raise ValueError("write fact: value, fact: value; sets as needs: {funding: true}")
    return {str(key): value for key, value in found.items()}


def _yes(said: str) -> bool:
    if said.lower() not in ("y", "yes", "n", "no", "是", "否"):
        raise ValueError("y or n")
    return said.lower() in ("y", "yes", "是")
