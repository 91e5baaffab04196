"""Dockerfile and compose.yaml, read as text: what an engine would be asked to build and run, where none is at hand."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8")

PINNED = re.compile(r"[\w./-]+:[0-9][\w.-]*(?:@sha256:[0-9a-f]{64})?")
SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|KEY", re.IGNORECASE)
REQUIRED = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")  # ${NAME:?message}: no default, and no start without it
USERINFO = re.compile(r"://[^:/@\s]+:(?P<password>.+)@[\w.-]+(?::\d+)?(?:/|$)")
YAMLLINT = "{extends: default, rules: {document-start: disable, line-length: {max: 140}, comments: {min-spaces-from-content: 1}}}"


def environment(service: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """name and value of a service's environment, written as a mapping or as a list of NAME=value."""
    given = service.get("environment", {})
    pairs = given.items() if isinstance(given, dict) else (line.partition("=")[::2] for line in given)
    yield from ((str(name), str(value)) for name, value in pairs)


def literal_secrets(service: dict[str, Any]) -> list[str]:
    found = []
    for name, value in environment(service):
        address = USERINFO.search(value)
        if (SECRET.search(name) and not REQUIRED.fullmatch(value)) or (address and not REQUIRED.fullmatch(address["password"])):
            found.append(f"{name} is no ${{NAME:?message}}")
    return found


def compose_problems(text: str) -> list[str]:
    """What compose.yaml lacks or must not have."""
    compose = yaml.safe_load(text)
    services: dict[str, dict[str, Any]] = compose["services"]
    found = [f"no service {name}" for name in ("app", "database") if name not in services]
    for name, service in services.items():
        if not service.get("healthcheck", {}).get("test"):
            found.append(f"{name}: no health check")
        if "build" not in service and not PINNED.fullmatch(service.get("image", "")):
            found.append(f"{name}: image without a version tag")
        found += [
            f"{name}: port {port} is open to the network" for port in service.get("ports", []) if not str(port).startswith("127.0.0.1:")
        ]
        found += [f"{name}: {problem}" for problem in literal_secrets(service)]
    volumes = [str(volume).partition(":")[::2] for volume in services.get("database", {}).get("volumes", [])]
    if not any(name in compose.get("volumes", {}) and path == "/var/lib/postgresql/data" for name, path in volumes):
        found.append("database: its data is on no named volume")
    if services.get("app", {}).get("depends_on", {}).get("database") != {"condition": "service_healthy"}:
        found.append("app does not wait for a healthy database")
    if not str(dict(environment(services.get("app", {}))).get("GUIYAN_DATABASE_URL", "")).startswith("postgresql"):
        found.append("app is not told of PostgreSQL")
    return found


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction of a Dockerfile, its continued lines joined: (word, rest)."""
    code = "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    lines = [line.strip() for line in re.sub(r"\\\n\s*", " ", code).splitlines()]
    return [(word.upper(), rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def stages(text: str) -> list[list[tuple[str, str]]]:
    """The instructions of each stage, each stage from its FROM on."""
    found: list[list[tuple[str, str]]] = []
    for word, rest in instructions(text):
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, rest))
    return found


def unpinned_bases(text: str) -> list[str]:
    """Base images without a version tag; a stage may stand on one before it."""
    named, found = set[str](), []
    for (_, base), *_ in stages(text):
        image, _, name = re.sub(r"\s+as\s+", " ", base, flags=re.IGNORECASE).partition(" ")
        if image not in named and not PINNED.fullmatch(image):
            found.append(f"base image without a version tag: {image}")
        named.add(name)
    return found


def dockerfile_problems(text: str) -> list[str]:
    """What the Dockerfile lacks or must not have."""
    found = unpinned_bases(text)
    last = stages(text)[-1]
    user = [rest for word, rest in last if word == "USER"][-1:]
    if not user or user[0].partition(":")[0] in ("root", "0"):
        found.append("it runs as root")
    if not any(word == "HEALTHCHECK" and "CMD" in rest and "/healthz" in rest for word, rest in last):
        found.append("no health check on /healthz")
    if ("EXPOSE", "8000") not in last:
        found.append("it does not expose port 8000")
    if not any(word == "CMD" and '"serve"' in rest and '"0.0.0.0"' in rest for word, rest in last):
        found.append("it does not serve on every address of the container")
    for run in (rest for word, rest in instructions(text) if word == "RUN"):
        for command in re.split(r"&&|;", run):
            if " install " in command and "pip" in command and not re.search(r"--require-hashes -r \S+\.lock\b|--no-deps .*-e \.", command):
                found.append(f"installed past the lock: {command.strip()}")
    if not any("--require-hashes -r requirements.lock" in rest for word, rest in instructions(text) if word == "RUN"):
        found.append("nothing is installed from requirements.lock with its hashes")
    return found


def test_compose_starts_a_checked_database_and_service_on_this_machine_only() -> None:
    assert set(yaml.safe_load(COMPOSE)["services"]) == {"app", "database"}
    assert not compose_problems(COMPOSE)


def test_compose_passes_yamllint() -> None:
    lint = [sys.executable, "-m", "yamllint", "--strict", "-d", YAMLLINT, str(ROOT / "compose.yaml")]
    run = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_dockerfile_is_pinned_checked_and_runs_without_root() -> None:
    assert not dockerfile_problems(DOCKERFILE)


def test_image_holds_only_what_is_named() -> None:
    rules = [line for line in IGNORED.splitlines() if line and not line.startswith("#")]
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    assert rules[0] == "*"
    assert allowed == {"pyproject.toml", "requirements.lock", "README.md", "app", "knowledge", "rules"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  database:\n    image", "  store:\n    image", "no service database"),
        ("test: [CMD, pg_isready", "told: [CMD, pg_isready", "database: no health check"),
        ("postgres:16", "postgres", "database: image without a version tag"),
        ("postgres:16", "postgres:latest", "database: image without a version tag"),
        ("127.0.0.1:${PORT", "${PORT", "app: port ${PORT:-8000}:8000 is open to the network"),
        ("127.0.0.1:${PORT", "0.0.0.0:${PORT", "app: port 0.0.0.0:${PORT:-8000}:8000 is open to the network"),
        (
            "POSTGRES_PASSWORD: ${GUIYAN_DB_PASSWORD:?set it}",
            "POSTGRES_PASSWORD: secret",
            "database: POSTGRES_PASSWORD is no ${NAME:?message}",
        ),
        ("POSTGRES_PASSWORD: ${GUIYAN_DB_PASSWORD:?", "POSTGRES_PASSWORD: ${PW:-", "database: POSTGRES_PASSWORD is no ${NAME:?message}"),
        ("guiyan:${GUIYAN_DB_PASSWORD:?set it}@", "guiyan:secret@", "app: GUIYAN_DATABASE_URL is no ${NAME:?message}"),
        ("- database:/var", "- ./database:/var", "database: its data is on no named volume"),
        ("service_healthy", "service_started", "app does not wait for a healthy database"),
        ("postgresql+psycopg://", "mysql://", "app is not told of PostgreSQL"),
    ],
)
def test_a_bad_compose_file_is_found(old: str, new: str, problem: str) -> None:
    assert old in COMPOSE
    assert problem in compose_problems(COMPOSE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("FROM python:3.11-slim\n", "FROM python\n", "base image without a version tag: python"),
        ("FROM python:3.11-slim AS build", "FROM python:latest AS build", "base image without a version tag: python:latest"),
        ("USER guiyan\n", "", "it runs as root"),
        ("USER guiyan", "USER root", "it runs as root"),
        ("USER guiyan", "USER 0:0", "it runs as root"),
        ("HEALTHCHECK --", "# HEALTHCHECK --", "no health check on /healthz"),
        ("/healthz", "/", "no health check on /healthz"),
        ("EXPOSE 8000", "EXPOSE 80", "it does not expose port 8000"),
        ('"0.0.0.0"', '"127.0.0.1"', "it does not serve on every address of the container"),
        ("--require-hashes ", "", "nothing is installed from requirements.lock with its hashes"),
        (
            "--no-deps --no-build-isolation -e .",
            "--no-build-isolation -e .",
            "installed past the lock: /opt/venv/bin/pip install --no-build-isolation -e .",
        ),
        ("WORKDIR /srv/guiyan\nRUN", "RUN pip install httpie\nRUN", "installed past the lock: pip install httpie"),
    ],
)
def test_a_bad_dockerfile_is_found(old: str, new: str, problem: str) -> None:
    assert old in DOCKERFILE
    assert problem in dockerfile_problems(DOCKERFILE.replace(old, new))


def test_a_stage_may_stand_on_an_earlier_one() -> None:
    assert not unpinned_bases("FROM python:3.11-slim AS build\nRUN true\nFROM build\n")
