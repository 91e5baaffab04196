"""Which column tells what: known headers at once, similar ones guessed (and used only once somebody has confirmed them)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import fuzz, process

from app.catalog.problems import GuiyanError
from app.matching.profile import FactError
from app.screening.words import SPECIAL, RosterWords, plain_header

How = Literal["known", "guessed", "confirmed", "none"]
ALIKE, APART = 72, 8
"""How alike (of a hundred) a header must be to a known one to be guessed, and how much more than to the next."""
LONGEST = 40


@dataclass(frozen=True)
class Column:
    """One column of a roster: its header, what it tells (a fact, a dotted option, name, phone ...; None: nothing), how that is known."""

    header: str
    told: str | None
    how: How
    unit: str = ""
    """The unit that the header carries in brackets."""

    @property
    def body(self) -> dict[str, Any]:
        """As stored and as the API gives it."""
        return {"column": self.header, "fact": self.told, "how": self.how, "unit": self.unit}


Mapped = tuple[Column, ...]


def mapped_from(bodies: Sequence[Mapping[str, Any]]) -> Mapped:
    """The mapping whose columns were stored as `body`."""
    return tuple(Column(b["column"], b["fact"], b["how"], b["unit"]) for b in bodies)


@dataclass(frozen=True)
class Misfit(FactError):
    """One thing wrong with a mapping, in both languages."""

    zh: str


class BadMapping(GuiyanError):
    """A mapping that names no column or no fact; carries every error."""

    def __init__(self, errors: Sequence[Misfit]) -> None:
        super().__init__(errors[0].what)
        self.errors = tuple(errors)


def guess(header: Sequence[str], words: RosterWords) -> Mapped:
    """What each column seems to tell. No fact is given twice: the surer column, else the first, has it."""
    first = [_column(name, words) for name in header]
    taken: dict[str, Column] = {}
    for column in sorted(first, key=lambda c: c.how != "known"):
        if column.told and column.told != "remark":
            taken.setdefault(column.told, column)
    return tuple(c if c.told in (None, "remark") or taken.get(c.told or "") is c else Column(c.header, None, "none", c.unit) for c in first)


def _column(header: str, words: RosterWords) -> Column:
    name, unit = plain_header(header)
    if name in words.headers:
        return Column(header, words.headers[name], "known", unit)
    last = name.rpartition("-")[2]
    if last != name and last in words.headers:
        return Column(header, words.headers[last], "guessed", unit)
    scored = process.extract(name[:LONGEST], list(words.headers), scorer=fuzz.ratio, limit=6, score_cutoff=ALIKE)
    told = [(words.headers[known], score) for known, score, _ in scored]
    if told and all(score <= told[0][1] - APART for other, score in told if other != told[0][0]):
        return Column(header, told[0][0], "guessed", unit)
    return Column(header, None, "none", unit)


def needs_confirmation(mapped: Mapped) -> bool:
    """Whether some column was only guessed, or none tells a fact."""
    facts = [c for c in mapped if c.told and c.told not in SPECIAL]
    return any(c.how == "guessed" for c in mapped) or not facts


def confirmed(mapped: Mapped, given: Mapping[str, str | None], words: RosterWords) -> Mapped:
    """The mapping with what somebody said: column -> fact, or None to leave it out; columns not named keep what was known of them, not guesses.

    Raises BadMapping naming columns that are not there, facts that do not exist, and facts that two columns would tell.
    """
    headers = {c.header for c in mapped}
    errors = [
        Misfit(
            f"/mapping/{_at(c)}",
            f"there is no column «{c[:LONGEST]}»; columns: {'、'.join(sorted(headers))[:400]}",
            f"表里没有「{c[:LONGEST]}」这一列。",
        )
        for c in given
        if c not in headers
    ]
    for column, told in given.items():
        if told is not None and not _tells(told, words):
            near = ", ".join(m for m, _, _ in process.extract(told[:LONGEST], [*SPECIAL, *words.facts], limit=3))
            zh = f"「{column[:LONGEST]}」：没有这一项，请从单子里选。"
            errors.append(Misfit(f"/mapping/{_at(column)}", f"there is no fact «{told[:LONGEST]}»; nearest: {near}", zh))
    found = tuple(_said(c, given) for c in mapped)
    errors += _double(found, words)
    if not errors and not any(c.told and c.told not in ("name", "phone", "remark") for c in found):
        zh = "还没有一列说到人的情况。至少选一列，比如年龄、老家、行业。"
        errors.append(Misfit("/mapping", "no column tells a fact; name at least one, e.g. 年龄 -> age", zh))
    if errors:
        raise BadMapping(errors)
    return found


def _double(found: Mapped, words: RosterWords) -> list[Misfit]:
    seen: dict[str, str] = {}
    return [
        Misfit(
            f"/mapping/{_at(c.header)}",
            f"«{seen[c.told]}» and «{c.header}» cannot both tell {c.told}",
            f"「{seen[c.told]}」和「{c.header}」不能都当成「{words.label(c.told)}」。留一列，另一列选“不用这一列”。",
        )
        for c in found
        if c.told and c.told != "remark" and seen.setdefault(c.told, c.header) != c.header
    ]


def _at(column: str) -> str:
    return column.replace("~", "~0").replace("/", "~1")[:LONGEST]


def _said(column: Column, given: Mapping[str, str | None]) -> Column:
    if column.header in given:
        told = given[column.header]
        return Column(column.header, told, "confirmed" if told else "none", column.unit)
    return column if column.how in ("known", "confirmed") else Column(column.header, None, "none", column.unit)


def _tells(told: str, words: RosterWords) -> bool:
    fact, _, option = told.partition(".")
    if told in SPECIAL:
        return True
    return fact in words.facts and (not option or option in words.facts[fact].options)
