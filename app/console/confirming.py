"""Editors at work: confirming a thing of a measure, a county's window or a line; returned sheets; proposals. A county's editor speaks for the county."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from app.accounts.audit import audit
from app.accounts.deps import Editor, Official, Refusal, StoreDep
from app.accounts.people import PROVINCE_DIGITS, SignedIn
from app.api.deps import EditionDep, LibraryDep
from app.catalog import Catalog
from app.catalog.confirmations import Confirmation, Value, misfit
from app.catalog.places import PlaceError
from app.clock import now, today
from app.console.catalogue import of_id, shown
from app.console.pages import HEADERS, page
from app.insight.answers import Unclear, figure_value, read_day
from app.insight.proposal import Comparison, compare, folder_of
from app.insight.sheet import read_back
from app.library import Edition, Library
from app.screening.problems import Unreadable
from app.store import Store
from app.store import confirmations as rows

router = APIRouter(prefix="/console/catalogue", include_in_schema=False)
Line = Annotated[str, Form(max_length=300)]
Note = Annotated[str, Form(max_length=500)]
Attached = Annotated[UploadFile | None, File()]
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
MOST_FILES = 12
UPLOADS = tuple(f"/console/catalogue/{name}" for name in ("confirm", "sheet", "proposal"))
"""Addresses that take files."""
NOT_SO = "不是"
TOO_LARGE = "文件太大了，最多8 MB。"


class Refused(ValueError):
    """An entry of the form cannot be taken; says why, in Chinese."""


def _place(catalog: Catalog, official: SignedIn, name: str) -> str | None:
    """Whom an editor speaks for: the own place, or one inside it; None for the whole province."""
    code = official.place
    if name.strip():
        try:
            code = catalog.places.find(name.strip()).code
        except PlaceError:
            raise Refused(f"没有“{name.strip()[:20]}”这个地方，写全名") from None
        if not code.startswith(official.place):
            raise Refused(f"“{name.strip()[:20]}”不在您管的范围里")
    return catalog.places.by_code[code].label if len(code) > PROVINCE_DIGITS else None


def _day(text: str, field: str, latest: dt.date | None = None) -> dt.date:
    try:
        day = read_day(text, "写日期，比如2026-11-23")
    except Unclear as error:
        raise Refused(f"{field}：{error}") from None
    if latest is not None and day > latest:
        raise Refused(f"{field}：{day}还没到")
    return day


def _value(catalog: Catalog, measure: str | None, what: str, text: str) -> Value | None:
    """Another value, where one was written."""
    kind, _, target = what.partition(" ")
    if not text.strip():
        return None
    try:
        if kind == "valid":
            return read_day(text, "办到哪天写日期，比如2027-12-31")
        if kind == "figure":
            entry = catalog.entries[measure or ""]
            return figure_value(entry.measure.figures[target], text) if target in entry.measure.figures else text
    except Unclear as error:
        raise Refused(f"数：{error}") from None
    return text.strip()


def _signed(office: str, on: str) -> tuple[str, dt.date]:
    if not office.strip() or len(office.strip()) > 120:
        raise Refused("写上是哪个单位核实的")
    return office.strip(), _day(on, "核实日期", today())


def _bytes(file: UploadFile | None) -> tuple[str, bytes] | None:
    """An uploaded file's name and content; None where none was chosen."""
    if file is None or not file.filename:
        return None
    content = file.file.read(rows.LONGEST_TEXT + 1)
    if len(content) > rows.LONGEST_TEXT:
        raise Refused(TOO_LARGE)
    return file.filename.replace("\\", "/").rpartition("/")[2], content


def _keep(store: Store, library: Library, official: SignedIn, items: list[Confirmation], text: tuple[str, bytes] | None, what: str) -> None:
    """Records kept, on record, and shown from now on."""
    at = now()
    with store.writing() as db:
        found = rows.attach(db, text[0], text[1], at) if text else None
        rows.add(db, [Confirmation(**{**vars(item), "text_hash": found}) for item in items], official.id, at)
        audit(db, official, "confirmed", what, official.place)
    library.refresh()


# ---------------------------------------------------------------- a measure


@router.post("/confirm")
def confirm(
    request: Request, official: Editor, edition: EditionDep, library: LibraryDep, store: StoreDep, measure: Annotated[str, Form(max_length=120)],
    what: Annotated[str, Form(max_length=160)], holds: Line = "yes", value: Line = "", since: Line = "", document: Line = "", clause: Line = "",
    office: Line = "", on: Line = "", by: Line = "", place: Line = "", note: Note = "", text: Attached = None,
) -> Response:  # fmt: skip
    """One thing of a measure confirmed, denied, or given another value."""
    of_id(edition, measure)
    catalog = edition.catalog
    filled = {"what": what, "holds": holds, "value": value, "since": since, "document": document, "clause": clause}
    filled |= {"office": office, "on": on, "by": by, "place": place, "note": note}
    try:
        named, day = _signed(office, on)
        item = Confirmation(
            what=what, measure=measure, office=named, on=day, holds=holds != "no", place=_place(catalog, official, place),
            value=_value(catalog, measure, what, value) if holds != "no" else None, since=_day(since, "从哪天起") if since.strip() else None,
            document=document.strip() or None, clause=clause.strip()[:120] or None, by=by.strip()[:60] or None, note=note.strip() or None,
        )  # fmt: skip
        if why := misfit(catalog, item):
            raise Refused(f"放不进政策目录（{why}）")
        content = _bytes(text)
    except Refused as error:
        return shown(request, official, edition, store, measure, wrong=f"{error}。没有记。", filled=filled)
    _keep(store, library, official, [item], content, f"measure {measure}")
    return RedirectResponse(f"/console/catalogue/measure/{measure}?saved=1", 303, HEADERS)


@router.post("/confirmation/{number}/withdraw")
def withdraw(official: Editor, library: LibraryDep, edition: EditionDep, store: StoreDep, number: Number) -> Response:
    """A record entered by mistake no longer counts; it stays to be seen."""
    with store.writing() as db:
        row = rows.one(db, number)
        if row is None or not _may_withdraw(edition.catalog, official, row.place) or not rows.withdraw(db, number, now()):
            raise Refusal("没有这一条，或者不归本地管，或者已经收回了。", 404)
        audit(db, official, "withdrew", f"confirmation {number}", official.place)
    library.refresh()
    back = f"measure/{row.measure}?saved=1" if row.measure else "windows"
    return RedirectResponse(f"/console/catalogue/{back}", 303, HEADERS)


def _may_withdraw(catalog: Catalog, official: SignedIn, place: str | None) -> bool:
    """Whose word it was: the own place's, or for the whole province its own officials'."""
    return official.sees(catalog.places.exact(place) if place else None)


@router.get("/text/{found}")
def text_of(_: Official, store: StoreDep, found: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]) -> Response:
    """An attached text, to be saved; never shown in the page."""
    with store.reading() as db:
        row = rows.text(db, found)
    if row is None:
        raise Refusal("没有这份文件。", 404)
    named = {"Content-Disposition": f'attachment; filename="{found[:12]}"'}
    return Response(row.content, media_type="application/octet-stream", headers={**HEADERS, **named})


# ---------------------------------------------------------------- windows and lines


@router.get("/windows")
def windows(
    request: Request, official: Official, edition: EditionDep, place: Annotated[str, Query(max_length=60)] = "", saved: str = ""
) -> Response:
    """The windows of a county, what is known of each, and the form."""
    return _windows(request, official, edition, place, told="记下了，回答里马上就这样说。" if saved else "")


def _windows(request: Request, official: SignedIn, edition: Edition, place: str, *, told: str = "", wrong: str = "") -> Response:
    places = edition.catalog.places
    inside = [p for p in places.by_code.values() if p.level == "county" and p.code.startswith(official.place or "14")]
    try:
        county = places.find(place) if place else inside[0]
    except PlaceError:
        raise Refusal("没有这个县，写全名。", 404) from None
    held = edition.catalog.windows
    listed = [
        (name, office, held.held.get((county.code, name)), edition.catalog.contacts[office.line]) for name, office in held.offices.items()
    ]
    may = official.may("editor") and county.code.startswith(official.place)
    names = {"told": told, "wrong": wrong, "today": today()}
    return page(request, "windows.html", 422 if wrong else 200, county=county, counties=inside, listed=listed, may=may, **names)


@router.post("/windows")
def confirm_window(
    request: Request, official: Editor, edition: EditionDep, library: LibraryDep, store: StoreDep, place: Line, office_id: Line,
    address: Line = "", hours: Line = "", phone: Line = "", office: Line = "", on: Line = "", by: Line = "",
) -> Response:  # fmt: skip
    """What an editor knows of a window of the own county."""
    catalog = edition.catalog
    try:
        named, day = _signed(office, on)
        where = _place(catalog, official, place)
        given = {"address": address.strip()[:200], "hours": hours.strip()[:200], "phone": phone.strip()[:40]}
        items = [
            Confirmation(what=f"window {office_id}.{field}", place=where, office=named, on=day, value=said, by=by.strip()[:60] or None)
            for field, said in given.items()
            if said
        ]
        if not items:
            raise Refused("地址、上班时间、电话至少写一样")
        for item in items:
            if why := misfit(catalog, item):
                raise Refused(f"放不进政策目录（{why}）")
    except Refused as error:
        return _windows(request, official, edition, place, wrong=f"{error}。没有记。")
    _keep(store, library, official, items, None, f"window {office_id}")
    return RedirectResponse(f"/console/catalogue/windows?place={where}&saved=1", 303, HEADERS)


# ---------------------------------------------------------------- a returned sheet


@router.post("/sheet")
def sheet(request: Request, official: Editor, edition: EditionDep, library: LibraryDep, store: StoreDep, text: Attached = None) -> Response:
    """A sheet that an office sent back: taken in whole or not at all."""
    try:
        content = _bytes(text)
        if content is None:
            raise Refused("没有选文件")
        found = read_back(content[1], edition.catalog, today())
        problems = [*found.problems, *_elsewhere(edition.catalog, official, found.confirmations)]
    except (Refused, Unreadable) as error:
        return page(request, "sheet.html", 422, problems=[str(error)], count=0)
    if problems or not found.confirmations:
        return page(request, "sheet.html", 422, problems=problems or ["表里一条答复也没有。"], count=0)
    _keep(store, library, official, list(found.confirmations), content, f"sheet {len(found.confirmations)}")
    return page(request, "sheet.html", problems=[], count=len(found.confirmations))


def _elsewhere(catalog: Catalog, official: SignedIn, items: tuple[Confirmation, ...]) -> list[str]:
    """Answers that an editor of this place may not enter."""
    if official.sees(None):
        return []
    return [f"{i.measure or ''} {i.what}：不归本地管，请交给省里的编辑" for i in items if not _own(catalog, official, i)]


def _own(catalog: Catalog, official: SignedIn, item: Confirmation) -> bool:
    entry = catalog.entries.get(item.measure or "")
    if item.place is not None:
        return catalog.places.exact(item.place).startswith(official.place)
    return entry is not None and all(catalog.places.exact(r).startswith(official.place) for r in entry.measure.regions)


# ---------------------------------------------------------------- a proposal


@router.get("/proposal")
def proposal(request: Request, _: Editor) -> Response:
    """Where a changed file is tried before anybody takes it."""
    return page(request, "proposal.html", found=None, wrong="")


@router.post("/proposal")
def try_proposal(
    request: Request, _: Editor, edition: EditionDep, library: LibraryDep, store: StoreDep, files: Annotated[list[UploadFile], File()]
) -> Response:
    """Changed or new files against today's catalogue. Nothing is taken: the files are given to those who keep the catalogue."""
    try:
        proposed = _proposed(files)
    except Refused as error:
        return page(request, "proposal.html", 422, found=None, wrong=str(error))
    with store.reading() as db:
        standing = rows.standing(db)
    found: Comparison = compare(library.files, edition, proposed, standing, today())
    return page(request, "proposal.html", found=found, wrong="")


def _proposed(files: list[UploadFile]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files[:MOST_FILES]:
        read = _bytes(file)
        if read is None:
            continue
        name, content = read
        if not name.endswith(".yaml") or not name.removesuffix(".yaml").replace("-", "").replace("_", "").isalnum() or not name.isascii():
            raise Refused(f"“{name[:60]}”：只收yaml文件，名字就是编号，比如shanxi-rent-subsidy.yaml")
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise Refused(f"“{name[:60]}”不是UTF-8的文字") from None
        found[f"{folder_of(text)}/{name}"] = text
    if not found:
        raise Refused("没有选文件")
    return found
