"""How many questions until everything relevant is settled: the next question of `app.matching.question`, beside fixed orders and, on small
sub-catalogues, the true optimum."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import statistics
from collections.abc import Callable, Mapping, Sequence

from app.catalog import Catalog, build_catalog
from app.files import read_files
from app.matching.day import Day, Days
from app.matching.match import match
from app.matching.profile import BadProfile, Knowledge, Profile, Value, imply
from app.matching.question import answers, ranked_questions
from app.matching.verdict import Judge, MeasureVerdict
from benchmarks.people import people, row

DAY = dt.date(2026, 11, 23)
PEOPLE, TRAINING = 500, 60
NEEDS = ("funding", "tax", "training", "site", "registration", "children_education", "family_support", "land", "market", "social_insurance")
Case = tuple[Knowledge, dict[str, Value], Mapping[str, float]]
"""The whole truth about a person, what the first message told, and the relevant measures."""
Ask = Callable[[Sequence[MeasureVerdict], Knowledge, Mapping[str, float]], str]


def _opening(catalog: Catalog, person: Knowledge, chance: random.Random) -> dict[str, Value]:
    """What a first message tells: home, trade, two or three needs."""
    known: dict[str, Value] = {"home_place": person["home_place"], "business_place": person["business_place"], "sector": person["sector"]}
    wanted = set(chance.sample(NEEDS, chance.choice([2, 3])))
    known |= {f"needs.{n}": n in wanted for n in catalog.facts["needs"].options}
    return known


def _relevant(day: Day, known: Knowledge) -> dict[str, float]:
    profile = Profile(known, known)
    weights = match(day, profile, DAY).weights
    return {name: weight for name, weight in weights.items() if weight == 1.0}


def dialogue(day: Day, person: Knowledge, known: dict[str, Value], relevant: Mapping[str, float], ask: Ask) -> int:
    """The number of questions until every relevant measure is settled."""
    asked = 0
    while True:
        judge = Judge(day, known)
        waiting = [v for v in judge.some(list(relevant)) if v.missing]
        if not waiting:
            return asked
        variable = ask(waiting, known, relevant)
        known = imply({**known, variable: person[variable]}, day.catalog.implications, day.catalog)
        asked += 1


def ours(day: Day) -> Ask:
    return lambda waiting, known, weights: ranked_questions(waiting, day, known, weights)[0].variable


def in_order(order: Sequence[str]) -> Ask:
    """The first of a fixed order that can still matter (a form that skips what no longer matters)."""
    place = {variable: n for n, variable in enumerate(order)}
    return lambda waiting, _known, _weights: min({m for v in waiting for m in v.missing}, key=lambda m: (place.get(m, len(place)), m))


def _mean(day: Day, cases: Sequence[Case], ask: Ask) -> tuple[float, int]:
    counts = [dialogue(day, person, dict(known), relevant, ask) for person, known, relevant in cases]
    return statistics.mean(counts), int(statistics.median(counts))


def _best_order(day: Day, cases: Sequence[Case], chance: random.Random) -> list[str]:
    """A good fixed order: by how often each fact is missing per open measure, then improved by moving facts while that helps."""
    score: dict[str, float] = {}
    for _, known, relevant in cases:
        for verdict in Judge(day, known).some(list(relevant)):
            for variable in verdict.missing:
                score[variable] = score.get(variable, 0.0) + 1 / len(verdict.missing)
    order = sorted(score, key=lambda v: -score[v])
    best, _ = _mean(day, cases, in_order(order))
    for _ in range(60):
        trial = list(order)
        moved = trial.pop(chance.randrange(min(40, len(trial))))
        trial.insert(chance.randrange(min(40, len(trial))), moved)
        mean, _ = _mean(day, cases, in_order(trial))
        if mean < best:
            order, best = trial, mean
    return order


def run() -> None:
    catalog = build_catalog(read_files())
    day = Days(catalog).on(DAY)
    chance = random.Random(7)

    def cases(count: int, seed: int) -> list[Case]:
        found: list[Case] = []
        for person in people(catalog, count, seed):
            known = _opening(catalog, person, chance)
            found.append(({**person, **known}, known, _relevant(day, known)))
        return found

    tested, training = cases(PEOPLE, 1), cases(TRAINING, 2)
    relevant = statistics.mean(len(r) for _, _, r in tested)
    print(f"Questions: {PEOPLE} people, on average {relevant:.0f} relevant measures; until every one of them is settled")
    mean, median = _mean(day, tested, ours(day))
    row("ours, expected settlement", f"{mean:.2f}", f"median {median}")
    order = _best_order(day, training, chance)
    mean, median = _mean(day, tested, in_order(order))
    row("best fixed order found, skipping what cannot matter", f"{mean:.2f}", f"median {median}; improved on {TRAINING} other people")
    shuffled = list(order)
    chance.shuffle(shuffled)
    mean, median = _mean(day, tested, in_order(shuffled))
    row("a random order, skipping what cannot matter", f"{mean:.2f}", f"median {median}")
    row("the same as a form that skips nothing", f"{len(order)}", "every fact of the order is asked")
    _small(catalog, chance)


# ---------------------------------------------------------------- the true optimum on small sub-catalogues


def _small(catalog: Catalog, chance: random.Random, wanted: int = 40) -> None:
    ratios: list[float] = []
    ours_total = best_total = 0.0
    names = sorted(catalog.entries)
    tries = 0
    while len(ratios) < wanted and tries < 4000:
        tries += 1
        picked = chance.sample(names, 3)
        part = dataclasses.replace(catalog, entries={n: catalog.entries[n] for n in picked})
        day = Day(part, DAY)
        known: dict[str, Value] = {
            "home_place": "140932",
            "business_place": "140932",
            "living_place": "140932",
            "child_hukou_place": "140932",
        }
        variables = frozenset().union(*(v.missing for v in Judge(day, known).all()))
        if not 4 <= len(variables) <= 7 or sum(bool(v.missing) for v in Judge(day, known).all()) < 2:
            continue
        tree = Tree(day, dict.fromkeys(picked, 1.0))
        optimum = tree.best(known)
        policy = tree.policy(known)
        ratios.append(policy / optimum)
        ours_total, best_total = ours_total + policy, best_total + optimum
    row(
        f"ours on {len(ratios)} small sub-catalogues, expected questions",
        f"{ours_total / len(ratios):.3f}",
        "three measures, four to seven open facts",
    )
    row(
        "the true optimum there",
        f"{best_total / len(ratios):.3f}",
        f"ours / optimum: mean {statistics.mean(ratios):.3f}, worst {max(ratios):.3f}",
    )


@dataclasses.dataclass
class Tree:
    """Expected numbers of questions over all answers, each with its rough share."""

    day: Day
    weights: Mapping[str, float]
    _best: dict[frozenset[tuple[str, Value]], float] = dataclasses.field(default_factory=dict)

    def _waiting(self, known: Knowledge) -> list[MeasureVerdict]:
        return [v for v in Judge(self.day, known).all() if v.missing]

    def _after(self, variable: str, waiting: Sequence[MeasureVerdict], known: Knowledge, cost: Callable[[Knowledge], float]) -> float:
        total = shares = 0.0
        for value, share in answers(variable, waiting, self.day, known):
            try:
                then = imply({**known, variable: value}, self.day.catalog.implications, self.day.catalog)
            except BadProfile:
                continue
            total += share * cost(then)
            shares += share
        return 1 + total / (shares or 1.0)

    def best(self, known: Knowledge) -> float:
        key = frozenset(known.items())
        if key not in self._best:
            waiting = self._waiting(known)
            missing = sorted(frozenset().union(*(v.missing for v in waiting)))
            self._best[key] = min((self._after(m, waiting, known, self.best) for m in missing), default=0.0)
        return self._best[key]

    def policy(self, known: Knowledge) -> float:
        waiting = self._waiting(known)
        if not waiting:
            return 0.0
        asked = ranked_questions(waiting, self.day, known, self.weights)[0].variable
        return self._after(asked, waiting, known, self.policy)
