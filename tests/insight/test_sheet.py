"""Questions go to offices as a workbook; answers come back as confirmations, whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from app.catalog import Catalog
from app.catalog.confirmations import lay_over
from app.cli import main
from app.insight.sheet import HEADERS, QUESTIONS, WINDOWS, read_back, workbook
from app.screening.problems import Unreadable
from app.wording.to_confirm import to_confirm, windows_to_confirm
from tests.conftest import TODAY

SIGNED = {"核实日期": "2026-11-20", "核实单位": "省人社厅"}
RENT = "shanxi-rent-subsidy"
VALID = f"{RENT}|valid|"


def answered(rows: dict[str, dict[str, object]], windows: dict[str, dict[str, object]] | None = None) -> bytes:
    """A returned workbook that holds just these rows: key -> column -> cell."""
    book = Workbook()
    del book["Sheet"]
    for name, filled in ((QUESTIONS, rows), (WINDOWS, windows or {})):
        sheet = book.create_sheet(name)
        sheet.append(HEADERS[name])
        for key, cells in filled.items():
            sheet.append([{**cells, HEADERS[name][0]: key}.get(header) for header in HEADERS[name]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_open_question_is_a_row_with_empty_columns_for_the_answer(catalog: Catalog) -> None:
    items, windows = to_confirm(catalog, TODAY, {}), windows_to_confirm(catalog, {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(workbook(items, windows)))
    sheet = book[QUESTIONS]
    assert [cell.value for cell in sheet[1]] == list(HEADERS[QUESTIONS])
    assert sheet.max_row == len(items) + 1
    assert {row[8].value for row in sheet.iter_rows(min_row=2)} == {None}
    assert book[WINDOWS].max_row == len(windows) + 1
    assert sum(i.what.startswith("gap ") for i in items) == 52
    assert len({i.key for i in items}) == len(items)


def test_what_is_asked_most_comes_first(catalog: Catalog) -> None:
    items = to_confirm(catalog, TODAY, {RENT: 9, "single-parent-startup": 12})
    assert items[0].what == "gap single-parent-startup"
    assert items[1].measure == RENT or RENT in next(g.gap.nearest for g in catalog.gaps if f"gap {g.gap.id}" == items[1].what)
    windows = windows_to_confirm(catalog, {"140932": 3})
    assert windows[0].place.label == "偏关县"


def test_an_office_gets_only_what_it_can_answer(catalog: Catalog) -> None:
    xinzhou = to_confirm(catalog, TODAY, {}, catalog.places.exact("忻州市"))
    assert xinzhou
    for item in xinzhou:
        regions = catalog.entries[item.measure].measure.regions if item.measure else (item.place,)
        assert all(catalog.places.exact(str(r)).startswith("1409") for r in regions)


def test_answers_become_confirmations(catalog: Catalog) -> None:
    sheet = answered(
        {
            VALID: {"答复": "是", **SIGNED},
            f"{RENT}|figure yearly|": {"答复": "2500元", "从哪天起": dt.date(2026, 1, 1), "文件": "晋人社发〔2026〕1号", "条款": "第二条"},
            f"{RENT}|condition rents|": {"答复": "对"},
            f"{RENT}|condition form|": {},
            "|gap startup-park-list|山西省": {"答复": "名单在附件里"},
            "|phone 12333|": {"答复": "打得通"},
        },
        {"|window human_resources|偏关县": {"地址": "文化路12号", "电话": "0350-7650000", **SIGNED}},
    )
    found = read_back(sheet, catalog, TODAY)
    assert found.problems == ()
    assert len(found.confirmations) == 7
    assert {c.office for c in found.confirmations} == {"省人社厅"}, "the same office is written once"
    laid = lay_over(catalog, found.confirmations)
    entry = laid.entries[RENT]
    assert entry.measure.tier == "A"
    assert laid.value_on(entry.measure.figures["yearly"], TODAY).value == 2500  # type: ignore[union-attr]
    assert laid.contacts["12333"].checked.sure
    assert laid.answers["startup-park-list"].startswith("名单在附件里")


@pytest.mark.parametrize(
    ("key", "cells", "where", "why"),
    [
        (f"{RENT}|figure yearly|", {"答复": "两三千"}, "第2行「答复」", "写一个数"),
        (f"{RENT}|figure yearly|", {"答复": "是", "核实日期": "上个月"}, "第2行「核实日期」", "写日期"),
        (f"{RENT}|figure yearly|", {"答复": "是", "核实日期": "2027-05-01"}, "第2行「核实日期」", "还没到"),
        (f"{RENT}|figure yearly|", {"答复": "是", "核实单位": None}, "第2行「核实单位」", "有答复就要写上"),
        (f"{RENT}|condition rents|", {"答复": "看情况"}, "第2行「答复」", "备注"),
        ("", {"答复": "是"}, "第2行「编号（请不要改）」", "抄回来"),
        ("no-such-measure|valid|", {"答复": "是"}, "第2行", "no measure"),
        (f"{RENT}|figure yearly|", {"答复": "是", "备注": "长" * 600}, "第2行「备注」", "最多500个字"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_saved(catalog: Catalog, key: str, cells: dict[str, object], where: str, why: str) -> None:
    good: dict[str, dict[str, object]] = {f"{RENT}|figure max_years|": {"答复": "是", **SIGNED}}
    found = read_back(answered({key: {**SIGNED, **cells}, **good}), catalog, TODAY)
    assert found.confirmations == ()
    assert len(found.problems) == 1
    assert where in found.problems[0]
    assert why in found.problems[0]


def test_another_file_is_refused(catalog: Catalog) -> None:
    with pytest.raises(Unreadable):
        read_back(b"\xff\xd8\xff\xe0 a picture", catalog, TODAY)


def test_the_whole_way_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", f"sqlite:///{tmp_path / 'guiyan.sqlite'}")
    sheet = tmp_path / "sheet.xlsx"
    assert main(["coverage", "--to-confirm", str(sheet)]) == 0
    assert sheet.exists()
    sheet.write_bytes(answered({VALID: {"答复": "是", **SIGNED}}))
    assert main(["confirm", str(sheet), "--dry-run"]) == 0
    assert main(["confirm"]) == 0
    assert "省人社厅" not in capsys.readouterr().out
    assert main(["confirm", str(sheet)]) == 0
    assert main(["confirm"]) == 0
    assert f"{RENT} valid" in capsys.readouterr().out
    assert main(["coverage", "--to-confirm"]) == 0
    assert VALID not in capsys.readouterr().out
    assert main(["confirm", "--withdraw", "1"]) == 0
    assert main(["confirm", "--withdraw", "1"]) == 2
    assert main(["confirm", str(tmp_path / "none.xlsx")]) == 2
    assert main(["coverage", "--to-confirm", "--place", "天宫"]) == 2
