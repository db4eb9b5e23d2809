"""The bank's figures: what a customer would be told wrongly if one of these failed."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usecases.finance import customer, products, tools
from usecases.finance.money import money, parse_amount, parse_currency, parse_income, parse_months
from usecases.finance.retrieval import load_passages
from usecases.finance.tools import TOOLS


def facts(tool: str, text: str, **more: Any) -> str:
    return " ".join(TOOLS[tool].run({**TOOLS[tool].read(text), **more}).facts)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("a loan of £10,000 over 4 years", "10000"),
        ("borrow 10k over 48 months", "10000"),
        ("a £250k mortgage", "250000"),
        ("ten grand for five years", "10000"),
        ("twenty five thousand pounds", "25000"),
        ("£2.50", "2.50"),
        ("2 year fixed £200k mortgage over 25 years", "200000"),
        ("4 years, please", None),
        ("at 4.5% for 2 years", None),
        ("one of my cards", None),
        ("I'm 30 years old", None),
        ("a quarter of a million", "250000"),
        ("a deposit of £50,000", "50000"),
    ],
)
def test_a_sum_is_read_and_a_term_or_rate_is_not_taken_for_one(text: str, amount: str | None) -> None:
    assert parse_amount(text) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("over 4 years", 48), ("18 months", 18), ("a year", 12),
        ("two and a half years", 30), ("a 2-year fixed rate", None), ("£10,000", None),
    ],  # fmt: skip
)
def test_a_term_is_read(text: str, months: int | None) -> None:
    assert parse_months(text) == months


def test_a_dollar_is_american_unless_it_is_called_australian() -> None:
    assert parse_currency("$50 in New York") == "USD"
    assert parse_currency("50 Australian dollars") == "AUD"


def test_repayment_pays_the_loan_off_exactly() -> None:
    each, left = tools.repayment(Decimal(10000), Decimal("6.4"), 48), Decimal(10000)
    for _ in range(48):
        left = left * (1 + Decimal("6.4") / 1200) - each
    assert abs(left) < Decimal("0.000001")


def test_the_total_is_the_sum_of_payments_in_whole_pence() -> None:
    assert "£236.69 a month" in facts("loan_repayment", "£10,000 over 4 years")
    assert "£11,361.12 in total" in facts("loan_repayment", "£10,000 over 4 years")


def test_loan_rate_depends_on_the_amount() -> None:
    assert "8.9%" in facts("loan_repayment", "£5,000 over 2 years")
    assert "6.4%" in facts("loan_repayment", "£7,500 over 2 years")


def test_a_loan_the_bank_does_not_make_is_refused_before_the_term_is_asked() -> None:
    tool = TOOLS["loan_repayment"]
    outcome = tool.early(tool.read("£90,000 please"))
    assert outcome is not None and "£1,000 to £25,000" in outcome.facts[0]
    assert tool.early(tool.read("£9,000 please")) is None


def test_what_is_missing_is_asked_for() -> None:
    tool = TOOLS["loan_repayment"]
    slot = tool.missing(tool.read("a loan please"))
    assert slot is not None and "How much" in slot.question
    slot = tool.missing(tool.read("a loan of £5,000"))
    assert slot is not None and "how many years" in slot.question


def test_savings_grow_by_the_annual_rate() -> None:
    assert "£10,310 after 1 year" in facts("savings_projection", "£10,000 in the Easy Saver for 1 year")
    assert "not possible" in facts("savings_projection", "£900 a month in the regular saver for 12 months")


def test_a_fee_abroad_depends_on_the_card_and_foreign_money_is_converted_first() -> None:
    assert "£8.25" in facts("spend_abroad", "£300 in Spain", card="Everyday Account")
    assert "no foreign transaction fee" in facts("spend_abroad", "£300 in Spain", card="Premier Account").split(".")[0]
    assert "£100" in facts("spend_abroad", "what is $130 in pounds", card="Everyday Account").split(".")[0]


@pytest.mark.parametrize(
    ("need", "best"),
    [
        ("a savings account for £100 a month", "Regular Saver"),
        ("a credit card for holidays abroad", "Travel Card"),
        ("an account for my 14 year old", "Youth Account"),
        ("I have a lump sum to lock away", "1 Year Fixed Saver"),
        ("the card with the lowest rate", "Low Rate Card"),
        ("move my credit card debt, which card", "Balance Transfer Card"),
        ("tax free savings", "Cash ISA"),
    ],
)
def test_the_finder_ranks_the_product_that_fits_first(need: str, best: str) -> None:
    assert products.rank(need, None, None, None)[0][0].name == best


def test_nobody_is_offered_what_he_may_not_have() -> None:
    poor = products.rank("a credit card", None, Decimal(11000), None)
    assert {p.name for p, _ in poor}.isdisjoint({"Low Rate Card", "Travel Card"})
    assert "Student Account" not in {p.name for p, _ in products.rank("a current account", None, None, False)}


def test_a_comparison_states_which_pays_more() -> None:
    found = products.compare("Does the Easy Saver or the 1 Year Fixed Saver pay more interest?")
    assert found is not None and "1 Year Fixed Saver pays 1.15 percentage points more than the Easy Saver" in found[0][0]
    assert products.compare("Tell me about the Easy Saver") is None


def test_every_figure_of_the_product_table_stands_in_its_document() -> None:
    texts: dict[str, str] = {}
    for passage in load_passages():
        texts[passage.slug] = texts.get(passage.slug, "") + passage.text
    for product in products.products():
        for sentence in [*product.facts.values(), *product.fits.values()]:
            for figure in re.findall(r"£[\d,]+|\d+(?:\.\d+)?%", sentence):
                held = texts[product.document] + texts["mortgage-overpayment"] * (product.kind == "mortgage")
                held += texts["using-cards-abroad"] * ("abroad" in sentence)
                assert figure in held, f"{figure} of {product.name} is not in {product.document}.md"


def test_spending_adds_up_by_month_and_category() -> None:
    amelia = customer.people()["amelia"]
    assert "£122.45 on groceries in November 2026" in customer.spending(amelia, {"categories": ["groceries"]}).facts[0]
    assert "£126.95" in customer.spending(amelia, customer.spending_slots("groceries in October")).facts[0]
    assert "no payments" in customer.spending(amelia, {"month": 3}).facts[0]


def test_a_disputed_payment_is_found_by_payee_or_amount_only() -> None:
    amelia = customer.people()["amelia"]
    found = customer.find_payment(amelia, "the copper pot thing")
    assert found is not None and found.amount == Decimal("-41.75")
    found = customer.find_payment(amelia, "the £129 one")
    assert found is not None and found.payee == "Tilda Home"
    assert customer.find_payment(amelia, "I want to dispute a payment") is None


def test_money_is_written_as_a_bank_writes_it() -> None:
    assert [money(Decimal(v)) for v in ("1234.5", "2000", "-212.6")] == ["£1,234.50", "£2,000", "-£212.60"]


@pytest.mark.parametrize(
    ("text", "income"),
    [
        ("Would you lend me £250,000 for a house if my salary is £50,000?", 50_000),
        ("My salary's £36,500 and hubby is on £28,000. How much would you lend us?", 64_500),
        ("I earn 3,000 a month", 36_000),
    ],
)
def test_an_income_is_not_mistaken_for_the_price_of_the_house(text: str, income: int) -> None:
    assert parse_income(text) == income


def test_products_in_a_list_share_their_noun_and_a_name_asks_for_no_aspect() -> None:
    assert [p.slug for p in products.named("classic, low rate or travel card")] == ["classic-credit-card", "low-rate-card", "travel-card"]
    found = products.compare("Low Rate Card or Travel Card, which costs less?")
    assert found is not None and not any("abroad" in fact for fact in found[0])


def test_a_question_for_a_sentence_that_is_not_there_is_told(tmp_path: Path) -> None:
    page = "---\ntitle: T\nasked:\n  \"The fee is £5\": [\"what does it cost\"]\n---\n\n## S\n\nThe fee is £4.\n"
    (tmp_path / "t.md").write_text(page, encoding="utf-8")
    with pytest.raises(ValueError, match="no sentence that starts so"):
        load_passages(tmp_path)
    (tmp_path / "t.md").write_text(page.replace("£4", "£5"), encoding="utf-8")
    assert load_passages(tmp_path)[0].asked == (("what does it cost", "The fee is £5."),)
