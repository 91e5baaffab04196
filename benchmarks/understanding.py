"""How well messages are understood, and how fast: sentences of our own, labelled by hand (tests/understanding/sentences)."""

from __future__ import annotations

import statistics
import time

from app.catalog import build_catalog
from app.files import read_files
from app.understanding import build_lexicon, understand
from benchmarks.people import row
from tests.understanding.graded import AS_OF, SENTENCES, grade, read


def run() -> None:
    files = read_files()
    lexicon = build_lexicon(files, build_catalog(files))
    sets = {file.stem: read(file) for file in sorted(SENTENCES.glob("*.jsonl"))}
    labelled = frozenset(fact for lines in sets.values() for line in lines for fact in line["facts"])
    print("Understanding: labelled sentences of our own; most were looked at while the words were collected, so this is no blind score")
    for name, lines in sets.items():
        g = grade(lines, lexicon, labelled)
        wrong = g.lines_with_wrong / g.lines
        row(
            f"{name}, {g.lines} sentences",
            f"F1 {g.f1:.3f}",
            f"precision {g.precision:.3f}, recall {g.recall:.3f}, with a wrong fact {wrong:.1%}",
        )
    times = []
    for lines in sets.values():
        for line in lines:
            begun = time.perf_counter()
            understand(line["text"], lexicon, AS_OF, line["asking"])
            times.append((time.perf_counter() - begun) * 1000)
    row("time a message", f"median {statistics.median(times):.2f} ms", f"99 % within {sorted(times)[int(len(times) * 0.99)]:.1f} ms")
