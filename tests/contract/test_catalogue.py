"""GET /v1/measures, /v1/documents, /v1/facts, /v1/places: what the catalogue holds can be read whole, and found."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from app.catalog import Catalog
from tests.contract.numbers import figures_of
from tests.contract.shapes import DOCUMENT, DOCUMENTS, FACTS, MEASURE, MEASURES, PLACES, misfits


def get(api: httpx2.Client, path: str, **query: Any) -> Any:
    answer = api.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def pages(api: httpx2.Client, path: str, key: str, **query: Any) -> list[Any]:
    """Every row of a list, page by page."""
    found: list[Any] = []
    cursor: str | None = None
    while True:
        page = get(api, path, **query, **({"cursor": cursor} if cursor else {}))
        assert page[key] or not found
        found += page[key]
        cursor = page["next_cursor"]
        if cursor is None:
            assert page["total"] == len(found)
            return found


# ---------------------------------------------------------------- measures


@pytest.mark.parametrize(("limit", "query"), [(7, {}), (50, {}), (200, {}), (1, {"level": "city"}), (3, {"level": "city"})])
def test_paging_passes_every_measure_exactly_once(api: httpx2.Client, catalog: Catalog, limit: int, query: dict[str, str]) -> None:
    found = [row["id"] for row in pages(api, "/v1/measures", "measures", limit=limit, **query)]
    assert sorted(found) == sorted(e.id for e in catalog.entries.values() if query.get("level", e.measure.level) == e.measure.level)


def test_a_list_of_measures_has_its_documented_form(api: httpx2.Client) -> None:
    assert list(misfits(get(api, "/v1/measures", limit=200), MEASURES)) == []


def test_a_page_has_the_number_asked_for(api: httpx2.Client) -> None:
    page = get(api, "/v1/measures", limit=5)
    assert len(page["measures"]) == 5
    assert page["next_cursor"]


@pytest.mark.parametrize(
    "query", [{"level": "city"}, {"need": "funding"}, {"sector": "aquaculture"}, {"place": "偏关县"}, {"need": "tax", "level": "national"}]
)
def test_a_filter_narrows_and_keeps_all_that_fit(api: httpx2.Client, query: dict[str, str]) -> None:
    everything = {row["id"]: row for row in pages(api, "/v1/measures", "measures", limit=200)}
    found = {row["id"] for row in pages(api, "/v1/measures", "measures", limit=11, **query)}
    assert 0 < len(found) < len(everything)
    for name, row in everything.items():
        fits = [
            query.get("level", row["level"]) == row["level"],
            "need" not in query or query["need"] in row["needs"],
            "sector" not in query or bool({query["sector"], "any"} & set(row["sectors"])),
            "place" not in query or name in found,
        ]
        assert (name in found) == all(fits), name


def test_a_place_leaves_out_what_holds_elsewhere_only(api: httpx2.Client) -> None:
    here = {r["id"]: r for r in pages(api, "/v1/measures", "measures", limit=200, place="偏关县")}
    country = {r["id"] for r in pages(api, "/v1/measures", "measures", limit=200, place="全国")}
    everything = {r["id"]: r for r in pages(api, "/v1/measures", "measures", limit=200)}
    assert country < here.keys() < everything.keys()
    assert all("太原市" not in row["regions"] for row in here.values())
    assert any("太原市" in row["regions"] or "长治市" in row["regions"] for row in everything.values())


def test_words_find_a_measure_by_name_or_id(api: httpx2.Client, catalog: Catalog) -> None:
    for entry in list(catalog.entries.values())[::20]:
        for q in (entry.id, entry.measure.name.zh, entry.measure.name.en):
            assert entry.id in [r["id"] for r in get(api, "/v1/measures", q=q[:100])["measures"]], q
    assert get(api, "/v1/measures", q="zzzzqqqq")["measures"] == []


def test_in_the_past_a_measure_that_had_not_begun_is_not_in_force(api: httpx2.Client, catalog: Catalog) -> None:
    begun = next(e for e in catalog.entries.values() if e.measure.valid.from_ and e.measure.valid.from_.year > 2016)
    now = {r["id"]: r for r in pages(api, "/v1/measures", "measures", limit=200, as_of=str(begun.measure.valid.from_))}
    then = {r["id"]: r for r in pages(api, "/v1/measures", "measures", limit=200, as_of="2015-06-01")}
    assert now[begun.id]["in_force"]
    assert not then[begun.id]["in_force"]
    assert now.keys() == then.keys()


def test_a_measure_page_tells_all_with_every_value_its_figures_had(api: httpx2.Client, catalog: Catalog) -> None:
    for name, entry in catalog.entries.items():
        page = get(api, f"/v1/measures/{name}", as_of="2026-11-23")
        assert list(misfits(page, MEASURE)) == []
        assert page["lineage"] == list(entry.lineage)
        assert {key: [v["value"] for v in values] for key, values in page["history"].items()} == {
            key: [v.value if isinstance(v.value, int | float | str) else v.value.isoformat() for v in f.history]
            for key, f in entry.measure.figures.items()
        }
        cited = {c["citation"]["document"] for c in page["conditions"] if "citation" in c}
        cited |= {v["citation"]["document"] for values in page["history"].values() for v in values}
        assert cited <= {d["id"] for d in page["sources"]}


def test_a_figure_of_a_past_day_is_the_one_of_that_day(api: httpx2.Client, catalog: Catalog) -> None:
    """Any figure with two dated values, nationwide, in a measure whose own start is not after them."""
    changed = [
        (entry.id, key, old, new)
        for entry in catalog.entries.values()
        for key, figure in entry.measure.figures.items()
        for old, new in zip(figure.history, figure.history[1:], strict=False)
        if old.from_ and new.from_ and old.to and old.from_.year >= 2015 and not (old.former or new.former or old.place or new.place)
    ]
    assert changed
    for name, key, old, new in changed:
        for value in (old, new):
            figures = get(api, f"/v1/measures/{name}", as_of=str(value.from_))["figures"]
            assert [f["value"] for f in figures_of({key: figures[key]})] == [value.value], (name, key)


def test_a_measure_page_speaks_the_language_asked_for(api: httpx2.Client, catalog: Catalog) -> None:
    entry = next(iter(catalog.entries.values()))
    assert get(api, f"/v1/measures/{entry.id}")["name"] == entry.measure.name.zh
    assert get(api, f"/v1/measures/{entry.id}", language="en")["name"] == entry.measure.name.en


# ---------------------------------------------------------------- documents


def test_paging_passes_every_document_exactly_once(api: httpx2.Client, catalog: Catalog) -> None:
    assert list(misfits(get(api, "/v1/documents"), DOCUMENTS)) == []
    assert [row["id"] for row in pages(api, "/v1/documents", "documents", limit=23)] == sorted(catalog.documents)
    provincial = pages(api, "/v1/documents", "documents", limit=9, level="province")
    assert {row["level"] for row in provincial} == {"province"}


def test_a_document_names_what_it_replaced_and_the_measures_that_cite_it(api: httpx2.Client, catalog: Catalog) -> None:
    newer = next(d for d in catalog.documents.values() if any(r in catalog.documents for r in d.replaces))
    page = get(api, f"/v1/documents/{newer.id}")
    assert list(misfits(page, DOCUMENT)) == []
    assert page["replaces"] == list(newer.replaces)
    older = next(r for r in newer.replaces if r in catalog.documents)
    assert newer.id in get(api, f"/v1/documents/{older}")["replaced_by"]
    entry = next(iter(catalog.entries.values()))
    assert entry.id in get(api, f"/v1/documents/{entry.measure.valid.cite.document}")["measures"]


# ---------------------------------------------------------------- facts


def test_the_vocabulary_says_how_each_fact_is_posted(api: httpx2.Client, catalog: Catalog) -> None:
    page = get(api, "/v1/facts")
    assert list(misfits(page, FACTS)) == []
    by_id = {f["id"]: f for f in page["facts"]}
    assert by_id.keys() == catalog.facts.keys()
    for name, fact in by_id.items():
        assert [o["value"] for o in fact["options"]] == list(catalog.facts[name].options)
        assert (fact["range"] is not None) == (fact["type"] in ("integer", "money"))
    assert by_id["age"]["used_by"] > 0


def test_every_value_that_the_vocabulary_offers_can_be_posted(api: httpx2.Client, facts: dict[str, dict[str, Any]]) -> None:
    def offered(fact: dict[str, Any]) -> list[Any]:
        options = [option["value"] for option in fact["options"]]
        match fact["type"]:
            case "boolean":
                return [True, False]
            case "place":
                return ["偏关县"]
            case "set":
                return [dict.fromkeys(options, True)]
        return options or list(fact["range"])

    profiles = [{"id": name, "profile": {name: value}} for name, fact in facts.items() for value in offered(fact)]
    answer = api.post("/v1/match/batch", json={"profiles": profiles})
    assert answer.status_code == 200, answer.text


# ---------------------------------------------------------------- places


def found(api: httpx2.Client, q: str, **query: Any) -> list[dict[str, Any]]:
    page = get(api, "/v1/places", q=q, **query)
    assert list(misfits(page, PLACES)) == []
    return list(page["places"])


@pytest.mark.parametrize(
    ("q", "full_name"),
    [
        ("偏关县", "山西省忻州市偏关县"),
        ("偏关", "山西省忻州市偏关县"),
        ("pianguan", "山西省忻州市偏关县"),
        ("Pian Guan", "山西省忻州市偏关县"),
        ("长治县", "山西省长治市上党区"),
        ("榆次市", "山西省晋中市榆次区"),
        ("忻州", "山西省忻州市"),
        ("山西", "山西省"),
        ("阳泉市城区", "山西省阳泉市城区"),
    ],
)
def test_a_place_is_found_by_any_of_its_names(api: httpx2.Client, q: str, full_name: str) -> None:
    assert found(api, q)[0]["full_name"] == full_name


def test_places_of_one_name_are_told_apart_by_their_city(api: httpx2.Client) -> None:
    rows = [p for p in found(api, "城区", limit=50) if p["short"] == "城区"]
    assert {"山西省阳泉市城区", "山西省晋城市城区"} <= {p["full_name"] for p in rows}
    assert len({p["name"] for p in rows}) == len(rows)


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_places_than_asked_for(api: httpx2.Client, limit: int) -> None:
    assert len(found(api, "县", limit=limit)) == limit


@pytest.mark.parametrize("q", ["  ", "zzzzzz", "%", "'; --"])
def test_what_is_no_place_finds_nothing(api: httpx2.Client, q: str) -> None:
    assert found(api, q) == []


def test_a_found_name_can_be_posted(api: httpx2.Client) -> None:
    rows = [p for q in ("城区", "朝阳", "shangdang", "榆次市", "太原") for p in found(api, q) if p["level"] != "township"]
    assert len(rows) > 8
    answer = api.post("/v1/match/batch", json={"profiles": [{"id": p["code"], "profile": {"home_place": p["name"]}} for p in rows]})
    assert answer.status_code == 200, answer.text
