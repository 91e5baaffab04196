"""The direction of the house: the core is pure and knows no shell; one clock; no failure is swallowed without a reason."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each room may import itself and the rooms before it, nothing else of app/.
ROOMS = ("catalog", "matching", "wording", "understanding", "hearsay", "conversation")
FRAMEWORKS = {
    "fastapi", "httpx2", "jinja2", "prometheus_client", "psycopg", "pydantic_settings",
    "sqlalchemy", "sqlmodel", "starlette", "structlog", "uvicorn",
}  # fmt: skip
WORLD = {  # files, network, processes, the clock, chance
    "asyncio", "glob", "http", "importlib", "logging", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "ssl", "subprocess", "tempfile", "time", "urllib.request",
}  # fmt: skip
TODAY = {"datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow"}
OUTSIDE = TODAY | {"open", "input", "__import__", "io.open", "uuid.uuid1", "uuid.uuid4"}
MARKERS = re.compile(r"noqa(?::\s*[A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*)?|type:\s*ignore(?:\[[^]]*\])?|pragma:\s*no cover")


def imports(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """Every module (or name of a module) that is imported, in full, with its line. `package`: that of the module itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def references(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name and attribute that is read, through the names that imports gave it: dt.date.today -> datetime.date.today."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            parts = ast.unparse(node).split(".")
            yield node.lineno, ".".join([known.get(parts[0], parts[0]), *parts[1:]])


def within(name: str, modules: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def impure(source: str, room: str) -> list[str]:
    """What a module of a core room (app/<room>/) may not have: a later room, the shell, a framework, the world outside."""
    tree = ast.parse(source)
    allowed = {f"app.{name}" for name in ROOMS[: ROOMS.index(room) + 1]}
    found = []
    for line, name in imports(tree, f"app.{room}"):
        if within(name, {"app"}) and not within(name, allowed):
            found.append(f"{line}: {room} imports {name}, which is shell or a later room")
        if within(name, FRAMEWORKS):
            found.append(f"{line}: the core imports a framework, {name}")
        if within(name, WORLD):
            found.append(f"{line}: the core imports {name}; the shell hands it what it needs")
    return found + [f"{line}: the core uses {name}; the shell hands it what it needs" for line, name in references(tree) if name in OUTSIDE]


def reads_the_clock(source: str) -> list[str]:
    return [f"{line}: {name} outside app/clock.py" for line, name in references(ast.parse(source)) if name in TODAY]


def comments(source: str) -> dict[int, str]:
    """line -> what its comment says to a reader, without the marks for tools."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: MARKERS.sub("", t.string).strip("# -:,") for t in tokens if t.type == tokenize.COMMENT}


def is_broad(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(isinstance(k, ast.Name) and k.id in ("Exception", "BaseException") for k in kinds)


def swallows(source: str) -> list[str]:
    """Bare excepts, and broad ones without a reason on their own line."""
    found, reasons = [], comments(source)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        if node.type is None:
            found.append(f"{node.lineno}: bare except")
        elif is_broad(node.type) and not reasons.get(node.lineno):
            found.append(f"{node.lineno}: a broad except says on its line why")
    return found


def over(folder: Path, check: Callable[[str], list[str]]) -> list[str]:
    """All findings below a folder, each with its file."""
    paths = [p for p in sorted(folder.rglob("*.py")) if p != ROOT / "app/clock.py" or check is not reads_the_clock]
    assert paths, f"no Python below {folder}"
    return [f"{p.relative_to(ROOT)}:{finding}" for p in paths for finding in check(p.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("room", [room for room in ROOMS if (ROOT / "app" / room).is_dir()])
def test_core_room_is_pure_and_looks_only_down(room: str) -> None:
    found = over(ROOT / "app" / room, lambda source: impure(source, room))
    assert not found, "\n".join(found)


def test_only_the_clock_reads_the_day() -> None:
    found = over(ROOT / "app", reads_the_clock)
    assert not found, "\n".join(found)


def test_no_failure_is_swallowed_without_a_reason() -> None:
    found = over(ROOT / "app", swallows)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "import app.store",
        "from app import settings",
        "from app.clock import today",
        "from ..api import deps",
        "from .. import files",
        "def f():\n    from app.library import Library",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.settings import Settings",
        "import app.wording",
        "from app.wording.render import filler",
        "from ..conversation import state",
        "import fastapi",
        "from sqlalchemy.orm import Session",
        "import structlog as log",
        "import os.path",
        "from pathlib import Path",
        "from urllib import request",
        "import time",
        "import random as r",
        "from subprocess import run",
        "open('x')",
        "readers = [open]",
        "import io\nio.open('x')",
        "import uuid\nuuid.uuid4()",
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.date.today()",
        "from datetime import date as day\nfield(default_factory=day.today)",
    ],
)
def test_an_impure_module_is_found(source: str) -> None:
    assert impure(source, "matching")


@pytest.mark.parametrize(
    "source",
    [
        "from app.catalog import Catalog\nfrom app.catalog.models import Fact",
        "from . import verdict\nfrom .day import Day\nfrom ..catalog import places",
        "import datetime as dt\ndt.date(2026, 11, 23)\ndt.date.fromisoformat('2026-11-23')",
        "import io\nio.StringIO('x')",
        "import timeit_like\nfrom appliance import store\nfrom urllib.parse import quote\nitem.open",
    ],
)
def test_a_pure_module_is_left_alone(source: str) -> None:
    assert not impure(source, "matching")


def test_rooms_import_one_way_only() -> None:
    assert impure("from app.matching import match", "catalog")
    assert impure("from app.wording import render", "matching")
    assert not impure("from app.catalog import Catalog\nfrom app.matching import match", "wording")


@pytest.mark.parametrize(
    "source",
    [
        "import datetime as dt\ndt.datetime.now(dt.UTC)",
        "import datetime\nx = datetime.datetime.utcnow",
        "from datetime import date\ndate.today()",
        "from datetime import datetime as moment\nmoment.today()",
    ],
)
def test_a_second_clock_is_found(source: str) -> None:
    assert reads_the_clock(source)
    assert not reads_the_clock("from app.clock import today\ntoday()\nclock.now()")


@pytest.mark.parametrize(
    "handler",
    [
        "except:",
        "except:  # whatever it was, the page goes on",
        "except Exception:",
        "except Exception as error:",
        "except BaseException:",
        "except (ValueError, Exception):",
        "except Exception:  # noqa: BLE001",
        "except Exception:  # noqa",
    ],
)
def test_a_swallowed_failure_is_found(handler: str) -> None:
    assert swallows(f"try:\n    work()\n{handler}\n    pass\n")


@pytest.mark.parametrize(
    "handler",
    [
        "except ValueError:",
        "except Exception:  # noqa: BLE001 - one bad line must not stop the roster",
        "except Exception:  # reported to the caller",
    ],
)
def test_a_failure_with_its_reason_is_left_alone(handler: str) -> None:
    assert not swallows(f"try:\n    work()\n{handler}\n    pass\n")
