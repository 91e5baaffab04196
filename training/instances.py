"""From labelled sentences to what the classifier learns: pieces of a message, and the class they tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalog.models import Fact
from app.understanding import Lexicon, Quantity
from app.understanding.classifier import NONE, NUMBER, PLACE, TOLD, TRADE
from app.understanding.opinion import OF_MESSAGE, PLACES, SECTOR
from app.understanding.shape import Shape
from app.understanding.understand import shaped
from tests.understanding.graded import AS_OF


@dataclass(frozen=True)
class Instance:
    """Pieces of a message, and the classes that are right for them. `known`: the facts that its label is complete for; None: all."""

    pieces: frozenset[str]
    classes: frozenset[str]
    known: frozenset[str] | None = None

    def knows(self, fact: str) -> bool:
        """Whether the label tells of a fact, be it that it is not told."""
        return self.known is None or fact in self.known


NEAR = 0.02
"""A value this much off a labelled one is still that value: people round."""
_FACTORS = {"months": (1, 12), "years": (1, 1 / 12), "CNY": (1, 12, 365, 10_000)}
_ADDED = {"employees": -1, "partners": 1}


def instances(lines: Iterable[Mapping[str, Any]], lexicon: Lexicon) -> dict[str, list[Instance]]:
    """For each task what is to be learnt from the lines."""
    found: dict[str, list[Instance]] = defaultdict(list)
    for line in lines:
        shape = shaped(line["text"], lexicon, AS_OF, line["asking"])
        for task, pieces, classes in _of_line(shape, line["facts"], lexicon.facts):
            example = Instance(pieces, frozenset(classes), line.get("known"))
            if _teaches(task, example):
                found[task].append(example)
    return found


def _teaches(task: str, example: Instance) -> bool:
    """Whether a label says enough for a task. What a number or a place is not, is known only where everything is."""
    told = {fact: task_ for fact, task_ in OF_MESSAGE.items() if task_ == task}
    if task == TRADE:
        return example.knows(SECTOR)
    if task == PLACE:
        return all(example.knows(fact) for fact in PLACES)
    if task == NUMBER:
        return example.known is None or NONE not in example.classes
    return all(example.knows(fact) for fact in told)


def _of_line(shape: Shape, labels: Mapping[str, Any], facts: Mapping[str, Fact]) -> Iterator[tuple[str, frozenset[str], Iterable[str]]]:
    gold = {fact: list(_choices(value)) for fact, value in labels.items()}
    for fact, task in OF_MESSAGE.items():
        yield task, shape.pieces, (str(v) for v in gold.get(fact, [NONE]))
    yield TOLD, shape.pieces, _told(labels)
    for trade in shape.trades:
        own = trade.value in gold.get(SECTOR, [])
        yield TRADE, shape.pieces | shape.around(trade.start, trade.end), [SECTOR] if own else []
    for at in sorted(shape.marked.items):
        place, quantity = shape.marked.place(at), shape.marked.quantity(at)
        pieces = shape.pieces | shape.around(at, at + 1)
        if place:
            yield PLACE, pieces, [fact for fact in PLACES if place.label in gold.get(fact, [])][:1] or [NONE]
        elif quantity:
            meant = (
                fact for fact, values in gold.items() if facts[fact].is_number and any(_means(facts[fact], quantity, v) for v in values)
            )
            yield NUMBER, pieces, list(meant)[:1] or [NONE]


def _means(fact: Fact, quantity: Quantity, value: Any) -> bool:
    """Whether a number said in a message is a labelled value of a fact."""
    low, high = (value["min"], value["max"]) if isinstance(value, Mapping) else (value, value)
    slack = max(0.5, NEAR * high)
    for factor in _FACTORS.get(fact.unit or "", (1,)):
        for more in (0, _ADDED.get(fact.id, 0)):
            said = (quantity.low * factor + more, quantity.value * factor + more, quantity.high * factor + more)
            if low - slack <= said[1] <= high + slack or (low < high and said[0] <= high and low <= said[2] and quantity.kind != "number"):
                return True
    return False


def _choices(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping) and "any" in value:
        yield from value["any"]
    else:
        yield value


def _told(facts: Mapping[str, Any]) -> Iterator[str]:
    """What is said with a yes, a no or one of several options, by `fact=value`."""
    for fact, value in facts.items():
        if fact in PLACES or fact == SECTOR or fact in OF_MESSAGE:
            continue
        for one in _choices(value):
            if isinstance(one, Mapping):
                yield from (f"{fact}.{option}={held}" for option, held in one.items() if isinstance(held, bool))
            elif isinstance(one, bool | str):
                yield f"{fact}={one}"
