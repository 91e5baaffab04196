"""A person's facts as posted -> what is known of each variable: a set of values that are still possible.

Known values are kept per variable (`Knowledge`): bool; frozenset of options; (low, high); a place code. A variable that is not there is
unknown. Implications (knowledge/facts/implications.yaml) are applied to a fixed point, in both directions; a contradiction is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process

from app.catalog.catalog import Catalog, Implication, Restriction
from app.catalog.models import Fact
from app.catalog.places import PlaceError
from app.catalog.problems import GuiyanError

Value = bool | frozenset[str] | tuple[float, float] | str
Knowledge = Mapping[str, Value]
MOST_NAMES, LONGEST_NAME = 1_000, 60
"""A profile that names more, or longer, is refused without looking for what each name might have meant."""


@dataclass(frozen=True)
class FactError:
    """One thing wrong with a posted profile: where (JSON pointer) and what, with the mend."""

    where: str
    what: str


class BadProfile(GuiyanError):
    """The profile cannot be read; carries every error at once."""

    def __init__(self, errors: list[FactError]) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} error(s); first: {errors[0].where} {errors[0].what}")


@dataclass(frozen=True)
class Profile:
    """A person's facts, understood. `stated` is what was said, `known` adds what follows from it."""

    stated: Knowledge
    known: Knowledge
    assumed: tuple[str, ...] = ()
    """Variables filled from another fact (business_place from home_place)."""
    echo: Mapping[str, Any] = field(default_factory=dict)
    """The profile as understood, in the form of the API."""


def parse_profile(raw: Mapping[str, Any], catalog: Catalog) -> Profile:
    """The profile that a JSON object describes. Raises BadProfile with every error."""
    if len(raw) > MOST_NAMES:
        raise BadProfile([FactError("/profile", f"{len(raw)} facts, and there are {len(catalog.facts)}; GET /v1/facts lists them")])
    errors: list[FactError] = []
    stated: dict[str, Value] = {}
    for key, value in raw.items():
        name, _, option = str(key).partition(".")
        fact = catalog.facts.get(name)
        if fact is None:
            errors.append(FactError(f"/profile/{_pointer(key)}", _unknown(f"there is no fact {_shown(str(key))}", name, catalog.facts)))
        elif option:
            _read_set(fact, {option: value}, f"/profile/{_pointer(key)}", stated, errors, dotted=True)
        elif value is not None:
            _read(fact, value, catalog, stated, errors)
    if errors:
        raise BadProfile(errors)
    assumed: tuple[str, ...] = ()
    if "home_place" in stated and "business_place" not in stated and "business_place" in catalog.facts:
        assumed = ("business_place",)
    known = known_from(stated, assumed, catalog)
    return Profile(stated, known, assumed, _echo(stated, catalog))


def known_from(stated: Knowledge, assumed: Iterable[str], catalog: Catalog) -> Knowledge:
    """What follows from stated facts. Raises BadProfile naming the facts that contradict each other."""
    start = dict(stated)
    for variable in assumed:
        start[variable] = start["home_place"]
    return imply(start, catalog.implications, catalog)


def _pointer(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _unknown(what: str, name: str, known: Mapping[str, object]) -> str:
    found = [match for match, _, _ in process.extract(name[:LONGEST_NAME], list(known), limit=3, score_cutoff=50)]
    return f"{what}; nearest: {', '.join(found)}" if found else f"{what}; GET /v1/facts lists them"


# ---------------------------------------------------------------- reading one fact


def _read(fact: Fact, value: Any, catalog: Catalog, into: dict[str, Value], errors: list[FactError]) -> None:
    where = f"/profile/{fact.id}"
    try:
        if fact.type == "set":
            _read_set(fact, value, where, into, errors)
        elif fact.type == "boolean":
            into[fact.id] = _boolean(value)
        elif fact.type == "enum":
            into[fact.id] = frozenset({_option(fact, value)})
        elif fact.type == "place":
            into[fact.id] = _place(value, catalog)
        else:
            into[fact.id] = _number(fact, value)
    except ValueError as error:
        errors.append(FactError(where, str(error)))


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{_shown(value)} is not true or false")
    return value


def _option(fact: Fact, value: Any) -> str:
    if not isinstance(value, str) or value not in fact.options:
        near = _unknown(f"{_shown(value)} is no option", value if isinstance(value, str) else "", fact.options)
        raise ValueError(f"{near}; options: {', '.join(fact.options)}")
    return value


def _place(value: Any, catalog: Catalog) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{_shown(value)} is no name of a place; send the official full name, e.g. 偏关县")
    try:
        return catalog.places.county_of(catalog.places.find(value)).code
    except PlaceError as error:
        if not error.candidates:
            raise ValueError(
                f"there is no place «{value[:40]}»; send the official full name, e.g. 偏关县, or ask GET /v1/places?q="
            ) from None
        names = "、".join(catalog.places.full_name(p.code) for p in error.candidates)
        many = any(value in (p.name, p.short, *p.also) for p in error.candidates)
        raise ValueError(
            f"«{value[:40]}» may be several places: {names}" if many else f"there is no place «{value[:40]}»; nearest: {names}"
        ) from None


def _number(fact: Fact, value: Any) -> tuple[float, float]:
    if isinstance(value, Mapping):
        extra = set(value) - {"low", "high", "value", "approximate"}
        if extra or not {"low", "high"} & set(value):
            raise ValueError('a vague number is {"low": a, "high": b}; either may be absent')
        low = _bare(fact, value["low"]) if value.get("low") is not None else _range(fact)[0]
        high = _bare(fact, value["high"]) if value.get("high") is not None else _range(fact)[1]
        if low > high:
            raise ValueError(f"low {low:g} is above high {high:g}")
        return low, high
    number = _bare(fact, value)
    return number, number


def _bare(fact: Fact, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{_shown(value)} is no number" + (f" of {fact.unit}" if fact.unit else ""))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("the number is not finite")
    low, high = _range(fact)
    if not low <= value <= high:
        raise ValueError(f"{_shown(value)} is out of range: {low:g} to {high:g} {fact.unit or ''}".rstrip())
    if fact.type == "integer" and value != int(value):
        raise ValueError(f"{_shown(value)} is no whole number")
    return value


def _range(fact: Fact) -> tuple[float, float]:
    return fact.range or (-math.inf, math.inf)


def _read_set(fact: Fact, value: Any, where: str, into: dict[str, Value], errors: list[FactError], *, dotted: bool = False) -> None:
    if fact.type != "set" or not isinstance(value, Mapping):
        example = next(iter(fact.options), "option")
        what = (
            f'{_shown(value)} is no set; send {{"{example}": true}}'
            if fact.type == "set"
            else f"«{fact.id}» is no set and has no options to name"
        )
        errors.append(FactError(where, what))
        return
    if len(value) > MOST_NAMES:
        errors.append(FactError(where, f"{len(value)} options, and there are {len(fact.options)}"))
        return
    for option, held in value.items():
        place = where if dotted else f"{where}/{_pointer(option)}"
        if option not in fact.options:
            errors.append(FactError(place, _unknown(f"{_shown(str(option))} is no option of {fact.id}", str(option), fact.options)))
        elif isinstance(held, bool):
            into[f"{fact.id}.{option}"] = held
        elif held is not None:
            errors.append(FactError(place, f"{_shown(held)} is not true or false"))


def _shown(value: Any) -> str:
    """A posted value in an error: short, and as JSON has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list):
        return "an object" if isinstance(value, Mapping) else "a list"
    text = f"«{value}»" if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


# ---------------------------------------------------------------- what follows


def imply(known: Mapping[str, Value], implications: Iterable[Implication], catalog: Catalog) -> dict[str, Value]:
    """Knowledge with all that follows from it by meaning. Raises BadProfile on a contradiction, naming both facts."""
    found = dict(known)
    origin: dict[str, frozenset[str]] = {}
    rules = tuple(implications)
    changed = True
    while changed:
        changed = False
        for rule in rules:
            if rule.variables.isdisjoint(found):
                continue
            status = [holds(premise, found, catalog) for premise in rule.if_]
            if all(s is True for s in status):
                for then in rule.then:
                    changed |= _restrict(then, rule, found, origin, catalog)
            elif False not in status and status.count(None) == 1 and any(holds(then, found, catalog) is False for then in rule.then):
                opposite = complement(rule.if_[status.index(None)], catalog)
                changed |= opposite is not None and _restrict(opposite, rule, found, origin, catalog)
    return found


def holds(restriction: Restriction, known: Knowledge, catalog: Catalog) -> bool | None:
    """Whether a restriction is sure to hold, sure not to, or open."""
    here = known.get(restriction.variable)
    wanted = restriction.value
    if here is None:
        if isinstance(wanted, tuple):
            here = _range(catalog.variables[restriction.variable].fact)
        else:
            return None
    if isinstance(wanted, bool):
        return here is wanted
    if isinstance(wanted, frozenset) and isinstance(here, frozenset):
        return True if here <= wanted else None if here & wanted else False
    assert isinstance(wanted, tuple)
    assert isinstance(here, tuple)
    if wanted[0] <= here[0] and here[1] <= wanted[1]:
        return True
    return False if here[1] < wanted[0] or here[0] > wanted[1] else None


def _restrict(to: Restriction, rule: Implication, found: dict[str, Value], origin: dict[str, frozenset[str]], catalog: Catalog) -> bool:
    """Narrows a variable to a restriction that a rule demands; whether that told anything new."""
    status = holds(to, found, catalog)
    if status is True:
        return False
    sources = frozenset(v for name in rule.variables & found.keys() for v in origin.get(name, frozenset({name})))
    if status is False:
        facts = sorted({v.partition(".")[0] for v in _at_odds(to, rule, found, origin, catalog)})
        raise BadProfile(
            [FactError(f"/profile/{f}", f"{' and '.join(facts)} contradict each other: {rule.plain.en} / {rule.plain.zh}") for f in facts]
        )
    here = found.get(to.variable)
    if isinstance(to.value, tuple):
        low, high = here if isinstance(here, tuple) else _range(catalog.variables[to.variable].fact)
        found[to.variable] = (max(low, to.value[0]), min(high, to.value[1]))
    elif isinstance(to.value, frozenset) and isinstance(here, frozenset):
        found[to.variable] = here & to.value
    else:
        found[to.variable] = to.value
    own = frozenset() if here is None else frozenset({to.variable})
    origin[to.variable] = origin.get(to.variable, own) | sources
    return True


def _at_odds(
    to: Restriction, rule: Implication, found: dict[str, Value], origin: dict[str, frozenset[str]], catalog: Catalog
) -> frozenset[str]:
    """The stated variables that cannot all be true: those that made the premises hold, and the one that they exclude."""
    premises = [p.variable for p in rule.if_ if p.variable != to.variable and holds(p, found, catalog) is True]
    return frozenset(v for name in (*premises, to.variable) for v in origin.get(name, frozenset({name})))


def complement(restriction: Restriction, catalog: Catalog) -> Restriction | None:
    """What holds where a restriction does not; None where that is no one restriction (a number below or above)."""
    value = restriction.value
    fact = catalog.variables[restriction.variable].fact
    if isinstance(value, bool):
        return Restriction(restriction.variable, not value)
    if isinstance(value, frozenset):
        return Restriction(restriction.variable, frozenset(fact.options) - value)
    low, high = _range(fact)
    if value[0] <= low:
        return Restriction(restriction.variable, (value[1] + 1, high))
    return Restriction(restriction.variable, (low, value[0] - 1)) if value[1] >= high else None


# ---------------------------------------------------------------- back to the API's form


def _echo(stated: Knowledge, catalog: Catalog) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, value in stated.items():
        name, _, option = variable.partition(".")
        if option:
            found.setdefault(name, {})[option] = value
        else:
            found[name] = shown(value, catalog)
    return found


def shown(value: Value, catalog: Catalog) -> Any:
    """A known value in the form of the API."""
    if isinstance(value, str):
        return catalog.places.by_code[value].label
    if isinstance(value, frozenset):
        return next(iter(value)) if len(value) == 1 else sorted(value)
    if isinstance(value, tuple):
        low, high = (int(v) if math.isfinite(v) and v == int(v) else v for v in value)
        return low if low == high else {"low": low, "high": high}
    return value
