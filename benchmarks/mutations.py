"""Random single changes to the real catalogue's figures, conditions, clauses and dates: how many does something catch, and what?

Each change is made in the text of one file, as a slip of the hand would be. `check` is everything that `guiyan check` says (shapes, references,
lints, worked examples); the ledger is the second entry of every figure, clause and condition.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.catalog import Catalog, CatalogInvalid, build_catalog
from app.catalog.ledger import LEDGER, ledger
from app.catalog.lints import lint
from app.files import ROOT, read_files
from app.matching.day import Days
from app.matching.examples import run_examples
from app.matching.lints import lint_rule
from benchmarks.people import row

COUNT = 200
SEED = 20261123
DATE = re.compile(r"(?<=[ {])(from|to|issued_on|effective_from|effective_to): (\d{4}-\d{2}-\d{2})")
VALUE = re.compile(r"value: (-?\d+(?:\.\d+)?)(?=[,}\s])")
CLAUSE = re.compile(r"clause: (null|\"[^\"]*\"|'[^']*'|[^,}\n]+)(?=[,}\n])")
IF = re.compile(r"^( +if: )(.+)$", re.M)
SWAPS = (("<=", "<"), (">=", ">"), (" and ", " or "), (" or ", " and "), ("not ", ""), (" < ", " <= "), (" > ", " >= "), ("==", "!="), (" in {", " not in {"))  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """One change: its kind, the file, what stood there and what stands there now, the whole new text."""

    kind: str
    file: str
    before: str
    after: str
    text: str


def mutations(files: Mapping[str, str], count: int, seed: int) -> Iterator[Mutation]:
    """So many changes, a quarter of each kind."""
    chance = random.Random(seed)
    makers: tuple[Callable[[Mapping[str, str], random.Random], Mutation], ...] = (_figure, _condition, _clause, _date)
    for n in range(count):
        yield makers[n % len(makers)](files, chance)


def _pick(files: Mapping[str, str], chance: random.Random, pattern: re.Pattern[str], folders: tuple[str, ...]) -> tuple[str, re.Match[str]]:
    """One match, each as likely as another."""
    found = [(file, match) for file, text in sorted(files.items()) if file.startswith(folders) for match in pattern.finditer(text)]
    return chance.choice(found)


def _made(kind: str, files: Mapping[str, str], file: str, match: re.Match[str], after: str) -> Mutation:
    text = files[file]
    return Mutation(kind, file, match.group(), after, text[: match.start()] + after + text[match.end() :])


def _figure(files: Mapping[str, str], chance: random.Random) -> Mutation:
    file, match = _pick(files, chance, VALUE, ("knowledge/measures/",))
    number = float(match[1])
    other = chance.choice([n for n in (number * 10, number + 1, number - 1, number / 10, number * 2) if n != number])
    return _made("figure", files, file, match, f"value: {other:g}" if other % 1 else f"value: {int(other)}")


def _condition(files: Mapping[str, str], chance: random.Random) -> Mutation:
    while True:
        file, match = _pick(files, chance, IF, ("rules/",))
        usable = [(a, b) for a, b in SWAPS if a in match[2]]
        if usable:
            a, b = chance.choice(usable)
            at = chance.choice([m.start() for m in re.finditer(re.escape(a), match[2])])
            return _made("condition", files, file, match, match[1] + match[2][:at] + b + match[2][at + len(a) :])
        if not match[2].startswith('"'):
            return _made("condition", files, file, match, f"{match[1]}not ({match[2]})")


def _clause(files: Mapping[str, str], chance: random.Random) -> Mutation:
    file, match = _pick(files, chance, CLAUSE, ("knowledge/measures/", "rules/"))
    return _made("clause", files, file, match, "clause: null" if match[1] != "null" else "clause: 第九条")


def _date(files: Mapping[str, str], chance: random.Random) -> Mutation:
    file, match = _pick(files, chance, DATE, ("knowledge/measures/", "rules/", "knowledge/documents/"))
    moved = dt.date.fromisoformat(match[2]) + dt.timedelta(chance.choice((-365, -30, -1, 1, 30, 365)))
    return _made("date", files, file, match, f"{match[1]}: {moved}")


def caught_by(files: Mapping[str, str], kept: str, mutation: Mutation) -> list[str]:
    """What notices a change: `check`, `ledger`, both or nothing."""
    changed = {**files, mutation.file: mutation.text}
    try:
        catalog = build_catalog(changed)
    except CatalogInvalid:
        return ["check"]
    found = ["check"] if lint(catalog, changed) or _examples(catalog, changed, mutation.file) else []
    return [*found, "ledger"] if ledger(catalog) != kept else found


def _examples(catalog: Catalog, files: Mapping[str, str], file: str) -> bool:
    """Whether an example or lint of the changed file's measures fails; of every measure that cites it where the file is a document."""
    stem = file.rpartition("/")[2].removesuffix(".yaml")
    homes = {home.member for home in catalog.homes.values() if home.file == file}
    touched = [e for e in catalog.entries.values() if e.id == stem or e.id in homes or stem in _cited(catalog, e.id)]
    days = Days(catalog)
    domains = days.on(dt.date(2026, 11, 23)).domains
    return any(run_examples(catalog, e, days, files) or lint_rule(catalog, e, domains, files) for e in touched)


def _cited(catalog: Catalog, name: str) -> set[str]:
    entry = catalog.entries[name]
    figures = {v.cite.document for f in entry.measure.figures.values() for v in f.history}
    return {entry.measure.valid.cite.document, *entry.measure.documents, *figures, *(c.condition.cite.document for c in entry.conditions)}


def run(count: int = COUNT) -> None:
    files = read_files()
    kept = (ROOT / LEDGER).read_text(encoding="utf-8")
    print(f"Mutations: {count} random single changes of the real catalogue (seed {SEED})")
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    checked: Counter[str] = Counter()
    missed = []
    for mutation in mutations(files, count, SEED):
        by = caught_by(files, kept, mutation)
        made[mutation.kind] += 1
        caught[mutation.kind] += bool(by)
        checked[mutation.kind] += "check" in by
        if not by:
            missed.append(mutation)
    for kind in made:
        row(f"{kind}s caught", f"{caught[kind]}/{made[kind]}", f"by check and examples alone {checked[kind]}")
    row("caught by something (aim 95 %)", f"{caught.total() / count:.1%}", f"by check and examples alone {checked.total() / count:.1%}")
    for mutation in missed:
        print(f"  not caught: {mutation.file}: {mutation.before.strip()} -> {mutation.after.strip()}")
