"""Whether the worked examples of a rule hold it in place: each threshold moved by a little, each last day moved by one must turn the
outcome of some example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.catalog.catalog import Catalog, Entry, ParsedCondition
from app.catalog.language import Const, Expr, figure_ids, negate
from app.catalog.models import Condition, Figure, FigureValue
from app.matching.day import Day
from app.matching.examples import example_profile
from app.matching.profile import Knowledge, parse_profile
from app.matching.verdict import Judge

Seen = tuple[str, frozenset[str]]
"""A verdict and what failed."""
Mutant = tuple[str, str, Entry]
"""What could be otherwise, what to add so that an example notices, and the entry in which it is otherwise."""


@dataclass(frozen=True)
class Tried:
    """An example, ready to be judged again and again: the facts, the day, what came out."""

    known: Knowledge
    day: dt.date
    seen: Seen


def loose_ends(catalog: Catalog, entry: Entry) -> Iterator[tuple[str, str]]:
    """Lines that could be drawn elsewhere without any example noticing, each with its mend. The examples themselves must hold.

    That each condition is needed and met is `run_examples`' business: it wants an example that fails it alone, and one that is eligible.
    """
    return unseen(catalog, entry, (*moved_thresholds(entry), *moved_days(entry)))


def unseen(catalog: Catalog, entry: Entry, mutants: Iterable[Mutant]) -> Iterator[tuple[str, str]]:
    """Those of some changes that turn the outcome of no example."""
    tried: list[Tried] = []
    for what, mend, mutant in mutants:
        tried = tried or _tried(catalog, entry)
        changed = replace(catalog, entries={entry.id: mutant})
        days = {day: Day(changed, day) for day in {t.day for t in tried}}
        if all(_seen(days[t.day], entry.id, t.known) == t.seen for t in tried):
            yield what, mend


def _tried(catalog: Catalog, entry: Entry) -> list[Tried]:
    alone = replace(catalog, entries={entry.id: entry})
    found, days = [], dict[dt.date, Day]()
    for example in entry.rule.examples:
        profile, day = example_profile(entry, example)
        known = parse_profile(profile, catalog).known
        on = days.setdefault(day, Day(alone, day))
        found.append(Tried(known, day, _seen(on, entry.id, known)))
    return found


def _seen(day: Day, name: str, known: Knowledge) -> Seen:
    verdict = Judge(day, known).one(name)
    return verdict.verdict, frozenset(verdict.failed)


# ---------------------------------------------------------------- what could be otherwise


def other_conditions(entry: Entry) -> Iterator[Mutant]:
    """Each condition dropped, and turned round."""
    for n, parsed in enumerate(entry.conditions):
        if parsed.tree is not None:
            name = parsed.condition.id
            yield f"no example needs {name}", f"add one that fails it alone: failed: [{name}]", _with(entry, n, Const(True))
            yield f"no example meets {name}", "add one", _with(entry, n, negate(parsed.tree))


def moved_thresholds(entry: Entry) -> Iterator[Mutant]:
    """Each figure that a condition reads, a little more and a little less."""
    used = {f for p in entry.conditions if p.tree is not None for f in figure_ids(p.tree)}
    for name in sorted(used):
        size = 12 if "/year" in entry.measure.figures[name].unit else 1  # yearly lines are compared with monthly incomes
        for step in (-size, size):
            what = f"the threshold {name} could be {size} {'more' if step > 0 else 'less'}, and no example would notice"
            yield what, "add an example at the line and one just beyond it", _moved(entry, name, step)


def moved_days(entry: Entry) -> Iterator[Mutant]:
    """The measure's and its conditions' last days, one earlier and one later."""
    valid = entry.measure.valid
    for days, mend in ((-1, "add an example on its last day"), (1, "add an example on the day after its last")):
        when = "earlier" if days < 0 else "later"
        if valid.to:
            period = valid.model_copy(update={"to": valid.to + dt.timedelta(days)})
            measure = entry.measure.model_copy(update={"valid": period})
            yield f"it could end a day {when} than {valid.to}, and no example would notice", mend, replace(entry, measure=measure)
        for n, parsed in enumerate(entry.conditions):
            held = parsed.condition.valid
            if held and held.to and parsed.tree is not None:
                other = held.model_copy(update={"to": held.to + dt.timedelta(days)})
                condition = parsed.condition.model_copy(update={"valid": other})
                what = f"{parsed.condition.id} could end a day {when} than {held.to}, and no example would notice"
                yield what, mend, _with(entry, n, parsed.tree, condition)


def _with(entry: Entry, index: int, tree: Expr, condition: Condition | None = None) -> Entry:
    conditions = list(entry.conditions)
    conditions[index] = ParsedCondition(condition or conditions[index].condition, tree)
    return replace(entry, conditions=tuple(conditions))


def _moved(entry: Entry, name: str, step: float) -> Entry:
    figure = entry.measure.figures[name]
    history = tuple(_shifted(value, step) for value in figure.history)
    figures: dict[str, Figure] = {**entry.measure.figures, name: figure.model_copy(update={"history": history})}
    return replace(entry, measure=entry.measure.model_copy(update={"figures": figures}))


def _shifted(value: FigureValue, step: float) -> FigureValue:
    return value.model_copy(update={"value": value.value + step}) if isinstance(value.value, int | float) else value
