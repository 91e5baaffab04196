"""Shell: reading the catalogue's files from disk. The core is handed their texts."""

from __future__ import annotations

from pathlib import Path

from app.catalog.build import DIVISIONS
from app.catalog.problems import CatalogInvalid, Problem
from app.understanding.classifier import FILE as CLASSIFIER

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("knowledge", "rules")


def read_files(root: Path = ROOT) -> dict[str, str]:
    """Every catalogue file below root: name with slashes -> text. Raises CatalogInvalid naming each that is no readable UTF-8 text."""
    paths = sorted(p for folder in FOLDERS for p in (root / folder).rglob("*.yaml"))
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for path in [*paths, *(root / name for name in (DIVISIONS, CLASSIFIER) if (root / name).exists())]:
        name = path.relative_to(root).as_posix()
        try:
            found[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            problems.append(Problem(name, line, f"not readable as text: {error.reason}", "save the file as UTF-8"))
        except OSError as error:
            problems.append(Problem(name, 0, f"the file cannot be read: {error.strerror}", "see that it is there and readable"))
    if problems:
        raise CatalogInvalid(problems)
    return found


def stamp(root: Path = ROOT) -> tuple[tuple[str, int, int], ...]:
    """What tells whether a file changed: name, modification time, size (zeros for a file that cannot be looked at)."""
    paths = sorted(p for folder in FOLDERS for p in (root / folder).rglob("*") if p.suffix in (".yaml", ".csv", ".json"))
    return tuple((str(path), *_seen(path)) for path in paths)


def _seen(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
