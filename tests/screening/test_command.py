"""`guiyan screen`, as a person runs it."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.factories import guiyan
from tests.screening.rosters import csv_text, xlsx


def test_a_roster_gets_its_results_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(
        csv_text(("姓名", "年龄", "户籍所在地址", "行业"), ("张三", "三十五", "偏关县", "养鱼"), ("李四", "很老", "静乐县", "电商")),
        encoding="gbk",
    )
    done = guiyan(
        "screen",
        str(path),
        "--as-of",
        "2026-11-23",
        "--out",
        str(tmp_path / "r.csv"),
        "--out",
        str(tmp_path / "r.html"),
        "--cards",
        str(tmp_path / "cards"),
    )
    assert done.returncode == 0, done.stderr
    assert "--map '户籍所在地址=home_place'" in done.stdout, "a guess is told and not used"
    assert "第3行「年龄」" in done.stdout
    assert "2 of 2 rows" in done.stderr
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["姓名"] for r in rows] == ["张三", "李四"]
    assert "老家" in rows[0]["先问这些"]
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "cards" / "cards-0001.html").exists()
    assert (tmp_path / "r.problems.csv").exists()
    assert not list(tmp_path.glob("guiyan-screen-*")), "nothing is left lying about"
    again = guiyan("screen", str(path), "--as-of", "2026-11-23", "--out", str(tmp_path / "r.csv"), "--map", "户籍所在地址=home_place")
    assert again.returncode == 0
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "老家" not in next(csv.DictReader(file))["先问这些"]


def test_the_template_can_be_filled_in_and_screened(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    assert guiyan("screen", "--template", str(path)).returncode == 0
    done = guiyan("screen", str(path))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "template.result.xlsx").exists()


def test_mistakes_say_what_to_do_and_write_nothing(tmp_path: Path) -> None:
    roster = tmp_path / "a.xlsx"
    roster.write_bytes(xlsx(("姓名", "年龄"), ("张三", 35)))
    photo = tmp_path / "b.xlsx"
    photo.write_bytes(b"\xff\xd8\xff\xe0 not a table")
    cases = {
        (str(photo),): (1, "照片"),
        (str(tmp_path / "none.csv"),): (2, "cannot be read"),
        (str(roster), "--map", "年令=age"): (2, "no column"),
        (str(roster), "--map", "年龄=agee"): (2, "nearest: age"),
        (str(roster), "--map", "年龄"): (2, "COLUMN=fact"),
        (str(roster), "--out", str(tmp_path / "x.pdf")): (2, ".xlsx"),
        (str(roster), "--out", str(tmp_path / "nowhere" / "x.csv")): (2, "no folder"),
        (str(roster), "--sheet", "二"): (1, "工作表"),
    }
    for arguments, (code, said) in cases.items():
        done = guiyan("screen", *arguments)
        assert done.returncode == code, arguments
        assert said in done.stderr, arguments
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]
