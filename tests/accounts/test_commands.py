"""`guiyan user …` as an administrator runs it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.factories import ROOT, environment, guiyan

PASSWORD = "correct horse battery\n"


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'users.sqlite'}"


def test_an_account_is_made_listed_and_closed(address: str) -> None:
    made = guiyan("user", "add", "Pianguan.Wang", "--place", "偏关县", stdin=PASSWORD, database_url=address)
    assert (made.returncode, made.stdout) == (0, "account pianguan.wang: official for 偏关县\n"), made.stderr
    listed = guiyan("user", "list", database_url=address).stdout
    assert listed == "pianguan.wang\tofficial\t山西省忻州市偏关县\topen\tpassword\n"
    assert guiyan("user", "disable", "pianguan.wang", database_url=address).returncode == 0
    assert "\tclosed\t" in guiyan("user", "list", database_url=address).stdout


def test_a_password_never_stands_on_the_command_line_and_is_not_shown(address: str) -> None:
    guiyan("user", "add", "wang", "--place", "偏关县", stdin=PASSWORD, database_url=address)
    done = guiyan("user", "password", "wang", stdin="another good password\n", database_url=address)
    assert done.returncode == 0
    assert "another good" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("add", "wang", "--place", "偏关县"), "short\n", "10 to 200 characters"),
        (("add", "wang", "--place", "偏关县"), "aaaaaaaaaaaa\n", "too easily guessed"),
        (("add", "王", "--place", "偏关县"), PASSWORD, "no name to sign in with"),
        (("add", "wang", "--place", "城区"), PASSWORD, "no place, or several"),
        (("disable", "nobody"), "", "there is no account «nobody»"),
        (("password", "nobody"), PASSWORD, "there is no account"),
        (("key", "nobody"), "", "there is no account"),
    ],
)
def test_what_cannot_be_is_refused_in_words(address: str, arguments: tuple[str, ...], stdin: str, told: str) -> None:
    done = guiyan("user", *arguments, stdin=stdin, database_url=address)
    assert done.returncode == 1
    assert told in done.stderr


def test_a_key_is_shown_once_and_ended(address: str) -> None:
    guiyan("user", "add", "wang", "--place", "偏关县", stdin=PASSWORD, database_url=address)
    assert guiyan("user", "key", "wang", database_url=address).stdout.startswith("gyk_")
    assert guiyan("user", "key", "wang", "--revoke", database_url=address).stdout == "1 key(s) of wang ended\n"
    guiyan("user", "disable", "wang", database_url=address)
    assert "is closed" in guiyan("user", "key", "wang", database_url=address).stderr


def test_an_empty_list_says_what_to_do(address: str) -> None:
    assert "guiyan user add" in guiyan("user", "list", database_url=address).stdout


def test_somebody_of_single_sign_on_needs_no_password(address: str) -> None:
    assert guiyan("user", "add", "wang", "--place", "山西省", "--role", "admin", "--subject", "u-1", database_url=address).returncode == 0
    assert "single sign-on" in guiyan("user", "list", database_url=address).stdout


def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(address: str) -> None:
    for second, expected in (("correct horse battery", 0), ("correct horse bakery", 1)):
        pid_end, terminal = pty.openpty()
        command = [sys.executable, "-m", "app.cli", "user", "add", "wang", "--place", "偏关县"]
        process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment(database_url=address + str(expected)), cwd=ROOT, start_new_session=True)  # fmt: skip
        os.close(terminal)
        seen = ""
        for typed in ("correct horse battery", second):
            seen += _until(pid_end, ": ")
            os.write(pid_end, f"{typed}\n".encode())
        assert process.wait(60) == expected
        os.close(pid_end)
        assert "correct horse" not in seen


def _until(end: int, sign: str) -> str:
    """What the terminal shows, up to a sign."""
    seen, stop = "", time.monotonic() + 60
    while not seen.endswith(sign):
        assert time.monotonic() < stop, seen
        seen += os.read(end, 1000).decode(errors="replace")
    return seen
