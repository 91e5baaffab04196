"""Where to go in one's own county (knowledge/windows.yaml): office, address, hours, phone, each with who said so and when.

Most counties' windows are not known. An empty one is said to be empty, with the province's line in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

from app.catalog import source
from app.catalog.models import Checked, Cite, FigureId, Shape, Text
from app.catalog.places import COUNTY_DIGITS, Place, PlaceError, Places

if TYPE_CHECKING:
    from app.catalog.build import Workbench

WINDOWS = "knowledge/windows.yaml"
PROVINCE, CITY_DIGITS = "14", 4
Field = Literal["address", "hours", "phone"]
FIELDS: tuple[Field, ...] = get_args(Field)


class Office(Shape):
    """A kind of office that every county has, and the province's line that stands in for its window."""

    line: str
    name: Text


class Told(Shape):
    """One thing known of a window, with its source."""

    text: str
    cite: Cite | None = None
    checked: Checked


class Window(Shape):
    """The window of an office in a place; null: not known."""

    place: str
    office: FigureId
    address: Told | None = None
    hours: Told | None = None
    phone: Told | None = None

    def told(self, name: Field) -> Told | None:
        found: Told | None = getattr(self, name)
        return found


@dataclass(frozen=True)
class Windows:
    """All offices, and the windows of which something is known, by code of the place and id of the office."""

    offices: Mapping[str, Office] = field(default_factory=dict)
    held: Mapping[tuple[str, str], Window] = field(default_factory=dict)

    def office(self, line: str | None) -> str | None:
        """The office behind a measure's line; None where there is no window to go to."""
        return next((name for name, office in self.offices.items() if office.line == line), None)

    def of(self, code: str, office: str) -> Window | None:
        """The window of a county, or else of its city; None where nothing is known of either."""
        return self.held.get((code[:COUNTY_DIGITS], office)) or self.held.get((code[:CITY_DIGITS], office))

    def laid(self, place: Place, office: str, name: Field, told: Told | None) -> Windows:
        """The same with one thing said anew."""
        key = (place.code, office)
        window = self.held.get(key) or Window(place=place.label, office=office)
        return replace(self, held={**self.held, key: window.model_copy(update={name: told})})


def counties(places: Places) -> Iterator[Place]:
    """The counties of the province, in the order of their codes."""
    return (p for p in places.by_code.values() if p.code.startswith(PROVINCE) and p.level == "county")


def read_windows(bench: Workbench, places: Places) -> Windows:
    """The directory of the files; empty where there is no such file."""
    value = source.read(WINDOWS, bench.files.get(WINDOWS, "{}"), bench.problems) or {}
    if not isinstance(value, dict) or value.keys() - {"offices", "windows"}:
        bench.problem(WINDOWS, (), "the file is not {offices: {…}, windows: […]}", "write these two keys alone")
        return Windows()
    offices = {str(k): o for k, v in (value.get("offices") or {}).items() if (o := bench.shape(Office, WINDOWS, v, ("offices", str(k))))}
    held: dict[tuple[str, str], Window] = {}
    for n, item in enumerate(value.get("windows") or ()):
        window = bench.shape(Window, WINDOWS, item, ("windows", n))
        if window is not None:
            _keep(bench, n, window, offices, places, held)
    return Windows(offices, held)


def _keep(
    bench: Workbench, n: int, window: Window, offices: Mapping[str, Office], places: Places, held: dict[tuple[str, str], Window]
) -> None:
    try:
        key = (places.exact(window.place), window.office)
    except PlaceError:
        bench.problem(WINDOWS, ("windows", n, "place"), f"there is no place «{window.place}»", "use the official full name")
        return
    if window.office not in offices:
        bench.problem(WINDOWS, ("windows", n, "office"), f"there is no office «{window.office}»", f"offices: {', '.join(offices)}")
    if key in held:
        bench.problem(WINDOWS, ("windows", n), f"the window {window.office} of {window.place} stands twice", "keep one")
    held[key] = window


def check_windows(bench: Workbench, windows: Windows, documents: Mapping[str, object], contacts: Mapping[str, object]) -> None:
    """References."""
    for name, office in windows.offices.items():
        if office.line not in contacts:
            bench.problem(WINDOWS, ("offices", name, "line"), f"there is no contact «{office.line}»", "add it to knowledge/contacts.yaml")
    for n, window in enumerate(windows.held.values()):
        for field_ in FIELDS:
            told = window.told(field_)
            if told and told.cite and told.cite.document not in documents:
                bench.problem(WINDOWS, ("windows", n, field_), f"there is no document «{told.cite.document}»", "add it, or cite another")
