"""Hearsay: "I heard that ..." in, claim by claim true, outdated, wrong, no such measure or cannot tell out, put right with source and date.

In: the text, the patterns of knowledge/words, the catalogue, the day. Out: claims, each with its correction, and the reply to read aloud.
"""

from app.hearsay.build import build_patterns
from app.hearsay.check import check
from app.hearsay.claims import Claim, HearsayAnswer
from app.hearsay.patterns import Patterns

__all__ = ["Claim", "HearsayAnswer", "Patterns", "build_patterns", "check"]
