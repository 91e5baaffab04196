"""The catalogue as it stands on one day: figures filled in, ended conditions dropped, equal conditions shared, compiled once.

Everything is constant between two change days (a figure, measure or condition begins or ends), so one `Day` serves them all.
"""

from __future__ import annotations

import bisect
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.catalog.catalog import Catalog, Entry, ParsedCondition
from app.catalog.language import (
    And,
    Arith,
    Compare,
    Const,
    Expr,
    FigureRef,
    Not,
    Num,
    Number,
    OnDay,
    Or,
    Within,
    figure_ids,
    negate,
    variables,
    walk,
)
from app.catalog.models import FigureValue
from app.catalog.places import COUNTY_DIGITS
from app.matching.analysis import Domains, Settling, settle
from app.matching.compile import Compiled, compile_rules
from app.matching.profile import Knowledge

ONE_DAY = dt.timedelta(days=1)
MOST_REMEMBERED = 50_000
_HOLDS = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b}  # fmt: skip
Standing = Literal["in_force", "ended", "not_begun", "terms_unknown"]


@dataclass(frozen=True)
class DayCondition:
    """A condition as it reads on the day. `tree` is over facts alone; `index` is its place in the compiled statuses."""

    parsed: ParsedCondition | None
    """None for the place test, which stands in no file's list."""
    tree: Expr
    index: int
    order: tuple[str, ...]
    """The variables that it reads, sorted."""
    figures: tuple[FigureValue, ...]
    """The figures' values that it used."""

    @property
    def id(self) -> str:
        return self.parsed.condition.id if self.parsed else "place"

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(self.order)


@dataclass(frozen=True)
class DayMeasure:
    entry: Entry
    standing: Standing
    conditions: tuple[DayCondition, ...]
    told: tuple[ParsedCondition, ...]
    """Conditions of the day that only an office settles."""
    estimates: dict[str, Num]


class Day:
    """One catalogue on one day (and on every day until the next change). Requests share it, so it may be read by several threads at once."""

    def __init__(self, catalog: Catalog, day: dt.date) -> None:
        self.catalog, self.day = catalog, day
        self._shared: dict[Expr, int] = {}
        self._making = threading.Lock()
        self._settlings: dict[tuple[object, ...], Settling] = {}
        self._made: dict[str, DayMeasure] = {}
        self._numbers: dict[tuple[str, str | None], float] = {}
        self.ranges = {
            v.id: (float(v.fact.range[0]), float(v.fact.range[1])) for v in catalog.variables.values() if v.fact.range and not v.option
        }

    @cached_property
    def measures(self) -> dict[str, DayMeasure]:
        """Every measure as it stands on the day, in the order of the catalogue."""
        return {name: self.measure(name) for name in self.catalog.entries}

    def measure(self, name: str) -> DayMeasure:
        """One measure as it stands on the day."""
        with self._making:
            found = self._made.get(name)
            if found is None:
                found = self._made[name] = self._measure(self.catalog.entries[name])
            return found

    @cached_property
    def options(self) -> dict[str, frozenset[str]]:
        """Every enum variable's options."""
        return {v.id: frozenset(v.fact.options) for v in self.catalog.variables.values() if v.type == "enum"}

    @cached_property
    def domains(self) -> Domains:
        counties = [p.code for p in self.catalog.places.by_code.values() if p.level != "township"]
        above = {code[:n] for code in counties for n in range(len(code))}
        return Domains(self.ranges, self.options, [c for c in counties if len(c) == COUNTY_DIGITS or c not in above])

    def settled(self, condition: DayCondition, known: Knowledge) -> Settling:
        """The exact status of a condition; remembered by what is known of the facts that it reads, since people share their gaps."""
        key = (condition.index, *(known.get(v) for v in condition.order))
        found = self._settlings.get(key)
        if found is None:
            if len(self._settlings) > MOST_REMEMBERED:
                self._settlings.clear()
            found = self._settlings[key] = settle(condition.tree, known, self.domains)
        return found

    def remember(self, key: tuple[str, str | None], work: Callable[[], float]) -> float:
        """A number that depends on a measure and a place alone, worked out once."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = work()
        return found

    def settled_together(self, name: str, conditions: tuple[DayCondition, ...], known: Knowledge) -> Settling:
        """The exact status of several open conditions of a measure that read the same facts; remembered like `settled`."""
        order = sorted({v for c in conditions for v in c.order})
        key = (name, *(c.index for c in conditions), *(known.get(v) for v in order))
        found = self._settlings.get(key)
        if found is None:
            tree = And(tuple(c.tree for c in conditions))
            found = self._settlings[key] = settle(tree, known, self.domains)
        return found

    @cached_property
    def compiled(self) -> Compiled:
        rules = [tuple(c.index for c in m.conditions) if m.standing == "in_force" else None for m in self.measures.values()]
        return compile_rules(tuple(self._shared), rules, self.catalog)

    def _measure(self, entry: Entry) -> DayMeasure:
        standing = _standing(entry, self.day)
        if standing in ("ended", "not_begun"):
            return DayMeasure(entry, standing, (), (), {})
        conditions, told = [], []
        if entry.place_test is not None:
            conditions.append(self._condition(None, entry.place_test, entry))
        if standing == "terms_unknown":  # the wrong place is a no whatever the terms were
            return DayMeasure(entry, standing, tuple(conditions), (), {})
        for parsed in entry.conditions:
            period = parsed.condition.valid
            if period and ((period.from_ and self.day < period.from_) or (period.to and self.day > period.to)):
                continue
            if parsed.tree is None:
                told.append(parsed)
            else:
                conditions.append(self._condition(parsed, parsed.tree, entry))
        estimates = {key: number for key, (_, tree) in entry.estimates.items() if (number := self._number(tree, entry, None)) is not None}
        return DayMeasure(entry, standing, tuple(conditions), tuple(told), estimates)

    def _condition(self, parsed: ParsedCondition | None, tree: Expr, entry: Entry) -> DayCondition:
        on_day = simplify(self._expr(tree, entry))
        index = self._shared.setdefault(on_day, len(self._shared))
        used = tuple(v for f in figure_ids(tree) for v in self._values(entry, f).values())
        return DayCondition(parsed, on_day, index, tuple(sorted(variables(on_day))), used)

    def _values(self, entry: Entry, figure: str) -> dict[str | None, FigureValue]:
        """The figure's values of the day by place code (None = everywhere else)."""
        whole = entry.measure.figures[figure]
        values: dict[str | None, FigureValue] = {}
        values.update(self.catalog.local_values(whole, self.day).items())
        general = self.catalog.value_on(whole, self.day)
        if general is not None:
            values[None] = general
        return values

    def _expr(self, tree: Expr, entry: Entry) -> Expr:
        match tree:
            case Not(item):
                return Not(self._expr(item, entry))
            case And(items):
                return And(tuple(self._expr(i, entry) for i in items))
            case Or(items):
                return Or(tuple(self._expr(i, entry) for i in items))
            case OnDay(op, day):
                return Const(bool(_HOLDS[op](self.day, day)))
            case Compare():
                return self._comparison(tree, entry)
        return tree

    def _comparison(self, tree: Compare, entry: Entry) -> Expr:
        """A comparison with its figures filled in; one whose figures differ by place becomes a choice between groups of
        places where it reads the same."""
        places = {code for f in figure_ids(tree) for code in self._values(entry, f) if code is not None}
        general = self._at(tree, entry, None)
        if not places:
            return general
        alike: dict[tuple[Expr, frozenset[str]], set[str]] = {}
        for code in sorted(places):
            inner = frozenset(o for o in places if o != code and o.startswith(code))
            alike.setdefault((self._at(tree, entry, code), inner), set()).add(code)
        choices: list[Expr] = []
        for (compared, inner), codes in alike.items():
            here: Expr = Within(entry.rule.place, frozenset(codes))
            test = And((here, Not(Within(entry.rule.place, inner)))) if inner else here
            choices.append(And((test, compared)))
        choices.append(And((Not(Within(entry.rule.place, frozenset(places))), general)))
        return Or(tuple(choices))

    def _at(self, tree: Compare, entry: Entry, code: str | None) -> Expr:
        left, right = self._number(tree.left, entry, code), self._number(tree.right, entry, code)
        return Const(None) if left is None or right is None else Compare(tree.op, left, right)

    def _number(self, tree: Num, entry: Entry, code: str | None) -> Num | None:
        match tree:
            case FigureRef(name):
                value = self.catalog.value_on(entry.measure.figures[name], self.day, code)
                return None if value is None or not isinstance(value.value, int | float) else Number(float(value.value))
            case Arith(op, left, right):
                a, b = self._number(left, entry, code), self._number(right, entry, code)
                return None if a is None or b is None else Arith(op, a, b)
        return tree

    def number_at(self, entry: Entry, tree: Num, code: str | None) -> Num | None:
        """An estimate's arithmetic with the figures of a place filled in; None where a figure is not known."""
        return self._number(tree, entry, code)


def _standing(entry: Entry, day: dt.date) -> Standing:
    valid = entry.measure.valid
    if valid.to and day > valid.to:
        return "ended"
    if valid.from_ and day < valid.from_:
        return "not_begun"
    if valid.from_ is None and entry.oldest_text and day < entry.oldest_text:
        return "terms_unknown"
    return "in_force"


def simplify(tree: Expr) -> Expr:
    """The same tree without constants that settle nothing, nested joins flattened, double negations gone."""
    match tree:
        case Not(item):
            return negate(simplify(item))
        case And(items) | Or(items):
            join: type[And] | type[Or] = And if isinstance(tree, And) else Or
            neutral = join is And
            flat: list[Expr] = []
            for item in map(simplify, items):
                for part in item.items if isinstance(item, And | Or) and type(item) is join else (item,):
                    if part == Const(not neutral):
                        return part
                    if part != Const(neutral) and part not in flat:
                        flat.append(part)
            return Const(neutral) if not flat else flat[0] if len(flat) == 1 else join(tuple(flat))
    return tree


# ---------------------------------------------------------------- one Day per stretch without change


class Days:
    """The Days of a catalogue, made when first asked for and kept while they are used."""

    def __init__(self, catalog: Catalog, keep: int = 16) -> None:
        self.catalog, self.keep = catalog, keep
        self._changes = sorted(set(_change_days(catalog)))
        self._days: OrderedDict[int, Day] = OrderedDict()
        self._lock = threading.Lock()

    def on(self, day: dt.date) -> Day:
        segment = bisect.bisect_right(self._changes, day)
        with self._lock:
            found = self._days.pop(segment, None) or Day(self.catalog, day)
            self._days[segment] = found
            while len(self._days) > self.keep:
                self._days.popitem(last=False)
            return found


def _change_days(catalog: Catalog) -> Iterator[dt.date]:
    """Every first day on which something differs from the day before."""
    for entry in catalog.entries.values():
        yield from change_days(catalog, entry)


def change_days(catalog: Catalog, entry: Entry) -> Iterator[dt.date]:
    """The same for one measure."""
    valid = entry.measure.valid
    yield from (d for d in (valid.from_, valid.to and valid.to + ONE_DAY, entry.oldest_text) if d)
    for figure in entry.measure.figures.values():
        for value in figure.history:
            start = catalog.start_of(value)
            yield from (d for d in (start, value.to and value.to + ONE_DAY) if d)
    for parsed in entry.conditions:
        period = parsed.condition.valid
        if period:
            yield from (d for d in (period.from_, period.to and period.to + ONE_DAY) if d)
        for node in walk(parsed.tree) if parsed.tree is not None else ():
            if isinstance(node, OnDay):
                yield from (node.day, node.day + ONE_DAY)
