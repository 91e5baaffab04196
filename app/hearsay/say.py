"""Corrections and the reply in words: what is so, since when, from which document, and whom to ask where it is not confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from app.catalog.catalog import Entry
from app.catalog.models import Cite, Figure, FigureValue, Text
from app.catalog.prose import placeholders
from app.hearsay.claims import Claim
from app.hearsay.figures import FigureClaim, Reading, ended, successor
from app.hearsay.message import Message, Span
from app.hearsay.rumours import Found
from app.wording.amounts import amount, figure_amount
from app.wording.render import filler
from app.wording.sources import citation

DEFAULT_PHONE = "12345"
_SAYS = {
    "true": {"zh": "这话对。", "en": "That is right. "},
    "outdated": {"zh": "这是以前的说法。", "en": "That is how it used to be. "},
    "wrong": {"zh": "不是这样。", "en": "That is not so. "},
    "no_such_measure": {"zh": "没有查到这样的扶持。", "en": "No such support was found. "},
    "cannot_tell": {"zh": "这个说不准。", "en": "This cannot be settled. "},
    "now": {"zh": "{label}，现在是{new}。", "en": "{label}: now {new}."},
    "until": {"zh": "{day}以前是这样。", "en": "It was so until {day}."},
    "once": {"zh": "那是早先的数。", "en": "That is an earlier figure."},
    "ended": {"zh": "“{name}”到{day}已经结束。", "en": "“{name}” ended on {day}."},
    "no_news": {"zh": "往后给多少，没有查到。", "en": "What is paid since then was not found."},
    "instead": {"zh": "如今可以问“{name}”。", "en": "Today ask about “{name}”."},
    "then": {"zh": "那时候：{label}，{new}。", "en": "At that time: {label}: {new}."},
    "not_for_all": {"zh": "{new}是上限，不是人人都有。", "en": "{new} is the ceiling; not everybody gets it."},
    "no": {"zh": "查到的是：{label}，{new}。", "en": "What was found: {label}: {new}."},
    "below": {"zh": "上限是{new}，给多少要看各人的情况。", "en": "The ceiling is {new}; how much depends on the person."},
    "unsure": {"zh": "见过的数是：{label}，{new}。", "en": "The figure seen is: {label}: {new}."},
    "unknown": {"zh": "这个数没有查到依据。", "en": "No source was found for this number."},
    "twisted": {"zh": "{label}，是{new}。别的话没有核到。", "en": "{label}: {new}. The rest could not be checked."},
    "ask": {"zh": "这一条还没有核实，请打{phone}问清楚。", "en": "This is not confirmed; please call {phone} and ask."},
    "call": {"zh": "拿不准就打{phone}问。", "en": "If in doubt call {phone}."},
    "about": {"zh": "您说的是“{name}”。{gives}", "en": "You mean “{name}”. {gives}"},
    "which": {"zh": "没听出说的是哪一项。", "en": "It is not clear which support is meant."},
    "report": {"zh": "别转钱。可以打{lines}举报。", "en": "Do not pay. You can report it to {lines}."},
    "source": {"zh": "出处：{title}{number}{day}。", "en": "Source: {title}{number}{day}."},
    "nothing": {"zh": "把您听来的话原样说给我听，我帮您对一对。", "en": "Tell me what you heard, word for word, and I will check it."},
}


SAID_ALREADY = "不是。"
"""A truth that begins so follows "不是这样。"."""


class Speaker:
    """Says claims of one message in one language."""

    def __init__(self, message: Message, language: str) -> None:
        self.message, self.catalog, self.language = message, message.catalog, "en" if language == "en" else "zh"

    def _say(self, key: str, **words: str) -> str:
        return _SAYS[key][self.language].format(**words)

    def _day(self, day: dt.date) -> str:
        return amount(day, "date", self.language)

    def _phone(self, entry: Entry | None) -> str:
        phones = entry.measure.apply.phone if entry else ()
        return self.catalog.contacts[phones[0]].number if phones else DEFAULT_PHONE

    def citation(self, cite: Cite) -> dict[str, Any]:
        return citation(self.catalog, cite)

    def _joined(self, parts: Sequence[str]) -> str:
        return (" " if self.language == "en" else "").join(part.strip() for part in parts if part)

    # -- rumours

    def rumour(self, found: Found) -> Claim:
        """A rumour with its correction."""
        shape = found.rumour.shape
        entry = self.catalog.entries.get(found.measure) if found.measure else None
        parts = [self._say(shape.verdict) if shape.verdict != "no_such_measure" or not shape.truth else ""]
        if shape.verdict == "outdated" and shape.until:
            parts.append(self._say("until", day=self._day(shape.until)))
        parts.append(self._truth(found, entry))
        if shape.report:
            lines = ("、" if self.language == "zh" else ", ").join(self.catalog.contacts[c].number for c in shape.report)
            parts.append(self._say("report", lines=lines))
        elif shape.verdict in ("cannot_tell", "no_such_measure"):
            parts.append(self._say("call", phone=self._phone(entry)))
        elif entry and not self._sure(found, entry):
            parts.append(self._say("ask", phone=self._phone(entry)))
        cite = Cite(document=shape.cite, clause=None) if shape.cite else entry.measure.valid.cite if entry else None
        quote = self.message.quote(found.span)
        return Claim(quote, found.measure, shape.verdict, self._joined(parts), (self.citation(cite),) if cite else ())

    def _sure(self, found: Found, entry: Entry) -> bool:
        """Whether the measure is confirmed, and every figure that the correction names."""
        text = self._correction(found, entry)
        names = [n for n in placeholders(text.zh) if n in entry.measure.figures] if text else []
        values = (self.catalog.value_on(entry.measure.figures[n], self.message.as_of, self.message.place) for n in names)
        return entry.measure.tier == "A" and all(v.checked.sure for v in values if v)

    def _truth(self, found: Found, entry: Entry | None) -> str:
        text = self._correction(found, entry)
        return self._filled(text, entry).removeprefix(SAID_ALREADY) if text else ""

    def _correction(self, found: Found, entry: Entry | None) -> Text | None:
        shape = found.rumour.shape
        if shape.misheard and entry:
            return next(m.truth for m in entry.measure.misheard if m.says.zh == shape.misheard)
        other = self.message.patterns.others.get(found.measure or "")
        return shape.truth or (other.shape.truth if other else None)

    def _filled(self, text: Text, entry: Entry | None) -> str:
        if entry is None:
            return text.of(self.language)
        named = Text(zh=text.zh.replace("{name}", entry.measure.name.zh), en=text.en.replace("{name}", entry.measure.name.en))
        return filler(self.catalog, entry.measure, self.message.as_of, self.message.place, self.language)(named)

    # -- figures

    def figure(self, claim: FigureClaim) -> Claim:
        """A number with its correction."""
        entry = self.catalog.entries[claim.measure]
        quote = self.message.quote(claim.span)
        parts = [self._say(claim.verdict)]
        if claim.why == "ended":
            parts.append(self._ended(entry))
            reading = claim.reading
            value = reading.value if reading else None
            if reading and value:
                parts.append(self._say("then", label=reading.figure.label.of(self.language), new=self._amount(reading.figure, value)))
            cites = self._figure_citations(reading) if reading else (self.citation(entry.measure.valid.cite),)
            return Claim(quote, claim.measure, claim.verdict, self._joined(parts), cites)
        if claim.reading is None:
            parts += [self._say("unknown"), self._say("ask", phone=self._phone(entry))]
            return Claim(quote, claim.measure, claim.verdict, self._joined(parts), (self.citation(entry.measure.valid.cite),))
        parts += self._figure_parts(claim, claim.reading)
        if claim.verdict == "cannot_tell" and claim.why != "below":
            parts.append(self._say("ask", phone=self._phone(entry)))
        return Claim(quote, claim.measure, claim.verdict, self._joined(parts), self._figure_citations(claim.reading))

    def _figure_parts(self, claim: FigureClaim, reading: Reading) -> list[str]:
        shown = reading.present or reading.value
        if shown is None:
            return [self._say("unknown")]
        label, new = self._labelled(reading.entry, reading.figure), self._amount(reading.figure, shown)
        if claim.why == "past" and reading.value and reading.entry.measure.valid.to and ended(self.message, reading.entry):
            was = self._amount(reading.figure, reading.value)
            return [self._ended(reading.entry), self._say("then", label=reading.figure.label.of(self.language), new=was)]
        if claim.why == "past":
            last = self._last_day(reading)
            was = self._say("until", day=self._day(last)) if last else self._say("once")
            return [was, self._now(reading)]
        return [self._say(claim.why, label=label, new=new)]

    def _now(self, reading: Reading) -> str:
        """The figure in force, its own or the one that took its place."""
        today = (reading.figure, reading.present) if reading.present else successor(self.message, reading)
        if today is None:
            return self._say("no_news")
        figure, value = today
        return self._say("now", label=self._labelled(reading.entry, figure), new=self._amount(figure, value))

    def _ended(self, entry: Entry) -> str:
        """When a measure ended, and what takes its place."""
        valid = entry.measure.valid
        said = self._say("ended", name=entry.measure.name.of(self.language), day=self._day(valid.to)) if valid.to else ""
        after = self.catalog.entries.get(valid.replaced_by) if valid.replaced_by else None
        return self._joined([said, self._say("instead", name=after.measure.name.of(self.language)) if after else ""])

    def _labelled(self, entry: Entry, figure: Figure) -> str:
        name, label = entry.measure.name.of(self.language), figure.label.of(self.language)
        return f"{name}，{label}" if self.language == "zh" else f"{name}, {label}"

    def _amount(self, figure: Figure, value: FigureValue) -> str:
        said = figure_amount(figure, value.value, self.language)
        return f"{value.place}{said}" if value.place and self.language == "zh" else said

    def _last_day(self, reading: Reading) -> dt.date | None:
        """The last day of an earlier value: its own end, else the day before the present one began."""
        value, present = reading.value, reading.present
        if value is None:
            return None
        if value.to is not None:
            return value.to
        later = present.from_ if present else None
        return later - dt.timedelta(days=1) if later else None

    def _figure_citations(self, reading: Reading) -> tuple[dict[str, Any], ...]:
        values = [v for v in (reading.present, reading.value) if v is not None]
        cites = [v.cite for v in values] or [reading.entry.measure.valid.cite]
        return tuple(self.citation(c) for c in dict.fromkeys(cites))

    # -- the rest

    def open(self, span: Span, entry: Entry | None) -> Claim:
        """Something heard that cannot be checked."""
        parts = [self._say("cannot_tell")]
        if entry is None:
            parts += [self._say("which"), self._say("call", phone=DEFAULT_PHONE)]
            return Claim(self.message.quote(span), None, "cannot_tell", self._joined(parts), ())
        if ended(self.message, entry):
            cites = (self.citation(entry.measure.valid.cite),)
            said = self._joined([self._say("outdated"), self._ended(entry)])
            return Claim(self.message.quote(span), entry.id, "outdated", said, cites)
        gives = self._filled(entry.measure.gives, entry)
        parts += [self._say("about", name=entry.measure.name.of(self.language), gives=gives), self._say("call", phone=self._phone(entry))]
        cites = (self.citation(entry.measure.valid.cite),)
        return Claim(self.message.quote(span), entry.id, "cannot_tell", self._joined(parts), cites)

    def other(self, span: Span, name: str) -> Claim:
        """Something that people talk of and that is no measure of the catalogue."""
        shape = self.message.patterns.others[name].shape
        parts = [self._say(shape.verdict) if shape.verdict != "no_such_measure" else "", shape.truth.of(self.language)]
        return Claim(self.message.quote(span), name, shape.verdict, self._joined([*parts, self._say("call", phone=DEFAULT_PHONE)]), ())

    def reply(self, claims: Sequence[Claim]) -> str:
        """The corrections one a line, then the sources."""
        if not claims:
            return self._say("nothing")
        several = len(claims) > 1
        lines = [self._quoted(c) if several else c.correction for c in claims]
        sources = {c["document"]: c for claim in claims for c in claim.citations}
        return "\n".join([*lines, *(self._source(c) for c in sources.values())])

    def _quoted(self, claim: Claim) -> str:
        return f"“{claim.quote}”：{claim.correction}" if self.language == "zh" else f"“{claim.quote}”: {claim.correction}"

    def _source(self, citation: dict[str, Any]) -> str:
        title = f"《{citation['title'].strip('《》')}》" if self.language == "zh" else citation["title"]
        number = (
            f"（{citation['number']}）"
            if citation["number"] and self.language == "zh"
            else f" ({citation['number']})"
            if citation["number"]
            else ""
        )
        issued = citation["issued_on"]
        day = self._day(dt.date.fromisoformat(issued)) if issued else ""
        return self._say("source", title=title, number=number, day=(f"，{day}" if self.language == "zh" else f", {day}") if day else "")
