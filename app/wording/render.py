"""Filling placeholders with the figures of a day and a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from app.catalog.catalog import Catalog, Entry
from app.catalog.models import Measure, Text
from app.catalog.prose import PLACEHOLDER
from app.wording.amounts import figure_amount

NOT_KNOWN = {"zh": "（数额没有查到）", "en": "(amount not found)"}
BY_PLACE = {"zh": "（各地不同）", "en": "(differs by place)"}


def speaking_day(measure: Measure, day: dt.date) -> dt.date:
    """The day whose figures a text uses: a measure that has ended speaks of its last day, one that has not begun of its first."""
    valid = measure.valid
    if valid.from_ and day < valid.from_:
        return valid.from_
    return min(day, valid.to) if valid.to else day


def filler(catalog: Catalog, measure: Measure, day: dt.date, place: str | None, language: str) -> Callable[[Text], str]:
    """A function that says a text of the measure with its figures filled in."""

    spoken = speaking_day(measure, day)

    def fill(name: str) -> str:
        figure = measure.figures[name]
        value = catalog.value_on(figure, spoken, place)
        if value is None:
            local = catalog.local_values(figure, spoken)
            return BY_PLACE[language] if local else NOT_KNOWN[language]
        return figure_amount(figure, value.value, language)

    return lambda text: PLACEHOLDER.sub(lambda found: fill(found.group(1)), text.of(language))


def place_sentence(catalog: Catalog, entry: Entry, language: str) -> str:
    """The place condition in words."""
    names = [catalog.places.by_code[code].label for code in sorted(entry.place_test.codes)] if entry.place_test else []
    label = catalog.facts[entry.rule.place].label.of(language)
    if language == "zh":
        return f"{label}在{'、'.join(names)}"
    return f"{label}: in {', '.join(names)}"
