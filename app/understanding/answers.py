"""Short replies: what a message means as the answer to the question that was just asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.catalog.models import Fact
from app.understanding.answered import answers_to, speaks_of
from app.understanding.candidates import Candidate, in_range, measured
from app.understanding.lexicon import Lexicon
from app.understanding.marked import Marked
from app.understanding.patterns import FOLDED, MARK
from app.understanding.quantities import Quantity
from app.understanding.scope import CHILD, OTHER, SELF, Scope

RECKONED, RANK, LEANING = 8, 5, -1
"""Of what two quantities make together, above each of them; of a plain answer, above what a rule finds elsewhere in the message; and of one that only begins like yes or no, below any rule."""
_KINDS = {
    "years": ("number", "duration", "date"), "months": ("duration", "date", "number"), "persons": ("count", "number"),
    "mu": ("area", "number"), "times": ("count", "number"), "head": ("count", "number"), "CNY": ("money", "number", "count"),
}  # fmt: skip
_AGE_KINDS = ("age", "number", "date")
"""A time that something took is nobody's age: 大专毕业三年了."""
YOUNGEST = 14
"""Years below which nobody asks for support of their own."""
_COUNTED = {
    "children_count": frozenset("个名位双对"), "persons": frozenset("人个名位口双对"), "head": frozenset("头只条匹尾羽群窝箱口个棚圈"),
}  # fmt: skip
"""What people and animals are counted in; what is counted otherwise is something else."""
_SORTS = {"months": "time", "CNY": "money"}
_NARROW = frozenset((
    "years_since_graduation", "employee_pension_years", "unemployment_insurance_months", "months_since_trouble",
))  # fmt: skip
"""Questions that few know to answer in passing: what is said must be about them."""
_TIMES = frozenset("次回笔趟期个") | {None}
_ENDS = ("，", "。", "？", "")
TEN_THOUSAND = 10_000
_YEAR = 12
LOOSE_SUM = 1_000
"""A bare sum below this, in answer to a question about a loan, means so many 万."""
_PERIODS: dict[str, dict[str, float]] = {
    "annual_sales": {"month": 12, "day": 365}, "annual_profit": {"month": 12, "day": 365}, "income_per_head": {"year": 1 / 12, "day": 30},
}  # fmt: skip
_OWN = frozenset((SELF, CHILD))
_OWNERS = {"age": frozenset((SELF,)), "partners": frozenset((SELF, CHILD, OTHER))}
_NEVER_NONE = frozenset(("age",))
"""A number that nobody can be without."""
_SUMS_UP = frozenset(("land_area_mu", "water_area_mu", "employees", "animals_kept"))


@dataclass(frozen=True)
class _Reply:
    """A message as the reply to a question about `fact`; `asking` may be one option of it."""

    marked: Marked
    scope: Scope
    lexicon: Lexicon
    asking: str
    fact: Fact
    plain: str

    def says(self, cue: str) -> bool:
        """Whether a cue of the lists, or that of this fact (cue_fact), is in the reply."""
        return any(self.lexicon.cue(name, self.marked.text) is not None for name in (cue, f"{cue}_{self.fact.id}"))


def heard_as_answer(marked: Marked, scope: Scope, lexicon: Lexicon, asking: str, plain: str = "") -> Iterator[Candidate]:
    """The answer to `asking` (a fact's id, or a dotted one), if the message holds one. Empty for "don't know", refusals and questions back.

    `plain` is the message before fillers were taken out of it: 嗯 is a yes.
    """
    fact = lexicon.facts.get(asking.partition(".")[0])
    if fact is None or not (marked.text or plain):
        return
    reply = _Reply(marked, scope, lexicon, asking, fact, plain or marked.text)
    if reply.says("asks_back"):
        return
    if fact.is_number:
        yield from _number(reply)
    elif fact.type == "place":
        yield from _place(reply)
    elif lexicon.cue("dont_know", marked.text) or lexicon.cue("refuse", marked.text):
        return
    elif fact.type == "boolean" or "." in asking:
        yield from _yes_or_no(reply)
    else:
        yield from _option(reply)


def _yes_or_no(reply: _Reply) -> Iterator[Candidate]:
    for cue, value, rank in (
        ("double_no", True, RANK), ("no_plain", False, RANK), ("yes_plain", True, RANK), ("no_begins", False, LEANING), ("yes_begins", True, LEANING),
    ):  # fmt: skip
        found = reply.lexicon.cue(cue, reply.marked.text)
        if found and rank == LEANING and not answers_to(reply.asking, reply.marked.text, found.start(), reply.lexicon):
            continue
        if found and not (cue in ("no_plain", "no_begins") and denies_else(reply.marked.text, reply.lexicon, reply.asking)):
            yield Candidate(reply.asking, value, found.start(), found.end(), sure=not reply.says("hedged"), rank=rank)
            return
    if hums(reply.plain, reply.marked.text, reply.lexicon):
        yield Candidate(reply.asking, True, 0, len(reply.marked.text), rank=LEANING)


def denies_else(text: str, lexicon: Lexicon, asking: str) -> bool:
    """Whether a reply says no to something that was not asked: 没贷过, when the question was the age."""
    return lexicon.cue("no_to_else", text) is not None and lexicon.cue(f"no_to_{asking.partition('.')[0]}", text) is None


def hums(plain: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a message agrees by a mere sound (嗯, 昂), alone or before words that do not take it back."""
    hum = lexicon.cue("hums", plain)
    return hum is not None and lexicon.cue("no_plain", text) is None and lexicon.cue("no_begins", text) is None


def _place(reply: _Reply) -> Iterator[Candidate]:
    text = reply.marked.text
    mentions = [(at, item) for at in sorted(reply.marked.items) if (item := reply.marked.place(at)) and not reply.scope.unreal(at, at + 1)]
    meant = [(at, item) for at, item in mentions if not reply.lexicon.cue("place_denied", text[:at])]
    if not meant:
        return
    last = reply.fact.id == "working_place" or reply.lexicon.cue("corrects", text) is not None
    at, mention = meant[-1 if last else 0]
    yield Candidate(reply.fact.id, mention.label, at, at + 1, sure=mention.certain or len(text) <= 6, rank=2)


def _option(reply: _Reply) -> Iterator[Candidate]:
    """An option named by its label, as the buttons have it; not one that is still to come."""
    if reply.says("option_ahead"):
        return
    said = _bare(reply.plain)
    for option, label in reply.fact.options.items():
        if _bare(label.zh) in said or said == option:
            name, value = (f"{reply.fact.id}.{option}", True) if reply.fact.type == "set" else (reply.fact.id, option)
            sure = _bare(label.zh) == said or not reply.says("tells_else")
            yield Candidate(name, value, 0, len(reply.marked.text), sure=sure, rank=RANK)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.lower().translate(FOLDED) if sign.isalnum() or sign == "_")


def _number(reply: _Reply) -> Iterator[Candidate]:
    found = [(at, q) for at, q in _quantities(reply) if not reply.scope.unreal(at, at + 1)]
    found = [(at, q) for at, q in found if not _of_else(reply, at, q)]
    owners = _OWNERS.get(reply.fact.id, _OWN)
    own = [(at, q) for at, q in found if reply.scope.at(at) in owners] or (found if owners is _OWN else [])
    if reply.fact.id not in _NEVER_NONE and (reply.says("zero_now") or _is_none(reply, own)):
        yield Candidate(reply.asking, 0, 0, len(reply.marked.text), 0, 0, rank=RANK)
        return
    if not own:
        return
    between = _between(reply, own)
    at, quantity = between or _chosen(reply, own)
    scale, add = _unit(reply, quantity, at)
    value, low, high, vague = measured(reply.fact, quantity, scale, add)
    if in_range(reply.fact, value) and not (reply.fact.id == "age" and value < YOUNGEST):
        sure = not (quantity.kind == "number" and reply.fact.unit == "months" and reply.says("in_years"))
        plain = reply.fact.id != "children_count" or len(own) == 1 or (at == 0 and reply.marked.text[1:2] in _ENDS)
        yield Candidate(reply.asking, value, at, at + 1, low, high, vague, sure=sure, rank=RECKONED if between else RANK if plain else 1)


def _of_else(reply: _Reply, at: int, quantity: Quantity) -> bool:
    """Whether a number counts or measures something other than what was asked: 家里五口人, 二百只羊, 去年卖了十万."""
    fact, text = reply.fact, reply.marked.text
    counted = _COUNTED.get(fact.id) or _COUNTED.get(fact.unit or "")
    if counted and quantity.kind == "count" and quantity.unit not in counted:
        return True
    kinds = (_SORTS.get(fact.unit or "", "other"), fact.id, "child" if fact.id == "children_count" else "no_child")
    if any(
        reply.lexicon.cue(f"no_reply_after_{kind}", text[:at]) or reply.lexicon.cue(f"no_reply_before_{kind}", text[at + 1 :])
        for kind in kinds
    ):
        return True
    start = max(text.rfind(mark, 0, at) for mark in MARK) + 1
    return fact.id in _NARROW and not speaks_of(text, start, fact, "", reply.lexicon, quantities=False)


def _is_none(reply: _Reply, found: list[tuple[int, Quantity]]) -> bool:
    """没有, 一个也没雇, 就我自己."""
    text = reply.marked.text
    if not found:
        silent = reply.lexicon.cue("dont_know", text) or reply.lexicon.cue("refuse", text)
        return (
            not silent
            and not reply.says("question")
            and not denies_else(reply.marked.text, reply.lexicon, reply.asking)
            and reply.says("zero")
        )
    return all(q.value <= 1 and reply.lexicon.cue("not_one_after", text[at + 1 :]) for at, q in found)


def _quantities(reply: _Reply) -> Iterator[tuple[int, Quantity]]:
    """The quantities that may be meant; those of the best kind only."""
    unit = reply.fact.unit or ""
    kinds = _AGE_KINDS if reply.fact.id == "age" else _KINDS.get(unit, ("number",))
    found = [(at, q) for at in sorted(reply.marked.items) if (q := reply.marked.quantity(at)) and q.kind in kinds]
    if unit == "times":
        found = [(at, q) for at, q in found if q.unit in _TIMES]
    if unit == "months":
        found = [(at, q) for at, q in found if q.kind != "number"] or found
        found = [(at, q) for at, q in found if q.kind != "date" or q.high >= 0]
    if unit == "CNY":
        found = [(at, q) for at, q in found if q.kind == "money"] or [(at, q) for at, q in found if q.unit in ("个", None)]
    yield from found


def _between(reply: _Reply, found: list[tuple[int, Quantity]]) -> tuple[int, Quantity] | None:
    """From one date to another, or so long less so much: 〇九年走的一九年回来, 一年还差俩月, 差三天就满一年, 到下个月整两年."""
    if reply.fact.unit != "months":
        return None
    if len(found) == 1 and found[0][1].kind == "duration":
        return _by_then(reply, *found[0])
    if len(found) != 2:
        return None
    turned = reply.says("whole_once") or reply.says("lacks_first")
    (at, first), (_, second) = reversed(found) if turned else found
    dates = first.kind == second.kind == "date" and reply.fact.id == "months_away"
    lacks = first.kind == second.kind == "duration" and (turned or reply.says("lacks"))
    if not (dates or lacks) or first.value <= second.value:
        return None
    low, high = max(0.0, first.low - second.high), first.high - second.low
    return at, replace(first, kind="duration", value=first.value - second.value, low=low, high=high, approximate=low != high)


def _by_then(reply: _Reply, at: int, whole: Quantity) -> tuple[int, Quantity] | None:
    """What of a stretch of time is over, that will be whole at a date still to come."""
    match = reply.lexicon.cue("whole_by", reply.marked.text[:at])
    then = reply.marked.quantity(match.start("q")) if match else None
    if then is None or then.kind != "date" or then.low >= 0:
        return None
    left = max(1, round(-(then.low + then.high) / 2))
    low, high = max(0.0, whole.low + then.low), whole.high + min(0.0, then.high)
    return at, replace(whole, value=max(0.0, whole.value - left), low=low, high=high, approximate=True)


def _chosen(reply: _Reply, found: list[tuple[int, Quantity]]) -> tuple[int, Quantity]:
    """Of several quantities the one that is meant."""
    text, lexicon = reply.marked.text, reply.lexicon
    meant = [(a, q) for a, q in found if not any(lexicon.cue(f"not_meant_before{kind}", text[:a]) for kind in ("", f"_{reply.fact.id}"))]
    found = meant or found
    at, quantity = found[0]
    if len(found) == 1:
        return at, quantity
    if reply.says("corrects") or reply.says("corrects_number"):
        return found[-1]
    if reply.fact.id == "key_group_employees":
        parts = [
            (a, q) for a, q in found if not lexicon.cue("whole_after", text[a + 1 :]) and not lexicon.cue("meant_before", text[:a])
        ] or found
        return parts[0][0], _sum([q for _, q in parts])
    if at == 0 and text[1:2] in _ENDS:
        return at, quantity
    for cue in (f"meant_before_{reply.fact.id}", "meant_before", "now_before"):
        for a, q in found:
            if reply.fact.id in cue and lexicon.cue(f"meant_after_{reply.fact.id}", text[a + 1 :]):
                return a, q
            if lexicon.cue(cue, text[max(0, a - 8) : a]) or (cue == "meant_before" and lexicon.cue("meant_after", text[a + 1 :])):
                return a, q
    for a, q in found:
        if any((said := reply.marked.quantity(p)) and said.kind == "date" and 0 <= said.value < _YEAR for p in range(max(0, a - 5), a)):
            return a, q
    return _together(reply, found)


def _together(reply: _Reply, found: list[tuple[int, Quantity]]) -> tuple[int, Quantity]:
    """Several quantities that no word tells apart: added up where people list them, else the first; of partners the most."""
    at, quantity = found[0]
    text, lexicon = reply.marked.text, reply.lexicon
    if reply.fact.id == "age":
        return min(found, key=lambda item: item[1].high - item[1].low)
    if reply.fact.id == "partners":
        return max(found, key=lambda item: item[1].value)
    if reply.fact.id == "children_count" and reply.says("child_sum"):
        return at, _sum([q for _, q in found])
    if reply.fact.id in _SUMS_UP and reply.says("adds_up"):
        return at, _sum([q for _, q in found if q.unit == quantity.unit])
    if reply.fact.id == "months_away" and all(lexicon.cue("worked_at", text[:a]) for a, q in found):
        return at, _sum([q for _, q in found])
    return at, quantity


def _sum(quantities: list[Quantity]) -> Quantity:
    value, low, high = (sum(getattr(q, name) for q in quantities) for name in ("value", "low", "high"))
    return replace(quantities[0], value=value, low=low, high=high)


def _unit(reply: _Reply, quantity: Quantity, at: int) -> tuple[float, float]:
    """What to multiply by and to add, so that the quantity has the fact's unit."""
    fact, text = reply.fact, reply.marked.text
    if fact.unit == "years":
        return _years(reply, quantity)
    if fact.unit == "CNY" and quantity.kind != "money" and quantity.value < LOOSE_SUM and fact.id != "income_per_head":
        return TEN_THOUSAND, 0
    if fact.id in _PERIODS:
        before = text[max(0, at - 8) : at]
        period = quantity.per or next((p for p in ("month", "day", "year") if reply.lexicon.cue(f"answer_per_{p}", before)), "")
        return float(_PERIODS[fact.id].get(period, 1)), 0
    if fact.id == "employees" and _with_me(reply, at):
        return 1, -1
    if fact.id == "partners" and reply.lexicon.cue("without_me", text):
        return 1, 1
    if fact.unit == "months" and quantity.kind == "number" and reply.says("in_years"):
        return 12, 0
    return 1, 0


def _with_me(reply: _Reply, at: int) -> bool:
    text, lexicon = reply.marked.text, reply.lexicon
    return bool(lexicon.cue("with_me_before", text[max(0, at - 10) : at]) or lexicon.cue("with_me_after", text[at + 1 :]))


def _years(reply: _Reply, quantity: Quantity) -> tuple[float, float]:
    """Years as they are; a year of the calendar (一八年毕业, 2018) as those since then."""
    this = reply.marked.as_of.year
    said = quantity.value / 12 if quantity.kind == "duration" else quantity.value
    if quantity.kind == "number" and 1930 <= said <= this:
        return -1, this
    return (1 / 12 if quantity.kind in ("duration", "date") else 1), 0
