"""What a result says of each person, as text: what they can get, what is one step away, what to ask them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import polars as pl

from app.catalog.catalog import Catalog
from app.matching.order import KINDS, PROMINENCE
from app.matching.steps import WORTH_A_CHANGE, Change
from app.screening.columns import Settled
from app.screening.ways import Found
from app.wording.answer import describe

BETWEEN = " ｜ "
"""Stands between measures; no name and no step holds it."""
UNSURE = {"zh": "（未核实）", "en": " (not confirmed)"}
STEP = {"zh": "{name}（先：{how}）", "en": "{name} (first: {how})"}
MOST_ASKED = 5
"""Facts named to be asked: those on which most hangs; the number of all is told beside them."""
GROUP = 8
"""Measures whose names are looked up together: two to the eighth texts are made once for them."""
BASE = 256


def rostered(catalog: Catalog) -> list[str]:
    """The measures that a roster is screened for: support, not duties, rights, papers or complaint lines; what people come for first."""
    found = [m for m in catalog.measures() if m.kind in WORTH_A_CHANGE]
    return [m.id for m in sorted(found, key=lambda m: (PROMINENCE.index(m.prominence), KINDS.index(m.kind)))]


class Lines:
    """Texts in one language."""

    def __init__(self, catalog: Catalog, measures: Sequence[str], language: str) -> None:
        self.catalog, self.measures, self.language = catalog, measures, language
        self.names = {m: self._name(m) for m in measures}

    def _name(self, measure: str) -> str:
        found = self.catalog.entries[measure].measure
        return found.name.of(self.language) + ("" if found.tier == "A" else UNSURE[self.language])

    @cached_property
    def _tables(self) -> list[tuple[list[str], pl.Series]]:
        """Measures in groups, with the text of every choice of them."""
        found = []
        for at in range(0, len(self.measures), GROUP):
            group = list(self.measures[at : at + GROUP])
            texts = [
                BETWEEN.join(self.names[m] for n, m in enumerate(group) if choice >> n & 1) or None for choice in range(1 << len(group))
            ]
            found.append((group, pl.Series(texts, dtype=pl.String)))
        return found

    def named(self, plane: Callable[[str], pl.Series]) -> pl.Series:
        """For each person the names of the measures whose plane they are in."""
        columns = []
        for group, texts in self._tables:
            choice: pl.Series | None = None
            for n, measure in enumerate(group):
                part = plane(measure).cast(pl.UInt8) * (1 << n)
                choice = part if choice is None else choice + part
            assert choice is not None
            columns.append(texts.gather(choice.cast(pl.UInt32)))
        return _joined(columns)

    def eligible(self, settled: Settled, refused: pl.Series) -> pl.Series:
        return self.named(lambda m: settled.eligible(m) & ~refused)

    def one_step(self, found: Mapping[str, Found], height: int) -> pl.Series:
        """For each person the measures that are one change away, each with the change."""
        columns = []
        for measure in self.measures:
            if measure in found:
                here = found[measure]
                texts = [self._step(measure, c) for c in here.changes]
                column = pl.repeat(None, height, dtype=pl.String, eager=True)
                columns.append(column.scatter(here.rows, pl.Series(texts, dtype=pl.String).gather(here.number)))
        return _joined(columns) if columns else pl.repeat("", height, dtype=pl.String, eager=True)

    def _step(self, measure: str, change: Change) -> str:
        return STEP[self.language].format(name=self.names[measure], how=describe(change, self.language))

    def asked(self, weights: Mapping[str, pl.Series], refused: pl.Series) -> pl.Series:
        """For each person the facts to ask, the weightiest first."""
        height = len(refused)
        if not weights:
            return pl.repeat("", height, dtype=pl.String, eager=True)
        facts = sorted(weights, key=lambda f: (self.catalog.facts[f].effort, f))
        labels = pl.Series([self.catalog.facts[f].label.of(self.language) for f in facts], dtype=pl.String)
        frame = pl.DataFrame(
            {
                f: (weights[f].cast(pl.UInt32) * BASE + (BASE - 1 - n)) * ((weights[f] > 0) & ~refused).cast(pl.UInt32)
                for n, f in enumerate(facts)
            }
        )
        columns = []
        for _ in range(MOST_ASKED):
            best = frame.select(pl.max_horizontal(pl.all())).to_series()
            at = (BASE - 1 - best % BASE).cast(pl.UInt32)
            columns.append(
                labels.gather(at.zip_with(best > 0, pl.Series([0], dtype=pl.UInt32))).zip_with(best > 0, pl.Series([None], dtype=pl.String))
            )
            frame = frame.with_columns(pl.when(pl.col(f) == best).then(0).otherwise(pl.col(f)).alias(f) for f in facts)
        return _joined(columns)


def counted(planes: Sequence[pl.Series], height: int) -> pl.Series:
    """In how many planes each person is."""
    total = pl.repeat(0, height, dtype=pl.UInt16, eager=True)
    for plane in planes:
        total = total + plane.cast(pl.UInt16)
    return total


def _joined(columns: Sequence[pl.Series]) -> pl.Series:
    frame = pl.DataFrame([c.alias(str(n)) for n, c in enumerate(columns)])
    return frame.select(pl.concat_str(pl.all(), separator=BETWEEN, ignore_nulls=True)).to_series()
