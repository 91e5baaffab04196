"""Reading YAML texts: values fast, lines only when a problem has to be pointed at."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, ClassVar

import yaml

from app.catalog.problems import Problem

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[valid-type,misc]
    """YAML 1.1 reads on, off, yes and no as booleans; here only true and false are (as in YAML 1.2), so that `on: 2026-11-23` is a key."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in _Loader.yaml_implicit_resolvers.items()
    }


_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false|True|False)$"), list("tfTF"))


def _value(node: yaml.Node, loader: yaml.SafeLoader) -> Any:
    """The value of a node. Three times as fast as PyYAML's own constructor, and it refuses a key given twice."""
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == "tag:yaml.org,2002:str" else _scalar(node, loader)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, loader) for item in node.value]
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _value(key_node, loader)
        if not isinstance(key, Hashable) or key in found:
            what = f"the key «{key_node.value}» stands twice" if isinstance(key, Hashable) else "a key is no plain word"
            raise yaml.constructor.ConstructorError(None, None, what, key_node.start_mark)
        found[key] = _value(value_node, loader)
    return found


def _scalar(node: yaml.ScalarNode, loader: yaml.SafeLoader) -> Any:
    try:
        return loader.construct_object(node)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(None, None, f"«{node.value}» is not possible: {error}", node.start_mark) from None


def _load(text: str) -> Any:
    loader = _StrictLoader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _value(node, loader)
    finally:
        loader.dispose()


def read(file: str, text: str, problems: list[Problem]) -> Any:
    """The value of one YAML text, or None with a Problem added."""
    try:
        return _load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problems.append(
            Problem(file, mark.line + 1 if mark else 0, f"not readable as YAML: {error.problem}", "check quotes, colons and indentation")
        )
    except yaml.YAMLError as error:
        problems.append(Problem(file, 0, f"not readable as YAML: {error}", "save the file as UTF-8 text"))
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
