"""Confirmations by offices: one kind of record, laid over the catalogue that the files make. No file is ever edited.

`lay_over` gives a new catalogue in which what was confirmed carries the office and the day. A figure confirmed with another value gets a new dated
value; the old one ends the day before and stays in the history. `misfit` says beforehand why a record cannot be laid over a catalogue.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.catalog.catalog import Catalog, Entry
from app.catalog.history import Misfit, confirmed_history
from app.catalog.models import Checked, Cite, Condition, Document, Level, Measure
from app.catalog.places import COUNTRY, Place, PlaceError
from app.catalog.windows import FIELDS, Field, Told

__all__ = ["Confirmation", "Misfit", "Value", "lay_over", "misfit"]

Value = str | int | float | dt.date
WHAT = re.compile(
    r"valid|(?:figure|condition) [a-z][a-z0-9_]*|window [a-z][a-z0-9_]*\.(?:address|hours|phone)|phone [0-9-]+|gap [a-z0-9-]+"
)
ONE_DAY = dt.timedelta(days=1)
_LEVELS: dict[int, Level] = {0: "national", 2: "province", 4: "city"}


@dataclass(frozen=True)
class Confirmation:
    """What an office stands for: that something is so (or, with `holds` false, that it is not), or another value since a day.

    `what`: valid · figure <id> · condition <id> · window <office>.<address|hours|phone> · phone <line> · gap <id>. `place` is an official full
    name, `document` the id of a document of the catalogue or its number or title as the office gave it, `by` the person at the office (never
    shown to the public), `text_hash` the SHA-256 of the attached text.
    """

    what: str
    office: str
    on: dt.date
    measure: str | None = None
    place: str | None = None
    holds: bool = True
    value: Value | None = None
    since: dt.date | None = None
    document: str | None = None
    clause: str | None = None
    by: str | None = None
    note: str | None = None
    text_hash: str | None = None

    @property
    def kind(self) -> str:
        return self.what.partition(" ")[0]

    @property
    def target(self) -> str:
        return self.what.partition(" ")[2]

    @property
    def checked(self) -> Checked:
        """The mark of what it touches: confirmed by the office, or, where it is said not to be so, in doubt."""
        return Checked.confirmed(self.office, self.on) if self.holds else Checked(how="reported", confidence="low", on=self.on)


def lay_over(catalog: Catalog, confirmations: Sequence[Confirmation]) -> Catalog:
    """The catalogue with the records laid over it in order of their days. A record that no longer fits the files is passed over (see `misfit`)."""
    if not confirmations:
        return catalog
    work = _Overlay(catalog)
    for item in sorted(confirmations, key=lambda c: c.on):
        try:
            work.take(item)
        except Misfit:
            continue  # the files have moved on; `misfit` names it to those who keep the catalogue
    return work.done(confirmations)


def misfit(catalog: Catalog, confirmation: Confirmation) -> str | None:
    """Why a record cannot be laid over a catalogue; None when it can."""
    try:
        _Overlay(catalog).take(confirmation)
    except Misfit as error:
        return str(error)
    return None


class _Overlay:
    """A catalogue while records are laid over it."""

    def __init__(self, catalog: Catalog) -> None:
        self.base = catalog
        self.entries, self.documents, self.contacts = dict(catalog.entries), dict(catalog.documents), dict(catalog.contacts)
        self.windows, self.answers = catalog.windows, dict(catalog.answers)
        self.touched: set[str] = set()

    def take(self, c: Confirmation) -> None:
        """Lays one record over. Raises Misfit."""
        if not WHAT.fullmatch(c.what):
            raise Misfit(
                f"«{c.what}» is nothing that can be confirmed: valid, figure <id>, condition <id>, window <office>.<field>, phone <line>, gap <id>"
            )
        if c.kind in ("valid", "figure", "condition"):
            entry = self.entries.get(c.measure or "")
            if entry is None:
                raise Misfit(f"there is no measure «{c.measure}»")
            self.entries[entry.id] = {"valid": self._valid, "figure": self._figure, "condition": self._condition}[c.kind](entry, c)
            self.touched.add(entry.id)
        else:
            {"window": self._window, "phone": self._phone, "gap": self._gap}[c.kind](c)

    def done(self, confirmations: Iterable[Confirmation]) -> Catalog:
        """The whole, with a version of its own."""
        for name in self.touched:
            self.entries[name] = _settled(self.entries[name])
        digest = hashlib.sha256("\n".join([self.base.version, *map(repr, confirmations)]).encode()).hexdigest()[:12]
        return replace(
            self.base,
            version=digest,
            entries=self.entries,
            documents=self.documents,
            contacts=self.contacts,
            windows=self.windows,
            answers=self.answers,
        )

    # ------------------------------------------------------------ measures

    def _valid(self, entry: Entry, c: Confirmation) -> Entry:
        """In force (to a day, if one is given), or no longer since a day."""
        self._speaks_for(entry, c)
        valid = entry.measure.valid
        end = valid.to
        if not c.holds:
            end = (c.since or c.on) - ONE_DAY
        elif isinstance(c.value, dt.date):
            end = c.value
        elif c.value is not None:
            raise Misfit("the end of a measure is a date, e.g. 2027-12-31")
        elif end is not None and end < c.on:
            end = None
        if end and valid.from_ and end < valid.from_:
            raise Misfit(f"it would end on {end}, before it began on {valid.from_}")
        update = {"to": end, "checked": Checked.confirmed(c.office, c.on), "cite": self._cite(c, valid.cite)}
        return _with_measure(entry, entry.measure.model_copy(update={"valid": valid.model_copy(update=update)}))

    def _figure(self, entry: Entry, c: Confirmation) -> Entry:
        """A figure's value as it is, as it is in a place, or another since a day."""
        figure = entry.measure.figures.get(c.target)
        if figure is None:
            raise Misfit(f"{entry.id} has no figure «{c.target}»")
        place = self._narrower(entry, c)
        history = confirmed_history(figure, c, place, self.base.start_of, lambda old: self._cite(c, old))
        figures = {**entry.measure.figures, c.target: figure.model_copy(update={"history": history})}
        return _with_measure(entry, entry.measure.model_copy(update={"figures": figures}))

    def _condition(self, entry: Entry, c: Confirmation) -> Entry:
        """A condition as it reads. What is not so is only marked: another condition is written in its file."""
        self._speaks_for(entry, c)
        if c.value is not None:
            raise Misfit("a condition is confirmed or denied; another wording is written in its rule file")
        if not any(p.condition.id == c.target for p in entry.conditions):
            raise Misfit(f"{entry.id} has no condition «{c.target}»")

        def marked(old: Condition) -> Condition:
            return old.model_copy(update={"checked": c.checked, "cite": self._cite(c, old.cite)}) if old.id == c.target else old

        conditions = tuple(replace(p, condition=marked(p.condition)) for p in entry.conditions)
        rule = entry.rule.model_copy(update={"conditions": tuple(map(marked, entry.rule.conditions))})
        return replace(entry, rule=rule, conditions=conditions)

    # ------------------------------------------------------------ windows, lines, gaps

    def _window(self, c: Confirmation) -> None:
        """Address, hours or phone of a county's window; denied: no longer known."""
        office, _, name = c.target.partition(".")
        place = self._place(c)
        if office not in self.windows.offices or place is None:
            raise Misfit(f"there is no window «{office}»; offices: {', '.join(self.windows.offices)}; the place is the county's full name")
        field: Field = next(f for f in FIELDS if f == name)
        window = self.windows.held.get((place.code, office))
        was = window.told(field) if window else None
        if c.holds and c.value is None and was is None:
            raise Misfit("nothing is known of it yet that could be confirmed; say what it is")
        if not c.holds:
            self.windows = self.windows.laid(place, office, field, None)
            return
        text = was.text if was and c.value is None else str(c.value)
        old = was.cite if was and was.text == text else None
        cite = self._cite(c, old) if c.document else old
        told = Told.model_construct(text=text, cite=cite, checked=c.checked)
        self.windows = self.windows.laid(place, office, field, told)

    def _phone(self, c: Confirmation) -> None:
        contact = self.contacts.get(c.target)
        if contact is None:
            raise Misfit(f"there is no line «{c.target}»")
        number = contact.number if c.value is None else str(c.value)
        if not re.fullmatch(r"[0-9][0-9-]{2,19}", number):
            raise Misfit(f"«{number}» is no telephone number")
        self.contacts[c.target] = contact.model_copy(update={"number": number, "checked": c.checked})

    def _gap(self, c: Confirmation) -> None:
        if not any(p.gap.id == c.target for p in self.base.gaps):
            raise Misfit(f"there is no gap «{c.target}»")
        if not isinstance(c.value, str):
            raise Misfit("a gap is answered in words")
        self.answers[c.target] = f"{c.value}（{c.office}，{c.on}）"

    # ------------------------------------------------------------ pieces

    def _place(self, c: Confirmation) -> Place | None:
        if c.place is None or c.place == "全国":
            return None
        try:
            return self.base.places.by_code[self.base.places.exact(c.place)]
        except PlaceError:
            raise Misfit(f"there is no place «{c.place}»; write the official full name") from None

    def _speaks_for(self, entry: Entry, c: Confirmation) -> None:
        """A place's office speaks for measures of that place alone; a province for national ones in it."""
        place = self._place(c)
        codes = [self.base.places.exact(region) for region in entry.measure.regions]
        if place is None or all(code.startswith(place.code) for code in codes) or (codes == [COUNTRY] and len(place.code) == 2):
            return
        raise Misfit(f"{place.label} cannot speak for a measure of {'、'.join(entry.measure.regions)}; ask the office of that level")

    def _narrower(self, entry: Entry, c: Confirmation) -> str | None:
        """The place as the figure's history names it; None where it covers all that the measure is for."""
        place = self._place(c)
        if place is None:
            return None
        codes = [self.base.places.exact(region) for region in entry.measure.regions]
        if all(code.startswith(place.code) for code in codes):
            return None
        if not any(place.code.startswith(code) for code in codes):
            raise Misfit(f"{entry.id} is for {'、'.join(entry.measure.regions)}, not for {place.label}")
        return place.label

    def _cite(self, c: Confirmation, old: Cite | None) -> Cite:
        """The office's document; without one the old source, or the office's own answer."""
        if c.document is None and old is not None:
            return old
        named = c.document or f"{c.office}的答复（{c.on}）"
        known = next((d.id for d in self.documents.values() if named in (d.id, d.title) or _same_number(named, d.number)), None)
        if known is None:
            known = "confirmed-" + hashlib.sha256(named.encode()).hexdigest()[:10]
            self.documents[known] = self._document(known, named, c)
        return Cite(document=known, clause=c.clause)

    def _document(self, name: str, title: str, c: Confirmation) -> Document:
        place = self._place(c)
        return Document.model_construct(
            id=name, number=None, title=title, issuer=c.office, level=_LEVELS.get(len(place.code), "county") if place else "province",
            issued_on=None, effective_from=None, effective_to=None, status="unknown", replaces=(), carries_out=(), url=None,
            checked=Checked.confirmed(c.office, c.on),
        )  # fmt: skip


def _same_number(named: str, number: str | None) -> bool:
    """财金[2023]75号 and 财金〔2023〕75号 are one."""
    return number is not None and re.sub(r"[\[〔【(（]", "〔", re.sub(r"[\]〕】)）]", "〕", named)) == number


def _with_measure(entry: Entry, measure: Measure) -> Entry:
    return replace(entry, measure=measure)


def _settled(entry: Entry) -> Entry:
    """A measure that an office says is in force is of the first tier; where nothing is in doubt any more, no doubt is told."""
    measure = entry.measure
    update: dict[str, object] = {}
    if measure.valid.checked.how == "confirmed" and measure.tier != "A":
        update["tier"] = "A"
    if measure.unsure is not None and _nothing_in_doubt(entry):
        update["unsure"] = None
    return _with_measure(entry, measure.model_copy(update=update)) if update else entry


def _nothing_in_doubt(entry: Entry) -> bool:
    measure = entry.measure
    confirmed = measure.valid.checked
    held = [v for f in measure.figures.values() for v in f.history if not v.former and (v.to is None or v.to >= confirmed.on)]
    marks = [confirmed, *(v.checked for v in held), *(p.condition.checked for p in entry.conditions)]
    return confirmed.how == "confirmed" and all(mark.sure for mark in marks)
