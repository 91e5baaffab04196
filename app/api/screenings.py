"""POST /v1/screenings and what follows: rosters in, results out. Each roster is its sender's alone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, File, Form, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, make_url

from app.accounts.deps import StoreDep
from app.accounts.people import SignedIn
from app.api.deps import EditionDep, Language, SettingsDep, as_of
from app.api.officers import Officer
from app.api.problems import ApiError, BadInput, NotFound
from app.files import ROOT
from app.matching.profile import FactError
from app.screening import intake, stored
from app.screening.intake import Wanted
from app.screening.jobs import Jobs, first_problems
from app.screening.mapping import BadMapping
from app.screening.pages import HEADERS, cards_page, summary_page
from app.screening.problems import Problem, Unreadable
from app.screening.results import Finished, write_csv, write_problems, write_result, write_template
from app.screening.run import MOST_EXPLAINED
from app.screening.words import read_words
from app.settings import Settings
from app.store import Store

router = APIRouter(prefix="/v1/screenings", tags=["officials and integrators"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200
"""Problems in an answer; problems.csv holds all."""
MOST_CARDS = 300
"""Cards on one page."""
NOT_DONE = "The roster is not done yet ({status}). GET /v1/screenings/{id} tells how far it is."


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
    return {status: {"description": "refused; says what to do instead", "content": refused} for status in statuses}


class ColumnShape(BaseModel):
    column: str
    fact: str | None = Field(
        description="what the column tells: a fact, a dotted option, name, id_number, phone, birth_date, remark; null: nothing"
    )
    how: Literal["known", "guessed", "confirmed", "none"]
    unit: str


class ProblemLine(BaseModel):
    row: int | None
    column: str | None
    kind: str
    weight: Literal["file", "row", "cell", "note"] = Field(description="what was refused: the file, the row, the one cell, or nothing")
    text: str


class ScreeningShape(BaseModel):
    """A roster and how far it has come."""

    id: str
    status: Literal["needs_confirmation", "waiting", "running", "done", "failed", "cancelled"]
    as_of: str
    sheet: str | None
    rows_done: int
    rows_all: int
    mapping: list[ColumnShape]
    needs_confirmation: list[str] = Field(
        description="columns that were only guessed; PATCH {mapping: {...}} says what they tell and starts"
    )
    problems: list[ProblemLine]
    summary: dict[str, Any] | None
    failure: str | None
    personal: bool = Field(description="whether names and numbers are still kept")
    kept_until: str
    created_at: str
    finished_at: str | None


class MappingRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mapping: dict[str, str | None] = Field(
        description="column -> fact (null: leave it out); columns that are not named keep what was known, not what was guessed",
        examples=[{"户籍所在": "home_place", "备注": None}],
        max_length=300,
    )


def folder(settings: Settings) -> Path:
    """Where rosters in hand are kept: by the setting, else beside the database's file."""
    if settings.screening_path is not None:
        return settings.screening_path
    address = make_url(settings.database_url)
    beside = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    return (Path(str(address.database)).parent if beside else ROOT / "data") / "screenings"


def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.screenings
    return found


def _own(store: Store, officer: SignedIn, key: str) -> Row[Any]:
    """The officer's own roster. Raises NotFound for anybody else's, as if it were not there."""
    row = intake.own(store, officer, key)
    if row is None:
        raise NotFound("There is no such roster of yours. GET /v1/screenings lists them.")
    return row


def _refused(problem: Problem, language: str) -> BadInput:
    return BadInput("The file cannot be used as a roster; nothing of it was kept.", [FactError("/file", problem.text(language))])


def _body(jobs: Jobs, row: Row[Any]) -> dict[str, Any]:
    columns = row.mapping["columns"]
    shown = first_problems(jobs.finished(row), MOST_SHOWN) if row.status == stored.DONE else []
    return {
        "id": row.id, "status": row.status, "as_of": row.as_of, "sheet": row.sheet, "rows_done": row.rows_done, "rows_all": row.rows_all,
        "mapping": columns,
        "needs_confirmation": [c["column"] for c in columns if c["how"] == "guessed"] if row.status == stored.NEEDS_CONFIRMATION else [],
        "problems": [{"row": p.row, "column": p.column, "kind": p.kind, "weight": p.weight, "text": p.text(row.language)} for p in shown],
        "summary": row.summary, "failure": row.failure, "personal": row.personal,
        "kept_until": (row.created_at + dt.timedelta(hours=jobs.hours)).isoformat(), "created_at": row.created_at.isoformat(),
        "finished_at": row.finished_at and row.finished_at.isoformat(),
    }  # fmt: skip


@router.post(
    "",
    status_code=202,
    summary="A roster in (xlsx, xls, ods, csv)",
    response_model=ScreeningShape,
    responses=_refusals(401, 413, 422),
)
async def create(
    request: Request,
    response: Response,
    officer: Officer,
    store: StoreDep,
    file: Annotated[UploadFile, File(description="the roster")],
    mapping: Annotated[
        str | None, Form(description="JSON: column -> fact, where the guess is not to be waited for", max_length=50_000)
    ] = None,
    sheet: Annotated[str | None, Form(description="the sheet to read; the first with a known header by default", max_length=200)] = None,
    as_of_: Annotated[str | None, Form(alias="as_of", description="the day asked about, YYYY-MM-DD; today by default")] = None,
    language: Annotated[Language, Form()] = "zh",
) -> dict[str, Any]:
    """Read and mapped at once. Where a column was only guessed the roster waits for PATCH; otherwise it starts."""
    day, given = as_of(as_of_), _mapping(mapping)
    jobs, wanted = _jobs(request), Wanted(language, day, sheet or None, given)
    try:
        key = await run_in_threadpool(intake.take_in, jobs, store, officer, file.filename or "", file.file, wanted)
    except Unreadable as error:
        raise _refused(error.problem, language) from None
    except BadMapping as error:
        raise BadInput("The mapping cannot be used; nothing of the file was kept.", error.errors) from None
    response.headers["Location"] = f"/v1/screenings/{key}"
    return _body(jobs, _own(store, officer, key))


def _mapping(text: str | None) -> dict[str, str | None] | None:
    if text is None or not text.strip():
        return None
    try:
        return MappingRequest.model_validate({"mapping": json.loads(text)}).mapping
    except ValueError:
        raise BadInput("The mapping cannot be read.", [FactError("/mapping", 'send JSON: {"年龄": "age", "备注": null}')]) from None


@router.get("", summary="One's rosters, the newest first", response_model=list[ScreeningShape], responses=_refusals(401, 422))
def mine(request: Request, officer: Officer, store: StoreDep) -> list[dict[str, Any]]:
    """Without their problems, which each roster's own address gives."""
    with store.reading() as db:
        rows = stored.of_account(db, officer.id)
    return [{**_body(_jobs(request), row), "problems": []} for row in rows]


@router.get(
    "/template.xlsx",
    summary="The template: headers, one example row, a sheet that explains each column",
    response_class=Response,
    responses=_refusals(422),
)
def template(request: Request, edition: EditionDep, settings: SettingsDep, lang: Annotated[Language, Query()] = "zh") -> Response:
    """Anybody may have it."""
    jobs = _jobs(request)
    key, path = jobs.new_file()
    try:
        write_template(path, read_words(settings.catalog_path, edition.catalog), edition.catalog, lang)
        body = path.read_bytes()
    finally:
        jobs.drop(key)
    return Response(body, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="guiyan-roster.xlsx"'})


@router.get(
    "/{key}",
    summary="How far a roster is, its problems by row and column, its counts",
    response_model=ScreeningShape,
    responses=_refusals(401, 404, 422),
)
def show(request: Request, officer: Officer, store: StoreDep, key: str) -> dict[str, Any]:
    """`rows_done` of `rows_all`; the first two hundred problems."""
    row = _own(store, officer, key)
    return _body(_jobs(request), row)


@router.patch(
    "/{key}", summary="Says what the columns tell, and starts", response_model=ScreeningShape, responses=_refusals(401, 404, 409, 422)
)
def confirm(request: Request, officer: Officer, store: StoreDep, key: str, body: MappingRequest) -> dict[str, Any]:
    """For a roster that waits for its mapping to be confirmed."""
    row = _own(store, officer, key)
    try:
        started = intake.settle(_jobs(request), store, officer, row, body.mapping)
    except BadMapping as error:
        raise BadInput("The mapping cannot be used.", error.errors) from None
    if not started:
        raise ApiError(f"The roster is {row.status}: its mapping is settled. Send the file again to have it read otherwise.", status=409)
    return _body(_jobs(request), _own(store, officer, key))


@router.delete("/{key}", status_code=204, summary="Cancels a roster and deletes all of it", responses=_refusals(401, 404, 422))
def delete(request: Request, officer: Officer, store: StoreDep, key: str) -> Response:
    """At once, whatever its status."""
    _own(store, officer, key)
    intake.remove(_jobs(request), store, officer, key)
    return Response(status_code=204)


# ---------------------------------------------------------------- results

Keep = Annotated[
    bool, Query(description="keep names and numbers of people after this; without it they are deleted once the file is fetched")
]


def _done(request: Request, store: Store, officer: SignedIn, key: str) -> tuple[Row[Any], Finished]:
    row = _own(store, officer, key)
    if row.status != stored.DONE:
        raise ApiError(NOT_DONE.format(status=row.status, id=key), status=409)
    return row, _jobs(request).finished(row)


def _file(request: Request, tasks: BackgroundTasks, key: str, path: Path, kind: str, keep: bool) -> Response:
    """A file of results; afterwards people are forgotten unless they are to be kept."""
    jobs = _jobs(request)
    if not keep:
        tasks.add_task(jobs.forget_people, key)
    return FileResponse(path, media_type=kind, filename=f"guiyan-{path.name}", headers={"Cache-Control": "no-store"}, background=tasks)


@router.get(
    "/{key}/result.xlsx",
    summary="Results, reasons and problems as a spreadsheet",
    response_class=Response,
    responses=_refusals(401, 404, 409, 422),
)
def result_xlsx(request: Request, officer: Officer, store: StoreDep, tasks: BackgroundTasks, key: str, keep: Keep = False) -> Response:
    """Up to twenty thousand rows."""
    row, finished = _done(request, store, officer, key)
    if row.rows_all > MOST_EXPLAINED:
        raise BadInput(
            "Too many rows for a spreadsheet.",
            [FactError("/result.xlsx", f"{row.rows_all} rows, at most {MOST_EXPLAINED}; take result.csv")],
        )
    path = finished.folder / "result.xlsx"
    write_result(finished, path)
    intake.note(store, officer, "fetched", key)
    return _file(request, tasks, key, path, XLSX, keep)


@router.get("/{key}/result.csv", summary="Results as csv", response_class=Response, responses=_refusals(401, 404, 409, 422))
def result_csv(request: Request, officer: Officer, store: StoreDep, tasks: BackgroundTasks, key: str, keep: Keep = False) -> Response:
    """A line a person."""
    _, finished = _done(request, store, officer, key)
    path = finished.folder / "result.csv"
    write_csv(finished, path)
    intake.note(store, officer, "fetched", key)
    return _file(request, tasks, key, path, "text/csv; charset=utf-8", keep)


@router.get(
    "/{key}/problems.csv",
    summary="Every problem, by row and column, with the mend",
    response_class=Response,
    responses=_refusals(401, 404, 409, 422),
)
def problems_csv(request: Request, officer: Officer, store: StoreDep, tasks: BackgroundTasks, key: str) -> Response:
    """All of them, however many."""
    _, finished = _done(request, store, officer, key)
    path = finished.folder / "problems.csv"
    write_problems(finished, path)
    intake.note(store, officer, "fetched", key)
    return _file(request, tasks, key, path, "text/csv; charset=utf-8", True)


@router.get(
    "/{key}/cards.html", summary="Printable plain cards, one a page", response_class=Response, responses=_refusals(401, 404, 409, 422)
)
def cards(
    request: Request, officer: Officer, store: StoreDep, edition: EditionDep, settings: SettingsDep, key: str,
    rows: Annotated[str | None, Query(description="rows as the sheet counts them: 2-40,57; all by default, three hundred a page", max_length=2_000)] = None,
    eligible: Annotated[bool, Query(description="only cards of people who can get something")] = False,
) -> Response:  # fmt: skip
    """A5, with the code of each measure's live page. The header X-Next-Row names the row after the last card where there are more."""
    row, finished = _done(request, store, officer, key)
    day = dt.date.fromisoformat(row.as_of)
    text, more = cards_page(finished, edition.on(day), day, settings.public_url, _rows(rows), MOST_CARDS, eligible=eligible)
    intake.note(store, officer, "printed", key)
    return Response(text, media_type="text/html; charset=utf-8", headers={**HEADERS, **({"X-Next-Row": str(more)} if more else {})})


def _rows(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or len(first + last) > 14:
            raise BadInput("The rows cannot be read.", [FactError("/rows", f"«{part[:40]}»; write rows and ranges: 2-40,57")])
        found.update(range(int(first), min(int(last or first), int(first) + 100_000) + 1))
    return frozenset(found)


@router.get(
    "/{key}/summary.html", summary="Counts and charts, without names", response_class=Response, responses=_refusals(401, 404, 409, 422)
)
def summary(request: Request, officer: Officer, store: StoreDep, key: str) -> Response:
    """Prints well."""
    row, finished = _done(request, store, officer, key)
    return Response(summary_page(finished, row.summary or {}), media_type="text/html; charset=utf-8", headers=HEADERS)
