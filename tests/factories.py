"""What several tests build: the small catalogue of tests/small, bent in one place or another; people; servers."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from app.catalog import Catalog, CatalogInvalid, Problem, build_catalog
from app.files import FOLDERS, read_files
from app.matching.day import Day
from app.matching.match import Match, match
from app.matching.profile import Knowledge, parse_profile
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SMALL = Path(__file__).parent / "small"
TODAY = dt.date(2026, 11, 23)
LOAN, SHANXI_LOAN, GRANT, ALLOWANCE, LINE = "start-loan", "shanxi-start-loan", "start-grant", "xinzhou-allowance", "labour-line"
"""The measures of the small catalogue."""


# ---------------------------------------------------------------- catalogues


@dataclass(frozen=True)
class Edit:
    """One change of a file: the text that stands there once, and what to put in its place (None: the file is taken away)."""

    file: str
    old: str
    new: str | None


def measure_file(name: str) -> str:
    return f"knowledge/measures/{name}.yaml"


def rule_file(name: str) -> str:
    return f"rules/{name}.yaml"


def small_files(*edits: Edit) -> dict[str, str]:
    """The texts of the small catalogue after some edits."""
    files = read_files(SMALL)
    for edit in edits:
        if edit.new is None:
            del files[edit.file]
            continue
        text = files.get(edit.file, "")
        assert text.count(edit.old) == 1 or not text, f"{edit.file} holds «{edit.old}» {text.count(edit.old)} times"
        files[edit.file] = text.replace(edit.old, edit.new) if text else edit.new
    return files


def small_catalog(*edits: Edit) -> Catalog:
    return build_catalog(small_files(*edits))


def problems_of(files: Mapping[str, str]) -> list[Problem]:
    """Everything wrong with the files; nothing when they make a catalogue."""
    try:
        build_catalog(files)
    except CatalogInvalid as error:
        return error.problems
    return []


def copy_catalogue(to: Path, source: Path | None = None) -> Path:
    """A folder with a copy of knowledge/ and rules/, the real ones unless another is given."""
    for folder in FOLDERS:
        shutil.copytree((source or Settings().catalog_path) / folder, to / folder)
    return to


# ---------------------------------------------------------------- people


def known(catalog: Catalog, **facts: Any) -> Knowledge:
    return parse_profile(facts, catalog).known


def matched(catalog: Catalog, profile: Mapping[str, Any], day: dt.date = TODAY) -> Match:
    """The answer about one person, before it is put into words."""
    return match(Day(catalog, day), parse_profile(profile, catalog), day)


def verdicts(catalog: Catalog, profile: Mapping[str, Any], day: dt.date = TODAY) -> dict[str, str]:
    return {v.id: v.verdict for v in matched(catalog, profile, day).found}


# ---------------------------------------------------------------- the program


def guiyan(*arguments: str, stdin: str | bytes = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """`guiyan …` as a person runs it; settings as catalog_path="…"."""
    said = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], input=said, env=environment(**settings), cwd=ROOT, capture_output=True, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def environment(**settings: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", **{f"GUIYAN_{name.upper()}": value for name, value in settings.items()}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Server:
    """A running service: its address, its log, the folder of its catalogue, a client."""

    address: str
    log: Path
    catalogue: Path
    client: httpx2.Client

    def wait_for(self, path: str, *, status: int = 200, seconds: float = 30, **expected: Any) -> Any:
        """The body of GET path once it holds what is expected (`catalogue__stale=True`); fails when it never does."""
        end = time.monotonic() + seconds
        while True:
            answer = self.client.get(path)
            body = answer.json()
            if answer.status_code == status and all(_at(body, key) == value for key, value in expected.items()):
                return body
            assert time.monotonic() < end, f"{path} never held {expected}: {body}"
            time.sleep(0.05)


def _at(body: Any, key: str) -> Any:
    for part in key.split("__"):
        body = body[part]
    return body


@contextmanager
def serving(folder: Path, catalogue: Path, program: tuple[str, ...] = ("-m", "app.cli"), **settings: str) -> Iterator[Server]:
    """`guiyan serve` in a process of its own, over a database in `folder`, until the block ends."""
    port, log = free_port(), folder / "server.log"
    settings = {"catalog_path": str(catalogue), "database_url": f"sqlite:///{folder / 'guiyan.sqlite'}", **settings}
    command = [sys.executable, *program, "serve", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment(**settings), cwd=ROOT, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_open(port, process, log)
        with httpx2.Client(base_url=address, timeout=60, trust_env=False) as client:
            yield Server(address, log, catalogue, client)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")
