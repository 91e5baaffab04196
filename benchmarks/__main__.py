"""Runs the benchmarks named on the command line, or all."""

from __future__ import annotations

import os
import platform
import sys

import structlog

from benchmarks import api, engine, load, mutations, pages, questions, rosters, turns, understanding
from benchmarks.people import describe

ALL = {
    "load": load.run,
    "engine": engine.run,
    "questions": questions.run,
    "api": api.run,
    "turns": turns.run,
    "pages": pages.run,
    "rosters": rosters.run,
    "understanding": understanding.run,
    "mutations": mutations.run,
}


def main(names: list[str]) -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    unknown = [n for n in names if n not in ALL]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    describe(
        {
            "Python": platform.python_version(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "load": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        }
    )
    for name in names or ALL:
        print()
        ALL[name]()
    return 0


sys.exit(main(sys.argv[1:]))
