"""Whoever writes a measure learns of every mistake at once: which file, which line, what is wrong and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.catalog import CatalogInvalid, build_catalog
from tests.factories import (
    ALLOWANCE,
    GRANT,
    LINE,
    LOAN,
    SHANXI_LOAN,
    Edit,
    measure_file,
    problems_of,
    rule_file,
    small_catalog,
    small_files,
)

PLACES = "knowledge/places/divisions.csv"
FACTS = "knowledge/facts/facts.yaml"
IMPLICATIONS = "knowledge/facts/implications.yaml"
CONTACTS = "knowledge/contacts.yaml"
WORDS = "knowledge/words/glossary.yaml"
DOCUMENT = "knowledge/documents/loan-2023.yaml"
GIVES = "最多能借{max_principal}，最长{max_term}，本金要还。"


@dataclass(frozen=True)
class Mistake:
    """A text of a file changed, and the problem that must be told: at the last line that holds `at` (0: of the file as a whole)."""

    file: str
    old: str
    new: str | None
    at: str | int
    what: str
    mend: str = ""
    others: int = 0
    """Problems that follow from this one."""

    @property
    def edit(self) -> Edit:
        return Edit(self.file, self.old, self.new)

    def line(self, files: dict[str, str]) -> int:
        if isinstance(self.at, int):
            return self.at
        return max(n for n, line in enumerate(files[self.file].split("\n"), 1) if self.at in line)


MISTAKES = {
    # -- the file itself
    "no YAML": Mistake(rule_file(LOAN), "  - id: credit\n", "  - id: [credit\n", "    if: not bad_credit", "YAML", "indentation"),
    "a tab": Mistake(rule_file(LOAN), "    if: not bad_credit", "\tif: not bad_credit", "\tif:", "YAML"),
    "a date that is none": Mistake(measure_file(LOAN), "from: 2023-10-01,", "from: 2023-13-01,", "2023-13-01", "month must be in 1..12"),
    "a key given twice": Mistake(rule_file(LOAN), "    if: not bad_credit\n", "    if: not bad_credit\n    if: bad_credit\n", "if: bad_credit", "«if» stands twice"),
    "an empty file": Mistake(rule_file(LINE), small_files()[rule_file(LINE)], "\n", 0, "empty", "write it or delete it"),
    "a file that is a list": Mistake(rule_file(LINE), small_files()[rule_file(LINE)], "- a\n", 1, "the file"),
    "a key missing": Mistake(measure_file(LOAN), "kind: loan\n", "", "id: start-loan", "kind: Field required", "add it"),
    "a key missing inside": Mistake(rule_file(LOAN), "    if: not bad_credit\n    decided_by: bank\n    plain: {zh: 您没有欠款不还的记录, en: You have no record of unpaid debts}\n", "    if: not bad_credit\n", "- id: credit", "conditions.2.plain: Field required", "add it"),
    "a key that nobody knows": Mistake(rule_file(LOAN), "    if: not bad_credit\n", "    if: not bad_credit\n    unless: veteran\n", "unless:", "unless", "known keys: id, if, decided_by"),
    "a word of another list": Mistake(measure_file(LOAN), "kind: loan\n", "kind: gift\n", "kind: gift", "'grant'"),
    "a text in one language": Mistake(measure_file(LOAN), "{zh: 身份证, en: ID card}", "{zh: 身份证}", "{zh: 身份证}", "en: Field required", "add it"),
    "a text that is empty": Mistake(measure_file(LOAN), "{zh: 身份证, en: ID card}", '{zh: "", en: ID card}', '{zh: "",', "at least 1 character"),
    "a value that YAML takes for a number": Mistake(DOCUMENT, 'number: "财金〔2023〕2号"', "number: 2023", "number: 2023", "number", "quotes"),
    "an id that is not the file's name": Mistake(measure_file(LINE), "id: labour-line\n", "id: labor-line\n", "id: labor-line", "«labor-line»", "labor-line.yaml", others=1),
    "a document under another name": Mistake(DOCUMENT, "id: loan-2023\n", "id: loan-2024\n", "id: loan-2024", "«loan-2024»", "loan-2024.yaml"),
    # -- expressions
    "an unknown fact names the nearest": Mistake(rule_file(LOAN), "not bad_credit", "not bad_credits", "bad_credits", "no fact «bad_credits»", "did you mean bad_credit"),
    "a fact of another type": Mistake(rule_file(LOAN), "if: not bad_credit", "if: not hukou_type", "not hukou_type", "one of several options", "hukou_type in {rural"),
    "a truth compared with a number": Mistake(rule_file(LOAN), "if: not bad_credit", "if: bad_credit >= 1", "bad_credit >=", "no order"),
    "a bare number": Mistake(rule_file(GRANT), "employees >= 1", "employees >= 7", "employees >= 7", "bare number 7", "figure"),
    "an unknown figure names the nearest": Mistake(rule_file(SHANXI_LOAN), "figure.min_months", "figure.min_month", "figure.min_month", "«min_month»", "did you mean min_months"),
    "a figure of another measure": Mistake(rule_file(GRANT), "employees >= 1", "employees >= figure.min_age", "figure.min_age", "no numeric figure «min_age»"),
    "an unknown option names the nearest": Mistake(rule_file(LOAN), "hukou_type == rural", "hukou_type == rurel", "== rurel", "«rurel» is no option of hukou_type", "rural"),
    "an unknown place names the nearest": Mistake(rule_file(LOAN), "if: not bad_credit", 'if: within(home_place, "偏关线")', "within(", "«偏关线» is no place", "偏关县"),
    "a place of many cities": Mistake(rule_file(LOAN), "if: not bad_credit", 'if: within(home_place, "城区")', "within(", "«城区» is no place", "阳泉市城区、晋城市城区"),
    "no expression": Mistake(rule_file(LOAN), "if: not bad_credit", "if: not not not", "if: not not", "is no expression", "CONTRIBUTING.md"),
    "an unknown fact in an estimate": Mistake(rule_file(GRANT), "min(employees * figure", "min(employes * figure", "employes", "no fact «employes»", "employees"),
    "a condition that nobody settles": Mistake(rule_file(LOAN), "  - id: plan\n    decided_by: bank\n", "  - id: plan\n", "- id: plan", "neither if nor decided_by", "who settles"),
    "a condition id given twice": Mistake(rule_file(LOAN), "- id: credit", "- id: age", "- id: age", "«age» is taken", "own name"),
    "a condition id that is ours": Mistake(rule_file(LOAN), "- id: credit", "- id: place", "- id: place", "«place» is taken"),
    "a place fact that is none": Mistake(rule_file(SHANXI_LOAN), "place: business_place", "place: hukou_type", "place: hukou_type", "no place fact", "home_place"),
    # -- references
    "an unknown document names the nearest": Mistake(measure_file(LOAN), "value: 300000, cite: {document: loan-2023", "value: 300000, cite: {document: loan-2032", "loan-2032", "no document «loan-2032»", "loan-2023"),
    "an unknown document of a condition": Mistake(rule_file(SHANXI_LOAN), "    cite: {document: shanxi-2021", "    cite: {document: shanxi-2012", "shanxi-2012", "no document «shanxi-2012»", "shanxi-2021"),
    "an unknown document among those read": Mistake(measure_file(LOAN), "documents: [loan-2020]", "documents: [loan-1999]", "documents: [loan-1999]", "no document «loan-1999»", "loan-"),
    "an unknown document replaced": Mistake(DOCUMENT, "replaces: [loan-2020]", "replaces: [loan-2002]", 1, "no document «loan-2002»", "loan-2020"),
    "an unknown contact": Mistake(measure_file(LOAN), 'phone: ["12333"]', 'phone: ["12334"]', 'phone: ["12334"]', "no contact «12334»", "contacts.yaml"),
    "an unknown sector": Mistake(measure_file(GRANT), "sectors: [aquaculture, retail]", "sectors: [aquaculture, retale]", "retale", "no sector «retale»", "retail"),
    "a region that is no place": Mistake(measure_file(ALLOWANCE), "regions: [忻州市]", "regions: [忻洲市]", "忻洲市", "«忻洲市» is no place", "忻州市"),
    "a measure carried out that is not higher": Mistake(measure_file(LOAN), "carries_out: null", "carries_out: shanxi-start-loan", "carries_out: shanxi", "not of a higher level", "higher measure"),
    "tier B without a word of doubt": Mistake(measure_file(GRANT), "unsure: {zh: 这是听说的数，办之前请打电话问清楚。, en: These sums are hearsay; call before you apply.}\n", "", 1, "not confirmed", "unsure"),
    # -- figures
    "a value that does not fit the unit": Mistake(measure_file(LOAN), "value: 300000", 'value: "30万"', 'value: "30万"', "'30万' does not fit the unit CNY", "quote text"),
    "a number where text is due": Mistake(measure_file(SHANXI_LOAN), "unit: months", "unit: text", "value: 3,", "3 does not fit the unit text", others=1),
    "a unit of no list": Mistake(measure_file(LOAN), "unit: years\n", "unit: decades\n", "unit: decades", "figures.max_term.unit"),
    "two values on one day": Mistake(measure_file(LOAN), "to: 2023-09-30", "to: 2023-10-01", "value: 300000", "two values of max_principal", "former"),
    "two values without an end": Mistake(measure_file(LOAN), "to: 2023-09-30", "to: null", "value: 300000", "valid on one day"),
    "a value that ends before it begins": Mistake(measure_file(LOAN), "to: 2023-09-30", "to: 2019-09-30", "value: 200000", "ends before it begins", "dates"),
    "a value in no place": Mistake(measure_file(ALLOWANCE), "place: 静乐县", "place: 静了县", "静了县", "no place «静了县»", "official full name"),
    "a figure without values": Mistake(measure_file(SHANXI_LOAN), "      - {from: null, to: null, value: 3, cite: {document: shanxi-2021, clause: null}, checked: {how: seen, confidence: low, on: 2026-11-23}}\n", "", "    history:", "history"),
    "a measure that ends before it begins": Mistake(measure_file(GRANT), "to: 2026-12-31", "to: 2020-12-31", "valid:", "ends before it begins", "dates"),
    "a value before the measure": Mistake(measure_file(GRANT), "valid: {from: 2021-01-01", "valid: {from: 2022-01-01", "valid:", "before the measure's own start", "valid.from", others=1),
    # -- prose
    "a digit in prose": Mistake(measure_file(LOAN), GIVES, "最多能借30万元。", "最多能借30万元", "the number «30»", "{figure_id}"),
    "a full-width digit": Mistake(measure_file(LOAN), GIVES, "最多能借３０万元。", "３０万元", "the number «３０»", "{figure_id}"),
    "a Chinese numeral before a unit": Mistake(measure_file(LOAN), GIVES, "最长能借三年。", "最长能借三年", "the number «三年»", "{figure_id}"),
    "a Chinese sum": Mistake(measure_file(LOAN), GIVES, "最多能借三十万元。", "三十万元", "the number «三十万元»"),
    "an English number word before a unit": Mistake(measure_file(LOAN), "The principal must be repaid.", "Repay it within three years.", "within three years", "the number «three years»"),
    "a digit in a condition": Mistake(rule_file(GRANT), "{zh: 您雇了人, en: You employ somebody}", "{zh: 您雇了1个人, en: You employ somebody}", "雇了1个人", "the number «1»"),
    "a digit in a fact's question": Mistake(FACTS, "您今年多大岁数？", "您满18了吗？", "您满18了吗", "the number «18»"),
    "a digit in the glossary": Mistake(WORDS, "政府替您出一部分利息。", "政府替您出50%的利息。", "出50%", "the number «50»"),
    "an unknown placeholder names the nearest": Mistake(measure_file(LOAN), GIVES, "最多能借{max_principle}。", "max_principle", "no figure «max_principle»", "max_principal"),
    "a brace left open": Mistake(measure_file(LOAN), GIVES, "最多能借{max_principal。", "{max_principal。", "brace", "{max_principal}"),
    # -- vocabulary and places
    "an implication on an unknown fact": Mistake(IMPLICATIONS, "if: {children_count: 0}", "if: {child_count: 0}", "child_count", "no fact «child_count»", "children_count"),
    "an implication of an unknown fact": Mistake(IMPLICATIONS, "then: {months_operating: 0}", "then: {month_operating: 0}", "business_stage: idea", "no fact «month_operating»", "months_operating"),
    "an implication with an unknown option": Mistake(IMPLICATIONS, "business_stage: idea", "business_stage: thought", "business_stage: thought", "«thought» is no option of business_stage", "idea, operating"),
    "an implication without words": Mistake(IMPLICATIONS, "  then: {months_operating: 0}\n", "", "business_stage: idea", "not an implication", "{if:"),
    "a fact of no type": Mistake(FACTS, "  type: enum\n  label: {zh: 户口类型", "  type: choice\n  label: {zh: 户口类型", "type: choice", "hukou_type.type", others=1),
    "a question that waits for no fact": Mistake(FACTS, "  range: [0, 120]\n", "  range: [0, 120]\n  after: hometown\n", "after: hometown", "«hometown» is no yes-or-no"),
    "a whole that is no set": Mistake(FACTS, "  range: [0, 120]\n", "  range: [0, 120]\n  whole: true\n", "whole: true", "«age» is no set", "drop"),
    "a number fact without a range": Mistake(FACTS, "  range: [0, 120]\n", "", 14, "«age» lacks range", "add them"),
    "a contact without a check": Mistake(CONTACTS, "  checked: {how: seen, confidence: high, on: 2026-11-23}\n", "", '  number: "12333"', "checked: Field required", "add it", others=5),
    "a code given twice": Mistake(PLACES, "140932,county", "140926,county", 0, "the code 140926 stands twice", "columns", others=6),
    "a column missing": Mistake(PLACES, "also,pinyin", "also,reading", 0, "broken", "pinyin", others=6),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_file_line_cause_and_mend(mistake: Mistake) -> None:
    files = small_files(mistake.edit)
    problems = problems_of(files)
    problem = next((p for p in problems if mistake.what in p.what), problems[0])
    assert (problem.file, problem.line) == (mistake.file, mistake.line(files)), problems
    assert mistake.what in problem.what, problem
    assert mistake.mend in problem.mend, problem
    assert len(problems) == 1 + mistake.others, problems
    assert str(problem).startswith(f"{problem.file}:{problem.line}: " if problem.line else f"{problem.file}: ")


def test_all_mistakes_are_told_at_once() -> None:
    """One mistake in each of many files, and several in one."""
    told = [
        "an unknown fact names the nearest", "an unknown option names the nearest", "a bare number", "an unknown figure names the nearest",
        "a digit in prose", "two values on one day", "an unknown contact", "an unknown sector", "a region that is no place",
        "an unknown document replaced", "a digit in the glossary", "an implication on an unknown fact", "a digit in a fact's question",
    ]  # fmt: skip
    mistakes = [MISTAKES[name] for name in told]
    files = small_files(*(mistake.edit for mistake in mistakes))
    problems = problems_of(files)
    assert {(p.file, p.line) for p in problems} == {(m.file, m.line(files)) for m in mistakes}
    assert len(problems) == len(mistakes)
    assert problems == sorted(problems)


def test_files_without_a_mistake_make_a_catalogue() -> None:
    catalog = small_catalog()
    assert sorted(catalog.entries) == sorted([LOAN, SHANXI_LOAN, GRANT, ALLOWANCE, LINE])
    assert catalog.entries[SHANXI_LOAN].lineage == (LOAN, SHANXI_LOAN)


@pytest.mark.parametrize(
    ("gone", "file", "mend"),
    [(measure_file(LINE), rule_file(LINE), measure_file(LINE)), (rule_file(LINE), measure_file(LINE), rule_file(LINE))],
)
def test_a_measure_without_its_rule_or_the_other_way_round_is_told(gone: str, file: str, mend: str) -> None:
    (problem,) = problems_of(small_files(Edit(gone, "", None)))
    assert problem.file == file
    assert mend in problem.mend


def test_a_catalogue_without_places_says_so() -> None:
    assert PLACES in [p.file for p in problems_of(small_files(Edit(PLACES, "", None)))]


def test_an_exclusion_holds_for_both_measures() -> None:
    entries = small_catalog().entries
    assert [n.measure for n in entries[LOAN].not_with] == [GRANT]
    assert [n.measure for n in entries[GRANT].not_with] == [LOAN]


def test_measures_that_carry_each_other_out_in_a_ring_are_refused() -> None:
    ring = Edit(measure_file(LOAN), "carries_out: null", f"carries_out: {SHANXI_LOAN}")
    assert any("not of a higher level" in p.what for p in problems_of(small_files(ring)))


def test_what_could_be_read_is_kept_for_the_authors_tools() -> None:
    with pytest.raises(CatalogInvalid) as refused:
        build_catalog(small_files(MISTAKES["a word of another list"].edit))
    assert sorted(refused.value.partial.entries) == sorted([SHANXI_LOAN, GRANT, ALLOWANCE, LINE])


def test_the_version_changes_with_any_letter() -> None:
    version = small_catalog().version
    assert small_catalog().version == version
    assert small_catalog(Edit(measure_file(LINE), "有事打电话。", "有事打电话！")).version != version
    assert small_catalog(Edit(measure_file(LINE), "tier: A\n", "tier: A  \n")).version != version


def test_progress_is_told_while_files_are_read() -> None:
    told: list[tuple[str, int, int]] = []
    build_catalog(small_files(), lambda what, done, all_of: told.append((what, done, all_of)))
    assert ("rules", 0, 5) in told
    assert all(done < all_of for _, done, all_of in told)


@pytest.mark.parametrize(
    "words",
    [
        "打12333问问。",
        "三农的事找乡里。",
        "孩子上一年级，免学杂费。",
        "天然林不算。",
        "日常花销不算。",
        "一次办好。",
        "最多能借{max_principal}。",
        "两口子都算。",
    ],
)
def test_words_that_only_look_like_numbers_may_stand(words: str) -> None:
    assert problems_of(small_files(Edit(measure_file(LOAN), GIVES, words))) == []


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("能领两年。", "两年"),
        ("等十五天。", "十五天"),
        ("交百分之十。", "百分之十"),
        ("补五成。", "五成"),
        ("过了十八岁。", "十八岁"),
        ("等三十多天。", "三十多天"),
        ("种三亩。", "三亩"),
    ],
)
def test_a_chinese_number_with_a_unit_is_a_figure(words: str, number: str) -> None:
    (problem,) = problems_of(small_files(Edit(measure_file(LOAN), GIVES, words)))
    assert number in problem.what


@pytest.mark.parametrize(
    "words", ["It takes ten working days.", "Wait five days.", "Pay fifty percent.", "Grow twenty mu.", "A hundred yuan.", "Two years."]
)
def test_an_english_number_word_with_a_unit_is_a_figure(words: str) -> None:
    assert problems_of(small_files(Edit(measure_file(LOAN), "The principal must be repaid.", words)))
