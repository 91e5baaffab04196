"""What the counter shows beside the form, anew after each change: what is known, what to ask next, what the person can get and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.console.case import NO, YES, Person
from app.conversation import World
from app.conversation.asking import wording, worth_asking
from app.conversation.cards import bodies, card
from app.conversation.facts import chip, label, matched
from app.matching.match import Match
from app.matching.verdict import MeasureVerdict

LANGUAGE = "zh"
SHOWN = 7
"""Measures of each kind that are shown whole; the rest by name."""
RELEVANT = 0.3
NEXT = 3
"""Questions that are shown: one to ask, and what comes after it."""


@dataclass(frozen=True)
class Question:
    """What to ask next: the variable, how to say it, why, and the answers to choose from (value, label); none: to be typed."""

    fact: str
    text: str
    why: str
    options: Sequence[tuple[str, str, str]]
    """(fact, value, label): an option of a set is a fact of its own."""


@dataclass(frozen=True)
class Live:
    """Everything beside the form."""

    known: Sequence[Mapping[str, Any]]
    guesses: Sequence[Mapping[str, Any]]
    question: Question | None
    after: Sequence[str]
    eligible: Sequence[Mapping[str, Any]]
    unknown: Sequence[Mapping[str, Any]]
    closed: Sequence[Mapping[str, Any]]
    more: Mapping[str, Sequence[str]]
    """Names of the measures that are not shown whole, by verdict."""
    counts: Mapping[str, int]
    unmet: Sequence[str]

    @property
    def says(self) -> str:
        """For those who hear the page."""
        return f"能办{self.counts['eligible']}项，还要问的{self.counts['unknown']}项，办不了的{self.counts['not_eligible']}项。"


def live(world: World, person: Person) -> Live:
    """The whole side of a person."""
    case = person.case
    found = matched(world, case)
    asked = worth_asking(world, case, found)[:NEXT]
    chips = [chip(world, name, held, LANGUAGE) for name, held in case.facts.items()]
    kinds = {kind: [v for v in found.verdicts if v.verdict == kind] for kind in ("eligible", "unknown", "not_eligible")}
    near = [v for v in kinds["not_eligible"] if found.weights[v.id] >= RELEVANT and v.failed and "place" not in v.failed]
    shown = {"eligible": kinds["eligible"][:SHOWN], "unknown": kinds["unknown"][:SHOWN], "not_eligible": near[:SHOWN]}
    made = _made(world, found, [v for vs in shown.values() for v in vs])
    rest = {**kinds, "not_eligible": near}
    return Live(
        known=[c for c in chips if c["certainty"] == "stated"],
        guesses=[c for c in chips if c["certainty"] == "guessed"],
        question=question(world, asked[0]) if asked else None,
        after=[label(world, name, LANGUAGE) for name in asked[1:]],
        eligible=[made[v.id] for v in shown["eligible"]],
        unknown=[made[v.id] for v in shown["unknown"]],
        closed=[made[v.id] for v in shown["not_eligible"]],
        more={kind: [v.measure.entry.measure.name.zh for v in rest[kind][SHOWN:]] for kind in rest},
        counts={kind: len(vs) for kind, vs in kinds.items()},
        unmet=[world.catalog.facts["needs"].options[n].zh for n in found.unmet_needs],
    )


def _made(world: World, found: Match, verdicts: Sequence[MeasureVerdict]) -> dict[str, dict[str, Any]]:
    """Measures as cards, with what is missing, what failed and what could be done about it."""
    whole = bodies(world, found, [v.id for v in verdicts], LANGUAGE)
    made = {}
    for name, body in whole.items():
        missing = list(dict.fromkeys(label(world, fact, LANGUAGE) for fact in body["missing_facts"]))
        failed = [r for r in body["reasons"] if r["outcome"] == "failed"]
        steps = [s["plain"] for s in body["steps"]]
        made[name] = {**card(world, body, LANGUAGE), "missing": missing, "failed": failed, "steps": steps, "subject_to": body["subject_to"]}
        made[name]["why_plain"] = body.get("why_plain", "")
    return made


def question(world: World, variable: str) -> Question:
    """A question with the answers that may be chosen."""
    item = world.catalog.variables.get(variable)
    fact = item.fact if item else world.catalog.facts[variable]
    text, why = wording(world, variable, LANGUAGE), fact.why.zh
    if item is None:
        return Question(variable, text, why, [(f"{variable}.{o}", YES, t.zh) for o, t in fact.options.items()])
    if item.type == "boolean":
        return Question(variable, text, why, [(variable, YES, "是"), (variable, NO, "不是")])
    return Question(variable, text, why, [(variable, o, t.zh) for o, t in fact.options.items()])
