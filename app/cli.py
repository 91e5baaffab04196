"""Shell: the command line. `guiyan --help` explains every command."""

from __future__ import annotations

import argparse
import datetime as dt
import difflib
import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from app.catalog import Catalog, CatalogInvalid, Problem, build_catalog
from app.catalog.ledger import LEDGER, ledger
from app.catalog.lints import lint
from app.cli_text import coverage_table, expiring_table, figure_history, match_table, said_twice_table
from app.clock import today
from app.files import read_files
from app.hearsay import build_patterns
from app.hearsay import check as check_hearsay
from app.matching.coverage import SOON_DAYS, coverage
from app.matching.day import Days
from app.matching.examples import run_examples
from app.matching.lints import lint_rule
from app.matching.match import match
from app.matching.profile import BadProfile, parse_profile
from app.screening.words import build_words
from app.settings import Settings
from app.understanding import build_lexicon
from app.understanding.lexicon import FILES as WORD_FILES
from app.understanding.lexicon import FOLDER as WORDS
from app.wording.answer import answer, voice
from app.wording.measure import measure_page
from app.wording.replies import build_replies

WRONG = 1
USAGE = 2


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» is no date; write YYYY-MM-DD") from None


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 36_500:
        raise argparse.ArgumentTypeError(f"«{text}» is no number of days; write one from 1 to 36500")
    return int(text)


def _load(only: Sequence[str] = (), progress: bool = False) -> tuple[Catalog | None, list[Problem]]:
    """The catalogue of the settings' folder and every problem of its files, examples included; of `only` these measures when given."""
    show = _progress if progress and sys.stderr.isatty() else None
    problems: list[Problem] = []
    try:
        files = read_files(Settings().catalog_path)
        catalog = build_catalog(files, show)
    except CatalogInvalid as error:
        if error.partial is None:
            return None, error.problems
        catalog, problems = error.partial, list(error.problems)
    try:
        build_patterns(files, catalog)
    except CatalogInvalid as error:
        problems += error.problems
    problems = (problems or lint(catalog, files)) + _words(files, catalog)
    broken, meant = _meant(catalog, {_stem(p.file) for p in problems}), _meant(catalog, only)
    days = Days(catalog)
    domains = days.on(today()).domains
    for done, entry in enumerate(catalog.entries.values()):
        if show:
            show("examples", done, len(catalog.entries))
        if entry.id not in broken and (not only or entry.id in meant):
            problems += run_examples(catalog, entry, days, files) or lint_rule(catalog, entry, domains, files)
    if show:
        print("\r\033[K", end="", file=sys.stderr)
    if only:
        asked = {*meant, *(_stem(home.file) for home in catalog.homes.values() if home.member in meant)}
        problems = [p for p in problems if _stem(p.file) in asked]
    return (catalog if not problems else None), sorted(problems)


def _words(files: Mapping[str, str], catalog: Catalog) -> list[Problem]:
    """What is wrong with the words of rosters and, where the catalogue has a chat, with the words that people use and the sentences of replies."""
    builds: list[Callable[[], object]] = [lambda: build_words(files, catalog)]
    if any(f"{WORDS}{name}.yaml" in files for name in WORD_FILES):
        builds += [lambda: build_lexicon(files, catalog), lambda: build_replies(files)]
    problems: list[Problem] = []
    for build in builds:
        try:
            build()
        except CatalogInvalid as error:
            problems += error.problems
    return problems


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")


def _meant(catalog: Catalog, names: Collection[str]) -> set[str]:
    """The measures that some names mean: a family's file stands for all its members."""
    return {*names, *(home.member for home in catalog.homes.values() if _stem(home.file) in names)}


def _progress(what: str, done: int, total: int) -> None:
    print(f"\r\033[K{what}: {done} of {total}", end="", file=sys.stderr, flush=True)


def _catalog() -> Catalog:
    """The catalogue, or the end of the program with its problems. Examples are `guiyan check`'s business."""
    try:
        return build_catalog(read_files(Settings().catalog_path))
    except CatalogInvalid as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"{len(error.problems)} problem(s); mend them first (guiyan check)", file=sys.stderr)
        raise SystemExit(WRONG) from None


def check(arguments: argparse.Namespace) -> int:
    """All problems at once; 1 when there are any."""
    catalog, problems = _load(arguments.only, progress=True)
    for problem in problems:
        print(problem)
    if catalog is None or problems:
        print(f"{len(problems)} problem(s)")
        return WRONG
    names = sorted(_meant(catalog, arguments.only) & catalog.entries.keys()) if arguments.only else list(catalog.entries)
    if arguments.only and not names:
        print(f"there is no measure «{', '.join(arguments.only)}»; guiyan coverage --list names them all", file=sys.stderr)
        return USAGE
    examples = sum(len(catalog.entries[n].rule.examples) for n in names)
    print(f"{len(names)} measures, {examples} examples, {len(catalog.documents)} documents, {len(catalog.facts)} facts: in order")
    return 0


def match_file(arguments: argparse.Namespace) -> int:
    """A profile (YAML or JSON) matched; a table, or the REST body with --json."""
    try:
        raw = yaml.safe_load(sys.stdin.read() if arguments.profile == "-" else Path(arguments.profile).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        print(f"{arguments.profile} cannot be read: {error}", file=sys.stderr)
        return USAGE
    if not isinstance(raw, dict):
        print(f"{arguments.profile} holds no facts; write e.g. age: 38", file=sys.stderr)
        return USAGE
    catalog = _catalog()
    try:
        profile = parse_profile(_bare_dates(raw), catalog)
    except BadProfile as error:
        for item in error.errors:
            print(f"{item.where}: {item.what}", file=sys.stderr)
        return WRONG
    unknown = [name for name in arguments.measure or () if name not in catalog.entries]
    if unknown:
        print(f"no such measure: {', '.join(unknown)}", file=sys.stderr)
        return USAGE
    found = match(Days(catalog).on(arguments.as_of), profile, arguments.as_of, arguments.measure)
    body = answer(found, arguments.language)
    print(
        json.dumps(body, ensure_ascii=False, indent=2)
        if arguments.json
        else match_table(body, arguments.language, everything=arguments.all)
    )
    return 0


def _bare_dates(raw: dict[str, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in raw.items()}


def show_measure(arguments: argparse.Namespace) -> int:
    """One measure as it stands; --history adds every value that its figures had."""
    catalog = _catalog()
    if arguments.measure not in catalog.entries:
        print(f"there is no measure «{arguments.measure}»; guiyan coverage --list names them all", file=sys.stderr)
        return USAGE
    page = measure_page(voice(Days(catalog).on(arguments.as_of), arguments.language), arguments.measure, arguments.as_of)
    print(json.dumps(page, ensure_ascii=False, indent=2) if arguments.json else figure_history(page, arguments.history))
    return 0


def cover(arguments: argparse.Namespace) -> int:
    """What the catalogue holds, by need, level, sector and evidence; what ends soon; what was checked longest ago."""
    catalog = _catalog()
    if arguments.list:
        for entry in catalog.entries.values():
            print(f"{entry.id}\t{entry.measure.name.of(arguments.language)}")
        return 0
    if arguments.to_confirm is not None:
        from app.cli_confirm import list_to_confirm

        return list_to_confirm(arguments, catalog)
    if arguments.twice:
        print("\n".join(said_twice_table(catalog)))
        return 0
    found = coverage(catalog, arguments.as_of, arguments.expiring or SOON_DAYS)
    if arguments.expiring and not arguments.json:
        print(expiring_table(found))
        return 0
    print(json.dumps(found, ensure_ascii=False, indent=2, default=str) if arguments.json else coverage_table(found))
    return 0


def take_confirmations(arguments: argparse.Namespace) -> int:
    """What offices answered, from a returned sheet; listed, or one withdrawn."""
    from app.cli_confirm import confirm

    return confirm(arguments, _catalog)


def write_new(_: argparse.Namespace) -> int:
    """A new measure, asked for question by question."""
    from app.cli_new import new_measure

    root = Settings().catalog_path
    return new_measure(root, _catalog(), read_files(root))


def keep_ledger(arguments: argparse.Namespace) -> int:
    """The ledger of figures and conditions: compared with the files, or written anew with --write."""
    path = Settings().catalog_path / LEDGER
    now = ledger(_catalog())
    if arguments.write:
        path.write_text(now, encoding="utf-8")
        print(f"{LEDGER}: {now.count(chr(10)) - 1} lines")
        return 0
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    changed = [line for line in difflib.ndiff(kept.splitlines(), now.splitlines()) if line[:2] in ("+ ", "- ")]
    print("\n".join(changed) or f"{LEDGER} agrees with the files")
    return WRONG if changed else 0


def hear(arguments: argparse.Namespace) -> int:
    """A rumour put right, claim by claim."""
    try:
        patterns = build_patterns(read_files(Settings().catalog_path), catalog := _catalog())
    except CatalogInvalid as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG
    found = check_hearsay(arguments.text, patterns, catalog, arguments.as_of, arguments.language)
    if arguments.json:
        print(json.dumps(found.body(), ensure_ascii=False, indent=2))
    else:
        print("\n".join([*(f"[{c.verdict}] {c.quote} ({c.measure or '-'})" for c in found.claims), found.reply]))
    return 0


def chat(arguments: argparse.Namespace) -> int:
    """The conversation in a terminal, without a server. Nothing is kept unless --keep names a file."""
    from app.chat import Terminal
    from app.library import Library
    from app.logs import configure
    from app.talk import world

    configure("ERROR")
    try:
        library = Library.open(Settings().catalog_path)
    except CatalogInvalid as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG
    try:
        terminal = Terminal(
            world(library.edition, arguments.as_of), arguments.language, lambda text: print(text, flush=True), arguments.keep
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{arguments.keep} cannot be gone on with: {error}; name another file", file=sys.stderr)
        return USAGE
    try:
        terminal.run(sys.stdin)
    except KeyboardInterrupt:
        return 0
    return 0


def serve(arguments: argparse.Namespace) -> int:
    """The service, until it is stopped."""
    import uvicorn

    from app.logs import configure
    from app.main import create_app

    settings = Settings()
    configure(settings.log_level)
    try:
        app = create_app(settings)
    except CatalogInvalid as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"{len(error.problems)} problem(s) in the catalogue: the server was not started", file=sys.stderr)
        return WRONG
    uvicorn.run(app, host=arguments.host, port=arguments.port, log_config=None, access_log=False)
    return 0


def retain(arguments: argparse.Namespace) -> int:
    """Deletes conversations that nobody came back to; the service does the same once a day."""
    from app.store import Store, open_engine
    from app.store.retention import retain

    settings = Settings()
    days = settings.retention_days if arguments.days is None else arguments.days
    engine = open_engine(settings.database_url)
    print(f"{retain(Store(engine), days)} conversation(s) deleted in which nothing was said for more than {days} days")
    engine.dispose()
    return 0


def list_settings(_: argparse.Namespace) -> int:
    """Every GUIYAN_... variable with its meaning and what it is now (addresses of databases without their password)."""
    current = Settings()
    for name, field in Settings.model_fields.items():
        value = str(getattr(current, name))
        if name == "database_url":
            value = _without_password(value)
        print(f"GUIYAN_{name.upper()}={value}\n    {field.description}")
    return 0


def _without_password(address: str) -> str:
    """A database's address as it may be shown. One that cannot be read is not shown at all: nobody knows where its password stands."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        found = make_url(address)
    except ArgumentError:
        return "(no address that SQLAlchemy can read)"
    secret = {name: "***" for name in found.query if "pass" in name.lower()}
    return found.update_query_dict(secret).render_as_string(hide_password=True)


Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
"""command(name, what it runs, what it is for)"""


def _common(to: argparse.ArgumentParser) -> None:
    """What every command that answers takes."""
    to.add_argument("--as-of", type=_day, default=today(), metavar="YYYY-MM-DD", help="the day asked about (default: today)")
    to.add_argument("--language", choices=["zh", "en"], default="zh")
    to.add_argument("--json", action="store_true", help="JSON in place of a table")


def parser() -> argparse.ArgumentParser:
    """The commands and what they take."""
    top = argparse.ArgumentParser(
        prog="guiyan", description="Guiyan 归雁: which support a person who comes home to Shanxi to start a business can get, and why."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], what: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=what, description=what)
        found.set_defaults(run=run)
        return found

    _answering(command)
    _keeping(command)
    _serving(command)
    return top


def _answering(command: Command) -> None:
    """Commands that answer a person or tell what the catalogue holds."""
    matching = command("match", match_file, "match a profile (a YAML or JSON file of facts; - for standard input) with every measure")
    matching.add_argument("profile", metavar="FILE")
    matching.add_argument("--measure", action="append", metavar="ID", help="only this measure; may be given several times")
    matching.add_argument("--all", action="store_true", help="also the measures that the person cannot get")
    _common(matching)
    checking = command(
        "check", check, "check knowledge/ and rules/: all problems at once, with file, line, cause and mend; exit code 1 if there are any"
    )
    checking.add_argument("--only", nargs="*", default=[], metavar="ID", help="only the files of these measures")
    showing = command("show", show_measure, "show one measure: what it gives, conditions, sources")
    showing.add_argument("measure", metavar="MEASURE")
    showing.add_argument("--history", action="store_true", help="every value that each figure had, with dates and sources")
    _common(showing)
    covering = command(
        "coverage", cover, "count measures by need, level, sector and evidence; name what expires within 60 days and the oldest check"
    )
    covering.add_argument("--expiring", type=_days, metavar="DAYS", help="only what ends within so many days, e.g. 90")
    covering.add_argument("--twice", action="store_true", help="numbers that stand in two measures: who changes one must look at the other")
    covering.add_argument("--list", action="store_true", help="ids and names of all measures")
    covering.add_argument(
        "--to-confirm",
        nargs="?",
        const="-",
        metavar="FILE.xlsx",
        help="what offices must still confirm, most asked first; FILE: a sheet to send them",
    )
    covering.add_argument("--place", metavar="PLACE", help="with --to-confirm: only what this place's offices can answer, e.g. 偏关县")
    _common(covering)
    hearing = command(
        "hearsay", hear, "check what people have heard: true, outdated, wrong, no such measure or cannot tell, with the source"
    )
    hearing.add_argument("text", metavar="TEXT")
    _common(hearing)
    chatting = command("chat", chat, "talk with Guiyan in this terminal; nothing is kept unless you ask for it with --keep")
    chatting.add_argument("--as-of", type=_day, default=today(), metavar="YYYY-MM-DD", help="the day asked about (default: today)")
    chatting.add_argument("--language", choices=["zh", "en"], default="zh")
    chatting.add_argument("--keep", type=Path, metavar="FILE", help="keep the conversation in FILE, and go on with it next time")


def _keeping(command: Command) -> None:
    """Commands for those who keep the catalogue."""
    writing = command(
        "new", write_new, "write a new measure: asks for everything, shows what the rule says, writes the two files and checks them"
    )
    writing.add_argument("what", choices=["measure"])
    keeping = command("ledger", keep_ledger, "compare every figure, clause and condition with knowledge/ledger.tsv")
    keeping.add_argument("--write", action="store_true", help="write the ledger anew, when the changes are meant")


def _serving(command: Command) -> None:
    """Commands for those who run the service."""
    serving = command("serve", serve, "serve the chat, the official's console and REST v1")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8000)
    retaining = command("retain", retain, "delete conversations that nobody came back to for longer than GUIYAN_RETENTION_DAYS")
    retaining.add_argument("--days", type=_days, metavar="N", help="for longer than N days instead")
    from app.cli_screen import add_arguments

    add_arguments(
        command(
            "screen", list_settings, "match a whole roster (xlsx, xls, ods, csv): who can get what, who is one step away, what to ask whom"
        )
    )
    confirming = command("confirm", take_confirmations, "take in what offices confirmed: a sheet of `coverage --to-confirm` that came back")
    confirming.add_argument("sheet", nargs="?", type=Path, metavar="SHEET.xlsx", help="without it: list what is confirmed")
    confirming.add_argument("--dry-run", action="store_true", help="only say what is wrong with the sheet")
    confirming.add_argument("--withdraw", type=int, metavar="NUMBER", help="take a confirmation back that was entered by mistake")
    from app.cli_users import add_commands

    add_commands(command("user", list_settings, "accounts of officials: add, list, disable, password, key"))
    command("settings", list_settings, "list every GUIYAN_... setting with its meaning and present value")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code."""
    arguments = parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
