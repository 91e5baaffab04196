"""Saying names: of measures that are not settled yet, and of needs that nothing meets."""

from __future__ import annotations

from collections.abc import Sequence

from app.catalog.gaps import Gap
from app.conversation.asking import NEAR
from app.conversation.cards import worth
from app.conversation.draft import HOTLINE, Draft
from app.conversation.facts import label
from app.conversation.picture import Hopes
from app.matching.gaps import fitting


def name_hopes(d: Draft, key: str, names: Sequence[str], hope: Hopes, *, again: bool = False) -> None:
    """What people come for and cannot be promised yet, each named once unless asked for again, with what it would be worth to them."""
    new = [n for n in names if again or (f"{NEAR}{n}" not in d.state.case.told and n not in d.state.case.shown)]
    if not new:
        return
    d.say(key)
    items = []
    for name, body in d.some(new, hope.then).items():
        amount = worth(body, d.world, d.language)
        d.line("card_line", name=body["name"])
        if amount:
            d.lines.append(d.of_whom(f"  {amount}"))
        items.append({"id": name, "name": body["name"], **({"amount": amount} if amount else {})})
        if f"{NEAR}{name}" not in d.state.case.told:
            d.happen("told", need=f"{NEAR}{name}")
    d.blocks.append({"kind": "summary", "of": key, "text": "", "items": items})


def unmet(d: Draft) -> None:
    """Needs that nothing meets, each said once, with the nearest help: what is known of the gap, else whom to ask."""
    new = [need for need in d.found.unmet_needs if need not in d.state.case.told]
    said = _gap(d, new)
    for need in new:
        if said is not None and need in said.needs:
            d.happen("told", need=need)
            continue
        d.say("unmet", need=label(d.world, f"needs.{need}", d.language))
        d.happen("told", need=need)
    if new:
        d.say("unmet_call", phone=HOTLINE)
        d.contact(HOTLINE)


def _gap(d: Draft, unmet_needs: Sequence[str]) -> Gap | None:
    """What nobody gives to somebody like this, and what comes nearest; one a turn, each once. None when there is nothing to say."""
    case = d.state.case
    fresh = [g for g in fitting(d.found) if f"gap:{g.id}" not in case.told]
    found = next((g for g in fresh if g.tell == "once" or set(g.needs) & set(unmet_needs)), None)
    if found is None or found.but is None:
        return None
    d.happen("told", need=f"gap:{found.id}")
    d.tell(found.missing.of(d.language))
    d.tell(found.but.of(d.language))
    return found
