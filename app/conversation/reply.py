"""What goes back to the person, in the shapes of API.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.conversation.state import Event

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """One answer. `profile` and `matches` are those of the person whose case is open."""

    text: str
    blocks: Sequence[Block] = ()
    quick_replies: Sequence[Mapping[str, str]] = ()
    asking: str | None = None
    questions_left: int = 0
    profile: Sequence[Mapping[str, Any]] = ()
    matches: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"eligible": [], "unknown": [], "not_eligible": []})
    who: str = "self"
    language: str = "zh"

    def message(self) -> dict[str, Any]:
        """The `reply` of API.md."""
        return {
            "text": self.text,
            "blocks": [dict(b) for b in self.blocks],
            "quick_replies": [dict(q) for q in self.quick_replies],
            "asking": self.asking,
            "language": self.language,
            "who": self.who,
        }

    def as_json(self) -> dict[str, Any]:
        """The whole answer to a message: reply, profile, matches, questions_left."""
        return {
            "reply": self.message(),
            "profile": {"facts": [dict(f) for f in self.profile]},
            "matches": {verdict: list(ids) for verdict, ids in self.matches.items()},
            "questions_left": self.questions_left,
        }


@dataclass(frozen=True)
class Turn:
    """The events of a turn, to be kept, and the reply, to be sent."""

    events: tuple[Event, ...]
    reply: Reply
