"""POST /v1/match over HTTP, beside a bare FastAPI route that returns a body of the same size from memory; one process each, loopback."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from benchmarks.people import row

SECONDS = 4.0
CONNECTIONS = 4
PROFILE = {
    "age": 38, "hukou_type": "rural", "home_place": "偏关县", "return_status": "returned", "sector": "aquaculture", "business_stage": "operating",
    "business_form": "individual_business", "months_operating": 5, "employees": 0, "funding_needed": {"low": 200000, "high": 250000},
    "child_stages": {"primary": True}, "needs": {"funding": True, "children_education": True, "tax": True},
}  # fmt: skip
BARE = """
import sys, uvicorn
from fastapi import FastAPI, Response
body = b"x" * int(sys.argv[2])
app = FastAPI()
@app.post("/v1/match")
def bare(profile: dict) -> Response:
    return Response(body, media_type="application/json")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def server(arguments: list[str], port: int, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[int]:
    """A process that listens on a port, with settings, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "GUIYAN_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite",
            "GUIYAN_LOG_LEVEL": "error",
            "GUIYAN_RELOAD_SECONDS": "0",
            **settings,
        }
        process = subprocess.Popen([sys.executable, *arguments], env=environment)
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
                    break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _post(connection: http.client.HTTPConnection, body: bytes, encoding: str) -> bytes:
    connection.request("POST", "/v1/match", body, {"Content-Type": "application/json", "Accept-Encoding": encoding})
    response = connection.getresponse()
    found = response.read()
    if response.status != 200:
        raise RuntimeError(f"HTTP {response.status}: {found[:200]!r}")
    return found


def _load(port: int, body: bytes, encoding: str = "identity") -> tuple[float, float, float]:
    """Requests a second, median and 95th percentile milliseconds."""
    times: list[float] = []
    stop = time.perf_counter() + SECONDS

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < stop:
            begun = time.perf_counter()
            _post(connection, body, encoding)
            times.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=client) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(times)
    return len(times) / SECONDS, statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000


def run() -> None:
    print(f"API: {CONNECTIONS} connections for {SECONDS:.0f} s each; the client runs on the same two cores")
    full = json.dumps({"profile": PROFILE, "as_of": "2026-11-23"}).encode()
    brief = json.dumps({"profile": PROFILE, "as_of": "2026-11-23", "detail": "brief"}).encode()
    few = json.dumps(
        {"profile": PROFILE, "as_of": "2026-11-23", "measures": ["shanxi-startup-guarantee-loan-individual", "aquaculture-certificate"]}
    ).encode()
    port = free_port()
    with server(["-m", "app.cli", "serve", "--port", str(port)], port):
        size = len(_post(http.client.HTTPConnection("127.0.0.1", port), full, "identity"))
        for what, body, encoding in (
            ("full answer", full, "identity"),
            ("full answer, gzip", full, "gzip"),
            ("brief", brief, "identity"),
            ("two measures", few, "identity"),
        ):
            rate, median, late = _load(port, body, encoding)
            row(
                f"/v1/match, {what}",
                f"{rate:,.0f}/s",
                f"median {median:.1f} ms, 95 % within {late:.1f} ms" + (f"; {size:,} bytes" if body is full else ""),
            )
    port = free_port()
    with server(["-c", BARE, str(port), str(size)], port):
        rate, median, late = _load(port, full)
        row(f"bare FastAPI route, {size:,} bytes", f"{rate:,.0f}/s", f"median {median:.1f} ms, 95 % within {late:.1f} ms")
