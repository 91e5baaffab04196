"""From a message to what it says: the way through the room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from app.understanding.answers import denies_else, heard_as_answer
from app.understanding.bare import bare_numbers
from app.understanding.candidates import Candidate
from app.understanding.ellipsis import left_out
from app.understanding.family import family_facts
from app.understanding.fitting import fitting
from app.understanding.heard import Heard, Understood
from app.understanding.intents import Told, also_asked, intent_of
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked, mark
from app.understanding.normalise import Normalised, normalise
from app.understanding.opinion import weighed
from app.understanding.quantities import quantities
from app.understanding.resolve import resolved
from app.understanding.righted import denials, put_right, without
from app.understanding.rules import heard_by_rules
from app.understanding.scope import Scope, scope_of
from app.understanding.shape import Shape, shape_of
from app.understanding.shortfall import shortfalls
from app.understanding.sofar import OF_TIME, so_far
from app.understanding.supposed import only_supposed, supposable
from app.understanding.trades import given_up, hired_at, named_trades, trade_facts
from app.understanding.whereabouts import years_away

SECTOR = "sector"
LONGEST = 2_000
"""Characters that are read; what comes after them in one message is not."""


def understand(text: str, lexicon: Lexicon, as_of: dt.date, asking: str | None = None) -> Understood:
    """What a message says. `asking` is the fact (or dotted option) that was just asked for: it has the first claim on a bare value."""
    plain = lexicon.homophones.respell(normalise(text[:LONGEST], lexicon.traditional))
    marked = _marked(plain, lexicon, as_of)
    if lexicon.cue("asks_us", marked.text) and not lexicon.cue("not_asks_us", marked.text):
        asking = None
    scope = scope_of(marked, lexicon, asking)
    rules = list(heard_by_rules(marked, scope, lexicon, asking))
    found = _found(marked, scope, rules, lexicon, asking, plain)
    shape, stated = shape_of(marked, named_trades(rules), asking), resolved(found, marked, lexicon, asking)
    away = any(c.fact == "working_place" or (c.fact == "return_status" and c.value != "returned") for c in stated)
    about_other = lexicon.cue("about_other", marked.text) is not None
    aside = frozenset(t.start for t in shape.trades) if about_other else hired_at(marked, rules, lexicon, scope) if away else frozenset()
    told = weighed(stated, shape, scope, lexicon.classifier, asking, aside)
    facts = tuple(_heard(c, marked, plain, text) for c in told)
    if denial := denials(marked, scope, lexicon):
        facts = put_right(facts, _alone(without(plain, denial), as_of, lexicon, asking, text), [plain.raw_span(*span) for span in denial])
    supposed = _supposed(plain, marked, scope, lexicon, text) if scope.what_if else ()
    hearsay = _spans(scope.hearsay, marked, plain)
    measures, words = lexicon.measures.find(plain.text), lexicon.glossary.find(plain.text)
    heard = Told(frozenset(f.fact for f in facts if f.certainty == "stated"), bool(hearsay), bool(measures), bool(words))
    intent = intent_of(marked.text, lexicon, asking, heard, plain.text)
    also = also_asked(marked.text, lexicon, heard) if intent == "tell_facts" else None
    return Understood(
        text, intent, facts, ("sector",) if given_up(marked, rules, lexicon) else (), measures, words if intent == "ask_meaning" else (),
        hearsay, about_other, bool(scope.what_if), supposed, "?" in text or "？" in text or lexicon.cue("question", marked.text) is not None, also,
    )  # fmt: skip


def shaped(text: str, lexicon: Lexicon, as_of: dt.date, asking: str | None = None) -> Shape:
    """A message as the classifier sees it."""
    marked = _marked(lexicon.homophones.respell(normalise(text[:LONGEST], lexicon.traditional)), lexicon, as_of)
    return shape_of(marked, named_trades(list(heard_by_rules(marked, scope_of(marked, lexicon, asking), lexicon, asking))), asking)


def _found(
    marked: Marked, scope: Scope, rules: list[Candidate], lexicon: Lexicon, asking: str | None, plain: Normalised
) -> list[Candidate]:
    """Every fact in a message whose rules have spoken, wrong and doubled ones included."""
    trades = trade_facts(marked, rules, lexicon, scope, asking)
    if asking == SECTOR and lexicon.cue("tells_else", marked.text):
        trades = [replace(c, sure=False) for c in trades]
    found = [
        *rules,
        *trades,
        *family_facts(marked, scope, lexicon),
        *left_out(marked, scope, lexicon),
    ]
    found += shortfalls(marked, scope, lexicon, asking)
    found += years_away(marked, scope, found, lexicon)
    found += so_far(marked, scope, found, lexicon, asking)
    if asking:
        if denies_else(marked.text, lexicon, asking):
            found = [c for c in found if c.fact != asking or c.value is not False]
        taken = {c.start for c in found if c.fact in OF_TIME and c.fact != asking and c.sure}
        found += [c for c in heard_as_answer(marked, scope, lexicon, asking, plain.text) if c.fact not in OF_TIME or c.start not in taken]
        if asked := lexicon.facts.get(asking.partition(".")[0]):
            found = bare_numbers(found, marked, asked)
    return fitting(found, asking)


def _supposed(plain: Normalised, marked: Marked, scope: Scope, lexicon: Lexicon, text: str) -> tuple[Heard, ...]:
    """What the message supposes, heard as if it were told."""
    return supposable(_alone(only_supposed(plain, marked, scope, lexicon), marked.as_of, lexicon, None, text))


def _alone(part: Normalised, as_of: dt.date, lexicon: Lexicon, asking: str | None, text: str) -> tuple[Heard, ...]:
    """The facts of a message of which some is blank."""
    marked = _marked(part, lexicon, as_of)
    scope = scope_of(marked, lexicon, asking)
    rules = list(heard_by_rules(marked, scope, lexicon, asking))
    found = resolved(_found(marked, scope, rules, lexicon, asking, part), marked, lexicon, asking)
    return tuple(_heard(c, marked, part, text) for c in found)


def _marked(plain: Normalised, lexicon: Lexicon, as_of: dt.date) -> Marked:
    fillers = lexicon.cues["fillers"][0]
    return mark(plain.text, quantities(plain.text, as_of), lexicon.places.find(plain.text), fillers, as_of)


def _heard(c: Candidate, marked: Marked, plain: Normalised, text: str) -> Heard:
    start, end = plain.raw_span(*marked.span(c.start, c.end))
    certainty = "stated" if c.sure else "guessed"
    return Heard(c.fact, c.value, c.low, c.high, c.approximate, certainty, start, end, text[start:end])


def _spans(signs: Iterable[int], marked: Marked, plain: Normalised) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for at in sorted(signs):
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return tuple(plain.raw_span(*marked.span(start, end)) for start, end in runs)
