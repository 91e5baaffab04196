"""POST /v1/match and /v1/match/batch: stateless matching."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import process
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from app.api.deps import EditionDep, Language, SettingsDep, as_of
from app.api.limits import TooLarge
from app.api.problems import BadInput, to_json
from app.api.schemas import BatchResponse, MatchResponse, responses
from app.library import Edition
from app.matching.match import match
from app.matching.profile import BadProfile, FactError, parse_profile
from app.matching.verdict import VERDICTS, Judge
from app.wording.answer import answer

router = APIRouter(prefix="/v1", tags=["stateless"])
NDJSON = "application/x-ndjson"
MOST_NAMED = 1_000
"""Measures in one request, and errors in one answer."""
LONGEST_LINE = 1024 * 1024
"""Bytes of one line of a stream."""
Profile = Annotated[dict[str, Any], Field(description="facts of GET /v1/facts; a fact that is not there is unknown, never false", examples=[{"sector": "aquaculture", "age": 38, "home_place": "偏关县", "needs": {"funding": True}}])]  # fmt: skip
AsOf = Annotated[str | None, Field(description="YYYY-MM-DD; today by default", examples=["2026-11-23"])]


class MatchRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    profile: Profile
    as_of: AsOf = None
    language: Language = "zh"
    detail: Literal["full", "brief"] = "full"
    measures: list[str] | None = Field(None, max_length=MOST_NAMED, description="only these measures")


class BatchItem(BaseModel):
    id: str | int
    profile: Profile


class BatchRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    profiles: list[BatchItem]
    as_of: AsOf = None


def known_measures(ids: Sequence[str] | None, edition: Edition) -> None:
    """Raises BadInput naming the nearest ids of each that does not exist."""
    known = edition.catalog.entries
    errors = []
    for n, name in enumerate(ids or ()):
        if name not in known:
            near = ", ".join(m for m, _, _ in process.extract(name, list(known), limit=3))
            errors.append(FactError(f"/measures/{n}", f"there is no measure «{name[:80]}»; nearest: {near}"))
    if errors:
        raise BadInput("Some measures do not exist.", errors)


@router.post(
    "/match",
    summary="One person's facts in, a verdict with reasons for every measure out",
    response_model=None,
    responses=responses(MatchResponse, 400, 413, 415, 422),
)
def match_one(body: MatchRequest, edition: EditionDep) -> Response:
    """Every measure of the catalogue with its verdict, reasons, sources, amounts and next steps, in the order to show."""
    day = as_of(body.as_of)
    known_measures(body.measures, edition)
    profile = parse_profile(body.profile, edition.catalog)
    found = match(edition.on(day), profile, day, body.measures)
    return Response(to_json(answer(found, body.language, brief=body.detail == "brief")), media_type="application/json")


def _sorted_ids(raw: Mapping[str, Any], day: dt.date, edition: Edition) -> dict[str, list[str]]:
    profile = parse_profile(raw, edition.catalog)
    found: dict[str, list[str]] = {verdict: [] for verdict in VERDICTS.values()}
    for item in Judge(edition.on(day), profile.known).all():
        found[item.verdict].append(item.id)
    return found


@router.post(
    "/match/batch",
    summary="Many profiles in, the ids by verdict out; JSON, or a stream of lines (application/x-ndjson)",
    response_model=None,
    responses=responses(BatchResponse, 400, 413, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/BatchRequest"}},
                NDJSON: {"schema": {"type": "string", "description": 'one {"id": …, "profile": {…}} a line; as_of as a query parameter'}},
            },
        }
    },
)
async def match_batch(request: Request, edition: EditionDep, settings: SettingsDep) -> Response:
    """JSON is refused whole when any profile is bad; in a stream each bad line gets its own `error` and the others go on."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == NDJSON:
        day = as_of(request.query_params.get("as_of"))
        return LineStream(_lines(request, edition, day), media_type=NDJSON)
    batch = await _batch(request)
    if len(batch.profiles) > settings.max_batch_profiles:
        raise BadInput("Too many profiles.", [FactError("/profiles", f"{len(batch.profiles)} profiles; at most {settings.max_batch_profiles} a request, or send a stream")])  # fmt: skip
    day = as_of(batch.as_of)
    results = await run_in_threadpool(_results, batch, day, edition)
    body = {"as_of": day.isoformat(), "catalog_version": edition.catalog.version, "results": results}
    return Response(to_json(body), media_type="application/json")


def _results(batch: BatchRequest, day: dt.date, edition: Edition) -> list[dict[str, Any]]:
    """Raises BadInput with the errors of all profiles (the first thousand, where there are more)."""
    results: list[dict[str, Any]] = []
    errors: list[FactError] = []
    for n, item in enumerate(batch.profiles):
        try:
            results.append({"id": item.id, **_sorted_ids(item.profile, day, edition)})
        except BadProfile as error:
            errors += [FactError(f"/profiles/{n}{e.where}", e.what) for e in error.errors]
        if len(errors) >= MOST_NAMED:
            break
    if errors:
        raise BadInput("Some profiles cannot be used; none was matched.", errors[:MOST_NAMED])
    return results


async def _batch(request: Request) -> BatchRequest:
    from fastapi.exceptions import RequestValidationError
    from pydantic import ValidationError

    try:
        return BatchRequest.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from None


class LineStream(StreamingResponse):
    """Lines that are made from the lines of the request's own body: nothing else may read that body, not even to see whether it goes on."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self.stream_response(send)


async def _lines(request: Request, edition: Edition, day: dt.date) -> AsyncIterator[bytes]:
    """An answer for each line, as the body arrives."""
    rest, number = b"", 0
    try:
        async for chunk in request.stream():
            *whole, rest = (rest + chunk).split(b"\n")
            if whole:
                yield await run_in_threadpool(_answers, whole, number, edition, day)
            number += len(whole)
            if len(rest) > LONGEST_LINE:
                raise TooLarge(LONGEST_LINE)
        yield await run_in_threadpool(_answers, [rest], number, edition, day)
    except TooLarge as error:
        yield _refusal(None, number + 1, error.status_code, "The rest was not read", [FactError("", str(error.detail))])
    except ClientDisconnect:
        return


def _answers(lines: Sequence[bytes], before: int, edition: Edition, day: dt.date) -> bytes:
    return b"".join(_line(line, before + n, edition, day) for n, line in enumerate(lines, 1) if line.strip())


def _line(line: bytes, number: int, edition: Edition, day: dt.date) -> bytes:
    identity: Any = None
    try:
        item = orjson.loads(line)
        if not isinstance(item, dict) or not isinstance(item.get("profile"), dict):
            raise ValueError('a line is {"id": …, "profile": {…}}')
        identity = item.get("id")
        return to_json({"id": identity, **_sorted_ids(item["profile"], day, edition)}) + b"\n"
    except BadProfile as error:
        errors = error.errors
    except ValueError as error:
        errors = [FactError("", f"line {number}: {error}")]
    return _refusal(identity, number, 422, "The line cannot be used", errors)


def _refusal(identity: Any, number: int, status: int, title: str, errors: Sequence[FactError]) -> bytes:
    error = {"title": title, "status": status, "errors": [{"where": e.where, "what": e.what} for e in errors]}
    return to_json({"id": identity, "line": number, "error": error}) + b"\n"
