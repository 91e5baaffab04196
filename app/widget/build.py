"""Makes static/guiyan-chat.js from source/: `python -m app.widget.build`. Only developers need it; nothing of this runs when serving.

The parts are put together in the order of their names and made short by esbuild (`npm install --global esbuild@` the version below, or let npm
fetch it on the first build). The first line of the built file names the minifier, what it was made from, and the hash of its style, so that
where there is no esbuild one can still tell whether the file is up to date (`made_from`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
SOURCE, STATIC = HERE / "source", HERE / "static"
BUILT = STATIC / "guiyan-chat.js"
ESBUILD = "0.28.2"
OPTIONS = ("--minify", "--target=es2019,chrome80", "--charset=utf8", "--log-level=warning")
STYLE_HASH = re.compile(r"style (sha256-[A-Za-z0-9+/]+=*)")
PATIENCE_S = 120


class NoMinifier(RuntimeError):
    """There is no esbuild of the right version on this machine."""


def minifier(*, fetch: bool = False) -> list[str] | None:
    """The command that runs the right esbuild; `fetch` lets npm download it. None where there is none."""
    npm = ["npm", "exec", "--yes", f"--{'no-' if fetch else ''}offline", f"--package=esbuild@{ESBUILD}", "--", "esbuild"]
    return next((c for c in (["esbuild"], npm) if shutil.which(c[0]) and _output([*c, "--version"]) == ESBUILD), None)


def _output(command: Sequence[str], text: str = "") -> str | None:
    """What a command says; None when it fails."""
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=PATIENCE_S, check=False)
    return done.stdout.decode().strip() if done.returncode == 0 else None


def _short(command: Sequence[str], text: str, kind: str) -> str:
    found = _output([*command, *OPTIONS, f"--loader={kind}"], text)
    if not found:
        raise NoMinifier(f"esbuild could not read the {kind}")
    return found


def sources() -> dict[str, str]:
    """File name -> text of the chat's parts."""
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(SOURCE.iterdir()) if p.suffix in (".js", ".css")}


def made_from() -> str:
    """A stamp of all that the built file depends on: the parts, the minifier's version and its options."""
    return hashlib.sha256(json.dumps([ESBUILD, OPTIONS, sources()]).encode()).hexdigest()[:16]


def style_hash(style: str) -> str:
    """As a content policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def script(command: Sequence[str]) -> str:
    """The whole element with its rules inside, minified by `command`, with a first line that says what it is. Raises NoMinifier."""
    style = _short(command, sources()["guiyan-chat.css"], "css")
    parts = "".join(text for name, text in sources().items() if name.endswith(".js"))
    code = _short(command, f"(function () {{'use strict';const STYLE = {json.dumps(style, ensure_ascii=False)};\n{parts}}})();", "js")
    return f"/* Guiyan chat, from app/widget/source: {made_from()}, esbuild {ESBUILD}, style {style_hash(style)} */\n{code}\n"


def main() -> None:
    """Writes the built file. Raises NoMinifier where esbuild is not there and cannot be fetched."""
    command = minifier() or minifier(fetch=True)
    if command is None:
        raise NoMinifier(f"esbuild {ESBUILD} is not there: npm install --global esbuild@{ESBUILD}")
    BUILT.write_text(script(command), encoding="utf-8")


if __name__ == "__main__":
    main()
