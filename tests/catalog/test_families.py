"""Measures that differ only by place stand in one file: each is the same as if it stood alone, and each mistake is told where it really stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.catalog import Catalog, build_catalog
from app.catalog.ledger import ledger
from app.matching.day import Days
from app.matching.examples import run_examples
from tests.factories import ALLOWANCE, SMALL, Edit, copy_catalogue, guiyan, matched, measure_file, problems_of, rule_file, small_files

PIANGUAN, JINGLE, FAMILY = "pianguan-allowance", "jingle-allowance", "county-allowances"
MEASURES, RULES = measure_file(FAMILY), rule_file(FAMILY)
SURE = "cite: {document: xinzhou-2024, clause: null}, checked: {how: seen, confidence: high, on: 2026-11-23}"
VALID = f"valid: {{from: null, to: null, {SURE}, replaced_by: null}}"
MEASURES_TEXT = f"""\
shared:
  tier: A
  level: county
  kind: grant
  needs: [family_support]
  sectors: [any]
  figures:
    line:
      label: {{zh: 补助线, en: Line}}
      unit: CNY/person/month
      history:
        - {{from: 2024-01-01, to: 2025-06-30, value: 440, place: 偏关县, {SURE}}}
        - {{from: 2024-01-01, to: null, value: 520, place: 静乐县, {SURE}}}
        - {{from: 2025-07-01, to: null, value: 480, place: 偏关县, {SURE}}}
    winter:
      label: {{zh: 冬天另补, en: Paid besides in winter}}
      unit: CNY
      history:
        - {{from: 2024-01-01, to: null, value: 90, place: 静乐县, {SURE}}}
  gives:
    zh: 收入不到{{line}}的，补给您差额。
    en: If your income is below {{line}} you get the difference.
  apply:
    where: {{zh: 乡镇政府, en: The township office}}
    phone: ["12333"]
members:
  {PIANGUAN}:
    name: {{zh: 偏关困难补助, en: Pianguan allowance}}
    regions: [偏关县]
    {VALID}
  {JINGLE}:
    name: {{zh: 静乐困难补助, en: Jingle allowance}}
    regions: [静乐县]
    {VALID}
    gives:
      zh: 静乐的线是{{line}}，冬天另补{{winter}}。
      en: The line of Jingle is {{line}}, with {{winter}} besides in winter.
"""
RULES_TEXT = """\
shared:
  conditions:
    - id: income
      if: income_per_head < figure.line
      plain: {zh: "人均月收入不到{line}", en: "Monthly income per head is below {line}"}
      cite: {document: xinzhou-2024, clause: null}
      checked: {how: seen, confidence: high, on: 2026-11-23}
members:
  pianguan-allowance:
    examples:
      - name: 偏关，收入低
        as_of: 2026-11-23
        profile: {home_place: 偏关县, income_per_head: 479}
        verdict: eligible
      - {name: 偏关，到线了, change: {income_per_head: 480}, verdict: not_eligible, failed: [income]}
      - {name: 不是偏关的, change: {home_place: 长春市朝阳区}, verdict: not_eligible, failed: [place]}
  jingle-allowance:
    examples:
      - name: 静乐，收入低
        as_of: 2026-11-23
        profile: {home_place: 静乐县, income_per_head: 519}
        verdict: eligible
      - {name: 静乐，到线了, change: {income_per_head: 520}, verdict: not_eligible, failed: [income]}
      - {name: 不是静乐的, change: {home_place: 长春市朝阳区}, verdict: not_eligible, failed: [place]}
"""
ALONE_MEASURE = f"""\
id: {PIANGUAN}
name: {{zh: 偏关困难补助, en: Pianguan allowance}}
tier: A
level: county
regions: [偏关县]
kind: grant
{VALID}
needs: [family_support]
sectors: [any]
figures:
  line:
    label: {{zh: 补助线, en: Line}}
    unit: CNY/person/month
    history:
      - {{from: 2024-01-01, to: 2025-06-30, value: 440, {SURE}}}
      - {{from: 2025-07-01, to: null, value: 480, {SURE}}}
gives:
  zh: 收入不到{{line}}的，补给您差额。
  en: If your income is below {{line}} you get the difference.
apply:
  where: {{zh: 乡镇政府, en: The township office}}
  phone: ["12333"]
"""
ALONE_RULE = """\
measure: pianguan-allowance
conditions:
  - id: income
    if: income_per_head < figure.line
    plain: {zh: "人均月收入不到{line}", en: "Monthly income per head is below {line}"}
    cite: {document: xinzhou-2024, clause: null}
    checked: {how: seen, confidence: high, on: 2026-11-23}
examples:
  - name: 偏关，收入低
    as_of: 2026-11-23
    profile: {home_place: 偏关县, income_per_head: 479}
    verdict: eligible
  - {name: 偏关，到线了, change: {income_per_head: 480}, verdict: not_eligible, failed: [income]}
  - {name: 不是偏关的, change: {home_place: 长春市朝阳区}, verdict: not_eligible, failed: [place]}
"""
JINGLE_LINE = f"        - {{from: 2024-01-01, to: null, value: 520, place: 静乐县, {SURE}}}\n"
WINTER = f"        - {{from: 2024-01-01, to: null, value: 90, place: 静乐县, {SURE}}}\n"


def family_files(*edits: Edit) -> dict[str, str]:
    """The small catalogue with the two counties' family in it, after some edits."""
    files = {**small_files(), MEASURES: MEASURES_TEXT, RULES: RULES_TEXT}
    for edit in edits:
        text = files.get(edit.file, "")
        assert text.count(edit.old) == 1 or not text, f"{edit.file} holds «{edit.old}» {text.count(edit.old)} times"
        files[edit.file] = text.replace(edit.old, edit.new or "") if text else edit.new or ""
    return files


def alone_files() -> dict[str, str]:
    return {**small_files(), measure_file(PIANGUAN): ALONE_MEASURE, rule_file(PIANGUAN): ALONE_RULE}


def example_problems(files: Mapping[str, str], measure: str) -> list[tuple[str, int, str]]:
    catalog = build_catalog(files)
    return [(p.file, p.line, p.what) for p in run_examples(catalog, catalog.entries[measure], Days(catalog), files)]


def lines_of(catalog: Catalog) -> set[str]:
    return set(ledger(catalog).split("\n"))


# ---------------------------------------------------------------- what a member is


def test_a_member_equals_the_same_measure_written_alone() -> None:
    family, alone = build_catalog(family_files()), build_catalog(alone_files())
    assert family.entries[PIANGUAN] == alone.entries[PIANGUAN]
    assert {line for line in lines_of(family) if line.startswith(PIANGUAN)} == {
        line for line in lines_of(alone) if line.startswith(PIANGUAN)
    }


@pytest.mark.parametrize(
    "profile", [{"home_place": "偏关县", "income_per_head": 470}, {"home_place": "忻州市"}, {"home_place": "上党区"}, {}]
)
def test_a_member_judges_people_as_the_measure_alone_does(profile: Mapping[str, object]) -> None:
    family, alone = build_catalog(family_files()), build_catalog(alone_files())
    (in_family,) = [v for v in matched(family, profile).found if v.id == PIANGUAN]
    (by_itself,) = [v for v in matched(alone, profile).found if v.id == PIANGUAN]
    assert (in_family.verdict, in_family.failed, in_family.missing) == (by_itself.verdict, by_itself.failed, by_itself.missing)


def test_the_examples_of_each_member_are_run() -> None:
    assert example_problems(family_files(), PIANGUAN) == []
    assert example_problems(family_files(), JINGLE) == []


def test_a_countys_change_is_one_line() -> None:
    changed = family_files(Edit(MEASURES, "value: 480", "value: 495"))
    before, after = build_catalog(family_files()), build_catalog(changed)
    assert sum(a != b for a, b in zip(MEASURES_TEXT.split("\n"), changed[MEASURES].split("\n"), strict=True)) == 1
    assert after.entries[JINGLE] == before.entries[JINGLE]
    (gone,), (come,) = lines_of(before) - lines_of(after), lines_of(after) - lines_of(before)
    assert gone.replace("480", "495") == come
    assert come.startswith(f"{PIANGUAN}\tfigure line\t495")


def test_a_member_without_a_value_of_a_figure_drops_it() -> None:
    entries = build_catalog(family_files()).entries
    assert sorted(entries[PIANGUAN].measure.figures) == ["line"]
    assert sorted(entries[JINGLE].measure.figures) == ["line", "winter"]


def test_a_member_of_several_counties_keeps_each_countys_value_with_its_place() -> None:
    city = family_files(Edit(MEASURES, "regions: [静乐县]", "regions: [忻州市]"))
    history = build_catalog(city).entries[JINGLE].measure.figures["line"].history
    assert [(v.place, v.value) for v in history] == [("偏关县", 440), ("静乐县", 520), ("偏关县", 480)]


def test_a_value_for_a_wider_place_holds_for_every_member() -> None:
    wide = build_catalog(family_files(Edit(MEASURES, WINTER, WINTER.replace("静乐县", "山西省"))))
    for name in (PIANGUAN, JINGLE):
        (value,) = wide.entries[name].measure.figures["winter"].history
        assert (value.value, value.place) == (90, None)


def test_the_narrower_of_two_values_wins_as_everywhere() -> None:
    both = build_catalog(family_files(Edit(MEASURES, WINTER, WINTER + WINTER.replace("静乐县", "山西省").replace("90", "60"))))
    figure = both.entries[JINGLE].measure.figures["winter"]
    value = both.value_on(figure, both.documents["xinzhou-2024"].dated, both.places.exact("静乐县"))  # type: ignore[arg-type]
    assert value is not None
    assert value.value == 90
    assert [v.value for v in both.entries[PIANGUAN].measure.figures["winter"].history] == [60]


def test_what_a_member_says_itself_takes_the_place_of_what_is_shared() -> None:
    own = "    conditions: []\n    examples:\n      - {name: 谁都行, as_of: 2026-11-23, profile: {home_place: 静乐县}, verdict: eligible}\n"
    files = family_files(Edit(RULES, RULES_TEXT.partition("  jingle-allowance:\n")[2], own), Edit(MEASURES, "静乐困难补助", "静乐补助"))
    entries = build_catalog(files).entries
    assert entries[JINGLE].conditions == ()
    assert entries[JINGLE].measure.name.zh == "静乐补助"
    assert [c.condition.id for c in entries[PIANGUAN].conditions] == ["income"]


# ---------------------------------------------------------------- mistakes


@dataclass(frozen=True)
class Mistake:
    """A text changed, and what must be told: at the last line that holds `at`, of these members (none: of the file itself)."""

    file: str
    old: str
    new: str
    at: str
    what: str
    members: tuple[str, ...] = ()


BOTH = (PIANGUAN, JINGLE)
MISTAKES = {
    "a shared word of another list": Mistake(MEASURES, "kind: grant", "kind: gift", "kind: gift", "'grant'", BOTH),
    "a shared key that nobody knows": Mistake(MEASURES, "  kind: grant\n", "  kind: grant\n  sort: grant\n", "sort: grant", "sort", BOTH),
    "a member's key that nobody knows": Mistake(MEASURES, "    gives:\n", "    give:\n", "静乐的线", "give", (JINGLE,)),
    "a digit in a member's prose": Mistake(MEASURES, "冬天另补{winter}。", "冬天另补90。", "冬天另补90", "the number «90»", (JINGLE,)),
    "a digit in shared prose": Mistake(MEASURES, "补给您差额。", "补给您40元。", "补给您40元", "the number «40»", (PIANGUAN,)),
    "a region that is no place": Mistake(MEASURES, "regions: [静乐县]", "regions: [静了县]", "regions: [静了县]", "«静了县» is no place", (JINGLE,)),
    "a shared value that ends before it begins": Mistake(MEASURES, "from: 2025-07-01, to: null", "from: 2025-07-01, to: 2025-01-01", "value: 480", "ends before it begins", (PIANGUAN,)),
    "two shared values on one day": Mistake(MEASURES, "to: 2025-06-30", "to: 2025-07-01", "value: 480", "two values of line", (PIANGUAN,)),
    "a shared value in no place": Mistake(MEASURES, WINTER, WINTER.replace("静乐县", "静了县"), "value: 90", "no place «静了县»", BOTH),
    "a shared value that no member is of": Mistake(MEASURES, WINTER, WINTER + WINTER.replace("静乐县", "上党区"), "上党区", "no member is of «上党区»"),
    "a figure that this member lacks": Mistake(MEASURES, "zh: 收入不到{line}的，补给您", "zh: 收入不到{line}的，另补{winter}", "的，另补{winter}", "no figure «winter»", (PIANGUAN,)),
    "a document that a shared condition cites": Mistake(RULES, "document: xinzhou-2024", "document: xinzhou-2042", "xinzhou-2042", "no document «xinzhou-2042»", BOTH),
    "a fact that nobody knows": Mistake(RULES, "income_per_head < figure.line", "income_a_head < figure.line", "income_a_head", "no fact «income_a_head»", BOTH),
    "a key beside the two": Mistake(MEASURES, "shared:\n", "town: 偏关\nshared:\n", "town: 偏关", "«town» stands beside"),
    "shared that is a list": Mistake(RULES, RULES_TEXT.partition("members:")[0], "shared: [a]\n", "shared: [a]", "shared is no mapping"),
    "a member that is a word": Mistake(RULES, RULES_TEXT.partition("  jingle-allowance:")[2], " later\n", "jingle-allowance: later", "«jingle-allowance» is no mapping"),
    "a member that says its id": Mistake(MEASURES, "    name: {zh: 静乐困难补助", "    id: jingle\n    name: {zh: 静乐困难补助", "id: jingle", "have their id as their name"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_names_the_familys_file_line_and_member(mistake: Mistake) -> None:
    files = family_files(Edit(mistake.file, mistake.old, mistake.new))
    line = max(n for n, text in enumerate(files[mistake.file].split("\n"), 1) if mistake.at in text)
    told = [p for p in problems_of(files) if mistake.what in p.what]
    assert {(p.file, p.line) for p in told} == {(mistake.file, line)}, problems_of(files)
    assert sorted(p.what.partition(": ")[0] for p in told) == sorted(mistake.members) or not mistake.members
    assert len(told) == max(1, len(mistake.members))


def test_a_wrong_example_names_the_familys_file_line_and_member() -> None:
    files = family_files(Edit(RULES, "{income_per_head: 520}", "{income_per_head: 519}"))
    line = next(n for n, text in enumerate(files[RULES].split("\n"), 1) if "静乐，到线了" in text)
    problems = example_problems(files, JINGLE)
    assert (RULES, line) in [(file, at) for file, at, _ in problems]
    assert all(what.startswith(f"{JINGLE}: ") for _, _, what in problems)
    assert example_problems(files, PIANGUAN) == []


def test_members_that_are_none_are_told_and_nothing_falls_over() -> None:
    for nothing in ("members: {}\n", "members: [a, b]\n", "members: null\n"):
        problems = problems_of({**small_files(), MEASURES: f"shared: {{tier: A}}\n{nothing}"})
        assert [(p.file, p.what) for p in problems] == [(MEASURES, "members names no measure")]


@pytest.mark.parametrize(
    "broken", ["figures: [a]", "figures: {line: a}", "figures: {line: {history: a}}", "figures: {line: {history: [a]}}"]
)
def test_broken_figures_are_told_and_nothing_falls_over(broken: str) -> None:
    figures = MEASURES_TEXT.partition("  figures:\n")[2].partition("  gives:\n    zh: 收入")[0]
    problems = problems_of(family_files(Edit(MEASURES, f"  figures:\n{figures}", f"  {broken}\n")))
    assert {p.file for p in problems} == {MEASURES}
    assert any("figures" in p.what for p in problems)


@pytest.mark.parametrize("file", [measure_file("more-allowances"), measure_file("a-allowances")])
def test_a_member_of_two_families_is_refused(file: str) -> None:
    told = problems_of({**family_files(), file: MEASURES_TEXT})
    assert [p.what for p in told] == [f"«{name}» stands in two files" for name in BOTH]
    assert {p.file for p in told} == {max(file, MEASURES)}


def test_a_member_with_a_file_of_its_own_is_refused() -> None:
    files = family_files(Edit(measure_file(PIANGUAN), "", ALONE_MEASURE))
    (problem,) = problems_of(files)
    assert (problem.file, problem.what, problem.mend) == (MEASURES, f"«{PIANGUAN}» stands in two files", "keep one")


def test_the_same_member_twice_in_one_file_is_refused() -> None:
    (problem, *_) = problems_of(family_files(Edit(MEASURES, f"  {JINGLE}:\n", f"  {PIANGUAN}:\n")))
    assert problem.file == MEASURES
    assert f"«{PIANGUAN}» stands twice" in problem.what


def test_a_member_without_a_rule_is_told() -> None:
    last = RULES_TEXT.partition("  jingle-allowance:\n")
    (problem,) = problems_of(family_files(Edit(RULES, "".join(last[1:]), "")))
    assert (problem.file, problem.mend) == (measure_file(JINGLE), f"write {rule_file(JINGLE)}")


# ---------------------------------------------------------------- the command


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A folder with the small catalogue and the family."""
    copy_catalogue(tmp_path, SMALL)
    for name in (MEASURES, RULES):
        (tmp_path / name).write_text(family_files()[name], encoding="utf-8")
    return tmp_path


def test_check_takes_a_familys_name_or_a_members(catalogue: Path) -> None:
    family = guiyan("check", "--only", FAMILY, catalog_path=str(catalogue))
    assert (family.returncode, family.stdout.partition(" measures")[0]) == (0, "2")
    member = guiyan("check", "--only", PIANGUAN, ALLOWANCE, catalog_path=str(catalogue))
    assert (member.returncode, member.stdout.partition(" measures")[0]) == (0, "2")


def test_check_of_one_member_tells_what_is_wrong_in_its_file(catalogue: Path) -> None:
    file = catalogue / RULES
    file.write_text(RULES_TEXT.replace("{income_per_head: 480}", "{income_per_head: 400}"), encoding="utf-8")
    done = guiyan("check", "--only", PIANGUAN, catalog_path=str(catalogue))
    assert done.returncode == 1
    assert f"{RULES}:15: {PIANGUAN}: " in done.stdout


def test_check_of_a_measure_that_nobody_wrote_says_so(catalogue: Path) -> None:
    done = guiyan("check", "--only", "moon-allowance", catalog_path=str(catalogue))
    assert done.returncode == 2
    assert "no measure «moon-allowance»" in done.stderr
