"""A match in the words and shapes of the REST contract (version 1), zh or en.

What does not depend on the person is put together once for a day and a language and shared by every answer; an answer of a hundred and
sixty measures is then a few thousand look-ups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from app.catalog.catalog import Entry, ParsedCondition
from app.catalog.language import Arith, FigureRef, Num, Number, NumFact
from app.catalog.models import Checked, Cite, Condition, Fact, Figure, FigureValue, Text
from app.catalog.prose import placeholders
from app.matching.day import Day, DayMeasure
from app.matching.estimate import Estimated
from app.matching.match import Match
from app.matching.profile import shown
from app.matching.question import cost
from app.matching.steps import Change
from app.matching.verdict import MeasureVerdict, Outcome
from app.wording.amounts import BOUND, amount, figure_amount, number, span
from app.wording.render import filler, place_sentence, speaking_day
from app.wording.sources import citation

OUTCOMES: Mapping[bool | None, str] = {True: "met", False: "failed", None: "unknown"}
ENDS_SOON_DAYS = 60
MOST_REMEMBERED = 2_000
YES_NO = {"zh": ("是", "不是"), "en": ("Yes", "No")}
_SAYS = {
    "ended": {"zh": "这项扶持到{day}已经结束", "en": "This ended on {day}"},
    "replaced": {"zh": "，接着办的是“{name}”", "en": "; it was followed by “{name}”"},
    "not_begun": {"zh": "这项扶持从{day}才开始", "en": "This begins only on {day}"},
    "unconfirmed": {"zh": "这一条还没有核实，请打{phone}问清楚", "en": "This point is not confirmed; please call {phone} and ask"},
    "terms": {"zh": "那一天的规定没有查到，不能下结论", "en": "The terms of that day were not found, so there is no answer"},
    "figure": {"zh": "您那里的标准没有查到，请打{phone}问清楚", "en": "The line for your place was not found; please call {phone} and ask"},
    "smaller": {"zh": "{a}和{b}，取小的", "en": "the smaller of {a} and {b}"},
    "larger": {"zh": "{a}和{b}，取大的", "en": "the larger of {a} and {b}"},
}
DEFAULT_PHONE = "12345"


def say(key: str, language: str, **words: str) -> str:
    return _SAYS[key][language].format(**words)


@lru_cache(maxsize=32)
def voice(day: Day, language: str) -> Voice:
    """The voice of a day and a language, made once."""
    return Voice(day, language)


class Voice:
    """Says what the catalogue holds on one day in one language."""

    def __init__(self, day: Day, language: str) -> None:
        self.day, self.language, self.catalog = day, language, day.catalog
        self._reasons: dict[tuple[str, str, bool | None], dict[str, Any]] = {}
        self._at: dict[tuple[str, str], dict[str, Any]] = {}

    # -- pieces

    def citation(self, cite: Cite) -> dict[str, Any]:
        return citation(self.catalog, cite)

    def checked(self, checked: Checked) -> dict[str, Any]:
        return {"how": checked.how, "confidence": checked.confidence, "on": checked.on.isoformat()}

    def phone(self, entry: Entry) -> str:
        phones = entry.measure.apply.phone
        return self.catalog.contacts[phones[0]].number if phones else DEFAULT_PHONE

    def figure(self, figure: Figure, value: FigureValue) -> dict[str, Any]:
        raw = value.value.isoformat() if isinstance(value.value, dt.date) else value.value
        start = self.catalog.start_of(value)
        return {
            "label": figure.label.of(self.language),
            "value": raw,
            "unit": figure.unit,
            "bound": figure.bound,
            "text": figure_amount(figure, value.value, self.language, bound=True),
            "from": start and start.isoformat(),
            "to": value.to and value.to.isoformat(),
            "place": value.place,
            "citation": self.citation(value.cite),
            "checked": self.checked(value.checked),
        }

    def figures(self, entry: Entry, place: str | None) -> dict[str, Any]:
        """The figures in force; where they differ by place and the place is not known, all of them under `by_place`."""
        found: dict[str, Any] = {}
        spoken = speaking_day(entry.measure, self.day.day)
        for name, figure in entry.measure.figures.items():
            value = self.catalog.value_on(figure, spoken, place)
            local = self.catalog.local_values(figure, spoken)
            if value is not None:
                found[name] = self.figure(figure, value)
            if local and (value is None or value.place is None):
                inside = {code: v for code, v in local.items() if place is None or code.startswith(place)}
                if inside:
                    item = found.setdefault(name, {"label": figure.label.of(self.language), "unit": figure.unit})
                    item["by_place"] = [self.figure(figure, v) for v in inside.values()]
        return found

    # -- what does not depend on the person

    @cached_property
    def general(self) -> dict[str, dict[str, Any]]:
        """For each measure what is the same for everyone (its figures too, unless some differ by place)."""
        return {name: self._general(m.entry) for name, m in self.day.measures.items()}

    def _general(self, entry: Entry) -> dict[str, Any]:
        measure = entry.measure
        end = measure.valid.to
        return {
            "name": measure.name.of(self.language),
            "level": measure.level,
            "region": "、".join(measure.regions),
            "regions": list(measure.regions),
            "kind": measure.kind,
            "tier": measure.tier,
            "needs": list(measure.needs),
            "sectors": list(measure.sectors),
            "valid_until": end and end.isoformat(),
            "lineage": list(entry.lineage),
            "not_with": [n.measure for n in entry.not_with],
            **self.with_place(entry, None),
        }

    @cached_property
    def local(self) -> frozenset[str]:
        """Measures some of whose figures differ by place."""
        return frozenset(m.id for m in self.catalog.measures() if any(v.place for f in m.figures.values() for v in f.history))

    def at(self, entry: Entry, place: str) -> dict[str, Any]:
        """`with_place`, remembered: there are a few thousand places and a handful of measures whose figures differ by place."""
        found = self._at.get((entry.id, place))
        if found is None:
            if len(self._at) > MOST_REMEMBERED:
                self._at.clear()
            found = self._at[entry.id, place] = self.with_place(entry, place)
        return found

    def with_place(self, entry: Entry, place: str | None) -> dict[str, Any]:
        """The parts of a measure whose figures a place fills in."""
        fill = filler(self.catalog, entry.measure, self.day.day, place, self.language)
        apply = entry.measure.apply

        def maybe(text: Text | None) -> str | None:
            return fill(text) if text else None

        phones = [self.catalog.contacts[p] for p in apply.phone]
        return {
            "gives": fill(entry.measure.gives),
            "unsure": maybe(entry.measure.unsure),
            "figures": self.figures(entry, place),
            "apply": {
                "where": maybe(apply.where),
                "online": maybe(apply.online),
                "materials": [fill(m) for m in apply.materials],
                "deadline": maybe(apply.deadline),
                "takes": maybe(apply.takes),
                "phone": phones[0].number if phones else None,
                "phones": [{"number": p.number, "name": p.name.of(self.language), "checked": self.checked(p.checked)} for p in phones],
            },
        }

    def condition(self, parsed: ParsedCondition, fill: Callable[[Text], str]) -> dict[str, Any]:
        condition = parsed.condition
        return {"plain": fill(condition.plain), "citation": self.citation(condition.cite), "checked": self.checked(condition.checked)}

    def subject_to(self, condition: Condition, fill: Callable[[Text], str]) -> dict[str, Any]:
        return {"who": condition.decided_by, "plain": fill(condition.plain), "citation": self.citation(condition.cite)}


# ---------------------------------------------------------------- a person's answer


def answer(match: Match, language: str, *, brief: bool = False) -> dict[str, Any]:
    """The body of `POST /v1/match`."""
    speaker = voice(match.day, language)
    verdicts = [_brief(match, v, speaker) if brief else _verdict(match, v, speaker) for v in match.verdicts]
    body: dict[str, Any] = {
        "as_of": match.as_of.isoformat(),
        "catalog_version": match.catalog.version,
        "profile": dict(match.profile.echo),
        "assumed": {v: shown(match.profile.known[v], match.catalog) for v in match.profile.assumed},
        "verdicts": verdicts,
        "shown_first": match.shown_first,
        "best_combination": match.best_combination,
        "next_question": next_question(match, language),
        "unmet_needs": match.unmet_needs,
    }
    return body


def _brief(match: Match, verdict: MeasureVerdict, speaker: Voice) -> dict[str, Any]:
    return {
        "measure": verdict.id,
        "name": speaker.general[verdict.id]["name"],
        "verdict": verdict.verdict,
        "missing_facts": _missing(match, verdict),
    }


def _missing(match: Match, verdict: MeasureVerdict) -> list[str]:
    return sorted(verdict.missing, key=lambda v: (cost(match.catalog, v), v))


def _verdict(match: Match, verdict: MeasureVerdict, speaker: Voice) -> dict[str, Any]:
    entry = verdict.measure.entry
    held = match.profile.known.get(entry.rule.place)
    place = held if isinstance(held, str) else None
    general = speaker.general[entry.id]
    if place is not None and entry.id in speaker.local:
        general = {**general, **speaker.at(entry, place)}
    fill = filler(match.catalog, entry.measure, match.day.day, place, speaker.language)
    end = entry.measure.valid.to
    left = (end - match.as_of).days if end else None
    body = {"measure": entry.id, "verdict": verdict.verdict, **general}
    body["confirmed"] = confirmed(match, verdict)
    body["reasons"] = _reasons(match, verdict, speaker, fill)
    body["missing_facts"] = _missing(match, verdict)
    body["subject_to"] = _subject_to(verdict, speaker, fill)
    body["estimate"] = {e.id: _estimate(match, verdict.measure, e, speaker.language) for e in match.estimated.get(verdict.id, ())}
    body["steps"] = [
        {"change": {"fact": c.variable, "to": shown(c.to, match.catalog)}, "plain": describe(c, speaker.language)}
        for c in match.steps(verdict)
    ]
    if left is not None and 0 <= left < ENDS_SOON_DAYS:
        body["days_left"] = left
    if verdict.verdict == "unknown" and not verdict.missing:
        terms = verdict.measure.standing == "terms_unknown"
        body["why"] = "terms_of_that_day_unknown" if terms else "figure_not_known"
        body["why_plain"] = say("terms" if terms else "figure", speaker.language, phone=speaker.phone(entry))
    return body


def confirmed(match: Match, verdict: MeasureVerdict) -> bool:
    """Whether the measure is tier A and every condition and figure that the verdict used was seen with at least medium confidence."""
    if verdict.measure.entry.measure.tier != "A" or verdict.measure.standing == "terms_unknown":
        return False
    by_place_or_date = verdict.measure.standing != "in_force" or any(o.condition.parsed is None for o in verdict.outcomes)
    if by_place_or_date and not verdict.measure.entry.measure.valid.checked.sure:
        return False
    for outcome in verdict.outcomes:
        parsed = outcome.condition.parsed
        if (parsed and not parsed.condition.checked.sure) or not all(v.checked.sure for v in outcome.condition.figures):
            return False
    return all(value.checked.sure for estimated in match.estimated.get(verdict.id, ()) for value in estimated.values)


def _reasons(match: Match, verdict: MeasureVerdict, speaker: Voice, fill: Callable[[Text], str]) -> list[dict[str, Any]]:
    measure = verdict.measure
    if measure.standing in ("ended", "not_begun"):
        return [_date_reason(match, measure, speaker)]
    return [_reason(measure.entry, o, speaker, fill) for o in verdict.outcomes]


def _reason(entry: Entry, outcome: Outcome, speaker: Voice, fill: Callable[[Text], str]) -> dict[str, Any]:
    key = (entry.id, outcome.condition.id, outcome.status)
    found = speaker._reasons.get(key)
    if found is not None:
        return found
    parsed = outcome.condition.parsed
    valid = entry.measure.valid
    if parsed is None:
        said = {"plain": place_sentence(speaker.catalog, entry, speaker.language), "citation": speaker.citation(valid.cite)}
        said["checked"] = speaker.checked(valid.checked)
        sure = valid.checked.sure
    else:
        said = speaker.condition(parsed, fill)
        sure = parsed.condition.checked.sure and all(v.checked.sure for v in outcome.condition.figures)
    reason = {"condition": outcome.condition.id, "outcome": OUTCOMES[outcome.status], **said, "facts": list(outcome.condition.order)}
    if outcome.status is False and not sure:
        reason["ask"] = say("unconfirmed", speaker.language, phone=speaker.phone(entry))
    if parsed is None or entry.id not in speaker.local or not placeholders(parsed.condition.plain.zh):
        speaker._reasons[key] = reason
    return reason


def _date_reason(match: Match, measure: DayMeasure, speaker: Voice) -> dict[str, Any]:
    valid = measure.entry.measure.valid
    ended = measure.standing == "ended"
    day = valid.to if ended else valid.from_
    assert day is not None
    plain = say("ended" if ended else "not_begun", speaker.language, day=amount(day, "date", speaker.language))
    if ended and valid.replaced_by and valid.replaced_by in match.catalog.entries:
        plain += say("replaced", speaker.language, name=match.catalog.entries[valid.replaced_by].measure.name.of(speaker.language))
    ask = {} if valid.checked.sure else {"ask": say("unconfirmed", speaker.language, phone=speaker.phone(measure.entry))}
    return {
        "condition": "valid",
        "outcome": "failed",
        "plain": plain,
        "facts": [],
        "citation": speaker.citation(valid.cite),
        "checked": speaker.checked(valid.checked),
        "replaced_by": valid.replaced_by,
        **ask,
    }


def _subject_to(verdict: MeasureVerdict, speaker: Voice, fill: Callable[[Text], str]) -> list[dict[str, Any]]:
    if verdict.verdict == "not_eligible":
        return []
    told = [p.condition for p in verdict.measure.told]
    met = [
        o.condition.parsed.condition
        for o in verdict.outcomes
        if o.condition.parsed and o.condition.parsed.condition.decided_by and o.status is True
    ]
    return [speaker.subject_to(condition, fill) for condition in (*met, *told)]


def _estimate(match: Match, measure: DayMeasure, estimated: Estimated, language: str) -> dict[str, Any]:
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


def describe(change: Change, language: str) -> str:
    """How to make a change, in words."""
    way = change.fact.changeable
    assert way is not None
    how = way.how.of(language)
    label = change.fact.label.of(language)
    if isinstance(change.to, tuple):
        goal = amount(change.to[0], said_unit(change.fact), language)
        return f"{how}（{label}要到{goal}）" if language == "zh" else f"{how} ({label}: {goal})"
    if isinstance(change.to, frozenset):
        named = change.fact.options[next(iter(change.to))].of(language)
        return f"{how}（{label}：{named}）" if language == "zh" else f"{how} ({label}: {named})"
    return how


def said_unit(fact: Fact) -> str:
    """The unit in which a number fact is said."""
    if fact.type == "money":
        return "CNY"
    return "years_old" if fact.id == "age" else fact.unit if fact.unit in _FACT_UNITS else "count"


_FACT_UNITS = frozenset({"years", "months", "persons", "mu", "times"})


# ---------------------------------------------------------------- the next question


def next_question(match: Match, language: str) -> dict[str, Any] | None:
    """The question worth asking next, or None when nothing more can change a verdict."""
    questions = match.questions
    return question(match.day, questions[0].variable, language) if questions else None


def question(day: Day, variable: str, language: str) -> dict[str, Any]:
    """A variable's question with its answers, in words."""
    item = day.catalog.variables[variable]
    fact = item.fact
    yes, no = YES_NO[language]
    if item.type == "boolean":
        options = [{"label": yes, "value": True}, {"label": no, "value": False}]
    else:
        options = [{"label": text.of(language), "value": option} for option, text in fact.options.items()]
    ask = fact.ask.get(item.option) if item.option else None
    return {
        "fact": variable,
        "type": item.type,
        "text": (ask or fact.question).of(language),
        "help": fact.help and fact.help.of(language),
        "why": fact.why.of(language),
        "sensitive": fact.sensitive,
        "options": options,
    }
