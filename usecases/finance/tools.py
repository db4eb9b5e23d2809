"""The bank's calculators: typed slots in, computed facts out. Money is Decimal, in pounds; terms are months.

Formulas: level repayment r*P/(1-(1+r)^-n) with the nominal monthly rate r = rate/12 (the APR of a UK loan is an
effective rate; the simplification is stated on the page), AER growth (1+AER)^(n/12) for savings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from usecases.finance import products
from usecases.finance.money import CURRENCIES, money, parse_amount, parse_currency, parse_income, parse_months, parse_place

# pounds buy this much at the invented bank's rates of 2 November 2026
EXCHANGE = {"EUR": Decimal("1.14"), "USD": Decimal("1.30"), "JPY": Decimal("196"), "CHF": Decimal("1.08"), "AUD": Decimal("1.98")}
NO_FOREIGN_FEE = ("Premier Account", "Travel Card")
FOREIGN_FEE = Decimal("2.75")
Slots = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """One argument: how to read it out of text, what to ask when it is missing, and its JSON schema for the model."""

    name: str
    parse: Callable[[str], Any]
    question: str = ""
    schema: Mapping[str, Any] | None = None

    @property
    def required(self) -> bool:
        return bool(self.question)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Computed facts in whole sentences (the first holds the figure asked for), and a table for the page."""

    facts: tuple[str, ...]
    table: tuple[dict[str, str], ...] = ()
    documents: tuple[str, ...] = ()
    must: int = 1  # how many of the first facts an answer has to say


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    slots: tuple[Slot, ...]
    run: Callable[[Slots], Outcome]
    early: Callable[[Slots], Outcome | None] = lambda values: None  # what can be said before every slot is known

    def read(self, text: str) -> dict[str, Any]:
        """Every slot that the parsers find in `text`."""
        return {s.name: value for s in self.slots if (value := s.parse(text)) is not None}

    def missing(self, values: Slots) -> Slot | None:
        return next((s for s in self.slots if s.required and s.name not in values), None)


def parse_total(text: str) -> bool | None:
    """True when the sum of all payments is asked for, or the interest in it."""
    return True if re.search(r"\b(?:in total|total|altogether|overall|how much interest|pay back|repay)\b", text, re.I) else None


def repayment(principal: Decimal, rate: Decimal, months: int) -> Decimal:
    """Level monthly repayment for `rate` per cent a year."""
    monthly = rate / 1200
    return principal * monthly / (1 - (1 + monthly) ** -months)


def term(months: int) -> str:
    """48 -> '4 years', 18 -> '18 months'."""
    if months % 12:
        return f"{months} months"
    return "1 year" if months == 12 else f"{months // 12} years"


def loan_limits(values: Slots) -> Outcome | None:
    amount, months = values.get("amount"), values.get("months")
    if amount is not None and not 1000 <= amount <= 25000:
        return Outcome((f"A Personal Loan is from £1,000 to £25,000, so {money(amount)} is not possible.",), documents=("personal-loan",))
    if months is not None and not 12 <= months <= 84:
        return Outcome((f"A Personal Loan runs from 1 to 7 years, so {term(months)} is not possible.",), documents=("personal-loan",))
    return None


def loan(values: Slots) -> Outcome:
    amount, months = values["amount"], values["months"]
    rate = Decimal("6.4") if amount >= 7500 else Decimal("8.9")
    # what is paid is whole pence, so the total is the sum of the rounded payments
    each = repayment(amount, rate, months).quantize(Decimal("0.01"), ROUND_HALF_UP)
    facts = (
        f"A Personal Loan of {money(amount)} over {term(months)} at {rate}% costs {money(each)} a month.",
        f"You repay {money(each * months)} in total, and {money(each * months - amount)} of that is interest.",
    )
    if values.get("total"):
        facts = facts[::-1]
    table = ({"Loan": money(amount), "Term": term(months), "Rate": f"{rate}%", "A month": money(each), "In total": money(each * months)},)
    return Outcome(facts, table, ("personal-loan",))


_DEALS = {"tracker": ("tracker", Decimal("4.84")), "2": ("2-year fixed", Decimal("4.59")), "5": ("5-year fixed", Decimal("4.39"))}


def parse_deal(text: str) -> str | None:
    """'2', '5' or 'tracker' when `text` names one of the mortgage deals."""
    if re.search(r"\btracker\b", text, re.I):
        return "tracker"
    match = re.search(r"\b(2|two|5|five)[- ]?(?:years?|yrs?)[- ](?:fix|deal|one\b|mortgage)", text, re.I)
    return {"two": "2", "five": "5"}.get(match[1].lower(), match[1]) if match else None


_DEPOSIT = r"(?:deposit|saved|put(?:ting)? (?:down|in|away)|down payment|towards it)"
_PRICE = r"(?:house|flat|home|place|property|bungalow|cottage|price|costs?|worth|asking)"


def _clauses(text: str) -> list[str]:
    return re.split(r"[,;]\s|\band\b|\bwith\b|[.?!](?!\d)", text, flags=re.I)


def parse_deposit(text: str) -> Decimal | None:
    """The sum that a buyer pays himself: '50k deposit', 'a deposit of £30,000', 'put 25k down'. A share ('15% deposit') is none."""
    for part in _clauses(text):
        if re.search(rf"\b{_DEPOSIT}\b|\bput\b.{{0,20}}\bdown\b", part, re.I) and (value := parse_amount(part)) is not None:
            return value
    return None


def parse_price(text: str) -> Decimal | None:
    """What a house costs, where `text` tells it from what is to be borrowed: beside a deposit."""
    if not re.search(rf"\b{_DEPOSIT}\b", text, re.I):
        return None
    for part in _clauses(text):
        if re.search(rf"\b{_PRICE}\b", part, re.I) and not re.search(_DEPOSIT, part, re.I) and (value := parse_amount(part)) is not None:
            return value
    return None


def parse_mortgage(text: str) -> Decimal | None:
    """What is to be borrowed: the sum named, or the price of the house without the deposit."""
    if price := parse_price(text):
        share = re.search(r"(\d{1,2}(?:\.\d+)?) ?(?:%|per ?cent) deposit|deposit of (\d{1,2}(?:\.\d+)?) ?(?:%|per ?cent)", text, re.I)
        own = price * Decimal(share[1] or share[2]) / 100 if share else parse_deposit(text)
        return price - own if own is not None and own < price else price
    return None if parse_deposit(text) is not None else parse_amount(text)


def mortgage_limits(values: Slots) -> Outcome | None:
    amount, months = values.get("amount"), values.get("months")
    if months is not None and not 60 <= months <= 420:
        return Outcome((f"Our mortgages run from 5 to 35 years, so {term(months)} is not possible.",), documents=("mortgage-eligibility",))
    if amount is not None and amount < 25000:
        return Outcome(
            (f"The smallest mortgage we offer is £25,000, so {money(amount)} is not possible.",), documents=("mortgage-eligibility",)
        )
    return None


def mortgage(values: Slots) -> Outcome:
    amount, months = values["amount"], values["months"]
    name, rate = _DEALS[values.get("deal") or "5"]
    each = repayment(amount, rate, months)
    facts = (
        f"A mortgage of {money(amount)} over {term(months)} at our {name} rate of {rate}% costs {money(each)} a month.",
        "The monthly payment changes when the rate changes.",
    )
    table = tuple(
        {"Deal": deal, "Rate": f"{r}%", "A month": money(repayment(amount, r, months)), "Term": term(months)} for deal, r in _DEALS.values()
    )
    return Outcome(facts, table, ("mortgage-rates",))


def borrowing(values: Slots) -> Outcome:
    income = values["income"]
    facts = (
        f"On an income of {money(income)} a year we lend up to {money(income * Decimal('4.5'))} on a mortgage, "
        "which is 4.5 times the income.",
        "You also need a deposit of at least 10%.",
    )
    return Outcome(
        facts, ({"Income": money(income), "Multiple": "4.5", "Up to": money(income * Decimal("4.5"))},), ("mortgage-eligibility",)
    )


def parse_savings(text: str) -> str | None:
    """Slug of the savings product that `text` names."""
    return next((p.slug for p in products.named(text) if p.kind == "savings"), None)


def parse_saved_for(text: str) -> int | None:
    """The term, also the one in a product's name: the 1 Year Fixed Saver runs for 12 months."""
    fixed = re.search(r"\b(1|one|2|two)[- ](?:year|yr) fixed", text, re.I)
    return parse_months(text) or (None if fixed is None else 24 if fixed[1].lower() in ("2", "two") else 12)


def parse_interest(text: str) -> bool | None:
    """True when the interest itself is asked for rather than what the money grows to."""
    found = re.search(r"\b(?:how much|what|just the|the) (?:of (?:that|it|which) is )?(?:just )?(?:the )?interest\b", text, re.I)
    return True if found else None


def savings(values: Slots) -> Outcome:
    amount, months = values["amount"], values["months"]
    slug = values.get("product") or "easy-saver"
    if slug == "fixed-saver" and months == 24:
        slug = "fixed-saver-2"
    product = next(p for p in products.products() if p.slug == slug)
    rate = product.rate or Decimal(0)
    if slug == "regular-saver" and (not 25 <= amount <= 250 or months > 12):
        return Outcome(
            ("A Regular Saver takes £25 to £250 a month for 12 months, so that is not possible.",), documents=(product.document,)
        )
    if slug.startswith("fixed-saver") and months not in (12, 24):
        return Outcome((f"A Fixed Saver runs for 1 year or 2 years, so {term(months)} is not possible.",), documents=(product.document,))
    if slug.startswith("fixed-saver") and amount < 500:
        return Outcome((f"A Fixed Saver needs at least £500, so {money(amount)} is not enough.",), documents=(product.document,))
    if slug == "regular-saver":
        monthly = (1 + rate / 100) ** (Decimal(1) / 12)
        final = sum((amount * monthly**k for k in range(1, months + 1)), Decimal(0))
        paid, asked = amount * months, f"{money(amount)} a month"
    else:
        final, paid, asked = amount * (1 + rate / 100) ** (Decimal(months) / 12), amount, money(amount)
    facts = (
        f"{asked} in the {product.name} at {rate}% AER grows to {money(final)} after {term(months)}.",
        f"The interest is {money(final - paid)} before tax, if the rate stays the same.",
    )
    if values.get("interest"):
        facts = facts[::-1]
    table = ({"Product": product.name, "AER": f"{rate}%", "Paid in": money(paid), "Interest": money(final - paid), "After": money(final)},)
    return Outcome(facts, table, (product.document,))


def parse_card(text: str) -> str | None:
    """Name of the account or card that `text` names."""
    return next((p.name for p in products.named(text) if p.kind in ("account", "card")), None)


def spend_abroad(values: Slots) -> Outcome:
    """`card` is the product used (the customer's own account by default); `currency` an ISO code; `amount` in pounds unless `foreign`."""
    amount, code, card = values["amount"], values.get("currency"), values.get("card") or "Everyday Account"
    rate = EXCHANGE[code] if code else None
    sign = CURRENCIES[code][0] if code else ""
    pounds = amount / rate if rate and values.get("foreign") else amount
    shown = money(amount, sign) if rate and values.get("foreign") else money(amount)
    fee = Decimal(0) if card in NO_FOREIGN_FEE else pounds * FOREIGN_FEE / 100
    facts = []
    where = f"in {values['place']}" if values.get("place") else "abroad"
    if fee:
        facts.append(f"Paying {shown} {where} with the {card} costs a fee of {money(fee)}, which is 2.75%.")
        facts.append("The Travel Card and the Premier Account have no foreign transaction fee.")
    else:
        facts.append(f"Paying {shown} {where} with the {card} costs no foreign transaction fee.")
    if rate:
        other = money(pounds) if values.get("foreign") else money(amount * rate, sign)
        facts.insert(1 if not values.get("convert") else 0, f"{shown} is about {other} at our rate of {rate} on 2 November 2026.")
    table = ({"Payment": shown, "In pounds": money(pounds), "Fee": money(fee), "Total": money(pounds + fee), "With": card},)
    return Outcome(tuple(facts), table, ("using-cards-abroad",))


def parse_foreign(text: str) -> bool | None:
    """True when the sum itself is in foreign money ('€200', '200 euros')."""
    words = "|".join(
        w for _, names in CURRENCIES.values() for w in names if w.rstrip("s") in ("euro", "dollar", "franc", "yen", "eur", "usd", "chf")
    )
    found = re.search(rf"[€$¥]\s?\d|\d[\d,.]*k?\s?(?:us |american |australian |aussie |swiss |japanese )?(?:{words})\b", text, re.I)
    return True if found and not re.search(r"£\s?\d|\d\s?(?:pounds|gbp|quid)\b", text, re.I) else None


def parse_convert(text: str) -> bool | None:
    found = re.search(
        r"exchange|convert|how many|what is .* in (?:euro|dollar|pound|yen|franc)|worth in|get for|in (?:pounds|euros|dollars|yen)\?",
        text,
        re.I,
    )
    return True if found else None


_SUM = {"type": ["number", "null"], "description": "a sum in pounds"}
_TERM = {"type": ["integer", "null"], "description": "a term in months"}
_AMOUNT_LOAN = Slot("amount", parse_amount, "How much would you like to borrow? A Personal Loan is from £1,000 to £25,000.", _SUM)
_ASK_INCOME = "We lend up to 4.5 times your yearly income on a mortgage. What is your income before tax? For two people, give the sum."
TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("loan_repayment", (
            _AMOUNT_LOAN, Slot("months", parse_months, "Over how many years? A Personal Loan runs from 1 to 7 years.", _TERM),
            Slot("total", parse_total),
        ), loan, loan_limits),
        Tool("mortgage_repayment", (
            Slot("amount", parse_mortgage, "How large a mortgage do you have in mind?", _SUM),
            Slot("months", parse_months, "Over how many years? Our mortgages run from 5 to 35 years.", _TERM),
            Slot("deal", parse_deal), Slot("price", parse_price), Slot("deposit", parse_deposit),
        ), mortgage, mortgage_limits),
        Tool("mortgage_borrowing", (
            Slot("income", parse_income, _ASK_INCOME, _SUM),
        ), borrowing),
        Tool("savings_projection", (
            Slot("amount", parse_amount, "How much would you like to save?", _SUM),
            Slot("months", parse_saved_for, "For how long, in months or years?", _TERM),
            Slot("product", parse_savings), Slot("interest", parse_interest),
        ), savings),
        Tool("spend_abroad", (
            Slot("amount", parse_amount, "How much do you plan to spend or change?", _SUM),
            Slot("currency", parse_currency), Slot("card", parse_card), Slot("foreign", parse_foreign),
            Slot("place", parse_place), Slot("convert", parse_convert),
        ), spend_abroad),
    )
}  # fmt: skip
