"""The rule language: a closed part of Python's syntax, parsed with `ast` and type-checked against the facts.

Trees are immutable and hashable, so equal conditions of different measures are one. What each operator means is in CONTRIBUTING.md.
`parse_condition` and `parse_estimate` raise `RuleError` (what is wrong, and the mend); `build` adds file and line.
"""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from rapidfuzz import process

Op = Literal["<", "<=", ">", ">=", "==", "!="]
FREE_NUMBERS = frozenset({0, 1, 2, 12, 100})
"""Numbers that may stand bare in a condition; every other threshold is a dated, cited figure."""

_OPS: dict[type[ast.cmpop], Op] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_MIRROR: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NEGATED: dict[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_ARITHMETIC: dict[type[ast.operator], Literal["+", "-", "*", "/"]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class RuleError(Exception):
    """An expression that the language does not hold: what is wrong, and the mend."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


# ---------------------------------------------------------------- trees


@dataclass(frozen=True)
class Const:
    """True, false, or (None) not known on that day."""

    value: bool | None


@dataclass(frozen=True)
class Is:
    """A true-or-false variable: a boolean fact, or one option of a set fact (`child_stages.primary`)."""

    var: str


@dataclass(frozen=True)
class OneOf:
    """An enum fact is one of these options."""

    var: str
    options: frozenset[str]


@dataclass(frozen=True)
class Within:
    """A place fact lies inside one of these places (codes)."""

    var: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Compare:
    """A comparison of two numbers."""

    op: Op
    left: Num
    right: Num


@dataclass(frozen=True)
class OnDay:
    """A comparison of `as_of` with a fixed day."""

    op: Op
    day: dt.date


@dataclass(frozen=True)
class Not:
    item: Expr


@dataclass(frozen=True)
class And:
    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Or:
    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class NumFact:
    """An integer or money fact."""

    var: str


@dataclass(frozen=True)
class FigureRef:
    """A figure of the measure, resolved for the day (and place) of asking."""

    id: str


@dataclass(frozen=True)
class Arith:
    op: Literal["+", "-", "*", "/", "min", "max"]
    left: Num
    right: Num


Expr = Const | Is | OneOf | Within | Compare | OnDay | Not | And | Or
Num = Number | NumFact | FigureRef | Arith
Node = Expr | Num


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below a node."""
    match node:
        case And(items) | Or(items):
            return items
        case Compare(_, left, right) | Arith(_, left, right):
            return left, right
        case Not(item):
            return (item,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes below it."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        todo.extend(children(here))


def variables(node: Node) -> frozenset[str]:
    """The variables that the tree reads; a set fact's options count one by one (`needs.tax`)."""
    return frozenset(n.var for n in walk(node) if isinstance(n, Is | OneOf | Within | NumFact))


def figure_ids(node: Node) -> frozenset[str]:
    return frozenset(n.id for n in walk(node) if isinstance(n, FigureRef))


# ---------------------------------------------------------------- parsing


class FactLike(Protocol):
    """What the language must know of a fact."""

    @property
    def type(self) -> str: ...
    @property
    def options(self) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class Scope:
    """The names an expression may use: facts by id, the measure's numeric figures, and a way from place names to codes."""

    facts: Mapping[str, FactLike]
    figures: frozenset[str]
    place_code: Callable[[str], str]
    """Raises RuleError for an unknown or ambiguous name."""


def parse_condition(text: str, scope: Scope) -> Expr:
    """The tree of an `if`. Raises RuleError."""
    return _Parser(scope).boolean(_python(text))


def parse_estimate(text: str, scope: Scope) -> Num:
    """The tree of an estimate's arithmetic. Raises RuleError."""
    return _Parser(scope, bare_numbers=True).number(_python(text))


def _python(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise RuleError(f"«{text}» is no expression: {error.args[0]}", "see the table of operators in CONTRIBUTING.md") from None


def nearest(name: str, known: Mapping[str, object] | frozenset[str]) -> str:
    """ "did you mean …" with up to three names, or an empty string."""
    found = process.extract(name, list(known), limit=3, score_cutoff=55)
    return f"did you mean {', '.join(match for match, _, _ in found)}?" if found else ""


class _Parser:
    def __init__(self, scope: Scope, bare_numbers: bool = False) -> None:
        self.scope, self.bare_numbers = scope, bare_numbers

    # -- true or false

    def boolean(self, node: ast.expr) -> Expr:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return And(tuple(self.boolean(v) for v in values))
            case ast.BoolOp(op=ast.Or(), values=values):
                return Or(tuple(self.boolean(v) for v in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return negate(self.boolean(operand))
            case ast.Compare():
                return self._chain(node)
            case ast.Call(func=ast.Name(id="within")):
                return self._within(node)
            case ast.Call(func=ast.Name(id="overlaps")):
                return self._overlaps(node)
            case ast.Name(id="true" | "false" as name):
                return Const(name == "true")
            case ast.Name(id=name):
                return self._boolean_fact(name)
        raise RuleError(f"«{ast.unparse(node)}» is not true or false", "compare it with something, or see the operators in CONTRIBUTING.md")

    def _boolean_fact(self, name: str) -> Expr:
        fact = self._fact(name)
        if fact.type != "boolean":
            raise RuleError(f"«{name}» is {_a(fact.type)}, not true or false", f"compare it, e.g. {_usage(name, fact)}")
        return Is(name)

    def _chain(self, node: ast.Compare) -> Expr:
        sides = [node.left, *node.comparators]
        parts = [self._comparison(a, op, b) for a, op, b in zip(sides, node.ops, sides[1:], strict=False)]
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Expr:
        if isinstance(op, ast.In | ast.NotIn):
            found = self._membership(left, right)
            return found if isinstance(op, ast.In) else negate(found)
        if type(op) not in _OPS:
            raise RuleError(f"«{type(op).__name__.lower()}» is no operator here", "use == or !=")
        sign = _OPS[type(op)]
        for a, b, s in ((left, right, sign), (right, left, _MIRROR[sign])):
            if isinstance(a, ast.Name) and a.id == "as_of":
                return OnDay(s, self._day(b))
            if isinstance(a, ast.Name) and a.id in self.scope.facts and self.scope.facts[a.id].type in ("enum", "boolean"):
                return self._equality(a.id, s, b)
        return _compare(sign, self.number(left), self.number(right))

    def _equality(self, name: str, op: Op, other: ast.expr) -> Expr:
        fact = self.scope.facts[name]
        if op not in ("==", "!="):
            raise RuleError(f"«{name}» is {_a(fact.type)} and has no order", "use == or in {…}")
        if not isinstance(other, ast.Name):
            raise RuleError(f"«{name}» is compared with «{ast.unparse(other)}»", f"compare it as in {_usage(name, fact)}")
        found: Expr
        if fact.type == "boolean":
            if other.id not in ("true", "false"):
                raise RuleError(f"«{name}» is true or false, not «{other.id}»", f"write {name} or not {name}")
            found = Is(name) if other.id == "true" else Not(Is(name))
        else:
            found = OneOf(name, frozenset({self._option(name, other)}))
        return found if op == "==" else negate(found)

    def _membership(self, left: ast.expr, right: ast.expr) -> Expr:
        if not isinstance(left, ast.Name):
            raise RuleError(f"«{ast.unparse(left)}» cannot stand before in", "write fact in {option, …} or option in set_fact")
        if isinstance(right, ast.Set):
            fact = self._fact(left.id)
            if fact.type != "enum":
                raise RuleError(f"«{left.id}» is {_a(fact.type)}; in {{…}} needs one of several", f"write {_usage(left.id, fact)}")
            return OneOf(left.id, frozenset(self._option(left.id, item) for item in right.elts))
        if isinstance(right, ast.Name):
            fact = self._fact(right.id)
            if fact.type != "set":
                raise RuleError(f"«{right.id}» is {_a(fact.type)}, not a set", f"write {_usage(right.id, fact)}")
            return Is(f"{right.id}.{self._option(right.id, left)}")
        raise RuleError(f"«{ast.unparse(right)}» cannot stand behind in", "write {option, …} or the name of a set fact")

    def _overlaps(self, node: ast.Call) -> Expr:
        if len(node.args) != 2 or not isinstance(node.args[0], ast.Name) or not isinstance(node.args[1], ast.Set):
            raise RuleError("overlaps needs a set fact and options", "write overlaps(child_stages, {primary, junior_middle})")
        name = node.args[0].id
        if self._fact(name).type != "set":
            raise RuleError(f"«{name}» is {_a(self._fact(name).type)}, not a set", "overlaps is for set facts")
        items = tuple(Is(f"{name}.{self._option(name, item)}") for item in node.args[1].elts)
        return items[0] if len(items) == 1 else Or(items)

    def _within(self, node: ast.Call) -> Expr:
        if len(node.args) < 2 or not isinstance(node.args[0], ast.Name):
            raise RuleError("within needs a place fact and names of places", 'write within(home_place, "忻州市")')
        name = node.args[0].id
        if self._fact(name).type != "place":
            raise RuleError(f"«{name}» is {_a(self._fact(name).type)}, not a place", 'write within(home_place, "忻州市")')
        codes = []
        for arg in node.args[1:]:
            if not isinstance(arg, ast.Constant) or not isinstance(arg.value, str):
                raise RuleError(f"«{ast.unparse(arg)}» is no name of a place", "put the official full name in quotes")
            codes.append(self.scope.place_code(arg.value))
        return Within(name, frozenset(codes))

    def _option(self, fact: str, node: ast.expr) -> str:
        options = self.scope.facts[fact].options
        name = node.id if isinstance(node, ast.Name) else str(getattr(node, "value", ast.unparse(node)))
        if name not in options:
            raise RuleError(f"«{name}» is no option of {fact}", nearest(name, options) or f"options: {', '.join(options)}")
        return name

    def _day(self, node: ast.expr) -> dt.date:
        match node:
            case ast.Call(
                func=ast.Name(id="date"), args=[ast.Constant(value=int(y)), ast.Constant(value=int(m)), ast.Constant(value=int(d))]
            ):
                try:
                    return dt.date(y, m, d)
                except ValueError as error:
                    raise RuleError(f"«{ast.unparse(node)}»: {error}", "write date(2026, 12, 31)") from None
        raise RuleError(f"as_of is compared with «{ast.unparse(node)}»", "write date(2026, 12, 31)")

    # -- numbers

    def number(self, node: ast.expr) -> Num:
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float() as value):
                if value not in FREE_NUMBERS and not self.bare_numbers:
                    raise RuleError(f"the bare number {value} has no source", "make it a figure with date and cite, and write figure.<id>")
                return Number(float(value))
            case ast.Attribute(value=ast.Name(id="figure"), attr=name):
                if name not in self.scope.figures:
                    raise RuleError(f"the measure has no numeric figure «{name}»", nearest(name, self.scope.figures))
                return FigureRef(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return Arith(_ARITHMETIC[type(op)], self.number(left), self.number(right))
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=[first, second, *rest]):
                found = Arith("min" if name == "min" else "max", self.number(first), self.number(second))
                for item in rest:
                    found = Arith(found.op, found, self.number(item))
                return found
            case ast.Name(id=name):
                fact = self._fact(name)
                if fact.type not in ("integer", "money"):
                    raise RuleError(f"«{name}» is {_a(fact.type)}, not a number", f"write {_usage(name, fact)}")
                return NumFact(name)
        raise RuleError(f"«{ast.unparse(node)}» is no number", "use number facts, figure.<id>, + - * / min max")

    def _fact(self, name: str) -> FactLike:
        fact = self.scope.facts.get(name)
        if fact is None:
            raise RuleError(f"there is no fact «{name}»", nearest(name, self.scope.facts))
        return fact


def negate(expr: Expr) -> Expr:
    """Not expr, pushed as far down as it is simple, so that equal conditions look equal."""
    match expr:
        case Not(item):
            return item
        case Const(value):
            return Const(None if value is None else not value)
        case And(items):
            return Or(tuple(negate(i) for i in items))
        case Or(items):
            return And(tuple(negate(i) for i in items))
        case Compare(op, left, right) if op not in ("==", "!="):
            return Compare(_NEGATED[op], left, right)
        case OnDay(op, day):
            return OnDay(_NEGATED[op], day)
    return Not(expr)


def _compare(op: Op, left: Num, right: Num) -> Expr:
    """A comparison; min and max at the top of a side are taken apart (min(a, b) >= c is a >= c and b >= c), which keeps intervals exact."""
    if op in ("<", "<=", ">", ">="):
        if isinstance(left, Arith) and left.op in ("min", "max"):
            parts = (_compare(op, left.left, right), _compare(op, left.right, right))
            return And(parts) if (left.op == "min") == (op in (">", ">=")) else Or(parts)
        if isinstance(right, Arith) and right.op in ("min", "max"):
            return _compare(_MIRROR[op], right, left)
    return Compare(op, left, right)


def _a(kind: str) -> str:
    return {
        "boolean": "true or false",
        "enum": "one of several options",
        "set": "a set of options",
        "place": "a place",
        "integer": "a number",
        "money": "an amount of money",
    }[kind]


def _usage(name: str, fact: FactLike) -> str:
    option = next(iter(fact.options), "option")
    return {
        "boolean": name,
        "enum": f"{name} in {{{option}, …}}",
        "set": f"{option} in {name}",
        "place": f'within({name}, "忻州市")',
        "integer": f"{name} >= figure.<id>",
        "money": f"{name} <= figure.<id>",
    }[fact.type]
