"""POST /v1/understand: a message in, its facts and what it is for out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import EditionDep, as_of
from app.api.match import AsOf
from app.api.problems import BadInput, to_json
from app.api.schemas import UnderstandResponse, responses
from app.catalog.catalog import Catalog
from app.matching.profile import FactError
from app.understanding import Heard, Understood, understand

router = APIRouter(prefix="/v1", tags=["stateless"])
LONGEST = 4_000
"""Characters of one message."""


class UnderstandRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=LONGEST, description="the message as typed or dictated", examples=["我是偏关的，想回去养羊，还差二十来万"])
    asking: str | None = Field(None, description="the fact (or one option, needs.funding) that was just asked for")
    as_of: AsOf = None


@router.post(
    "/understand",
    summary="A message in; its facts with their words, and what it is for, out",
    response_model=None,
    responses=responses(UnderstandResponse, 400, 413, 422),
)
def understand_one(body: UnderstandRequest, edition: EditionDep) -> Response:
    """Facts that are `stated` may be used at once; `guessed` ones are confirmed with the person first. Offsets count code points of `text`."""
    day = as_of(body.as_of)
    _known(body.asking, edition.catalog)
    found = understand(body.text, edition.lexicon, day, body.asking)
    return Response(to_json(_answer(found)), media_type="application/json")


def _known(asking: str | None, catalog: Catalog) -> None:
    """Raises BadInput where `asking` is no fact."""
    if asking is not None and asking not in catalog.facts and asking not in catalog.variables:
        raise BadInput("The question is not known.", [FactError("/asking", f"there is no fact «{asking[:60]}»; GET /v1/facts lists them")])


def _answer(found: Understood) -> dict[str, Any]:
    return {
        "intent": found.intent,
        "facts": [_fact(f) for f in found.facts],
        "removed": list(found.removed),
        "measures": list(found.measures),
        "words": list(found.words),
        "hearsay": [{"start": start, "end": end} for start, end in found.hearsay],
        "about_other": found.about_other,
        "what_if": found.what_if,
    }


def _fact(f: Heard) -> dict[str, Any]:
    number = {"low": f.low, "high": f.high, "approximate": f.approximate} if f.low is not None or f.high is not None else {}
    return {"fact": f.fact, "value": f.value, **number, "certainty": f.certainty, "start": f.start, "end": f.end, "quote": f.quote}
