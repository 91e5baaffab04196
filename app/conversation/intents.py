"""What each intent does: interruptions are answered and the open question comes back; what is told goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.conversation import answering, asking, trouble
from app.conversation.draft import HOTLINE, Draft
from app.conversation.facts import News, news, said_back
from app.conversation.opening import OPENING
from app.conversation.others import facts_of
from app.conversation.picture import of_kind
from app.conversation.progress import again, ask, go_on, not_known, nothing
from app.conversation.prompts import whose
from app.conversation.standing import amounts, listed, overview, own_measures, standing, training
from app.conversation.state import OTHER, SELF
from app.conversation.taking import hear
from app.conversation.world import Understood


def named(d: Draft, text: str) -> bool:
    """A button with the name of a measure, or one that does something."""
    for entry in d.world.catalog.entries.values():
        if text in (entry.measure.name.zh, entry.measure.name.en):
            return about(d, "ask_measure", [entry.id])
    for key, act in BUTTONS.items():
        if any(text == d.world.replies.say(key, language) for language in ("zh", "en")):
            act(d)
            return True
    return False


def _ask_on(d: Draft) -> None:
    d.happen("round")
    ask(d)


def about(d: Draft, intent: str, named: Sequence[str], text: str = "") -> bool:
    """Answers a question about a measure, then asks the open question again."""
    d.aside = True
    if not answering.measure(d, intent, named, text):
        _which_measure(d)
    again(d)
    return True


def _which_measure(d: Draft) -> None:
    d.say("which_measure")
    d.press(*(d.world.catalog.entries[i].measure.name.of(d.language) for i in d.found.shown_first[:3]))


def _asked_about(intent: str) -> Callable[[Draft, str, Understood], None]:
    def run(d: Draft, text: str, understood: Understood) -> None:
        if not understood.measures and not understood.facts and answering.unheard_of(d, text):
            d.aside = True
            not_known(d)
            _back(d)
            return
        told = bool(understood.facts) and not understood.about_other
        if told:
            hear(d, [news(h) for h in understood.facts], understood.removed)
        named = answering.meant(d, text, understood.measures)
        kind = None if named else answering.other_kind(d, text, told)
        if kind:
            _of_kind(d, kind)
        elif told and not named:
            go_on(d)
        elif named or d.state.focus or not _at_large(d, intent):
            about(d, intent, named, text)

    return run


def _of_kind(d: Draft, kind: str) -> None:
    d.aside = True
    listed(d, of_kind(kind))
    _back(d)


def _at_large(d: Draft, intent: str) -> bool:
    """Whether a question about nothing in particular could be answered."""
    return _money(d) if intent == "ask_amount" else intent == "ask_measure" and _open_question(d)


def _money(d: Draft) -> bool:
    """How much, of nothing in particular: what the person may hope for, with its worth."""
    d.aside = True
    return amounts(d) and _back(d)


def _open_question(d: Draft) -> bool:
    """What there is, of nothing in particular."""
    if d.state.case.shown:
        return False
    d.aside = True
    overview(d)
    return _back(d)


def _back(d: Draft) -> bool:
    again(d) if d.state.case.asking else ask(d)
    return True


def summary(d: Draft) -> None:
    """What stands: with something known what the person can get, else what there is."""
    d.aside = True
    if any(v == "sector" or v.endswith("_place") or (v.startswith("needs.") and v != "needs.information") for v in d.state.case.facts):
        standing(d, whole=True)
    else:
        overview(d)
    if d.state.prompt is None:
        again(d) if d.state.case.asking else ask(d)


def _ask_summary(d: Draft, _: str, understood: Understood) -> None:
    hear(d, [news(h) for h in understood.facts], understood.removed)
    summary(d)


def _aside(act: Callable[[Draft], None]) -> Callable[[Draft, str, Understood], None]:
    """An interruption: answered, then the open question again."""

    def run(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
        d.aside = True
        act(d)
        again(d)

    return run


def _why_asked(d: Draft) -> None:
    variable = d.state.case.asking
    if variable is None:
        d.say("source_first")
        return
    d.say("why_asked", why=d.world.catalog.facts[variable.partition(".")[0]].why.of(d.language))


def _questions_left(d: Draft) -> None:
    left = len(asking.questions(d.world, d.state.case, d.found)) + (d.state.case.asking is not None)
    if left:
        d.say("left", count=left)
    else:
        d.say("done")


def _leave(how: str, key: str) -> Callable[[Draft], None]:
    """The open question is over without an answer."""

    def run(d: Draft) -> None:
        variable = d.state.case.asking
        if variable is not None:
            d.happen("closed", fact=variable, how=how)
            d.say(key)
            if how == "unknown":
                _hangs_on(d, variable)
        go_on(d)

    return run


def _hangs_on(d: Draft, variable: str) -> None:
    waiting = [v.id for v in d.found.verdicts if variable in v.missing and v.measure.entry.measure.prominence == "main"]
    if waiting:
        d.say_names("hangs_on", waiting, 2)


LEAVE = {
    "dont_know": _leave("unknown", "unknown_kept"),
    "skip": _leave("skipped", "skipped"),
    "refuse": _leave("refused", "refused"),
}


def _left(intent: str) -> Callable[[Draft, str, Understood], None]:
    def run(d: Draft, _: str, understood: Understood) -> None:
        hear(d, [news(h) for h in understood.facts], understood.removed)
        LEAVE[intent](d)

    return run


def _only(*keys: str) -> Callable[[Draft, str, Understood], None]:
    """Said, and nothing asked."""

    def run(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
        d.keep = False
        for key in keys:
            d.say(key)

    return run


def _undo(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
    d.aside = True
    had = d.state.before
    d.happen("undone")
    d.say("undone" if had else "nothing_to_undo")
    again(d) if d.state.case.asking else ask(d)


def _repeat(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
    d.aside = True
    last = d.before.last
    if last is None:
        d.say("nothing_to_repeat")
        ask(d)
        return
    if d.before.version not in (None, d.world.catalog.version):
        standing(d)
        return
    d.proof.named(last["text"].split("\n"))  # it was guarded when it was said, and the catalogue is the same
    d.tell(last["text"])
    asked = d.state.case.asking
    if asked:
        d.left = max(1, len(asking.questions(d.world, d.state.case, d.found)) + 1)
        d.buttons += asking.buttons(d.world, asked, d.language)
    d.keep = False


def _which(d: Draft, text: str, understood: Understood) -> None:
    held = [v for v, h in d.state.case.facts.items() if h.counts][-3:]
    if not held:
        nothing(d, text, understood)
        return
    facts = [(v, said_back(d.world, v, d.state.case.facts[v], d.language)) for v in held]
    d.say("which_fact")
    d.press(*(words for _, words in facts))
    d.happen("prompted", kind="which", facts=[list(f) for f in facts])


def _switch(d: Draft, text: str, _: Understood) -> None:
    replies = d.world.replies
    other = "en" if d.language == "zh" else "zh"
    wanted = "en" if replies.is_aside("to_english", text) else "zh" if replies.is_aside("to_chinese", text) else other
    d.happen("spoke", language=wanted)
    d.say("switched")
    again(d) if d.state.case.asking else ask(d)


def _about_other(d: Draft, text: str, understood: Understood) -> None:
    whose(d, [n.data() for n in _of_theirs(d, text)], [news(h).data() for h in understood.facts])


def _of_theirs(d: Draft, text: str) -> list[News]:
    """What a message tells of the other person."""
    told = list(facts_of(d, text, None))
    if _of_a_woman(d, text) and not any(n.fact == "gender" for n in told):
        told.append(News("gender", "female", quote=text[:40]))
    return told


def _second_person(d: Draft, text: str, understood: Understood) -> None:
    if d.state.who == SELF:
        d.happen("turned", who=OTHER)
        d.say("for_other")
    known = d.state.case.facts
    told = [n for n in _of_theirs(d, text) if n.fact != "gender" or "gender" not in known]
    if told:
        hear(d, told, understood.removed)
        go_on(d)
    elif d.state.case.facts:
        go_on(d)
    else:
        d.say("for_other_ask")


def _of_a_woman(d: Draft, text: str) -> bool:
    """Whether the message says that the person asked for is a woman: 给我妈问, 我闺女想开店."""
    first = text.strip()[:FIRST_WORDS]
    return d.world.replies.is_aside("of_a_woman", text) or d.world.replies.is_aside("woman_first", first)


FIRST_WORDS = 3


def _back_to_me(d: Draft, _: str, understood: Understood) -> None:
    d.happen("turned", who=SELF)
    d.say("back_to_me")
    hear(d, [news(h) for h in understood.facts], understood.removed)
    go_on(d)


def _hearsay(d: Draft, text: str, understood: Understood) -> None:
    hear(d, [news(h) for h in understood.facts] if not understood.about_other else [])
    d.aside = True
    trouble.hearsay(d, text)
    again(d)


def _grievance(d: Draft, text: str, understood: Understood) -> None:
    d.aside = True
    items = [*(news(h) for h in understood.facts), *trouble.troubles(d, text, understood)]
    hear(d, items, understood.removed, echo=False)
    trouble.grievance(d, [n.fact for n in items if n.fact.startswith(trouble.TROUBLE)], understood.measures)
    again(d)


def _delete_my_data(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
    d.keep = False
    d.say("delete_sure")
    d.offer("b_delete", "b_keep")
    d.happen("prompted", kind="delete")


def _restart(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
    d.happen("restarted")
    d.say("restarted")
    d.tell(OPENING[d.language])


def _what_if(d: Draft, text: str, understood: Understood) -> None:
    if not understood.supposed:
        _asked_about("ask_measure")(d, text, understood)
        return
    d.aside = True
    hear(d, [news(h) for h in understood.facts if h.certainty == "stated"])
    answering.what_if(d, [news(h) for h in understood.supposed])
    _back(d)


def _goodbye(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
    d.keep = False
    d.say("goodbye", phone=HOTLINE)


def _meaning(d: Draft, _: str, understood: Understood) -> None:
    d.aside = True
    if not understood.words and understood.measures:
        answering.measure(d, "ask_measure", understood.measures)
    elif not understood.words and d.state.case.asking and not d.state.case.asking.startswith("needs"):
        hint = d.world.catalog.facts[d.state.case.asking.partition(".")[0]].help
        d.tell((hint or d.world.catalog.facts[d.state.case.asking.partition(".")[0]].why).of(d.language))
    else:
        answering.meaning(d, understood.words)
    again(d)


def _greet(d: Draft, _: str, understood: Understood) -> None:
    if understood.facts:
        hear(d, [news(h) for h in understood.facts], understood.removed)
        go_on(d)
        return
    d.keep = False
    if d.state.case.asking:
        again(d)
    elif d.state.message <= 1 or not d.state.case.facts:
        d.say("greet")
    else:
        ask(d)


def _thanks(d: Draft, _: str, understood: Understood) -> None:
    d.keep = False
    d.say("thanks")
    hear(d, [news(h) for h in understood.facts], understood.removed)
    again(d)


def _gifts(d: Draft, _: str, understood: Understood) -> None:
    """Money that need not be paid back."""
    d.aside = True
    hear(d, [news(h) for h in understood.facts], understood.removed)
    d.say("gifts")
    listed(d, of_kind("grant"))
    _back(d)


def _turned_away(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
    """An office says that there is no such thing: what to show there, whom to call."""
    d.aside = True
    d.say("turned_away")
    d.say("turned_away_call", phone=HOTLINE)
    d.contact(HOTLINE)
    d.offer("b_note")
    _back(d)


def _what_to_do(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
    """Which trade to take up: theirs to decide; what support there is for each, and where to learn."""
    d.aside = True
    d.say("what_to_do")
    d.say("what_to_do_next")
    learn = training(d)
    if learn:
        d.say("what_to_do_learn")
        d.show(learn)
    _back(d)


def _county(d: Draft, _: str, understood: Understood) -> None:
    """What the county and the city give themselves, apart from the province and the nation."""
    d.aside = True
    hear(d, [news(h) for h in understood.facts], understood.removed)
    own_measures(d)
    _back(d)


def _says(*keys: str) -> Callable[[Draft, str, Understood], None]:
    """Answered in fixed words; then the open question, or the next one."""

    def run(d: Draft, _: str, understood: Understood) -> None:  # noqa: ARG001 - all handlers are called alike
        d.aside = True
        d.keep = False
        for key in keys:
            d.say(key)
        again(d) if d.state.case.asking else ask(d)

    return run


BUTTONS: Mapping[str, Callable[[Draft], object]] = {
    "b_amount": lambda d: about(d, "ask_amount", []),
    "b_bring": lambda d: about(d, "ask_materials", []),
    "b_where": lambda d: about(d, "ask_where", []),
    "b_all": lambda d: summary(d),
    "b_go_on": _ask_on,
    "b_note": trouble.ask_note,
}

HANDLERS: Mapping[str, Callable[[Draft, str, Understood], None]] = {
    "goodbye": _goodbye,
    **{intent: _asked_about(intent) for intent in answering.ABOUT_MEASURE},
    "ask_summary": _ask_summary,
    "ask_where_measure": _asked_about("ask_where"),
    "ask_how_long": _asked_about("how_long"),
    "ask_meaning": _meaning,
    "why_asked": _aside(_why_asked),
    "questions_left": _aside(_questions_left),
    "cancel": _only("cancelled"),
    "gifts": _gifts,
    "county": _county,
    "is_it_sure": _says("is_it_sure", "not_promised"),
    "turned_away": _turned_away,
    "what_to_do": _what_to_do,
    "rude": _says("rude"),
    "who_are_you": _says("who_are_you", "who_person"),
    "is_it_free": _says("is_it_free"),
    "my_privacy": _says("my_privacy", "my_privacy_delete"),
    "pause": _only("paused"),
    "distress": lambda d, _text, _u: trouble.distress(d),
    "talk_to_human": _aside(trouble.human),
    "to_english": _switch,
    "to_chinese": _switch,
    "switch_language": _switch,
    "which": _which,
    "dont_know": _left("dont_know"),
    "skip": _left("skip"),
    "refuse": _left("refuse"),
    "undo": _undo,
    "repeat": _repeat,
    "about_other": _about_other,
    "second_person": _second_person,
    "back_to_me": _back_to_me,
    "check_hearsay": _hearsay,
    "grievance": _grievance,
    "delete_my_data": _delete_my_data,
    "restart": _restart,
    "what_if": _what_if,
    "greet": _greet,
    "thanks": _thanks,
}
