"""Finding things inside the shapes of files, with the path that leads to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from app.catalog.models import Shape

T = TypeVar("T", bound=Shape)
Path = tuple[str | int, ...]


def find(kind: type[T], within: Any, path: Path = ()) -> Iterator[tuple[Path, T]]:
    """Every `kind` in a shape; paths use the names that the file uses."""
    if isinstance(within, kind):
        yield path, within
    elif isinstance(within, Shape):
        for name, info in type(within).model_fields.items():
            yield from find(kind, getattr(within, name), (*path, info.alias or name))
    elif isinstance(within, dict):
        for key, value in within.items():
            yield from find(kind, value, (*path, key))
    elif isinstance(within, tuple):
        for n, value in enumerate(within):
            yield from find(kind, value, (*path, n))
