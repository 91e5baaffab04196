"""The plain card (明白卡): what one person can get, on A5, in large type, each figure with its source and date, with a QR code to the live version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.accounts.audit import audit
from app.accounts.deps import Official, Refusal, StoreDep
from app.api.deps import SettingsDep
from app.console.case import Person
from app.console.counter import GONE, Number, WorldDep, household
from app.console.live import LANGUAGE, RELEVANT, question
from app.console.pages import page
from app.conversation import World
from app.conversation.asking import worth_asking
from app.conversation.cards import bodies, sentences
from app.conversation.facts import matched
from app.matching.match import Match
from app.matching.order import LAST_KINDS
from app.widget import cards
from app.wording.answer import DEFAULT_PHONE, voice

router = APIRouter(prefix="/console/counter", include_in_schema=False)
MOST, MOST_NEAR, MOST_FIGURES, MOST_LINES = 4, 2, 3, 3
"""Measures on a card, measures one step away, figures and sentences of a measure."""


@dataclass(frozen=True)
class Item:
    """One measure on a card."""

    name: str
    lines: Sequence[str]
    figures: Sequence[Mapping[str, Any]]
    apply: Mapping[str, Any]
    phone: str
    subject_to: Sequence[str]
    until: str | None
    confirmed: bool


@dataclass(frozen=True)
class Card:
    """A whole card. It carries no name: the person is the one who holds it."""

    relation: str
    place: str
    items: Sequence[Item]
    near: Sequence[tuple[str, Sequence[str]]]
    """Measures one step away, with the step."""
    ask: Sequence[str]
    """Questions whose answers could still open something."""
    ids: Sequence[str]
    link: str


def card(world: World, person: Person, public_url: str) -> Card:
    """The card of a person as they stand."""
    found = matched(world, person.case)
    chosen = chosen_first(found)
    near = [v.id for v in found.verdicts if v.verdict == "not_eligible" and found.weights[v.id] >= RELEVANT and found.steps(v)][:MOST_NEAR]
    made = bodies(world, found, [*chosen, *near], LANGUAGE)
    entries = [world.catalog.entries[i] for i in chosen]
    home = person.case.facts.get("home_place")
    return Card(
        relation=person.relation,
        place=str(home.value) if home and home.counts else "",
        items=[_item(world, made[i]) for i in chosen],
        near=[(made[i]["name"], [s["plain"] for s in made[i]["steps"]]) for i in near],
        ask=[question(world, v).text for v in worth_asking(world, person.case, found)[:2]],
        ids=chosen,
        link=cards.link(public_url, voice(world.day, LANGUAGE), entries, world.as_of) if entries else "",
    )


def chosen_first(found: Match) -> list[str]:
    """The measures for the card: what the person can get and came for, best first; else what they can get at all."""
    open_to = [v for v in found.verdicts if v.verdict == "eligible" and v.measure.entry.measure.kind not in LAST_KINDS]
    wanted = [v.id for v in open_to if found.weights[v.id] >= RELEVANT]
    return (wanted or [v.id for v in open_to])[:MOST]


def _item(world: World, body: Mapping[str, Any]) -> Item:
    entry = world.catalog.entries[body["measure"]]
    named = cards.shown_figures(voice(world.day, LANGUAGE), entry)
    figures = [body["figures"][name] for name in named if "text" in body["figures"].get(name, {})]
    return Item(
        name=body["name"],
        lines=sentences(body["gives"])[:MOST_LINES],
        figures=figures[:MOST_FIGURES] or [_dated(world, body)],
        apply=body["apply"],
        phone=body["apply"]["phone"] or DEFAULT_PHONE,
        subject_to=[s["plain"] for s in body["subject_to"]][:2],
        until=body["valid_until"],
        confirmed=body["confirmed"],
    )


def _dated(world: World, body: Mapping[str, Any]) -> dict[str, Any]:
    """Where there are no figures to show: the document that the measure rests on."""
    valid = world.catalog.entries[body["measure"]].measure.valid
    speaker = voice(world.day, LANGUAGE)
    start = valid.from_.isoformat() if valid.from_ else None
    return {"label": "", "text": "", "from": start, "citation": speaker.citation(valid.cite), "checked": speaker.checked(valid.checked)}


# ---------------------------------------------------------------- pages


@router.get("/{key}/{seq}/card")
def one(
    request: Request,
    official: Official,
    store: StoreDep,
    settings: SettingsDep,
    w: WorldDep,
    key: Number,
    seq: Number,
    now: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """The card of one person. `now`: the browser's print window opens by itself."""
    return _page(request, official, store, settings, w, key, seq, now)


@router.get("/{key}/card")
def household_cards(
    request: Request,
    official: Official,
    store: StoreDep,
    settings: SettingsDep,
    w: WorldDep,
    key: Number,
    now: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """The cards of everybody in the household, each on pages of its own."""
    return _page(request, official, store, settings, w, key, None, now)


def _page(
    request: Request, official: Official, store: StoreDep, settings: SettingsDep, w: World, key: int, seq: int | None, now: str
) -> Response:
    with store.writing() as db:
        found, people = household(db, official, key)
        people = [p for p in people if seq is None or p.seq == seq]
        for one in people:
            audit(db, official, "printed", f"household {key} person {one.seq} card", found.place)
    if not people:
        raise Refusal(GONE, 404)
    made = [card(w, one, settings.public_url) for one in people]
    back = f"/console/counter/{key}/{people[0].seq}"
    return page(request, "card.html", cards=made, day=w.as_of, version=w.catalog.version, at_once=bool(now), back=back)
