"""What stands: everything that the person can get, of one kind, in their county, or in general."""

from __future__ import annotations

from collections.abc import Sequence

from app.catalog.models import Measure
from app.conversation.draft import HOTLINE, Draft
from app.conversation.facts import chip, phrase
from app.conversation.naming import name_hopes, unmet
from app.conversation.picture import Fits, everything, hopes, sure
from app.conversation.taking import RELEVANT, UNSAID
from app.matching.order import LAST_KINDS

FIRST_CARDS = 3
MOST_NAMED = 6
LOCAL = ("city", "county")
COUNTY, COUNTY_SAID = "county", "county_said"
"""Told in this conversation: that the county must be known to say what it gives itself; what that is."""


def overview(d: Draft) -> None:
    """For somebody who told nothing yet: the best known measures with what they are worth, and what everybody can have."""
    d.say("overview")
    d.show(sure(d)[:1])
    hope = hopes(d)
    name_hopes(d, "nearly", hope.near, hope)


def amounts(d: Draft) -> bool:
    """The money that the person may hope for; False when there is none to name."""
    hope = hopes(d)
    name_hopes(d, "nearly", hope.near, hope, again=True)
    name_hopes(d, "after_registration", hope.after, hope, again=True)
    return bool(hope.near or hope.after)


def listed(d: Draft, fits: Fits, *, beyond: bool = False) -> None:
    """Measures for who asks for a grant, an insurance, land: what the person can get, then what is not settled, or that there is none.

    `beyond`: also what is neither for their needs nor their trade.
    """
    able = [(v.id, v.measure.entry.measure) for v in d.found.verdicts if v.verdict == "eligible"]
    open_now = [i for i, measure in able if fits(measure) and measure.prominence != "minor"]
    mine = set(sure(d))
    shown = sorted((i for i in open_now if beyond or i in mine), key=lambda i: i not in mine)[:FIRST_CARDS]
    if shown:
        d.say("kind_open")
        d.show(shown)
    hope = hopes(d, fits)
    name_hopes(d, "kind_near", hope.near, hope, again=True)
    name_hopes(d, "after_registration", hope.after, hope, again=True)
    if not (shown or hope.near or hope.after):
        d.say("kind_none", phone=HOTLINE)
        unmet(d)


def training(d: Draft) -> list[str]:
    """Free courses that the person can go to, the best first."""
    return [v.id for v in d.found.verdicts if v.verdict == "eligible" and v.measure.entry.measure.kind == "training"][:FIRST_CARDS]


def awaits_county(d: Draft) -> bool:
    """Whether somebody asked what the county gives, and it is known only now."""
    return COUNTY in d.state.case.told and COUNTY_SAID not in d.state.case.told and _county(d) is not None


def own_measures(d: Draft) -> None:
    """What the person's county and city give themselves; that nothing was found, where so; then that the rest holds there too."""
    place = _county(d)
    if place is None:
        d.say("county_which")
        d.happen("told", need=COUNTY)
        return
    d.happen("told", need=COUNTY_SAID)
    own = [v for v in d.found.verdicts if v.verdict != "not_eligible" and _gives(d, v.measure.entry.measure, place)]
    sure_ = [v.id for v in own if v.verdict == "eligible" and v.measure.entry.measure.kind not in LAST_KINDS]
    rest = [v.id for v in own if v.id not in sure_[:FIRST_CARDS]]
    d.proof.named([place])
    d.say("county_some" if own else "county_none", place=place)
    if sure_:
        d.show(sure_[:FIRST_CARDS])
    if rest:
        d.say_names("county_more" if sure_ else "county_open", rest)
    d.say("county_rest")


def _gives(d: Draft, measure: Measure, place: str) -> bool:
    """Whether a measure is one of the county's or its city's own."""
    places = d.world.catalog.places
    return measure.level in LOCAL and any(places.within(places.exact(place), places.exact(region)) for region in measure.regions)


def _county(d: Draft) -> str | None:
    held = (d.state.case.facts.get(f) for f in ("home_place", "business_place"))
    return next((str(h.value) for h in held if h is not None and h.counts), None)


def standing(d: Draft, *, whole: bool = False) -> None:
    """What is known and what the person can get: at most three cards, the rest by name, then what is not settled."""
    case = d.state.case
    held = {v: h for v, h in case.facts.items() if h.counts}
    certain = everything(d) if whole else sure(d)
    maybe = [v.id for v in d.found.verdicts if v.verdict == "unknown" and d.found.weights[v.id] >= RELEVANT]
    d.blocks.append(_summary(d, [chip(d.world, v, h, d.language) for v, h in held.items()], certain, maybe))
    d.line("standing" if held else "standing_none")
    if held:
        d.several([phrase(d.world, v, h, d.language) for v, h in held.items() if v != UNSAID or len(held) == 1])
    if certain:
        _standing_cards(d, certain, whole)
    else:
        d.say("nothing_open" if held else "nothing_yet")
    if whole:
        hope = hopes(d)
        name_hopes(d, "nearly", hope.near, hope, again=True)
        name_hopes(d, "after_registration", hope.after, hope, again=True)
    elif maybe:
        d.say("standing_maybe", count=len(maybe))
    unmet(d)


def _standing_cards(d: Draft, certain: Sequence[str], whole: bool) -> None:
    d.say("standing_open", count=len(certain))
    fresh = [i for i in certain if i not in d.state.case.shown] if whole else []
    d.show((fresh or certain)[:FIRST_CARDS])
    rest = [i for i in certain if i not in d.carded]
    d.proof.named(d.world.catalog.entries[i].measure.name.of(d.language) for i in rest)
    d.lines += [f"· {d.world.catalog.entries[i].measure.name.of(d.language)}" for i in rest[:MOST_NAMED]]
    if len(rest) > MOST_NAMED:
        d.line("rest", count=len(rest) - MOST_NAMED)


def _named(d: Draft, ids: Sequence[str]) -> list[dict[str, str]]:
    found = [{"id": i, "name": d.world.catalog.entries[i].measure.name.of(d.language)} for i in ids]
    d.proof.named(f["name"] for f in found)
    return found


def _summary(d: Draft, counted: Sequence[object], certain: Sequence[str], maybe: Sequence[str]) -> dict[str, object]:
    title = d.world.replies.say("standing" if counted else "standing_none", d.language)
    return {
        "kind": "summary",
        "of": "standing",
        "title": title,
        "text": "",
        "facts": list(counted),
        "items": _named(d, certain),
        "eligible": list(certain),
        "unknown": _named(d, maybe),
        "unmet": list(d.found.unmet_needs),
    }
