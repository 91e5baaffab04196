"""A PostgreSQL of our own: a cluster in a temporary folder, reached by a socket in it, run by a user who is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg


class NoPostgres(Exception):
    """PostgreSQL cannot be run here; says why and what to do."""


def programs() -> Path:
    """The folder with initdb and postgres. Raises NoPostgres."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name) if p.parent.name.isdigit() else 0)
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if found:
        return found[-1]
    at = shutil.which("initdb")
    if at is None:
        raise NoPostgres("PostgreSQL's server programs are not installed; on Debian, as root: apt-get install postgresql")
    return Path(at).resolve().parent


def _somebody() -> dict[str, Any]:
    """As whom to run: ourselves, or, for root, whom PostgreSQL refuses, the user of Debian's package."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as")


@contextmanager
def cluster(durable: bool = False) -> Iterator[str]:
    """The address, up to the database's name, of a running PostgreSQL. Commits reach the disk only if `durable`."""
    where, who = programs(), _somebody()
    folder = Path(tempfile.mkdtemp(prefix="guiyan-pg-"))
    if who:
        os.chown(folder, who["user"], who["group"])
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **who}
    data = folder / "data"
    subprocess.run(
        [where / "initdb", "-D", data, "-U", "guiyan", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], check=True, **quiet
    )
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "on" if durable else "off",
        "max_connections": "200",
    }
    command = [str(where / "postgres"), "-D", str(data), *(part for name, value in options.items() for part in ("-c", f"{name}={value}"))]
    process: subprocess.Popen[bytes] = subprocess.Popen(command, **quiet)
    try:
        _wait(where, folder, process)
        yield f"postgresql+psycopg://guiyan@/{{name}}?host={folder}"
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.send_signal(2)  # fast: connections that are still open do not hold it up
            process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(where: Path, folder: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise NoPostgres(f"postgres ended with {process.returncode} as it was started")
        if subprocess.run([where / "pg_isready", "-q", "-h", folder, "-t", "1"], check=False).returncode == 0:
            return
    raise NoPostgres("postgres did not become ready")


def new_database(address: str, name: str) -> str:
    """A fresh, empty database of a cluster: its address."""
    plain = address.format(name="postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return address.format(name=name)
