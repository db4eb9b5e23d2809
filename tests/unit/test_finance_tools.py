"""The bank's figures: what a customer would be told wrongly if one of these failed."""

from decimal import Decimal

import pytest

from usecases.finance import tools


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("a loan of £10,000 over 4 years", "10000"),
        ("borrow 10k over 48 months", "10000"),
        ("a £250k mortgage", "250000"),
        ("4 years, please", None),
        ("at 4.5% for 2 years", None),
        ("£2.50", "2.50"),
    ],
)
def test_amount(text: str, amount: str | None) -> None:
    assert tools.parse_amount(text) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("text", "months"), [("over 4 years", 48), ("18 months", 18), ("a year", 12), ("£10,000", None), ("3-year", 36)]
)
def test_months(text: str, months: int | None) -> None:
    assert tools.parse_months(text) == months


def test_repayment_pays_the_loan_off_exactly() -> None:
    each = tools.repayment(Decimal(10000), Decimal("6.4"), 48)
    left = Decimal(10000)
    for _ in range(48):
        left = left * (1 + Decimal("6.4") / 1200) - each
    assert abs(left) < Decimal("0.000001")


def test_loan_rate_depends_on_the_amount() -> None:
    assert "8.9%" in tools.loan("£5,000 over 2 years", {}).facts[0]
    assert "6.4%" in tools.loan("£7,500 over 2 years", {}).facts[0]


def test_what_is_missing_is_asked_for() -> None:
    assert "How much" in tools.loan("a loan please", {}).missing
    assert "how many years" in tools.loan("a loan of £5,000", {}).missing


def test_a_loan_the_bank_does_not_make_is_not_priced() -> None:
    facts = " ".join(tools.loan("£90,000 over 4 years", {}).facts)
    assert "£1,000 to £25,000" in facts and "a month" not in facts


def test_savings_grow_by_the_annual_rate() -> None:
    assert "£10,310 after 12 months" in tools.savings("£10,000 in the Easy Saver for 1 year", {}).facts[0]


def test_foreign_fee() -> None:
    assert "£8.25" in tools.foreign_spend("£300 in Spain", {}).facts[0]
