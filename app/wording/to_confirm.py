"""What an office must still confirm, each as one question in plain words: what the catalogue holds in doubt, the gaps, the counties' windows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalog.catalog import Catalog, Entry
from app.catalog.gaps import ParsedGap
from app.catalog.models import Checked, Cite, Figure, FigureValue
from app.catalog.places import COUNTRY, Place
from app.catalog.windows import FIELDS, Window, counties
from app.matching.order import PROMINENCE
from app.wording.amounts import figure_amount
from app.wording.render import filler
from app.wording.sources import citation

NOT_SEEN = {"seen": "看到过，但不够可靠", "reported": "别处转述的", "recalled": "凭记忆写的", "confirmed": "核实过"}
PROVINCE = 2
BETWEEN = "|"


@dataclass(frozen=True)
class Item:
    """One question. `what` and `place` as in a Confirmation; `asked`: how many people it concerned lately."""

    measure: str | None
    what: str
    place: str | None
    name: str
    about: str
    have: str
    source: str
    question: str
    asked: int
    rank: int

    @property
    def key(self) -> str:
        """What the sheet carries through the office and back."""
        return BETWEEN.join((self.measure or "", self.what, self.place or ""))


def read_key(key: str) -> tuple[str | None, str, str | None]:
    """Measure, what and place of a key. Raises ValueError for what is no key."""
    parts = key.strip().split(BETWEEN)
    if len(parts) != 3 or not parts[1]:
        raise ValueError(key)
    return parts[0] or None, parts[1], parts[2] or None


@dataclass(frozen=True)
class WindowItem:
    """One window of a county with what is known of it."""

    place: Place
    office: str
    name: str
    window: Window | None
    asked: int

    @property
    def key(self) -> str:
        return BETWEEN.join(("", f"window {self.office}", self.place.label))


def to_confirm(catalog: Catalog, day: dt.date, asked: Mapping[str, int], within: str | None = None) -> list[Item]:
    """Every question that is open on a day, most asked first, then what people come for. `asked`: people by id of measure or gap.

    `within`: only what the office of this place (code) can answer.
    """
    found = [item for entry in catalog.entries.values() for item in _of(catalog, entry, day, asked, within)]
    found += [_of_gap(g, asked) for g in catalog.gaps if g.gap.id not in catalog.answers and (within is None or g.place == within)]
    if within is None:
        found += _lines(catalog, asked)
    return sorted(found, key=lambda i: (-i.asked, i.rank))


def windows_to_confirm(catalog: Catalog, asked: Mapping[str, int], within: str | None = None) -> list[WindowItem]:
    """The windows of which something is not known or not sure, most asked first. `asked`: people by code of county."""
    found = []
    for place in counties(catalog.places):
        for office, held in catalog.windows.offices.items():
            window = catalog.windows.held.get((place.code, office))
            told = [window.told(f) for f in FIELDS] if window else [None]
            if (within is None or place.code.startswith(within)) and not all(t is not None and t.checked.sure for t in told):
                found.append(WindowItem(place, office, f"{place.label}{held.name.zh}", window, asked.get(place.code, 0)))
    return sorted(found, key=lambda w: -w.asked)


def _of(catalog: Catalog, entry: Entry, day: dt.date, asked: Mapping[str, int], within: str | None) -> Iterator[Item]:
    measure = entry.measure
    count, rank = asked.get(entry.id, 0), PROMINENCE.index(measure.prominence)
    name, ours = measure.name.zh, _answerable(catalog, entry, within)
    if measure.valid.to and measure.valid.to < day:
        return

    def item(what: str, place: str | None, about: str, have: str, cite: Cite, checked: Checked, question: str) -> Item:
        return Item(entry.id, what, place, name, about, have, _source(catalog, cite, checked), question, count, rank)

    valid = measure.valid
    if ours and not valid.checked.sure:
        yield item("valid", None, "现在还办不办", _until(valid.to), valid.cite, valid.checked, f"“{name}”现在还办吗？办到哪天为止？")
    for figure_id, figure in measure.figures.items():
        for value in _in_doubt(catalog, figure, day):
            if ours or (value.place and within and catalog.places.exact(value.place).startswith(within)):
                have = figure_amount(figure, value.value, "zh", bound=True)
                where = f"{value.place}的" if value.place else ""
                question = f"“{name}”里，{where}“{figure.label.zh}”现在还是{have}吗？不是的话，是多少、从哪天起？"
                yield item(f"figure {figure_id}", value.place, figure.label.zh, have, value.cite, value.checked, question)
    fill = filler(catalog, measure, day, None, "zh")
    for parsed in entry.conditions if ours else ():
        condition = parsed.condition
        if not condition.checked.sure:
            plain = fill(condition.plain).rstrip("。")
            question = f"办“{name}”，是不是要求：{plain}？"
            yield item(f"condition {condition.id}", None, "办理条件", plain, condition.cite, condition.checked, question)


def _in_doubt(catalog: Catalog, figure: Figure, day: dt.date) -> Iterator[FigureValue]:
    for value in figure.history:
        start = catalog.start_of(value)
        if not value.former and not value.checked.sure and (start is None or start <= day) and (value.to is None or day <= value.to):
            yield value


def _answerable(catalog: Catalog, entry: Entry, within: str | None) -> bool:
    """Whether the office of a place speaks for the measure: it is that place's own, or national and the place a province."""
    if within is None:
        return True
    codes = [catalog.places.exact(region) for region in entry.measure.regions]
    return all(c.startswith(within) for c in codes) or (codes == [COUNTRY] and len(within) == PROVINCE)


def _of_gap(parsed: ParsedGap, asked: Mapping[str, int]) -> Item:
    gap = parsed.gap
    count = asked.get(gap.id, 0) + max((asked.get(m, 0) for m in gap.nearest), default=0)
    about = {"no_measure": "没有扶持管的事", "unconfirmed": "没有核实的事", "missing_text": "没有找到的文件", "expires": "快到期的事"}[
        gap.kind
    ]
    return Item(None, f"gap {gap.id}", gap.place, gap.missing.zh, about, "", f"请{gap.ask.zh}答复", gap.supply.zh, count, 0)


def _lines(catalog: Catalog, asked: Mapping[str, int]) -> Iterator[Item]:
    for name, contact in catalog.contacts.items():
        users = [e.id for e in catalog.entries.values() if name in e.measure.apply.phone]
        if users and not contact.checked.sure:
            source = NOT_SEEN[contact.checked.how]
            question = f"{contact.name.zh}{contact.number}打得通吗？是管这些事的吗？"
            yield Item(
                None,
                f"phone {name}",
                None,
                contact.name.zh,
                "电话",
                contact.number,
                source,
                question,
                sum(asked.get(u, 0) for u in users),
                0,
            )


def _until(end: dt.date | None) -> str:
    return f"办到{end}" if end else "在办，没有写到哪天"


def _source(catalog: Catalog, cite: Cite, checked: Checked) -> str:
    found = citation(catalog, cite)
    parts = [f"《{found['title']}》", found["number"] or "", cite.clause or "条号没有核", f"（{NOT_SEEN[checked.how]}，{checked.on}）"]
    return " ".join(part for part in parts if part)


def shares(items: Sequence[Item]) -> dict[str, int]:
    """How many questions of each kind there are."""
    counts: dict[str, int] = {}
    for item in items:
        kind = item.what.partition(" ")[0]
        counts[kind] = counts.get(kind, 0) + 1
    return counts
