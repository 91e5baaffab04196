"""What the answers look like, for the OpenAPI page. Answers are built by `app.wording`; a contract test holds the two together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Scalar = bool | int | float | str


class Open(BaseModel):
    """A shape to which fields may be added."""

    model_config = ConfigDict(extra="allow")


class Checked(Open):
    how: Literal["seen", "reported", "recalled", "confirmed"]
    confidence: Literal["high", "medium", "low"]
    on: str = Field(description="the day of the check, YYYY-MM-DD")
    by: str | None = Field(None, description="the office that confirmed it")


class Citation(Open):
    document: str
    number: str | None
    title: str
    clause: str | None = Field(description="null: nobody has read which clause")
    url: str | None


class FigureShape(Open):
    """A dated, cited figure; where it differs by place and the place is not known, `by_place` lists the values."""

    label: str
    unit: str
    value: Scalar | None = None
    text: str | None = None
    from_: str | None = Field(None, alias="from")
    to: str | None = None
    citation: Citation | None = None
    checked: Checked | None = None


class Reason(Open):
    condition: str
    outcome: Literal["met", "failed", "unknown"]
    plain: str
    facts: list[str]
    citation: Citation
    checked: Checked


class SubjectTo(Open):
    who: str
    plain: str


class EstimateShape(Open):
    value: float
    low: float
    high: float
    unit: str
    text: str
    working: str
    confirmed: bool


class ChangeShape(BaseModel):
    fact: str
    to: Any


class Step(Open):
    change: ChangeShape
    plain: str


class VerdictShape(Open):
    """One measure for one person; `detail: brief` gives measure, name, verdict and missing_facts only."""

    measure: str
    name: str
    verdict: Literal["eligible", "not_eligible", "unknown"]
    missing_facts: list[str]
    level: str | None = None
    region: str | None = None
    needs: list[str] | None = None
    confirmed: bool | None = None
    valid_until: str | None = None
    reasons: list[Reason] | None = None
    subject_to: list[SubjectTo] | None = None
    estimate: dict[str, EstimateShape] | None = None
    steps: list[Step] | None = None
    figures: dict[str, FigureShape] | None = None
    apply: dict[str, Any] | None = None
    lineage: list[str] | None = None
    not_with: list[str] | None = None


class Option(BaseModel):
    label: str
    value: Scalar


class QuestionShape(Open):
    fact: str
    text: str
    options: list[Option]


class MatchResponse(Open):
    as_of: str
    catalog_version: str
    profile: dict[str, Any]
    verdicts: list[VerdictShape] = Field(description="every measure, in the order to show")
    best_combination: list[str]
    next_question: QuestionShape | None
    unmet_needs: list[str]


class BatchResult(Open):
    id: str | int
    eligible: list[str]
    unknown: list[str]
    not_eligible: list[str]


class BatchResponse(Open):
    results: list[BatchResult]


class MeasuresResponse(Open):
    total: int
    measures: list[dict[str, Any]]
    next_cursor: str | None


class DocumentsResponse(Open):
    total: int
    documents: list[dict[str, Any]]
    next_cursor: str | None


class MeasureResponse(Open):
    id: str
    name: str
    figures: dict[str, FigureShape]
    history: dict[str, list[FigureShape]]
    lineage: list[str]
    sources: list[dict[str, Any]]


class DocumentResponse(Open):
    id: str
    number: str | None
    title: str


class FactsResponse(Open):
    facts: list[dict[str, Any]]


class PlacesResponse(Open):
    places: list[dict[str, Any]]


class ClaimShape(Open):
    quote: str
    measure: str | None
    verdict: Literal["true", "outdated", "wrong", "no_such_measure", "cannot_tell"]
    correction: str
    citations: list[dict[str, Any]]


class HearsayResponse(Open):
    claims: list[ClaimShape]
    reply: str


class HeardShape(Open):
    """One fact of a message; `low`, `high` and `approximate` with numbers."""

    fact: str = Field(description="a fact's id; an option of a set is dotted: needs.funding")
    value: Scalar
    low: float | None = None
    high: float | None = None
    approximate: bool | None = None
    certainty: Literal["stated", "guessed"]
    start: int = Field(description="code points of the text as sent")
    end: int
    quote: str


class SpanShape(Open):
    start: int
    end: int


class UnderstandResponse(Open):
    intent: str
    facts: list[HeardShape]
    removed: list[str] = Field(description="facts that the person takes back")
    measures: list[str] = Field(description="ids of measures that the message names")
    words: list[str] = Field(description="hard words that it asks about")
    hearsay: list[SpanShape] = Field(description="what others say, as spans of the text")
    about_other: bool
    what_if: bool


class ErrorItem(BaseModel):
    where: str = Field(description="JSON pointer into the request, e.g. /profile/age")
    what: str = Field(description="what is wrong, and the mend")


class ProblemShape(Open):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorItem] | None = None


def responses(model: type[BaseModel], *refusals: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer: its model at 200, problems at the given statuses."""
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
    found: dict[int | str, dict[str, Any]] = {200: {"model": model}}
    found |= {status: {"description": "refused; says what to do instead", "content": refused} for status in refusals}
    return found
