"""What the catalogue holds on one day, said in one language: the parts of an answer that do not depend on the person.

They are put together once for a day and a language and shared by every answer; an answer of some two hundred measures is then a few
thousand look-ups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from app.catalog.catalog import Entry, ParsedCondition
from app.catalog.models import Checked, Cite, Condition, Figure, FigureValue, Text
from app.matching.day import Day
from app.wording.amounts import figure_amount
from app.wording.render import filler, speaking_day
from app.wording.sources import citation
from app.wording.windows import confirmations_of, mark, window_of

MOST_REMEMBERED = 2_000
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
        self._windows: dict[tuple[str, str], dict[str, Any] | None] = {}

    # -- pieces

    def citation(self, cite: Cite) -> dict[str, Any]:
        return citation(self.catalog, cite)

    def checked(self, checked: Checked) -> dict[str, Any]:
        return mark(checked)

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
            "confirmed_by": [{"office": m.by, "on": m.on.isoformat()} for m in confirmations_of(entry)],
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

    def window(self, entry: Entry, place: str) -> dict[str, Any] | None:
        """The window of a person's own county behind the measure's line, remembered."""
        phones = entry.measure.apply.phone
        key = (phones[0] if phones else "", place)
        found = self._windows.get(key, ())
        if isinstance(found, tuple):
            if len(self._windows) > MOST_REMEMBERED:
                self._windows.clear()
            found = self._windows[key] = window_of(self.catalog, key[0] or None, place, self.language)
        return found

    def condition(self, parsed: ParsedCondition, fill: Callable[[Text], str]) -> dict[str, Any]:
        condition = parsed.condition
        return {"plain": fill(condition.plain), "citation": self.citation(condition.cite), "checked": self.checked(condition.checked)}

    def subject_to(self, condition: Condition, fill: Callable[[Text], str]) -> dict[str, Any]:
        return {"who": condition.decided_by, "plain": fill(condition.plain), "citation": self.citation(condition.cite)}
