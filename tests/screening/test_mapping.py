"""Columns are known by their headers; what is only guessed waits until somebody says so."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.catalog import Catalog, CatalogInvalid
from app.screening.mapping import BadMapping, confirmed, guess, mapped_from, needs_confirmation
from app.screening.words import FILE, RosterWords, build_words, plain_header


@pytest.mark.parametrize(
    ("header", "fact"),
    [
        ("姓 名", "name"), ("身份证号码", "id_number"), ("联系电话", "phone"), ("年龄（岁）", "age"), ("是否低保户", "subsistence_allowance"),
        ("返乡时间", "months_since_return"), ("贷款需求（万元）", "funding_needed"), ("建档立卡户", "poverty_alleviated"), ("＊文化程度", "education"),
        ("户籍所在地", "home_place"), ("出生年月", "birth_date"), ("备注", "remark"),
    ],
)  # fmt: skip
def test_the_headers_of_bureaus_are_known(words: RosterWords, header: str, fact: str) -> None:
    found = guess([header], words)[0]
    assert (found.told, found.how) == (fact, "known")


def test_a_similar_header_is_guessed_and_not_used_until_it_is_confirmed(words: RosterWords) -> None:
    mapped = guess(["姓名", "户籍所在地址", "年龄"], words)
    assert [(c.told, c.how) for c in mapped][1] == ("home_place", "guessed")
    assert needs_confirmation(mapped)
    assert confirmed(mapped, {}, words)[1].told is None
    settled = confirmed(mapped, {"户籍所在地址": "home_place"}, words)
    assert (settled[1].told, settled[1].how) == ("home_place", "confirmed")
    assert mapped_from([c.body for c in settled]) == settled


def test_strange_headers_are_not_guessed_at(words: RosterWords) -> None:
    for header in ("家庭年收入", "村", "（C列）", "领取物资", "", "x" * 500):
        assert guess([header], words)[0].told is None, header


def test_no_fact_is_told_by_two_columns(words: RosterWords) -> None:
    mapped = guess(["电话", "联系电话", "年龄"], words)
    assert [c.told for c in mapped] == ["phone", None, "age"]


def test_a_mapping_that_cannot_be_used_names_everything_wrong(words: RosterWords) -> None:
    mapped = guess(["姓名", "甲", "乙", "年龄"], words)
    with pytest.raises(BadMapping) as caught:
        confirmed(mapped, {"丙": "age", "甲": "agee", "乙": "age"}, words)
    text = " ".join(e.what for e in caught.value.errors)
    assert "no column «丙»" in text
    assert "nearest: age" in text
    assert "cannot both tell age" in text
    with pytest.raises(BadMapping, match="no column tells a fact"):
        confirmed(mapped, {"年龄": None}, words)


def test_a_table_of_names_alone_waits(words: RosterWords) -> None:
    assert needs_confirmation(guess(["姓名", "电话"], words))
    assert not needs_confirmation(guess(["姓名", "年龄"], words))


def test_the_unit_of_a_header_is_kept(words: RosterWords) -> None:
    assert plain_header("资金需求(万元)") == ("资金需求", "万元")
    assert guess(["资金需求(万元)"], words)[0].unit == "万元"


def test_every_template_column_is_known_and_every_fact_has_a_header(words: RosterWords, catalog: Catalog) -> None:
    for column in words.shape.template:
        assert guess([words.header_of(column.column)], words)[0].how == "known"
    for fact in catalog.facts:
        assert guess([words.header_of(fact)], words)[0].told == fact


def test_the_file_of_words_is_checked_against_the_facts(files: Mapping[str, str], catalog: Catalog) -> None:
    broken = (
        files[FILE]
        .replace("  age: [年龄,", "  agee: [年龄,")
        .replace("gender: {female:", "gender: {femail:")
        .replace("column: phone,", "column: fone,")
    )
    with pytest.raises(CatalogInvalid) as caught:
        build_words({FILE: broken}, catalog)
    said = " ".join(p.what for p in caught.value.problems)
    assert "agee" in said
    assert "femail" in said
    assert "fone" in said
    assert all(p.file == FILE and p.line and p.mend for p in caught.value.problems)
    with pytest.raises(CatalogInvalid, match="missing"):
        build_words({}, catalog)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("columns:\n", "columns: [\n", "not readable as YAML"), ("columns:\n", "colums:\n", "columns: Field required"),
        ("  zero: [", "  zeros: [", "«zero» is missing"), ("  age: [年龄,", "  age: [姓名,", "«姓名» also stands under name"),
        ("  gender: [性别]", "  gender: []", "gender has no header"),
    ],
)  # fmt: skip
def test_a_broken_file_of_words_is_told_by_line_and_mend(files: Mapping[str, str], catalog: Catalog, old: str, new: str, said: str) -> None:
    assert old in files[FILE]
    with pytest.raises(CatalogInvalid) as caught:
        build_words({FILE: files[FILE].replace(old, new, 1)}, catalog)
    found = [p for p in caught.value.problems if said in p.what]
    assert found, caught.value.problems
    assert (found[0].line > 0, bool(found[0].mend)) == (True, True)
