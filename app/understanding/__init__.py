"""Core room. In: a message, the words of knowledge/words, the day, the open question. Out: facts with their words, what is wanted, whose matter it is."""

from app.understanding.heard import Heard, Understood
from app.understanding.lexicon import Lexicon, build_lexicon
from app.understanding.quantities import Quantity, quantities
from app.understanding.understand import understand

__all__ = ["Heard", "Lexicon", "Quantity", "Understood", "build_lexicon", "quantities", "understand"]
