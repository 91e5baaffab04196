"""What keeps a large catalogue true, as far as verdicts tell it: rules that can be met, facts that matter, lines that examples hold in place."""

from __future__ import annotations

from collections.abc import Mapping

from app.catalog.catalog import Catalog, Entry
from app.catalog.lints import placed
from app.catalog.problems import Problem
from app.matching.analysis import Domains
from app.matching.pinned import loose_ends
from app.matching.reach import unreachable


def lint_rule(catalog: Catalog, entry: Entry, domains: Domains, files: Mapping[str, str]) -> list[Problem]:
    """Problems of one rule whose examples all hold; `domains` are those of any day of the catalogue."""
    file = f"rules/{entry.id}.yaml"
    found = [placed(catalog, files, (file, ("conditions",), what, mend)) for what, mend in unreachable(catalog, entry, domains)]
    if entry.place_test is not None and all(example.failed != ("place",) for example in entry.rule.examples):
        found.append(placed(catalog, files, (file, ("examples",), "no example lies elsewhere", "add one with failed: [place]")))
    return found + [placed(catalog, files, (file, ("examples",), what, mend)) for what, mend in loose_ends(catalog, entry)]
