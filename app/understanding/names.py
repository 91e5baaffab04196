"""What people call the measures, and which of them a message names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.catalog import source
from app.catalog.catalog import Catalog
from app.catalog.models import Measure
from app.catalog.problems import Problem

FILE = "knowledge/words/measures.yaml"
GAP = 8
"""Signs that `~` in a nickname may stand for."""
_BROAD = ("national", "province")
Names = tuple[tuple[str, str], ...]


def nicknames(files: Mapping[str, str], catalog: Catalog, problems: list[Problem]) -> Names:
    """(what people call a measure, its id), the longest names first, and of one name the measure meant for most people first."""
    written = source.read(FILE, files[FILE], problems) if FILE in files else None
    called = {name: value.get("called", ()) for name, value in written.items() if isinstance(value, dict)} if isinstance(written, dict) else {}
    found = {(word.lower(), m.id) for m in catalog.measures() for word in (*_own(m), *map(str, called.get(m.id, ())))}
    narrow = {m.id: (m.level not in _BROAD, len(m.id)) for m in catalog.measures()}
    return tuple(sorted(found, key=lambda row: (-len(row[0].replace("~", "")), narrow[row[1]], row)))


def _own(measure: Measure) -> Iterator[str]:
    """A measure's name, with and without what stands in brackets."""
    name = measure.name.zh
    yield name
    bare = name.replace("(", "（").partition("（")[0]
    if bare and bare != name:
        yield bare


def named(text: str, names: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The ids of the measures that a plain text names, the longest names first. A name within a longer one does not count."""
    lower = text.lower()
    found: list[tuple[int, int, int, str]] = []
    for word, meant in names:
        span = _span(word, lower)
        if span and not any(start <= span[0] and span[1] <= end and size > len(word) for start, end, size, _ in found):
            found.append((*span, len(word), meant))
    return tuple(dict.fromkeys(meant for *_, meant in found))


def _span(word: str, text: str) -> tuple[int, int] | None:
    first, *rest = word.split("~")
    at = text.find(first)
    while at >= 0:
        end = _follow(rest, text, at + len(first))
        if end is not None:
            return at, end
        at = text.find(first, at + 1)
    return None


def _follow(parts: Sequence[str], text: str, at: int) -> int | None:
    for part in parts:
        found = text.find(part, at, at + GAP + len(part))
        if found < 0:
            return None
        at = found + len(part)
    return at
