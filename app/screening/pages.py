"""Pages of a finished roster that print well and need nothing from anywhere: a plain card a person, and a summary with charts drawn here.

Their one style sheet stands in the page; the policy names its hash, and allows nothing else.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.catalog.models import Measure
from app.matching.day import Day
from app.matching.match import match
from app.matching.order import PROMINENCE
from app.matching.profile import Profile, known_from
from app.matching.steps import WORTH_A_CHANGE
from app.screening.facts import Layout
from app.screening.lines import BETWEEN
from app.screening.problems import SAYS as PROBLEMS
from app.screening.results import Finished
from app.screening.run import facts_of
from app.widget import cards
from app.wording.answer import DEFAULT_PHONE, Voice, voice

HERE = Path(__file__).parent / "templates"
PAGES = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
STYLE = (HERE / "print.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
MOST, MOST_NEAR, MOST_ASKED, MOST_FIGURES, MOST_SENTENCES = 3, 1, 3, 1, 2
"""Measures on a card, measures one step away, facts to ask, figures and sentences of a measure: so much fits on one page of A5."""
_SENTENCE = re.compile(r"[^。！？.!?]*(?:[。！？]|[.!?](?=\s|$)|$)")
LINE, LINES = 33, 23
"""Characters in a line of a printed card, and lines that its measures may take."""
MOST_BARS = 15
NOWHERE = {"zh": "没有写", "en": "not said"}
BAR_WIDTH = 420


@dataclass(frozen=True)
class Card:
    """A card: who (None where names are no longer kept), measures, what is one step away, what to ask, the code of the live pages."""

    row: int
    who: str | None
    items: Sequence[Mapping[str, Any]]
    near: Sequence[str]
    ask: Sequence[str]
    qr: Markup


@dataclass(frozen=True)
class Batch:
    """Cards that fit one page: from which row of the sheet to which, and how many."""

    first: int
    last: int
    count: int


def batches(finished: Finished, most: int, *, eligible: bool = False) -> Sequence[Batch]:
    """All cards of a roster, or (`eligible`) those of people who can get something, in pages of at most so many."""
    printed = pl.col("matched") & (pl.col("eligible_count") > 0) if eligible else pl.col("matched")
    rows = [row for path in finished.people() for row in pl.read_parquet(path).filter(printed)["row"]]
    parts = [rows[at : at + most] for at in range(0, len(rows), most)]
    return [Batch(part[0], part[-1], len(part)) for part in parts]


def cards_page(
    finished: Finished, day: Day, as_of: dt.date, public_url: str, rows: frozenset[int] | None, most: int, *, eligible: bool = False
) -> tuple[str, int]:
    """The cards of some rows (None: of all) that were matched, at most so many, and the row after the last card (0: no more).

    `eligible`: only of people who can get something. Where names and facts are no longer kept there are none.
    """
    drawn: list[Card] = []
    more = 0
    layout = Layout(finished.catalog)
    for person in _persons(finished):
        if person.get("facts") is None or (rows is not None and person["row"] not in rows) or (eligible and not person["eligible_count"]):
            continue
        if len(drawn) == most:
            more = int(person["row"])
            break
        drawn.append(_card(finished, person, day, as_of, public_url, layout))
    text = _page("cards.html", finished, cards=drawn, day=as_of, style=Markup(STYLE), phone=DEFAULT_PHONE)
    return text, more


def _persons(finished: Finished) -> Iterable[dict[str, Any]]:
    for frame in finished.stretches():
        yield from frame.iter_rows(named=True)


def _card(finished: Finished, person: Mapping[str, Any], day: Day, as_of: dt.date, public_url: str, layout: Layout) -> Card:
    stated = facts_of(person["facts"], layout)
    profile = Profile(stated, known_from(stated, (), finished.catalog))
    found = match(day, profile, as_of)
    open_to = [v for v in found.verdicts if v.verdict == "eligible" and v.measure.entry.measure.kind in WORTH_A_CHANGE]
    speaker = voice(day, finished.language)
    first = sorted(open_to, key=lambda v: _last(v.measure.entry.measure))[:MOST]
    items = _that_fit([_item(speaker, v.id) for v in first])
    entries = [v.measure.entry for v in first[: len(items)]]
    link = cards.link(public_url, speaker, entries, as_of) if entries else f"{public_url.rstrip('/')}/"
    named = next((f"p{n}" for n, c in enumerate(c for c in finished.mapped if c.header in finished.headers) if c.told == "name"), None)
    return Card(
        row=person["row"],
        who=person[named] if named else None,
        items=items,
        near=_some(person["steps"], MOST_NEAR),
        ask=_some(person["ask"], MOST_ASKED),
        qr=_qr(link),
    )


def _that_fit(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As many measures as one page holds, at least one."""
    kept: list[Mapping[str, Any]] = []
    left = LINES
    for item in items:
        figures = [f["label"] + f["text"] for f in item["figures"]]
        texts = [item["gives"], *figures, "、".join(item["materials"]), (item["where"] or "") + item["phone"], item["name"]]
        left -= sum(math.ceil(len(t) / LINE) for t in texts) + len(figures) + (not item["sure"]) + 1
        if kept and left < 0:
            break
        kept.append(item)
    return kept


def _last(measure: Measure) -> tuple[bool, int]:
    """What comes last on a card: what is not confirmed, then what people rarely come for; of equals the order for the person stays."""
    return measure.tier != "A", PROMINENCE.index(measure.prominence)


def _some(text: str | None, most: int) -> list[str]:
    return [part for part in (text or "").split(BETWEEN) if part][:most]


@functools.lru_cache(maxsize=4096)
def _qr(address: str) -> Markup:
    """The code as markup in the page, without anything that a policy would have to allow; it grows with its box."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(out, kind="svg", border=4, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True, xmldecl=False)
    return Markup(out.getvalue().decode().replace("<svg ", '<svg aria-hidden="true" ', 1))


def _item(speaker: Voice, name: str) -> dict[str, Any]:
    entry, general = speaker.catalog.entries[name], speaker.general[name]
    source, checked = speaker.citation(entry.measure.valid.cite), entry.measure.valid.checked
    apply = general["apply"]
    figures = [f for key in cards.shown_figures(speaker, entry) if "text" in (f := general["figures"].get(key, {}))]
    return {
        "name": general["name"], "gives": "".join(_SENTENCE.findall(general["gives"])[:MOST_SENTENCES]).strip(), "figures": figures[:MOST_FIGURES], "where": apply["where"], "materials": apply["materials"],
        "phone": speaker.phone(entry), "source": source, "checked": checked.on, "sure": entry.measure.tier == "A" and checked.sure, "until": general["valid_until"],
    }  # fmt: skip


# ---------------------------------------------------------------- summary


@dataclass(frozen=True)
class Bar:
    """One line of a chart: stacked parts, each with its width and its share's name."""

    label: str
    parts: Sequence[tuple[str, float, float, int]]
    """Class, where it begins, how wide it is, the count."""


def summary_page(finished: Finished, summary: Mapping[str, Any]) -> str:
    """Counts and charts over the whole roster; nobody can be seen in it."""
    catalog, language = finished.catalog, finished.language
    measures = sorted(summary["measures"].items(), key=lambda item: (-item[1]["eligible"], -item[1]["one_step"], item[0]))
    shown = [
        (catalog.entries[m].measure.name.of(language), n) for m, n in measures if m in catalog.entries and (n["eligible"] or n["one_step"])
    ]
    facts = [(catalog.facts[f].label.of(language), {"open": n}) for f, n in summary["facts"].items() if f in catalog.facts]
    places = catalog.places.by_code
    counties = [(places[c].label if c in places else "—", {"open": n}) for c, n in summary["counties"].items()]
    problems = [
        (PROBLEMS[kind][1 if language == "zh" else 2].partition("{")[0], n) for kind, n in summary["problems"].items() if kind in PROBLEMS
    ]
    return _page(
        "summary.html", finished, s=summary, style=Markup(STYLE), day=finished.as_of, measures=_bars(shown[:MOST_BARS], ("eligible", "one_step")),
        facts=_bars(facts[:MOST_BARS], ("open",)), counties=_bars(counties[:MOST_BARS], ("open",)), problems=problems, width=BAR_WIDTH, left=len(shown) - MOST_BARS,
    )  # fmt: skip


class _Dots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _kind(kind: str, language: str) -> str:
    """A kind of problem in its first sentence, without the details of a row."""
    stop = "。" if language == "zh" else ". "
    return PROBLEMS[kind][1 if language == "zh" else 2].format_map(_Dots()).partition(stop)[0]


def _bars(rows: Sequence[tuple[str, Mapping[str, int]]], parts: Sequence[str]) -> list[Bar]:
    most = max((sum(counts[p] for p in parts) for _, counts in rows), default=1) or 1
    found = []
    for label, counts in rows:
        at, drawn = 0.0, []
        for part in parts:
            width = BAR_WIDTH * counts[part] / most
            drawn.append((part, round(at, 1), round(width, 1), counts[part]))
            at += width
        found.append(Bar(label, drawn))
    return found


def _page(name: str, finished: Finished, **more: Any) -> str:
    return PAGES.get_template(name).render(lang=finished.language, version=finished.catalog.version, **more)
