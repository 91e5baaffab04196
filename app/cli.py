"""Shell: the command line. `guiyan --help` explains every command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from app.catalog import CatalogInvalid, build_catalog
from app.files import read_files
from app.matching.day import Days
from app.matching.examples import run_examples


def check(only: Sequence[str]) -> int:
    """Every problem of the catalogue's files, on standard output. 1 when there are any."""
    files = read_files()
    try:
        catalog = build_catalog(files)
    except CatalogInvalid as error:
        problems = error.problems
        if only:
            problems = [p for p in problems if any(f"/{name}.yaml" in p.file for name in only)]
        for problem in problems:
            print(problem)
        print(f"{len(problems)} problem(s)")
        if problems or not only:
            return 1
        catalog = error.partial
    days = Days(catalog)
    found = []
    for entry in catalog.entries.values():
        if not only or entry.id in only:
            found += run_examples(catalog, entry, days, files)
    for problem in sorted(found):
        print(problem)
    print(f"{len(found)} problem(s) in the examples" if found else f"{len(only) or len(catalog.entries)} measure(s) in order")
    return 1 if found else 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="guiyan")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check")
    checking.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args(argv)
    return check(arguments.only)


if __name__ == "__main__":
    sys.exit(main())
