"""Measures that differ only by place, kept in one file: what they share is said once, each keeps its own id.

A file of knowledge/measures or rules with `members` stands for several: `shared` holds what all of them say, `members` maps each id to what it
says otherwise. A shared figure holds a value for each place; a member takes those that hold in its own regions, and a value that holds in all of
them is simply the member's value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.catalog.places import PlaceError, Places

MEMBERS, SHARED = "members", "shared"
Path = tuple[str | int, ...]
Fault = tuple[Path, str, str]
"""Where in the file, what is wrong, how to mend it."""


@dataclass(frozen=True)
class Home:
    """Where a member of a family stands: the file, its id there, the keys that it says itself, the shared values that it takes."""

    file: str
    member: str
    own: frozenset[str]
    taken: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """For each shared figure: which values of the file's history are the member's, in order."""

    def path(self, path: Path) -> Path:
        """A path within the member as a path within the file."""
        if not path or path[0] in self.own:
            return (MEMBERS, self.member, *path)
        if path[0] == "figures" and path[2:3] == ("history",) and len(path) > 3:
            return (SHARED, *path[:3], self.taken[str(path[1])][int(path[3])], *path[4:])
        return (SHARED, *path)


def is_family(value: Any) -> bool:
    """Whether a file's value stands for several measures."""
    return isinstance(value, dict) and MEMBERS in value


def names(value: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids that a family's file speaks for, as far as they can be read."""
    listed = value[MEMBERS]
    return tuple(map(str, listed)) if isinstance(listed, dict) else ()


def faults(value: Mapping[str, Any], key: str) -> Iterator[Fault]:
    """What is wrong with a family's file itself; its members cannot be read before that is mended. `key` is the name of the id elsewhere."""
    for extra in value.keys() - {MEMBERS, SHARED}:
        yield (extra,), f"«{extra}» stands beside {SHARED} and {MEMBERS}", f"move it into {SHARED} or into a member"
    shared, listed = value.get(SHARED), value[MEMBERS]
    if not isinstance(shared, dict | None):
        yield (SHARED,), f"{SHARED} is no mapping of keys", "write below it what all members say"
    if not isinstance(listed, dict) or not listed:
        yield (MEMBERS,), f"{MEMBERS} names no measure", "write id: {…} for each"
        return
    for path, said in (((SHARED,), shared), *(((MEMBERS, name), own) for name, own in listed.items())):
        if not isinstance(said, dict | None):
            yield path, f"«{path[-1]}» is no mapping of keys", "write below it what it says otherwise"
        elif said and key in said:
            yield (*path, key), f"a family's members have their {key} as their name", "drop it"


def members(file: str, value: Mapping[str, Any], key: str, places: Places) -> Iterator[tuple[Home, dict[str, Any]]]:
    """Each member's home and what its own file would hold."""
    shared = value.get(SHARED) or {}
    for name, own in value[MEMBERS].items():
        own = own or {}
        whole, taken = {**shared, **own, key: str(name)}, {}
        if "figures" not in own and isinstance(shared.get("figures"), dict):
            land = _codes(whole.get("regions"), places)
            taken = {f: _taken(figure, land, places) for f, figure in shared["figures"].items()}
            mine = {f: _mine(figure, taken[f], land, places) for f, figure in shared["figures"].items()}
            whole["figures"] = {f: figure for f, figure in mine.items() if taken[f] or not _history(figure)}
        yield Home(file, str(name), frozenset(map(str, own)), taken), whole


def unclaimed(value: Mapping[str, Any], places: Places) -> Iterator[Fault]:
    """Shared values for a place that lies in no member's regions: nobody would ever see them."""
    shared = value.get(SHARED) or {}
    takers = [{**shared, **(own or {})} for own in value[MEMBERS].values() if "figures" not in (own or {})]
    figures = shared.get("figures")
    for name, figure in figures.items() if isinstance(figures, dict) else ():
        taken = {n for member in takers for n in _taken(figure, _codes(member.get("regions"), places), places)}
        for n, item in enumerate(_history(figure)):
            if n not in taken:
                yield (SHARED, "figures", name, "history", n), f"no member is of «{_place(item)}»", "mend the place, or a member's regions"


def _history(figure: Any) -> list[Any]:
    history = figure.get("history") if isinstance(figure, dict) else None
    return history if isinstance(history, list) else []


def _mine(figure: Any, taken: tuple[int, ...], land: list[str], places: Places) -> Any:
    """A figure as one member has it; a broken one as it is, so that its own fault is told."""
    history = [_history(figure)[n] for n in taken]
    everywhere = {place for place in map(_place, history) if _covers(place, land, places)}
    if len(everywhere) == 1:  # two such places, one within the other, stay as they are: the narrower wins
        history = [{**value, "place": None} if _place(value) in everywhere - {None} else value for value in history]
    return {**figure, "history": history} if history else figure


def _taken(figure: Any, land: list[str], places: Places) -> tuple[int, ...]:
    """Which values of a figure hold in some regions. One for an unknown place is kept, so that the place is told as a problem."""
    return tuple(n for n, value in enumerate(_history(figure)) if _holds(_place(value), land, places))


def _holds(place: str | None, land: list[str], places: Places) -> bool:
    code = "" if place is None else _code(place, places)
    return not code or any(code.startswith(home) or home.startswith(code) for home in land)


def _covers(place: str | None, land: list[str], places: Places) -> bool:
    """Whether a value for a place holds in all of some regions."""
    code = "" if place is None else _code(place, places)
    return code is not None and bool(land) and all(home.startswith(code) for home in land)


def _place(value: Any) -> str | None:
    place = value.get("place") if isinstance(value, dict) else None
    return None if place is None else str(place)


def _codes(regions: Any, places: Places) -> list[str]:
    found = (_code(str(region), places) for region in (regions if isinstance(regions, list) else ()))
    return [code for code in found if code is not None]


def _code(name: str, places: Places) -> str | None:
    try:
        return places.exact(name)
    except PlaceError:
        return None  # named as a problem when the measure itself is checked
