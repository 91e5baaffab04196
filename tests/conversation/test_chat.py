"""The conversation in a terminal, through the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (str(Path(sys.executable).with_name("guiyan")), "chat", "--as-of", "2026-11-23")


def chat(said: str, *options: str, where: Path) -> subprocess.CompletedProcess[str]:
    """One run of `guiyan chat` with these lines typed in."""
    settings = {**os.environ, "GUIYAN_CATALOG_PATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [*COMMAND, *options],
        input=said,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=settings,
        cwd=where,
        timeout=120,
        check=False,
    )


def test_talks_and_keeps_nothing(tmp_path: Path) -> None:
    found = chat("/1\n都有啥\n/q\n", where=tmp_path)
    assert found.returncode == 0, found.stderr
    assert "随便说" in found.stdout
    assert "想找贷款、补贴" in found.stdout
    assert not list(tmp_path.iterdir())


def test_goes_on_from_a_file_that_was_asked_for(tmp_path: Path) -> None:
    kept = tmp_path / "talk.jsonl"
    chat("/1\n", "--keep", str(kept), where=tmp_path)
    again = chat("都有啥\n", "--keep", str(kept), where=tmp_path)
    assert "接着上回的说" in again.stdout
    assert "随便说" not in again.stdout
    assert again.returncode == 0


def test_deleting_removes_the_file(tmp_path: Path) -> None:
    kept = tmp_path / "talk.jsonl"
    events = [{"kind": "opened", "data": {"language": "zh"}}, {"kind": "prompted", "data": {"kind": "delete"}}]
    kept.write_text("".join(json.dumps(e) + "\n" for e in events), encoding="utf-8")
    assert "都删了" in chat("删掉\n", "--keep", str(kept), where=tmp_path).stdout
    assert not kept.exists()


def test_speaks_english_and_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    assert "Where do you want to go" in chat("", "--language", "en", where=tmp_path).stdout
    odd = tmp_path / "odd.jsonl"
    odd.write_text("no talk\n", encoding="utf-8")
    found = chat("", "--keep", str(odd), where=tmp_path)
    assert found.returncode == 2
    assert "name another file" in found.stderr
