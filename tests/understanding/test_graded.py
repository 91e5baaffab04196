"""What people say, labelled by hand: sentences of our own, in which nearly everything must be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.catalog import Catalog
from app.understanding import Lexicon
from tests.understanding.graded import SENTENCES, grade, read

FILES = sorted(SENTENCES.glob("*.jsonl"))
LABELLED = frozenset(fact for file in FILES for line in read(file) for fact in line["facts"])
"""Facts that the labels speak of; others that are heard are neither right nor wrong."""


EASIER = ("many_facts_and_traps", "second_author", "voice_and_mothers", "young_and_context")
"""Sentences that were often looked at while the words were collected. The others were seen once, so are nearer to what strangers may expect."""


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_what_is_stated_is_right_and_little_is_missed(file: Path, lexicon: Lexicon) -> None:
    grades = grade(read(file), lexicon, LABELLED)
    precision, f1, wrong = (0.96, 0.90, 0.06) if file.stem in EASIER else (0.94, 0.82, 0.09)
    assert grades.precision >= precision, f"wrong: {grades.wrong.most_common(8)}"
    assert grades.f1 >= f1, f"missed: {grades.missed.most_common(8)}"
    assert grades.lines_with_wrong <= wrong * grades.lines


def test_the_sentences_are_labelled_in_the_vocabulary(catalog: Catalog) -> None:
    for file in FILES:
        for line in read(file):
            assert line["text"].strip()
            assert set(line["facts"]) <= set(catalog.facts), line["text"]
            assert line["asking"] is None or line["asking"] in catalog.facts or line["asking"] in catalog.variables
