"""What people need against what policy gives: the gap report as a page and as csv."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.exceptions import HTTPException

from app.accounts.audit import audit
from app.accounts.deps import Official, Refusal, StoreDep
from app.accounts.people import SignedIn
from app.api.deps import EditionDep
from app.api.insights import months, place_of, sees_words
from app.api.problems import BadInput
from app.catalog.catalog import Catalog
from app.console.pages import HEADERS, page
from app.insight import counts
from app.insight.report import as_csv, place_name, report

router = APIRouter(prefix="/console", include_in_schema=False)
Month = Annotated[str, Query(max_length=20)]
PlaceQuery = Annotated[str, Query(max_length=60)]
NOT_A_MONTH = "月份写成2026-11这样，开头的月份不能比结尾的晚。"
NOT_YOURS = "只能看本地的：地方写全名，并且要在您管的范围里。"


def _asked(catalog: Catalog, official: SignedIn, first: str, last: str, place: str) -> tuple[str, str, str]:
    """Months and place of a query. Raises Refusal."""
    try:
        start, end = months(first or None, last or None)
    except BadInput:
        raise Refusal(NOT_A_MONTH, 422) from None
    try:
        return start, end, place_of(catalog, official, place or None)
    except (BadInput, HTTPException):
        raise Refusal(NOT_YOURS, 403) from None


@router.get("/gaps")
def gaps(
    request: Request, official: Official, edition: EditionDep, store: StoreDep, first: Month = "", last: Month = "", place: PlaceQuery = ""
) -> Response:
    """The report of the own place, or of one inside it."""
    catalog = edition.catalog
    start, end, code = _asked(catalog, official, first, last, place)
    with store.writing() as db:
        counted = counts.read(db, start, end, code)
        words = counts.words(db, start, end) if sees_words(official) else []
        audit(db, official, "viewed", "gaps", code)
    found: dict[str, Any] = report(catalog, counted, words)
    where = place_name(catalog, code) if code else "全国"
    return page(request, "gaps.html", report=found, first=start, last=end, place=where, chosen=place, words_shown=sees_words(official))


@router.get("/gaps.csv")
def gaps_csv(
    official: Official, edition: EditionDep, store: StoreDep, first: Month = "", last: Month = "", place: PlaceQuery = ""
) -> Response:
    """The same counts by month and county, for a spreadsheet."""
    start, end, code = _asked(edition.catalog, official, first, last, place)
    with store.writing() as db:
        counted = counts.read(db, start, end, code)
        words = counts.words(db, start, end) if sees_words(official) else []
        audit(db, official, "exported", "gaps", code)
    body = ("\ufeff" + as_csv(edition.catalog, counted, words)).encode()
    named = {"Content-Disposition": f'attachment; filename="gaps-{start}-{end}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers={**HEADERS, **named})
