"""Shell: reading the catalogue's files from disk. The core is handed their texts."""

from __future__ import annotations

from pathlib import Path

from app.catalog.build import DIVISIONS

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("knowledge", "rules")


def read_files(root: Path = ROOT) -> dict[str, str]:
    """Every catalogue file below root: name with slashes -> text. Raises OSError or UnicodeDecodeError."""
    names = sorted(p for folder in FOLDERS for p in (root / folder).rglob("*.yaml"))
    divisions = root / DIVISIONS
    found = {p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in names}
    if divisions.exists():
        found[DIVISIONS] = divisions.read_text(encoding="utf-8")
    return found


def stamp(root: Path = ROOT) -> tuple[tuple[str, int, int], ...]:
    """What tells whether a file changed: name, modification time, size."""
    paths = sorted(p for folder in FOLDERS for p in (root / folder).rglob("*") if p.suffix in (".yaml", ".csv"))
    return tuple((str(p), (s := p.stat()).st_mtime_ns, s.st_size) for p in paths)
