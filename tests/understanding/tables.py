"""Reads the tables of sentences beside the tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from app.understanding import Lexicon, understand
from tests.conftest import TODAY


def table(name: str) -> Any:
    """The value of one table."""
    return yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8"))


def stated(text: str, lexicon: Lexicon, asking: str | None = None) -> dict[str, Any]:
    """The facts that a message states by the words alone, without the second opinion of the classifier."""
    return {h.fact: h.value for h in understand(text, without(lexicon), TODAY, asking).facts if h.certainty == "stated"}


def without(lexicon: Lexicon) -> Lexicon:
    """The words without the classifier."""
    return replace(lexicon, classifier={})


def is_as(value: Any, wanted: Any) -> bool:
    """Whether a value is the one wanted, or between the two wanted."""
    if isinstance(wanted, list):
        return isinstance(value, int | float) and not isinstance(value, bool) and wanted[0] <= value <= wanted[1]
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)
