"""How often one may ask: per conversation and per address, counted in this process."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Sequence

from fastapi import Request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException

from app.settings import Settings


class Rates:
    """Counts requests against the settings' limits; a refusal (429) says when to come back."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._address = parse_many(settings.rate_address)
        self._conversation = parse_many(settings.rate_conversation)
        self._codes = parse_many(settings.rate_codes)
        self._all_codes = parse_many(settings.rate_all_codes)
        self._signin = parse_many(settings.rate_signin)

    def request(self, request: Request) -> None:
        """Counts a request of an address."""
        self._count(self._address, "address", address(request))

    def message(self, conversation: str) -> None:
        """Counts a message of a conversation."""
        self._count(self._conversation, "conversation", conversation)

    def signin(self, request: Request) -> None:
        """Counts a try of an address at a password, a key or a handover's code."""
        self._count(self._signin, "signin", address(request))

    def may_try_code(self, request: Request) -> None:
        """Refuses an address, and when many guess at once everybody, after too many wrong recovery codes."""
        self._refuse_full(self._codes, "codes", address(request))
        self._refuse_full(self._all_codes, "codes", "all")

    def wrong_code(self, request: Request) -> None:
        """Counts a wrong recovery code."""
        for limits, who in ((self._codes, address(request)), (self._all_codes, "all")):
            for limit in limits:
                self._limiter.hit(limit, "codes", who)

    def _count(self, limits: Sequence[RateLimitItem], what: str, who: str) -> None:
        for limit in limits:
            if not self._limiter.hit(limit, what, who):
                raise self._refusal(limit, what, who)

    def _refuse_full(self, limits: Sequence[RateLimitItem], what: str, who: str) -> None:
        for limit in limits:
            if not self._limiter.test(limit, what, who):
                raise self._refusal(limit, what, who)

    def _refusal(self, limit: RateLimitItem, what: str, who: str) -> HTTPException:
        left = self._limiter.get_window_stats(limit, what, who).reset_time - time.time()
        seconds = max(1, math.ceil(left))
        return HTTPException(
            429,
            f"Too many requests: {limit}. Wait {seconds} s, then send the same again; nothing of it was kept.",
            {"Retry-After": str(seconds)},
        )


def address(request: Request) -> str:
    """Who asks, as far as the network says: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    host = request.client.host if request.client else "unknown"
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else host
