"""One number in a message with its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as somebody said it; text[start:end] are its words, with those that make it vague.

    `kind`: number | money | age | duration | date | area | share | count. `value` is the n that was said, drawn into `low`..`high` where
    the words put it outside (四十出头: 41 to 43). Money is in yuan, a duration in months, an area in mu (unit 平米: square metres), a share
    in percent; a date is in months before the day of the message, negative when it is still to come. `high` is infinite where the words
    set no upper bound. `unit` is the measure that was said (元, 岁, 年, 月, 亩, 头 ...; None: none was said), `per` year, month or day for a rate.
    """

    kind: str
    value: float
    low: float
    high: float
    approximate: bool
    start: int
    end: int
    unit: str | None = None
    per: str | None = None
