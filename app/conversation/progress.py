"""Going on: the best matches as soon as any are certain, unmet needs said plainly, then one question at a time."""

from __future__ import annotations

from collections.abc import Sequence

from app.conversation import asking
from app.conversation.draft import HOTLINE, Draft
from app.conversation.facts import News, in_words, label
from app.conversation.naming import name_hopes, unmet
from app.conversation.picture import Hopes, hoped, hopes, registered, sure
from app.conversation.standing import FIRST_CARDS, awaits_county, own_measures, standing
from app.conversation.taking import impact
from app.conversation.world import Understood
from app.matching.order import LAST_KINDS

MOST_TRIES = 3
MOST_GUESSES = 3
NEW_START = ("sector", "home_place", "needs")
"""A turn that brings one of these shows up to three cards; others at most one more."""


def go_on(d: Draft, *, guess: bool = False) -> None:
    """What follows once the facts of a message are taken in. `guess`: it was nothing but a guess."""
    if d.state.case.facts and d.state.prompt is None:
        if awaits_county(d):
            own_measures(d)
        matches(d)
        unmet(d)
    if not d.raise_doubts() and d.state.prompt is None and not confirm(d, alone=guess):
        ask(d)


def matches(d: Draft) -> None:
    """The best matches that were not shown yet; where the person brought something new also what is not settled, with what it is worth."""
    shown = d.state.case.shown
    certain = sure(d)
    began = bool({v.partition(".")[0] for v, held in d.state.case.facts.items() if held.message == d.state.message} & set(NEW_START))
    hope = hopes(d) if began or not shown else None
    most = (FIRST_CARDS if not (hope and (hope.near or hope.after)) else FIRST_CARDS - 1) if began or not shown else 1
    new = [i for i in certain if i not in shown]
    then = d.before_found(new) if shown else {}
    if d.corrected or (shown and not began):
        new = [i for i in new if then.get(i) != "eligible"]
    new = new[:most]
    if new:
        _cards(d, new, certain, also="also_open" if any(then.get(i) == "eligible" for i in new) else "also_now")
    _settled(d)
    if hope:
        name_hopes(d, "nearly", hope.near, hope)
        name_hopes(d, "after_registration", hope.after, hope)
        if not d.state.case.shown and not hoped(d):
            _something(d)


def _something(d: Draft) -> None:
    """Where nothing fits what was told: what comes nearest, so that nobody goes away with nothing."""
    waiting = [v.id for v in d.found.verdicts if v.id in d.found.shown_first and v.verdict == "unknown"]
    if waiting:
        name_hopes(d, "nearly", waiting[:2], Hopes(waiting, (), d.found))
        return
    anyone = [v.id for v in d.found.verdicts if v.verdict == "eligible" and v.measure.entry.measure.kind not in LAST_KINDS]
    if anyone:
        _cards(d, anyone[:1], anyone[:1])


def _settled(d: Draft) -> None:
    """A hope that came to nothing is said to be so, with the reason; one a turn."""
    named = hoped(d)
    if not named:
        return
    then = d.before_found(named)
    now = {v.id: v.verdict for v in d.found.found}
    name = next((n for n in named if then.get(n) == "unknown" and now.get(n) == "not_eligible"), None)
    if name is not None and all(v.verdict == "not_eligible" for v in registered(d, [name]).found):
        body = d.body(name)
        reason = next((r for r in body["reasons"] if r["outcome"] == "failed"), None)
        d.say("hope_gone", name=body["name"])
        if reason:
            d.say("because_short", plain=reason["plain"].strip().rstrip("。."))


def _cards(d: Draft, new: Sequence[str], certain: Sequence[str], also: str = "also_now") -> None:
    shown = d.state.case.shown
    if not shown and len(new) > 1:
        d.say("can_get", count=len(new))
    else:
        d.say(also if shown else "can_get_one")
    d.show(new)
    rest = len([i for i in certain if i not in (*shown, *new)])
    if rest and not shown:
        d.say("more", count=rest)
        d.offer("b_all")


def confirm(d: Draft, *, alone: bool = False) -> bool:
    """Asks about a guess that would change something; True when it did. `alone`: about any, as the message told nothing else."""
    case = d.state.case
    guesses = [(v, h) for v, h in case.facts.items() if h.status == "guessed" and f"confirm:{v}" not in case.told]
    if not case.shown and not case.asked and not alone:  # the first question is the one that leads to something
        guesses = [(v, h) for v, h in guesses if v.partition(".")[0] in NEW_START]
    if alone:  # what was just said, not what was guessed before
        guesses = [(v, h) for v, h in guesses if h.message == d.state.message]
    for fact, held in guesses[-MOST_GUESSES:]:
        item = News(fact, held.value, held.low, held.high, held.approximate, held.quote, held.method, "confirmed")
        if alone or impact(d, item):
            d.say("confirm", label=label(d.world, fact, d.language), value=in_words(d.world, fact, held, d.language))
            d.happen("told", need=f"confirm:{fact}")
            d.happen("prompted", kind="confirm", fact=fact)
            d.offer("b_right", "b_wrong")
            d.left = len(asking.questions(d.world, d.state.case, d.found)) + 1
            return True
    return False


def ask(d: Draft) -> None:
    """The open question again if it is still open, else the next one, else the end."""
    if d.raise_doubts():
        return
    settle(d)
    if d.state.case.asking is not None:
        again(d)
        return
    listed = asking.questions(d.world, d.state.case, d.found)
    if listed:
        put(d, listed[0], len(listed))
    else:
        finish(d)


def settle(d: Draft) -> None:
    """Drops the open question when something else answered it."""
    variable = d.state.case.asking
    if variable is None:
        return
    known = d.found.profile
    needed = asking.asks_set(d.world, variable) and any(v.startswith(f"{variable}.") for v in known.stated)
    if needed or (variable in known.known and variable not in known.assumed):
        held = known.known[variable] if not needed else None
        if needed or not isinstance(held, tuple) or variable in known.stated:
            d.happen("answered", fact=variable)


def put(d: Draft, variable: str, left: int) -> None:
    """A question for the first time."""
    d.left = left
    d.happen("asked", fact=variable)
    d.put(variable, asking.wording(d.world, variable, d.language))
    if asking.is_sensitive(d.world, variable):
        d.line("why_sensitive", why=d.world.catalog.facts[variable.partition(".")[0]].why.of(d.language))
    if left == 1:
        d.line("last")
    else:
        d.line("left", count=left)


def again(d: Draft) -> None:
    """The open question once more, in shorter words; the next one where what was said beside it answered it."""
    if d.state.case.asking is not None:
        settle(d)
        if d.state.case.asking is None:
            ask(d)
            return
    variable = d.state.case.asking
    if d.raise_doubts() or variable is None:
        return
    d.left = max(1, len(asking.questions(d.world, d.state.case, d.found)) + 1)
    d.put(variable, d.world.replies.say("again", d.language, question=asking.wording(d.world, variable, d.language)))


def missed(d: Draft, reason: str = "not_understood") -> None:
    """A message that did not answer the open question: other words with a hint, then buttons, then it is let go."""
    variable = d.state.case.asking
    if variable is None:
        d.say(reason)
        ask(d)
        return
    d.happen("tried")
    if d.state.case.tries >= MOST_TRIES:
        d.happen("closed", fact=variable, how="failed")
        d.say("let_go")
        ask(d)
        return
    d.say(reason)
    d.left = len(asking.questions(d.world, d.state.case, d.found)) + 1
    hint = d.world.catalog.facts[variable.partition(".")[0]].help
    if d.state.case.tries == 1:
        d.put(variable, d.world.replies.say("reworded", d.language, question=asking.wording(d.world, variable, d.language)))
        if hint:
            d.tell(hint.of(d.language))
    else:
        d.put(variable, asking.wording(d.world, variable, d.language))
        d.say("choose")
        d.offer("b_skip")


def finish(d: Draft) -> None:
    """Nothing more to ask: said once with what stands."""
    done = f"done:{d.state.case.before_round}"
    if done in d.state.case.told:
        return
    d.happen("told", need=done)
    more = bool(asking.worth_asking(d.world, d.state.case, d.found))
    d.say("round_done" if more else "done")
    standing(d)
    if more:
        d.say("more_questions")
        d.offer("b_go_on")


def not_known(d: Draft) -> None:
    """A question that the catalogue does not answer: said so, with whom to ask."""
    d.say("not_known", phone=HOTLINE)
    d.contact(HOTLINE)


def nothing(d: Draft, text: str, understood: Understood) -> None:
    """A message that told nothing."""
    if d.lines:  # something was refused and said to be so
        again(d) if d.state.case.asking else ask(d)
        return
    asked = d.state.case.asking
    if understood.intent in ("affirm", "deny") and not asked:
        ask(d)
        return
    if asked is None and any(c.isdigit() for c in text) and len(text) <= 12:
        d.happen("not_understood", reason="bare_number")
        d.say("bare_number", quote=text)
        ask(d)
        return
    d.happen("not_understood", reason=understood.intent)
    if understood.intent == "unclear" and understood.asks:
        not_known(d)
        again(d) if asked else ask(d)
        return
    missed(d, "out_of_scope" if understood.intent == "out_of_scope" and not asked else "not_understood")
