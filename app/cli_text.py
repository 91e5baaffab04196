"""Shell: answers as text for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from app.catalog import Catalog
from app.catalog.lints import said_twice

_WORDS = {
    "zh": {"eligible": "能办", "unknown": "还要问", "not_eligible": "办不了", "met": "✓", "failed": "✗", "unmet": "没有对应扶持的需要", "next": "下一个要问的", "first": "先看这几项", "best": "可以一起办", "unsure": "未核实", "missing": "还缺"},
    "en": {"eligible": "yes", "unknown": "open", "not_eligible": "no", "met": "✓", "failed": "✗", "unmet": "needs that nothing meets", "next": "next question", "first": "look at these first", "best": "may be had together", "unsure": "not confirmed", "missing": "missing"},
}  # fmt: skip


def width(text: str) -> int:
    """Columns a text takes on a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def match_table(body: Mapping[str, Any], language: str, *, everything: bool = False) -> str:
    """An answer as a table: verdict, measure, what it is worth, what is missing or failed."""
    words = _WORDS[language]
    by_id = {v["measure"]: v for v in body["verdicts"]}
    lines = [f"{words['first']}:"]
    lines += [_line(by_id[name], words) for name in body["shown_first"]]
    for verdict in ("eligible", "unknown", *(("not_eligible",) if everything else ())):
        rows = [v for v in body["verdicts"] if v["verdict"] == verdict]
        lines += ["", f"{words[verdict]} ({len(rows)}):", *(_line(v, words) for v in rows)]
    closed = sum(v["verdict"] == "not_eligible" for v in body["verdicts"])
    if not everything:
        lines += ["", f"{words['not_eligible']}: {closed} (--all)"]
    if body["unmet_needs"]:
        lines += ["", f"{words['unmet']}: {', '.join(body['unmet_needs'])}"]
    if body["next_question"]:
        lines += ["", f"{words['next']}: {body['next_question']['text']} ({body['next_question']['fact']})"]
    return "\n".join(lines)


def _line(verdict: Mapping[str, Any], words: Mapping[str, str]) -> str:
    notes = []
    amounts = [e["text"] for e in verdict["estimate"].values()]
    if amounts:
        notes.append(amounts[0])
    if verdict["missing_facts"]:
        more = len(verdict["missing_facts"]) - 4
        notes.append(f"{words['missing']}: {', '.join(verdict['missing_facts'][:4])}" + (f" +{more}" if more > 0 else ""))
    notes += [f"{words['failed']} {r['plain']}" for r in verdict["reasons"] if r["outcome"] == "failed"][:2]
    notes += [f"→ {s['plain']}" for s in verdict["steps"]]
    if verdict["verdict"] != "not_eligible" and not verdict["confirmed"]:
        notes.append(f"[{words['unsure']}]")
    return f"  {pad(words[verdict['verdict']], 7)} {pad(verdict['name'], 44)} {'; '.join(notes)}".rstrip()


def figure_history(page: Mapping[str, Any], history: bool) -> str:
    """A measure's page as text."""
    lines = [f"{page['name']}  ({page['id']}, {page['level']}, tier {page['tier']})", "", page["gives"], ""]
    for condition in page["conditions"]:
        source = condition.get("citation") or {}
        decided = f" [{condition['decided_by']}]" if condition["decided_by"] else ""
        lines.append(
            f"  - {condition['plain']}{decided}  {source.get('number') or source.get('title') or ''} {source.get('clause') or ''}".rstrip()
        )
    lines.append("")
    for name, figure in page["figures"].items():
        lines.append(f"  {figure['label']}: {figure.get('text', '…')}  ({name})")
    if history:
        for name, values in page["history"].items():
            lines += ["", f"  {name}:"]
            for value in values:
                start = value["from"] or ("…" if value["former"] else "?")
                source = value["citation"]
                known = value["checked"]["how"] + ("" if value["checked"]["how"] == "seen" else " !")
                place = f" {value['place']}" if value["place"] else ""
                lines.append(
                    f"    {start} – {value['to'] or '…'}{place}: {value['text']}  {source['number'] or source['title']} {source['clause'] or ''} ({known})"
                )
    if page["unsure"]:
        lines += ["", f"  ! {page['unsure']}"]
    return "\n".join(lines)


def coverage_table(found: Mapping[str, Any]) -> str:
    """Counts as text."""
    lines = [
        f"{found['measures']} measures, {found['figures']} figures ({found['figure_values']} values), {found['conditions']} conditions on {found['as_of']}"
    ]
    for title in ("need", "level", "sector", "evidence", "kind", "tier", "standing"):
        lines += ["", f"by {title}:"]
        lines += [f"  {pad(name, 20)} {count:>4}" for name, count in found["by"][title].items()]
    lines += ["", expiring_table(found)]
    oldest = found["oldest_check"]
    lines += ["", f"oldest check: {oldest['on']} ({oldest['measure']}: {oldest['what']})" if oldest else "oldest check: none"]
    lines += [
        "",
        f"not confirmed: {found['unconfirmed']['conditions']} conditions, {found['unconfirmed']['figure_values']} figure values in force",
    ]
    return "\n".join(lines)


def expiring_table(found: Mapping[str, Any]) -> str:
    """What ends soon as text."""
    rows = [f"  {e['on']}  {e['measure']}  {e['what']}" for e in found["expires"]] or ["  nothing"]
    return "\n".join([f"expires within {found['days']} days:", *rows])


def said_twice_table(catalog: Catalog) -> list[str]:
    """Numbers that stand in two measures, a line each; values that a family's file holds once are no such pair."""
    pairs = ((a, b) for a, b in said_twice(catalog) if _home(catalog, a.entry.id) != _home(catalog, b.entry.id))
    rows = {(a.where, b.where, str(a.value.value), a.value.cite.document) for a, b in pairs if a.value.place is None}
    return [f"  {value:>12}  {document}  {first}  {second}" for first, second, value, document in sorted(rows)]


def _home(catalog: Catalog, name: str) -> str:
    home = catalog.homes.get(f"knowledge/measures/{name}.yaml")
    return home.file if home else name
