"""Claims about figures: a number that is said of a measure, held against its figures in force and then against their history."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.catalog.catalog import Entry
from app.catalog.models import LEVELS, Figure, FigureValue
from app.hearsay.message import Mention, Message, Span
from app.hearsay.patterns import Verdict, negated
from app.understanding.quantities import Quantity

State = Literal["now", "past", "below", "none"]
KINDS = {
    "CNY": "money", "percent": "share", "percentage_points": "share", "ratio": "share", "years_old": "age", "years": "duration",
    "months": "duration", "days": "duration", "mu": "area", "persons": "count", "times": "count", "head": "count", "count": "count",
}  # fmt: skip
MONTHS = {"years": 12.0, "months": 1.0, "days": 12 / 365}
PER_YEAR = {"year": 1.0, "quarter": 4.0, "month": 12.0}
SMALLEST_BARE = 30
"""A number without a unit is taken for money from here on."""
DEFAULT_SCORE, CUE, LABEL, PERIOD = 1, 6, 2, 2
NEEDED_SCORE = 5
"""A term, age, share or count is held against a figure only when its cue stands by it."""
_TO_BE = re.compile(r"[想学][^，,。！？]{0,8}[当做]个?$")
"""What somebody wishes to become (想当老板) turns nothing."""
_LEAST = re.compile(r"最少|至少|起码|起步|最低")
_STOP = frozenset(
    {"最多", "多少", "少的", "每年", "每月", "的数", "个人", "能借", "的人", "贷款", "补贴", "一次", "时候", "的钱", "多能", "人最", "每个"}
    | {"年龄", "下限", "上限", "期限", "最低", "最高", "最长", "时间"}
)


@dataclass(frozen=True)
class Reading:
    """A number read as one figure of one measure, and what comes of it."""

    entry: Entry
    name: str
    figure: Figure
    value: FigureValue | None
    """The value that the number matches, now or once."""
    present: FigureValue | None
    state: State
    sure: bool
    score: int


@dataclass(frozen=True)
class FigureClaim:
    span: Span
    quantity: Quantity
    reading: Reading | None
    measure: str
    verdict: Verdict
    why: Literal["now", "past", "not_for_all", "below", "no", "unsure", "unknown", "ended", "twisted"]


def figure_claims(message: Message, taken: tuple[Span, ...]) -> list[FigureClaim]:
    """A claim for each number of the message that no rumour has taken and that a measure's figure answers."""
    found = []
    for quantity in message.quantities:
        span = Span(quantity.start, quantity.end)
        if any(t.meets(span) for t in taken):
            continue
        claim = _claim(message, quantity)
        if claim is not None:
            found.append(claim)
    return found


def topics(message: Message, at: int) -> tuple[Mention, ...]:
    """The measures that words at `at` are about: those named in the sentence, else the ones named last before it, else named at all."""
    sentence = message.sentence_of(at)
    here = tuple(m for m in message.mentions if sentence.holds(m))
    if here:
        return here
    earlier = [m for m in message.mentions if m.end <= at]
    if earlier:
        last = message.sentence_of(earlier[-1].start)
        return tuple(m for m in earlier if last.holds(m))
    return message.mentions


def _claim(message: Message, quantity: Quantity) -> FigureClaim | None:
    about = topics(message, quantity.start)
    readings = [r for name in dict.fromkeys(m.measure for m in about) for r in _readings(message, quantity, message.catalog.entries[name])]
    if not readings:
        return _unknown(message, quantity, about)
    top = max(r.score for r in readings)
    kept = (r for r in readings if r.score >= min(top, CUE) or r.state == "past")
    best = min(kept, key=lambda r: _rank(message, r))
    verdict, why = _verdict(message, quantity, best)
    return FigureClaim(message.part_of(quantity), quantity, best, best.entry.id, verdict, why)


def _unknown(message: Message, quantity: Quantity, about: tuple[Mention, ...]) -> FigureClaim | None:
    """Money said of a grant or loan for which no sum is known."""
    if not about or not _is_money(quantity):
        return None
    entries = [message.catalog.entries[name] for name in dict.fromkeys(m.measure for m in about)]
    paying = [e for e in entries if e.measure.kind in ("grant", "loan", "training", "insurance")]
    if not paying:
        return None
    best = min(paying, key=lambda e: (ended(message, e), *fit(message, e)))
    if ended(message, best):
        return FigureClaim(message.part_of(quantity), quantity, None, best.id, "outdated", "ended")
    return FigureClaim(message.part_of(quantity), quantity, None, best.id, "cannot_tell", "unknown")


def ended(message: Message, entry: Entry) -> bool:
    """Whether a measure had ended on the day."""
    end = entry.measure.valid.to
    return end is not None and end < message.as_of


def _is_money(quantity: Quantity) -> bool:
    if quantity.kind == "money":
        return True
    return quantity.kind == "number" and quantity.value >= SMALLEST_BARE and not 1949 <= quantity.value <= 2100


def _readings(message: Message, quantity: Quantity, entry: Entry) -> Iterator[Reading]:
    named = message.patterns.named.get(entry.id)
    first = True
    for name, figure in entry.measure.figures.items():
        kind = KINDS.get(figure.unit.split("/")[0])
        fits = _is_money(quantity) if kind == "money" else kind == quantity.kind
        if kind is None or (named and name in named.ignore) or not fits:
            continue
        score = _score(message, quantity, entry, name, figure, first and kind == "money")
        first = first and kind != "money"
        if score >= (DEFAULT_SCORE if kind == "money" else NEEDED_SCORE):
            yield _reading(message, quantity, entry, name, figure, score)
        elif kind == "money" and not (named and name in named.cues):
            once = _reading(message, quantity, entry, name, figure, DEFAULT_SCORE)
            yield from [once] if once.state == "past" or (once.state == "now" and ended(message, entry)) else []


def _score(message: Message, quantity: Quantity, entry: Entry, name: str, figure: Figure, first: bool) -> int:
    """How well the words around a number fit a figure; below 1: not at all."""
    part, clause = message.part_of(quantity), message.clause_of(quantity.start)
    score = DEFAULT_SCORE if first else 0
    named = message.patterns.named.get(entry.id)
    cue = named.cues.get(name) if named else None
    if cue is not None:
        here, wide = cue.search(message.text, part.start, part.end), cue.search(message.text, clause.start, clause.end)
        if not here and not wide and not cue.search(message.text):
            return 0
        score += CUE if here else CUE - 1 if wide else LABEL
    score += LABEL if _label_in(figure.label.zh, message.text[part.start : part.end]) else 0
    return score + _period_score(message, quantity, figure)


def _label_in(label: str, said: str) -> bool:
    pairs = {label[i : i + 2] for i in range(len(label) - 1)} - _STOP
    return any(pair in said for pair in pairs if re.fullmatch(r"[一-龥]{2}", pair))


def _period_score(message: Message, quantity: Quantity, figure: Figure) -> int:
    said = message.period_of(quantity)
    own = next((p for p in figure.unit.split("/")[1:] if p not in ("person", "household")), None)
    if said is None or own is None:
        return -1 if said in ("mu", "head") else 0
    return PERIOD if said == own else 0 if said in PER_YEAR and own in PER_YEAR else -LABEL


# ---------------------------------------------------------------- comparing


def _reading(message: Message, quantity: Quantity, entry: Entry, name: str, figure: Figure, score: int) -> Reading:
    catalog, day, place = message.catalog, message.as_of, message.place
    current = catalog.value_on(figure, day, place)
    now = [v for v in (current, *catalog.local_values(figure, day).values()) if v is not None]
    matched = next((v for v in now if _same(message, quantity, figure, v)), None)
    if matched is not None:
        return Reading(entry, name, figure, matched, current, "now", _sure(message, entry, matched), score)
    past = [v for v in figure.history if v not in now and _over(catalog.start_of(v), v, day)]
    matched = next((v for v in reversed(past) if _same(message, quantity, figure, v)), None)
    sure = current is not None and _sure(message, entry, current)
    if matched is not None:
        return Reading(entry, name, figure, matched, current, "past", sure, score)
    below = current is not None and figure.bound == "at_most" and _number(current) is not None and quantity.value < (_number(current) or 0)
    return Reading(entry, name, figure, None, current, "below" if below else "none", sure, score)


def _over(start: dt.date | None, value: FigureValue, day: dt.date) -> bool:
    return value.former or (value.to is not None and value.to < day) or (start is not None and start <= day)


def _number(value: FigureValue) -> float | None:
    return float(value.value) if isinstance(value.value, int | float) else None


def _same(message: Message, quantity: Quantity, figure: Figure, value: FigureValue) -> bool:
    number = _number(value)
    return number is not None and any(_near(quantity, scaled) for scaled in _scaled(message, quantity, figure, number))


def _scaled(message: Message, quantity: Quantity, figure: Figure, number: float) -> Iterator[float]:
    """The figure's number in the unit that the person used."""
    base, *per = figure.unit.split("/")
    said = message.period_of(quantity)
    own = next((p for p in per if p in PER_YEAR), None)
    if base in MONTHS:
        yield number * MONTHS[base]
    elif base == "ratio":
        yield number * 100
    elif base == "CNY" and own and said in PER_YEAR and said != own:
        yield number * PER_YEAR[own] / PER_YEAR[said]
    else:
        yield number


def _near(quantity: Quantity, number: float) -> bool:
    if abs(quantity.value - number) <= 0.006 * max(abs(number), 1):
        return True
    inside = quantity.low <= number <= quantity.high
    if quantity.approximate and number in (quantity.low, quantity.high) and 0 < quantity.low < quantity.high < 3 * quantity.low:
        return True
    return quantity.approximate and inside and 0.9 * quantity.value <= number <= 1.2 * quantity.value


def _loosely(quantity: Quantity, number: float) -> bool:
    """Whether a vague number may well mean a figure that it does not come near to: 一百多 and 163."""
    return quantity.approximate and quantity.low <= number <= quantity.high


def _sure(message: Message, entry: Entry, value: FigureValue) -> bool:
    """Confirmed: seen with at least medium confidence, of a measure in tier A, or the same as such a figure of a measure that it carries out.

    A value of one place is set year by year: it counts in its own year only.
    """
    if not value.checked.sure:
        return False
    if value.place is not None:
        start = message.catalog.start_of(value)
        return entry.measure.tier == "A" and start is not None and start.year == message.as_of.year
    if entry.measure.tier == "A":
        return True
    above = (message.catalog.entries[name] for name in entry.lineage[:-1])
    return any(_holds(message, e, value) for e in above if e.measure.tier == "A")


def _holds(message: Message, entry: Entry, value: FigureValue) -> bool:
    present = (message.catalog.value_on(f, message.as_of) for f in entry.measure.figures.values())
    return any(v is not None and v.value == value.value and v.checked.sure and v.place is None for v in present)


def _rank(message: Message, reading: Reading) -> tuple[object, ...]:
    """The figure that holds the number first; of several the one of the place named, else of the highest level."""
    holds = reading.state in ("now", "past")
    return (
        not holds,
        not (holds or reading.present),
        *fit(message, reading.entry),
        reading.state != "now",
        not reading.sure,
        -reading.score,
    )


def fit(message: Message, entry: Entry) -> tuple[int, ...]:
    """Small is better: the measure under discussion; a place named: measures of that place, the most exact first; else the highest level."""
    if entry.id == message.discussed:
        return (-1,)
    codes = [message.catalog.places.exact(region) for region in entry.measure.regions]
    place = message.place
    level = LEVELS.index(entry.measure.level)
    if place is None:
        return (level,)
    inside = [len(code) for code in codes if place.startswith(code)]
    return (1, level) if not inside else (0, -max(inside), -level)


def successor(message: Message, reading: Reading) -> tuple[Figure, FigureValue] | None:
    """For a figure that holds no longer: the measure's figure of the same kind that is in force today."""
    kind = KINDS.get(reading.figure.unit.split("/")[0])
    for figure in reading.entry.measure.figures.values():
        value = message.catalog.value_on(figure, message.as_of, message.place)
        if value is not None and figure is not reading.figure and KINDS.get(figure.unit.split("/")[0]) == kind:
            return figure, value
    return None


def elsewhere(message: Message, entry: Entry) -> bool:
    """Whether a place is named in which a measure does not hold."""
    codes = [message.catalog.places.exact(region) for region in entry.measure.regions]
    place = message.place
    return place is not None and bool(codes) and not any(place.startswith(code) or code.startswith(place) for code in codes)


# ---------------------------------------------------------------- judging


def _verdict(message: Message, quantity: Quantity, reading: Reading) -> tuple[Verdict, Literal["now", "past", "not_for_all", "below", "no", "unsure", "ended", "twisted"]]:  # fmt: skip
    valid, over = reading.entry.measure.valid, ended(message, reading.entry)
    groups, part = message.patterns.groups, message.sentence_of(quantity.start)
    if reading.state == "past":
        known = reading.present or over or successor(message, reading)
        return ("outdated" if known else "cannot_tell"), "past"
    if reading.state == "now":
        if over:
            return "outdated", "ended"
        if not reading.sure or (valid.from_ and message.as_of < valid.from_):
            return "cannot_tell", "unsure"
        if reading.figure.bound == "at_most" and groups["everyone"].search(message.text, part.start, part.end):
            return "wrong", "not_for_all"
        return ("true", "now") if plain(message, quantity, reading) else ("cannot_tell", "twisted")
    if over:
        return "outdated", "ended"
    if not reading.sure:
        return "cannot_tell", "unsure"
    if reading.state == "below" and not groups["max_cue"].search(message.text, part.start, part.end):
        return "cannot_tell", "below"
    highest = groups["max_cue"].search(message.text, quantity.start, quantity.end)
    if reading.present is not None and not highest and _loosely(quantity, _number(reading.present) or 0):
        return "cannot_tell", "twisted"
    return "wrong", "no"


def twisted(message: Message, words: tuple[Span, ...] = ()) -> bool:
    """Whether a message holds a word that could turn what is true (没这回事, 只限…): it is then not called true.

    What is among `words`, or only says who told it (听老板说), turns nothing.
    """
    groups = message.patterns.groups
    told = [Span(*m.span()) for m in groups["hearsay"].finditer(message.text)]
    found = (m for m in groups["twists"].finditer(message.text) if not negated(message.text, m.start(), m.group()))
    spans = (Span(*m.span()) for m in found)
    return any(
        not message.left_open(s)
        and not any(w.holds(s) for w in words)
        and not _TO_BE.search(message.text[: s.start])
        and not any(t.holds(s) and "说" not in message.text[s.start : s.end] for t in told)
        for s in spans
    )


def plain(message: Message, quantity: Quantity, reading: Reading) -> bool:
    """Whether the sentence says hardly more than the measure, the number and harmless words: only then is a right number a true claim."""
    sentence = message.sentence_of(quantity.start)
    yearly = any(period in reading.figure.unit.split("/") for period in PER_YEAR)
    if elsewhere(message, reading.entry) or twisted(message) or (yearly and message.patterns.groups["once"].search(message.text)):
        return False
    if not yearly and reading.figure.unit == "CNY" and message.period_of(quantity) in PER_YEAR:
        return False
    if reading.figure.bound == "at_most" and _LEAST.search(message.text, sentence.start, sentence.end):
        return False
    said = tuple(Span(q.start, q.end) for q in message.quantities if sentence.holds(Span(q.start, q.end)))
    return message.clear(quantity.start, said, signs=reading.figure.label.zh)
