"""GET /v1/measures, /v1/documents, /v1/facts, /v1/places: what the catalogue holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from rapidfuzz import process

from app.api.deps import DayDep, EditionDep, Language
from app.api.problems import BadInput, NotFound, to_json
from app.api.schemas import DocumentResponse, DocumentsResponse, FactsResponse, MeasureResponse, MeasuresResponse, PlacesResponse, responses
from app.catalog.catalog import Catalog, Entry
from app.catalog.models import LEVELS, Level, Need
from app.catalog.places import COUNTRY, PlaceError
from app.library import Edition
from app.matching.order import serves
from app.matching.profile import FactError
from app.wording.answer import Voice, voice
from app.wording.measure import document_page, fact_page, measure_page

router = APIRouter(prefix="/v1", tags=["catalogue"])
Limit = Annotated[int, Query(ge=1, le=200, description="how many to a page")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before")]
LanguageQuery = Annotated[Language, Query()]


def _json(body: Any) -> Response:
    return Response(to_json(body), media_type="application/json")


def _page(ids: Sequence[str], cursor: str | None, limit: int) -> tuple[list[str], str | None]:
    """One page of ids behind the cursor, which is the last id of the page before. Raises BadInput for a cursor of another list."""
    start = 0
    if cursor:
        if cursor not in ids:
            raise BadInput("The cursor does not belong to this list.", [FactError("/cursor", "start again without a cursor")])
        start = ids.index(cursor) + 1
    page = list(ids[start : start + limit])
    return page, page[-1] if page and start + limit < len(ids) else None


@router.get("/measures", summary="The measures, filtered", response_model=None, responses=responses(MeasuresResponse, 422))
def measures(
    edition: EditionDep,
    as_of: DayDep,
    q: Annotated[str | None, Query(max_length=100, description="words of the name or of what it gives, or an id")] = None,
    need: Annotated[Need | None, Query()] = None,
    sector: Annotated[str | None, Query(description="a trade of the fact `sector`")] = None,
    place: Annotated[str | None, Query(max_length=60, description="official full name; measures that hold there")] = None,
    level: Annotated[Level | None, Query()] = None,
    language: LanguageQuery = "zh",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Every filter narrows; each row says whether the measure is in force on `as_of`."""
    catalog = edition.catalog
    if sector is not None and sector not in catalog.facts["sector"].options:
        raise BadInput(
            "There is no such trade.", [FactError("/sector", f"«{sector[:40]}» is none of {', '.join(catalog.facts['sector'].options)}")]
        )
    code = _place_code(catalog, place)
    speaker = voice(edition.on(as_of), language)
    found = [e.id for e in ranked(catalog, q) if _fits(e, need, sector, code, level)]
    page, following = _page(found, cursor, limit)
    rows = [{"id": name, **_row(speaker, catalog.entries[name])} for name in page]
    return _json(
        {"as_of": as_of.isoformat(), "catalog_version": catalog.version, "total": len(found), "measures": rows, "next_cursor": following}
    )


def _place_code(catalog: Catalog, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return catalog.places.find(name).code if name != "全国" else COUNTRY
    except PlaceError as error:
        near = "、".join(catalog.places.full_name(p.code) for p in error.candidates)
        raise BadInput(
            "The place is not known or not clear.", [FactError("/place", f"«{name}»: {near or 'no such place; ask GET /v1/places?q='}")]
        ) from None


def ranked(catalog: Catalog, q: str | None) -> Iterator[Entry]:
    """Measures that a search finds, best first; all of them by level without one."""
    if not q or not q.strip():
        yield from sorted(catalog.entries.values(), key=lambda e: (LEVELS.index(e.measure.level), e.id))
        return
    words = q.strip().lower()
    texts = {
        e.id: f"{e.id} {e.measure.name.zh} {e.measure.name.en} {e.measure.gives.zh} {e.measure.gives.en}".lower()
        for e in catalog.entries.values()
    }
    inside = [i for i, text in texts.items() if all(word in text for word in words.split())]
    names = {i: f"{catalog.entries[i].measure.name.zh} {catalog.entries[i].measure.name.en}" for i in texts if i not in inside}
    near = [i for _, score, i in process.extract(words, names, limit=10, processor=str.lower) if score >= 75]
    inside.sort(key=lambda i: (words not in catalog.entries[i].measure.name.zh + catalog.entries[i].measure.name.en.lower(), i))
    yield from (catalog.entries[i] for i in [*inside, *near])


def _fits(entry: Entry, need: str | None, sector: str | None, code: str | None, level: str | None) -> bool:
    measure = entry.measure
    if need and not (serves(measure, need) or need in measure.needs):
        return False
    if sector and not {sector, "any"} & set(measure.sectors):
        return False
    if level and measure.level != level:
        return False
    return code is None or entry.place_test is None or any(code.startswith(c) for c in entry.place_test.codes)


def _row(speaker: Voice, entry: Entry) -> dict[str, Any]:
    general = speaker.general[entry.id]
    keys = ("name", "level", "region", "regions", "kind", "tier", "needs", "sectors", "gives", "valid_until", "lineage")
    standing = speaker.day.measures[entry.id].standing
    return {**{k: general[k] for k in keys}, "in_force": standing == "in_force", "standing": standing}


@router.get(
    "/measures/{measure}",
    summary="One measure: figures with history, conditions, lineage, sources",
    response_model=None,
    responses=responses(MeasureResponse, 404, 422),
)
def measure(measure: str, edition: EditionDep, as_of: DayDep, language: LanguageQuery = "zh") -> Response:
    """Everything known of a measure, as it stands on `as_of`, with the values that its figures had before."""
    if measure not in edition.catalog.entries:
        raise NotFound(_no("measure", measure, edition.catalog.entries))
    return _json(measure_page(voice(edition.on(as_of), language), measure, as_of))


def _no(kind: str, name: str, known: Any) -> str:
    near = ", ".join(m for m, _, _ in process.extract(name, list(known), limit=3))
    return f"There is no {kind} «{name[:80]}». Nearest: {near}."


@router.get(
    "/documents", summary="The policy documents that measures cite", response_model=None, responses=responses(DocumentsResponse, 422)
)
def documents(edition: EditionDep, level: Annotated[Level | None, Query()] = None, cursor: Cursor = None, limit: Limit = 50) -> Response:
    catalog = edition.catalog
    found = sorted(d.id for d in catalog.documents.values() if level is None or d.level == level)
    page, following = _page(found, cursor, limit)
    rows = [document_page(catalog, catalog.documents[name]) for name in page]
    return _json({"total": len(found), "documents": rows, "next_cursor": following})


@router.get(
    "/documents/{document}",
    summary="One policy document, with its lineage and the measures that cite it",
    response_model=None,
    responses=responses(DocumentResponse, 404, 422),
)
def document(document: str, edition: EditionDep) -> Response:
    catalog = edition.catalog
    if document not in catalog.documents:
        raise NotFound(_no("document", document, catalog.documents))
    return _json(document_page(catalog, catalog.documents[document], whole=True))


@router.get(
    "/facts", summary="The profile vocabulary: what may be asked and posted", response_model=None, responses=responses(FactsResponse, 422)
)
def facts(edition: EditionDep, language: LanguageQuery = "zh") -> Response:
    catalog = edition.catalog
    used = _uses(edition)
    return _json({"catalog_version": catalog.version, "facts": [fact_page(f, language, used.get(f.id, 0)) for f in catalog.facts.values()]})


def _uses(edition: Edition) -> dict[str, int]:
    from app.catalog.language import variables

    counts: dict[str, int] = {}
    for entry in edition.catalog.entries.values():
        read = {v.partition(".")[0] for c in entry.conditions if c.tree is not None for v in variables(c.tree)}
        for name in read | ({entry.place_test.var} if entry.place_test else set()):
            counts[name] = counts.get(name, 0) + 1
    return counts


@router.get(
    "/places", summary="Places by name, short or former name, or pinyin", response_model=None, responses=responses(PlacesResponse, 422)
)
def places(
    edition: EditionDep,
    q: Annotated[str, Query(min_length=1, max_length=60, description="e.g. 偏关, pianguan, 榆次市")],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Response:
    found = edition.catalog.places
    rows = [
        {
            "code": p.code,
            "name": p.label if p.level != "township" else p.name,
            "full_name": found.full_name(p.code),
            "level": p.level,
            "short": p.short,
            "pinyin": p.pinyin,
            "also": list(p.also),
            "county": found.county_of(p).label if p.level in ("county", "township") else None,
        }
        for p in found.search(q, limit)
    ]
    return _json({"places": rows})
