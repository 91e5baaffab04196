"""What becomes of a roster: result.csv and result.xlsx, made from the folder of a run; and the template to fill in."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from app.catalog.catalog import Catalog
from app.screening.forgetting import PROBLEMS
from app.screening.lines import rostered
from app.screening.mapping import Mapped
from app.screening.problems import Problem
from app.screening.words import PERSONAL, SPECIAL, RosterWords
from app.screening.xlsx import Sheet, Value, harmless, sheet_of, write_xlsx

HEADS = {
    "zh": ("行", "算了没有", "能办几项", "能办的", "差一步几项", "差一步的（先做什么）", "还要问几项", "先问这些", "这一行的问题"),
    "en": ("row", "matched", "can get: how many", "can get", "one step away: how many", "one step away (what first)", "to be asked: how many", "ask these first", "problems of the row"),
}  # fmt: skip
REASON_HEADS = {
    "zh": ("行", "人", "扶持措施", "怎么样", "为什么"),
    "en": ("row", "person", "measure", "outcome", "why"),
}
MEASURE_HEADS = {"zh": ("扶持措施", "根据", "电话", "去哪儿办"), "en": ("measure", "source", "phone", "where")}
PROBLEM_HEADS = {"zh": ("行", "列", "问题和改法"), "en": ("row", "column", "problem and mend")}
ABOUT_HEADS = {"zh": ("项目", "内容"), "en": ("item", "content")}
COLUMN_HEADS = {"zh": ("列", "填什么", "可以这样填"), "en": ("column", "what to fill in", "for example")}
SAYS = {
    "zh": {
        "yes": "算了", "no": "没算，先改问题", "eligible": "能办", "one_step": "差一步", "open": "还要问", "results": "结果", "reasons": "原因", "problems": "问题", "measures": "措施和出处", "about": "说明",
        "day": "按哪一天的规定", "version": "政策目录版本", "note": "怎么看", "clause": "（条款未核对）", "columns": "各列填什么", "template": "花名册",
        "how": "“能办”是说按表里填的都符合，最后由窗口定；带（未核实）的，办之前先打电话问。“差一步”是做了括号里的一件事就能办。“还要问”是表里没说，问清楚才知道；原因表只列最多差两项没问的。没填的格子当没说，不当没有。",
        "free": "自己的话都行，看得懂就算；看不懂会逐行逐列指出来。",
    },
    "en": {
        "yes": "matched", "no": "not matched; mend the problem", "eligible": "can get", "one_step": "one step away", "open": "to be asked", "results": "results", "reasons": "reasons", "problems": "problems", "measures": "measures", "about": "about",
        "day": "law of the day", "version": "catalogue version", "note": "how to read", "clause": "(clause not checked)", "columns": "columns", "template": "roster",
        "how": "“Can get”: everything in the row meets the conditions; the office decides. “(not confirmed)”: call before going. “One step away”: after the one thing in brackets. “To be asked”: the row does not say; reasons are listed where at most two facts are missing. A blank cell is not said, never no.",
        "free": "Your own words will do; what is not understood is named by row and column.",
    },
}  # fmt: skip
_WIDTHS = (6, 12, 8, 60, 8, 60, 8, 36, 40)
COLUMNS = ("row", "matched", "eligible_count", "eligible", "step_count", "steps", "open_count", "ask", "problem")


@dataclass(frozen=True)
class Finished:
    """The folder of a run, with what is needed to say what is in it."""

    folder: Path
    catalog: Catalog
    mapped: Mapped
    language: str
    as_of: str

    @property
    def personal(self) -> bool:
        """Whether names and numbers are still there."""
        return any(self.folder.glob("personal-*.parquet"))

    @property
    def headers(self) -> list[str]:
        """The roster's own headers of the personal columns that are still kept."""
        return [c.header for c in self.mapped if c.told in PERSONAL] if self.personal else []

    def people(self) -> Sequence[Path]:
        """The files of results, a line a person, in order."""
        return sorted(self.folder.glob("people-*.parquet"))

    def stretches(self) -> Iterator[pl.DataFrame]:
        """The results, a stretch at a time: personal columns p0, p1 ... behind the row where they are still kept."""
        for path in self.people():
            frame = pl.read_parquet(path)
            own = path.with_name(path.name.replace("people", "personal"))
            if own.exists():
                frame = frame.join(pl.read_parquet(own), on="row", how="left", maintain_order="left")
            yield frame

    def shown(self) -> Iterator[pl.DataFrame]:
        """A line a person, in the order of the heads, a stretch at a time."""
        words = SAYS[self.language]
        names = [f"p{n}" for n in range(len(self.headers))]
        said = pl.when("matched").then(pl.lit(words["yes"])).otherwise(pl.lit(words["no"])).alias("matched")
        for frame in self.stretches():
            yield frame.with_columns(said).select("row", *names, *COLUMNS[1:])

    def heads(self) -> list[str]:
        first, *rest = HEADS[self.language]
        return [first, *self.headers, *rest]

    def problems(self) -> Iterator[Problem]:
        """Every problem of the roster, in order."""
        path = self.folder / PROBLEMS
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    found = json.loads(line)
                    yield Problem(found["kind"], found["row"], found["column"], found["said"])


def write_csv(finished: Finished, path: Path) -> None:
    """result.csv: UTF-8 with the mark that spreadsheet programs want; nothing in it can become a formula."""
    with path.open("wb") as out:
        heads = ['"' + harmless(h).replace('"', '""') + '"' for h in finished.heads()]
        out.write("\ufeff".encode() + ",".join(heads).encode() + b"\r\n")
        for shown in finished.shown():
            shown.with_columns(_harmless(n) for n, kind in shown.schema.items() if kind == pl.String).write_csv(
                out, include_header=False, line_terminator="\r\n", quote_style="necessary"
            )


def _harmless(name: str) -> pl.Expr:
    column = pl.col(name)
    return pl.when(column.str.contains(r"^[=+\-@\t\r]")).then(pl.lit("'") + column).otherwise(column).alias(name)


def write_problems(finished: Finished, path: Path) -> None:
    """problems.csv: every problem with row, column and mend."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(PROBLEM_HEADS[finished.language])
        writer.writerows([harmless(str(v)) if v is not None else "" for v in row] for row in _problem_rows(finished))


def _problem_rows(finished: Finished) -> Iterator[tuple[Value, ...]]:
    return ((p.row, p.column, p.text(finished.language)) for p in finished.problems())


def write_result(finished: Finished, path: Path) -> None:
    """result.xlsx: results, the reasons of just those, problems, how to read it. Raises ValueError where reasons were not kept (too many rows)."""
    words = SAYS[finished.language]
    widths = [_WIDTHS[0], *([14.0] * len(finished.headers)), *_WIDTHS[1:]]
    about = [
        (words["note"], words["how"]), (words["day"], finished.as_of), (words["version"], finished.catalog.version),
        *((c.header, c.told or "-") for c in finished.mapped),
    ]  # fmt: skip
    measures = [_measure(finished.catalog, name, finished.language) for name in rostered(finished.catalog)]
    write_xlsx(
        path,
        [
            Sheet(words["results"], finished.heads(), widths, finished.shown()),
            Sheet(words["reasons"], REASON_HEADS[finished.language], (6, 12, 36, 10, 90), _reasons(finished)),
            sheet_of(words["problems"], PROBLEM_HEADS[finished.language], (6, 20, 90), _problem_rows(finished)),
            sheet_of(words["measures"], MEASURE_HEADS[finished.language], (40, 60, 14, 80), measures),
            sheet_of(words["about"], ABOUT_HEADS[finished.language], (24, 90), about),
        ],
    )


def _reasons(finished: Finished) -> Iterator[pl.DataFrame]:
    """row, person, measure, outcome, why."""
    words, catalog, files = SAYS[finished.language], finished.catalog, sorted(finished.folder.glob("reasons-*.parquet"))
    if not files:
        raise ValueError("reasons were not kept")
    names = {name: catalog.entries[name].measure.name.of(finished.language) for name in rostered(catalog)}
    outcomes = {key: words[key] for key in ("eligible", "one_step", "open")}
    who = next((f"p{n}" for n, c in enumerate(c for c in finished.mapped if c.told in PERSONAL) if c.told == "name"), None)
    for file in files:
        frame, own = pl.read_parquet(file), file.with_name(file.name.replace("reasons", "personal"))
        if who and own.exists():
            frame = frame.join(pl.read_parquet(own, columns=["row", who]), on="row", how="left", maintain_order="left")
        person = pl.col(who) if who and who in frame.columns else pl.lit(None, dtype=pl.String)
        yield frame.select(
            "row", person.alias("person"), pl.col("measure").replace(names), pl.col("outcome").replace(outcomes), "reason"
        )  # fmt: skip


def _measure(catalog: Catalog, name: str, language: str) -> tuple[str, str, str, str]:
    """Name, source, telephone and where to go of a measure."""
    measure = catalog.entries[name].measure
    document = catalog.documents[measure.valid.cite.document]
    clause = measure.valid.cite.clause or SAYS[language]["clause"]
    phone = catalog.contacts[measure.apply.phone[0]].number if measure.apply.phone else ""
    where = measure.apply.where.of(language) if measure.apply.where else ""
    return measure.name.of(language), f"《{document.title}》{document.number or ''} {clause}", phone, where


def write_template(path: Path, words: RosterWords, catalog: Catalog, language: str) -> None:
    """The template: headers and one example row, and a sheet that explains each column with its values."""
    said = SAYS[language]
    columns = words.shape.template
    heads = [words.header_of(c.column) for c in columns]
    explained = [(words.header_of(c.column), *_explained(c.column, words, catalog, language)) for c in columns]
    others = [
        (f.label.zh, *_explained(f.id, words, catalog, language)) for f in catalog.facts.values() if f.id not in {c.column for c in columns}
    ]
    write_xlsx(
        path,
        [
            sheet_of(said["template"], heads, [max(10.0, 2.4 * len(h)) for h in heads], [[c.example for c in columns]]),
            sheet_of(said["columns"], COLUMN_HEADS[language], (22, 70, 60), [(said["free"], None, None), *explained, *others]),
        ],
    )


def _explained(told: str, words: RosterWords, catalog: Catalog, language: str) -> tuple[str, str]:
    if told in SPECIAL:
        also: Iterable[str] = words.shape.columns[told]
        return (
            "不用来判断，只用来认人、算年龄、找重复的。" if language == "zh" else "Not used for matching; only to tell people apart."
        ), "、".join(list(also)[:4])
    fact = catalog.facts[told]
    options: Sequence[Any] = [o.of(language) for o in fact.options.values()]
    spoken = [w for said in words.shape.values.get(told, {}).values() for w in said[:2]]
    example = " / ".join(spoken[:10]) or ("是 / 否" if fact.type == "boolean" else "")
    return fact.question.of(language) + (f"（{' / '.join(options)}）" if options else ""), example
