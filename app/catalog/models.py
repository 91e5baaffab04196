"""The shapes of the files in knowledge/ and rules/, one class a shape, exactly as CONTRIBUTING.md describes them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
FigureId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Need = Literal[
    "funding", "tax", "training", "site", "registration", "social_insurance", "employment", "children_education",
    "family_support", "land", "technology", "market", "insurance", "grievance", "information",
]  # fmt: skip
Level = Literal["national", "province", "city", "county"]
Kind = Literal["grant", "loan", "tax_relief", "insurance", "service", "training", "right", "paperwork", "duty", "information", "complaint"]
Prominence = Literal["main", "useful", "minor"]
"""What people come for, what helps besides, and what is rarely worth a first word."""
DecidedBy = Literal[
    "office", "bank", "insurer", "school", "village", "employer", "court", "tax_office", "power_company", "platform", "quota"
]  # fmt: skip
Unit = Literal[
    "CNY", "CNY/year", "CNY/quarter", "CNY/month", "CNY/day", "CNY/hour", "CNY/mu", "CNY/mu/year", "CNY/person", "CNY/person/year",
    "CNY/person/month", "CNY/household", "CNY/household/year", "CNY/head", "CNY/m2", "CNY/m3", "CNY/tonne", "CNY/kWh", "percent",
    "percent/year", "percent/day", "percentage_points", "percentage_points/year", "basis_points", "ratio", "years_old", "years", "quarters",
    "months", "days", "working_days", "hours", "times", "times/year", "persons", "persons/year", "households", "businesses", "head",
    "head/year", "mu", "m2", "m2/person", "count", "date", "phone", "text",
]  # fmt: skip
LEVELS: tuple[Level, ...] = ("national", "province", "city", "county")


class Shape(BaseModel):
    """Frozen, and refusing keys that nobody defined: a misspelt key is a mistake, not a remark."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Text(Shape):
    """The same thing said in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Checked(Shape):
    """How a thing is known: `seen` in an official text or page, `reported` by others, `recalled` from memory; when; how sure.

    `confirmed` by an office is never written in a file: a confirmation that is laid over the catalogue makes it, with who it was in `by`.
    """

    how: Literal["seen", "reported", "recalled", "confirmed"]
    confidence: Literal["high", "medium", "low"]
    on: dt.date
    by: str | None = None

    @model_validator(mode="after")
    def _from_a_file(self) -> Self:
        if self.how == "confirmed" or self.by is not None:
            raise ValueError("what an office confirmed is recorded with guiyan confirm or in the console, not in a file")
        return self

    @classmethod
    def confirmed(cls, by: str, on: dt.date) -> Checked:
        """What an office stands for since a day."""
        return cls.model_construct(how="confirmed", confidence="high", on=on, by=by)

    @property
    def sure(self) -> bool:
        return self.how == "confirmed" or (self.how == "seen" and self.confidence != "low")


class Cite(Shape):
    """A document of knowledge/documents and, where somebody read it, the clause."""

    document: Id
    clause: str | None


class Period(Shape):
    """A time for which something holds; null `to` = no end is known."""

    from_: dt.date | None = Field(alias="from")
    to: dt.date | None


class Validity(Period):
    """When a measure holds, how that is known, and what came after it."""

    cite: Cite
    checked: Checked
    replaced_by: Id | None = None


class FigureValue(Shape):
    """One value of a figure: for a time, in a place (null = wherever the measure holds), with its source."""

    from_: dt.date | None = Field(None, alias="from")
    to: dt.date | None = None
    value: int | float | str | dt.date
    place: str | None = None
    former: bool = False
    note: Text | None = None
    cite: Cite
    checked: Checked


class Figure(Shape):
    """A dated, cited number (or phone, date, short text) of a measure."""

    label: Text
    unit: Unit
    bound: Literal["at_most", "at_least", "about"] | None = None
    history: tuple[FigureValue, ...] = Field(min_length=1)


class Apply(Shape):
    """How to get the measure: where, on line, what to bring, until when, whom to ring, how long it takes."""

    where: Text | None
    online: Text | None = None
    materials: tuple[Text, ...] = ()
    deadline: Text | None = None
    phone: tuple[str, ...] = ()
    takes: Text | None = None


class Misheard(Shape):
    """Something people wrongly say of a measure, and what is so."""

    says: Text
    truth: Text


class Measure(Shape):
    """A support measure (扶持措施): what it gives and how to apply."""

    id: Id
    name: Text
    tier: Literal["A", "B", "C"]
    """A: in force and read. B: shown as not confirmed. C: ended, kept because people still speak of it."""
    level: Level
    regions: tuple[str, ...] = Field(min_length=1)
    kind: Kind
    prominence: Prominence = "useful"
    valid: Validity
    needs: tuple[Need, ...] = Field(min_length=1)
    sectors: tuple[str, ...] = Field(min_length=1)
    carries_out: Id | None = None
    figures: dict[FigureId, Figure] = {}
    gives: Text
    apply: Apply
    unsure: Text | None = None
    misheard: tuple[Misheard, ...] = ()
    documents: tuple[Id, ...] = ()


class Condition(Shape):
    """One requirement: an expression over the person's facts, or what an office settles, or both."""

    id: FigureId
    if_: str | None = Field(None, alias="if")
    decided_by: DecidedBy | None = None
    plain: Text
    cite: Cite
    checked: Checked
    valid: Period | None = None


class Estimate(Shape):
    """What this person would get, as arithmetic over facts and figures."""

    of: str
    unit: Unit
    label: Text


class NotWith(Shape):
    """Another measure that cannot be had together with this one."""

    measure: Id
    inferred: bool
    cite: Cite
    checked: Checked


class Example(Shape):
    """A worked example: a profile and the verdict that it must get. `change` starts from the file's first example."""

    name: str
    as_of: dt.date | None = None
    profile: dict[str, Any] | None = None
    change: dict[str, Any] | None = None
    verdict: Literal["eligible", "not_eligible", "unknown"]
    failed: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    figures: dict[str, Any] | None = None
    estimate: dict[str, float] | None = None


class Rule(Shape):
    """Who gets a measure."""

    measure: Id
    place: str = "home_place"
    conditions: tuple[Condition, ...] = ()
    estimate: dict[FigureId, Estimate] = {}
    not_with: tuple[NotWith, ...] = ()
    examples: tuple[Example, ...] = Field(min_length=1)


class Document(Shape):
    """A policy document (政策文件): number, issuer, dates, what it replaces and carries out, how it was checked."""

    id: Id
    number: str | None
    title: str
    issuer: str | None
    level: Level
    issued_on: dt.date | None
    effective_from: dt.date | None
    effective_to: dt.date | None
    status: Literal["in_force", "expired", "superseded", "unknown"]
    replaces: tuple[Id, ...] = ()
    carries_out: tuple[Id, ...] = ()
    url: str | None
    checked: Checked

    @property
    def dated(self) -> dt.date | None:
        """The first day for which the document speaks, as far as it is known."""
        return self.effective_from or self.issued_on


class Contact(Shape):
    """A telephone line, with how it is known."""

    number: str
    name: Text
    place: str | None = None
    cite: Cite | None = None
    checked: Checked


class GlossaryEntry(Shape):
    """A hard word in one plain sentence."""

    term: Text
    also: tuple[str, ...] = ()
    means: Text


class Changeable(Shape):
    """What a person can really bring about: the value to reach (`up`/`down` for numbers), how, and how hard it is."""

    to: bool | Literal["up", "down"] | tuple[str, ...]
    how: Text
    effort: int = Field(ge=1, le=3)
    when: str | None = None
    """An expression over the facts: never offered to someone for whom it is false."""


class Fact(Shape):
    """One fact of the profile vocabulary."""

    id: FigureId
    type: Literal["boolean", "integer", "money", "enum", "set", "place"]
    unit: str | None = None
    range: tuple[int, int] | None = None
    label: Text
    question: Text
    help: Text | None = None
    why: Text
    options: dict[str, Text] = {}
    ask: dict[str, Text] = {}
    unasked: tuple[str, ...] = ()
    """Of a set: options that people tell of themselves; no conversation asks whether they are so."""
    sensitive: bool = False
    whole: bool = False
    """Of a set: asked in one question with all options to choose from, not option by option."""
    after: FigureId | None = None
    """A yes-or-no or a set without which the question makes no sense: asked before it, and not at all after a no."""
    effort: int = Field(1, ge=1, le=3)
    changeable: Changeable | None = None
    likely: dict[bool | str, float] | tuple[float, ...] | None = None

    @property
    def is_number(self) -> bool:
        return self.type in ("integer", "money")
