"""Taking facts in: what is new, what is changed, what cannot be, what does not go together - and saying so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.conversation.draft import Draft
from app.conversation.facts import News, clashing, label, matched, parsed, phrase, possible, raw_profile, said_back
from app.conversation.facts import in_words as worded
from app.conversation.state import Held


def hear(d: Draft, items: Sequence[News], removed: Iterable[str] = (), *, correcting: bool = False, echo: bool = True) -> bool:
    """Takes facts in and says back what was understood. True when something was taken in or came to be asked about."""
    before, old = d.state.case, dict(d.state.case.facts)
    items, doubled = _one_each(items, correcting)
    gone = [v for v in removed if v in old and v not in {n.fact for n in items}]
    for fact in gone:
        d.happen("removed", fact=fact)
        d.say("taken_back", label=label(d.world, fact, d.language))
    enlarged = [] if correcting else _enlarged(d, items)
    items = enlarged or items
    sure = [n for n in items if n.status != "guessed" and _fits(d, n)]
    _moved_on(d, sure)
    kept, clash = _together(d, sure)
    for item in kept:
        d.happen("heard", **item.data())
    if d.state.case.asked and any(n.fact == "sector" or (n.fact.startswith("needs.") and n.value is True) for n in kept):
        d.happen("round")
    _guesses(d, items)
    unsure = _unsure_correction(d, items) if correcting or enlarged else None
    changed = [n for n in kept if n.fact in old and old[n.fact].counts and old[n.fact].value != n.value]
    _announce(d, [n for n in kept if n not in changed], changed, old, echo)
    if changed or gone:
        d.corrected = True
        _consequences(d, matched(d.world, before))
    if doubled or clash:
        d.later.append(lambda: _which(d, doubled, clash))
    elif unsure:
        _replace(d, unsure)
    return bool(kept or gone or doubled or clash or unsure)


STAGE, TRADE = "business_stage", "sector"
TO_BEGIN, BEGUN = ("idea", "preparing"), ("registered", "operating")


def _stage(d: Draft) -> str | None:
    held = d.state.case.facts.get(STAGE)
    return str(held.value) if held is not None and held.counts else None


def _enlarged(d: Draft, items: Sequence[News]) -> list[News]:
    """What is wished for by somebody whose business runs: it makes that no mere idea, and another trade only after a question. Empty where
    nothing of the kind is told."""
    if _stage(d) not in BEGUN or not any(n.fact == STAGE and n.value in TO_BEGIN for n in items):
        return []
    return [replace(n, status="guessed") if n.fact == TRADE else n for n in items if n.fact != STAGE]


def _moved_on(d: Draft, items: Sequence[News]) -> None:
    """A business told of as an idea that is registered by now: what stands against the new facts no longer counts."""
    stage = _stage(d)
    if stage not in TO_BEGIN or any(n.fact == STAGE for n in items):
        return
    if any(clashing(d.world, d.state.case, n) == [STAGE] for n in items):
        d.say("moved_on", old=worded(d.world, STAGE, d.state.case.facts[STAGE], d.language))
        d.happen("removed", fact=STAGE)


def _one_each(items: Sequence[News], correcting: bool) -> tuple[list[News], list[News]]:
    """One value for each fact. Two for one fact: the last when it corrects the first, else both are asked about."""
    by_fact: dict[str, list[News]] = {}
    for item in items:
        by_fact.setdefault(item.fact, []).append(item)
    doubled = [ns for ns in by_fact.values() if len({str((n.value, n.low, n.high)) for n in ns}) > 1 and not correcting]
    single = [ns[-1] for ns in by_fact.values() if ns not in doubled]
    return single, doubled[0] if doubled else []


def _fits(d: Draft, item: News) -> bool:
    if possible(d.world, item):
        return True
    if item.fact in d.world.catalog.variables:
        d.say("not_possible", quote=item.quote[:20] or label(d.world, item.fact, d.language))
        held = d.state.case.facts.get(item.fact)
        if held:
            d.say("kept_old", value=worded(d.world, item.fact, held, d.language))
    return False


def _together(d: Draft, items: Sequence[News]) -> tuple[list[News], News | None]:
    """Those that go together with each other and with what is held, and the first that does not."""
    world, case = d.world, d.state.case
    if parsed(world, raw_profile(world, case, items)) is not None:
        return list(items), None
    kept: list[News] = []
    clash: News | None = None
    for item in items:
        if parsed(world, raw_profile(world, case, [*kept, item])) is not None:
            kept.append(item)
        elif clash is None:
            clash = item
    return kept, clash


def _guesses(d: Draft, items: Sequence[News]) -> None:
    case = d.state.case
    for item in items:
        held = case.facts.get(item.fact)
        if item.status == "guessed" and not (held and held.counts) and item.fact not in case.rejected and possible(d.world, item):
            d.happen("heard", **item.data())


def _unsure_correction(d: Draft, items: Sequence[News]) -> News | None:
    """A guess that would take the place of something held."""
    facts = d.state.case.facts
    return next((n for n in items if n.status == "guessed" and _held_otherwise(facts.get(n.fact), n) and possible(d.world, n)), None)


def _held_otherwise(held: Held | None, item: News) -> bool:
    return held is not None and held.counts and held.value != item.value


def _replace(d: Draft, item: News) -> None:
    """Asks before a guess takes the place of what is held."""
    d.say("confirm", label=label(d.world, item.fact, d.language), value=worded(d.world, item.fact, item, d.language))
    d.happen("prompted", kind="replace", fact=item.fact, news=replace(item, status="confirmed").data())
    d.offer("b_right", "b_wrong")


def _announce(d: Draft, noted: Sequence[News], changed: Sequence[News], old: Mapping[str, Held], echo: bool) -> None:
    told = [n for n in noted if n.fact != UNSAID]
    if told and echo:
        _note(d, told)
    for item in changed:
        name = label(d.world, item.fact, d.language)
        was, now = worded(d.world, item.fact, old[item.fact], d.language), worded(d.world, item.fact, item, d.language)
        text = d.world.replies.say("changed", d.language, label=name, old=was, new=now)
        d.lines.append(text)
        d.blocks.append({"kind": "correction", "fact": item.fact, "label": name, "old": was, "new": now, "text": text})


def _note(d: Draft, noted: Sequence[News]) -> None:
    """What was understood: in the text a line or two, as a block a chip for each fact."""
    lines = d.several([phrase(d.world, n.fact, n, d.language) for n in noted], "noted", "noted_more")
    d.blocks.append({"kind": "summary", "of": "understood", "facts": [_chip(d, n) for n in noted], "text": "\n".join(lines)})


def _chip(d: Draft, item: News) -> dict[str, Any]:
    name, value = label(d.world, item.fact, d.language), worded(d.world, item.fact, item, d.language)
    return {
        "fact": item.fact,
        "label": name,
        "value": item.value,
        "text": value,
        "quote": item.quote,
        "short": phrase(d.world, item.fact, item, d.language),
    }


def _consequences(d: Draft, before: Any) -> None:
    """What a correction changes in the verdicts that matter, said aloud."""
    then = {v.id for v in before.found if v.verdict == "eligible"}
    now = {v.id: v for v in d.found.found if v.verdict == "eligible"}
    weights = d.found.weights
    gained = [v.id for v in d.found.verdicts if v.id in now and v.id not in then and weights[v.id] >= RELEVANT]
    lost = [v.id for v in before.verdicts if v.id in then and v.id not in now and (weights[v.id] >= RELEVANT or v.id in d.state.case.shown)]
    if gained:
        d.say_names("now_open", gained)
    if lost:
        d.say_names("now_closed", lost)
    if not gained and not lost:
        d.say("nothing_else_changed")


RELEVANT = 0.3
UNSAID = "needs.information"
"""Who asks what there is hears the answer, not that they asked."""


def _which(d: Draft, doubled: Sequence[News], clash: News | None) -> None:
    """Two values for one fact, or two facts that cannot both be: the person says which."""
    choices: list[tuple[str, dict[str, Any]]] = []
    if doubled:
        d.say("which_value", label=label(d.world, doubled[0].fact, d.language))
        choices = [(said_back(d.world, n.fact, n, d.language), {"news": n.data(), "without": []}) for n in doubled]
    elif clash:
        item, against = clash, clashing(d.world, d.state.case, clash)
        new = said_back(d.world, item.fact, item, d.language)
        facts = d.state.case.facts
        old = "；".join(said_back(d.world, v, facts[v], d.language) for v in against if v in facts)
        d.say("clash", new=new, old=old)
        choices = [(new, {"news": item.data(), "without": [v for v in against if v in facts]}), (old, {"news": None, "without": []})]
    d.proof.own += "\n".join(text for text, _ in choices)
    d.press(*(text for text, _ in choices))
    d.happen("prompted", kind="choose", choices=[[text, what] for text, what in choices])


def chosen(d: Draft, prompt: Mapping[str, Any], text: str) -> bool:
    """The answer to `_which`, when it is one."""
    for label_, what in prompt["choices"]:
        if text.strip() == label_:
            for fact in what["without"]:
                d.happen("removed", fact=fact)
            if what["news"]:
                hear(d, [News(**what["news"])])
            return True
    return False


def impact(d: Draft, item: News) -> bool:
    """Whether a guess, if it were true, would change the verdict of a measure that matters to the person."""
    then = {v.id: v.verdict for v in matched(d.world, d.state.case, [item]).found}
    weights = d.found.weights
    return any(then[v.id] != v.verdict and weights[v.id] >= RELEVANT for v in d.found.found)
