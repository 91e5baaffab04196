"""A figure's history as a small chart drawn here: a step for each value, with its dates. Plain SVG, no style of its own, readable as text too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 420, 120, 10, 26, 26


@dataclass(frozen=True)
class Step:
    """One value: from (None: not known), to (None: goes on), the number, and how it is said."""

    start: dt.date | None
    end: dt.date | None
    value: float
    text: str


def steps_chart(title: str, steps: Sequence[Step], today: dt.date) -> Markup | None:
    """The chart; None where there are fewer than two dated values. A value that ended before its document was written is left out: its start is not known."""
    dated = sorted((s for s in steps if s.start is not None and not (s.end and s.end < s.start)), key=lambda s: s.start or today)
    if len(dated) < 2:
        return None
    first = dated[0].start or today
    last = max([today, *(s.end for s in dated if s.end), *(s.start for s in dated if s.start)])
    days, top = max((last - first).days, 1), max(s.value for s in dated) or 1.0

    def x(day: dt.date) -> float:
        return LEFT + (WIDTH - 2 * LEFT) * (day - first).days / days

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    parts = []
    for step in dated:
        start, end = x(step.start or first), x(min(step.end or last, last))
        height = y(step.value)
        parts.append(f'<path d="M{start:.1f} {height:.1f}H{end:.1f}" stroke="#8a3a20" stroke-width="3" fill="none"/>')
        parts.append(f'<text x="{start:.1f}" y="{height - 6:.1f}" font-size="12" fill="#2b2521">{escape(step.text)}</text>')
        parts.append(f'<text x="{start:.1f}" y="{HEIGHT - 8}" font-size="11" fill="#5b5550">{step.start}</text>')
    base = f'<path d="M{LEFT} {HEIGHT - BOTTOM + 4}H{WIDTH - LEFT}" stroke="#c9bfb2"/>'
    said = "；".join(f"{s.start}起{s.text}" for s in dated)
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}：{escape(said)}">{base}{"".join(parts)}</svg>'
    )
