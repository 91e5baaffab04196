"""Which measures a reply speaks of: what is sure, what a few answers will settle, what opens once the business is registered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.catalog.models import Measure
from app.conversation.asking import NEAR
from app.conversation.draft import Draft
from app.conversation.facts import News, matched
from app.conversation.taking import RELEVANT
from app.matching.match import Match
from app.matching.order import LAST_KINDS, serves, stated_needs
from app.matching.question import answers
from app.matching.verdict import MeasureVerdict, Outcome

MOST_HOPES = 3
NARROW = 3
"""A measure for at most so many trades is one for the person's own trade."""
UNLIKELY, LIKELY = 0.3, 0.5
"""Of the answers that people give, the share with which a condition would be met."""
BUSINESS = {"funding", "training", "site", "registration", "information", "employment"}
"""What people who come home are shown first as long as they name no need."""
BROAD = {"services", "other", "manufacturing"}
"""Trades of so many kinds that only what is meant for all of them fits."""
WIDE = ("national", "province")
"""Levels whose measures are named before the person's place is known."""
MONEY = ("loan", "grant")
TO_BEGIN = ("idea", "preparing")
REGISTERED = (News("business_stage", "registered"), News("business_form", "individual_business"))


Fits = Callable[[Measure], bool]
"""Which measures a question is about."""


@dataclass(frozen=True)
class Hopes:
    """Measures that are not settled: `near` by a few answers, `after` the business is registered. `then`: verdicts once it is."""

    near: Sequence[str]
    after: Sequence[str]
    then: Match


def hoped(d: Draft) -> list[str]:
    """Measures that were named to the person as not settled yet."""
    return [t.removeprefix(NEAR) for t in d.state.case.told if t.startswith(NEAR)]


def sure(d: Draft) -> list[str]:
    """What the person can get and may want, in the order to show."""
    listed = [v for v in d.found.verdicts if v.verdict == "eligible" and d.found.weights[v.id] >= RELEVANT]
    kinds = {v.id: v.measure.entry.measure for v in listed}
    wanted = set(stated_needs(d.found.profile.known)) or BUSINESS
    own = [v for v in listed if wanted & set(kinds[v.id].needs) or _for_trade(v, d.found)]
    plain = [v.id for v in own if kinds[v.id].kind not in LAST_KINDS and kinds[v.id].prominence != "minor"]
    special = [v.id for v in own if v.id in plain and wanted & set(kinds[v.id].needs) and _for_trade(v, d.found)]
    order = [*(i for i in hoped(d) if i in plain), *special[:1], *(i for i in d.found.shown_first if i in plain), *plain]
    return list(dict.fromkeys(order))


def everything(d: Draft) -> list[str]:
    """All that the person can get and that is for their needs or their trade, in the order to show: what is asked for with "what else"."""
    trades = _trades(d.found)
    rest = [
        v.id
        for v in d.found.verdicts
        if v.verdict == "eligible"
        and v.measure.entry.measure.kind not in LAST_KINDS
        and v.measure.entry.measure.prominence != "minor"
        and trades & set(v.measure.entry.measure.sectors)
    ]
    return list(dict.fromkeys([*sure(d), *rest]))


def of_kind(kind: str) -> Fits:
    """Measures of one kind."""
    return lambda measure: measure.kind == kind


def for_need(need: str) -> Fits:
    """Measures that serve one need."""
    return lambda measure: measure.kind not in LAST_KINDS and serves(measure, need)


def hopes(d: Draft, fits: Fits | None = None) -> Hopes:
    """A few measures worth naming although they are not settled: money that was asked for, and what is made for the trade.

    `fits`: only such measures.
    """
    then = registered(d)
    was = {v.id: v.verdict for v in d.found.found}
    fit = [
        v for v in then.verdicts
        if was[v.id] != "eligible" and v.verdict != "not_eligible" and (fits is None or fits(v.measure.entry.measure))
    ]  # fmt: skip
    money = sorted((v for v in fit if _money(v, then)), key=lambda v: (v.measure.entry.measure.prominence != "main", -then.amounts[v.id]))
    paid = {v.id for v in money}
    trade = [v for v in fit if v.id not in paid and _for_trade(v, then)]
    taken = paid | {v.id for v in trade}
    closest = [v for v in d.found.verdicts if v.id in d.found.shown_first and v.verdict == "unknown" and not _is_money(v) and fits is None]
    asked = [v for v in (*fit, *closest) if v.id not in taken and _for_need(v, then)]
    if "funding" in _needs(then):
        chosen = sorted(_few([money, trade, asked], then), key=lambda v: v.id not in paid)
    else:
        chosen = _few([asked, trade, money], then)
    near = [v.id for v in chosen if was[v.id] == "unknown"]
    return Hopes(near, [v.id for v in chosen if v.id not in near], then)


def registered(d: Draft, only: Sequence[str] | None = None) -> Match:
    """Verdicts as they will be once the business is registered, where it is not or where nobody said; of all measures or some."""
    known = d.found.profile.known
    stage, form = known.get("business_stage"), known.get("business_form")
    begun = isinstance(stage, frozenset) and not stage & set(TO_BEGIN)
    if begun:
        return d.found
    named = isinstance(form, frozenset) and "unregistered" not in form and len(form) == 1
    return matched(d.world, d.state.case, REGISTERED[:1] if named else REGISTERED, only=only)


def _few(pools: Sequence[Sequence[MeasureVerdict]], then: Match) -> list[MeasureVerdict]:
    """The first of each pool in turn that hope may be raised for, one of each family."""
    families: set[str] = set()
    chosen: list[MeasureVerdict] = []
    queues = [iter(pool) for pool in pools]
    while queues and len(chosen) < MOST_HOPES:
        queue = queues.pop(0)
        item = next((v for v in queue if v.measure.entry.lineage[0] not in families and _hopeful(v, then)), None)
        if item is not None:
            families.add(item.measure.entry.lineage[0])
            chosen.append(item)
            queues.append(queue)
    return chosen


def _trades(found: Match) -> frozenset[str]:
    sector = found.profile.known.get("sector")
    return sector if isinstance(sector, frozenset) and len(sector) == 1 else frozenset()


def _needs(found: Match) -> set[str]:
    """Needs that were stated; somebody who only asks around wants to hear of money and training."""
    stated = set(stated_needs(found.profile.known)) - {"information"}
    return stated or {"funding", "training"}


def _money(v: MeasureVerdict, found: Match) -> bool:
    """Money for the business, for those who want some or name a trade."""
    measure = v.measure.entry.measure
    wanted = "funding" in _needs(found) or bool(_trades(found))
    return wanted and _is_money(v) and serves(measure, "funding") and _in_trade(v, found)


def _is_money(v: MeasureVerdict) -> bool:
    return v.measure.entry.measure.kind in MONEY


def _for_trade(v: MeasureVerdict, found: Match) -> bool:
    measure = v.measure.entry.measure
    own = _trades(found) & set(measure.sectors)
    return len(measure.sectors) <= NARROW and bool(own) and (measure.prominence == "main" or not own & BROAD)


def _for_need(v: MeasureVerdict, found: Match) -> bool:
    measure = v.measure.entry.measure
    needs = _needs(found) - ({"funding"} if measure.kind == "right" else set())
    return measure.prominence == "main" and any(serves(measure, need) for need in needs) and _in_trade(v, found)


def _in_trade(v: MeasureVerdict, found: Match) -> bool:
    sectors = set(v.measure.entry.measure.sectors)
    return "any" in sectors or bool(_trades(found) & sectors)


def _hopeful(v: MeasureVerdict, found: Match) -> bool:
    """Whether it is honest to raise hopes: no condition that few people meet, and something that fits already or is likely to."""
    measure = v.measure.entry.measure
    if measure.kind in LAST_KINDS or measure.prominence == "minor" or (v.verdict == "unknown" and not v.missing):
        return False
    if measure.level not in WIDE and any(o.status is None and o.condition.parsed is None for o in v.outcomes):
        return False
    open_still = [_chance(o, v, found) for o in v.outcomes if o.status is None]
    stated = set(stated_needs(found.profile.known)) - {"information", "funding"}
    fits = any(o.status is True and o.condition.parsed is not None for o in v.outcomes) or any(serves(measure, n) for n in stated)
    return all(c >= UNLIKELY for c in open_still) and (fits or all(c >= LIKELY for c in open_still))


def _chance(outcome: Outcome, v: MeasureVerdict, found: Match) -> float:
    """The best share of answers to one question with which the condition is met; LIKELY where no single answer meets it."""
    known = found.profile.known
    best = 0.0
    for variable in outcome.condition.order:
        if variable in v.missing:
            shares = (
                share
                for value, share in answers(variable, [v], found.day, known)
                if found.day.settled(outcome.condition, {**known, variable: value}).status is True
            )
            best = max(best, sum(shares))
    return best or LIKELY
