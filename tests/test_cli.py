"""The command line says what the REST contract says, and what is wrong, where, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main, parser
from tests.factories import SMALL, copy_catalogue, guiyan

PROFILE = "age: 38\nhome_place: 偏关县\nsector: aquaculture\nneeds: {funding: true}\n"


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "profile.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("command", ["match", "check", "show", "coverage", "serve", "settings", "ledger", "hearsay"])
def test_help_names_every_command(command: str) -> None:
    assert f"\n    {command} " in parser().format_help()


def test_a_profile_is_matched_as_a_table_and_as_json(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", profile, "--as-of", "2026-11-23"]) == 0
    assert "先看这几项" in capsys.readouterr().out
    assert main(["match", profile, "--as-of", "2026-11-23", "--json", "--language", "en"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["profile"]["home_place"] == "偏关县"
    assert {"verdicts", "next_question", "unmet_needs", "best_combination"} <= body.keys()


def test_every_mistake_of_a_profile_is_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("agee: 3\nage: old\nneeds: {monney: true}\n", encoding="utf-8")
    assert main(["match", str(path)]) == 1
    said = capsys.readouterr().err
    assert all(where in said for where in ("/profile/agee", "/profile/age", "/profile/needs/monney"))


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", str(tmp_path / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_measure_is_shown_with_its_history(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "startup-guarantee-loan-individual", "--history", "--as-of", "2026-11-23"]) == 0
    said = capsys.readouterr().out
    assert "2020-04-15 – 2023-09-30" in said
    assert main(["show", "no-such-measure"]) == 2


def test_coverage_counts_and_names_what_ends_soon(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--as-of", "2026-11-23", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["measures"] == sum(found["by"]["tier"].values())
    assert all("2026-11-23" <= item["on"] <= "2027-01-22" for item in found["expires"])


def test_settings_hide_the_password_of_the_database(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", "postgresql+psycopg://guiyan:topsecret@db/guiyan")
    assert main(["settings"]) == 0
    said = capsys.readouterr().out
    assert "GUIYAN_DATABASE_URL=" in said
    assert "topsecret" not in said


def test_a_rumour_is_put_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hearsay", "创业担保贷款不用还", "--as-of", "2026-11-23"]) == 0
    assert "[wrong]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns:\n  agee: [年龄]\n", ":2: there is no fact «agee» — "), ("columns:\n  age: [年龄\ntemplate: []\n", ":3: not readable as YAML: "),
        ("columns:\n  age: 年龄\n", ":2: columns.age: "), (None, ": the file is missing — put it back"),
    ],
)  # fmt: skip
def test_the_check_reads_the_words_of_rosters(tmp_path: Path, text: str | None, said: str) -> None:
    file = copy_catalogue(tmp_path, SMALL) / "knowledge/words/roster.yaml"
    if text is not None:
        file.write_text(f"{text}template: []\ncells: {{}}\nvalues: {{}}\naround: []\nunits: {{}}\n", encoding="utf-8")
    done = guiyan("check", catalog_path=str(tmp_path))
    assert done.returncode == 1
    assert f"knowledge/words/roster.yaml{said}" in done.stdout
