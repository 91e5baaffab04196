"""The best set of measures that may be had together: a maximum-weight independent set over the exclusions, exact.

Exclusions split the measures into small groups that have nothing to do with one another; each group is searched whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.catalog.catalog import Catalog


def excludes(catalog: Catalog, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each measure, those of `ids` that it cannot be had with; a measure that carries another out inherits its exclusions."""
    among = set(ids)
    found: dict[str, set[str]] = {i: set() for i in among}
    for one in among:
        for ancestor in catalog.entries[one].lineage:
            for exclusion in catalog.entries[ancestor].not_with:
                for other in among:
                    if other != one and exclusion.measure in catalog.entries[other].lineage:
                        found[one].add(other)
                        found[other].add(one)
    return {one: frozenset(others) for one, others in found.items()}


def best_combination(weights: Mapping[str, float], conflicts: Mapping[str, frozenset[str]]) -> list[str]:
    """Ids of the set with the greatest sum of weights among which no two conflict; the order of `weights` is kept."""
    chosen: set[str] = set()
    left = set(weights)
    while left:
        group = _group(next(iter(left)), conflicts, left)
        left -= group
        chosen |= _best(tuple(sorted(group, key=lambda i: -weights[i])), weights, conflicts)
    return [i for i in weights if i in chosen]


def _group(start: str, conflicts: Mapping[str, frozenset[str]], among: set[str]) -> set[str]:
    group, todo = {start}, [start]
    while todo:
        for other in conflicts.get(todo.pop(), frozenset()) & among:
            if other not in group:
                group.add(other)
                todo.append(other)
    return group


def _best(group: tuple[str, ...], weights: Mapping[str, float], conflicts: Mapping[str, frozenset[str]]) -> set[str]:
    """Branch and bound: with the first of the group, or without it."""
    if not group:
        return set()
    first, rest = group[0], group[1:]
    compatible = tuple(i for i in rest if i not in conflicts.get(first, frozenset()))
    taken = {first} | _best(compatible, weights, conflicts)
    if len(compatible) == len(rest):
        return taken
    left = _best(rest, weights, conflicts)
    return taken if sum(weights[i] for i in taken) >= sum(weights[i] for i in left) else left
