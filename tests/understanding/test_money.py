"""Sums that are missing, loans, credit, security and the start-up certificate."""

from __future__ import annotations

from typing import Any

import pytest

from app.understanding import Lexicon
from tests.understanding.tables import is_as, stated, table

FACTS = (
    "funding_needed",
    "outstanding_business_loan",
    "bad_credit",
    "guaranteed_loans_before",
    "has_collateral",
    "startup_training_certificate",
)
SAID = table("money")


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_of_money(text: str, lexicon: Lexicon) -> None:
    heard, wanted = stated(text, lexicon), SAID[text]
    for fact, value in wanted.items():
        assert is_as(heard.get(fact), value), (fact, heard)
    assert {f for f in heard if f in FACTS} <= set(wanted)


@pytest.mark.parametrize(
    ("text", "value"),
    [("老板还差我八千块工钱", None), ("我还差五万块钱", 50_000), ("一个月工资五千", None), ("攒了六万，还差四万", 40_000)],
)
def test_wages_savings_and_debts_are_no_sum_needed(text: str, value: Any, lexicon: Lexicon) -> None:
    assert stated(text, lexicon).get("funding_needed") == value
