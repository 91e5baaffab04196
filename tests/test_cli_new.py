"""A new measure is asked for question by question; what is written passes the check at once."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import yaml

from tests.factories import ROOT, SMALL, copy_catalogue, environment, guiyan

ANSWERS = """\
county-rent-award
回乡开店房租补助
Rent award for shops of people who come home
shanxi-2021
第三条
seen

B
county
静乐县
grant
useful
2024-01-01
2027-12-31
site, funding
any

rent_share
补房租的比例
Share of the rent
percent
30
2024-01-01

max_age
年龄上限
Highest age
years_old
60



您在静乐县租门面开店，房租补{rent_share}。
If you rent a shop in Jingle, {rent_share} of the rent is paid.
静乐县人社局
The labour office of Jingle

乡镇办不办，没有问到。
Whether townships handle it was not found.
home_place
age_limit
age <= figure.max_agee
age <= figure.max_age
office
年龄不超过{max_age}
You are at most {max_age}

home_place: 静乐县, age: 60
age: 61
超过年龄
y
home_place: 长春市朝阳区
老家在外省
y
"""


def test_a_measure_is_written_from_answers_and_passes_the_check(tmp_path: Path) -> None:
    folder = copy_catalogue(tmp_path, SMALL)
    done = guiyan("new", "measure", stdin=ANSWERS, catalog_path=str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "did you mean max_age" in done.stdout  # told at once, and asked again
    assert "written: rules/county-rent-award.yaml" in done.stdout
    checked = guiyan("check", "--only", "county-rent-award", catalog_path=str(folder))
    assert checked.returncode == 0, checked.stdout
    rule = yaml.safe_load((folder / "rules/county-rent-award.yaml").read_text(encoding="utf-8"))
    assert [e["verdict"] for e in rule["examples"]] == ["eligible", "not_eligible", "not_eligible", "not_eligible"]
    assert rule["examples"][2]["failed"] == ["age_limit"]


def test_answers_that_end_too_early_write_nothing(tmp_path: Path) -> None:
    folder = copy_catalogue(tmp_path, SMALL)
    done = guiyan("new", "measure", stdin="\n".join(ANSWERS.splitlines()[:20]), catalog_path=str(folder))
    assert done.returncode == 2
    assert "nothing was written" in done.stderr
    assert not (folder / "knowledge/measures/county-rent-award.yaml").exists()


def test_what_is_missing_is_named_and_may_be_left_for_later(tmp_path: Path) -> None:
    folder = copy_catalogue(tmp_path, SMALL)
    early = ANSWERS.split("age: 61\n")[0] + "\n"
    done = guiyan("new", "measure", stdin=early, catalog_path=str(folder))
    assert done.returncode == 1
    assert "no example fails age_limit alone" in done.stdout
    assert (folder / "rules/county-rent-award.yaml").exists()


def test_at_a_terminal_it_asks_one_thing_at_a_time(tmp_path: Path) -> None:
    """A real terminal: each question stands there before its answer is typed."""
    folder = copy_catalogue(tmp_path, SMALL)
    ours, theirs = pty.openpty()
    settings = environment(catalog_path=str(folder))
    command = [sys.executable, "-m", "app.cli", "new", "measure"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=settings) as running:
        os.close(theirs)
        said = _until(ours, "Id of the measure")
        os.write(ours, b"Not An Id\n")
        said += _until(ours, "small letters", "Id of the measure")
        os.write(ours, b"county-rent-award\n")
        said += _until(ours, "Name, in Chinese")
        os.write(ours, b"\x04")
        assert running.wait(20) == 2
    os.close(ours)
    assert not (folder / "rules/county-rent-award.yaml").exists()


def _until(terminal: int, *words: str) -> str:
    """What the terminal shows until all of some words have come."""
    said, end = "", time.monotonic() + 30
    while not all(word in said for word in words):
        assert time.monotonic() < end, said
        said += os.read(terminal, 4096).decode(errors="replace")
    return said
