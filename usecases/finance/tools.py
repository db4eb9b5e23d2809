"""The bank's tools: typed arguments in, computed facts out. Money is Decimal, in pounds.

Formulas: level repayment r*P/(1-(1+r)^-n) with the nominal monthly rate r = APR/12 (the APR of a
UK loan is an effective rate; the simplification is stated in the fact), monthly compounding for savings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MORTGAGE_RATE = Decimal("4.39")
SAVINGS = {
    "regular saver": Decimal("5.50"),
    "fixed saver": Decimal("4.25"),
    "cash isa": Decimal("3.40"),
    "junior saver": Decimal("3.75"),
    "easy saver": Decimal("3.10"),
}
FOREIGN_FEE = Decimal("2.75")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool found: arguments used, facts in whole sentences, a table, or what it still needs."""

    arguments: dict[str, str]
    facts: tuple[str, ...] = ()
    table: tuple[dict[str, str], ...] = ()
    missing: str = ""


def money(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"£{rounded:,.2f}".removesuffix(".00")


def parse_amount(text: str) -> Decimal | None:
    """The first sum of money in `text`: '£10,000', '10k', '2.5 million'; not years or percentages."""
    pattern = r"(?<![\d.,])£?(\d[\d,]*(?:\.\d+)?)\s?(k|thousand|m|million)?\b(?![\d.,]*\d|\s*-?\s*(?:%|per ?cent|years?|yrs?|months?))"
    for match in re.finditer(pattern, text, re.I):
        value = Decimal(match[1].replace(",", ""))
        scale = {"k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6}.get((match[2] or "").lower(), 1)
        if value * scale >= 1:
            return value * scale
    return None


def parse_months(text: str) -> int | None:
    """A term in months from '4 years', '18 months', 'a year'."""
    if match := re.search(r"(\d{1,3})\s*-?\s*(years?|yrs?|months?)", text, re.I):
        return int(match[1]) * (1 if match[2].lower().startswith("month") else 12)
    return 12 if re.search(r"\b(?:a|one) year\b", text, re.I) else None


def repayment(principal: Decimal, rate: Decimal, months: int) -> Decimal:
    """Level monthly repayment for `rate` per cent a year."""
    monthly = rate / 1200
    return principal * monthly / (1 - (1 + monthly) ** -months)


def loan(text: str, context: dict[str, str]) -> Outcome:
    amount, months = parse_amount(text), parse_months(text)
    if amount is None:
        return Outcome({}, missing="How much would you like to borrow? A Personal Loan is from £1,000 to £25,000.")
    if months is None:
        return Outcome({"amount": str(amount)}, missing="Over how many years? A Personal Loan runs from 1 to 7 years.")
    arguments = {"amount": str(amount), "months": str(months)}
    if not 1000 <= amount <= 25000 or not 12 <= months <= 84:
        asked = f"You asked for {money(amount)} over {months} months."
        return Outcome(arguments, (asked, "A Personal Loan is from £1,000 to £25,000 over 1 to 7 years."))
    rate = Decimal("6.4") if amount >= 7500 else Decimal("8.9")
    each = repayment(amount, rate, months)
    facts = (
        f"A Personal Loan of {money(amount)} over {months} months at {rate}% costs {money(each)} a month.",
        f"The total to repay is {money(each * months)}, of which {money(each * months - amount)} is interest.",
    )
    table = ({"Amount": money(amount), "Months": str(months), "Rate": f"{rate}%", "A month": money(each)},)
    return Outcome(arguments, facts, table)


def mortgage(text: str, context: dict[str, str]) -> Outcome:
    amount, months = parse_amount(text), parse_months(text)
    if amount is None:
        return Outcome({}, missing="How large a mortgage do you have in mind?")
    if months is None:
        return Outcome({"amount": str(amount)}, missing="Over how many years? Our mortgages run from 5 to 35 years.")
    arguments = {"amount": str(amount), "months": str(months)}
    if not 60 <= months <= 420:
        return Outcome(arguments, (f"You asked for {months} months.", "Our mortgages run from 5 to 35 years."))
    each = repayment(amount, MORTGAGE_RATE, months)
    facts = (
        f"A repayment mortgage of {money(amount)} over {months // 12} years at {MORTGAGE_RATE}% "
        f"costs {money(each)} a month.",
        f"The {MORTGAGE_RATE}% is our 5-year fixed rate, and the payment changes when the rate does.",
    )
    table = ({"Mortgage": money(amount), "Years": str(months // 12), "Rate": "4.39%", "A month": money(each)},)
    return Outcome(arguments, facts, table)


def savings(text: str, context: dict[str, str]) -> Outcome:
    amount, months = parse_amount(text), parse_months(text)
    if amount is None:
        return Outcome({}, missing="How much would you like to save?")
    if months is None:
        return Outcome({"amount": str(amount)}, missing="For how long, in months or years?")
    product = next((name for name in SAVINGS if name in text.lower()), "easy saver")
    rate = Decimal("4.05") if product == "fixed saver" and months >= 24 else SAVINGS[product]
    arguments = {"amount": str(amount), "months": str(months), "product": product}
    label = product.title().replace("Isa", "ISA")
    if product == "regular saver" and (amount > 250 or amount < 25 or months > 12):
        return Outcome(arguments, ("A Regular Saver takes £25 to £250 a month for 12 months.",))
    if product == "fixed saver" and months not in (12, 24):
        return Outcome(arguments, ("A Fixed Saver runs for 1 year or 2 years.",))
    growth = (1 + rate / 100) ** (Decimal(months) / 12)
    if product == "regular saver":
        monthly = (1 + rate / 100) ** (Decimal(1) / 12)
        final = sum((amount * monthly**k for k in range(1, months + 1)), Decimal(0))
        paid, asked = amount * months, f"{money(amount)} a month"
    else:
        final, paid, asked = amount * growth, amount, money(amount)
    facts = (
        f"{asked} in the {label} at {rate}% AER grows to {money(final)} after {months} months.",
        f"The interest is {money(final - paid)} before tax, if the rate stays the same.",
    )
    return Outcome(arguments, facts, ({"Product": label, "AER": f"{rate}%", "After": money(final)},))


def foreign_spend(text: str, context: dict[str, str]) -> Outcome:
    amount = parse_amount(text)
    if amount is None:
        return Outcome({}, missing="How much do you plan to spend abroad, in pounds?")
    fee = amount * FOREIGN_FEE / 100
    facts = (
        f"Spending {money(amount)} abroad on an Everyday Account debit card costs a fee of {money(fee)} (2.75%).",
        "The Travel Card and the Premier Account have no foreign fee.",
    )
    return Outcome({"amount": str(amount)}, facts, ({"Spend": money(amount), "Fee": money(fee)},))


Tool = Callable[[str, dict[str, str]], Outcome]
TOOLS: dict[str, Tool] = {
    "loan_repayment": loan,
    "mortgage_repayment": mortgage,
    "savings_projection": savings,
    "foreign_fee": foreign_spend,
}
