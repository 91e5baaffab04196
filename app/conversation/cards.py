"""Measures as cards: what a person gets, why, what to bring, where, with source and mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.catalog.prose import placeholders
from app.conversation.world import World
from app.matching.match import Match, match
from app.wording.amounts import BOUND
from app.wording.answer import answer

MOST_WHY = 4
SUMS = ("CNY", "percent")


def bodies(world: World, found: Match, ids: Sequence[str], language: str) -> dict[str, dict[str, Any]]:
    """Measures as POST /v1/match has them."""
    some = match(world.day, found.profile, found.as_of, list(ids))
    answers = {body["measure"]: body for body in answer(some, language)["verdicts"]}
    return {name: answers[name] for name in ids if name in answers}


def card(world: World, body: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The block of a measure."""
    phone = body["apply"]["phone"] or "12345"
    sure = body["confirmed"]
    return {
        "kind": "measure_card",
        "id": body["measure"],
        "measure": body["measure"],
        "name": body["name"],
        "verdict": body["verdict"],
        "amount": worth(body, world, language),
        "text": body["gives"],
        "why": [r["plain"] for r in body["reasons"] if r["outcome"] == "met"][:MOST_WHY],
        "bring": list(body["apply"]["materials"]),
        "where": body["apply"]["where"],
        "phone": phone,
        "citation": source(world, body, language),
        "confirmed": sure,
        "unconfirmed": None if sure else world.replies.say("unconfirmed", language, phone=phone),
        "valid_until": body["valid_until"],
        "link": f"/m/{body['measure']}",
    }


def worth(body: Mapping[str, Any], world: World, language: str) -> str | None:
    """What a person would get, in words: the estimate for them, else the largest sum that the measure's own text names."""
    for estimated in body["estimate"].values():
        return amount_line(estimated["label"], estimated["text"], language)
    if body["kind"] not in ("grant", "loan", "tax_relief", "insurance"):
        return None
    named = [body["figures"].get(name) for name in placeholders(world.catalog.entries[body["measure"]].measure.gives.zh)]
    sums = [f for f in named if f and "text" in f and str(f["unit"]).startswith(SUMS)]
    figure = next((f for f in sums if f["bound"] == "at_most" and str(f["unit"]).startswith("CNY")), sums[0] if sums else None)
    return amount_line(figure["label"], figure["text"], language) if figure else None


def amount_line(name: str, text: str, language: str) -> str:
    """A sum with its name; “at most” is said once."""
    if language != "zh":
        return f"{name}: {text}"
    text, per = _rate(text)
    if "最" in name:
        text = text.removeprefix(BOUND["zh"]["at_most"])
    text = text if per in name else per + text
    return f"{name}{text}" if name.endswith("的") else f"{name}：{text}"


def _rate(text: str) -> tuple[str, str]:
    """A sum and what it is for: 3000元（每人每年） is 3000元, 每人每年."""
    head, open_, tail = text.partition("（每")
    return (head, "每" + tail.removesuffix("）")) if open_ and tail.endswith("）") else (text, "")


def source(world: World, body: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The document that a measure rests on: that of its figures or conditions before that of its dates."""
    for reason in body["reasons"]:
        if reason["condition"] not in ("place", "valid"):
            return dict(reason["citation"])
    for figure in body["figures"].values():
        if "citation" in figure:
            return dict(figure["citation"])
    return world.voice(language).citation(world.catalog.entries[body["measure"]].measure.valid.cite)


def sentences(text: str) -> list[str]:
    """A text one idea a line."""
    found, start = [], 0
    for n, sign in enumerate(text):
        ends = sign in "。！？" or (sign in ".!?" and (n + 1 == len(text) or text[n + 1] == " "))
        if ends:
            found.append(text[start : n + 1].strip())
            start = n + 1
    rest = text[start:].strip()
    return [*found, rest] if rest else found
