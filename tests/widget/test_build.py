"""The built chat: made from its source, small, and fit for an old phone's browser."""

import re

import pytest

from app.widget import build, routes

MOST_BYTES = 15_000
LATER_THAN_ES2019 = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "logical assignment": r"(?:&&|\|\||\?\?)=",
    "numeric separator": r"\b\d+_\d",
    "big integer": r"\b\d+n\b",
    "private name": r"\bthis\.#",
    "class field": r"(?:class [^{]*\{|[;}])\s*static\s+\w+\s*=",
    "dynamic import": r"\bimport\s*\(",
    "replaceAll": r"\.replaceAll\(",
    "Array.at": r"\.at\(",
    "replaceChildren": r"\.replaceChildren\(",
    "structuredClone": r"\bstructuredClone\(",
    "Promise.any": r"\bPromise\.any\(",
    "randomUUID": r"randomUUID",
    "hasOwn": r"Object\.hasOwn\(",
}
LATER_THAN_CHROMIUM_80 = {
    ":is": r":is\(", ":where": r":where\(", ":has": r":has\(", "aspect-ratio": r"aspect-ratio", "gap": r"[{;](?:row-|column-)?gap:", "inset": r"[{;]inset:",
    "dvh": r"\d[dsl]vh", "container": r"@container", "layer": r"@layer", "nesting": r"&", "clamp": r"clamp\(",
}  # fmt: skip


def later(text: str, table: dict[str, str]) -> list[str]:
    return [name for name, pattern in table.items() if re.search(pattern, text)]


def built() -> str:
    return build.BUILT.read_text(encoding="utf-8")


def code(script: str) -> str:
    """A script without the texts in it."""
    return re.sub(r"`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", "''", script)


def test_the_committed_file_was_made_from_the_source_as_it_is() -> None:
    assert build.made_from() in built().splitlines()[0], "run python -m app.widget.build"


def test_where_the_minifier_is_at_hand_the_committed_file_is_what_it_makes() -> None:
    command = build.minifier()
    assert command is None or build.script(command) == built(), "run python -m app.widget.build"


def test_the_policy_allows_the_style_that_is_in_the_script() -> None:
    named = build.STYLE_HASH.search(built())
    style = re.search(r"=([`'\"])(:host\{.*?\})\1", built(), re.DOTALL)
    assert named
    assert style
    assert build.style_hash(style.group(2)) == named.group(1)
    assert f"style-src 'self' '{named.group(1)}'" in routes.POLICY


def test_script_and_style_together_fit_in_fifteen_kilobytes() -> None:
    sent = sum(len(body) for name, body in routes.PACKED.items() if name.startswith("guiyan-chat"))
    assert sent <= MOST_BYTES, f"{sent} bytes"
    assert "--accent" in built(), "the style is in the script"


def test_every_part_is_short_enough_to_read() -> None:
    long = [p.name for p in build.SOURCE.iterdir() if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    assert not long


@pytest.mark.parametrize("name", ["built", *sorted(n for n in build.sources() if n.endswith(".js"))])
def test_the_script_needs_nothing_newer_than_es2019(name: str) -> None:
    text = built() if name == "built" else build.sources()[name]
    assert not later(code(re.sub(r"(?m)^\s*//.*$", "", text)), LATER_THAN_ES2019)


def test_the_style_needs_nothing_newer_than_chromium_80() -> None:
    assert not later(build.sources()["guiyan-chat.css"].replace(":focus-visible", ""), LATER_THAN_CHROMIUM_80)


@pytest.mark.parametrize("text", ["a?.b", "a ?? b", "a ||= b", "s.replaceAll('a')", "class A{static x=1}", "this.#x", "1_000", "l.at(-1)"])
def test_newer_syntax_is_found(text: str) -> None:
    assert later(text, LATER_THAN_ES2019)


@pytest.mark.parametrize("text", ["a?.5:b", "a ? b : c", "class A{static get x(){}}", "a || b", "x.attach(y)"])
def test_older_syntax_is_left_alone(text: str) -> None:
    assert not later(text, LATER_THAN_ES2019)


def test_nothing_is_ever_read_as_markup_and_no_other_host_is_named() -> None:
    for script in (built(), *build.sources().values()):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script)
        assert not re.search(r"https?://\w", script)


def test_both_languages_say_the_same_things() -> None:
    zh, en = build.sources()["1-words.js"].split("\n  en: {")
    names = [re.findall(r"(\w+): ", code(part)) for part in (zh, en)]
    assert [n for n in names[0] if n != "zh"] == names[1]
