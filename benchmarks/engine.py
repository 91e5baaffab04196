"""Statuses of every condition for one person, beside zen-engine's fastest form (one compiled array expression, no reasons) on the same
rules, and a tree-walking interpreter as a floor."""

from __future__ import annotations

import datetime as dt
import gc
import random
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import zen

from app.catalog import build_catalog
from app.catalog.catalog import Catalog
from app.catalog.language import And, Arith, Compare, Const, Expr, Is, Not, Num, Number, NumFact, OneOf, Or, Within, walk
from app.files import read_files
from app.matching.day import Day, Days
from app.matching.interpret import evaluate
from app.matching.profile import Knowledge
from benchmarks.people import people, row, thinned

DAY = dt.date(2026, 11, 23)
PEOPLE = 500
ROUNDS = 7


def best(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest of several rounds."""
    gc.collect()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def to_zen(tree: Expr) -> str:
    """A tree in zen's expression language; a term that is not known that day becomes false there."""
    match tree:
        case Const(value):
            return "true" if value else "false"
        case Is(var):
            return f"{_name(var)} == true"
        case OneOf(var, options):
            return f"{_name(var)} in [{', '.join(repr(o) for o in sorted(options))}]"
        case Within(var, codes):
            return "(" + " or ".join(f"startsWith({_name(var)}, '{code}')" for code in sorted(codes)) + ")"
        case Not(item):
            return f"not({to_zen(item)})"
        case And(items):
            return "(" + " and ".join(map(to_zen, items)) + ")"
        case Or(items):
            return "(" + " or ".join(map(to_zen, items)) + ")"
        case Compare(op, left, right):
            return f"({_number(left)} {op} {_number(right)})"
    raise TypeError(tree)


def _number(number: Num) -> str:
    match number:
        case Number(value):
            return f"{value:.10f}".rstrip("0").rstrip(".")
        case NumFact(var):
            return _name(var)
        case Arith(op, left, right):
            inner = f"{_number(left)}, {_number(right)}"
            return f"{op}([{inner}])" if op in ("min", "max") else f"({_number(left)} {op} {_number(right)})"
    raise TypeError(number)


def _name(variable: str) -> str:
    return variable.replace(".", "__")


def to_context(known: Knowledge) -> dict[str, Any]:
    """What zen is given: plain values under plain names."""
    found: dict[str, Any] = {}
    for variable, value in known.items():
        if isinstance(value, frozenset):
            found[_name(variable)] = next(iter(value))
        elif isinstance(value, tuple):
            found[_name(variable)] = int(value[0]) if value[0] == int(value[0]) else value[0]
        else:
            found[_name(variable)] = value
    return found


def _trees(day: Day) -> list[tuple[str, And]]:
    return [
        (name, And(tuple(c.tree for c in m.conditions))) for name, m in day.measures.items() if m.standing == "in_force" and m.conditions
    ]


def _agreement(day: Day, known: Sequence[Knowledge], names: Sequence[str], answers: Sequence[list[Any]]) -> tuple[int, int]:
    """How many of zen's answers on complete profiles are ours, of how many."""
    order = list(day.measures)
    agreed = asked = 0
    for person, told in zip(known, answers, strict=True):
        ours = dict(zip(order, day.compiled.verdicts(day.compiled.slots(person)), strict=True))
        for name, answer in zip(names, told, strict=True):
            if ours[name] is not None:
                asked += 1
                agreed += ours[name] is bool(answer)
    return agreed, asked


def _zen_alone(expression: Any, contexts: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """Profiles that zen answers at all when facts are missing, of how many."""
    answered = 0
    for context in contexts:
        try:
            expression.evaluate(context)
        except Exception:  # noqa: BLE001 - zen raises RuntimeError-like errors of its own for a missing fact
            continue
        answered += 1
    return answered, len(contexts)


def run() -> None:
    catalog: Catalog = build_catalog(read_files())
    day = Days(catalog).on(DAY)
    everyone = people(catalog, PEOPLE)
    trees = _trees(day)
    names = [name for name, _ in trees]
    measures = len(trees)
    conditions = sum(len(m.conditions) for m in day.measures.values())
    leaves = sum(not isinstance(n, And | Or | Not | Number | Arith) for _, t in trees for n in walk(t))
    print(f"Engine: {measures} measures with conditions, {conditions} conditions, {leaves} leaves, {PEOPLE} complete people")
    compiled = day.compiled
    slots = [compiled.slots(p) for p in everyone]
    contexts = [to_context(p) for p in everyone]
    array = zen.compile_expression("[" + ", ".join(to_zen(t) for _, t in trees) + "]")
    answers = [array.evaluate(c) for c in contexts]
    agreed, asked = _agreement(day, everyone, names, answers)
    row("zen-engine's verdicts that are ours", f"{agreed}/{asked}", "complete facts; places as codes")

    def report(what: str, seconds: float, people_run: int = PEOPLE) -> float:
        micros = seconds / people_run * 1e6
        rate = people_run * measures / seconds
        row(what, f"{rate:,.0f}/s", f"profiles x measures; {micros:.1f} us a profile")
        return rate

    zen_rate = report(f"zen-engine {version('zen-engine')}, one array expression", best(lambda: [array.evaluate(c) for c in contexts]))
    every = report("ours, every condition's status and verdict", best(lambda: [compiled.statuses(compiled.slots(p)) for p in everyone]))
    alone = report("ours, verdicts alone", best(lambda: [compiled.verdicts(compiled.slots(p)) for p in everyone]))
    report("ours, statuses, facts already laid out", best(lambda: [compiled.statuses(s) for s in slots]))
    report("ours, verdicts alone, facts already laid out", best(lambda: [compiled.verdicts(s) for s in slots]))
    few = everyone[:50]
    report("tree-walking interpreter (floor)", best(lambda: [[evaluate(t, p, day.ranges) for _, t in trees] for p in few], 3), len(few))
    row("statuses beside zen-engine (aim 1.0)", f"{every / zen_rate:.2f} x")
    row("verdicts alone beside zen-engine (aim 1.5)", f"{alone / zen_rate:.2f} x")
    chance = random.Random(1)
    thin = [thinned(p, 0.3, chance) for p in everyone]
    report("ours, every status, a third of the facts missing", best(lambda: [compiled.statuses(compiled.slots(p)) for p in thin]))
    answered, of = _zen_alone(array, [to_context(p) for p in thin])
    row("profiles zen-engine answers with facts missing", f"{answered}/{of}", "an order comparison with nothing raises")
