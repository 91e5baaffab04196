"""Measures that differ only by place, kept in one file: what they share is said once, each keeps its own id.

A file of knowledge/measures or rules with `members` stands for several: `shared` holds what all of them say, `members` maps each id to what it
says otherwise. A shared figure holds a value for each place; a member takes those of its own regions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalog.places import PlaceError, Places

MEMBERS, SHARED = "members", "shared"


@dataclass(frozen=True)
class Home:
    """Where a member of a family stands: the file, its id there, and the keys that it says itself."""

    file: str
    member: str
    own: frozenset[str]

    def path(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """A path within the member as a path within the file."""
        if path and path[0] not in self.own:
            return (SHARED, *path[:2]) if path[0] == "figures" else (SHARED, *path)
        return (MEMBERS, self.member, *path)


def is_family(value: Any) -> bool:
    """Whether a file's value stands for several measures."""
    return isinstance(value, dict) and isinstance(value.get(MEMBERS), dict)


def members(value: Mapping[str, Any], key: str, places: Places) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each member's id and what its own file would hold; `key` is the name that the id has there."""
    shared = value.get(SHARED) or {}
    for name, own in value[MEMBERS].items():
        whole = {**shared, **(own or {}), key: name}
        if "figures" in shared and "figures" not in (own or {}):
            whole["figures"] = dict(_local(shared["figures"], whole.get("regions") or (), places))
        yield str(name), whole


def _local(figures: Mapping[str, Any], regions: Any, places: Places) -> Iterator[tuple[str, Any]]:
    """Figures with only the values that hold in some regions."""
    inside = _inside(tuple(map(str, regions)), places)
    for name, figure in figures.items():
        history = [v for v in figure.get("history", ()) if not isinstance(v, dict) or v.get("place") is None or inside(str(v["place"]))]
        if history:
            yield name, {**figure, "history": history}


def _inside(regions: tuple[str, ...], places: Places) -> Callable[[str], bool]:
    codes = tuple(_code(r, places) for r in regions)
    return lambda place: _code(place, places).startswith(codes)


def _code(name: str, places: Places) -> str:
    try:
        return places.exact(name)
    except PlaceError:
        return f"?{name}"  # named as a problem when the measure itself is checked
