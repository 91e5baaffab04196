"""When people are forgotten, what stood in their cells goes out of the problems too: row, column and mend stay."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from app.screening.problems import Problem

PROBLEMS = "problems.jsonl"
GONE = "…"
_CELLS = ("value", "quote")
_CELLS_OF = {"other_age": (*_CELLS, "mend")}
"""What of a problem is from a cell; the mend of a differing age is the age itself."""


def forget_cells(folder: Path, language: str) -> None:
    """Takes what stood in cells out of a finished roster's problems, in the list and in the results by row."""
    texts: dict[int, list[str]] = defaultdict(list)
    path = folder / PROBLEMS
    if not path.exists():
        return
    new = path.with_suffix(".new")
    with path.open(encoding="utf-8") as lines, new.open("w", encoding="utf-8") as out:
        for line in lines:
            told = json.loads(line)
            told["said"] = _without_cells(told["kind"], told["said"])
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
            problem = Problem(told["kind"], told["row"], told["column"], told["said"])
            if problem.row is not None:
                texts[problem.row].append(problem.in_row(language))
    new.replace(path)
    for people in folder.glob("people-*.parquet"):
        _reword(people, texts)


def _without_cells(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    cells = _CELLS_OF.get(kind, _CELLS)
    return {key: GONE if key in cells else value for key, value in said.items()}


def _reword(path: Path, texts: Mapping[int, list[str]]) -> None:
    frame = pl.read_parquet(path)
    told = [None if was is None else "".join(texts.get(row, ())) for row, was in zip(frame["row"], frame["problem"], strict=True)]
    new = path.with_suffix(".new")
    frame.with_columns(pl.Series("problem", told, dtype=pl.String)).write_parquet(new)
    new.replace(path)
