"""Running the worked examples of rule files, and seeing that they hold the rule in place: a rule that no example pins down can be broken unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalog.catalog import Catalog, Entry
from app.catalog.models import Example
from app.catalog.problems import Problem
from app.catalog.source import line_of
from app.matching.day import Days
from app.matching.estimate import estimates
from app.matching.profile import BadProfile, FactError, parse_profile
from app.matching.verdict import Judge, MeasureVerdict


@dataclass(frozen=True)
class Ran:
    """An example with what came out."""

    number: int
    example: Example
    verdict: MeasureVerdict


def run_examples(catalog: Catalog, entry: Entry, days: Days, files: Mapping[str, str]) -> list[Problem]:
    """Problems of one rule file's examples: wrong outcomes, and conditions or figures that no example pins down."""
    alone = f"rules/{entry.id}.yaml"
    home = catalog.homes.get(alone)
    file = home.file if home else alone
    found: list[Problem] = []

    def problem(number: int, what: str, mend: str = "") -> None:
        path: tuple[str | int, ...] = ("examples", number)
        line = line_of(files.get(file, ""), home.path(path) if home else path)
        found.append(Problem(file, line, f"{home.member}: {what}" if home else what, mend))

    ran: list[Ran] = []
    for number, example in enumerate(entry.rule.examples):
        try:
            ran.append(Ran(number, example, judge_example(catalog, entry, example, days)))
        except BadProfile as error:
            problem(number, f"example «{example.name}»: " + "; ".join(f"{e.where} {e.what}" for e in error.errors), "mend the example")
    for item in ran:
        for what in _differences(catalog, entry, item, days):
            problem(item.number, f"example «{item.example.name}»: {what}", "mend the rule or the example")
    if len(ran) == len(entry.rule.examples):
        for what, mend in _loose_ends(entry, ran):
            problem(0, what, mend)
    return found


def example_profile(entry: Entry, example: Example) -> tuple[dict[str, Any], dt.date]:
    """The facts and the day of an example; `change` starts from the first example."""
    first = entry.rule.examples[0]
    profile = dict(example.profile if example.profile is not None else first.profile or {})
    for key, value in (example.change or {}).items():
        base = profile.get(key)
        if isinstance(value, dict) and isinstance(base, dict) and not {"low", "high"} & value.keys():
            profile[key] = {**base, **value}
        else:
            profile[key] = value
    day = example.as_of or first.as_of
    if day is None:
        raise BadProfile([FactError("as_of", "no date, and the first example has none either")])
    return profile, day


def judge_example(catalog: Catalog, entry: Entry, example: Example, days: Days) -> MeasureVerdict:
    profile, day = example_profile(entry, example)
    return Judge(days.on(day), parse_profile(profile, catalog).known).one(entry.id)


def _differences(catalog: Catalog, entry: Entry, ran: Ran, days: Days) -> Iterator[str]:
    example, got = ran.example, ran.verdict
    if got.verdict != example.verdict:
        yield f"expected {example.verdict}, got {got.verdict} (failed: {', '.join(got.failed) or '-'}; missing: {', '.join(sorted(got.missing)) or '-'})"
        return
    if example.failed is not None and set(example.failed) != set(got.failed):
        yield f"expected {', '.join(example.failed)} to fail, but {', '.join(got.failed) or 'nothing'} did"
    if example.missing is not None and set(example.missing) != got.missing:
        yield f"expected {', '.join(sorted(example.missing)) or 'nothing'} to be missing, but it is {', '.join(sorted(got.missing)) or 'nothing'}"
    profile, day = example_profile(entry, example)
    for name, expected in (example.figures or {}).items():
        figure = entry.measure.figures.get(name)
        value = catalog.value_on(figure, day) if figure else None
        if value is None or value.value != expected:
            yield f"the figure {name} is {value.value if value else 'not known'} on {day}, not {expected}"
    if example.estimate is not None:
        known = parse_profile(profile, catalog).known
        computed = {e.id: e.high for e in estimates(days.on(day), got.measure, known)}
        for name, amount in example.estimate.items():
            if computed.get(name) != amount:
                yield f"the estimate {name} is {computed.get(name, 'not computed')}, not {amount:g}"


def _loose_ends(entry: Entry, ran: list[Ran]) -> Iterator[tuple[str, str]]:
    verdicts = {item.verdict.verdict for item in ran}
    if "eligible" not in verdicts:
        yield "no example is eligible", "add one"
    testable = [c for c in entry.conditions if c.tree is not None]
    if (testable or entry.place_test) and "not_eligible" not in verdicts:
        yield "no example is not_eligible", "add one"
    failing = {frozenset(item.verdict.failed) for item in ran}
    for parsed in testable:
        if frozenset({parsed.condition.id}) not in failing:
            yield f"no example fails {parsed.condition.id} alone", f"add one with failed: [{parsed.condition.id}]"
