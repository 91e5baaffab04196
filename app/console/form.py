"""The form of the counter: every fact of the vocabulary as a field, in groups, filled with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalog.catalog import Catalog
from app.catalog.models import Fact
from app.console.case import NO, YES
from app.conversation import World
from app.conversation.facts import in_words
from app.conversation.state import Case, Held

GROUPS = (
    ("要办什么", ("needs", "sector", "home_place", "business_place", "business_stage", "funding_needed", "loan_use")),
    ("本人", ("age", "gender", "hukou_type", "return_status", "months_away", "months_since_return", "working_place", "living_place", "education", "marital_status", "work_now", "social_insurance")),
    ("生意", ("business_form", "months_operating", "first_business", "employees", "key_group_employees", "staff_contracts_and_insurance", "partners", "annual_sales", "annual_profit", "rents_premises", "premises_kind", "online_store", "sells", "main_buyer")),
    ("借钱", ("outstanding_business_loan", "bad_credit", "guaranteed_loans_before", "has_collateral", "startup_training_certificate")),
    ("种养", ("animals", "animals_kept", "crops_grown", "land_area_mu", "land_kinds", "contracted_land", "water_area_mu", "water_kind", "aquaculture_permit", "farm_titles", "farm_machinery")),
    ("家里", ("children_count", "child_stages", "child_situations", "child_hukou_place", "single_parent", "supports_elderly", "hardships", "income_per_head")),
)  # fmt: skip
"""Groups in the order in which a talk at the counter goes; facts that stand in none come last."""
REST = "身份和别的"


@dataclass(frozen=True)
class Field:
    """One field: what it is called, what may be chosen, what it holds now."""

    id: str
    kind: str
    """choice | words | place | tick"""
    label: str
    value: str
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""

    @property
    def element(self) -> str:
        """The id that the field has on the page."""
        return "f-" + self.id.replace(".", "-")


@dataclass(frozen=True)
class Block:
    """Fields that belong together under one name: a fact, or the options of a set."""

    label: str
    fields: Sequence[Field]


def form(world: World, case: Case) -> list[tuple[str, list[Block]]]:
    """Every group with its blocks."""
    listed = {fact for _, facts in GROUPS for fact in facts}
    groups = [*GROUPS, (REST, tuple(f for f in world.catalog.facts if f not in listed))]
    return [(title, [_block(world, world.catalog.facts[f], case) for f in facts if f in world.catalog.facts]) for title, facts in groups]


def _block(world: World, fact: Fact, case: Case) -> Block:
    if fact.type != "set":
        return Block("", [field(world, fact.id, case)])
    return Block(fact.label.zh, [field(world, f"{fact.id}.{option}", case) for option in fact.options])


def some(world: World, case: Case, names: Iterable[str]) -> list[Field]:
    """The fields of some variables: those that a turn has changed."""
    return [field(world, name, case) for name in dict.fromkeys(names) if name in world.catalog.variables]


def field(world: World, name: str, case: Case) -> Field:
    """One field with its present value."""
    item = world.catalog.variables[name]
    held = case.facts.get(name)
    held = held if held is not None and held.counts else None
    if item.option:
        said = item.fact.options[item.option].zh + ("（没有）" if held and held.value is False else "")
        return Field(name, "tick", said, YES if held and held.value is True else "")
    if item.type in ("boolean", "enum"):
        options = [(YES, "是"), (NO, "否")] if item.type == "boolean" else [(o, t.zh) for o, t in item.fact.options.items()]
        return Field(name, "choice", item.fact.label.zh, _chosen(held), options)
    kind = "place" if item.type == "place" else "words"
    return Field(name, kind, item.fact.label.zh, in_words(world, name, held, "zh") if held else "", hint=_hint(item.fact))


def _chosen(held: Held | None) -> str:
    if held is None:
        return ""
    return (YES if held.value else NO) if isinstance(held.value, bool) else str(held.value)


_HINTS = {"money": "比如 20万", "years": "比如 38", "months": "比如 两年、8个月", "mu": "几亩", "head": "多少只、头"}


def _hint(fact: Fact) -> str:
    return _HINTS.get(fact.type) or _HINTS.get(fact.unit or "", "")


def counties(catalog: Catalog, province: str = "14") -> list[str]:
    """Names to choose a place from: the cities and counties of the province."""
    return [p.label for p in catalog.places.by_code.values() if p.code.startswith(province) and p.level in ("city", "county")]
