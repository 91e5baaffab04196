"""What a confirmation does to a figure's history: the value of the day is marked, or ended and followed by another. Nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from app.catalog.models import Checked, Cite, Figure, FigureValue
from app.catalog.problems import GuiyanError

ONE_DAY = dt.timedelta(days=1)
Start = Callable[[FigureValue], dt.date | None]


class Misfit(GuiyanError):
    """A confirmation does not fit the catalogue; says why."""


class Said(Protocol):
    """What a confirmation says of a figure."""

    @property
    def on(self) -> dt.date: ...
    @property
    def holds(self) -> bool: ...
    @property
    def value(self) -> str | int | float | dt.date | None: ...
    @property
    def since(self) -> dt.date | None: ...
    @property
    def checked(self) -> Checked: ...


def confirmed_history(
    figure: Figure, said: Said, place: str | None, start_of: Start, cite: Callable[[Cite | None], Cite]
) -> tuple[FigureValue, ...]:
    """The history after a confirmation for a place (None: wherever the measure holds). Raises Misfit.

    `cite` gives the source of a value: of the old one it is handed the old source, of a new one None.
    """
    own = _in_force(figure, said.on, place, start_of)
    wider = _in_force(figure, said.on, None, start_of) if own is None and place is not None else None
    current = own or wider
    if said.value is None and current is None:
        raise Misfit(f"no value of it is known for {said.on}; say which it is")
    if said.value is None or (current is not None and _same(current.value, said.value)):
        assert current is not None
        return _marked(figure, current, said, place, cite)
    fits(figure, said.value)
    return _renewed(figure, said, said.value, place, start_of, cite)


def fits(figure: Figure, value: object) -> None:
    """Raises Misfit for a value of another kind than the figure's unit."""
    expected = str if figure.unit in ("text", "phone") else dt.date if figure.unit == "date" else (int, float)
    if not isinstance(value, expected) or isinstance(value, bool) or (isinstance(value, int | float) and value < 0):
        raise Misfit(f"{value!r} does not fit the unit {figure.unit}")


def _same(held: object, said: object) -> bool:
    if isinstance(held, int | float) and isinstance(said, int | float):
        return float(held) == float(said)
    return held == said


def _in_force(figure: Figure, day: dt.date, place: str | None, start_of: Start) -> FigureValue | None:
    """The value of exactly this place on a day."""
    for value in figure.history:
        start = start_of(value)
        if not value.former and value.place == place and (start is None or start <= day) and (value.to is None or day <= value.to):
            return value
    return None


def _marked(
    figure: Figure, current: FigureValue, said: Said, place: str | None, cite: Callable[[Cite | None], Cite]
) -> tuple[FigureValue, ...]:
    """The same value with the office's mark; said by a narrower place it becomes that place's own value."""
    update: dict[str, object] = {"checked": said.checked, "cite": cite(current.cite), "place": place}
    if current.from_ is None and said.since is not None:
        update["from_"] = said.since
    new = current.model_copy(update=update)
    if current.place == place:
        return tuple(new if value is current else value for value in figure.history)
    return (*figure.history, new)


def _renewed(
    figure: Figure,
    said: Said,
    value_now: str | int | float | dt.date,
    place: str | None,
    start_of: Start,
    cite: Callable[[Cite | None], Cite],
) -> tuple[FigureValue, ...]:
    """Another value since a day. What was valid until then ends the day before; what began in between counts no more; what comes later stays."""
    first = said.since or said.on
    kept, later = [], []
    for value in figure.history:
        start = start_of(value)
        if value.former or value.place != place or (value.to is not None and value.to < first):
            kept.append(value)
        elif start is not None and start > max(said.on, first):
            kept.append(value)
            later.append(start)
        elif start is None or start < first:
            kept.append(value.model_copy(update={"to": first - ONE_DAY}))
        else:
            kept.append(value.model_copy(update={"former": True}))
    end = min(later) - ONE_DAY if later else None
    new = FigureValue.model_construct(
        from_=first, to=end, value=value_now, place=place, former=False, note=None, cite=cite(None), checked=said.checked
    )
    return (*kept, new)
