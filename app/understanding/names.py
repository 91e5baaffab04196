"""What people call the measures, and which of them a message names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.catalog import source
from app.catalog.catalog import Catalog
from app.catalog.models import Measure
from app.catalog.problems import Problem

FILE = "knowledge/words/measures.yaml"
GAP = 8
"""Signs that `~` in a nickname may stand for."""
_BROAD = ("national", "province")


class Names:
    """Names in a fixed order and what each stands for; finds those that a text holds."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self.rows = tuple(rows)
        self._by_start: dict[str, list[tuple[int, tuple[str, ...], str]]] = {}
        for order, (word, meant) in enumerate(self.rows):
            first, *rest = word.split("~")
            self._by_start.setdefault(first[:2], []).append((order, (first, *rest), meant))

    def find(self, text: str) -> tuple[str, ...]:
        """What the names in a plain text stand for, in order. A name within a longer one does not count."""
        found: dict[int, tuple[int, int, int, str]] = {}
        lower = text.lower()
        for at in range(len(lower)):
            for start in {lower[at : at + 2], lower[at]}:
                for order, parts, meant in self._by_start.get(start, ()):
                    if order not in found and (end := _follow(parts, lower, at)) is not None:
                        found[order] = (at, end, len("".join(parts)), meant)
        kept = [one for n, one in sorted(found.items()) if not any(_within(one, other) for m, other in found.items() if m < n)]
        return tuple(dict.fromkeys(meant for *_, meant in kept))


def _within(one: tuple[int, int, int, str], other: tuple[int, int, int, str]) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and other[2] > one[2]


def _follow(parts: Sequence[str], text: str, at: int) -> int | None:
    """Where a name that begins at `at` ends; None where another word stands there."""
    if not text.startswith(parts[0], at):
        return None
    at += len(parts[0])
    for part in parts[1:]:
        found = text.find(part, at, at + GAP + len(part))
        if found < 0:
            return None
        at = found + len(part)
    return at


def nicknames(files: Mapping[str, str], catalog: Catalog, problems: list[Problem]) -> Names:
    """What people call the measures: the longest names first, and of one name the measure meant for most people first."""
    written = source.read(FILE, files[FILE], problems) if FILE in files else None
    called = (
        {name: value.get("called", ()) for name, value in written.items() if isinstance(value, dict)} if isinstance(written, dict) else {}
    )
    found = {(word.lower(), m.id) for m in catalog.measures() for word in (*_own(m), *map(str, called.get(m.id, ())))}
    measures = {m.id: m for m in catalog.measures()}
    return Names(sorted(found, key=lambda row: _order(row[0], measures[row[1]])))


def _order(word: str, measure: Measure) -> tuple[object, ...]:
    """Measures of one place come last where their name does not tell the place."""
    local = measure.level not in _BROAD
    unsaid = local and not any(region[:2] in word for region in measure.regions)
    return unsaid, -len(word.replace("~", "")), local, len(measure.id), word, measure.id


def _own(measure: Measure) -> Iterator[str]:
    """A measure's name, with and without what stands in brackets."""
    name = measure.name.zh
    yield name
    bare = name.replace("(", "（").partition("（")[0]
    if bare and bare != name:
        yield bare
