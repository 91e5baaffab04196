"""Shell: the one clock. Everything else is handed the day."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANXI = ZoneInfo("Asia/Shanghai")


def today() -> dt.date:
    """Today in Shanxi."""
    return dt.datetime.now(SHANXI).date()


def now() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC)
