"""GET /v1/insights/gaps: what people need against what policy gives, for officials. Counts alone; small ones are not told."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from app.accounts.deps import Official, StoreDep
from app.accounts.people import SignedIn
from app.api.deps import EditionDep, Language
from app.api.problems import BadInput, to_json
from app.api.schemas import Open, responses
from app.catalog.catalog import Catalog
from app.catalog.places import COUNTRY, PlaceError
from app.clock import today
from app.insight import counts
from app.insight.report import report
from app.matching.profile import FactError

router = APIRouter(prefix="/v1/insights", tags=["insights"])
MONTHS_BACK = 11
_MONTH = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:-\d{2})?")


class GapsResponse(Open):
    """Counts of people (conversations and rows of rosters); null: fewer than `suppressed_below`, or what would give such a count away."""

    from_: str = Field(alias="from")
    to: str
    place: str
    suppressed_below: int
    people: dict[str, Any]
    needs: list[dict[str, Any]] = Field(description="per need: asked, matched, unmet, as a whole, by_place and by_month")
    blocked: list[dict[str, Any]] = Field(description="the one condition that stood in the way, with its measure")
    no_measure: list[dict[str, Any]]
    rumours: list[dict[str, Any]]
    rosters: dict[str, Any] = Field(
        description="people of screened rosters by county; per measure how many can get it, how many are one step away"
    )
    words: list[dict[str, Any]] = Field(
        description="words that were not understood, of at least five people, from everywhere; officials of a county get none"
    )


@router.get(
    "/gaps",
    summary="What people need, what matched, what blocked, what nobody gives",
    response_model=None,
    responses=responses(GapsResponse, 401, 403, 422),
)
def gaps(
    official: Official,
    edition: EditionDep,
    store: StoreDep,
    from_: Annotated[str | None, Query(alias="from", description="first month, YYYY-MM; a year back by default")] = None,
    to: Annotated[str | None, Query(description="last month, YYYY-MM; this one by default")] = None,
    place: Annotated[str | None, Query(max_length=60, description="official full name, inside the official's own place")] = None,
    language: Annotated[Language, Query()] = "zh",
) -> Response:
    """The report over whole months. An official sees the own place and what lies in it."""
    first, last = months(from_, to)
    code = place_of(edition.catalog, official, place)
    with store.reading() as db:
        counted = counts.read(db, first, last, code)
        words = counts.words(db, first, last) if sees_words(official) else []
    found = report(edition.catalog, counted, words, language)
    name = edition.catalog.places.full_name(code) or "全国"
    return Response(
        to_json({"from": first, "to": last, "place": name, **found}), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def sees_words(official: SignedIn) -> bool:
    """Words are counted for the whole province, so only its own officials see them."""
    return official.sees(None)


def months(first: str | None, last: str | None) -> tuple[str, str]:
    """First and last month as they are kept. Raises BadInput."""
    end = _month(last, "/to") or f"{today():%Y-%m}"
    start = _month(first, "/from") or _back(end)
    if start > end:
        raise BadInput("The months are the wrong way round.", [FactError("/from", f"{start} is after {end}")])
    return start, end


def _month(text: str | None, where: str) -> str | None:
    if not text:
        return None
    found = _MONTH.fullmatch(text)
    if found is None:
        raise BadInput("The month cannot be read.", [FactError(where, f"«{text[:20]}» is no month; write YYYY-MM, e.g. 2026-11")])
    return found.group(1)


def _back(end: str) -> str:
    day = dt.date.fromisoformat(f"{end}-01")
    whole = day.year * 12 + day.month - 1 - MONTHS_BACK
    return f"{whole // 12:04d}-{whole % 12 + 1:02d}"


def place_of(catalog: Catalog, official: SignedIn, name: str | None) -> str:
    """The code of a place that the official may see; their own by default. Raises BadInput, 403."""
    if not name:
        return official.place
    try:
        code = catalog.places.find(name).code if name != "全国" else COUNTRY
    except PlaceError as error:
        near = "、".join(catalog.places.full_name(p.code) for p in error.candidates)
        raise BadInput("The place is not known or not clear.", [FactError("/place", f"«{name}»: {near or 'no such place'}")]) from None
    if not code.startswith(official.place):
        mine = catalog.places.full_name(official.place)
        raise HTTPException(403, f"Your account is for {mine}; counts of other places are not shown. Leave `place` out to see your own.")
    return code
