"""POST /v1/hearsay: what people have heard, put right claim by claim."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import EditionDep, Language, as_of
from app.api.problems import to_json
from app.api.schemas import HearsayResponse, responses
from app.hearsay import check

router = APIRouter(prefix="/v1", tags=["stateless"])
LONGEST = 4_000


class HearsayRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str, Field(max_length=LONGEST, description="what was heard, in the person's own words", examples=["听说创业担保贷款不用还本"])
    ]
    as_of: Annotated[str | None, Field(description="YYYY-MM-DD; today by default", examples=["2026-11-23"])] = None
    language: Language = "zh"


@router.post(
    "/hearsay",
    summary="A rumour in; each claim true, outdated, wrong, no such measure or cannot tell, with the right words and source",
    response_model=None,
    responses=responses(HearsayResponse, 400, 413, 415, 422),
)
def hearsay(body: HearsayRequest, edition: EditionDep) -> Response:
    """True only where it matches a confirmed figure or clause in force; what was so once says until when."""
    found = check(body.text, edition.patterns, edition.catalog, as_of(body.as_of), body.language)
    return Response(to_json({"catalog_version": edition.catalog.version, **found.body()}), media_type="application/json")
