"""Reading YAML texts: values fast, lines only when a problem has to be pointed at."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from app.catalog.problems import Problem

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[valid-type,misc]
    """Refuses a key given twice, which YAML itself would let win silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key «{key}» stands twice", key_node.start_mark)
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


# YAML 1.1 reads on, off, yes and no as booleans; here only true and false are (as in YAML 1.2), so that `on: 2026-11-23` is a key.
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false|True|False)$"), list("tfTF"))


def read(file: str, text: str, problems: list[Problem]) -> Any:
    """The value of one YAML text, or None with a Problem added."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader subclass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problems.append(Problem(file, mark.line + 1 if mark else 0, f"not readable as YAML: {error.problem}", "check quotes, colons and indentation"))
    except yaml.YAMLError as error:
        problems.append(Problem(file, 0, f"not readable as YAML: {error}", "save the file as UTF-8 text"))
    except ValueError as error:
        problems.append(Problem(file, 0, f"a value is not possible: {error}", "check the dates"))
    return None


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line (from 1) where the value at `path` stands; of its nearest ancestor where the path leads nowhere."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        return 0
    line = node.start_mark.line + 1 if node else 0
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        node = found
        line = node.start_mark.line + 1
    return line


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
