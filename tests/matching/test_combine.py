"""The best combination is the best: compared with trying every set on small random graphs."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog import Catalog
from app.matching.combine import best_combination, excludes

NAMES = "abcdefg"


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, float], dict[str, frozenset[str]]]:
    weights = {name: float(draw(st.integers(1, 50))) for name in NAMES}
    pairs = draw(st.sets(st.sampled_from(list(itertools.combinations(NAMES, 2))), max_size=10))
    return weights, {n: frozenset(b if a == n else a for a, b in pairs if n in (a, b)) for n in NAMES}


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_no_other_set_that_may_be_had_together_is_worth_more(graph: tuple[dict[str, float], dict[str, frozenset[str]]]) -> None:
    weights, conflicts = graph
    chosen = best_combination(weights, conflicts)
    assert not any(b in conflicts[a] for a in chosen for b in chosen)
    sets = (s for size in range(len(NAMES) + 1) for s in itertools.combinations(NAMES, size))
    best = max(sum(weights[i] for i in s) for s in sets if not any(b in conflicts[a] for a in s for b in s))
    assert sum(weights[i] for i in chosen) == best


def test_exclusions_go_both_ways(catalog: Catalog) -> None:
    found = excludes(catalog, catalog.entries)
    assert any(found.values())
    assert all(one in found[other] for one, others in found.items() for other in others)
