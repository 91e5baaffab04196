"""The whole answer about one person, before it is put into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.catalog.catalog import Catalog
from app.matching.combine import best_combination, excludes
from app.matching.day import Day
from app.matching.estimate import Estimated, estimates
from app.matching.order import LAST_KINDS, OWN_NEED, ordered, serves, shown_first, stated_needs, unmet_needs, worth
from app.matching.profile import Profile
from app.matching.question import IRRELEVANT, Question, ranked_questions
from app.matching.steps import Change, Futures, steps
from app.matching.verdict import Judge, MeasureVerdict


@dataclass(frozen=True)
class Match:
    """Verdicts for a profile on a day; what takes longer is worked out when it is asked for."""

    day: Day
    as_of: dt.date
    profile: Profile
    found: Sequence[MeasureVerdict]

    @property
    def catalog(self) -> Catalog:
        return self.day.catalog

    @cached_property
    def estimated(self) -> Mapping[str, list[Estimated]]:
        """What the person would get, for measures that are not closed to them."""
        return {v.id: estimates(self.day, v.measure, self.profile.known) for v in self.found if v.verdict != "not_eligible"}

    @cached_property
    def amounts(self) -> Mapping[str, float]:
        found = {}
        for verdict in self.found:
            entry = verdict.measure.entry
            place = self.profile.known.get(entry.rule.place)
            yuan = {e.id: e.high for e in self.estimated.get(verdict.id, ()) if e.estimate.unit.startswith("CNY")}
            found[verdict.id] = worth(
                self.catalog, entry.measure, self.day, self.profile.known, place if isinstance(place, str) else None, yuan
            )
        return found

    @cached_property
    def verdicts(self) -> list[MeasureVerdict]:
        """In the order to show."""
        return ordered(self.found, self.profile.known, self.amounts)

    @cached_property
    def shown_first(self) -> list[str]:
        return shown_first(self.verdicts, self.profile.known)

    @cached_property
    def unmet_needs(self) -> list[str]:
        return unmet_needs(self.found, self.profile.known)

    @cached_property
    def best_combination(self) -> list[str]:
        """Of what the person can get: the best that may be had together; of a family only the measure nearest to them."""
        open_to = [v for v in self.verdicts if v.verdict == "eligible" and v.measure.entry.measure.kind not in LAST_KINDS]
        refined = {ancestor for v in open_to for ancestor in v.measure.entry.lineage[:-1]}
        nearest = [v for v in open_to if v.id not in refined]
        needs = set(stated_needs(self.profile.known))
        weights = {v.id: self.amounts[v.id] + (1_000_000 if any(serves(v.measure.entry.measure, n) for n in needs) else 1) for v in nearest}
        return best_combination(weights, excludes(self.catalog, weights))

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """How much each measure matters when choosing a question."""
        needs = set(stated_needs(self.profile.known))
        sector = self.profile.known.get("sector")
        trades = sector if isinstance(sector, frozenset) else frozenset()
        found = {}
        for verdict in self.found:
            measure = verdict.measure.entry.measure
            wanted = any(serves(measure, need) for need in needs) if needs else measure.kind not in OWN_NEED
            trade = "any" in measure.sectors or bool(trades & set(measure.sectors)) or not trades
            found[verdict.id] = 1.0 if wanted and trade else 0.3 if wanted else IRRELEVANT
        return found

    @cached_property
    def _futures(self) -> Futures:
        return {}

    @cached_property
    def questions(self) -> list[Question]:
        return ranked_questions(self.found, self.day, self.profile.known, self.weights)

    def steps(self, verdict: MeasureVerdict) -> tuple[Change, ...]:
        return steps(self.day, verdict.measure, self.profile, self._futures) if verdict.verdict == "not_eligible" else ()


def match(day: Day, profile: Profile, as_of: dt.date, measures: Sequence[str] | None = None) -> Match:
    """Judges every measure (or only some) for a profile. `day` is the catalogue on `as_of`."""
    judge = Judge(day, profile.known)
    return Match(day, as_of, profile, judge.all() if measures is None else judge.some(list(measures)))
