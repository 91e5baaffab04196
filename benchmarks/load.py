"""Loading the catalogue cold, and the memory that the service then holds; each in a fresh process."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.people import row

SCRIPT = """
import resource, sys, time
begun = time.perf_counter()
from app.library import Library
from app.files import ROOT
imported = time.perf_counter()
library = Library.open(ROOT)
loaded = time.perf_counter()
import datetime as dt
library.edition.on(dt.date(2026, 11, 23)).compiled
compiled = time.perf_counter()
held = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(imported - begun, loaded - imported, compiled - loaded, held)
"""
SERVICE = """
import datetime as dt, logging
from app.logs import configure
from app.settings import Settings
configure("error")
from app.main import create_app
from app.matching.match import match
from app.matching.profile import parse_profile
from app.wording.answer import answer
app = create_app(Settings(database_url="sqlite:///:memory:"))
edition = app.state.library.edition
day = dt.date(2026, 11, 23)
for language in ("zh", "en"):
    answer(match(edition.on(day), parse_profile({"home_place": "偏关县"}, edition.catalog), day), language)
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def _run(script: str) -> list[float]:
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    return [float(part) for part in out.split()]


def run() -> None:
    print("Load: best of three fresh processes")
    runs = [_run(SCRIPT) for _ in range(3)]
    imported, loaded, compiled, held = (min(r[i] for r in runs) for i in range(4))
    row("catalogue read, checked, every example run (aim 1.5 s)", f"{loaded:.2f} s", f"imports before it {imported:.2f} s")
    row("one day compiled", f"{compiled * 1000:.0f} ms")
    row("memory, catalogue alone", f"{held / 1024:.0f} MB")
    row("memory, service with both languages spoken (aim 150 MB)", f"{min(_run(SERVICE)[0] for _ in range(2)) / 1024:.0f} MB")
