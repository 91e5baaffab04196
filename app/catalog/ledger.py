"""The ledger: every figure, clause and condition of the catalogue on a line of its own, kept beside the files.

A second entry of each fact, as in book-keeping: whoever changes a figure must change its line too (`guiyan ledger --write`), and a reviewer
sees each changed number, date, clause or condition as one changed line. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.catalog.catalog import Catalog, Entry
from app.catalog.models import Checked, Cite

LEDGER = "knowledge/ledger.tsv"
HEADER = ("measure", "what", "value", "unit", "from", "to", "place", "document", "clause", "checked")
Row = tuple[str, ...]


def ledger(catalog: Catalog) -> str:
    """The whole ledger as tab-separated text."""
    rows = [HEADER, *sorted(row for entry in catalog.entries.values() for row in _rows(entry))]
    return "".join("\t".join(row) + "\n" for row in rows)


def _rows(entry: Entry) -> Iterator[Row]:
    measure = entry.measure
    valid = measure.valid
    yield _row(entry.id, "valid", measure.tier, measure.level, valid.from_, valid.to, "、".join(measure.regions), valid.cite, valid.checked)
    for name, figure in measure.figures.items():
        for value in figure.history:
            kind = f"figure {name}" + (" (former)" if value.former else "")
            yield _row(entry.id, kind, value.value, figure.unit, value.from_, value.to, value.place, value.cite, value.checked)
    for parsed in entry.conditions:
        c = parsed.condition
        period = c.valid
        start, end = (period.from_, period.to) if period else (None, None)
        yield _row(entry.id, f"condition {c.id}", c.if_ or "", c.decided_by, start, end, None, c.cite, c.checked)
    for key, (estimate, _) in entry.estimates.items():
        yield (entry.id, f"estimate {key}", estimate.of, estimate.unit, *[""] * 6)
    for exclusion in entry.rule.not_with:
        yield _row(
            entry.id,
            f"not_with {exclusion.measure}",
            "inferred" if exclusion.inferred else "",
            None,
            None,
            None,
            None,
            exclusion.cite,
            exclusion.checked,
        )


def _row(
    measure: str, what: str, value: object, unit: object, start: object, end: object, place: object, cite: Cite, checked: Checked
) -> Row:
    cells = (measure, what, value, unit, start, end, place, cite.document, cite.clause, f"{checked.how}/{checked.confidence}/{checked.on}")
    return tuple("" if cell is None else " ".join(str(cell).split()) for cell in cells)
