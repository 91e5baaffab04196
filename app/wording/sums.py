"""What a measure is worth to a person: the sum, and how it was worked out."""

from __future__ import annotations

from typing import Any

from app.catalog.language import Arith, FigureRef, Num, Number, NumFact
from app.catalog.models import Fact
from app.matching.day import DayMeasure
from app.matching.estimate import Estimated
from app.matching.match import Match
from app.wording.amounts import BOUND, amount, figure_amount, number, span
from app.wording.voice import say


def estimate(match: Match, measure: DayMeasure, estimated: Estimated, language: str) -> dict[str, Any]:
    unit = estimated.estimate.unit
    exact = estimated.low == estimated.high
    said = (
        span(estimated.low, estimated.high, unit, language)
        if exact
        else BOUND[language]["at_most"] + amount(estimated.high, unit, language)
    )
    return {
        "label": estimated.estimate.label.of(language),
        "value": _bare(estimated.high),
        "low": _bare(estimated.low),
        "high": _bare(estimated.high),
        "at_most": not exact,
        "unit": unit,
        "text": said,
        "working": f"{_working(match, measure, estimated.tree, language)} = {said}",
        "confirmed": all(v.checked.sure for v in estimated.values),
    }


def _bare(value: float) -> float:
    return int(value) if value == int(value) else value


def _working(match: Match, measure: DayMeasure, tree: Num, language: str) -> str:
    """An estimate's arithmetic with each number named: the smaller of …and …."""
    gap = " " if language == "en" else ""

    def part(node: Num) -> str:
        return _working(match, measure, node, language)

    match tree:
        case Number(size):
            return number(size, language)
        case NumFact(var):
            fact = match.catalog.variables[var].fact
            held = match.profile.known.get(var)
            said = span(*held, said_unit(fact), language) if isinstance(held, tuple) else "?"
            return f"{fact.label.of(language)}{gap}{said}"
        case FigureRef(name):
            figure = measure.entry.measure.figures[name]
            place = match.profile.known.get(measure.entry.rule.place)
            value = match.catalog.value_on(figure, match.day.day, place if isinstance(place, str) else None)
            said = figure_amount(figure, value.value, language) if value else "?"
            return f"{figure.label.of(language)}{gap}{said}"
        case Arith("min" | "max" as op, left, right):
            return say("smaller" if op == "min" else "larger", language, a=part(left), b=part(right))
        case Arith(op, left, right):
            return f"{part(left)} {_SIGNS[op]} {part(right)}"
    raise TypeError(tree)


_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def said_unit(fact: Fact) -> str:
    """The unit in which a number fact is said."""
    if fact.type == "money":
        return "CNY"
    return "years_old" if fact.id == "age" else fact.unit if fact.unit in _FACT_UNITS else "count"


_FACT_UNITS = frozenset({"years", "months", "persons", "mu", "times"})
