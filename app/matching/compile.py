"""The conditions of a day as generated Python: every status in one pass over plain local variables.

A true-or-false variable is True, False or None; an enum is a bit mask of the options still possible; a number is its lowest and highest
value; a place is its code or None. Each distinct condition is worked out once, however many measures share it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalog.catalog import Catalog
from app.catalog.language import And, Arith, Compare, Const, Expr, Is, Not, Num, Number, NumFact, OneOf, Op, Or, Within, walk
from app.matching.interpret import ARITHMETIC
from app.matching.profile import Knowledge

Statuses = tuple[bool | None, ...]


@dataclass(frozen=True)
class Compiled:
    """`statuses(slots)` gives every condition's status and every measure's verdict; `verdicts(slots)` the verdicts alone, faster."""

    statuses: Callable[[list[Any]], tuple[Statuses, Statuses]]
    verdicts: Callable[[list[Any]], Statuses]
    slots: Callable[[Knowledge], list[Any]]
    source: str


@dataclass(frozen=True)
class _Layout:
    """Where each variable stands among the slots."""

    names: tuple[str, ...]
    """Local names in slot order."""
    place: dict[str, int]
    unknown: tuple[Any, ...]
    bits: dict[str, dict[str, int]]
    numbers: frozenset[str]


def compile_rules(conditions: Sequence[Expr], rules: Sequence[tuple[int, ...] | None], catalog: Catalog) -> Compiled:
    """Code for conditions and for measures (each the conditions that it joins, by index; None = not in force, always unknown here)."""
    used = sorted({n.var for c in conditions for n in walk(c) if isinstance(n, Is | OneOf | Within | NumFact)})
    layout = _lay_out(used, catalog)
    shares = Counter(i for rule in rules if rule for i in rule)
    head = f"    [{', '.join(layout.names)}] = s" if layout.names else "    pass"
    code = _Code(layout)
    every = [f"    c{i} = {code.expr(tree)}" for i, tree in enumerate(conditions)]
    whole = [f"    r{m} = {_joined([f'c{i}' for i in rule], [f'c{i}' for i in rule])}" for m, rule in enumerate(rules) if rule is not None]
    shared = [line for i, line in enumerate(every) if shares[i] > 2]
    lazy = [f"    r{m} = {_lazy(rule, shares, code, conditions)}" for m, rule in enumerate(rules) if rule is not None]
    results = "(" + "".join(f"r{m}, " if rule is not None else "None, " for m, rule in enumerate(rules)) + ")"
    statuses = "(" + "".join(f"c{i}, " for i in range(len(conditions))) + ")"
    source = "\n".join(
        [
            *("def statuses(s):", head, *every, *whole, f"    return {statuses}, {results}", ""),
            *("def verdicts(s):", head, *shared, *lazy, f"    return {results}", ""),
        ]
    )
    space: dict[str, Any] = {"arith": ARITHMETIC, "compare": _compare}
    exec(compile(source, "<rules of the day>", "exec"), space)
    return Compiled(space["statuses"], space["verdicts"], _slots(layout), source)


def _compare(op: Op, a: tuple[float, float], b: tuple[float, float]) -> bool | None:
    from app.matching.interpret import compare

    return compare(op, a, b)


def _lay_out(used: Sequence[str], catalog: Catalog) -> _Layout:
    names: list[str] = []
    place: dict[str, int] = {}
    unknown: list[Any] = []
    bits: dict[str, dict[str, int]] = {}
    numbers = set()
    for variable in used:
        fact = catalog.variables[variable]
        slot = place[variable] = len(names)
        if fact.type in ("integer", "money"):
            numbers.add(variable)
            names += [f"l{slot}", f"h{slot}"]
            unknown += [float(b) for b in fact.fact.range or (float("-inf"), float("inf"))]
        elif fact.type == "enum":
            bits[variable] = {option: 1 << n for n, option in enumerate(fact.fact.options)}
            names.append(f"m{slot}")
            unknown.append((1 << len(fact.fact.options)) - 1)
        else:
            names.append(f"{'p' if fact.type == 'place' else 'v'}{slot}")
            unknown.append(None)
    return _Layout(tuple(names), place, tuple(unknown), bits, frozenset(numbers))


class _Masks(dict[frozenset[str] | None, int]):
    """Options still possible -> bit mask; worked out once for each set of options that is met."""

    def __init__(self, bits: dict[str, int]) -> None:
        super().__init__({None: sum(bits.values())})
        self.bits = bits

    def __missing__(self, options: frozenset[str] | None) -> int:
        assert options is not None
        found = self[options] = sum(map(self.bits.__getitem__, options))
        return found


def _slots(layout: _Layout) -> Callable[[Knowledge], list[Any]]:
    """Generated like the rules: one look-up a variable, in slot order."""
    space: dict[str, Any] = {}
    parts = []
    for variable, slot in layout.place.items():
        if variable in layout.numbers:
            space[f"u{slot}"] = (layout.unknown[slot], layout.unknown[slot + 1])
            parts.append(f"*g({variable!r}, u{slot})")
        elif variable in layout.bits:
            space[f"b{slot}"] = _Masks(layout.bits[variable])
            parts.append(f"b{slot}[g({variable!r})]")
        else:
            parts.append(f"g({variable!r})")
    source = f"def slots(known):\n    g = known.get\n    return [{', '.join(parts)}]\n"
    exec(compile(source, "<slots of the day>", "exec"), space)
    found: Callable[[Knowledge], list[Any]] = space["slots"]
    return found


def _joined(first: Sequence[str], again: Sequence[str]) -> str:
    """All of several statuses: false if any is false, true if all are true. `first` may hold assignments that `again` reads."""
    if not first:
        return "True"
    if len(first) == 1:
        return first[0]
    fails = " or ".join(f"{name} is False" for name in first)
    return f"False if {fails} else True if {' and '.join(again)} else None"


def _lazy(rule: tuple[int, ...], shares: Counter[int], code: _Code, conditions: Sequence[Expr]) -> str:
    first = [f"c{i}" if shares[i] > 2 else f"(c{i} := {code.expr(conditions[i])})" for i in rule]
    if len(rule) == 1:
        return first[0]
    return _joined(first, [f"c{i}" for i in rule])


class _Code:
    """Trees to Python expressions over the local names."""

    def __init__(self, layout: _Layout) -> None:
        self.layout = layout
        self._temporary = 0

    def expr(self, tree: Expr) -> str:
        at = self.layout.place
        match tree:
            case Const(value):
                return repr(value)
            case Is(var):
                return f"v{at[var]}"
            case OneOf(var, options):
                return self._one_of(var, options)
            case Within(var, codes):
                return self._within(f"p{at[var]}", codes)
            case Not(Is(var)):
                return f"(None if v{at[var]} is None else not v{at[var]})"
            case Not(OneOf(var, options)):
                return self._one_of(var, frozenset(self.layout.bits[var]) - options)
            case Not(item):
                name = self._name()
                return f"(None if ({name} := {self.expr(item)}) is None else not {name})"
            case And(items):
                return f"({self._several(items, all_of=True)})"
            case Or(items):
                return f"({self._several(items, all_of=False)})"
            case Compare(op, left, right):
                return f"({self._compare(op, left, right)})"
        raise TypeError(f"{tree} is not settled for the day")

    def _name(self) -> str:
        self._temporary += 1
        return f"t{self._temporary}"

    def _several(self, items: Sequence[Expr], *, all_of: bool) -> str:
        first, again = [], []
        for item in items:
            if isinstance(item, Is):
                first.append(f"v{self.layout.place[item.var]}")
                again.append(first[-1])
            else:
                name = self._name()
                first.append(f"({name} := {self.expr(item)})")
                again.append(name)
        if all_of:
            return _joined(first, again)
        nothing = " or ".join(f"{name} is None" for name in again)
        return f"True if {' or '.join(first)} else None if {nothing} else False"

    def _one_of(self, var: str, options: frozenset[str]) -> str:
        bits = self.layout.bits[var]
        inside = sum(bits[o] for o in options)
        name = f"m{self.layout.place[var]}"
        return f"(False if not {name} & {inside} else None if {name} & {(1 << len(bits)) - 1 - inside} else True)"

    def _within(self, name: str, codes: frozenset[str]) -> str:
        listed = sorted(codes)
        prefix = repr(listed[0]) if len(listed) == 1 else repr(tuple(listed))
        coarser = " or ".join(f"{code!r}.startswith({name})" for code in listed)
        fine = max(map(len, listed))  # a place named this finely is inside or outside; only a coarser one can be open
        inside = f"True if {name}.startswith({prefix})"
        return f"(None if {name} is None else {inside} else False if len({name}) >= {fine} else None if {coarser} else False)"

    def _compare(self, op: Op, left: Num, right: Num) -> str:
        if op in (">", ">="):
            return self._compare("<" if op == ">" else "<=", right, left)
        if op in ("==", "!=") or not (_simple(left) and _simple(right)):
            return f"compare({op!r}, {self._interval(left)}, {self._interval(right)})"
        (al, ah), (bl, bh) = self._ends(left), self._ends(right)
        if op == "<=":
            return f"True if {ah} <= {bl} else False if {al} > {bh} else None"
        return f"True if {ah} < {bl} else False if {al} >= {bh} else None"

    def _ends(self, number: Num) -> tuple[str, str]:
        match number:
            case Number(value):
                return repr(value), repr(value)
            case NumFact(var):
                return f"l{self.layout.place[var]}", f"h{self.layout.place[var]}"
            case Arith(op, left, Number(value)):
                low, high = self._ends(left)
                return f"{low} {op} {value!r}", f"{high} {op} {value!r}"
        raise TypeError(f"{number} is no simple number")

    def _interval(self, number: Num) -> str:
        if isinstance(number, Arith):
            return f"arith[{number.op!r}]({self._interval(number.left)}, {self._interval(number.right)})"
        low, high = self._ends(number)
        return f"({low}, {high})"


def _simple(number: Num) -> bool:
    """A number, a fact, or a fact scaled or moved by a positive number: its ends need no case distinction."""
    if isinstance(number, Number | NumFact):
        return True
    return (
        isinstance(number.left, NumFact) and isinstance(number.right, Number) and number.right.value > 0 and number.op in "+-*/"
        if isinstance(number, Arith)
        else False
    )
