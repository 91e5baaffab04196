"""python -m training [train | grade]: make knowledge/classifier.json anew, or grade what is understood with and without it."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.catalog import build_catalog
from app.files import ROOT, read_files
from app.understanding import Lexicon, build_lexicon
from app.understanding.classifier import FILE, SCALE, TOLD, TRADE
from app.understanding.opinion import SECTOR
from tests.understanding.graded import HELD_OUT, SENTENCES, grade, read
from training.instances import Instance, instances
from training.tables import sayings

RARE = 2
"""A piece seen in fewer messages is not learnt."""
FEW = 12
"""What fewer messages tell is not learnt."""
SLIGHT = 0.03
"""Weights below this are left out."""
STRENGTH = {TRADE: 0.5}
"""How freely weights may grow (the inverse of the penalty); 1 where nothing is said. Found on sentences that were not trained on."""


def fingerprint(files: list[Path]) -> str:
    """What the sentences were that the model was trained on."""
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:16]


def train(lexicon: Lexicon) -> None:
    """Trains every task and writes the weights."""
    files = sorted(SENTENCES.glob("*.jsonl"))
    found = instances([*(line for file in files for line in read(file)), *sayings(lexicon.facts)], lexicon)
    tasks = {name: _learnt(name, found[name]) for name in sorted(found)}
    for name, task in tasks.items():
        print(f"{name}: {len(found[name])} examples, {len(task['classes'])} classes, {len(task['weights'])} pieces")
    text = json.dumps({"trained_on": fingerprint(files), "tasks": tasks}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file = ROOT / FILE
    file.write_text(text.replace('"bias"', '\n"bias"').replace('"weights"', '\n"weights"') + "\n", encoding="utf-8")
    print(f"{FILE}: {file.stat().st_size / 1e6:.1f} MB")


def _learnt(name: str, examples: list[Instance]) -> dict[str, Any]:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = CountVectorizer(analyzer=sorted, min_df=RARE, binary=True)
    matrix = vectors.fit_transform([e.pieces for e in examples])
    settings: dict[str, Any] = {"C": STRENGTH.get(name, 1.0), "max_iter": 400}
    if name in (TOLD, TRADE):
        often = Counter(c for e in examples for c in e.classes)
        classes = sorted(c for c, n in often.items() if n >= FEW) if name == TOLD else [SECTOR]
        fits = []
        for c in classes:
            known = [i for i, e in enumerate(examples) if e.knows(c.partition("=")[0].partition(".")[0])]
            fits.append(LogisticRegression(**settings).fit(matrix[known], [c in examples[i].classes for i in known]))
        rows, bias = [fit.coef_[0] for fit in fits], [float(fit.intercept_[0]) for fit in fits]
    else:
        fit = LogisticRegression(**settings).fit(matrix, [sorted(e.classes)[0] for e in examples])
        classes, rows, bias = [str(c) for c in fit.classes_], list(fit.coef_), [float(b) for b in fit.intercept_]
    weights: dict[str, list[int]] = {}
    for at, piece in enumerate(vectors.get_feature_names_out()):
        pairs = [n for i, row in enumerate(rows) if abs(row[at]) >= SLIGHT for n in (i, round(row[at] * SCALE))]
        if pairs:
            weights[str(piece)] = pairs
    return {"classes": classes, "bias": [round(b, 3) for b in bias], "weights": weights, "exclusive": name not in (TOLD, TRADE)}


def report(lexicon: Lexicon) -> None:
    """What is understood of the sentences held out, with the classifier and without."""
    labelled = frozenset(fact for file in SENTENCES.glob("*.jsonl") for line in read(file) for fact in line["facts"])
    for file in sorted(HELD_OUT.glob("*.jsonl")):
        lines = read(file)
        for title, words in (("with", lexicon), ("without", replace(lexicon, classifier={}))):
            g = grade(lines, words, labelled)
            print(
                f"{file.stem}, {g.lines} lines, {title} the classifier: F1 {g.f1:.3f}, precision {g.precision:.3f}, recall {g.recall:.3f}, "
                f"lines with a wrong fact {g.lines_with_wrong / g.lines:.1%}"
            )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("what", choices=["train", "grade"], nargs="?", default="grade")
    what = parser.parse_args().what
    files = read_files()
    lexicon = build_lexicon(files, build_catalog(files))
    (train if what == "train" else report)(lexicon)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
