"""What a forwarded card says, and what has changed since it was made.

A card's address carries all that is needed to tell: `v` the catalogue version, `d` the day, `f` the figures as the card showed them. Nothing
about the person who forwards it is in it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import segno

from app.catalog.catalog import EPOCH, Entry
from app.catalog.models import Figure
from app.catalog.prose import placeholders
from app.wording.amounts import figure_amount
from app.wording.answer import DEFAULT_PHONE, Voice
from app.wording.render import speaking_day

MOST_FIGURES, MOST_LINES, VERSION_LETTERS = 6, 5, 12
_FIGURE = re.compile(r"([a-z][a-z0-9_]{0,40}):(-?\d{1,12}(?:\.\d{1,6})?)")
_SENTENCE = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+(?=[A-Z])")
SAYS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "unsure": "有的还没核实，去之前先打{phone}问清楚。", "bring": "带上：{items}", "where": "去哪儿办：{where}", "phone": "电话：{phone}",
        "source": "根据：《{title}》{number}", "until": "办到：{day}", "made": "{day}的资料", "scan": "扫码看最新规定和出处", "colon": "：", "join": "、",
        "several": "回乡创业能问的扶持", "link": "最新规定和出处：{link}", "free": "看资料、问归雁都不收钱。",
    },
    "en": {
        "unsure": "Some of this is not confirmed; call {phone} before you go.", "bring": "Bring: {items}", "where": "Where: {where}", "phone": "Phone: {phone}",
        "source": "Source: “{title}” {number}", "until": "Open until: {day}", "made": "As of {day}", "scan": "Scan for current terms", "colon": ": ", "join": ", ",
        "several": "Support for coming home to start a business", "link": "Current terms and sources: {link}", "free": "Reading this and asking Guiyan are free.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A figure of a forwarded card that is no longer so; `then` is what the card said, None where it cannot be told."""

    label: str
    then: str | None
    now: str | None


@dataclass(frozen=True)
class Forwarded:
    """What the address of a forwarded card says of the card: catalogue version, day it was made, figures it showed."""

    version: str | None
    day: dt.date | None
    figures: Mapping[str, float]

    @classmethod
    def read(cls, version: str | None, day: str | None, figures: str | None) -> Forwarded:
        """From the address; what cannot be read is left out, for an address may come mangled from any hand."""
        return cls((version or "")[:64] or None, _day(day), {k: float(v) for k, v in _FIGURE.findall((figures or "")[:400])})

    def older_than(self, current: str) -> bool:
        """Whether the card was made from another catalogue than the current one."""
        return self.version is not None and not current.startswith(self.version)


def _day(text: str | None) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and day >= EPOCH else None


def shown_figures(speaker: Voice, entry: Entry) -> dict[str, float]:
    """The numbers that a card of the measure shows, by figure id, at most six: those its text names and the law of the day gives everywhere."""
    spoken, found = speaking_day(entry.measure, speaker.day.day), {}
    for name in placeholders(entry.measure.gives.zh):
        value = speaker.catalog.value_on(entry.measure.figures[name], spoken)
        if value is not None and isinstance(value.value, int | float):
            found[name] = value.value
    return dict(list(found.items())[:MOST_FIGURES])


def changes(speaker: Voice, entry: Entry, card: Forwarded, today: dt.date) -> list[Change]:
    """What a forwarded card says that is not so today: first by the figures it carries, else by the law of its day."""
    then: dict[str, Any] = dict(card.figures)
    if not then and card.day:
        then = {k: v.value for k, f in entry.measure.figures.items() if (v := speaker.catalog.value_on(f, card.day))}
    found = []
    for name, value in then.items():
        figure = entry.measure.figures.get(name)
        if figure is None:
            continue
        now = speaker.catalog.value_on(figure, speaking_day(entry.measure, today))
        if now is None or now.value != value:
            is_now = _said(speaker, figure, now.value) if now else None
            found.append(Change(figure.label.of(speaker.language), _said(speaker, figure, value), is_now))
    return found


def _said(speaker: Voice, figure: Figure, value: Any) -> str:
    return figure_amount(figure, value, speaker.language, bound=True)


def link(public_url: str, speaker: Voice, entries: Sequence[Entry], today: dt.date) -> str:
    """The address that a card carries: the measure's page, or the list page for several."""
    query: dict[str, str] = {"v": speaker.catalog.version[:VERSION_LETTERS], "d": today.isoformat()}
    path = "/m"
    if len(entries) == 1:
        path = f"/m/{entries[0].id}"
        figures = ",".join(f"{k}:{v:g}" if abs(v) < 1e6 else f"{k}:{v:.0f}" for k, v in shown_figures(speaker, entries[0]).items())
        query |= {"f": figures} if figures else {}
    else:
        query["ids"] = ",".join(e.id for e in entries)
    if speaker.language != "zh":
        query["lang"] = speaker.language
    return f"{public_url.rstrip('/')}{path}?{urlencode(query, safe=':,')}"


def amounts(speaker: Voice, entry: Entry) -> list[str]:
    """The figures of a card in words, each with its label."""
    colon = SAYS[speaker.language]["colon"]
    return [
        f"{entry.measure.figures[k].label.of(speaker.language)}{colon}{_said(speaker, entry.measure.figures[k], v)}"
        for k, v in shown_figures(speaker, entry).items()
    ]


def card(public_url: str, speaker: Voice, entries: Sequence[Entry], today: dt.date) -> dict[str, Any]:
    """One card: title, amounts, lines, notes, QR rows ("1" dark), and the same as text to paste. One measure whole, several as a list."""
    says = SAYS[speaker.language]
    body = _single(speaker, entries[0]) if len(entries) == 1 else _several(speaker, entries)
    address = link(public_url, speaker, entries, today)
    made = says["made"].format(day=today.isoformat())
    parts = [body["title"], *body["amounts"], *body["lines"], body["unsure"], *body["notes"], made, says["link"].format(link=address)]
    return {
        **body,
        "made": made,
        "scan": says["scan"],
        "version": speaker.catalog.version,
        "as_of": today.isoformat(),
        "link": address,
        "qr": ["".join("1" if dot else "0" for dot in row) for row in segno.make(address, error="l", micro=False).matrix],
        "text": "\n".join(p for p in parts if p),
    }


def _single(speaker: Voice, entry: Entry) -> dict[str, Any]:
    says, general = SAYS[speaker.language], speaker.general[entry.id]
    apply, source = general["apply"], speaker.citation(entry.measure.valid.cite)
    notes = [
        apply["materials"] and says["bring"].format(items=says["join"].join(apply["materials"])),
        apply["where"] and says["where"].format(where=apply["where"]),
        apply["phone"] and says["phone"].format(phone=apply["phone"]),
        general["valid_until"] and says["until"].format(day=general["valid_until"]),
        says["source"].format(title=source["title"], number=source["number"] or "").strip(),
        says["free"],
    ]
    unsure = says["unsure"].format(phone=apply["phone"] or DEFAULT_PHONE) if general["unsure"] else ""
    lines = [s.strip() for s in _SENTENCE.split(general["gives"]) if s.strip()][:MOST_LINES]
    return {
        "title": general["name"],
        "amounts": amounts(speaker, entry)[:3],
        "lines": lines,
        "unsure": unsure,
        "notes": [n for n in notes if n],
    }


def _several(speaker: Voice, entries: Sequence[Entry]) -> dict[str, Any]:
    says = SAYS[speaker.language]
    lines = [
        f"• {speaker.general[e.id]['name']}{says['colon'] + first if (first := next(iter(amounts(speaker, e)), '')) else ''}"
        for e in entries
    ]
    some = any(speaker.general[e.id]["unsure"] for e in entries)
    return {
        "title": says["several"],
        "amounts": [],
        "lines": lines,
        "unsure": says["unsure"].format(phone=DEFAULT_PHONE) if some else "",
        "notes": [says["free"]],
    }


def qr_svg(address: str) -> bytes:
    """A QR code as an SVG file, dark on white, with its quiet zone."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=6, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return out.getvalue()
