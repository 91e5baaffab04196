"""Rules as planes: for each tree "it may hold" and "it may fail", exactly, over what is still possible for each fact by itself.

- Pieces of a tree that share no variable are independent: Kleene's logic joins their planes exactly, down to the leaves.
- Where a variable stands several times, the tree is taken apart by what that variable can be (Shannon), with the single matcher's own `reduce`,
  until every variable stands once; equal rests are one step.
- Only a comparison of two facts (a third of the staff) is not taken apart: where Kleene's planes leave it open, the single matcher judges each
  distinct pair of values once (`asked`; see columns).
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.catalog.language import And, Arith, Compare, Const, Expr, Is, Not, Num, Number, NumFact, OneOf, Or, Within, variables, walk
from app.matching.analysis import reduce, turning_points
from app.matching.day import Day, DayCondition
from app.matching.profile import Value
from app.screening.facts import Layout
from app.screening.planes import NO, YES, Program

Planes = tuple[int, int]
"""The steps of "it may hold" and "it may fail"."""
OPEN: Planes = (YES, YES)
T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """Conditions that hang together by the variables that they share."""

    conditions: tuple[DayCondition, ...]
    tree: Expr
    reads: tuple[str, ...]
    once: bool
    """Every variable stands in it once, and no comparison reads two: Kleene's logic is exact."""

    @property
    def key(self) -> tuple[int, ...]:
        return tuple(c.index for c in self.conditions)


def parts_of(conditions: Sequence[DayCondition]) -> list[Part]:
    """The conditions of a measure, grouped by shared variables."""
    groups = grouped([(c, c.reads) for c in conditions])
    return [_part(tuple(sorted(found, key=lambda c: c.index))) for found in groups]


def _part(conditions: tuple[DayCondition, ...]) -> Part:
    trees = tuple(dict.fromkeys(c.tree for c in conditions))
    tree = trees[0] if len(trees) == 1 else And(trees)
    once = max(occurrences(tree).values(), default=1) == 1 and not any(two_facts(n) for n in walk(tree))
    return Part(conditions, tree, tuple(sorted({v for c in conditions for v in c.order})), once)


def apart(tree: And | Or) -> list[Expr]:
    """The pieces of a join that share no variable."""
    groups = grouped([(item, variables(item)) for item in tree.items])
    return [found[0] if len(found) == 1 else type(tree)(tuple(found)) for found in groups]


def grouped(items: Iterable[tuple[T, frozenset[str]]]) -> list[list[T]]:
    """Things grouped so that no variable is read in two groups."""
    groups: list[tuple[set[str], list[T]]] = []
    for item, reads in items:
        touching = [g for g in groups if g[0] & reads]
        rest = [g for g in groups if not g[0] & reads]
        groups = [*rest, (set(reads).union(*(g[0] for g in touching)), [i for g in touching for i in g[1]] + [item])]
    return [found for _, found in groups]


def two_facts(node: object) -> bool:
    """Whether a node is a comparison that reads two facts at once."""
    return isinstance(node, Compare) and sum(isinstance(n, NumFact) for n in walk(node)) > 1


def occurrences(tree: Expr) -> Counter[str]:
    """How often each variable stands in a tree."""
    return Counter(n.var for n in walk(tree) if isinstance(n, Is | OneOf | Within | NumFact))


class Rules:
    """Writes the trees of a day into a program."""

    def __init__(self, day: Day, layout: Layout, program: Program, present: frozenset[str] | None) -> None:
        self.day, self.layout, self.program, self.present = day, layout, program, present
        self._leaves: dict[Expr, Planes] = {}
        self._rests: dict[Expr, Planes] = {}
        self._cells: dict[tuple[str, frozenset[str]], dict[str, set[int]]] = {}
        self.asked: dict[Expr, tuple[Planes, Planes]] = {}
        """Trees that the single matcher is asked about -> Kleene's planes, and the steps of what it says."""

    # ---------------------------------------------------------------- Kleene

    def kleene(self, tree: Expr) -> Planes:
        """The planes of a tree by those of its leaves."""
        match tree:
            case Const(None):
                return OPEN
            case Const(value):
                return (YES, NO) if value else (NO, YES)
            case Not(item):
                may, may_not = self.kleene(item)
                return may_not, may
            case And(items):
                pairs = [self.kleene(i) for i in items]
                return self.program.all(p[0] for p in pairs), self.program.any(p[1] for p in pairs)
            case Or(items):
                pairs = [self.kleene(i) for i in items]
                return self.program.any(p[0] for p in pairs), self.program.all(p[1] for p in pairs)
        found = self._leaves.get(tree)
        if found is None:
            found = self._leaves[tree] = self._leaf(tree)
        return found

    def _open(self, variable: str) -> bool:
        """Whether nothing about the variable is known of anybody."""
        return self.present is not None and variable not in self.present

    def _leaf(self, leaf: Expr) -> Planes:
        step = self.program.step
        match leaf:
            case Is(var):
                return OPEN if self._open(var) else (step("may", var), step("may_not", var))
            case OneOf(var, options):
                inside = self.layout.masked(var, options)
                outside = self.layout.whole(var) - inside
                if self._open(var):
                    return (YES if inside else NO), (YES if outside else NO)
                return (step("options", var, inside) if inside else NO), (step("options", var, outside) if outside else NO)
            case Within(var, _):
                if self._open(var):
                    return OPEN
                holds, fails = self.layout.lands.status(leaf, self.day.domains)
                return step("within", var, holds), step("within", var, fails)
            case Compare():
                return self._comparison(leaf)
        raise TypeError(f"{leaf} is not settled for the day")

    def _comparison(self, leaf: Compare) -> Planes:
        op, left, right = leaf.op, leaf.left, leaf.right
        if op in (">", ">="):
            op, left, right = ("<" if op == ">" else "<="), right, left
        a, b = self._number(left), self._number(right)
        if op == "<=":
            return self._test("<=", a[0], b[1]), self.program.negation(self._test("<=", a[1], b[0]))
        if op == "<":
            return self._test("<", a[0], b[1]), self.program.negation(self._test("<", a[1], b[0]))
        meet = self.program.all((self._test("<=", a[0], b[1]), self._test("<=", b[0], a[1])))
        point = self.program.all((self._test("==", a[0], a[1]), self._test("==", a[1], b[0]), self._test("==", b[0], b[1])))
        differ = self.program.negation(point)
        return (meet, differ) if op == "==" else (differ, meet)

    def _test(self, op: str, a: int | float, b: int | float) -> int:
        if isinstance(a, float) and isinstance(b, float):
            return YES if (a <= b if op == "<=" else a < b if op == "<" else a == b) else NO
        if a == b and isinstance(a, int) and isinstance(b, int):
            return NO if op == "<" else YES
        return self.program.step("compare", op, a, b)

    def _number(self, number: Num) -> tuple[int | float, int | float]:
        """The lowest and highest value: steps (int) or constants (float). No fact is ever below nought, which the products rely on."""
        step = self.program.step
        match number:
            case Number(value):
                return float(value), float(value)
            case NumFact(var):
                if self._open(var):
                    return self.layout.ranges[var][0], self.layout.ranges[var][1]
                return step("low", var), step("high", var)
            case Arith(op, left, right):
                return self._arithmetic(op, self._number(left), self._number(right), isinstance(right, Number))
        raise TypeError(f"{number} is not settled for the day")

    def _arithmetic(self, op: str, a: Sequence[int | float], b: Sequence[int | float], by_number: bool) -> tuple[int | float, int | float]:
        if op == "/" and not (by_number and b[0] > 0):
            return self._quotient("low", a[0], b), self._quotient("high", a[1], b)
        low, high = (b[1], b[0]) if op == "-" else (b[0], b[1])
        return self._arith(op, a[0], low), self._arith(op, a[1], high)

    def _arith(self, op: str, a: int | float, b: int | float) -> int | float:
        if isinstance(a, float) and isinstance(b, float):
            if op in ("min", "max"):
                return min(a, b) if op == "min" else max(a, b)
            return a + b if op == "+" else a - b if op == "-" else a / b if op == "/" else (a * b if a and b else 0.0)
        return self.program.step("arith", op, a, b)

    def _quotient(self, end: str, a: int | float, b: Sequence[int | float]) -> int | float:
        if isinstance(a, float) and all(isinstance(n, float) for n in b):
            return float("-inf") if end == "low" else float("inf")  # an open divisor may be nothing
        return self.program.step("over", end, a, *b)

    # ---------------------------------------------------------------- taken apart

    def exact(self, tree: Expr) -> Planes:
        """Exact planes of any tree: pieces that share no variable by Kleene's logic, the rest by cases."""
        found = self._rests.get(tree)
        if found is None:
            found = self._rests[tree] = self._exact(tree)
        return found

    def _exact(self, tree: Expr) -> Planes:
        counts = occurrences(tree)
        bound = {m.var for n in walk(tree) if two_facts(n) for m in walk(n) if isinstance(m, NumFact)}
        if not bound and max(counts.values(), default=1) == 1:
            return self.kleene(tree)
        if isinstance(tree, Not):
            holds, fails = self.exact(tree.item)
            return fails, holds
        if isinstance(tree, And | Or):
            pieces = apart(tree)
            if len(pieces) > 1:
                pairs = [self.exact(p) for p in pieces]
                may, may_not = [p[0] for p in pairs], [p[1] for p in pairs]
                if isinstance(tree, And):
                    return self.program.all(may), self.program.any(may_not)
                return self.program.any(may), self.program.all(may_not)
        free = [(-count, var) for var, count in counts.items() if var not in bound]
        return self._by_cases(tree, min(free)[1]) if free else self._asked(tree)

    def _asked(self, tree: Expr) -> Planes:
        """A comparison of two facts with what hangs on them: Kleene's planes, and the single matcher where they leave it open."""
        kleene = self.kleene(tree)
        if NO in kleene or kleene == OPEN:
            return kleene
        given = self.program.step("given", tree, True), self.program.step("given", tree, False)
        self.asked[tree] = kleene, given
        return given

    def _by_cases(self, tree: Expr, variable: str) -> Planes:
        """By what one variable can be; values after which the same is left are one case."""
        cases: dict[Expr, list[Value]] = {}
        for value in self._values(variable, tree):
            cases.setdefault(reduce(tree, {variable: _one(value)}, self.layout.ranges), []).append(value)
        may, may_not = [], []
        for rest, these in cases.items():
            holds, fails = self.exact(rest)
            here = YES if len(cases) == 1 else self._possible(variable, tree, these)
            may.append(self.program.all((here, holds)))
            may_not.append(self.program.all((here, fails)))
        return self.program.any(may), self.program.any(may_not)

    def _values(self, variable: str, tree: Expr) -> list[Value]:
        """One value of every kind that the tree can tell apart; of numbers (first, last) of each stretch, endless ends left out."""
        kind = self.layout.kinds[variable]
        if kind == "bits":
            return [False, True]
        if kind == "mask":
            return [frozenset({option}) for option in self.layout.bits[variable]]
        if kind == "at":
            return list(self.places(variable, tree))
        return list(self._stretches(variable, tree))

    def places(self, variable: str, tree: Expr) -> dict[str, set[int]]:
        """The kinds of place that a tree can tell apart, each with the places that may be of it (lands)."""
        named = frozenset(code for n in walk(tree) if isinstance(n, Within) and n.var == variable for code in n.codes)
        found = self._cells.get((variable, named))
        if found is None:
            found = self._cells[variable, named] = self.layout.lands.cells(variable, tree, self.day.domains)
        return found

    def _stretches(self, variable: str, tree: Expr) -> Iterable[tuple[float, float]]:
        """Each number at which the tree turns, and each open stretch between two of them; of whole numbers only stretches that hold one."""
        low, high = self.layout.ranges[variable]
        whole = self.layout.catalog.variables[variable].type == "integer"
        reading = [n for n in walk(tree) if isinstance(n, Compare) and any(isinstance(m, NumFact) and m.var == variable for m in walk(n))]
        turns = {_snapped(p) for n in reading for p in turning_points(variable, n, self.layout.ranges)}
        ends = [low - 1, *sorted(p for p in turns if low <= p <= high), high + 1]
        for before, after in itertools.pairwise(ends):
            if not whole or math.floor(before) + 1 < after:
                yield before, after
            if after != ends[-1]:
                yield after, after

    def _possible(self, variable: str, tree: Expr, values: Sequence[Value]) -> int:
        """The plane of the people for whom the variable may have one of some values."""
        if self._open(variable):
            return YES
        kind, step = self.layout.kinds[variable], self.program.step
        if kind == "bits":
            return self.program.any(step("may" if value else "may_not", variable) for value in values)
        if kind == "mask":
            options = {o for v in values if isinstance(v, frozenset) for o in v}
            return step("options", variable, self.layout.masked(variable, options))
        if kind == "at":
            cells = self.places(variable, tree)
            return step("within", variable, self.layout.lands.spans({n for v in values for n in cells[str(v)]}))
        low, high = step("low", variable), step("high", variable)
        found = []
        for first, last in _merged([v for v in values if isinstance(v, tuple)]):
            above = self._test("<=", first[0], high) if first[1] else self._test("<", first[0], high)
            below = self._test("<=", low, last[0]) if last[1] else self._test("<", low, last[0])
            found.append(self.program.all((above, below)))
        return self.program.any(found)


def _one(value: Value) -> Value:
    """A value of a stretch of numbers; everything else is one value already."""
    if isinstance(value, tuple):
        inner = math.floor(value[0]) + 1.0
        point = value[0] if value[0] == value[1] else inner if inner < value[1] else (value[0] + value[1]) / 2
        return point, point
    return value


def _snapped(point: float) -> float:
    """A turning point without the dust of its calculation: no figure of ours has more than three decimals."""
    near = round(point, 3)
    return near if abs(point - near) < 1e-4 else point


Edge = tuple[float, bool]
"""An end of a stretch, and whether it belongs to it."""


def _merged(stretches: Sequence[tuple[float, float]]) -> list[tuple[Edge, Edge]]:
    """Neighbouring stretches as one."""
    found: list[tuple[Edge, Edge]] = []
    for first, last in stretches:
        closed = first == last
        if found and found[-1][1][0] == first and found[-1][1][1] != closed:
            found[-1] = (found[-1][0], (last, closed))
        else:
            found.append(((first, closed), (last, closed)))
    return found
