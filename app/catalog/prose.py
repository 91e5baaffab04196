"""House rules for prose: no digits, no numerals before a unit, placeholders that name figures."""

from __future__ import annotations

import re
from collections.abc import Iterable

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ZH_NUMERAL = r"[零〇一二两三四五六七八九十百千万亿半]+[多来几余]?"
_ZH_UNIT = r"(?:元|块钱|年(?!级)|个?月(?![饼亮])|个?工作日|个?小时|天(?!然)|日(?!常)|周岁|岁|亩|倍|成(?=[，。、；以的]|$)|折|％|%|个?百分点|平方米|平米|吨|公里)"
_ZH = re.compile(f"{_ZH_NUMERAL}{_ZH_UNIT}|百分之{_ZH_NUMERAL}")
_EN_NUMERAL = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million)"
_EN = re.compile(
    rf"\b{_EN_NUMERAL}[\s-](?:years?|months?|days?|working days?|weeks?|hours?|yuan|mu|percent|per cent|times|percentage points?)\b", re.I
)
_DIGIT = re.compile(r"[0-9０-９]+")


def placeholders(text: str) -> list[str]:
    return PLACEHOLDER.findall(text)


def digits(text: str, lines: Iterable[str] = ()) -> str | None:
    """The first piece of prose that is a number and should be a figure; names of phone lines (12345) may stand."""
    bare = PLACEHOLDER.sub("", text)
    for line in sorted(lines, key=len, reverse=True):
        bare = bare.replace(line, "")
    for pattern in (_DIGIT, _ZH, _EN):
        found = pattern.search(bare)
        if found:
            return found.group()
    return None
