"""Which unknown facts can still change an outcome: exactly those, neither more nor fewer.

A tree is first reduced by what is known. Where every open variable then stands in one place, all of them matter. Where one stands in
several places, a reduced ordered decision diagram (Bryant 1986) over the values that the tree can tell apart decides: a variable matters
if and only if the diagram still tests it, and a diagram of one leaf means that the outcome is settled although Kleene's logic left it open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.catalog.language import And, Arith, Compare, Const, Expr, Is, Not, Num, Number, NumFact, OneOf, Or, Within, walk
from app.matching.interpret import Ranges, evaluate, interval
from app.matching.profile import Knowledge, Value

ELSEWHERE = "~"
"""Ends the code of a made-up place that lies in none of the places a tree names."""
SMALL_NUMBERS = (0.0, 1.0, 2.0, 3.0, 10.0, 100.0)


@dataclass(frozen=True)
class Domains:
    """What each variable may be: ranges of numbers, options of enums, and the counties that a place may turn out to be."""

    ranges: Ranges
    options: Mapping[str, frozenset[str]]
    counties: Sequence[str]

    def elsewhere(self, inside: str, codes: Iterable[str]) -> bool:
        """Whether there is a county inside a place that lies in none of some places."""
        named = tuple(codes)
        return any(c.startswith(inside) and not c.startswith(named) for c in self.counties)


@dataclass(frozen=True)
class Settling:
    """The exact status of a tree (None = open) and the variables that can still change it."""

    status: bool | None
    matters: frozenset[str]


def settle(tree: Expr, known: Knowledge, domains: Domains) -> Settling:
    """The exact status of a tree, and what can still change it."""
    rest = reduce(tree, known, domains.ranges)
    if isinstance(rest, Const):
        return Settling(rest.value, frozenset())
    seen = Counter(n.var for n in walk(rest) if isinstance(n, Is | OneOf | Within | NumFact))
    if max(seen.values()) == 1 and not _arithmetic(rest) and not _coarse(rest, known):
        return Settling(None, frozenset(seen))
    return _diagram(rest, known, domains, [v for v, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))])


def _arithmetic(tree: Expr) -> bool:
    """Whether some comparison reads two facts at once, where not every one of them need matter."""
    return any(isinstance(n, Compare) and sum(isinstance(m, NumFact) for m in walk(n)) > 1 for n in walk(tree))


def _coarse(tree: Expr, known: Knowledge) -> bool:
    """Whether a place test is open for a place that is known, but only coarsely: its counties may all lie inside, or none."""
    return any(isinstance(n, Within) and n.var in known for n in walk(tree))


def reduce(tree: Expr, known: Knowledge, ranges: Ranges) -> Expr:
    """The tree with everything settled taken out; Const where nothing is left to settle."""
    match tree:
        case And(items) | Or(items):
            decisive = isinstance(tree, Or)
            rest: list[Expr] = []
            for item in items:
                part = reduce(item, known, ranges)
                if part == Const(decisive):
                    return part
                if part != Const(not decisive) and part not in rest:
                    rest.append(part)
            if all(isinstance(part, Const) for part in rest):
                return rest[0] if rest else Const(not decisive)
            return rest[0] if len(rest) == 1 else type(tree)(tuple(rest))
        case Not(item):
            part = reduce(item, known, ranges)
            if isinstance(part, Const):
                return Const(None if part.value is None else not part.value)
            return Not(part)
    status = evaluate(tree, known, ranges)
    if status is None and not isinstance(tree, Const):
        return _fill(tree, known) if isinstance(tree, Compare) else tree
    return Const(status)


def _fill(tree: Compare, known: Knowledge) -> Compare:
    return Compare(tree.op, _fill_number(tree.left, known), _fill_number(tree.right, known))


def _fill_number(tree: Num, known: Knowledge) -> Num:
    match tree:
        case NumFact(var):
            held = known.get(var)
            return Number(held[0]) if isinstance(held, tuple) and held[0] == held[1] else tree
        case Arith(op, left, right):
            return Arith(op, _fill_number(left, known), _fill_number(right, known))
    return tree


# ---------------------------------------------------------------- the diagram


def _diagram(tree: Expr, known: Knowledge, domains: Domains, order: list[str]) -> Settling:
    values = {var: representatives(var, tree, known, domains) for var in order}
    leaf: dict[bool | None, int] = {False: 0, True: 1, None: 2}
    nodes: dict[tuple[str, tuple[int, ...]], int] = {}
    memo: dict[tuple[Expr, int], int] = {}
    held: dict[str, Value] = dict(known)

    def build(rest: Expr, depth: int) -> int:
        if isinstance(rest, Const):
            return leaf[rest.value]
        key = (rest, depth)
        if key in memo:
            return memo[key]
        var = order[depth]
        before = held.get(var)
        children = []
        for value in values[var]:
            held[var] = value
            children.append(build(reduce(rest, held, domains.ranges), depth + 1))
        if before is None:
            held.pop(var, None)
        else:
            held[var] = before
        same = all(child == children[0] for child in children)
        found = children[0] if same else nodes.setdefault((var, tuple(children)), len(nodes) + 3)
        memo[key] = found
        return found

    root = build(tree, 0)
    if root < 3:
        return Settling((False, True, None)[root], frozenset())
    by_id = {number: node for node, number in nodes.items()}
    matters, seen, todo = set(), {root}, [root]
    while todo:
        var, below = by_id[todo.pop()]
        matters.add(var)
        todo += [c for c in below if c > 2 and c not in seen]
        seen.update(below)
    return Settling(None, frozenset(matters))


def representatives(var: str, tree: Expr, known: Knowledge, domains: Domains) -> list[Value]:
    """Values of a variable, at least one of each kind that the tree can tell apart and that what is known allows."""
    leaves = [n for n in walk(tree) if isinstance(n, Is | OneOf | Within | NumFact) and n.var == var]
    first = leaves[0] if leaves else None
    if isinstance(first, OneOf):
        held = known.get(var)
        possible = held if isinstance(held, frozenset) else domains.options[var]
        return [frozenset({option}) for option in sorted(possible)]
    if isinstance(first, Within):
        here = known.get(var)
        inside = here if isinstance(here, str) else ""
        codes = {c for n in leaves if isinstance(n, Within) for c in n.codes if c.startswith(inside)}
        inner = {c: {o for o in codes if o != c and o.startswith(c)} for c in {inside, *codes}}
        return [code + ELSEWHERE for code in sorted(inner) if domains.elsewhere(code, inner[code])]
    if isinstance(first, NumFact):
        held = known.get(var)
        low, high = held if isinstance(held, tuple) else domains.ranges[var]
        return _numbers(var, tree, low, high, domains.ranges)
    return [False, True]


def _numbers(var: str, tree: Expr, low: float, high: float, ranges: Ranges) -> list[Value]:
    points = {low, high}
    for node in walk(tree):
        if isinstance(node, Compare) and any(isinstance(n, NumFact) and n.var == var for n in walk(node)):
            points.update(turning_points(var, node, ranges))
    near = {p + step for p in points for step in (-1.0, 0.0, 1.0)}
    return [(p, p) for p in sorted({min(max(p, low), high) for p in near})]


def turning_points(var: str, node: Compare, ranges: Ranges) -> Iterable[float]:
    """Where a comparison changes as the variable grows: solved where it is linear in this one fact, else a few round numbers."""
    if sum(isinstance(n, NumFact) for n in walk(node)) > 1:
        return SMALL_NUMBERS
    difference = Arith("-", node.left, node.right)
    at_0 = interval(difference, {var: (0.0, 0.0)}, ranges)[0]
    at_1 = interval(difference, {var: (1.0, 1.0)}, ranges)[0]
    return (-at_0 / (at_1 - at_0),) if at_1 != at_0 else SMALL_NUMBERS
