"""Shell: the one place that writes logs. Nothing that a person said reaches them: only named, harmless keys pass."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

SAFE_KEYS = frozenset(
    {"event", "level", "timestamp", "exception", "exc_info", "version", "measures", "seconds", "problems", "count", "serving", "reason", "route", "error", "host", "port"}
)  # fmt: skip
REDACTED = "[redacted]"


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keeps the values of known keys; any other key shows that it was there and no more."""
    return {key: value if key in SAFE_KEYS else REDACTED for key, value in event.items()}


def _without_values(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its types and places: messages may quote what a person sent."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        places = []
        trace = error.__traceback__
        while trace is not None:
            places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["exception"] = f"{type(error).__name__} at {' < '.join(reversed(places))}"
    return event


class _Bridge(logging.Handler):
    """What libraries log, through the same redaction: the server's own messages as they are, of all others who spoke and what broke where."""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage().strip() if record.name.partition(".")[0] == "uvicorn" else record.name
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(record.levelno, said, exc_info=error)


def configure(level: str) -> None:
    """JSON lines on standard error, from the given level up; those of libraries too."""
    least = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(handlers=[_Bridge()], level=max(least, logging.WARNING), force=True)
    logging.getLogger("uvicorn").setLevel(least)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(file=_stderr()),
        cache_logger_on_first_use=False,
    )


def _stderr() -> Any:
    import sys

    return sys.stderr
