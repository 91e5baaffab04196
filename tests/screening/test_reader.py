"""Any table that people send is read, or refused with what to do; numbers of rows are those of the sheet."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.screening.problems import SAYS, Unreadable
from app.screening.reader import Limits, read_table
from app.screening.table import letters, named
from app.screening.words import RosterWords
from tests.screening.offices import ods, xls
from tests.screening.rosters import csv_text, kinds, read, rows, xlsx

HEAD = ("姓名", "年龄", "回乡时间")


def refusal(of: bytes | Path, limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read_table(of, limits)
    problem = caught.value.problem
    assert problem.weight == "file"
    assert len(problem.text("zh")) > 8
    assert problem.text("en").isascii() or problem.said
    return problem.kind


def test_a_spreadsheet_keeps_numbers_dates_and_row_numbers(words: RosterWords) -> None:
    table = read(xlsx(HEAD, ("张三", 35, dt.date(2019, 3, 1)), (None, None, None), ("李四", 41.5, "去年腊月")), words)
    assert table.header == HEAD
    assert [(r.number, r.cells) for r in rows(table)] == [(2, ("张三", 35, dt.date(2019, 3, 1))), (4, ("李四", 41.5, "去年腊月"))]
    assert table.rows.lines == 3


@pytest.mark.parametrize("made", [ods, xls])
def test_sheets_of_other_programs_are_read_like_any(words: RosterWords, made: Callable[..., bytes]) -> None:
    table = read(made(HEAD, ("张三", 35, "2019年3月"), (), ("李<四>", None, "去年腊月")), words)
    assert (table.sheet, table.header) == ("名单", HEAD)
    assert [(r.number, r.cells) for r in rows(table)] == [(2, ("张三", 35, "2019年3月")), (4, ("李<四>", None, "去年腊月"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_any_usual_encoding_and_with_any_usual_delimiter(words: RosterWords, encoding: str, delimiter: str) -> None:
    text = csv_text(HEAD, ("张三", "三十五", "2019年回来"), ("", "", ""), ("李四", "41", "")).replace(",", delimiter)
    table = read(text.encode(encoding), words)
    assert table.header == HEAD
    assert [(r.number, r.cells) for r in rows(table)] == [(2, ("张三", "三十五", "2019年回来")), (4, ("李四", "41", None))]
    assert list(table.rows) == list(table.rows), "a table can be read twice"


def test_a_gbk_file_on_disk_is_streamed_with_the_lines_of_the_file(words: RosterWords, tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(csv_text(HEAD, ("王\n五", "40", "去年"), ("赵六", "30", "")).encode("gbk"))
    table = read(path, words)
    assert [r.number for r in rows(table)] == [2, 4], "a cell with a line break takes two lines"
    assert table.rows.lines == 2


def test_text_in_no_encoding_names_the_line() -> None:
    with pytest.raises(Unreadable) as caught:
        read_table("姓名,年龄\n张三,35\n".encode() + b"\xff\xff\x81\x30,1\n")
    assert caught.value.problem.kind == "encoding"
    assert caught.value.problem.said["line"] == 3


def test_titles_and_merged_headers_over_two_rows_become_one_header(words: RosterWords) -> None:
    body = xlsx(
        ("返乡创业人员花名册", None, None, None, None), ("姓名", "联系方式", None, "年龄", "回乡时间"), (None, "手机", "座机", None, None),
        ("张三", "13800001111", "", 35, "2019年"), merged=("A1:E1", "B2:C2", "A2:A3", "D2:D3"),
    )  # fmt: skip
    table = read(body, words)
    assert table.header == ("姓名", "联系方式-手机", "联系方式-座机", "年龄", "回乡时间")
    assert [r.number for r in rows(table)] == [4]
    assert kinds(table.problems) == ["header_not_first"]


def test_a_person_whose_cells_are_merged_with_anothers_is_refused_by_row(words: RosterWords) -> None:
    table = read(xlsx(HEAD, ("张三", 35, "去年"), (None, 30, "去年"), ("李四", 40, "去年"), merged=("A2:A3",)), words)
    refused = {r.number: r.problem and r.problem.kind for r in rows(table)}
    assert refused == {2: "merged_cells", 3: "merged_cells", 4: None}


def test_of_several_sheets_the_first_with_a_known_header_is_read_and_that_is_said(words: RosterWords) -> None:
    body = xlsx(("填表说明",), ("请如实填写",), sheets=[("名单", [HEAD, ("张三", 35, "去年")]), ("旧名单", [HEAD, ("李四", 30, "")])])
    table = read(body, words)
    assert table.sheet == "名单"
    assert kinds(table.problems) == ["several_sheets"]
    assert "旧名单" in table.problems[0].text()
    assert [r.cells[0] for r in rows(read(body, words, sheet="旧名单"))] == ["李四"]
    with pytest.raises(Unreadable, match="名单"):
        read(body, words, sheet="没有的表")


def test_the_wrong_file_is_called_by_its_kind() -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"\xef\xbb\xbf  \r\n") == "empty"
    assert refusal(b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 50) == "wrong_kind"
    assert refusal(b"%PDF-1.7 ...") == "wrong_kind"
    assert refusal(b"\x00\x01\x02\x03") == "wrong_kind"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    with pytest.raises(Unreadable, match="Word"):
        read_table(out.getvalue())
    assert refusal(b"PK\x03\x04 this is no archive") == "broken"
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600) == "broken"


def test_a_header_without_people_and_people_without_a_header_are_told_apart(words: RosterWords) -> None:
    assert refusal("姓名,年龄\n".encode()) == "no_rows"
    assert refusal(xlsx(HEAD)) == "no_rows"
    with pytest.raises(Unreadable) as caught:
        read(xlsx((1, 2, 3), (4, 5, 6)), words)
    assert caught.value.problem.kind == "no_header"


def bomb(size: int) -> bytes:
    """A spreadsheet whose one sheet unpacks to `size` bytes of nothing."""
    out = io.BytesIO(xlsx(HEAD))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("xl/media/filling.bin", "w") as member:
        for _ in range(size // (1 << 20)):
            member.write(b"\x00" * (1 << 20))
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    packed = bomb(200 << 20)
    assert len(packed) < 1 << 20
    assert refusal(packed) == "unpacks_too_large"
    assert refusal(bomb(20 << 20), Limits(unpacked_bytes=10 << 20)) == "unpacks_too_large"


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    packed = bytearray(bomb(12 << 20))
    real = (12 << 20).to_bytes(4, "little")
    assert packed.count(real) >= 1
    assert refusal(bytes(packed).replace(real, (1000).to_bytes(4, "little"))) == "broken"


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.csv"])
def test_a_sheet_of_two_gigabytes_is_refused_by_its_size_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"PK\x03\x04" if name.endswith("xlsx") else "姓名,年龄\n".encode())
        file.truncate(2 << 30)  # sparse: it takes no room on the disk
    assert refusal(path) == "too_large"


def test_rows_that_do_not_fit_the_header_are_refused_one_by_one(words: RosterWords) -> None:
    table = read("姓名,年龄\n张三,35\n李四,40,多了\n王五\n赵六,30\n".encode(), words)
    assert [(r.number, r.problem and r.problem.kind) for r in rows(table)] == [(2, None), (3, "more_cells"), (4, None), (5, None)]
    assert rows(table)[2].cells == ("王五", None)


def test_a_quotation_mark_that_is_never_closed_is_named_where_it_opens(words: RosterWords) -> None:
    table = read('姓名,年龄\n张三,35\n李四,"40\n王五,41\n'.encode(), words)
    assert [(r.number, r.problem and r.problem.kind) for r in rows(table)] == [(2, None), (3, "open_quote")]
    table = read('姓名,年龄\n张三,"35"岁\n李四,40\n'.encode(), words)
    assert [(r.number, r.problem and r.problem.kind) for r in rows(table)] == [(2, "stray_quote"), (3, None)]


def test_too_wide_and_too_long_tables_say_how_much_is_read() -> None:
    assert refusal((",".join(f"c{n}" for n in range(400)) + "\n1\n").encode()) == "too_wide"
    assert refusal(b"a,b\n1,2\n3,4\n", Limits(rows=2)) == "too_long"
    assert refusal(xlsx(HEAD, *[("张", 1, "")] * 5), Limits(rows=3)) == "too_long"


def test_columns_without_a_name_or_with_the_same_have_names_of_their_own() -> None:
    assert named(["电话", "", "电话"])[0] == ("电话", "（B列）", "电话 (2)")
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_every_problem_has_a_mend_in_both_languages() -> None:
    for kind, (weight, zh, en) in SAYS.items():
        assert weight in ("file", "row", "cell", "note"), kind
        assert zh.endswith(("。", "。）")), kind
        assert en.endswith("."), kind
        assert zh.count("{") == en.count("{"), kind
