"""What does not fit: things told of hired people where these were asked for, and states of a business that there is not yet."""

from __future__ import annotations

from collections.abc import Iterable

from app.understanding.candidates import Candidate

STAFF = frozenset(("employees", "key_group_employees"))
OF_PEOPLE = frozenset(
    ("registered_unemployed", "employment_difficulty", "poverty_alleviated", "poverty_monitored", "subsistence_allowance", "disabled",
     "veteran", "relocated_household", "needs.grievance")
)  # fmt: skip
"""Told of the speaker elsewhere, of hired people in reply to a question about these."""
OF_BUSINESS = frozenset((None, "first_business", "business_form", "business_stage", "sector", "months_operating", "needs"))
"""Questions (none as well) in reply to which 没办过, 没开过 may tell of the first business."""
FORM, STAGE, FIRST, UNREGISTERED = "business_form", "business_stage", "first_business", "unregistered"
NOT_YET = frozenset(("idea", "preparing"))


def fitting(found: Iterable[Candidate], asking: str | None) -> list[Candidate]:
    """The facts without those that the question, or the stage of the business, makes to mean something else."""
    found = list(found)
    if asking in STAFF:
        found = [c for c in found if c.fact not in OF_PEOPLE]
    if asking not in OF_BUSINESS:
        found = [c for c in found if c.fact != FIRST]
    return [c for c in found if not (c.fact == FORM and c.value == UNREGISTERED)] if asking != FORM and _only_planned(found) else found


def _only_planned(found: Iterable[Candidate]) -> bool:
    """Whether there is no business yet, only one that is wished for or being prepared."""
    stages = [c for c in found if c.fact == STAGE and c.sure]
    top = max((c.rank for c in stages), default=0)
    return bool(stages) and all(c.value in NOT_YET for c in stages if c.rank == top)
