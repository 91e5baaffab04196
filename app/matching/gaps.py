"""Which of the needs that no measure gives are a person's own."""

from __future__ import annotations

from app.catalog.catalog import Catalog
from app.catalog.gaps import Gap
from app.matching.interpret import evaluate
from app.matching.match import Match
from app.matching.order import stated_needs


def fitting(found: Match) -> list[Gap]:
    """Gaps that concern this person for certain: the need is stated, the place fits, and the condition holds by what is known."""
    known = found.profile.known
    needs = set(stated_needs(known))
    home = known.get("home_place")
    return [
        parsed.gap
        for parsed in found.catalog.gaps
        if parsed.gap.kind == "no_measure"
        and needs & set(parsed.gap.needs)
        and (not isinstance(home, str) or home.startswith(parsed.place))
        and (parsed.tree is None or evaluate(parsed.tree, known, found.day.ranges) is True)
    ]


def named(catalog: Catalog, gap: str) -> Gap | None:
    """A gap by its id."""
    return next((parsed.gap for parsed in catalog.gaps if parsed.gap.id == gap), None)
