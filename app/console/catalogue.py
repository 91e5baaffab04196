"""The catalogue looked after: browsed and searched, a measure with its history, lineage and reach, what is not confirmed, what ends soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Row

from app.accounts.deps import Editor, Official, Refusal, StoreDep
from app.api.catalogue import ranked
from app.api.deps import EditionDep, LibraryDep
from app.catalog.catalog import Catalog, Entry
from app.catalog.models import LEVELS, Figure
from app.clock import today
from app.console.chart import Step, steps_chart
from app.console.pages import HEADERS, page
from app.insight import counts
from app.insight.links import check_links
from app.insight.proposal import reach
from app.insight.sheet import workbook
from app.library import Edition
from app.matching.coverage import checks, coverage
from app.store import confirmations as rows
from app.wording.amounts import figure_amount
from app.wording.answer import voice
from app.wording.measure import measure_page
from app.wording.to_confirm import Item, shares, to_confirm, windows_to_confirm

router = APIRouter(prefix="/console/catalogue", include_in_schema=False)
LEVEL_NAMES = {"national": "国家", "province": "省", "city": "市", "county": "县"}
STANDINGS = {"in_force": "在办", "ended": "结束了", "not_begun": "还没开始", "terms_unknown": "那天的规定没查到"}
HOW = {"seen": "看过原文", "reported": "转述的", "recalled": "凭记忆", "confirmed": "单位核实"}
SOON, OLDEST, FIRST_ITEMS = 90, 20, 40
BLANK = dict.fromkeys(("what", "holds", "value", "since", "document", "clause", "office", "on", "by", "place", "note"), "")
"""The form to confirm, empty."""
NO_MEASURE = "政策目录里没有这一项。"
MeasureId = Annotated[str, Path(max_length=120)]
Word = Annotated[str, Query(max_length=100)]


def of_id(edition: Edition, name: str) -> Entry:
    """A measure of an address. Raises Refusal."""
    found = edition.catalog.entries.get(name)
    if found is None:
        raise Refusal(NO_MEASURE, 404)
    return found


# ---------------------------------------------------------------- all of them


@router.get("")
def browse(
    request: Request, _: Official, edition: EditionDep, q: Word = "", need: Word = "", level: Word = "", only: Word = ""
) -> Response:
    """Measures, searched and narrowed; each with how many of its parts are not confirmed."""
    catalog, day = edition.catalog, today()
    in_doubt: dict[str, int] = {}
    for item in to_confirm(catalog, day, {}):
        in_doubt[item.measure or ""] = in_doubt.get(item.measure or "", 0) + 1
    standing = edition.on(day).measures
    found = [e for e in ranked(catalog, q) if (not need or need in e.measure.needs) and (not level or e.measure.level == level)]
    found = [e for e in found if not only or in_doubt.get(e.id)]
    options = catalog.facts["needs"].options
    listed = [{"entry": e, "open": in_doubt.get(e.id, 0), "standing": STANDINGS[standing[e.id].standing]} for e in found]
    choices: dict[str, Any] = {"needs": {k: t.zh for k, t in options.items()}, "levels": {k: LEVEL_NAMES[k] for k in LEVELS}}
    return page(request, "catalogue.html", listed=listed, q=q, need=need, level=level, only=only, level_names=LEVEL_NAMES, **choices)


@router.get("/care")
def care(request: Request, official: Official, edition: EditionDep, library: LibraryDep, store: StoreDep) -> Response:
    """What is not confirmed (most asked first), what was checked longest ago, what ends within 90 days, what no longer fits."""
    catalog, day = edition.catalog, today()
    items, windows = _open(edition, store)
    oldest = sorted(((c.on, e.id, what) for e in catalog.entries.values() for what, c in checks(e)), key=lambda row: row[:2])
    seen = list(dict.fromkeys((on, name) for on, name, _ in oldest))[:OLDEST]
    found = coverage(catalog, day, SOON)
    shown: dict[str, Any] = {"items": items[:FIRST_ITEMS], "total": len(items), "shares": shares(items), "windows": len(windows)}
    names = {e.id: e.measure.name.zh for e in catalog.entries.values()}
    return page(
        request,
        "care.html",
        oldest=seen,
        expires=[{**e, "what": _ends(catalog.entries[e["measure"]], e["what"])} for e in found["expires"]],
        misfits=library.misfits,
        names=names,
        may=official.may("editor"),
        **shown,
    )


def _ends(entry: Entry, what: str) -> str:
    """What of a measure ends, in the official's words."""
    kind, _, name = what.partition(" ")
    if kind == "figure":
        return f"“{entry.measure.figures[name].label.zh}”这个数"
    return f"条件“{name}”" if kind == "condition" else "整项"


def _open(edition: Edition, store: StoreDep) -> tuple[list[Item], Sequence[Any]]:
    with store.reading() as db:
        measures, places = counts.asked(db)
    return to_confirm(edition.catalog, today(), measures), windows_to_confirm(edition.catalog, places)


@router.get("/to-confirm.xlsx")
def sheet(official: Official, edition: EditionDep, store: StoreDep) -> Response:
    """The questions of the official's own place as a sheet to fill in; the whole province's for its officials."""
    with store.reading() as db:
        measures, places = counts.asked(db)
    own = None if official.sees(None) else official.place
    items, windows = to_confirm(edition.catalog, today(), measures, own), windows_to_confirm(edition.catalog, places, own)
    named = {"Content-Disposition": f'attachment; filename="to-confirm-{today()}.xlsx"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(workbook(items, windows), media_type=kind, headers={**HEADERS, **named})


# ---------------------------------------------------------------- one


@dataclass(frozen=True)
class Level:
    """A measure of the lineage with what it says otherwise than the one above."""

    entry: Entry
    level: str
    changes: Sequence[str]


@router.get("/measure/{name}")
def measure(request: Request, official: Official, edition: EditionDep, store: StoreDep, name: MeasureId, saved: Word = "") -> Response:
    """Everything about one measure, with the form to confirm it."""
    return shown(request, official, edition, store, name, told="记下了，回答里马上就这样说。" if saved else "")


def shown(
    request: Request, official: Official, edition: Edition, store: StoreDep, name: str, *, told: str = "", wrong: str = "", **more: Any
) -> Response:
    """The page of a measure; `more` replaces parts of it."""
    entry, day, catalog = of_id(edition, name), today(), edition.catalog
    with store.reading() as db:
        kept = [_kept(row) for row in rows.rows_of(db, name)]
    found = measure_page(voice(edition.on(day), "zh"), name, day)
    context: dict[str, Any] = {
        "m": found,
        "entry": entry,
        "charts": {f: chart for f, figure in entry.measure.figures.items() if (chart := _chart(catalog, figure, day))},
        "lineage": _lineage(catalog, entry, day),
        "below": [catalog.entries[i] for i in found["refined_by"]],
        "reach": reach(catalog, edition.days, name, day),
        "plain": {c["condition"]: c["plain"] for c in found["conditions"]},
        "kept": kept,
        "may": official.may("editor"),
        "links": None,
        "filled": BLANK,
    }
    names = {"how": HOW, "standings": STANDINGS, "level_names": LEVEL_NAMES, "today": day, "told": told, "wrong": wrong}
    return page(request, "catalogue_measure.html", 422 if wrong else 200, **{**context, **names, **more})


def _kept(row: Row[Any]) -> dict[str, Any]:
    value = row.value.get("date") if isinstance(row.value, dict) else row.value
    names = ("id", "what", "place", "office", "day", "document", "clause", "note", "text_hash", "holds")
    return {**{n: getattr(row, n) for n in names}, "value": value, "withdrawn": row.withdrawn_at is not None}


def _chart(catalog: Catalog, figure: Figure, day: dt.date) -> Any:
    """The history of a number; None where there is nothing to draw."""
    steps = [
        Step(catalog.start_of(v), v.to, float(v.value), figure_amount(figure, v.value, "zh"))
        for v in figure.history
        if isinstance(v.value, int | float) and v.place is None and not v.former
    ]
    return steps_chart(figure.label.zh, steps, day)


def _lineage(catalog: Catalog, entry: Entry, day: dt.date) -> list[Level]:
    """From the nation down to the measure: what each level changed."""
    chain = [catalog.entries[name] for name in entry.lineage]
    above = [None, *chain[:-1]]
    return [Level(e, LEVEL_NAMES[e.measure.level], _changes(catalog, a, e, day) if a else ()) for a, e in zip(above, chain, strict=True)]


def _changes(catalog: Catalog, above: Entry, entry: Entry, day: dt.date) -> list[str]:
    found = []
    for name, figure in entry.measure.figures.items():
        value, theirs = catalog.value_on(figure, day), above.measure.figures.get(name)
        before = catalog.value_on(theirs, day) if theirs else None
        if value is None:
            continue
        now = figure_amount(figure, value.value, "zh")
        if theirs is None or before is None:
            found.append(f"新说了“{figure.label.zh}”：{now}")
        elif before.value != value.value:
            found.append(f"“{figure.label.zh}”从{figure_amount(theirs, before.value, 'zh')}变成{now}")
    known = {p.condition.id for p in above.conditions}
    own = [p.condition.id for p in entry.conditions]
    found += [f"多了一条要求：{c}" for c in own if c not in known]
    return found + [f"没有再写这条要求：{c}" for c in sorted(known) if c not in own]


@router.post("/measure/{name}/links")
def links(request: Request, official: Editor, edition: EditionDep, store: StoreDep, name: MeasureId) -> Response:
    """The addresses of a measure's documents, tried now."""
    entry = of_id(edition, name)
    found = measure_page(voice(edition.on(today()), "zh"), entry.id, today())
    return shown(request, official, edition, store, name, links=check_links(s["url"] for s in found["sources"] if s["url"]))
