"""At the counter: people of one household taken one by one, each with a form, a line to type what they say, and live verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Connection, Row

from app.accounts import sessions
from app.accounts.audit import audit
from app.accounts.deps import Official, Refusal, StoreDep, terms
from app.accounts.people import SignedIn
from app.api.deps import EditionDep, SettingsDep
from app.clock import now, today
from app.console import case, form
from app.console.case import Person, Taken
from app.console.live import live
from app.console.pages import HEADERS, page, render
from app.conversation import World
from app.settings import Settings
from app.store import Store
from app.store import households as rows
from app.talk import world

router = APIRouter(prefix="/console/counter", include_in_schema=False)
RELATIONS = ("本人", "爱人", "父亲", "母亲", "儿子", "女儿", "兄弟姐妹", "别的家里人")
GONE = "没有这一户。办完的、放得太久的都已经删掉了，可以重新开一户。"
FULL = f"一户最多{rows.MOST_PEOPLE}位。再有人就另开一户。"
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
Line = Annotated[str, Form(max_length=case.LONGEST_LINE)]
Fact = Annotated[str, Form(max_length=80)]


def _world(edition: EditionDep) -> World:
    return world(edition, today())


WorldDep = Annotated[World, Depends(_world)]


@router.get("")
def counter(request: Request, official: Official, store: StoreDep, settings: SettingsDep) -> Response:
    """Where a talk begins: a line to type, the households that are not done, a field for a handover's code."""
    sweep(store, settings)
    with store.reading() as db:
        open_ones = rows.open_ones(db, official.place)
    return page(request, "counter.html", households=open_ones)


def sweep(store: Store, settings: Settings) -> None:
    """Deletes households that were left lying, and sessions that are over."""
    at = now()
    with store.writing() as db:
        rows.remove_older(db, at - dt.timedelta(hours=settings.household_hours))
        sessions.sweep(db, terms(settings), at)


@router.post("")
def begin(official: Official, store: StoreDep, w: WorldDep, text: Line = "") -> Response:
    """A new household with its first person, who may have said something already."""
    at = now()
    with store.writing() as db:
        key = rows.open_household(db, official.id, official.place, at)
        seq = rows.add_person(db, key, RELATIONS[0], at) or 0
        audit(db, official, "opened", f"household {key}", official.place)
        said = case.say(w, case.person(seq, RELATIONS[0], {}, ()), text, None) if text.strip() else None
        if said:
            rows.keep(db, key, seq, *said.person.stored(), at)
            _log(db, official, official.place, key, said)
    heard = "" if said is None or said.changed else "?unheard=1"
    return RedirectResponse(f"/console/counter/{key}/{seq}{heard}", 303, HEADERS)


@router.get("/{key}/{seq}")
def person_page(
    request: Request, official: Official, store: StoreDep, w: WorldDep, key: Number, seq: Number, unheard: str = ""
) -> Response:
    """The page of one person of a household."""
    with store.writing() as db:
        found, people = household(db, official, key)
        audit(db, official, "viewed", f"household {key} person {seq}", found.place)
    here = _person(people, seq)
    more: dict[str, Any] = {"groups": form.form(w, here.case), "counties": form.counties(w.catalog), "relations": RELATIONS}
    problems = (case.NOTHING,) if unheard else ()
    return page(request, "person.html", key=key, people=people, person=here, live=live(w, here), problems=problems, **more)


@router.post("/{key}/{seq}/say")
def say(
    request: Request, official: Official, store: StoreDep, w: WorldDep, key: Number, seq: Number, text: Line = "", asking: Fact = ""
) -> Response:
    """What the person says, as a line."""
    known = asking if asking in w.catalog.variables or asking in w.catalog.facts else None
    return _change(request, official, store, w, key, seq, lambda p: case.say(w, p, text, known), "line")


@router.post("/{key}/{seq}/fact")
def fact(
    request: Request,
    official: Official,
    store: StoreDep,
    w: WorldDep,
    key: Number,
    seq: Number,
    fact: Fact,
    value: Line = "",
    source: Fact = "",
) -> Response:
    """One field of the form, or one answer of the question."""
    return _change(request, official, store, w, key, seq, lambda p: case.fill(w, p, fact, value), source)


@router.post("/{key}/{seq}/pass")
def pass_over(request: Request, official: Official, store: StoreDep, w: WorldDep, key: Number, seq: Number, fact: Fact) -> Response:
    """A question passed over."""
    return _change(request, official, store, w, key, seq, lambda p: case.pass_over(p, fact), "question")


@router.post("/{key}/{seq}/confirm")
def confirm(
    request: Request, official: Official, store: StoreDep, w: WorldDep, key: Number, seq: Number, fact: Fact, value: Fact
) -> Response:
    """A guess said to be right or wrong."""
    return _change(request, official, store, w, key, seq, lambda p: case.confirm(p, fact, value == case.YES), "question")


def _change(
    request: Request, official: SignedIn, store: Store, w: World, key: int, seq: int, what: Callable[[Person], Taken], source: str
) -> Response:
    """A person changed; the live part anew, and the fields that are no longer what they were."""
    with store.writing() as db:
        found, people = household(db, official, key, lock=True)
        taken = what(_person(people, seq))
        if taken.changed:
            rows.keep(db, key, seq, *taken.person.stored(), now())
            _log(db, official, found.place, key, taken)
    shown: dict[str, Any] = {
        "key": key,
        "person": taken.person,
        "live": live(w, taken.person),
        "problems": taken.problems,
        "source": source,
    }
    return HTMLResponse(render(request, "live.html", fields=form.some(w, taken.person.case, taken.changed), **shown), headers=HEADERS)


def _log(db: Connection, official: SignedIn, place: str, key: int, taken: Taken) -> None:
    for name in dict.fromkeys(taken.changed):
        audit(db, official, "changed", f"household {key} person {taken.person.seq} fact {name}", place)


@router.post("/{key}/people")
def add_person(official: Official, store: StoreDep, key: Number, relation: Annotated[str, Form(max_length=20)] = "") -> Response:
    """One more person of the household."""
    if relation not in RELATIONS:
        raise Refusal("请从单子里选这位是家里的谁。", 422)
    with store.writing() as db:
        found, _ = household(db, official, key, lock=True)
        seq = rows.add_person(db, key, relation, now())
        if seq is None:
            raise Refusal(FULL, 422)
        audit(db, official, "changed", f"household {key} person {seq}", found.place)
    return RedirectResponse(f"/console/counter/{key}/{seq}", 303, HEADERS)


@router.post("/{key}/done")
def done(official: Official, store: StoreDep, key: Number) -> Response:
    """The matter is done: everything of the household is deleted."""
    with store.writing() as db:
        found, _ = household(db, official, key, lock=True)
        rows.remove(db, key)
        audit(db, official, "deleted", f"household {key}", found.place)
    return RedirectResponse("/console/counter", 303, HEADERS)


def household(db: Connection, official: SignedIn, key: int, lock: bool = False) -> tuple[Row[Any], list[Person]]:
    """A household that this official may see, with its people. One of another place is as good as none."""
    found = rows.household(db, key, lock)
    if found is None or not official.sees(found.place):
        raise Refusal(GONE, 404)
    return found, [case.person(row.seq, row.relation, row.facts, row.passed) for row in rows.people(db, key)]


def _person(people: list[Person], seq: int) -> Person:
    here = next((p for p in people if p.seq == seq), None)
    if here is None:
        raise Refusal(GONE, 404)
    return here
