"""A small directory of single sign-on over real HTTP: it knows one person and signs what it is told to sign."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class FakeDirectory:
    """What it says; tests bend it."""

    issuer: str = ""
    key: Any = None
    claims: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    named: str = ""
    """The issuer that its own description names; empty = the right one."""


@contextmanager
def directory(key: Any, sign: Any) -> Iterator[FakeDirectory]:
    """A directory on a port of its own. `sign(claims)` makes a token."""
    found = FakeDirectory(key=key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("openid-configuration"):
                ends = {"authorization_endpoint": "/way", "token_endpoint": "/token", "jwks_uri": "/keys"}
                self._say({"issuer": found.named or found.issuer, **{k: found.issuer + v for k, v in ends.items()}})
            else:
                self._say({"keys": [key.as_dict(private=False)]})

        def do_POST(self) -> None:
            found.asked.append(parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()))
            self._say({"id_token": sign({"nonce": found.nonce, **found.claims})})

        def _say(self, body: Any) -> None:
            text = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def query(address: str) -> dict[str, str]:
    """What an address asks for."""
    return {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
