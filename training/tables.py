"""The tables of the tests as labelled lines: short sayings, each labelled for one family of facts only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.understanding.tables import table
from tests.understanding.test_money import FACTS as OF_MONEY
from tests.understanding.test_persons import OF_THE_PERSON
from tests.understanding.test_trades import STATUS

Line = dict[str, Any]
"""A labelled line; under "known" the facts for which its label is complete."""


def sayings(facts: Mapping[str, Any]) -> Iterator[Line]:
    """Every row of every table. `facts` is the vocabulary."""
    for said in table("persons").values():
        yield from (_line(text, wanted, OF_THE_PERSON) for text, wanted in said.items())
    yield from (_line(text, wanted, {"sector", "business_stage", *wanted}) for text, wanted in table("trades").items())
    yield from (_line(text, wanted, set(wanted)) for text, wanted in table("business").items())
    yield from (_line(text, wanted, STATUS) for text, wanted in table("status").items())
    yield from (_line(text, wanted, {*OF_MONEY, *wanted}) for text, wanted in table("money").items())
    for kind, texts in table("needs").items():
        need, _, denied = kind.partition(" ")
        wanted = {} if need == "none" else {f"needs.{need}": not denied}
        yield from (_line(text, wanted, {"needs"}) for text in texts)
    for asking, said in table("answers").items():
        if asking.partition(".")[0] in facts:
            yield from (_line(text, {} if value is None else {asking: value}, {asking}, asking) for text, value in said.items())


def _line(text: str, wanted: Mapping[str, Any], known: Any, asking: str | None = None) -> Line:
    labels: dict[str, Any] = {}
    for fact, value in wanted.items():
        name, _, option = fact.partition(".")
        if option:
            labels.setdefault(name, {})[option] = value
        else:
            labels[name] = {"min": value[0], "max": value[1]} if isinstance(value, list) else value
    return {"text": text, "asking": asking, "facts": labels, "known": frozenset(k.partition(".")[0] for k in known)}
