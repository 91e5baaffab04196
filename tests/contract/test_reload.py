"""Policy knowledge may be changed under a running service: what is valid is served, what is not is named and never served."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.factories import (
    ALLOWANCE,
    GRANT,
    LINE,
    LOAN,
    SMALL,
    Edit,
    Server,
    copy_catalogue,
    free_port,
    guiyan,
    measure_file,
    rule_file,
    small_files,
)

ADDED = ("knowledge/documents/loan-2020.yaml", measure_file(LINE), rule_file(LINE))
"""A measure that the real catalogue does not hold, with all it needs."""


@pytest.fixture
def added(reloading: Server) -> Iterator[Server]:
    """The reloading service after a measure was added; taken away again at the end."""
    before = reloading.wait_for("/readyz", catalogue__stale=False)["catalogue"]
    for name in ADDED:
        shutil.copy(SMALL / name, reloading.catalogue / name)
    reloading.wait_for("/readyz", catalogue__stale=False, catalogue__measures=before["measures"] + 1)
    yield reloading
    for name in ADDED:
        (reloading.catalogue / name).unlink(missing_ok=True)
    reloading.wait_for("/readyz", catalogue__stale=False, catalogue__version=before["version"])


def test_a_new_measure_is_served_without_a_restart(added: Server) -> None:
    assert added.client.get(f"/v1/measures/{LINE}").json()["id"] == LINE
    answer = added.client.post("/v1/match", json={"profile": {}, "detail": "brief"}).json()
    assert LINE in [v["measure"] for v in answer["verdicts"]]
    assert answer["catalog_version"] == added.client.get("/readyz").json()["catalogue"]["version"]


def test_a_changed_text_is_served_and_the_version_changes(added: Server) -> None:
    version = added.client.get("/readyz").json()["catalogue"]["version"]
    file = added.catalogue / measure_file(LINE)
    file.write_text(file.read_text(encoding="utf-8").replace("有事打电话。", "有难处打电话。"), encoding="utf-8")
    page = added.wait_for(f"/v1/measures/{LINE}", gives="有难处打电话。")
    assert page["catalog_version"] != version


def _unknown_fact(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    condition = "conditions:\n  - {id: x, if: agee >= 2, plain: {zh: 一, en: a}, cite: {document: loan-2020, clause: null}, checked: {how: seen, confidence: high, on: 2026-11-23}}\n"
    file.write_text(text.replace("examples:", condition + "examples:"), encoding="utf-8")


def _wrong_example(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("verdict: eligible", "verdict: not_eligible"), encoding="utf-8")


def _half_saved(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8")[:60], encoding="utf-8")


def _not_text(file: Path) -> None:
    file.write_bytes(b"measure: \xff\xfe\n")


def _leads_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere.yaml")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_unknown_fact, f"{rule_file(LINE)}:3: there is no fact «agee»"),
        (_wrong_example, f"{rule_file(LINE)}:3: example «谁都能打»: expected not_eligible, got eligible"),
        (_half_saved, f"{rule_file(LINE)}:"),
        (_not_text, f"{rule_file(LINE)}:1: not readable as text"),
        (_leads_nowhere, f"{rule_file(LINE)}: the file cannot be read"),
    ],
)
def test_an_invalid_change_is_named_and_the_old_catalogue_goes_on(added: Server, spoil: Callable[[Path], None], said: str) -> None:
    before = added.client.get("/readyz").json()["catalogue"]
    file = added.catalogue / rule_file(LINE)
    good = file.read_bytes()
    spoil(file)
    ready = added.wait_for("/readyz", catalogue__stale=True)
    assert ready["status"] == "ready"
    assert any(problem.startswith(said) for problem in ready["catalogue"]["problems"]), ready
    assert (ready["catalogue"]["version"], ready["catalogue"]["measures"]) == (before["version"], before["measures"])
    assert added.client.get(f"/v1/measures/{LINE}").status_code == 200
    assert "guiyan_catalogue_stale 1.0" in added.client.get("/metrics").text
    file.unlink()
    file.write_bytes(good)
    mended = added.wait_for("/readyz", catalogue__stale=False)["catalogue"]
    assert (mended["version"], mended["problems"]) == (before["version"], [])
    assert "guiyan_catalogue_stale 0.0" in added.client.get("/metrics").text


# ---------------------------------------------------------------- at the start


def broken(folder: Path, *edits: Edit) -> str:
    """The small catalogue on disk, with edits."""
    copy_catalogue(folder, SMALL)
    for name, text in small_files(*edits).items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_a_server_over_broken_files_does_not_start_and_names_every_problem(tmp_path: Path) -> None:
    edits = [
        Edit(rule_file(LOAN), "if: not bad_credit", "if: not bad_credits"),
        Edit(rule_file(GRANT), "employees >= 1", "employees >= 7"),
        Edit(measure_file(ALLOWANCE), "tier: A", "tier: C"),
    ]
    done = guiyan("serve", "--port", str(free_port()), catalog_path=broken(tmp_path, *edits))
    assert done.returncode == 1
    for where in (f"{rule_file(LOAN)}:15: ", f"{rule_file(GRANT)}:9: ", f"{measure_file(ALLOWANCE)}:3: "):
        assert where in done.stderr, done.stderr
    assert "3 problem(s)" in done.stderr
    assert "not started" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_over_a_wrong_example_does_not_start(tmp_path: Path) -> None:
    folder = broken(tmp_path, Edit(rule_file(LOAN), "change: {age: 17}, verdict: not_eligible", "change: {age: 18}, verdict: not_eligible"))
    done = guiyan("serve", "--port", str(free_port()), catalog_path=folder)
    assert done.returncode == 1
    assert "差点到下限" in done.stderr


@pytest.mark.parametrize("folder", ["empty", "not text"])
def test_a_server_over_what_is_no_catalogue_says_so_without_a_traceback(tmp_path: Path, folder: str) -> None:
    if folder == "not text":
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "x.yaml").write_bytes(b"a\nb: \xff\n")
    done = guiyan("serve", "--port", str(free_port()), catalog_path=str(tmp_path))
    assert done.returncode == 1
    assert ("rules/x.yaml:2" if folder == "not text" else "knowledge/places/divisions.csv") in done.stderr
    assert "Traceback" not in done.stderr
