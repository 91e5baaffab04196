"""One person at the counter: facts taken in from the form or from what they say, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.catalog.catalog import Variable
from app.catalog.places import PlaceError
from app.conversation import World
from app.conversation.facts import News, clashing, in_words, label, news, possible, said_back
from app.conversation.state import Case, Held
from app.understanding import understand

LONGEST_LINE = 500
"""Characters of what is typed at once."""
NOTHING = "这句没听出能用的信息。换个说法，或者在下面直接填。"
OTHER = "这句说的像是别人。要给他也看看，就加一位家里人。"
YES, NO = "true", "false"


@dataclass(frozen=True)
class Person:
    """Somebody at the counter: no name, a word for who it is in the household."""

    seq: int
    relation: str
    case: Case = field(default_factory=Case)

    def stored(self) -> tuple[dict[str, Any], list[str]]:
        """Facts and passed questions as the table keeps them. The person's own words are not kept."""
        facts = {name: {**asdict(held), "quote": "", "message": 0} for name, held in self.case.facts.items()}
        return facts, sorted(self.case.closed)


def person(seq: int, relation: str, facts: Mapping[str, Any], passed: Iterable[str]) -> Person:
    """A person as the table keeps them."""
    held = {name: Held(**kept) for name, kept in facts.items()}
    return Person(seq, relation, Case(facts=held, closed=dict.fromkeys(passed, "skipped")))


@dataclass(frozen=True)
class Taken:
    """A person after something was said or filled in: which facts are new or gone, and what could not be taken and why."""

    person: Person
    changed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def say(world: World, person: Person, text: str, asking: str | None) -> Taken:
    """What a person says, understood as the chat understands it. `asking`: the question that stands open."""
    found = understand(text[:LONGEST_LINE], world.lexicon, world.as_of, asking)
    if asking and found.intent == "dont_know" and not found.facts:
        return pass_over(person, asking)
    taken = _take(world, person, [news(h) for h in found.facts])
    gone = [v for v in found.removed if v in taken.person.case.facts and v not in taken.changed]
    for fact in gone:
        taken = _with(taken, remove(taken.person, fact))
    if taken.changed or taken.problems:
        return taken
    return replace(taken, problems=(OTHER if found.about_other else NOTHING,))


def fill(world: World, person: Person, fact: str, value: str) -> Taken:
    """A field of the form: its value as typed; an empty one takes the fact back."""
    item = world.catalog.variables.get(fact)
    if item is None:
        return Taken(person, problems=("表上没有这一项，请重新打开这一页。",))
    if not value.strip():
        return remove(person, fact)
    try:
        read = _read(world, item, value.strip())
    except ValueError as error:
        return Taken(person, problems=(f"{label(world, fact, 'zh')}：{error}",))
    return _take(world, person, [read])


def remove(person: Person, fact: str) -> Taken:
    """A fact taken back."""
    if fact not in person.case.facts:
        return Taken(person)
    left = {name: held for name, held in person.case.facts.items() if name != fact}
    return Taken(replace(person, case=replace(person.case, facts=left)), (fact,))


def pass_over(person: Person, fact: str) -> Taken:
    """A question that is not answered now."""
    return Taken(replace(person, case=replace(person.case, closed={**person.case.closed, fact: "skipped"})), (fact,))


def confirm(person: Person, fact: str, right: bool) -> Taken:
    """A guess said to be right or wrong."""
    held = person.case.facts.get(fact)
    if held is None or held.counts:
        return Taken(person)
    if not right:
        return remove(person, fact)
    facts = {**person.case.facts, fact: replace(held, status="confirmed")}
    return Taken(replace(person, case=replace(person.case, facts=facts)), (fact,))


def _take(world: World, person: Person, items: Sequence[News]) -> Taken:
    """Facts taken in one by one; what cannot be, or not beside what is known, is told instead."""
    taken = Taken(person)
    for item in items:
        taken = _with(taken, _take_one(world, taken.person, item))
    return taken


def _take_one(world: World, person: Person, item: News) -> Taken:
    if not possible(world, item):
        return Taken(person, problems=(f"{label(world, item.fact, 'zh')}：“{in_words(world, item.fact, item, 'zh')}”不像是对的，没有记。",))
    held = person.case.facts.get(item.fact)
    if item.status == "guessed" and held and held.counts:
        return Taken(person)
    against = clashing(world, person.case, item) if item.status != "guessed" else []
    if against:
        old = "、".join(said_back(world, v, person.case.facts[v], "zh") for v in against if v in person.case.facts)
        return Taken(person, problems=(f"“{said_back(world, item.fact, item, 'zh')}”和“{old}”不能都对，没有记。先改哪一条？",))
    values = {name: value for name, value in item.data().items() if name != "fact"}
    facts = {**person.case.facts, item.fact: Held(message=0, **values)}
    closed = {v: how for v, how in person.case.closed.items() if v != item.fact}
    return Taken(replace(person, case=replace(person.case, facts=facts, closed=closed)), (item.fact,))


def _with(before: Taken, after: Taken) -> Taken:
    return Taken(after.person, (*before.changed, *after.changed), (*before.problems, *after.problems))


# ---------------------------------------------------------------- a field of the form


def _read(world: World, item: Variable, value: str) -> News:
    """A field's value as a fact. Raises ValueError, in Chinese, for what cannot be read."""
    if item.type == "boolean":
        if value not in (YES, NO):
            raise ValueError("请选“是”或者“否”")
        return News(item.id, value == YES, method="form")
    if item.type == "enum":
        if value not in item.fact.options:
            raise ValueError("请从单子里选一个")
        return News(item.id, value, method="form")
    if item.type == "place":
        return News(item.id, _place(world, value), method="form")
    return _number(world, item, value)


def _place(world: World, value: str) -> str:
    try:
        found = world.catalog.places.find(value)
    except PlaceError as error:
        raise ValueError(_which(world, value, error)) from None
    return world.catalog.places.county_of(found).label


def _which(world: World, value: str, error: PlaceError) -> str:
    """What to do about a name that is no place, or that of several."""
    near = "、".join(world.catalog.places.full_name(p.code) for p in error.candidates[:4])
    if any(value in (p.name, p.label, p.short, *p.also) for p in error.candidates):
        return f"“{value[:20]}”有好几处：{near}。写清是哪个"
    return f"没有“{value[:20]}”这个地方" + (f"，是不是{near}" if near else "，写县的全名，比如偏关县")


def _number(world: World, item: Variable, value: str) -> News:
    """A number as figures or as people say it: 38, 三十五, 二十来万."""
    plain = value.replace(",", "").replace("，", "")
    if plain.isascii() and plain.isdigit() and len(plain) <= 12:
        return News(item.id, int(plain), int(plain), int(plain), method="form")
    heard = next((h for h in understand(value[:40], world.lexicon, world.as_of, item.id).facts if h.fact == item.id), None)
    if heard is None:
        raise ValueError(f"“{value[:20]}”看不出是多少，写数字，或者像“二十来万”这样写")
    return replace(news(heard), quote="", method="form", status="stated")
