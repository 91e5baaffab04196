"""What follows from facts by meaning (knowledge/facts/implications.yaml), for many people at once: the same fixed point as matching.profile.imply."""

from __future__ import annotations

import polars as pl

from app.catalog.catalog import Implication, Restriction
from app.matching.profile import complement
from app.screening.facts import Facts, Layout


def follow(facts: Facts) -> tuple[Facts, pl.Series]:
    """The facts with all that follows from them, and who contradicts themselves (their facts then mean nothing)."""
    found = Facts(facts.layout, facts.height, facts.columns)
    rules = facts.layout.catalog.implications
    again = True
    while again:
        again = False
        for rule in rules:
            if any(found.has(v) for v in rule.variables):
                again |= _apply(rule, found)
    return found, _contradictory(found, facts.layout)


def _apply(rule: Implication, facts: Facts) -> bool:
    """One rule, forwards and backwards; whether it told anything new."""
    true = [~_may_fail(p, facts) for p in rule.if_]
    open_ = [_may_hold(p, facts) & ~t for p, t in zip(rule.if_, true, strict=True)]
    changed = False
    forwards = _all(true, facts)
    if forwards.any():
        for then in rule.then:
            changed |= _restrict(then, forwards, facts)
    excluded = ~_all([_may_hold(then, facts) for then in rule.then], facts)
    if not excluded.any():
        return changed
    for at, premise in enumerate(rule.if_):
        opposite = complement(premise, facts.layout.catalog)
        where = _all([excluded, open_[at], *(t for n, t in enumerate(true) if n != at)], facts)
        if opposite is not None and where.any():
            changed |= _restrict(opposite, where, facts)
    return changed


def _all(planes: list[pl.Series], facts: Facts) -> pl.Series:
    found = facts.constant(True)
    for plane in planes:
        found = found & plane
    return found


def _may_hold(to: Restriction, facts: Facts) -> pl.Series:
    value = to.value
    if isinstance(value, bool):
        return facts.may(to.variable) if value else facts.may_not(to.variable)
    if isinstance(value, frozenset):
        return (facts.mask(to.variable) & facts.layout.masked(to.variable, value)) != 0
    return (facts.high(to.variable) >= value[0]) & (facts.low(to.variable) <= value[1])


def _may_fail(to: Restriction, facts: Facts) -> pl.Series:
    value = to.value
    if isinstance(value, bool):
        return facts.may_not(to.variable) if value else facts.may(to.variable)
    if isinstance(value, frozenset):
        others = facts.layout.whole(to.variable) - facts.layout.masked(to.variable, value)
        return (facts.mask(to.variable) & others) != 0
    return (facts.low(to.variable) < value[0]) | (facts.high(to.variable) > value[1])


def _restrict(to: Restriction, where: pl.Series, facts: Facts) -> bool:
    """Narrows a variable for some people; whether that told anything new."""
    name, value = to.variable, to.value
    news = where & _may_fail(to, facts)
    if not news.any():
        return False
    if isinstance(value, bool):
        so, not_so = facts.may(name), facts.may_not(name)
        facts.columns[name, "may"] = so if value else so & ~news
        facts.columns[name, "may_not"] = not_so & ~news if value else not_so
    elif isinstance(value, frozenset):
        mask = facts.mask(name)
        facts.columns[name, "mask"] = (mask & facts.layout.masked(name, value)).zip_with(news, mask)
    else:
        low, high = facts.low(name), facts.high(name)
        facts.columns[name, "low"] = low.clip(lower_bound=value[0]).zip_with(news, low)
        facts.columns[name, "high"] = high.clip(upper_bound=value[1]).zip_with(news, high)
    return True


def _contradictory(facts: Facts, layout: Layout) -> pl.Series:
    found = facts.constant(False)
    for variable in sorted(facts.variables & layout.catalog.implied):
        kind = layout.kinds[variable]
        if kind == "bits":
            found = found | ~(facts.may(variable) | facts.may_not(variable))
        elif kind == "mask":
            found = found | (facts.mask(variable) == 0)
        elif kind == "number":
            found = found | (facts.low(variable) > facts.high(variable))
    return found
