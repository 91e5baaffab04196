"""What the hearsay check answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.hearsay.patterns import Verdict


@dataclass(frozen=True)
class Claim:
    """One thing that was claimed: its words in the text as sent, the measure meant, whether it is so, and what is so."""

    quote: str
    measure: str | None
    verdict: Verdict
    correction: str
    citations: tuple[dict[str, Any], ...]

    def body(self) -> dict[str, Any]:
        return {
            "quote": self.quote,
            "measure": self.measure,
            "verdict": self.verdict,
            "correction": self.correction,
            "citations": list(self.citations),
        }


@dataclass(frozen=True)
class HearsayAnswer:
    """The claims in the order of the text, and one reply for all of them (short paragraphs, one a line)."""

    claims: tuple[Claim, ...]
    reply: str

    def body(self) -> dict[str, Any]:
        return {"claims": [claim.body() for claim in self.claims], "reply": self.reply}
