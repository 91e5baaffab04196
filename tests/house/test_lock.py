"""The lock files: every package at one exact version with its hashes, no index host, nothing of pyproject.toml left out."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BUILD: list[str] = PROJECT["build-system"]["requires"]  # so that installing the project itself fetches nothing more
RUN: list[str] = PROJECT["project"]["dependencies"] + BUILD
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
DEV = [*RUN, *EXTRAS["dev"], *EXTRAS["bench"]]
NEEDS = {"requirements.lock": RUN, "requirements-dev.lock": DEV, "requirements-train.lock": [*DEV, *EXTRAS["train"]]}

PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[0-9][A-Za-z0-9.+!]*)(?: ; (?P<marker>[^;]+))?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
HOST = re.compile(r"://|index-url|find-links|trusted-host|(?<![\w.])/(?:tmp|home|root|opt|usr)/")


def entries(lock: str) -> list[list[str]]:
    """Each logical line of a lock without comments: the requirement, then its options."""
    code = "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    joined = code.replace("\\\n", "\n ")
    return [[part.strip() for part in re.split(r"\n(?=\s)", entry)] for entry in re.split(r"\n(?=\S)", joined) if entry.strip()]


def badly_pinned(lock: str) -> list[str]:
    """What is not pinned to one version with hashes, or names a host or a folder of somebody's machine."""
    found = [f"names a host or a path: {line.strip()}" for line in lock.splitlines() if HOST.search(line)]
    for requirement, *options in entries(lock):
        if not PIN.fullmatch(requirement):
            found.append(f"not one exact version: {requirement}")
        if not options or not all(HASH.fullmatch(option) for option in options):
            found.append(f"not by hash alone: {requirement}")
    return found


def pins(lock: str) -> dict[str, str]:
    """name -> version of every pin."""
    matches = [PIN.fullmatch(requirement) for requirement, *_ in entries(lock)]
    return {canonicalize_name(m["name"]): m["version"] for m in matches if m}


def uncovered(lock: str, needs: list[str]) -> list[str]:
    """The requirements that the lock leaves out, or answers with a version they do not allow, or without their extras."""
    pinned, found = pins(lock), []
    for need in map(Requirement, needs):
        version = pinned.get(canonicalize_name(need.name))
        if version is None:
            found.append(f"{need} is not in the lock: make lock")
        elif not need.specifier.contains(version, prereleases=True):
            found.append(f"{need} is locked at {version}: make lock")
        found += [f"{need} brings nothing for [{extra}]" for extra in need.extras if not brought_in(lock, need.name)]
    return found


def brought_in(lock: str, name: str) -> bool:
    """Whether some package is locked because of `name`; the lock says so in its "via" comments."""
    return re.search(rf"^\s+#\s+(?:via )?{re.escape(canonicalize_name(name))}$", lock, re.MULTILINE) is not None


GOOD_HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize("name", NEEDS)
def test_lock_pins_everything_by_version_and_hash_and_names_no_host(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert pins(lock)
    assert not badly_pinned(lock)


@pytest.mark.parametrize("name", NEEDS)
def test_lock_covers_pyproject(name: str) -> None:
    assert not uncovered((ROOT / name).read_text(encoding="utf-8"), NEEDS[name])


def test_tests_run_with_the_versions_that_people_run() -> None:
    run, dev = (pins((ROOT / name).read_text(encoding="utf-8")) for name in ("requirements.lock", "requirements-dev.lock"))
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize(
    "lock",
    [
        f"alpha>=1.0 \\\n    {GOOD_HASH}\n",
        f"alpha==1.* \\\n    {GOOD_HASH}\n",
        "alpha==1.0\n",
        "alpha==1.0 \\\n    --hash=md5:0\n",
        f"alpha @ file:///srv/alpha.whl \\\n    {GOOD_HASH}\n",
        f"--index-url http://host/simple\nalpha==1.0 \\\n    {GOOD_HASH}\n",
        f"# made with --output-file=/tmp/requirements.lock\nalpha==1.0 \\\n    {GOOD_HASH}\n",
        f"alpha==1.0 \\\n    {GOOD_HASH}\nbeta==2.0\n",
    ],
)
def test_a_bad_lock_is_found(lock: str) -> None:
    assert badly_pinned(lock)


@pytest.mark.parametrize(
    "lock",
    [
        f"alpha==1.0 \\\n    {GOOD_HASH} \\\n    {GOOD_HASH}\n    # via\n    #   httpx2\n",
        f"# made by a word\nalpha==1.0 ; sys_platform != 'win32' \\\n    {GOOD_HASH}\n",
    ],
)
def test_a_good_lock_is_left_alone(lock: str) -> None:
    assert not badly_pinned(lock)
    assert pins(lock) == {"alpha": "1.0"}


@pytest.mark.parametrize("need", ["beta", "alpha>=1.1", "alpha[fast]"])
def test_a_need_left_out_is_found(need: str) -> None:
    assert uncovered(f"alpha==1.0 \\\n    {GOOD_HASH}\n    # via guiyan (pyproject.toml)\n", [need])
