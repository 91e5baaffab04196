"""Short replies: what a message means as the answer to the question that was just asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.catalog.models import Fact
from app.understanding.candidates import Candidate, in_range, measured
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.quantities import Quantity
from app.understanding.scope import Scope

RANK = 5
"""Of an answer; what a rule finds for the very fact that was asked stands above it."""
_KINDS = {
    "years": ("age", "number", "duration", "date"), "months": ("duration", "date", "number"), "persons": ("count", "number"),
    "mu": ("area", "number", "count"), "times": ("count", "number"), "head": ("count", "number"), "CNY": ("money", "number", "count"),
}  # fmt: skip
TEN_THOUSAND = 10_000
LOOSE_SUM = 1_000
"""A bare sum below this, in answer to a question about a loan, means so many 万."""


def heard_as_answer(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str) -> Iterator[Candidate]:
    """The answer to `asking` (a fact's id, or a dotted one), if the message holds one. Empty for "don't know", refusals and questions back."""
    fact = lexicon.facts.get(asking.partition(".")[0])
    if fact is None or not marked.text or lexicon.cue("dont_know", marked.text) or lexicon.cue("refuse", marked.text) or lexicon.cue("asks_back", marked.text):
        return
    if fact.is_number:
        yield from _number(marked, lexicon, fact, asking)
    elif fact.type == "place":
        yield from _place(marked, scope, fact)
    elif fact.type == "boolean" or "." in asking:
        said = _yes_or_no(marked, lexicon, asking)
        if said is not None:
            yield Candidate(asking, said, 0, min(len(marked.text), 8), rank=RANK)
    elif fact.type in ("enum", "set"):
        yield from _option(marked, lexicon, fact)


def _yes_or_no(marked: Marked, lexicon: Lexicon, asking: str) -> bool | None:
    text = marked.text
    for name in (asking.replace(".", "_"), asking.partition(".")[0], "any"):
        for answer, value in (("no", False), ("yes", True)):
            if f"{answer}_{name}" in lexicon.cues and lexicon.cue(f"{answer}_{name}", text):
                return value
    if lexicon.cue("double_no", text):
        return True
    if lexicon.cue("no", text):
        return False
    return True if lexicon.cue("yes", text) else None


def _place(marked: Marked, scope: Scope, fact: Fact) -> Iterator[Candidate]:
    mentions = [(at, item) for at in marked.items if (item := marked.place(at)) and not scope.unreal(at, at + 1) and not marked.text[:at].endswith("不是")]
    for at, mention in mentions[-1:]:
        yield Candidate(fact.id, mention.label, at, at + 1, sure=mention.certain or len(marked.text) <= 6, rank=RANK)


def _option(marked: Marked, lexicon: Lexicon, fact: Fact) -> Iterator[Candidate]:
    """An option named by its label, or by the first, second … of those shown."""
    for option, label in fact.options.items():
        at = marked.text.find(label.zh)
        if at >= 0 or marked.text == option.lower():
            name, value = (f"{fact.id}.{option}", True) if fact.type == "set" else (fact.id, option)
            yield Candidate(name, value, max(at, 0), max(at, 0) + len(label.zh), rank=RANK)


def _number(marked: Marked, lexicon: Lexicon, fact: Fact, asking: str) -> Iterator[Candidate]:
    quantities = [(at, q) for at in sorted(marked.items) if (q := marked.quantity(at)) and q.kind in _KINDS.get(fact.unit or "", ("number",))]
    if not quantities:
        if lexicon.cue("zero", marked.text) or (f"zero_{asking}" in lexicon.cues and lexicon.cue(f"zero_{asking}", marked.text)):
            yield Candidate(asking, 0, 0, len(marked.text), 0, 0, rank=RANK)
        return
    at, quantity = _chosen(quantities, marked, lexicon, asking)
    scale, add = _unit(fact, quantity, marked.text, at, lexicon)
    value, low, high, vague = measured(fact, quantity, scale, add)
    if in_range(fact, value):
        yield Candidate(asking, value, at, at + 1, low, high, vague, rank=RANK)


def _chosen(quantities: list[tuple[int, Quantity]], marked: Marked, lexicon: Lexicon, asking: str) -> tuple[int, Quantity]:
    at, quantity = quantities[0]
    if len(quantities) > 1 and lexicon.cue("corrects", marked.text):
        return quantities[-1]
    if len(quantities) > 1 and lexicon.cue("adds_up", marked.text) and asking in ("land_area_mu", "water_area_mu", "employees", "partners"):
        same = [q for _, q in quantities if q.unit == quantity.unit]
        return at, replace(quantity, value=sum(q.value for q in same), low=sum(q.low for q in same), high=sum(q.high for q in same))
    return at, quantity


def _unit(fact: Fact, quantity: Quantity, text: str, at: int, lexicon: Lexicon) -> tuple[float, float]:
    """What to multiply by and to add, so that the quantity has the fact's unit."""
    if fact.unit == "years" and quantity.kind in ("duration", "date"):
        return 1 / 12, 0
    if fact.unit == "CNY" and (quantity.kind == "count" or (quantity.value < LOOSE_SUM and fact.id in ("funding_needed", "annual_sales"))):
        return (TEN_THOUSAND, 0) if quantity.kind != "money" else (1, 0)
    if fact.id == "annual_sales" and (quantity.per == "month" or lexicon.cue("per_month", text[:at])):
        return 12, 0
    if fact.id == "employees" and lexicon.cue("with_me", text[:at]):
        return 1, -1
    return 1, 0
