"""The gap report: what people need against what policy gives, by need, county and month. Small counts are never told, nor what gives them away."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.catalog.catalog import Catalog
from app.insight.counts import ENOUGH, Counted
from app.matching.gaps import named
from app.screening.xlsx import harmless
from app.wording.render import filler

MOST = 40
KINDS = {
    "people": "来问的人", "asked": "要这样帮助的", "matched": "有能办的", "unmet": "没有能办的", "blocked": "卡住的", "gap": "没有扶持管的", "rumour": "传言",
    "roster": "花名册上的人", "roster_eligible": "花名册：能办的", "roster_one_step": "花名册：差一步的",
}  # fmt: skip
VERDICTS = {"true": "属实", "outdated": "过时了", "wrong": "不对", "no_such_measure": "没有这回事", "cannot_tell": "说不准"}


def told(count: int) -> int | None:
    """A count as it may be told: None where it is small."""
    return count if count == 0 or count >= ENOUGH else None


def report(catalog: Catalog, counted: Sequence[Counted], words: Sequence[tuple[str, int]], language: str = "zh") -> dict[str, Any]:
    """The whole report over some counts."""
    by_kind: dict[str, list[Counted]] = defaultdict(list)
    for item in counted:
        by_kind[item.kind].append(item)
    return {
        "suppressed_below": ENOUGH,
        "people": _spread(catalog, by_kind["people"]),
        "needs": _needs(catalog, by_kind, language),
        "blocked": [b for key, n in _top(by_kind["blocked"]) if (b := _blocked(catalog, key, n, language))],
        "no_measure": [g for key, n in _top(by_kind["gap"]) if (g := _gap(catalog, key, n, language))],
        "rumours": [_rumour(catalog, key, n, language) for key, n in _top(by_kind["rumour"])],
        "rosters": {"people": _spread(catalog, by_kind["roster"]), "measures": _rosters(catalog, by_kind, language)},
        "words": [{"word": word, "people": n} for word, n in words],
    }


def _top(items: Iterable[Counted]) -> list[tuple[str, int]]:
    """The largest counts by key; small ones are left out."""
    counts: Counter[str] = Counter()
    for item in items:
        counts[item.key] += item.count
    return [(key, n) for key, n in counts.most_common() if n >= ENOUGH][:MOST]


def _spread(catalog: Catalog, items: Sequence[Counted]) -> dict[str, Any]:
    """A count as a whole, by place and by month. The whole is told only where what is hidden of it is nothing or much."""
    places: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for item in items:
        places[item.place] += item.count
        months[item.month] += item.count
    rows = [{"place": p, "name": place_name(catalog, p), "count": n} for p, n in places.most_common() if n >= ENOUGH]
    times = [{"month": m, "count": n} for m, n in sorted(months.items()) if n >= ENOUGH]
    return {"count": _whole(places, months), "by_place": rows, "by_month": times}


def _whole(*splits: Mapping[str, int]) -> int | None:
    total = sum(splits[0].values())
    hidden = [sum(n for n in split.values() if n < ENOUGH) for split in splits]
    return total if total == 0 or (total >= ENOUGH and all(h == 0 or h >= ENOUGH for h in hidden)) else None


def _needs(catalog: Catalog, by_kind: Mapping[str, list[Counted]], language: str) -> list[dict[str, Any]]:
    options = catalog.facts["needs"].options
    found = []
    for need in dict.fromkeys(i.key for i in by_kind["asked"]):
        if need in options:
            mine = {kind: [i for i in by_kind[kind] if i.key == need] for kind in ("asked", "matched", "unmet")}
            found.append({"need": need, "name": options[need].of(language), **_need(catalog, mine)})
    return sorted(found, key=lambda row: (-(row["asked"] or 0), row["need"]))


def _need(catalog: Catalog, mine: Mapping[str, list[Counted]]) -> dict[str, Any]:
    places: dict[str, Counter[str]] = defaultdict(Counter)
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, items in mine.items():
        for item in items:
            places[item.place][kind] += item.count
            months[item.month][kind] += item.count
    asked = _whole({p: c["asked"] for p, c in places.items()}, {m: c["asked"] for m, c in months.items()})
    whole = Counter({kind: sum(i.count for i in items) for kind, items in mine.items()})
    rows = [{"place": p, "name": place_name(catalog, p), **_three(c)} for p, c in places.items() if c["asked"] >= ENOUGH]
    times = [{"month": m, **_three(c)} for m, c in sorted(months.items()) if c["asked"] >= ENOUGH]
    three = _three(whole) if asked is not None else {"asked": None, "matched": None, "unmet": None}
    return {**three, "by_place": sorted(rows, key=lambda r: -(r["asked"] or 0)), "by_month": times}


def _three(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Asked, matched and unmet of one cell; a part is hidden too where the rest would be small."""
    asked = counts["asked"]
    parts = {kind: told(counts[kind]) if told(max(asked - counts[kind], 0)) is not None else None for kind in ("matched", "unmet")}
    return {"asked": told(asked), **parts}


def _blocked(catalog: Catalog, key: str, count: int, language: str) -> dict[str, Any] | None:
    measure, _, condition = key.partition(" ")
    entry = catalog.entries.get(measure)
    parsed = next((p for p in entry.conditions if p.condition.id == condition), None) if entry else None
    if entry is None or parsed is None:
        return None
    day = parsed.condition.checked.on
    plain = filler(catalog, entry.measure, day, None, language)(parsed.condition.plain)
    needs = list(entry.measure.needs)
    return {
        "measure": measure,
        "name": entry.measure.name.of(language),
        "condition": condition,
        "plain": plain,
        "needs": needs,
        "count": count,
    }


def _rosters(catalog: Catalog, by_kind: Mapping[str, list[Counted]], language: str) -> list[dict[str, Any]]:
    """For each measure how many people of rosters can get it, and how many are one step away."""
    near = dict(_top(by_kind["roster_one_step"]))
    found: list[dict[str, Any]] = []
    for measure, count in [*_top(by_kind["roster_eligible"]), *((m, 0) for m in near)]:
        entry = catalog.entries.get(measure)
        if entry is not None and all(row["measure"] != measure for row in found):
            found.append(
                {"measure": measure, "name": entry.measure.name.of(language), "eligible": told(count), "one_step": near.get(measure)}
            )
    return found[:MOST]


def _gap(catalog: Catalog, key: str, count: int, language: str) -> dict[str, Any] | None:
    gap = named(catalog, key)
    if gap is None:
        return None
    return {"gap": key, "text": gap.missing.of(language), "ask": gap.ask.of(language), "nearest": list(gap.nearest), "count": count}


def _rumour(catalog: Catalog, key: str, count: int, language: str) -> dict[str, Any]:
    measure, _, verdict = key.partition(" ")
    entry = catalog.entries.get(measure)
    name = entry.measure.name.of(language) if entry else None
    return {"measure": measure if entry else None, "name": name, "verdict": verdict, "said": VERDICTS.get(verdict, verdict), "count": count}


def place_name(catalog: Catalog, code: str) -> str:
    """A place's name in the report."""
    found = catalog.places.by_code.get(code)
    return found.label if found else "没说是哪里"


# ---------------------------------------------------------------- csv


def as_csv(catalog: Catalog, counted: Iterable[Counted], words: Iterable[tuple[str, int]]) -> str:
    """Every count that may be told, by month and county, for a spreadsheet (UTF-8 with its mark is left to the shell)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["月份", "地方", "是什么", "编号", "名称", "人数"])
    for item in sorted(counted, key=lambda c: (c.month, c.place, c.kind, -c.count, c.key)):
        if item.kind in KINDS and item.count >= ENOUGH:
            row = [item.month, place_name(catalog, item.place), KINDS[item.kind], item.key, _name(catalog, item), item.count]
            writer.writerow([harmless(c) if isinstance(c, str) else c for c in row])
    for word, people in words:
        writer.writerow(["", "", "没听懂的话", "", harmless(word), people])
    return out.getvalue()


def _name(catalog: Catalog, item: Counted) -> str:
    if item.kind == "blocked":
        found = _blocked(catalog, item.key, item.count, "zh")
        return f"{found['name']}：{found['plain']}" if found else ""
    if item.kind == "gap":
        gap = named(catalog, item.key)
        return gap.missing.zh if gap else ""
    if item.kind == "rumour":
        found = _rumour(catalog, item.key, item.count, "zh")
        return f"{found['name'] or ''} {found['said']}".strip()
    if item.key in catalog.entries:
        return catalog.entries[item.key].measure.name.zh
    options = catalog.facts["needs"].options
    return options[item.key].zh if item.key in options else ""
