"""A match in the words and shapes of the REST contract (version 1), zh or en."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.catalog.catalog import Entry
from app.catalog.models import Text
from app.catalog.prose import placeholders
from app.matching.day import DayMeasure
from app.matching.match import Match
from app.matching.profile import shown
from app.matching.question import cost
from app.matching.steps import Change
from app.matching.verdict import MeasureVerdict, Outcome
from app.wording.amounts import amount
from app.wording.questions import next_question
from app.wording.render import filler, place_sentence
from app.wording.sums import estimate, said_unit
from app.wording.voice import DEFAULT_PHONE, Voice, say, voice

__all__ = ["DEFAULT_PHONE", "Voice", "answer", "confirmed", "describe", "voice"]

OUTCOMES: Mapping[bool | None, str] = {True: "met", False: "failed", None: "unknown"}
ENDS_SOON_DAYS = 60


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
    window = speaker.window(entry, place) if place is not None else None
    if window is not None:
        general = {**general, "apply": {**general["apply"], "window": window}}
    fill = filler(match.catalog, entry.measure, match.day.day, place, speaker.language)
    end = entry.measure.valid.to
    left = (end - match.as_of).days if end else None
    body = {"measure": entry.id, "verdict": verdict.verdict, **general}
    body["confirmed"] = confirmed(match, verdict)
    body["reasons"] = _reasons(match, verdict, speaker, fill)
    body["missing_facts"] = _missing(match, verdict)
    body["subject_to"] = _subject_to(verdict, speaker, fill)
    body["estimate"] = {e.id: estimate(match, verdict.measure, e, speaker.language) for e in match.estimated.get(verdict.id, ())}
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
