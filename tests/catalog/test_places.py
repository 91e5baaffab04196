"""A place is understood as people name it; a name of several places is never guessed."""

from __future__ import annotations

import pytest

from app.catalog import Catalog
from app.catalog.places import COUNTRY, PlaceError
from tests.factories import small_catalog

PLACES = small_catalog().places


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("偏关县", "偏关县"),
        ("偏关", "偏关县"),
        (" 偏关县\n", "偏关县"),
        ("长治县", "上党区"),
        ("山西", "山西省"),
        ("忻州", "忻州市"),
        ("忻州偏关", "偏关县"),
        ("忻州市偏关县", "偏关县"),
        ("山西省忻州市偏关县", "偏关县"),
        ("山西省偏关县", "偏关县"),
        ("阳泉市城区", "阳泉市城区"),
        ("阳泉城区", "阳泉市城区"),
        ("山西省晋城市城区", "晋城市城区"),
        ("吉林省长春市朝阳区", "长春市朝阳区"),
        ("北京朝阳", "北京市朝阳区"),
        ("新关镇", "偏关县新关镇"),
        ("偏关县新关镇", "偏关县新关镇"),
        ("静乐", "静乐县"),
    ],
)
def test_a_place_has_many_names(said: str, label: str) -> None:
    assert PLACES.find(said).label == label


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("城区", ["阳泉市城区", "晋城市城区"]),
        ("山西省城区", ["阳泉市城区", "晋城市城区"]),
        ("朝阳", ["北京市朝阳区", "长春市朝阳区"]),
        ("朝阳区", ["北京市朝阳区", "长春市朝阳区"]),
    ],
)
def test_a_name_of_several_places_is_asked_back_with_their_cities(said: str, labels: list[str]) -> None:
    with pytest.raises(PlaceError) as unclear:
        PLACES.find(said)
    assert [p.label for p in unclear.value.candidates] == labels


@pytest.mark.parametrize("said", ["", "  ", "zzz", "Atlantis", "山" * 100_000])
def test_what_is_nothing_like_a_place_has_no_candidates(said: str) -> None:
    with pytest.raises(PlaceError) as unknown:
        PLACES.find(said)
    assert unknown.value.candidates == ()


def test_a_place_named_within_another_that_does_not_hold_it_is_refused() -> None:
    with pytest.raises(PlaceError):
        PLACES.find("北京市偏关县")


@pytest.mark.parametrize(("said", "nearest"), [("偏关线", "偏关县"), ("山西忻洲市", "忻州市"), ("长春朝阳去", "长春市朝阳区")])
def test_a_misspelt_place_has_the_nearest_among_its_candidates(said: str, nearest: str) -> None:
    with pytest.raises(PlaceError) as unknown:
        PLACES.find(said)
    assert nearest in [p.label for p in unknown.value.candidates]


@pytest.mark.parametrize(
    ("place", "outer", "inside"),
    [
        ("偏关县", "偏关县", True),
        ("偏关县", "忻州市", True),
        ("偏关县", "山西省", True),
        ("偏关县", "全国", True),
        ("偏关县新关镇", "偏关县", True),
        ("偏关县", "静乐县", False),
        ("偏关县", "晋城市", False),
        ("忻州市", "偏关县", None),
        ("山西省", "忻州市", None),
        ("北京市", "山西省", False),
    ],
)
def test_a_place_coarser_than_the_question_leaves_it_open(place: str, outer: str, inside: bool | None) -> None:
    assert PLACES.within(PLACES.exact(place), PLACES.exact(outer)) is inside


def test_a_township_counts_as_its_county() -> None:
    assert PLACES.county_of(PLACES.find("新关镇")).label == "偏关县"
    assert PLACES.county_of(PLACES.find("忻州市")).label == "忻州市"


def test_the_whole_country_contains_every_place() -> None:
    assert PLACES.exact("全国") == COUNTRY
    assert all(PLACES.within(code, COUNTRY) for code in PLACES.by_code)


@pytest.mark.parametrize(
    ("code", "name"),
    [("14", "山西省"), ("1409", "山西省忻州市"), ("140932", "山西省忻州市偏关县"), ("140932100", "山西省忻州市偏关县新关镇")],
)
def test_the_full_name_says_what_a_place_lies_in(code: str, name: str) -> None:
    assert PLACES.full_name(code) == name
    assert PLACES.find(name).code == code


@pytest.mark.parametrize(
    ("query", "first"),
    [("偏关", "偏关县"), ("pianguan", "偏关县"), ("PIAN GUAN", "偏关县"), ("pian", "偏关县"), ("长治县", "上党区"), ("朝", "北京市朝阳区")],
)
def test_a_search_finds_by_any_name_or_reading(query: str, first: str) -> None:
    assert PLACES.search(query)[0].label == first


def test_a_search_shows_the_larger_place_first_and_no_more_than_asked_for() -> None:
    assert [p.label for p in PLACES.search("静乐")] == ["静乐县", "偏关县静乐乡", "静乐县鹅城镇"]
    assert len(PLACES.search("县", limit=1)) == 1
    assert PLACES.search(" ") == []


# ---------------------------------------------------------------- the real list


def test_every_division_of_the_country_is_found_by_its_unique_label(catalog: Catalog) -> None:
    places = catalog.places
    labels = [p.label for p in places.by_code.values()]
    assert len(labels) == len(set(labels)) > 4_000
    assert all(places.find(p.label).code == p.code for p in places.by_code.values())


def test_every_county_is_found_by_its_full_name(catalog: Catalog) -> None:
    places = catalog.places
    counties = [p for p in places.by_code.values() if p.level == "county"]
    assert len(counties) > 2_800
    assert [p.label for p in counties if places.find(places.full_name(p.code)).code != p.code] == []


def test_shanxi_is_whole(catalog: Catalog) -> None:
    inside = [p for p in catalog.places.by_code.values() if p.code.startswith("14")]
    assert [sum(p.level == level for p in inside) for level in ("province", "city", "county")] == [1, 11, 117]
