"""What no measure gives and what nobody has confirmed yet (knowledge/gaps.yaml): said plainly to people, put to officials as questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.catalog import prose, source
from app.catalog.language import Expr, RuleError, Scope, nearest, parse_condition
from app.catalog.models import Fact, Id, Need, Shape, Text
from app.catalog.places import PlaceError, Places

if TYPE_CHECKING:
    from app.catalog.build import Workbench

GAPS = "knowledge/gaps.yaml"
NOWHERE = "(no such place)"


class Gap(Shape):
    """Something that is missing. `no_measure`: nobody gives it. The other kinds are work for an office: what it must confirm, send or renew."""

    id: Id
    kind: Literal["no_measure", "unconfirmed", "missing_text", "expires"]
    needs: tuple[Need, ...] = ()
    place: str = "山西省"
    when: str | None = None
    """Whom it concerns, in the language of rules; it is told only to those for whom this is certain."""
    tell: Literal["unmet", "once"] = "unmet"
    """`unmet`: said when nothing meets the need; `once`: said once to whom it concerns, even though something else meets the need."""
    missing: Text
    """What is missing, as it is said to a person or to an office."""
    but: Text | None = None
    """What comes nearest, said to the person."""
    nearest: tuple[Id, ...] = ()
    """Measures that come nearest, or that the question is about."""
    contact: str | None = None
    ask: Text
    """The office that can answer."""
    supply: Text
    """What the office must supply."""


@dataclass(frozen=True)
class ParsedGap:
    """A gap with its place as a code and its condition as a tree (None: it concerns everybody with the need)."""

    gap: Gap
    place: str
    tree: Expr | None


def read_gaps(bench: Workbench, facts: Mapping[str, Fact], places: Places) -> tuple[ParsedGap, ...]:
    """The gaps of the files, weightiest first; none where there is no such file."""
    listed = source.read(GAPS, bench.files.get(GAPS, "[]"), bench.problems) or []
    if not isinstance(listed, list):
        bench.problem(GAPS, (), "the file is no list", "write a list of gaps, each beginning with - id")
        return ()
    shaped = [(n, bench.shape(Gap, GAPS, item, (n,))) for n, item in enumerate(listed)]
    return tuple(_parsed(bench, n, gap, facts, places) for n, gap in shaped if gap is not None)


def _parsed(bench: Workbench, n: int, gap: Gap, facts: Mapping[str, Fact], places: Places) -> ParsedGap:
    tree, code = None, NOWHERE
    try:
        code = places.exact(gap.place)
    except PlaceError:
        bench.problem(GAPS, (n, "place"), f"there is no place «{gap.place}»", "use the official full name")
    if gap.when is not None:
        try:
            tree = parse_condition(gap.when, Scope(facts, frozenset(), places.exact))
        except RuleError as error:
            bench.problem(GAPS, (n, "when"), error.what, error.mend)
    return ParsedGap(gap, code, tree)


def check_gaps(bench: Workbench, gaps: tuple[ParsedGap, ...], measures: Mapping[str, object], lines: Mapping[str, str]) -> None:
    """References and prose. `lines`: numbers of telephone lines by id."""
    seen: set[str] = set()
    for n, parsed in enumerate(gaps):
        gap = parsed.gap
        if gap.id in seen:
            bench.problem(GAPS, (n, "id"), f"the gap «{gap.id}» stands twice", "give each its own id")
        seen.add(gap.id)
        for name in gap.nearest:
            if name not in measures and f"knowledge/measures/{name}.yaml" not in bench.files:
                bench.problem(GAPS, (n, "nearest"), f"there is no measure «{name}»", nearest(name, frozenset(measures)))
        if gap.contact is not None and gap.contact not in lines:
            bench.problem(GAPS, (n, "contact"), f"there is no contact «{gap.contact}»", "add it to knowledge/contacts.yaml with its source")
        if gap.kind == "no_measure" and gap.but is None:
            bench.problem(GAPS, (n,), f"the gap «{gap.id}» names no nearest help", "add but: {zh, en}")
        for text in (gap.missing, gap.but, gap.ask, gap.supply):
            for said in (text.zh, text.en) if text else ():
                if found := prose.digits(said, lines.values()):
                    bench.problem(GAPS, (n,), f"{gap.id}: prose holds the number «{found}»", "say it without a number")
