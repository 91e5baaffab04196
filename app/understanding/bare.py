"""Numbers without a unit beside what was asked: 三十二，高中 in reply to how much land is an age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.catalog.models import Fact
from app.understanding.candidates import Candidate
from app.understanding.marked import Marked
from app.understanding.patterns import MARK
from app.understanding.quantities import Quantity

AGE = "age"
GROWN, OLD = 16, 80
"""Years that a number without a unit may mean."""
OF_A_PERSON = frozenset(("education", "gender", "hukou_type", "marital_status"))
"""Told beside a number, these make it an age."""


def bare_numbers(found: Iterable[Candidate], marked: Marked, asked: Fact) -> list[Candidate]:
    """The facts, without a bare number as the answer where it stands beside words about the person; with a guess at the age where none is told."""
    found = list(found)
    if asked.id == AGE:
        return found
    ages = {c.start for c in found if c.fact == AGE}
    if not asked.is_number:
        return found if ages else [*found, *_alone(marked)]
    beside = any(c.fact in OF_A_PERSON and c.sure for c in found)
    wrong = [c for c in found if beside and c.fact.startswith(asked.id) and (q := marked.quantity(c.start)) and _may_be_age(q)]
    kept = [c for c in found if c not in wrong]
    return kept if ages or not wrong else [*kept, _age(wrong[0].start, round(wrong[0].value))]


def _alone(marked: Marked) -> Sequence[Candidate]:
    if len(marked.text.strip(MARK)) != 1:
        return []
    numbers = [(at, q) for at in marked.items if (q := marked.quantity(at)) and _may_be_age(q)]
    return [_age(at, round(q.value)) for at, q in numbers]


def _may_be_age(quantity: Quantity) -> bool:
    return quantity.kind == "number" and quantity.low == quantity.high and GROWN <= quantity.value <= OLD


def _age(at: int, years: int) -> Candidate:
    return Candidate(AGE, years, at, at + 1, years, years, sure=False)
