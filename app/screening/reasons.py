"""Why: for the measures that a result names, each condition in plain words, made once for every distinct combination of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from app.catalog.models import Text
from app.matching.steps import Change
from app.screening.columns import Columns, Settled, grouped_rows
from app.screening.facts import Facts
from app.screening.people import People
from app.screening.ways import Found
from app.wording.answer import Voice, describe, voice
from app.wording.render import filler, place_sentence

SAYS = {
    "zh": {"met": "符合", "failed": "不符合", "open": "还要问", "first": "先", "office": "还要看", "colon": "：", "stop": "。", "and": "；", "none": "没有别的条件"},
    "en": {"met": "Met", "failed": "Not met", "open": "To ask", "first": "First", "office": "Subject to", "colon": ": ", "stop": ". ", "and": "; ", "none": "No other condition"},
}  # fmt: skip
MET, FAILED, UNKNOWN = 1, 2, 3
"""How a condition stands: it may be so, it may be otherwise, both."""
ELIGIBLE, ONE_STEP, OPEN = "eligible", "one_step", "open"


class Reasons:
    """Reasons in one language on one day. Made before the columns are first run: it adds steps to their program."""

    def __init__(self, columns: Columns, measures: Sequence[str], language: str) -> None:
        self.columns, self.measures, self.language = columns, measures, language
        self.voice: Voice = voice(columns.day, language)
        self._said: dict[tuple[object, ...], str] = {}
        self._planes = {m: [columns.rules.exact(c.tree) for c in columns.day.measures[m].conditions] for m in measures}

    def of(
        self, people: People, settled: Settled, made: Sequence[pl.Series], steps: Mapping[str, Found], asked: Mapping[str, pl.Series]
    ) -> pl.DataFrame:
        """row, measure, outcome, reason: a line for every person and measure that they can get, are one step from, or must be asked about.

        `asked` are the people of an open measure who have a line: those of whom little is left to ask (see run).
        """
        parts = []
        shown = pl.Series(people.rows, dtype=pl.UInt32)
        for measure in self.measures:
            lines: list[tuple[str, pl.Series, Found | None]] = [(ELIGIBLE, (settled.eligible(measure) & ~people.refused).arg_true(), None)]
            if measure in steps:
                lines.append((ONE_STEP, steps[measure].rows, steps[measure]))
            if measure in asked:
                lines.append((OPEN, asked[measure].arg_true(), None))
            for outcome, rows, found in lines:
                if len(rows):
                    reason = self._reasons(measure, outcome, people.facts, made, rows, found)
                    parts.append(_lines(measure, outcome, shown.gather(rows), reason))
        empty = {"row": pl.UInt32, "measure": pl.String, "outcome": pl.String, "reason": pl.String}
        return pl.concat(parts).sort("row", maintain_order=True) if parts else pl.DataFrame(schema=empty)

    def _reasons(
        self, measure: str, outcome: str, facts: Facts, made: Sequence[pl.Series], rows: pl.Series, found: Found | None
    ) -> pl.Series:
        """One text for each row; people whose conditions stand alike share it."""
        columns = []
        for n, (may, may_not) in enumerate(self._planes[measure]):
            columns.append((made[may].gather(rows).cast(pl.UInt8) + made[may_not].gather(rows).cast(pl.UInt8) * 2).alias(f"c{n}"))
        place = self.columns.day.catalog.entries[measure].rule.place
        local = measure in self.voice.local
        if local:
            columns.append(facts.at(place).gather(rows).alias("place"))
        if found is not None:
            columns.append(found.number.alias("change"))
        number, _, keys = grouped_rows(columns, rows)
        texts: list[str] = []
        for key in keys:
            values = [n for n in key[1:] if isinstance(n, int)]
            change = found.changes[values.pop()] if found is not None else None
            code = values.pop() if local else None
            texts.append(self._told(measure, outcome, tuple(values), self._code(code), change))
        return pl.Series(texts, dtype=pl.String).gather(number)

    def _code(self, number: int | None) -> str | None:
        lands = self.columns.layout.lands
        return None if number is None or number == lands.unknown else lands.codes[number]

    def _told(self, measure: str, outcome: str, status: tuple[int, ...], place: str | None, change: Change | None) -> str:
        key = (measure, outcome, status, place, change and (change.variable, change.to))
        if key not in self._said:
            self._said[key] = self._say(measure, outcome, status, place, change)
        return self._said[key]

    def _say(self, measure: str, outcome: str, status: tuple[int, ...], place: str | None, change: Change | None) -> str:
        found = self.columns.day.measures[measure]
        words, entry = SAYS[self.language], found.entry
        fill = filler(self.voice.catalog, entry.measure, self.columns.day.day, place, self.language)

        def plain(text: Text) -> str:
            return fill(text).rstrip("。.")

        said: dict[int, list[str]] = {MET: [], FAILED: [], UNKNOWN: []}
        office = [plain(p.condition.plain) for p in found.told]
        for condition, stands in zip(found.conditions, status, strict=True):
            parsed = condition.parsed
            sentence = plain(parsed.condition.plain) if parsed else place_sentence(self.voice.catalog, entry, self.language)
            said[MET if outcome == ELIGIBLE else stands].append(sentence)
            if parsed and parsed.condition.decided_by and (stands == MET or outcome == ELIGIBLE):
                office.append(sentence)
        lists = [("failed", said[FAILED]), ("open", said[UNKNOWN]), ("met", said[MET])]
        lists += [
            ("first", [describe(change, self.language)] if change else []),
            ("office", office if outcome != ONE_STEP else []),
        ]
        told = [words[key] + words["colon"] + words["and"].join(items) for key, items in lists if items]
        return words["stop"].join(told or [words["none"]]) + words["stop"].strip()


def _lines(measure: str, outcome: str, rows: pl.Series, reason: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"row": rows, "reason": reason}).select(
        "row", pl.lit(measure).alias("measure"), pl.lit(outcome).alias("outcome"), "reason"
    )
