"""Which question comes next, how it is put, and what the buttons under it mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.conversation.facts import News
from app.conversation.state import Case
from app.conversation.world import World
from app.matching.match import Match
from app.matching.question import ranked_questions
from app.wording.questions import question as put

BASICS = ("sector", "home_place", "needs")
"""Asked first where the opening question brought no word of them: with these the rest of the questions gets short."""
APART = {f"needs.{n}" for n in ("employment", "children_education", "family_support", "social_insurance", "land", "grievance")}
"""Needs of people who may have no trade in mind at all: they are not asked for one."""
MATTERS = 0.3
"""Weight below which a measure is no reason for a question."""
FLOOR = 0.25
"""A question that is expected to settle less than this is not worth a person's time."""
MOST_RANKED = 8
MOST_IN_ROUND = 6
NEAR, NAMED = "near:", 3.0
"""What was named to the person as not settled yet is settled before the rest."""
BUTTONS = {"b_dont_know": "dont_know", "b_skip": "skip", "b_refuse": "refuse"}


def questions(world: World, case: Case, found: Match) -> list[str]:
    """Variables to ask in this round, best first. A round is short: who wants to go on says so."""
    room = MOST_IN_ROUND - (len(case.asked) - case.before_round)
    return worth_asking(world, case, found)[: max(0, room)]


def worth_asking(world: World, case: Case, found: Match) -> list[str]:
    """Variables still worth asking, best first: none that was asked, is known, or that the person would not answer."""
    blocked = {*case.asked, *case.closed, *(v for v, h in case.facts.items() if h.counts)}
    no_trade = {
        v for v, h in case.facts.items() if v.startswith("needs.") and h.value is True
    } & APART and "needs.funding" not in case.facts
    basics = [v for v in BASICS if v not in blocked and not _known(v, case, found) and not (v == "sector" and no_trade)]
    most = MOST_RANKED + len(blocked)
    named = {t.removeprefix(NEAR) for t in case.told if t.startswith(NEAR)}
    weights = {name: weight * (NAMED if name in named else 1.0) for name, weight in found.weights.items()}
    waiting = [v for v in found.found if weights[v.id] >= MATTERS]
    ranked = ranked_questions(waiting, world.day, found.profile.known, weights, most)
    worth = [q.variable for q in ranked if q.gain >= FLOOR and q.variable not in blocked and q.variable not in basics]
    return list(dict.fromkeys([*basics, *(w for v in worth if (w := as_asked(world, case, v)) is not None)]))


def as_asked(world: World, case: Case, variable: str) -> str | None:
    """The question that a variable belongs to: the whole set where it is asked as one; None when that has been told of or asked."""
    name, _, option = variable.partition(".")
    if option in world.catalog.facts[name].unasked:
        return None
    before = world.catalog.facts[name].after
    if before is not None and not _is_so(case, before):
        return None if _is_over(case, before) else as_asked(world, case, _first(world, before))
    if not option or not world.catalog.facts[name].whole:
        return variable
    return None if _is_so(case, name) or name in case.asked or name in case.closed else name


def _is_so(case: Case, name: str) -> bool:
    """Whether a yes-or-no is known to be yes, or something of a set is."""
    return any(h.value is True and h.counts for v, h in case.facts.items() if v.partition(".")[0] == name)


def _is_over(case: Case, name: str) -> bool:
    """Whether it is known not to be so, or was asked in vain."""
    known = [v for v, h in case.facts.items() if h.counts]
    return any(v.partition(".")[0] == name for v in (*known, *case.asked, *case.closed))


def _first(world: World, name: str) -> str:
    """A variable of a fact, for its question."""
    return f"{name}.{next(iter(options))}" if (options := world.catalog.facts[name].options) else name


def asks_set(world: World, variable: str) -> bool:
    """Whether a question is one about a whole set."""
    return variable in world.catalog.facts and world.catalog.facts[variable].type == "set"


def _known(variable: str, case: Case, found: Match) -> bool:
    if variable == "needs":
        return any(v.startswith("needs.") and held.counts for v, held in case.facts.items())
    return variable in found.profile.known and variable not in found.profile.assumed


def block(world: World, variable: str, language: str, text: str, left: int) -> dict[str, Any]:
    """A question as a block: its words, why it is asked, its answers."""
    if variable in world.catalog.variables:
        asked = put(world.day, variable, language)
    else:
        fact = world.catalog.facts[variable]
        options = [{"label": t.of(language), "value": o} for o, t in fact.options.items()]
        asked = {"fact": variable, "type": "set", "help": fact.help and fact.help.of(language), "why": fact.why.of(language)}
        asked |= {"sensitive": fact.sensitive, "options": options}
    return {"kind": "question", **asked, "text": text, "left": left}


def wording(world: World, variable: str, language: str) -> str:
    """The question in full."""
    if variable == "sector":
        return world.replies.say("basics_sector", language)
    if variable == "needs":
        return world.replies.say("basics_needs", language)
    if asks_set(world, variable):
        return world.catalog.facts[variable].question.of(language)
    return str(put(world.day, variable, language)["text"])


def is_sensitive(world: World, variable: str) -> bool:
    return world.catalog.facts[variable.partition(".")[0]].sensitive


def buttons(world: World, variable: str, language: str) -> list[dict[str, str]]:
    """Quick replies under a question. Each is understood without any guessing when it comes back."""
    labels = [text for text, _ in _choices(world, variable, language)]
    keys = ["b_dont_know", "b_refuse" if is_sensitive(world, variable) else "b_skip"]
    labels += [world.replies.say(key, language) for key in keys]
    return [{"label": text, "text": text} for text in labels]


def pressed(world: World, variable: str, text: str) -> News | str | None:
    """What a button's text means for the open question: a fact, or dont_know, skip, refuse; None for any other text."""
    said = text.strip()
    for language in ("zh", "en"):
        for words, value in _choices(world, variable, language):
            if said == words:
                fact, held = (f"{variable}.{value}", True) if asks_set(world, variable) else (variable, value)
                return News(fact, held, quote=said, method="button")
        for key, intent in BUTTONS.items():
            if said == world.replies.say(key, language):
                return intent
    return None


def _choices(world: World, variable: str, language: str) -> Sequence[tuple[str, Any]]:
    item = world.catalog.variables.get(variable)
    if item is None or item.type == "enum":
        options = item.fact.options if item else world.catalog.facts[variable].options
        return [(text.of(language), option) for option, text in options.items()]
    if item.type != "boolean":
        return []
    has = "有" in wording(world, variable, "zh")
    yes, no = ("b_have", "b_have_not") if has else ("b_yes", "b_no")
    return [(world.replies.say(yes, language), True), (world.replies.say(no, language), False)]
