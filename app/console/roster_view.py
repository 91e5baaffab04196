"""What the pages of rosters show, made ready: states and days in words, columns with their choices, progress, counts, cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.catalog.catalog import Catalog
from app.clock import SHANXI
from app.console.form import GROUPS, REST
from app.screening import stored
from app.screening.guards import bytes_in_words
from app.screening.jobs import first_problems
from app.screening.pages import Batch, batches
from app.screening.problems import Problem
from app.screening.results import Finished
from app.screening.run import MOST_CARDS, MOST_EXPLAINED
from app.screening.words import SPECIAL, RosterWords

__all__ = ["bytes_in_words", "choices", "columns", "given", "line", "progress", "result"]
STATUS_NAMES = {
    stored.NEEDS_CONFIRMATION: "等您认一认各列", stored.WAITING: "排着队", stored.RUNNING: "正在算", stored.DONE: "办好了",
    stored.FAILED: "没有办成", stored.CANCELLED: "停下了",
}  # fmt: skip
HOW_NAMES = {"known": "认得", "guessed": "猜的", "confirmed": "认得", "none": "没认出来"}
UNUSED = "没有用"
TO_KNOW, ONE_BY_ONE = "认人用的，不用来判断", "一列只说一样的（填是或否）"
MOST_SHOWN = 200
"""Problems on the page; problems.csv holds all."""
CARDS_A_PAGE = 300
"""As many as GET /v1/screenings/{id}/cards.html gives at once."""


@dataclass(frozen=True)
class Line:
    """A roster in the list: its state in words, and until when it is kept."""

    id: str
    sent: str
    status: str
    percent: int | None
    """How far it is, while it runs."""
    rows: int
    kept: str


def line(row: Row[Any], hours: int) -> Line:
    """A roster's line; `hours` are those after which what is personal is deleted."""
    percent = _percent(row) if row.status == stored.RUNNING else None
    return Line(row.id, moment(row.created_at), STATUS_NAMES.get(row.status, row.status), percent, row.rows_all, _kept(row, hours))


def _kept(row: Row[Any], hours: int) -> str:
    """When what is personal is deleted, in words."""
    if row.personal:
        return moment(row.created_at + dt.timedelta(hours=hours))
    return "已经删了"


def moment(at: dt.datetime) -> str:
    """A moment by Shanxi's clock."""
    return at.astimezone(SHANXI).strftime("%Y-%m-%d %H:%M")


# ---------------------------------------------------------------- columns


@dataclass(frozen=True)
class ColumnLine:
    """A column to be settled: its field on the form, first values, what is chosen, how that is known."""

    name: str
    header: str
    values: Sequence[str]
    chosen: str
    how: str
    sure: bool


def columns(row: Row[Any], values: Sequence[Sequence[str]], chosen: Mapping[str, str | None] | None = None) -> list[ColumnLine]:
    """The columns of a roster that waits, with what was known or guessed, or what was chosen already."""
    found = []
    for at, column in enumerate(row.mapping["columns"]):
        told = column["fact"] if chosen is None else chosen.get(column["column"])
        first = values[at] if at < len(values) else ()
        sure = column["how"] in ("known", "confirmed")
        found.append(ColumnLine(f"c{at}", column["column"], first, told or "", HOW_NAMES[column["how"]], sure))
    return found


def given(row: Row[Any], form: Mapping[str, str]) -> dict[str, str | None]:
    """Column -> what was chosen for it on the form; None: the column is not used."""
    return {c["column"]: form.get(f"c{at}") or None for at, c in enumerate(row.mapping["columns"])}


Choice = tuple[str, str]


def choices(catalog: Catalog, words: RosterWords) -> list[tuple[str, list[Choice]]]:
    """All that a column may tell, in the groups of the counter's form."""
    facts, listed = catalog.facts, {fact for _, names in GROUPS for fact in names}
    groups = [(title, [f for f in names if f in facts]) for title, names in GROUPS] + [(REST, [f for f in facts if f not in listed])]
    found = [(TO_KNOW, [(told, words.label(told)) for told in SPECIAL])]
    found += [(title, [(f, words.label(f)) for f in names]) for title, names in groups]
    return [*found, (ONE_BY_ONE, [(name, words.label(name)) for name, v in catalog.variables.items() if v.option])]


# ---------------------------------------------------------------- progress


@dataclass(frozen=True)
class Progress:
    """How far a roster is."""

    done: int
    all: int
    percent: int
    text: str
    says: str
    """What is spoken: it changes at every tenth part only."""


def progress(row: Row[Any], ahead: int) -> Progress:
    """Rows done of all; for a roster that waits, how many come before it."""
    percent = _percent(row)
    if row.status == stored.WAITING:
        text = f"排着队，前面还有{ahead}份。" if ahead else "马上开始。"
        return Progress(0, row.rows_all, 0, text, text)
    text = f"算完了{row.rows_done}行，一共{row.rows_all}行（{percent}%）。"
    return Progress(row.rows_done, row.rows_all, percent, text, f"算了百分之{percent // 10 * 10}")


def _percent(row: Row[Any]) -> int:
    done: int = row.rows_done * 100 // max(row.rows_all, 1)
    return min(done, 100)


# ---------------------------------------------------------------- results


@dataclass(frozen=True)
class Result:
    """What came of a roster."""

    counts: Mapping[str, Any]
    problems: Sequence[Problem]
    problems_left: int
    """Problems that are not on the page."""
    explained: bool
    """Whether there is a spreadsheet: only of rosters that are not too long."""
    cards: Sequence[Batch]
    cards_eligible: Sequence[Batch]
    no_cards: str
    """Why there are no cards."""
    mapped: Sequence[Choice]
    """Each column and what it was taken for."""
    as_of: str


def result(row: Row[Any], finished: Finished, words: RosterWords) -> Result:
    """The results of a roster that is done."""
    summary = row.summary or {}
    shown = first_problems(finished, MOST_SHOWN)
    no_cards = _no_cards(row)
    return Result(
        counts=summary,
        problems=shown,
        problems_left=max(sum(summary.get("problems", {}).values()) - len(shown), 0),
        explained=row.rows_all <= MOST_EXPLAINED,
        cards=[] if no_cards else batches(finished, CARDS_A_PAGE),
        cards_eligible=[] if no_cards else batches(finished, CARDS_A_PAGE, eligible=True),
        no_cards=no_cards,
        mapped=[(c.header, words.label(c.told) if c.told else UNUSED) for c in finished.mapped],
        as_of=row.as_of,
    )


def _no_cards(row: Row[Any]) -> str:
    if row.rows_all > MOST_CARDS:
        return f"超过{MOST_CARDS}行的不打明白卡。把要打的人另存一份小表再传。"
    return "" if row.personal else "每个人填的内容已经删掉了，打不了明白卡。要打就重新传一份。"
