"""The second opinion: trained on what is kept here, it only doubts or adds what stands in the message, and helps with sentences it never saw."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog import Catalog
from app.files import ROOT
from app.understanding import Lexicon, understand
from app.understanding.classifier import FILE, NUMBER, PLACE, STAGE, STATUS, TOLD, TRADE, Task, read_classifier
from app.understanding.opinion import ADDED, DOUBTED
from tests.understanding.graded import AS_OF, HELD_OUT, SENTENCES, grade, read
from tests.understanding.tables import without
from tests.understanding.test_graded import LABELLED
from training.__main__ import fingerprint
from training.tables import sayings

A_MERE_WORD = 8
"""Signs of what everybody says (没有, 不知道, hello在吗)."""
PIECES = st.frozensets(st.text("我想养羊了在村里", min_size=1, max_size=4), max_size=30)
SAID = [line for file in sorted(SENTENCES.glob("*.jsonl")) for line in read(file)][::17]


def test_it_was_trained_on_the_sentences_kept_here() -> None:
    kept = json.loads((ROOT / FILE).read_text(encoding="utf-8"))["trained_on"]
    assert kept == fingerprint(sorted(SENTENCES.glob("*.jsonl"))), "the sentences have changed: make train"


def test_no_sentence_held_out_was_trained_on() -> None:
    trained = {line["text"] for file in SENTENCES.glob("*.jsonl") for line in read(file)}
    held_out = {line["text"] for file in HELD_OUT.glob("*.jsonl") for line in read(file)}
    assert sorted(text for text in trained & held_out if len(text) > A_MERE_WORD) == []


def test_every_class_is_of_the_vocabulary(catalog: Catalog, lexicon: Lexicon) -> None:
    tasks = lexicon.classifier
    assert set(tasks) == {NUMBER, PLACE, STAGE, STATUS, TOLD, TRADE} == set(DOUBTED)
    assert set(tasks[STAGE].classes) - {"-"} == set(catalog.facts["business_stage"].options)
    for name in (NUMBER, PLACE):
        assert set(tasks[name].classes) - {"-"} <= set(catalog.facts)
    for told in tasks[TOLD].classes:
        fact, _, option = told.partition("=")[0].partition(".")
        assert not option or option in catalog.facts[fact].options


@given(whole=PIECES, near=PIECES)
def test_chances_are_between_none_and_all(lexicon: Lexicon, whole: frozenset[str], near: frozenset[str]) -> None:
    for task in lexicon.classifier.values():
        chances = task.chances(task.sums(whole), task.sums(near))
        assert all(0 <= chance <= 1 for chance in chances.values())
        assert not task.exclusive or abs(sum(chances.values()) - 1) < 1e-9


def test_without_weights_nothing_changes(lexicon: Lexicon) -> None:
    unsure = {name: Task(t.classes, tuple(0.0 for _ in t.classes), {}, False) for name, t in lexicon.classifier.items()}
    for line in SAID:
        plain = understand(line["text"], without(lexicon), AS_OF, line["asking"])
        assert understand(line["text"], replace(lexicon, classifier=unsure), AS_OF, line["asking"]) == plain


def test_it_doubts_and_adds_but_never_puts_another_value(lexicon: Lexicon) -> None:
    for line in SAID:
        found = {f.fact: f for f in understand(line["text"], without(lexicon), AS_OF, line["asking"]).facts}
        weighed = {f.fact: f for f in understand(line["text"], lexicon, AS_OF, line["asking"]).facts}
        assert found.keys() <= weighed.keys()
        for fact, f in weighed.items():
            assert line["text"][f.start : f.end] == f.quote
            if f.certainty == "stated" and fact in found and found[fact].certainty == "stated":
                assert f == found[fact]
            elif fact in found and f.certainty == "guessed":
                assert f == replace(found[fact], certainty="guessed")


def test_what_is_said_plainly_is_hardly_ever_doubted(lexicon: Lexicon) -> None:
    plain = doubted = 0
    for line in sayings(lexicon.facts):
        found = {f.fact for f in understand(line["text"], without(lexicon), AS_OF, line["asking"]).facts if f.certainty == "stated"}
        weighed = {f.fact for f in understand(line["text"], lexicon, AS_OF, line["asking"]).facts if f.certainty == "stated"}
        plain, doubted = plain + len(found), doubted + len(found - weighed)
    assert plain > 1000
    assert doubted < 0.03 * plain


@pytest.mark.parametrize(
    ("asking", "text", "value"),
    [("business_stage", "只是想法", "idea"), ("sector", "养羊", "livestock"), ("home_place", "偏关", "偏关县"), ("age", "四十二", 42)],
)
def test_what_answers_the_question_stands(asking: str, text: str, value: object, lexicon: Lexicon) -> None:
    heard = {f.fact: f for f in understand(text, lexicon, AS_OF, asking).facts}
    assert heard[asking].value == value
    assert heard[asking].certainty == "stated"


def test_it_helps_with_sentences_nobody_looked_at(lexicon: Lexicon) -> None:
    lines = [line for file in sorted(HELD_OUT.glob("*.jsonl")) for line in read(file)]
    graded, alone = grade(lines, lexicon, LABELLED), grade(lines, without(lexicon), LABELLED)
    assert graded.precision > alone.precision
    assert graded.lines_with_wrong < alone.lines_with_wrong


def test_above_what_is_added_nothing_is_doubted() -> None:
    assert all(ADDED[name] > DOUBTED[name] for name in ADDED)


def test_a_weights_file_is_read_as_written() -> None:
    task = read_classifier('{"tasks": {"t": {"classes": ["a", "b"], "bias": [0, 1], "weights": {"想": [0, 250]}, "exclusive": true}}}')["t"]
    assert task.sums({"想", "x"}) == [250, 0]
    assert task.chances([250, 0])["a"] == pytest.approx(0.8176, abs=1e-4)
