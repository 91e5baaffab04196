"""Rosters at the console: sent, their columns settled, watched while they are worked through, fetched, deleted. Each is its sender's alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy import Row

from app.accounts.audit import audit
from app.accounts.deps import Official, Refusal, StoreDep
from app.accounts.people import SignedIn
from app.api.deps import LibraryDep, SettingsDep
from app.clock import today
from app.console import roster_view as view
from app.console.pages import HEADERS, page
from app.library import Library
from app.screening import examples, intake, stored
from app.screening.intake import Wanted
from app.screening.jobs import Jobs
from app.screening.mapping import BadMapping
from app.screening.problems import Unreadable
from app.screening.words import read_words
from app.settings import Settings
from app.store import Store

router = APIRouter(prefix="/console/rosters", include_in_schema=False)
HERE = "/console/rosters"
NO_ROSTER = "没有这份花名册：已经删掉了，或者不是您传的。谁传的，只有谁自己看得到。"
NO_FILE = "还没有选文件。先选文件，再点“传上来”。"
NOT_KEPT = "什么都没有留下。"
SETTLED = "这份花名册的各列已经定下来了，不能再改。要改就重新传一份。"
TOLD = {"deleted": "整份删掉了，什么都没有留下。", "over": "没来得及停，已经办完了。不要的话，在下面整份删掉。"}
"""What the next page says of what was just done."""
Key = Annotated[str, Path(max_length=36, pattern=r"^[0-9a-z-]+$")]


def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.screenings
    return found


JobsDep = Annotated[Jobs, Depends(_jobs)]
Told = Annotated[str, Query(max_length=20)]


@router.get("")
def listing(
    request: Request,
    official: Official,
    store: StoreDep,
    jobs: JobsDep,
    settings: SettingsDep,
    told: Told = "",
) -> Response:
    """The official's own rosters, the template, and the form to send one."""
    return _listed(request, official, store, jobs, settings, told=TOLD.get(told, ""))


def _listed(
    request: Request,
    official: SignedIn,
    store: Store,
    jobs: Jobs,
    settings: Settings,
    *,
    told: str = "",
    problem: str = "",
    sheet: str = "",
) -> Response:
    with store.writing() as db:
        rows = stored.of_account(db, official.id)
        audit(db, official, "listed", "screenings", official.place)
    items = [view.line(row, jobs.hours) for row in rows]
    limits = {"most_bytes": settings.screening_max_bytes, "most": view.bytes_in_words(settings.screening_max_bytes), "hours": jobs.hours}
    return page(request, "rosters.html", 422 if problem else 200, items=items, told=told, problem=problem, sheet=sheet, **limits)


@router.post("")
def upload(
    request: Request,
    official: Official,
    store: StoreDep,
    jobs: JobsDep,
    settings: SettingsDep,
    file: Annotated[UploadFile | None, File()] = None,
    sheet: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A roster in. What cannot be read is told on the page, and nothing of it is kept."""
    if file is None or not file.filename:
        return _listed(request, official, store, jobs, settings, problem=NO_FILE, sheet=sheet)
    wanted = Wanted("zh", today(), sheet.strip() or None)
    try:
        key = intake.take_in(jobs, store, official, file.filename, file.file, wanted)
    except Unreadable as error:
        return _listed(request, official, store, jobs, settings, problem=f"{error.problem.text()}{NOT_KEPT}", sheet=sheet)
    return RedirectResponse(f"{HERE}/{key}", 303, HEADERS)


@router.get("/{key}")
def one(request: Request, official: Official, store: StoreDep, jobs: JobsDep, library: LibraryDep, key: Key, told: Told = "") -> Response:
    """One roster: its columns to be settled, how far it is, or what came of it."""
    row = _own(store, official, key)
    return _shown(request, official, store, jobs, library, row, told=TOLD["over"] if told == "over" and row.status == stored.DONE else "")


def _shown(
    request: Request,
    official: SignedIn,
    store: Store,
    jobs: Jobs,
    library: Library,
    row: Row[Any],
    problems: tuple[str, ...] = (),
    chosen: Mapping[str, str | None] | None = None,
    told: str = "",
) -> Response:
    intake.note(store, official, "viewed", row.id)
    shown: dict[str, Any] = {"row": row, "item": view.line(row, jobs.hours), "problems": problems, "told": told}
    words = read_words(library.root, library.edition.catalog)
    if row.status == stored.NEEDS_CONFIRMATION:
        shown["columns"] = view.columns(row, examples.kept(jobs.folder / row.id), chosen)
        shown["choices"] = view.choices(library.edition.catalog, words)
    elif row.status == stored.DONE:
        shown["result"] = view.result(row, jobs.finished(row), words)
    elif row.status in (stored.WAITING, stored.RUNNING):
        shown["progress"] = view.progress(row, _ahead(store, row))
    return page(request, "roster.html", 422 if problems else 200, **shown)


@router.get("/{key}/progress")
def progress(request: Request, official: Official, store: StoreDep, key: Key) -> Response:
    """How far a roster is: asked for every second while it runs. Once it is over the page is to be fetched anew."""
    row = intake.own(store, official, key)
    if row is None:
        return Response(headers={"HX-Redirect": HERE, **HEADERS})
    if row.status not in (stored.WAITING, stored.RUNNING):
        return Response(headers={"HX-Refresh": "true", **HEADERS})
    return page(request, "roster_progress.html", row=row, progress=view.progress(row, _ahead(store, row)))


def _ahead(store: Store, row: Row[Any]) -> int:
    if row.status != stored.WAITING:
        return 0
    with store.reading() as db:
        return stored.ahead(db, row)


async def _form(request: Request) -> Mapping[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


@router.post("/{key}/columns")
def settle(
    request: Request, official: Official, store: StoreDep, jobs: JobsDep, library: LibraryDep, key: Key, form: Annotated[Mapping[str, str], Depends(_form)]
) -> Response:  # fmt: skip
    """What each column tells, and the start."""
    row = _own(store, official, key)
    given = view.given(row, form)
    try:
        if not intake.settle(jobs, store, official, row, given):
            raise Refusal(SETTLED, 409)
    except BadMapping as error:
        return _shown(request, official, store, jobs, library, row, tuple(e.zh for e in error.errors), given)
    return RedirectResponse(f"{HERE}/{key}", 303, HEADERS)


@router.post("/{key}/cancel")
def cancel(official: Official, store: StoreDep, jobs: JobsDep, key: Key) -> Response:
    """Stops a roster that waits or runs; its file is deleted."""
    _own(store, official, key)
    late = "" if intake.cancel(jobs, store, official, key) else "?told=over"
    return RedirectResponse(f"{HERE}/{key}{late}", 303, HEADERS)


@router.post("/{key}/forget")
def forget(official: Official, store: StoreDep, jobs: JobsDep, key: Key) -> Response:
    """Deletes names, numbers and what was filled in; the results by row stay."""
    row = _own(store, official, key)
    if row.status == stored.DONE and row.personal:
        intake.forget(jobs, store, official, key)
    return RedirectResponse(f"{HERE}/{key}", 303, HEADERS)


@router.post("/{key}/delete")
def delete(official: Official, store: StoreDep, jobs: JobsDep, key: Key) -> Response:
    """Deletes all of a roster."""
    _own(store, official, key)
    intake.remove(jobs, store, official, key)
    return RedirectResponse(f"{HERE}?told=deleted", 303, HEADERS)


def _own(store: Store, official: SignedIn, key: str) -> Row[Any]:
    """The official's own roster. Raises Refusal for every other."""
    row = intake.own(store, official, key)
    if row is None:
        raise Refusal(NO_ROSTER, 404)
    return row
