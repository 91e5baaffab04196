"""From a roster's file to what an official reads: nobody lost, every problem named, nothing that a spreadsheet could run."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from app.matching.match import match
from app.matching.profile import known_from, parse_profile
from app.matching.steps import WORTH_A_CHANGE, steps
from app.screening.facts import Layout
from app.screening.lines import BETWEEN
from app.screening.mapping import guess
from app.screening.pages import POLICY, cards_page, summary_page
from app.screening.results import Finished, write_csv, write_problems, write_result, write_template
from app.screening.run import Run, facts_of
from app.screening.words import RosterWords
from app.screening.xlsx import harmless, sheet_of, write_xlsx
from tests.screening.rosters import GOOD_ID, TODAY, WOMAN_ID, World, csv_text, id_number, problems, read, screened, xlsx

HEAD = ("姓名", "身份证号", "电话", "老家", "返乡时间", "行业", "脱贫户")


def people(*rows: tuple[object, ...]) -> bytes:
    return xlsx(HEAD, *rows)


def table_of(finished: Finished) -> dict[int, dict[str, object]]:
    heads = finished.heads()
    return {row[0]: dict(zip(heads, row, strict=True)) for frame in finished.shown() for row in frame.iter_rows()}


def test_everybody_is_in_the_result_and_every_trap_is_named(world: World, words: RosterWords, tmp_path: Path) -> None:
    body = people(
        ("张三", GOOD_ID, 13800001111.0, "偏关县", "2019年回来", "养鱼", "是"),
        ("李四", float(int(GOOD_ID[:17] + "0")), "13800001112", "偏关县", "去年腊月", "养鱼", "否"),
        ("王五", GOOD_ID[:-1] + ("5" if GOOD_ID[-1] != "5" else "6"), "123", "城区", dt.date(2024, 3, 1), "养殖", "不知道呢"),
        ("张三", GOOD_ID, "13800001111", "偏关县", "2019年回来", "养鱼", "是"),
        ("赵六", WOMAN_ID, None, "静乐县", 43525, "电商", "-"),
    )
    finished, summary = screened(body, world, words, tmp_path)
    found = table_of(finished)
    assert sorted(found) == [2, 3, 4, 5, 6]
    assert {k: v["算了没有"] for k, v in found.items()} == {2: "算了", 3: "没算，先改问题", 4: "算了", 5: "算了", 6: "算了"}
    assert problems(finished) == [
        ("rounded_id", 3, "身份证号"), ("which_place", 4, "老家"), ("not_understood", 4, "行业"), ("not_understood", 4, "脱贫户"), ("phone_form", 4, "电话"),
        ("id_check", 4, "身份证号"), ("twice", 5, "身份证号"), ("serial_date", 6, "返乡时间"),
    ]  # fmt: skip
    assert found[2]["能办几项"] == found[5]["能办几项"] != 0
    assert found[3]["能办几项"] == 0
    assert found[2]["电话"] == "13800001111"
    assert "「文本」" in str(found[3]["这一行的问题"])
    assert summary.body["people"] == 5
    assert summary.body["refused"] == 1
    assert summary.body["counties"] == {"140932": 2, "140926": 1, "": 1}


def test_each_person_gets_what_the_single_matcher_says(world: World, words: RosterWords, tmp_path: Path) -> None:
    rows = [
        ("甲", "偏关县", "三十八", "女", "农村", "养鱼", "30亩", "二十来万", "是", "否", "两个", "小学"), ("乙", "静乐县", 27, "男", "城镇", "电商", "", "50万", "否", "否", "无", ""),
        ("丙", "", "61", "", "农村", "", "", "", "", "是", "1", "初中"), ("丁", "太原市", "", "男", "非农", "开饭店", "", "5万元", "", "", "", ""),
    ]  # fmt: skip
    heads = ("姓名", "老家", "年龄", "性别", "户口类型", "行业", "水面面积", "资金需求", "脱贫户", "残疾", "子女数", "子女上学情况")
    profiles = [
        {"home_place": "偏关县", "age": 38, "gender": "female", "hukou_type": "rural", "sector": "aquaculture", "water_area_mu": 30, "funding_needed": {"low": 200_000, "high": 250_000}, "poverty_alleviated": True, "disabled": False, "children_count": 2, "child_stages": {"primary": True}},
        {"home_place": "静乐县", "age": 27, "gender": "male", "hukou_type": "urban", "sector": "ecommerce", "funding_needed": 500_000, "poverty_alleviated": False, "disabled": False, "children_count": 0},
        {"age": 61, "hukou_type": "rural", "disabled": True, "children_count": 1, "child_stages": {"junior_middle": True}},
        {"home_place": "太原市", "gender": "male", "hukou_type": "urban", "sector": "retail_catering", "funding_needed": 50_000},
    ]  # fmt: skip
    finished, _ = screened(csv_text(heads, *rows).encode(), world, words, tmp_path)
    found = table_of(finished)
    day = world.on(TODAY)
    for number, profile in enumerate(profiles, 2):
        one = match(day, parse_profile(profile, world.catalog), TODAY)
        offered = [v for v in one.found if v.measure.entry.measure.kind in WORTH_A_CHANGE]
        near = [v for v in offered if v.verdict == "not_eligible" and len(steps(day, v.measure, one.profile, {})) == 1]
        assert found[number]["能办几项"] == sum(v.verdict == "eligible" for v in offered), rows[number - 2]
        assert found[number]["差一步几项"] == len(near)
        assert found[number]["还要问几项"] == sum(v.verdict == "unknown" for v in offered)
        names = str(found[number]["能办的"] or "").split(BETWEEN) if found[number]["能办的"] else []
        wanted = {world.catalog.entries[v.id].measure.name.zh for v in offered if v.verdict == "eligible"}
        assert {n.removesuffix("（未核实）") for n in names} == wanted
        asked = {world.catalog.facts[v.partition(".")[0]].label.zh for o in offered for v in o.missing}
        assert set(str(found[number]["先问这些"]).split(BETWEEN)) <= asked


def test_contradictions_within_a_row_name_both_facts(world: World, words: RosterWords, tmp_path: Path) -> None:
    finished, summary = screened(
        csv_text(("姓名", "子女数", "子女上学情况"), ("张三", "无", "小学"), ("李四", "1", "小学")).encode(), world, words, tmp_path
    )
    assert [(p.kind, p.row) for p in finished.problems()] == [("contradiction", 2)]
    assert "供养的孩子" in next(finished.problems()).text()
    assert summary.body["refused"] == 1


def test_the_id_number_gives_age_and_gender_and_wins_over_a_wrong_age(world: World, words: RosterWords, tmp_path: Path) -> None:
    body = csv_text(("姓名", "身份证号", "年龄"), ("张三", GOOD_ID, "三十八"), ("李四", WOMAN_ID, "50"), ("王五", "", "41"))
    finished, _ = screened(body.encode(), world, words, tmp_path)
    layout = Layout(world.catalog)
    facts = [facts_of(str(row["facts"]), layout) for frame in finished.stretches() for row in frame.iter_rows(named=True)]
    assert facts == [
        {"age": (38, 38), "gender": frozenset({"male"})},
        {"age": (36, 36), "gender": frozenset({"female"})},
        {"age": (41, 41)},
    ]
    assert problems(finished) == [("other_age", 3, "年龄")]


def test_no_cell_of_a_result_is_a_formula(world: World, words: RosterWords, tmp_path: Path) -> None:
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","点我")']
    body = csv_text(("姓名", "备注", "年龄", "行业"), *[(name, name, "35", name) for name in evil])
    finished, _ = screened(body.encode(), world, words, tmp_path / "run")
    write_csv(finished, tmp_path / "result.csv")
    write_problems(finished, tmp_path / "problems.csv")
    write_result(finished, tmp_path / "result.xlsx")
    for name in ("result.csv", "problems.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [c for row in csv.reader(file) for c in row]
        assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r"))], name
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    held = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [c.coordinate for c in held if c.data_type == "f"]
    assert "'=1+1" in [c.value for c in held]
    assert "'=1+1" in (tmp_path / "result.csv").read_text(encoding="utf-8-sig")


def test_the_spreadsheet_has_reasons_of_just_what_it_names(world: World, words: RosterWords, tmp_path: Path) -> None:
    heads = ("姓名", "年龄", "户口类型", "老家", "行业", "经营主体", "创业培训", "失业登记", "首次创业")
    rows = [
        ("张三", "三十五", "农村", "偏关县", "养鱼", "未登记", "否", "否", "是"),
        ("李四", "28", "城镇", "静乐县", "电商", "个体户", "是", "是", "是"),
    ]
    finished, _ = screened(csv_text(heads, *rows).encode(), world, words, tmp_path / "run")
    path = tmp_path / "result.xlsx"
    write_result(finished, path)
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["结果", "原因", "问题", "措施和出处", "说明"]
    results, reasons = (book.get_sheet_by_name(n).to_python()[1:] for n in ("结果", "原因"))
    at = {name: n for n, name in enumerate(finished.heads())}
    for row in results:
        for column, outcome in (("能办的", "能办"), ("差一步的（先做什么）", "差一步")):
            named = {n.partition("（先：")[0].removesuffix("（未核实）") for n in str(row[at[column]]).split(BETWEEN) if n}
            assert {r[2] for r in reasons if (r[0], r[3]) == (row[0], outcome)} == named, column
    assert any(r[3] == "差一步" and "不符合：" in str(r[4]) and "先：" in str(r[4]) for r in reasons)
    assert any(r[3] == "还要问" and "还要问：" in str(r[4]) for r in reasons)
    assert all(r[1] in ("张三", "李四") and str(r[4]).endswith("。") for r in reasons)
    measures = {row[0] for row in book.get_sheet_by_name("措施和出处").to_python()}
    assert {r[2] for r in reasons} <= measures


def test_a_large_table_is_read_in_stretches_and_says_truly_how_far_it_is(world: World, words: RosterWords, tmp_path: Path) -> None:
    rows = [(f"人{n}", "三十五" if n % 3 else "四十来岁吧也许", "养鱼") if n % 10 else ("", "", "") for n in range(1, 4001)]
    path = tmp_path / "roster.csv"
    path.write_text(csv_text(("姓名", "年龄", "行业"), *rows), encoding="gbk")
    table = read(path, words)
    seen: list[tuple[int, int]] = []
    run = Run(table, guess(table.header, words), world, words, TODAY, "zh", tmp_path / "run")
    summary = run.go(lambda done, total: seen.append((done, total)))
    assert [total for _, total in seen] == [4000] * len(seen)
    done = [d for d, _ in seen]
    assert done == sorted(done)
    assert done[-1] == 4000
    assert len(set(done)) > 3
    assert summary.body["people"] == 3600
    finished = Finished(tmp_path / "run", world.catalog, run.mapped, "zh", "2026-11-23")
    numbers = [row[0] for frame in finished.shown() for row in frame.iter_rows()]
    assert numbers == [n + 1 for n in range(1, 4001) if n % 10], "nobody lost, nobody twice, in order"


def test_duplicates_are_found_across_stretches(world: World, words: RosterWords, tmp_path: Path) -> None:
    chance = random.Random(1)
    ids = [id_number(f"1409321990{chance.randint(1, 12):02}{chance.randint(1, 28):02}{n % 1000:03}") for n in range(2500)]
    ids[2400] = ids[3]
    rows = [("人", number, "35") for number in ids]
    table = read(csv_text(("姓名", "身份证号", "年龄"), *rows).encode(), words)
    run = Run(table, guess(table.header, words), world, words, TODAY, "zh", tmp_path)
    run.go(lambda *_: None)
    twice = {p.row: p.said["other"] for p in Finished(tmp_path, world.catalog, run.mapped, "zh", "").problems() if p.kind == "twice"}
    assert twice[2402] == 5


def test_the_templates_own_example_is_never_matched(world: World, words: RosterWords, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, words, world.catalog, "zh")
    table = read(path, words)
    assert all(c.how == "known" for c in guess(table.header, words))
    finished, summary = screened(path, world, words, tmp_path / "run")
    assert problems(finished)[-1] == ("example", 2, "姓名")
    assert summary.body["refused"] == 1
    explained = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("各列填什么").to_python()
    named = {row[0] for row in explained}
    assert all(fact.label.zh in named or words.header_of(fact.id) in named for fact in world.catalog.facts.values())
    write_template(path, words, world.catalog, "en")


def test_the_example_row_is_understood_without_a_problem(world: World, words: RosterWords, tmp_path: Path) -> None:
    heads = [words.header_of(c.column) for c in words.shape.template]
    cells = [(c.example or "").removeprefix("例：") for c in words.shape.template]
    finished, summary = screened(csv_text(heads, cells).encode(), world, words, tmp_path)
    assert problems(finished) == []
    assert summary.body["refused"] == 0


# ---------------------------------------------------------------- pages


def test_cards_say_what_the_person_can_get_with_source_phone_and_code(world: World, words: RosterWords, tmp_path: Path) -> None:
    rows = [("张三", GOOD_ID, "", "偏关县", "2019年", "养鱼", "是"), ("<b>李四</b>", WOMAN_ID, "", "静乐县", "", "电商", "否")]
    finished, _ = screened(people(*rows), world, words, tmp_path)
    text, more = cards_page(finished, world.on(TODAY), TODAY, "https://guiyan.example", None, 10)
    assert more == 0
    assert text.count('class="card"') == 2
    assert "张三" in text
    assert "&lt;b&gt;李四" in text
    assert "<script" not in text
    assert " style=" not in text
    assert text.count("<svg") >= 2
    assert "12345" in text
    assert "style-src 'sha256-" in POLICY
    text, more = cards_page(finished, world.on(TODAY), TODAY, "https://guiyan.example", None, 1)
    assert (text.count('class="card"'), more) == (1, 3)
    text, _ = cards_page(finished, world.on(TODAY), TODAY, "https://guiyan.example", frozenset({3}), 10)
    assert "张三" not in text
    for path in tmp_path.glob("personal-*"):
        path.unlink()
    text, _ = cards_page(finished, world.on(TODAY), TODAY, "https://guiyan.example", None, 10)
    assert text.count('class="card"') == 0


def test_the_summary_counts_and_names_nobody(world: World, words: RosterWords, tmp_path: Path) -> None:
    finished, summary = screened(people(("张三", GOOD_ID, "13800001111", "偏关县", "2019年", "养鱼", "是")), world, words, tmp_path)
    text = summary_page(finished, summary.body)
    assert "张三" not in text
    assert GOOD_ID not in text
    assert "偏关县" in text
    assert text.count("<rect") > 10
    english = Finished(finished.folder, finished.catalog, finished.mapped, "en", finished.as_of)
    assert "Roster summary" in summary_page(english, summary.body)
    write_result(english, tmp_path / "en.xlsx")


def test_stated_facts_survive_being_written_down(world: World, words: RosterWords, tmp_path: Path) -> None:
    finished, _ = screened(people(("张三", GOOD_ID, "", "偏关县", "2019年", "养鱼", "是")), world, words, tmp_path)
    row = next(finished.stretches()).row(0, named=True)
    facts = facts_of(row["facts"], Layout(world.catalog))
    assert facts["months_since_return"] == (82, 94)
    assert facts["sector"] == frozenset({"aquaculture"})
    assert facts["business_place"] == "140932"
    assert known_from(facts, (), world.catalog)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_dangerous_beginnings_are_made_harmless(text: str) -> None:
    assert harmless(text) == "'" + text


def test_written_spreadsheets_hold_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_xlsx(
        path,
        [
            sheet_of("甲 & <乙>", ("a", "b"), (5, 5), [("x<&>\"'", 1), (None, -2), ("a\x00b\x1f", None), ("多行\n字", 3)]),
            sheet_of("空", ("c",), (5,), []),
        ],
    )
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["甲 & <乙>", "空"]
    assert [list(r) for r in book["甲 & <乙>"].iter_rows(values_only=True)] == [
        ["a", "b"],
        ["x<&>\"'", 1],
        [None, -2],
        ["ab", None],
        ["多行\n字", 3],
    ]
