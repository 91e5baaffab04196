"""Who an official is to the rest of the house, and what a role may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from app.catalog.places import COUNTRY

Role = Literal["official", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do what those before it may."""
PROVINCE_DIGITS = 2


@dataclass(frozen=True)
class SignedIn:
    """The official behind a request."""

    id: int
    name: str
    role: Role
    place: str
    """Code of the place that the work is for; its people and those of places inside it may be seen."""
    by_key: bool = False
    """True for a program that works with the account's key."""

    def may(self, role: Role) -> bool:
        """Whether the role reaches as far as another."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def sees(self, place: str | None) -> bool:
        """Whether people of a place may be seen. Who belongs to no known place is seen by the province alone."""
        if place is None or place == COUNTRY:
            return len(self.place) <= PROVINCE_DIGITS
        return place.startswith(self.place)
