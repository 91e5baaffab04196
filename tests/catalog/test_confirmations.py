"""What an office confirms is laid over the catalogue: marked, dated, cited; nothing of the files is changed and nothing of the history lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.catalog import Catalog, CatalogInvalid, build_catalog
from app.catalog.confirmations import Confirmation, lay_over, misfit
from app.catalog.models import FigureValue
from app.catalog.windows import counties
from app.wording.windows import window_of
from tests.conftest import TODAY
from tests.factories import ALLOWANCE, GRANT, LINE, LOAN, SHANXI_LOAN, Edit, measure_file, small_catalog, small_files

DAY = dt.date(2026, 11, 20)
WINDOWS = """offices:
  human_resources: {line: "12333", name: {zh: 人社局, en: human-resources bureau}}
windows:
  - {place: 静乐县, office: human_resources, phone: {text: "0350-1234567", checked: {how: seen, confidence: low, on: 2026-11-01}}}
"""
GAPS = """- id: no-grant
  kind: no_measure
  needs: [funding]
  when: bad_credit
  missing: {zh: 没有, en: none}
  but: {zh: 但是, en: but}
  nearest: [start-loan]
  ask: {zh: 省里, en: the province}
  supply: {zh: 说一说, en: say so}
"""


@pytest.fixture(scope="module")
def small() -> Catalog:
    return small_catalog(Edit("knowledge/windows.yaml", "", WINDOWS), Edit("knowledge/gaps.yaml", "", GAPS))


def said(**fields: Any) -> Confirmation:
    return Confirmation(**{"office": "忻州市人社局", "on": DAY, **fields})


def laid(catalog: Catalog, *fields: dict[str, Any]) -> Catalog:
    items = [said(**f) for f in fields]
    assert [misfit(catalog, i) for i in items] == [None] * len(items)
    return lay_over(catalog, items)


def figure_of(catalog: Catalog, measure: str) -> str:
    return next(n for n, f in catalog.entries[measure].measure.figures.items() if f.unit not in ("text", "date", "phone"))


def value(catalog: Catalog, measure: str, figure: str, day: dt.date = TODAY, place: str | None = None) -> FigureValue:
    found = catalog.value_on(catalog.entries[measure].measure.figures[figure], day, catalog.places.exact(place) if place else None)
    assert found is not None
    return found


def test_nothing_confirmed_is_the_same_catalogue(small: Catalog) -> None:
    assert lay_over(small, []) is small


def test_a_figure_confirmed_as_it_is_carries_office_and_day(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    new = laid(small, {"what": f"figure {name}", "measure": LOAN})
    found = value(new, LOAN, name)
    assert found.value == value(small, LOAN, name).value
    assert (found.checked.how, found.checked.by, found.checked.on) == ("confirmed", "忻州市人社局", DAY)
    assert found.checked.sure
    assert new.version != small.version


def test_another_value_begins_on_its_day_and_the_old_one_stays_in_the_history(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    since = dt.date(2026, 10, 1)
    before = value(small, LOAN, name)
    new = laid(
        small,
        {"what": f"figure {name}", "measure": LOAN, "value": 424_242, "since": since, "document": "忻人社〔2026〕7号", "clause": "第三条"},
    )
    found = value(new, LOAN, name)
    assert found.value == 424_242
    assert value(new, LOAN, name, since - dt.timedelta(days=1)).value == before.value
    document = new.documents[found.cite.document]
    assert (document.title, found.cite.clause) == ("忻人社〔2026〕7号", "第三条")
    assert len(new.entries[LOAN].measure.figures[name].history) == len(small.entries[LOAN].measure.figures[name].history) + 1
    assert value(small, LOAN, name).value == before.value, "the files' own catalogue is as it was"


def test_a_document_that_the_catalogue_knows_is_cited_as_itself(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    known = next(d for d in small.documents.values() if d.number)
    assert known.number
    written = known.number.replace("〔", "[").replace("〕", "]")
    new = laid(small, {"what": f"figure {name}", "measure": LOAN, "value": 7, "document": written})
    assert value(new, LOAN, name).cite.document == known.id
    assert new.documents.keys() == small.documents.keys()


def test_what_a_county_says_of_a_wider_measure_holds_in_the_county(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    new = laid(small, {"what": f"figure {name}", "measure": LOAN, "place": "静乐县", "value": 5})
    assert value(new, LOAN, name, place="静乐县").value == 5
    assert value(new, LOAN, name, place="阳泉市").value == value(small, LOAN, name).value


def test_two_records_follow_one_another_by_their_days(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    items = [
        said(what=f"figure {name}", measure=LOAN, value=2, on=dt.date(2026, 11, 10)),
        said(what=f"figure {name}", measure=LOAN, value=1, on=dt.date(2026, 11, 1)),
    ]
    new = lay_over(small, items)
    assert value(new, LOAN, name).value == 2
    assert value(new, LOAN, name, dt.date(2026, 11, 5)).value == 1
    for day in (dt.date(2026, 11, d) for d in range(1, 24)):
        in_force = [
            v
            for v in new.entries[LOAN].measure.figures[name].history
            if not v.former and (v.from_ or dt.date.min) <= day <= (v.to or dt.date.max)
        ]
        assert len(in_force) == 1, "no two values on one day"


def test_a_future_value_of_the_files_stays(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    later = laid(small, {"what": f"figure {name}", "measure": LOAN, "value": 9, "since": dt.date(2027, 1, 1)})
    both = lay_over(later, [said(what=f"figure {name}", measure=LOAN, value=8)])
    assert value(both, LOAN, name).value == 8
    assert value(both, LOAN, name, dt.date(2027, 2, 1)).value == 9


def test_a_denied_figure_is_in_doubt_again(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    assert not value(laid(small, {"what": f"figure {name}", "measure": LOAN, "holds": False}), LOAN, name).checked.sure


def test_a_confirmed_condition_is_sure(small: Catalog) -> None:
    condition = small.entries[GRANT].conditions[0].condition
    new = laid(small, {"what": f"condition {condition.id}", "measure": GRANT, "document": "一份通知"})
    found = new.entries[GRANT].conditions[0].condition
    assert found.checked.by == "忻州市人社局"
    assert new.entries[GRANT].rule.conditions[0].checked.by == "忻州市人社局"
    assert new.documents[found.cite.document].title == "一份通知"


def test_a_measure_that_is_said_to_be_over_ends_the_day_before(small: Catalog) -> None:
    new = laid(small, {"what": "valid", "measure": ALLOWANCE, "place": "忻州市", "holds": False, "since": dt.date(2026, 11, 1)})
    assert new.entries[ALLOWANCE].measure.valid.to == dt.date(2026, 10, 31)
    until = laid(small, {"what": "valid", "measure": ALLOWANCE, "value": dt.date(2027, 6, 30)})
    assert until.entries[ALLOWANCE].measure.valid.to == dt.date(2027, 6, 30)


def test_a_doubtful_measure_whose_every_part_is_confirmed_is_told_without_doubt() -> None:
    doubtful = small_catalog(Edit(measure_file(ALLOWANCE), "tier: A", "tier: B\nunsure: {zh: 没核实, en: not confirmed}"))
    entry = doubtful.entries[ALLOWANCE]
    valid: dict[str, Any] = {"what": "valid", "measure": ALLOWANCE}
    part = lay_over(doubtful, [said(**valid)]).entries[ALLOWANCE].measure
    assert part.tier == "A"
    everything: list[dict[str, Any]] = [
        valid,
        *({"what": f"figure {f}", "measure": ALLOWANCE, "place": v.place} for f, g in entry.measure.figures.items() for v in g.history),
        *({"what": f"condition {p.condition.id}", "measure": ALLOWANCE} for p in entry.conditions),
    ]
    assert lay_over(doubtful, [said(**f) for f in everything]).entries[ALLOWANCE].measure.unsure is None


def test_a_window_is_filled_field_by_field(small: Catalog) -> None:
    code = small.places.exact("静乐县")
    before = window_of(small, "12333", code, "zh")
    assert before
    assert "电话还没有核实" in before["text"]
    new = laid(
        small,
        {"what": "window human_resources.address", "place": "静乐县", "value": "长征路1号"},
        {"what": "window human_resources.phone", "place": "静乐县"},
    )
    after = window_of(new, "12333", code, "zh")
    assert after
    assert (
        after["text"]
        == "静乐县人社局：地址长征路1号，电话0350-1234567。上班时间没有查到，可以打12333问。忻州市人社局2026年11月20日核实过。"
    )
    assert window_of(new, "12345", code, "zh") is None
    assert window_of(new, "12333", "14", "zh") is None


def test_lines_and_gaps_are_answered(small: Catalog) -> None:
    new = laid(small, {"what": "phone 12333"}, {"what": "gap no-grant", "value": "确实没有"})
    assert new.contacts["12333"].checked.by == "忻州市人社局"
    assert new.answers["no-grant"].startswith("确实没有")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"what": "everything", "measure": LOAN}, "nothing that can be confirmed"),
        ({"what": "valid", "measure": "none"}, "no measure"),
        ({"what": "figure none", "measure": LOAN}, "no figure"),
        ({"what": "condition none", "measure": LOAN}, "no condition"),
        ({"what": "valid", "measure": LOAN, "place": "静乐县"}, "cannot speak for"),
        ({"what": "valid", "measure": SHANXI_LOAN, "place": "忻州市"}, "cannot speak for"),
        ({"what": "valid", "measure": LOAN, "value": "永远"}, "a date"),
        ({"what": "valid", "measure": LOAN, "place": "天宫"}, "no place"),
        ({"what": "window human_resources.hours", "place": "静乐县"}, "say what it is"),
        ({"what": "window none.hours", "place": "静乐县", "value": "x"}, "no window"),
        ({"what": "phone 999"}, "no line"),
        ({"what": "phone 12333", "value": "call me"}, "no telephone number"),
        ({"what": "gap none", "value": "x"}, "no gap"),
        ({"what": "gap no-grant"}, "in words"),
    ],
)
def test_what_does_not_fit_is_said_and_passed_over(small: Catalog, fields: dict[str, Any], why: str) -> None:
    item = said(**fields)
    assert why in str(misfit(small, item))
    assert lay_over(small, [item]).entries == small.entries


def test_a_value_of_another_kind_does_not_fit(small: Catalog) -> None:
    name = figure_of(small, LOAN)
    for wrong in ("许多", -3, True):
        assert "does not fit" in str(misfit(small, said(what=f"figure {name}", measure=LOAN, value=wrong)))


def test_no_file_may_claim_to_be_confirmed() -> None:
    text = small_files()[measure_file(LINE)]
    broken = small_files(Edit(measure_file(LINE), text, text.replace("how: seen", "how: confirmed", 1)))
    with pytest.raises(CatalogInvalid, match="what an office confirmed"):
        build_catalog(broken)


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("gaps", "start-loan", "no-loan", "no measure"),
        ("gaps", "bad_credit", "bad_credits", "no fact"),
        ("gaps", "说一说", "说3遍", "holds the number"),
        ("gaps", "  but: {zh: 但是, en: but}\n", "", "nearest help"),
        ("windows", "静乐县", "天宫区", "no place"),
        ("windows", '"12333"', '"99999"', "no contact"),
        ("windows", "office: human_resources", "office: nobody", "no office"),
    ],
)
def test_gaps_and_windows_are_checked_like_every_file(file: str, old: str, new: str, why: str) -> None:
    text = {"gaps": GAPS, "windows": WINDOWS}[file]
    assert text.count(old) == 1
    with pytest.raises(CatalogInvalid, match=why):
        small_catalog(Edit(f"knowledge/{file}.yaml", "", text.replace(old, new)))


def test_all_that_was_found_missing_is_data(catalog: Catalog) -> None:
    kinds = [g.gap.kind for g in catalog.gaps]
    assert len(kinds) == 52
    assert {k: kinds.count(k) for k in set(kinds)} == {"no_measure": 16, "unconfirmed": 31, "missing_text": 3, "expires": 2}
    assert len(list(counties(catalog.places))) == 117
