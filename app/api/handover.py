"""REST v1, conversations: handing over to an official, with consent, and what became of what was handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from app.accounts import handovers
from app.api.conversations import Bearer, DeskDep, RatesDep, admit, answering, private
from app.api.deps import LibraryDep, SettingsDep
from app.api.problems import BadInput
from app.api.schemas import Open, responses
from app.clock import now, today
from app.conversation.facts import said_back
from app.conversation.state import State
from app.library import Library
from app.matching.profile import FactError
from app.store import inbox
from app.store.desk import moment
from app.talk import world

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
TELLS = {
    "zh": "把交接码告诉窗口的人，他就能看到下面这几条，还有照这几条算出来的能办什么。看不到您说过的话，也没有姓名和电话。{days}天内有效，随时可以收回。",
    "en": "Tell the official this code: they will see the facts below and what follows from them. They do not see your words, and there is no name or phone number. Good for {days} days; you can take it back at any time.",
}  # fmt: skip
NEVER = ("trouble.", "months_since_trouble", "needs.grievance")
NO_FACTS = "There is nothing to hand over yet: say a few facts first."
CONSENT = "send true once the person has read `text` and agreed; without it nothing is handed over"


class HandoverRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    consent: bool = Field(description="true: the person has read what will be seen (GET the same address) and agrees")
    place: str | None = Field(
        None, max_length=60, description="the county that may see it, official full name; by default the person's own"
    )
    leave_out: list[str] = Field(default_factory=list, max_length=200, description="facts that shall not be seen")


class SeenFact(BaseModel):
    fact: str
    said: str = Field(description="the fact in words")


class HandoverShape(Open):
    text: str = Field(description="what the person is told before they agree")
    facts: list[SeenFact] = Field(description="what an official will see")
    place: str | None = Field(description="whose officials; null: whoever is given the code")
    open: bool = Field(description="whether a code stands")
    code: str | None = Field(None, description="told once")
    expires_at: str | None = None
    taken_at: str | None = None


class ReceiptsShape(Open):
    receipts: list[dict[str, Any]]


@router.get(
    "/{id}/handover", summary="What an official would see", response_model=None, responses=responses(HandoverShape, 401, 404, 422, 429)
)
def look(id: str, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep, library: LibraryDep, settings: SettingsDep) -> Response:
    """What would be handed over, and whether a code stands."""
    with answering():
        admit(id, bearer, request, desk, rates)
        with desk.store.reading() as db:
            state, there = desk.state(db, id), inbox.handover(db, id)
    if there is not None:
        state = replace(state, who=there.who)
    names = [n for n in _facts(state) if there is None or n in there.facts]
    place = there.place if there else handovers.county(library, state)
    body = _body(library, state, names, place, settings.handover_days)
    times = {"expires_at": moment(there.expires_at), "taken_at": moment(there.taken_at)} if there else {}
    return private({**body, "open": there is not None and there.expires_at > now(), **times})


@router.post(
    "/{id}/handover",
    summary="Agree that an official may see it; gives the code",
    status_code=201,
    response_model=None,
    responses={
        201: {"model": HandoverShape},
        **{k: v for k, v in responses(HandoverShape, 400, 401, 404, 413, 422, 429).items() if k != 200},
    },
)
def agree(
    id: str,
    body: HandoverRequest,
    bearer: Bearer,
    request: Request,
    desk: DeskDep,
    rates: RatesDep,
    library: LibraryDep,
    settings: SettingsDep,
) -> Response:
    """A new code in the place of the one before. Only facts that are known now and not left out can ever be seen with it."""
    with answering():
        admit(id, bearer, request, desk, rates)
        rates.message(id)
        if not body.consent:
            raise BadInput("Nothing is handed over without consent.", [FactError("/consent", CONSENT)])
        code, secret = handovers.new_code(), desk.store.prepare()
        hashed, at = handovers.hashed(secret, code), now()
        until = at + dt.timedelta(days=settings.handover_days)
        with desk.store.writing() as db:
            state = desk.state(db, id)
            names, place = _chosen(state, body.leave_out), _place(library, state, body.place)
            number = inbox.put_handover(db, id, hashed, place, state.who, names, at, until)
            desk.record(db, id, "handover", {"number": number, "facts": names, "place": place})
    told = _body(library, state, names, place, settings.handover_days)
    return private({**told, "open": True, "code": code, "expires_at": moment(until), "taken_at": None}, 201)


@router.delete(
    "/{id}/handover",
    summary="Take the consent back",
    status_code=204,
    response_model=None,
    responses={k: v for k, v in responses(HandoverShape, 401, 404, 422, 429).items() if k != 200},
)
def take_back(id: str, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """From now on no official sees anything of it, also one who has seen it before."""
    with answering():
        admit(id, bearer, request, desk, rates)
        with desk.store.writing() as db:
            if inbox.withdraw(db, id):
                desk.record(db, id, "handover_withdrawn", {})
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.get(
    "/{id}/receipts",
    summary="What became of notes, marks and handovers",
    response_model=None,
    responses=responses(ReceiptsShape, 401, 404, 422, 429),
)
def receipts(id: str, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """Each with its receipt number, how it stands, and what the county answered."""
    with answering():
        admit(id, bearer, request, desk, rates)
        with desk.store.reading() as db:
            found = [_receipt(db, row) for row in inbox.of_conversation(db, id)]
    return private({"receipts": found})


def _receipt(db: Connection, row: Any) -> dict[str, Any]:
    answers = [{"text": r.text, "at": moment(r.at)} for r in inbox.replies(db, row.id)]
    head = {"receipt": row.receipt, "kind": row.kind, "message": row.message if row.kind != "handover" else None}
    return {**head, "status": row.status, "outcome": row.outcome, "at": moment(row.created_at), "replies": answers}


def _facts(state: State) -> list[str]:
    """What may be handed over: what counts, but no grievance, for the office that reads it may be the one complained of."""
    return [name for name, held in state.case.facts.items() if held.counts and not name.startswith(NEVER)]


def _chosen(state: State, leave_out: Sequence[str]) -> list[str]:
    """The facts that are handed over. Raises BadInput when none is left."""
    names = [n for n in _facts(state) if n not in leave_out and n.partition(".")[0] not in leave_out]
    if not names:
        raise BadInput(NO_FACTS, [FactError("/leave_out", NO_FACTS)] if leave_out else [])
    return names


def _place(library: Library, state: State, named: str | None) -> str | None:
    if named is None:
        return handovers.county(library, state)
    code = handovers.place_code(library, named)
    if code is None:
        raise BadInput("The place is not known or not clear.", [FactError("/place", f"«{named[:40]}»: ask GET /v1/places?q=")])
    return code


def _body(library: Library, state: State, names: Sequence[str], place: str | None, days: int) -> Mapping[str, Any]:
    w = world(library.edition, today())
    said = [{"fact": n, "said": said_back(w, n, state.case.facts[n], state.language)} for n in names]
    where = library.edition.catalog.places.full_name(place) if place else None
    return {"text": TELLS[state.language].format(days=days), "facts": said, "place": where}
