"""Facts of a case: read, checked against each other, put into words, matched."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.conversation.state import Case, Held
from app.conversation.world import World
from app.matching.day import Day
from app.matching.match import Match, match
from app.matching.profile import BadProfile, Profile, parse_profile
from app.wording.amounts import OPEN_END, amount, length, span
from app.wording.questions import YES_NO
from app.wording.sums import said_unit

RECENT = 64
"""Profiles whose verdicts are remembered."""


@dataclass(frozen=True)
class News:
    """A fact that a message brings, before it is taken in."""

    fact: str
    value: Any
    low: float | None = None
    high: float | None = None
    approximate: bool = False
    quote: str = ""
    method: str = "grammar"
    status: str = "stated"

    def data(self) -> dict[str, Any]:
        names = ("fact", "value", "low", "high", "approximate", "quote", "method", "status")
        return {name: getattr(self, name) for name in names}


def news(heard: Any) -> News:
    """What the understanding room heard, as news. `heard` is a Heard."""
    guessed = heard.certainty == "guessed"
    method = "guess" if guessed else "grammar"
    status = "guessed" if guessed else "stated"
    return News(heard.fact, heard.value, heard.low, heard.high, bool(heard.approximate), heard.quote, method, status)


def posted(world: World, item: News | Held, fact: str) -> Any:
    """A fact's value in the form of POST /v1/match: a vague number as its ends, kept inside the fact's range."""
    variable = world.catalog.variables.get(fact)
    spec = variable.fact if variable else world.catalog.facts[fact]
    if variable is None or not spec.is_number or isinstance(item.value, Mapping):
        return item.value
    low, high = item.low, item.high
    if (low is None and high is None) or low == high:
        return _whole(item.value if low is None else low, spec.type)
    least, most = spec.range or (-math.inf, math.inf)
    ends = {}
    if low is not None:
        ends["low"] = _end(max(low, least), spec.type, math.floor)
    if high is not None and math.isfinite(high):
        ends["high"] = _end(min(high, most), spec.type, math.ceil)
    return ends


def _whole(value: Any, kind: str) -> Any:
    """A number as it may be posted; a whole number where the fact counts."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "integer" and isinstance(value, float):
        return {"low": math.floor(value), "high": math.ceil(value)}
    return value


def _end(value: float, kind: str, to: Any) -> float | int:
    if kind == "integer" or float(value).is_integer():
        return int(to(value))
    return value


def raw_profile(world: World, case: Case, extra: Sequence[News] = (), without: Sequence[str] = ()) -> dict[str, Any]:
    """The facts that count, as a profile to post; `extra` in place of or beside those that are held."""
    found = {v: posted(world, held, v) for v, held in case.facts.items() if held.counts and v not in without}
    return found | {n.fact: posted(world, n, n.fact) for n in extra}


def parsed(world: World, raw: Mapping[str, Any]) -> Profile | None:
    """The profile, or None when its facts cannot be or contradict each other."""
    try:
        return parse_profile(raw, world.catalog)
    except BadProfile:
        return None


def possible(world: World, item: News) -> bool:
    """Whether a fact can be taken at all: known, of its type, in its range."""
    if item.fact not in world.catalog.variables:
        return False
    try:
        return parsed(world, {item.fact: posted(world, item, item.fact)}) is not None
    except (TypeError, ValueError, OverflowError):
        return False


def matched(
    world: World, case: Case, extra: Sequence[News] = (), without: Sequence[str] = (), *, only: Sequence[str] | None = None
) -> Match:
    """Verdicts for a case, of all measures or of some. Facts that contradict each other never get as far as the case; `extra` that does
    is left out."""
    if only is None:
        told = _recent(world.day, world.as_of, _key(raw_profile(world, case, extra, without)))
        found = told or _recent(world.day, world.as_of, _key(raw_profile(world, case)))
        return found or match(world.day, Profile({}, {}), world.as_of)
    profile = parsed(world, raw_profile(world, case, extra, without)) or parsed(world, raw_profile(world, case)) or Profile({}, {})
    return match(world.day, profile, world.as_of, only)


def _key(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, sort_keys=True)


@lru_cache(maxsize=RECENT)
def _recent(day: Day, as_of: dt.date, raw: str) -> Match | None:
    """All verdicts for a profile as JSON, or None when it cannot be. A turn looks at the same few profiles many times, and whoever counts
    the turn looks at them again; what is remembered is only in memory and pushed out by the next people's."""
    try:
        return match(day, parse_profile(json.loads(raw), day.catalog), as_of)
    except BadProfile:
        return None


def clashing(world: World, case: Case, item: News) -> list[str]:
    """Held facts that cannot stand beside a new one; empty when all fits."""
    raw = raw_profile(world, case, [item])
    if parsed(world, raw) is not None:
        return []
    alone = [v for v in raw if v != item.fact and parsed(world, {v: raw[v], item.fact: raw[item.fact]}) is None]
    return alone or [v for v in raw if v != item.fact and parsed(world, {k: x for k, x in raw.items() if k != v}) is not None]


# ---------------------------------------------------------------- in words


def label(world: World, fact: str, language: str) -> str:
    """A variable's name: of a set's option the option's own."""
    variable = world.catalog.variables.get(fact)
    if variable is None:
        return world.catalog.facts[fact].label.of(language) if fact in world.catalog.facts else fact
    if variable.option:
        return variable.fact.options[variable.option].of(language)
    return variable.fact.label.of(language)


def in_words(world: World, fact: str, item: News | Held, language: str) -> str:
    """A value as it is said back."""
    spec = world.catalog.variables[fact].fact
    if isinstance(item.value, bool):
        return YES_NO[language][0 if item.value else 1]
    if spec.is_number:
        return _number(item, said_unit(spec), language)
    if spec.type == "enum" and item.value in spec.options:
        return spec.options[item.value].of(language)
    return str(item.value)


def _number(item: News | Held, unit: str, language: str) -> str:
    value = item.value if not isinstance(item.value, Mapping) else None
    low, high = (item.value.get("low"), item.value.get("high")) if value is None else (item.low, item.high)
    if low is None and high is None:
        low = high = value or 0
    if unit == "months":
        return length(low, high if high is not None and math.isfinite(high) else None, language)
    if low is not None and high is not None and math.isfinite(high):
        return span(low, high, unit, language)
    known = low if low is not None else high
    assert known is not None
    return amount(known, unit, language) + OPEN_END[language][0 if low is not None else 1]


def said_back(world: World, fact: str, item: News | Held, language: str) -> str:
    """A fact in a few words: its name and its value, of a set's option the set and the option."""
    variable = world.catalog.variables[fact]
    if variable.option is None:
        return f"{variable.fact.label.of(language)}{_colon(language)}{in_words(world, fact, item, language)}"
    option = f"{variable.fact.label.of(language)}{_colon(language)}{variable.fact.options[variable.option].of(language)}"
    return option if item.value is True else f"{option}{NOT_SO[language]}"


def phrase(world: World, fact: str, item: News | Held, language: str) -> str:
    """A fact as people say it (said_... of replies.yaml), or else as `said_back` has it."""
    variable = world.catalog.variables[fact]
    end = {True: "", False: "_no"}.get(item.value, "") if isinstance(item.value, bool) else f"_{item.value}"
    name = fact.replace(".", "_")
    keys = [
        f"said_{name}{end}",
        f"said_{name}" if not isinstance(item.value, bool) else "",
        f"said_{variable.fact.id}" if item.value is True else "",
    ]
    key = next((k for k in keys if k in world.replies.texts), None)
    if key is None:
        return said_back(world, fact, item, language)
    value = label(world, fact, language) if variable.option else in_words(world, fact, item, language)
    return world.replies.say(key, language, value=value)


NOT_SO = {"zh": "（没有）", "en": " (no)"}


def _colon(language: str) -> str:
    return "：" if language == "zh" else ": "


def chip(world: World, fact: str, held: Held, language: str) -> dict[str, Any]:
    """A fact as the profile shows it, with the person's words."""
    return {
        "fact": fact,
        "value": held.value,
        "low": held.low,
        "high": held.high,
        "approximate": held.approximate,
        "from_message": held.message,
        "quote": held.quote,
        "certainty": "guessed" if held.status == "guessed" else "stated",
        "status": held.status,
        "method": held.method,
        "label": label(world, fact, language),
        "text": in_words(world, fact, held, language),
        "said": said_back(world, fact, held, language),
        "short": phrase(world, fact, held, language),
    }
