"""One cell in people's words -> what is known of a fact, or what is wrong with it. Nothing is guessed: what is not sure is a problem."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.catalog.catalog import Catalog
from app.catalog.models import Fact
from app.matching.profile import Value
from app.screening.identity import months, years
from app.screening.problems import shown
from app.screening.table import Cell
from app.screening.words import NO, NOTHING, UNCLEAR, YES, ZERO, RosterWords, plain
from app.understanding import Lexicon, understand
from app.understanding.heard import Heard

_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_LIST = re.compile(r"[、,，;；/+＋\n]|和|及")
_YUAN = re.compile("[万元块千百亿]")
LOOSE_SUM = 1_000
"""A bare sum below this may mean so many yuan or so many ten thousand."""
FIRST_YEAR = 1930
SERIALS = range(20_000, 60_000)
"""Days since 1900, as a spreadsheet counts them: 1954 to 2064."""
ADDS_UP = frozenset({"funding_needed", "annual_sales", "annual_profit"})
MONTHS_MEND, PLACE_MEND = "2019年3月", "偏关县"
EXAMPLES = {"months": MONTHS_MEND, "money": "二十来万、200000元", "years": "35", "mu": "30亩", "persons": "3人", "head": "200头"}
IN_SENTENCES = frozenset({"sector"})
"""Facts that people describe in a sentence; for the others only whole words count."""
MOST_SHOWN = 8
"""Options named in a mend."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell tells: variables with their values; or the kind of problem and its details. Neither: it says nothing."""

    values: Mapping[str, Value] = field(default_factory=dict)
    wrong: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


SILENT = Reading()


@dataclass(frozen=True)
class Cells:
    """Reads cells on a day."""

    catalog: Catalog
    lexicon: Lexicon
    words: RosterWords
    as_of: dt.date

    def read(self, told: str, cell: Cell, unit: str = "") -> Reading:
        """A cell under a column that tells a fact (or one option of a set, `needs.funding`). `unit`: what the header has in brackets."""
        if cell is None or (isinstance(cell, str) and plain(cell) in self.words.cells[NOTHING]):
            return SILENT
        fact = self.catalog.facts[told.partition(".")[0]]
        if "." in told or fact.type == "boolean":
            return self._yes_or_no(told, fact, cell)
        if fact.is_number:
            return self._number(fact, cell, unit)
        text = cell if isinstance(cell, str) else str(cell)
        if fact.type == "place":
            return self._place(fact, text)
        return self._set(fact, text) if fact.type == "set" else self._option(fact, text)

    def born(self, cell: Cell) -> Reading:
        """A date of birth as an age."""
        return self._number(self.catalog.facts["age"], cell, "") if not isinstance(cell, int | float) else self._odd(cell, "1985年6月")

    # ---------------------------------------------------------------- words

    def _odd(self, cell: Cell, mend: str) -> Reading:
        return Reading(wrong="not_understood", said={"value": shown(cell), "mend": mend})

    def _yes_or_no(self, told: str, fact: Fact, cell: Cell) -> Reading:
        if isinstance(cell, bool):
            return Reading({told: cell})
        text = plain(str(cell))
        own = self.words.options[fact.id].get(text) if fact.type == "boolean" else None
        if own in ("true", "false"):
            return Reading({told: own == "true"})
        for key, value in ((YES, True), (NO, False)):
            if text in self.words.cells[key]:
                return Reading({told: value})
        return self._odd(cell, "是、否")

    def _option(self, fact: Fact, text: str) -> Reading:
        known = self.words.options[fact.id].get(plain(text))
        if known:
            return Reading({fact.id: frozenset({known})})
        heard = {h.value for h in self._heard(text, fact.id) if h.fact == fact.id} if fact.id in IN_SENTENCES else set()
        if len(heard) == 1 and plain(text) not in self.words.cells[UNCLEAR]:
            return Reading({fact.id: frozenset(map(str, heard))})
        return self._odd(text, self._options(fact))

    def _set(self, fact: Fact, text: str) -> Reading:
        if plain(text) in self.words.cells[NO]:
            return Reading({f"{fact.id}.{option}": False for option in fact.options})
        words = self.words.options[fact.id]
        found: dict[str, Value] = {}
        for piece in filter(None, map(str.strip, _LIST.split(text))):
            option = words.get(plain(piece))
            heard = [h for h in self._heard(piece, fact.id) if h.fact.startswith(f"{fact.id}.")] if option is None else []
            if option is None and not heard:
                return self._odd(piece, self._options(fact))
            found |= {f"{fact.id}.{option}": True} if option else {h.fact: bool(h.value) for h in heard}
        return Reading(found) if found else SILENT

    def _heard(self, text: str, asking: str) -> list[Heard]:
        return [h for h in understand(text, self.lexicon, self.as_of, asking).facts if h.certainty == "stated"]

    def _place(self, fact: Fact, text: str) -> Reading:
        mention = self.lexicon.places.named(text)
        if mention is None:
            found = self.lexicon.places.find(text)
            mention = found[0] if found and found[0].start == 0 else None
        if mention is None:
            return self._odd(text, PLACE_MEND)
        if not mention.certain:
            return Reading(wrong="which_place", said={"value": shown(text), "mend": "、".join(mention.candidates) or mention.label})
        return Reading({fact.id: self.catalog.places.county_of(self.catalog.places.by_code[mention.code]).code})

    # ---------------------------------------------------------------- numbers

    def _number(self, fact: Fact, cell: Cell, unit: str) -> Reading:
        if isinstance(cell, bool):
            return self._odd(cell, self._example(fact))
        if isinstance(cell, dt.date):
            return self._since(fact, cell)
        if isinstance(cell, str):
            text = plain(cell)
            if text in self.words.cells[ZERO] and self._range(fact)[0] <= 0:
                return self._exactly(fact, 0.0, cell)
            if not _NUMBER.fullmatch(text):
                return self._in_words(fact, cell, unit)
            return self._bare(fact, float(text.replace(",", "")), unit)
        return self._bare(fact, float(cell or 0), unit)

    def _bare(self, fact: Fact, number: float, unit: str) -> Reading:
        """A number without a word: its unit is the header's, or beyond doubt."""
        scale = self.words.unit(fact, unit) if unit else None
        if fact.unit == "months" or (fact.unit == "years" and fact.id != "age"):
            odd = self._maybe_date(fact, number)
            if odd is not None:
                return odd
            if scale is None and number and fact.unit == "months":
                said = {"value": shown(number), "units": "月还是年", "mend": f"{self.words.header_of(fact.id)}（月）"}
                return Reading(wrong="which_unit", said=said)
        if fact.id in ADDS_UP and scale is None and 0 < number < LOOSE_SUM:
            said = {"value": shown(number), "units": "元还是万元", "mend": f"{self.words.header_of(fact.id)}（万元）"}
            return Reading(wrong="which_unit", said=said)
        return self._exactly(fact, round(number * (scale or 1), 6), number)

    def _maybe_date(self, fact: Fact, number: float) -> Reading | None:
        """2019 under 回乡时间 is a year, 43525 a date that lost its format, 2019.1 January or October."""
        if number in SERIALS:
            return Reading(wrong="serial_date", said={"value": shown(number)})
        if FIRST_YEAR <= number <= self.as_of.year + 1:
            if number == int(number):
                return self._in_words(fact, f"{number:.0f}年", "")
            text = f"{number:g}"
            return self._odd(text, MONTHS_MEND) if text.endswith(".1") else self._in_words(fact, text, "")
        return None

    def _since(self, fact: Fact, day: dt.date) -> Reading:
        if fact.unit not in ("months", "years"):
            return self._odd(day, self._example(fact))
        if day > self.as_of:
            return Reading(wrong="future_date", said={"value": day.isoformat()})
        return self._exactly(fact, float((years if fact.unit == "years" else months)(day, self.as_of)), day)

    def _exactly(self, fact: Fact, number: float, cell: Cell) -> Reading:
        low, high = self._range(fact)
        if not low <= number <= high or (fact.type == "integer" and number != int(number)):
            mend = f"{low:g}–{high:g}" + ("，整数" if fact.type == "integer" else "")
            return Reading(wrong="out_of_range", said={"value": shown(cell), "mend": mend})
        return Reading({fact.id: (number, number)})

    def _in_words(self, fact: Fact, text: str, unit: str) -> Reading:
        heard = [h for h in self._heard(text, fact.id) if h.fact == fact.id]
        if len(heard) != 1 or isinstance(heard[0].value, bool | str):
            return self._odd(text, self._example(fact))
        found = heard[0]
        rest = text[: found.start] + "，" + text[found.end :]
        if not self.words.around.fullmatch(rest):
            return Reading(wrong="partly_understood", said={"value": shown(text), "quote": found.quote, "mend": self._example(fact)})
        if fact.id in ADDS_UP and not _YUAN.search(text) and unit not in ("万元", "万"):
            said = {"value": shown(text), "units": "元还是万元", "mend": f"{self.words.header_of(fact.id)}（万元）"}
            return Reading(wrong="which_unit", said=said)
        return self._between(fact, found, text)

    def _between(self, fact: Fact, heard: Heard, text: str) -> Reading:
        """The interval that was said, in whole numbers where the fact has them, within what the fact can be."""
        low, high = self._range(fact)
        if heard.value < low or heard.value > high:
            return Reading(wrong="out_of_range", said={"value": shown(text), "mend": f"{low:g}–{high:g}"})
        exact = heard.low is None and heard.high is None
        first = heard.value if exact else heard.low if heard.low is not None else low
        last = heard.value if exact else heard.high if heard.high is not None else high
        if fact.type == "integer":
            first, last = math.floor(first), math.floor(last) if fact.unit == "years" else math.ceil(last)
        return Reading({fact.id: (float(max(first, low)), float(min(last, high)))})

    @staticmethod
    def _range(fact: Fact) -> tuple[float, float]:
        return fact.range or (-math.inf, math.inf)

    @staticmethod
    def _options(fact: Fact) -> str:
        labels = [label.zh for label in fact.options.values()]
        return " / ".join(labels[:MOST_SHOWN]) + (" …" if len(labels) > MOST_SHOWN else "")

    @staticmethod
    def _example(fact: Fact) -> str:
        return EXAMPLES.get("money" if fact.type == "money" else fact.unit or "", "3")
