"""REST v1, conversations: open, say, correct, read, export, delete, resume."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from app.api.deps import Language
from app.api.problems import BadInput, NotFound, to_json
from app.api.rates import Rates
from app.api.schemas import Open, responses
from app.matching.profile import BadProfile, FactError
from app.store.desk import Busy, Desk, Gone, NotAdmitted, Opened

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
LONGEST_TEXT = 4_000
"""Characters of one message."""
GONE = "There is no such conversation any more: it was deleted, or nobody came back to it for a long time. Open a new one with POST /v1/conversations."  # fmt: skip
CLOSED = "This conversation opens only with its own token: send Authorization: Bearer <token>. A lost token comes back by the recovery code, POST /v1/conversations/resume."  # fmt: skip
PRIVATE = {"Cache-Control": "no-store"}

Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(HTTPBearer(auto_error=False, description="the conversation's token"))]


class OpenRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    language: Language = "zh"
    channel: str = Field("widget", pattern=r"^[a-z0-9_.-]{1,40}$", description="where the person writes: widget, page, terminal, wechat …")


class MessageRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(description=f"what the person said, at most {LONGEST_TEXT} characters")
    client_message_id: str = Field(
        pattern=r"^[^\x00-\x1f\x7f]{1,100}$", description="made by the client, once a message: the same again gets the same answer"
    )


class CorrectionRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    facts: dict[str, Any] = Field(min_length=1, max_length=200, description="fact -> new value; null removes the fact")


class ResumeRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(min_length=1, max_length=100, description="the recovery code; small letters, gaps and hyphens do not matter")


class FeedbackRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    message: int = Field(ge=0, le=2**31 - 1, description="the number of the message whose answer is meant")
    feedback: Literal["understood", "unclear", "wrong"]


class ReplyShape(Open):
    text: str = Field(description="the whole answer as plain text")
    blocks: list[dict[str, Any]]
    quick_replies: list[dict[str, Any]]
    asking: str | None = None


class AnswerShape(Open):
    """The answer to a message or a correction."""

    message: int = Field(description="number of the message in the transcript; the opening is 0")
    reply: ReplyShape
    profile: dict[str, Any] | None = None
    matches: dict[str, list[str]] | None = None
    questions_left: int | None = None
    deleted: bool | None = Field(None, description="true: the person asked for it, and nothing is kept any more; forget id and token")


class OpenedShape(Open):
    id: str
    token: str = Field(description="opens this conversation alone; told once, kept by us only as a hash")
    code: str = Field(description="recovery code, for the person to write down; told once, kept only as a hash")
    reply: ReplyShape


class ResumedShape(Open):
    id: str
    token: str = Field(description="a new one; the old token opens nothing any more")


class TranscriptShape(Open):
    id: str
    language: str
    messages: list[dict[str, Any]]


class ExportShape(TranscriptShape):
    events: list[dict[str, Any]]


async def _desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


async def _rates(request: Request) -> Rates:
    found: Rates = request.app.state.rates
    return found


DeskDep = Annotated[Desk, Depends(_desk)]
RatesDep = Annotated[Rates, Depends(_rates)]


@contextmanager
def answering() -> Iterator[None]:
    """The store's refusals as problems."""
    try:
        yield
    except Gone:
        raise NotFound(GONE) from None
    except NotAdmitted:
        raise HTTPException(401, CLOSED, {"WWW-Authenticate": "Bearer"}) from None
    except Busy:
        raise HTTPException(
            503,
            "Too many messages arrive in this conversation at once. Yours is kept; send the same again in a second.",
            {"Retry-After": "1"},
        ) from None


def admit(key: str, bearer: HTTPAuthorizationCredentials | None, request: Request, desk: Desk, rates: Rates) -> None:
    """Lets the owner in. To all others every address looks alike (401), whether there is a conversation or not."""
    rates.request(request)
    if bearer is None or not desk.admits(key, bearer.credentials):
        raise NotAdmitted(key)


def private(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    """An answer that no cache keeps."""
    return Response(to_json(body), status, {**PRIVATE, **headers}, media_type="application/json")


def _opened(found: Opened) -> dict[str, Any]:
    return {"id": found.id, "token": found.token}


@router.post(
    "",
    summary="Open a conversation",
    status_code=201,
    response_model=None,
    responses={201: {"model": OpenedShape}, **{k: v for k, v in responses(OpenedShape, 400, 413, 422, 429).items() if k != 200}},
)
def open_conversation(request: Request, desk: DeskDep, rates: RatesDep, body: OpenRequest | None = None) -> Response:
    """Answers with the opening words, the token that opens this conversation alone, and a recovery code."""
    rates.request(request)
    asked = body or OpenRequest()
    found = desk.open(asked.language, asked.channel)
    return private({**_opened(found), "code": found.code, **found.body}, 201, {"Location": f"/v1/conversations/{found.id}"})


@router.post(
    "/resume",
    summary="Come back by the recovery code",
    response_model=None,
    responses=responses(ResumedShape, 400, 404, 413, 422, 429),
)
def resume(body: ResumeRequest, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """Gives the conversation of a code a new token; the old one opens nothing any more."""
    rates.request(request)
    rates.may_try_code(request)
    found = desk.resume(body.code)
    if found is None:
        rates.wrong_code(request)
        raise NotFound(
            "No conversation has this code. It has eight letters and numbers; look for one that was misread, or open a new conversation."
        )
    return private(_opened(found))


@router.post(
    "/{id}/messages",
    summary="Say something",
    response_model=None,
    responses=responses(AnswerShape, 400, 401, 404, 413, 422, 429, 503),
)
def say(id: str, body: MessageRequest, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """The message is kept before it is answered. The same client_message_id again returns the same answer and changes nothing."""
    with answering():
        rates.request(request)
        token = bearer.credentials if bearer else ""
        if not desk.made(id, token):
            raise NotAdmitted(id)
        rates.message(id)
        _short_enough(body.text)
        return private(desk.say(id, body.text, body.client_message_id, token))


def _short_enough(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        mend = f"{len(text)} characters; at most {LONGEST_TEXT}. Send it in {math.ceil(len(text) / LONGEST_TEXT)} messages, each with its own client_message_id"
        raise BadInput("The message is too long; nothing of it was kept.", [FactError("/text", mend)])


@router.patch(
    "/{id}/profile",
    summary="Correct or remove facts",
    response_model=None,
    responses=responses(AnswerShape, 400, 401, 404, 413, 422, 429, 503),
)
def correct(id: str, body: CorrectionRequest, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """Every fact named gets its new value, or is removed by null; answers like a message."""
    with answering():
        admit(id, bearer, request, desk, rates)
        rates.message(id)
        try:
            return private(desk.correct(id, body.facts))
        except BadProfile as error:
            raise BadInput("Some facts cannot be used; nothing was changed.", [_under_facts(e) for e in error.errors]) from None


def _under_facts(error: FactError) -> FactError:
    return FactError("/facts" + error.where.removeprefix("/profile").removeprefix("/facts"), error.what)


@router.post(
    "/{id}/feedback",
    summary="Say whether an answer was understood",
    status_code=204,
    response_model=None,
    responses={k: v for k, v in responses(AnswerShape, 400, 401, 404, 413, 422, 429).items() if k != 200},
)
def feedback(id: str, body: FeedbackRequest, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """The last word on an answer counts."""
    with answering():
        admit(id, bearer, request, desk, rates)
        if not desk.feedback(id, body.message, body.feedback):
            raise BadInput(
                "There is no such answer.", [FactError("/message", f"{body.message} is no answered message of this conversation")]
            )
    return Response(status_code=204, headers=PRIVATE)


@router.get(
    "/{id}",
    summary="The whole conversation, to go on with it",
    response_model=None,
    responses=responses(TranscriptShape, 401, 404, 422, 429, 503),
)
def read(id: str, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """Every message with its answer, and the profile as it is now. A message that a crash left without an answer is answered first."""
    with answering():
        admit(id, bearer, request, desk, rates)
        return private(desk.transcript(id))


@router.get(
    "/{id}/export",
    summary="Everything that is kept",
    response_model=None,
    responses=responses(ExportShape, 401, 404, 422, 429, 503),
)
def export(id: str, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """The transcript and every event behind it, as a file."""
    with answering():
        admit(id, bearer, request, desk, rates)
        return private(desk.export(id), headers={"Content-Disposition": 'attachment; filename="guiyan.json"'})


@router.delete(
    "/{id}",
    summary="Delete everything",
    status_code=204,
    response_model=None,
    responses={k: v for k, v in responses(AnswerShape, 401, 404, 422, 429).items() if k != 200},
)
def delete(id: str, bearer: Bearer, request: Request, desk: DeskDep, rates: RatesDep) -> Response:
    """All of the person's data, at once."""
    with answering():
        admit(id, bearer, request, desk, rates)
        desk.delete(id)
    return Response(status_code=204, headers=PRIVATE)
