"""The window of a person's own county in words: what is known of it and since when, or plainly that nothing is, with the province's line."""

from __future__ import annotations

from typing import Any

from app.catalog.catalog import Catalog, Entry
from app.catalog.models import Checked
from app.catalog.places import COUNTY_DIGITS
from app.catalog.windows import FIELDS, PROVINCE, Field, Told, Window
from app.wording.amounts import amount

_NAMES: dict[str, dict[Field, str]] = {
    "zh": {"address": "地址", "hours": "上班时间", "phone": "电话"},
    "en": {"address": "address", "hours": "hours", "phone": "phone"},
}
_SAYS = {
    "none": {
        "zh": "{office}的窗口在哪、几点上班，没有查到，先打{line}问。",
        "en": "Where the window of {office} is and when it is open was not found; call {line} first.",
    },
    "part": {"zh": "{fields}没有查到，可以打{line}问。", "en": "Not found: {fields}; you can call {line}."},
    "unsure": {"zh": "{fields}还没有核实，不对就打{line}。", "en": "Not confirmed: {fields}; if it is wrong call {line}."},
    "confirmed": {"zh": "{by}{day}核实过。", "en": "Confirmed by {by} on {day}."},
}


def window_of(catalog: Catalog, line: str | None, place: str, language: str) -> dict[str, Any] | None:
    """The window behind a measure's line for somebody of a county (code); None where the place is no county of the province or has no such office."""
    office = catalog.windows.office(line)
    county = catalog.places.by_code.get(place[:COUNTY_DIGITS])
    if office is None or county is None or len(place) < COUNTY_DIGITS or not place.startswith(PROVINCE):
        return None
    found = catalog.windows.of(county.code, office)
    owner = found.place if found else county.label
    name = catalog.windows.offices[office].name
    named = f"{owner}{name.zh}" if language == "zh" else f"the {name.en} of {owner}"
    told = {field: found.told(field) if found else None for field in FIELDS}
    body: dict[str, Any] = {"office": named, "place": owner, "line": line, **{f: t.text if t else None for f, t in told.items()}}
    body["checked"] = {f: mark(t.checked) for f, t in told.items() if t}
    body["text"] = _text(named, found, str(line), language)
    return body


def mark(checked: Checked) -> dict[str, Any]:
    """How a thing is known, as the REST contract shows it; `by`: the office that confirmed it."""
    by = {"by": checked.by} if checked.by else {}
    return {"how": checked.how, "confidence": checked.confidence, "on": checked.on.isoformat(), **by}


def confirmed_by(checked: Checked, language: str) -> str | None:
    """Which office confirmed it on which day, as a sentence."""
    if checked.by is None:
        return None
    return _SAYS["confirmed"][language].format(by=checked.by, day=amount(checked.on, "date", language))


def confirmations_of(entry: Entry) -> list[Checked]:
    """The marks of offices on a measure: on its validity, its figures and its conditions, newest first, each office and day once."""
    marks = [entry.measure.valid.checked, *(v.checked for f in entry.measure.figures.values() for v in f.history)]
    marks += [p.condition.checked for p in entry.conditions]
    found = {(m.by, m.on): m for m in marks if m.by is not None}
    return sorted(found.values(), key=lambda m: m.on, reverse=True)


def _text(named: str, window: Window | None, line: str, language: str) -> str:
    told: dict[Field, Told] = {f: t for f in FIELDS if window and (t := window.told(f))}
    if not told:
        return _SAYS["none"][language].format(office=named, line=line)
    names, joint, stop = _NAMES[language], ("、", "。") if language == "zh" else (", ", ". "), ("：" if language == "zh" else ": ")
    gap = "" if language == "zh" else " "
    facts = ("，" if language == "zh" else ", ").join(f"{names[f]}{gap}{t.text}" for f, t in told.items())
    said = [f"{named}{stop}{facts}{joint[1]}"]
    unknown = joint[0].join(names[f] for f in FIELDS if f not in told)
    unsure = joint[0].join(names[f] for f, t in told.items() if not t.checked.sure)
    said += [_SAYS[key][language].format(fields=f, line=line) for key, f in (("part", unknown), ("unsure", unsure)) if f]
    said += dict.fromkeys(s for t in told.values() if (s := confirmed_by(t.checked, language)))
    return gap.join(s.strip() for s in said)
