"""What can be wrong with the files of the catalogue, said so that the author can mend it.

GuiyanError
└── CatalogInvalid    the files do not make a catalogue; carries every Problem
"""

from dataclasses import dataclass
from typing import Any


class GuiyanError(Exception):
    """Base of the errors that this project raises on purpose."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where (file and line, 0 where the whole file is meant), what is wrong, and how to put it right."""

    file: str
    line: int
    what: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}" + (f" — {self.mend}" if self.mend else "")


class CatalogInvalid(GuiyanError):
    """The files do not make a valid catalogue. `partial` is what could be made of them, for an author's tools; it is never served."""

    def __init__(self, problems: list[Problem], partial: Any = None) -> None:
        self.problems = sorted(set(problems))
        self.partial = partial
        super().__init__(f"{len(problems)} problem(s); first: {self.problems[0] if problems else ''}")
