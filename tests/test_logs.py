"""Nothing that a person said reaches the log."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from app.logs import REDACTED, configure

PLANTED = "张三的电话是13800001111"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Later tests do not write to the stream that these have closed."""
    yield
    structlog.reset_defaults()


def test_only_harmless_keys_keep_their_values(capfd: pytest.CaptureFixture[str]) -> None:
    configure("info")
    structlog.get_logger("test").info("something_happened", route="/v1/match", text=PLANTED, profile={"age": PLANTED})
    written = capfd.readouterr().err
    assert PLANTED not in written
    line = json.loads(written.splitlines()[-1])
    assert (line["route"], line["text"], line["profile"]) == ("/v1/match", REDACTED, REDACTED)


def test_an_exception_is_logged_without_what_it_quotes(capfd: pytest.CaptureFixture[str]) -> None:
    configure("info")
    try:
        int(PLANTED)
    except ValueError as error:
        structlog.get_logger("test").error("request_failed", exc_info=error)
    written = capfd.readouterr().err
    assert PLANTED not in written
    assert "ValueError" in written
