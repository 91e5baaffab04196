"""Somebody who asks, despairs, speaks for another or says goodbye is listened to: as the service understands them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.catalog import Catalog, CatalogInvalid
from app.conversation import World, fold, open_conversation, take
from app.conversation.asking import as_asked
from app.conversation.state import Case, Held
from app.understanding import Lexicon, build_lexicon, understand
from tests.conftest import TODAY


def talk(world: World, *said: str) -> list[dict[str, Any]]:
    """The answers to some messages, one after the other."""
    events, answers = list(open_conversation("zh").events), []
    for text in said:
        turn = take(fold(events), text, world)
        events += turn.events
        answers.append(turn.reply.as_json())
    return answers


def text_of(answer: Mapping[str, Any]) -> str:
    return str(answer["reply"]["text"])


def facts_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {f["fact"]: f["value"] for f in answer["profile"]["facts"]}


@pytest.mark.parametrize("despair", ["要是要不回来呢，我真想从楼上跳下去算了", "钱要是还不上，我就死在外头", "娃他妈没了，我也不想过了"])
def test_despair_is_heard_in_any_mood_and_listened_to_after(despair: str, real_world: World) -> None:
    first, second, third = talk(real_world, despair, "没事 我就说说", "天天有人打电话催")
    assert "12356" in text_of(first)
    assert "贷" not in text_of(first)
    assert text_of(second).startswith("我在")
    assert text_of(third) == "我在，您慢慢说。", "the number is said once"
    assert second["reply"]["asking"] is None


@pytest.mark.parametrize("asked", ["contracted_land", "work_now", "sells.own_produce", "social_insurance"])
@pytest.mark.parametrize("text", ["还有别的没", "还有别的啥能给钱的没", "行吧，去哪办", "要带啥材料"])
def test_a_question_is_no_answer_to_ours(text: str, asked: str, lexicon: Lexicon) -> None:
    found = understand(text, lexicon, TODAY, asked)
    assert found.facts == ()
    assert found.intent not in ("affirm", "deny", "skip", "refuse")


def test_what_is_not_known_is_said_to_be_unknown_and_the_open_question_stays(real_world: World) -> None:
    before, after = talk(real_world, "想回偏关养鱼，农村户口，缺钱", "高龄补贴多少岁能领")
    assert "没查到" in text_of(after)
    assert "12345" in text_of(after)
    assert after["reply"]["asking"] == before["reply"]["asking"]


def test_a_question_about_a_measure_is_answered_whatever_else_is_told(real_world: World) -> None:
    (answer,) = talk(real_world, "我在太原给人做饭，想回静乐，我就问一句，回去能不能插班")
    assert facts_of(answer)["home_place"] == "静乐县"
    assert "对方答应了再离开原来的学校" in text_of(answer)


def test_a_rumour_told_as_a_fact_is_put_right(real_world: World) -> None:
    (answer,) = talk(real_world, "村里的贷款都让干部亲戚贷走了，咱没关系的轮不上")
    assert "没有“要有关系”这一条" in text_of(answer)
    assert "12388" in text_of(answer)


def test_this_loan_is_the_one_on_the_table(real_world: World) -> None:
    _, answer = talk(real_world, "想回偏关开个小卖部，缺本钱", "听说这个贷款不用还，是真的吗")
    block = next(b for b in answer["reply"]["blocks"] if b["kind"] == "correction")
    assert block["measure"].endswith("startup-guarantee-loan-individual")
    assert block["verdict"] == "wrong"


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("替我妈问问，她六十了，想开个小卖部", "female"),
        ("给我姐夫问问，他想回偏关养羊", None),
        ("给我弟问问，我妈急得不行，他想养羊", None),
    ],
)
def test_only_a_woman_who_is_asked_for_is_spoken_of_as_one(text: str, gender: str | None, real_world: World) -> None:
    (answer,) = talk(real_world, text)
    assert facts_of(answer).get("gender") == gender
    assert ("她" in text_of(answer)) == (gender == "female")


def test_a_goodbye_ends(real_world: World) -> None:
    *_, answer = talk(real_world, "想回偏关养鱼，缺钱", "谢谢，先这样")
    assert "回来接着说" in text_of(answer)
    assert "？" not in text_of(answer)


def test_children_are_asked_about_once_and_no_means_none_of_them(real_world: World) -> None:
    first, second = talk(real_world, "想回静乐，孩子上学咋办", "没有")
    assert first["reply"]["asking"] == "child_stages"
    assert all(facts_of(second)[f"child_stages.{o}"] is False for o in ("primary", "junior_middle", "university"))
    assert not (second["reply"]["asking"] or "").startswith("child_")


NO, YES = (Held(value, None, None, False, "", 1, "grammar", "stated") for value in (False, True))


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        (Case(), "relocated_household"),
        (Case(facts={"relocated_household": YES}), "relocated_to_town"),
        (Case(facts={"relocated_household": NO}), None),
        (Case(closed={"relocated_household": "skipped"}), None),
    ],
)
def test_a_question_that_needs_another_waits_for_it(case: Case, asked: str | None, real_world: World) -> None:
    assert as_asked(real_world, case, "relocated_to_town") == asked


def test_cues_that_name_no_fact_are_refused(files: Mapping[str, str], catalog: Catalog) -> None:
    name = "knowledge/words/status.yaml"
    with pytest.raises(CatalogInvalid) as error:
        build_lexicon({**files, name: files[name].replace("never_bad_credit:", "never_bad_credits:")}, catalog)
    assert "«bad_credits»" in str(error.value.problems[0])
