"""The questions of the catalogue in words, with their answers."""

from __future__ import annotations

from typing import Any

from app.matching.day import Day
from app.matching.match import Match

YES_NO = {"zh": ("是", "不是"), "en": ("Yes", "No")}


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
