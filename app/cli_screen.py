"""Shell: `guiyan screen`: a roster matched on this machine, without a server."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.catalog import Catalog, CatalogInvalid, build_catalog
from app.cli_text import pad
from app.clock import today
from app.files import read_files
from app.matching.day import Day, Days
from app.screening.mapping import BadMapping, Mapped, confirmed, guess
from app.screening.pages import cards_page, summary_page
from app.screening.problems import Unreadable
from app.screening.reader import read_table
from app.screening.results import Finished, write_csv, write_problems, write_result, write_template
from app.screening.run import MOST_EXPLAINED, Run
from app.screening.table import Table
from app.screening.words import RosterWords, build_words, plain_header
from app.settings import Settings
from app.understanding import Lexicon, build_lexicon

WRONG, USAGE = 1, 2
ENDINGS = (".xlsx", ".csv", ".html")
MOST_SHOWN = 20
CARDS_A_PAGE = 300
BAR = 30


@dataclass(frozen=True)
class _Offline:
    """What a run needs of an edition, without the examples and the rumours that a service also reads."""

    catalog: Catalog
    lexicon: Lexicon
    days: Days

    def on(self, day: dt.date) -> Day:
        return self.days.on(day)


def screen(arguments: argparse.Namespace) -> int:
    """A roster in, results beside it; every problem named by row and column."""
    say = _speaker(sys.stderr.isatty())
    try:
        files = read_files(Settings().catalog_path)
        catalog = build_catalog(files)
        edition, words = _Offline(catalog, build_lexicon(files, catalog), Days(catalog)), build_words(files, catalog)
    except CatalogInvalid as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG
    if arguments.template:
        write_template(arguments.file, words, catalog, arguments.language)
        print(arguments.file)
        return 0
    try:
        table = read_table(arguments.file, sheet=arguments.sheet, recognise=lambda name: plain_header(name)[0] in words.headers)
        mapped = confirmed(guess(table.header, words), dict(arguments.map), words)
        outs = _outs(arguments, table)
    except Unreadable as unreadable:
        print(f"{arguments.file}: {unreadable.problem.text(arguments.language)}", file=sys.stderr)
        return WRONG
    except BadMapping as bad:
        print("\n".join(f"{e.where}: {e.what}" for e in bad.errors), file=sys.stderr)
        return USAGE
    except OSError as error:
        print(f"{arguments.file} cannot be read: {error.strerror}", file=sys.stderr)
        return USAGE
    except ValueError as error:
        print(error, file=sys.stderr)
        return USAGE
    _tell_mapping(table, mapped, guess(table.header, words), arguments.language)
    return _run(arguments, table, mapped, edition, words, outs, say)


def _outs(arguments: argparse.Namespace, table: Table) -> list[Path]:
    """The files to write. Raises ValueError for an ending that is none of ours, and for a spreadsheet of too many rows."""
    many = table.rows.lines > MOST_EXPLAINED
    outs = arguments.out or [arguments.file.with_suffix(".result.csv" if many else ".result.xlsx")]
    for out in outs:
        if out.suffix.lower() not in ENDINGS:
            raise ValueError(f"--out {out}: it ends in .xlsx (results, reasons, problems), .csv (results) or .html (summary)")
        if many and out.suffix.lower() == ".xlsx":
            raise ValueError(f"--out {out}: {table.rows.lines} rows; a spreadsheet is made of {MOST_EXPLAINED} at most, take .csv")
        if not out.parent.is_dir():
            raise ValueError(f"--out {out}: there is no folder {out.parent}")
    return list(outs)


def _tell_mapping(table: Table, mapped: Mapped, guessed: Mapped, language: str) -> None:
    for problem in table.problems:
        print(f"! {problem.where(language)} {problem.text(language)}")
    for column, first in zip(mapped, guessed, strict=True):
        told = column.told or (f"(like {first.told}? --map '{column.header}={first.told}')" if first.how == "guessed" else "-")
        print(f"  {pad(column.header, 24)} {told}")


def _run(
    arguments: argparse.Namespace, table: Table, mapped: Mapped, edition: _Offline, words: RosterWords, outs: list[Path], say: Callable[[int, int], None]
) -> int:  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="guiyan-screen-", dir=outs[0].parent) as room:
        run = Run(table, mapped, edition, words, arguments.as_of, arguments.language, Path(room))
        summary = run.go(say)
        finished = Finished(Path(room), edition.catalog, mapped, arguments.language, arguments.as_of.isoformat())
        for out in outs:
            if out.suffix.lower() == ".html":
                out.write_text(summary_page(finished, summary.body), encoding="utf-8")
            else:
                (write_result if out.suffix.lower() == ".xlsx" else write_csv)(finished, out)
            print(out)
        if sum(summary.problems.values()):
            listed = outs[0].with_suffix(".problems.csv")
            write_problems(finished, listed)
            print(listed)
            _tell_problems(finished, arguments.language)
        if arguments.cards:
            _cards(arguments, finished, edition)
    print(
        f"{summary.people} people: {summary.with_eligible} can get something, {summary.with_step} are one step away from something, "
        f"{summary.to_ask} have something to be asked, {summary.refused} not matched"
    )
    return 0


def _tell_problems(finished: Finished, language: str) -> None:
    for shown, problem in enumerate(finished.problems()):
        if shown == MOST_SHOWN:
            print("  …")
            return
        print(f"  {problem.where(language)}: {problem.text(language)}")


def _cards(arguments: argparse.Namespace, finished: Finished, edition: _Offline) -> None:
    """All cards, three hundred a file."""
    arguments.cards.mkdir(parents=True, exist_ok=True)
    everybody = sorted(row for frame in finished.stretches() for row in frame.filter("matched")["row"])
    for at in range(0, len(everybody), CARDS_A_PAGE):
        rows = frozenset(everybody[at : at + CARDS_A_PAGE])
        text, _ = cards_page(finished, edition.on(arguments.as_of), arguments.as_of, Settings().public_url, rows, CARDS_A_PAGE)
        path = arguments.cards / f"cards-{at // CARDS_A_PAGE + 1:04}.html"
        path.write_text(text, encoding="utf-8")
        print(path)


def _speaker(live: bool) -> Callable[[int, int], None]:
    """Says how far the roster is: a bar on a terminal, else a line every tenth."""
    started = time.monotonic()
    tenths = [0]

    def say(done: int, total: int) -> None:
        share = done / total if total else 1.0
        passed = time.monotonic() - started
        left = f", {passed / share - passed:.0f} s to go" if 0 < share < 1 else f", {passed:.0f} s"
        if live:
            bar = "#" * round(BAR * share)
            print(f"\r\033[K[{bar:<{BAR}}] {done} of {total} rows{left}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif int(share * 10) > tenths[0]:
            tenths[0] = int(share * 10)
            print(f"{done} of {total} rows{left}", file=sys.stderr, flush=True)

    return say


def _pair(text: str) -> tuple[str, str | None]:
    column, sign, told = text.rpartition("=")
    if not sign or not column:
        raise argparse.ArgumentTypeError(f"«{text}»: write COLUMN=fact, e.g. 户籍所在=home_place; COLUMN= leaves the column out")
    return column, told or None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» is no date; write YYYY-MM-DD") from None


def add_arguments(to: argparse.ArgumentParser) -> None:
    """What `guiyan screen` takes."""
    to.set_defaults(run=screen)
    to.add_argument("file", type=Path, metavar="FILE", help="the roster: xlsx, xls, ods or csv (UTF-8 or GBK)")
    to.add_argument(
        "--out", type=Path, action="append", metavar="FILE", help="results as .xlsx or .csv, a summary as .html; may be given several times"
    )
    to.add_argument(
        "--map",
        type=_pair,
        action="append",
        default=[],
        metavar="COLUMN=FACT",
        help="what a column tells; guesses count only when named here",
    )
    to.add_argument("--sheet", metavar="NAME", help="the sheet to read (default: the first with a known header)")
    to.add_argument("--cards", type=Path, metavar="FOLDER", help="also write printable cards for everybody")
    to.add_argument("--template", action="store_true", help="write the template to FILE, and nothing else")
    to.add_argument("--as-of", type=_day, default=today(), metavar="YYYY-MM-DD", help="the day asked about (default: today)")
    to.add_argument("--language", choices=["zh", "en"], default="zh")
