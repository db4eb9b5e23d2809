"""The demo customer whom a visitor acts as: balance, spending, card and disputes.

What a visitor changes (a frozen card, an open dispute) lives in his conversation and nowhere else.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from usecases.finance.money import money, parse_amount
from usecases.finance.tools import Outcome

TODAY = date(2026, 11, 24)
_MONTHS = "january february march april may june july august september october november december".split()
_CATEGORY_WORDS = {
    "groceries": r"grocer|supermarket|food shop",
    "transport": r"transport|train|rail|bus\b|petrol|fuel|garage|tram",
    "bills": r"\bbills?\b|energy|electric|water|utilit",
    "eating out": r"eating out|restaurant|dining|takeaway",
    "shopping": r"\bshopping\b|clothes|shoes",
    "health": r"health|dentist|dental|gym",
    "entertainment": r"entertain|streaming|games?\b",
    "travel": r"\btravel\b|hotel|holiday",
    "study": r"stud(?:y|ies)|books?\b",
    "housing": r"\brent\b|housing",
    "family": r"nursery|family|childcare",
    "income": r"income|salary|paid in|earn",
}
_REASONS = {
    "I did not make this payment": r"did ?n.t make|not me|not mine|recogni[sz]e|fraud|stolen|never (?:made|been)|unknown",
    "the goods or service did not arrive": r"(?:not|never|n.t) (?:arriv|deliver|receiv|come|came|turn|got)|missing|no show|cancelled",
    "the amount is wrong": r"wrong amount|overcharged|too much|charged more|different amount",
    "I was charged twice": r"twice|double|duplicate|two times",
    "I returned the goods and was not refunded": r"sent .{0,20}back|return|(?:won'?t|refus\w+ to|not|never) refund|no refund",
    "the goods are faulty": r"faulty|broken|defect|damaged|not as described|poor quality",
}


@dataclass(frozen=True, slots=True)
class Payment:
    day: date
    payee: str
    category: str
    amount: Decimal

    def sentence(self) -> str:
        return f"{money(abs(self.amount))} to {self.payee} on {self.day.day} {self.day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Person:
    slug: str
    name: str
    account: str
    card: str
    balance: Decimal
    age: int
    income: Decimal
    student: bool
    payments: tuple[Payment, ...]

    @property
    def paid_in(self) -> Decimal:
        """Paid in this month, in pounds."""
        return sum((p.amount for p in self.payments if p.amount > 0 and p.day.month == TODAY.month), Decimal(0))


@cache
def people() -> dict[str, Person]:
    table: dict[str, Any] = tomllib.loads((Path(__file__).parent / "customers.toml").read_text(encoding="utf-8"))
    return {
        slug: Person(
            slug, row["name"], row["account"], row["card"], Decimal(row["balance"]), row["age"], Decimal(row["income"]),
            row.get("student", False),
            tuple(Payment(date.fromisoformat(d), payee, category, Decimal(a)) for d, payee, category, a in row["transactions"]),
        )
        for slug, row in table.items()
    }  # fmt: skip


def balance(person: Person) -> Outcome:
    """The balance, as of the fixed day of the demonstration."""
    facts = [f"The balance of your {person.account} is {money(person.balance)}."]
    if person.balance < 0:
        facts.append(f"Your {person.account} is overdrawn by {money(-person.balance)}.")
    return Outcome(tuple(facts), _table(person.payments[:5]))


def spending_slots(text: str) -> dict[str, Any]:
    """Month (1 to 12), categories and payees that `text` names; what it does not name is absent."""
    lowered = text.lower()
    slots: dict[str, Any] = {}
    if month := next((n for n, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}\b", lowered)), None):
        slots["month"] = month
    elif re.search(r"\b(?:last|previous) month\b|\bmonth before\b", lowered):
        slots["month"] = TODAY.month - 1
    elif "this month" in lowered:
        slots["month"] = TODAY.month
    payees = {
        p.payee for person in people().values() for p in person.payments if any(k in lowered for k in (p.payee.lower(), *_keys(p.payee)))
    }
    if payees:
        slots["payees"] = sorted(payees)
    elif asked := [c for c, words in _CATEGORY_WORDS.items() if re.search(words, lowered)]:
        slots["categories"] = asked
    return slots


def spending(person: Person, slots: Mapping[str, Any]) -> Outcome:
    """Spending by the slots of `spending_slots`; without any, this month by category."""
    month, asked = slots.get("month", TODAY.month), list(slots.get("categories", ()))
    when = f"{_MONTHS[month - 1].title()} {TODAY.year}"
    rows = [p for p in person.payments if p.day.month == month]
    if not rows:
        return Outcome((f"I see no payments in {when}.",), ())
    if payees := slots.get("payees"):
        chosen = [p for p in rows if p.payee in payees]
        return Outcome((f"You paid {money(_out(chosen))} to {' and '.join(payees)} in {when}.",), _table(chosen))
    if asked == ["income"]:
        chosen = [p for p in rows if p.amount > 0]
        return Outcome((f"{money(sum((p.amount for p in chosen), Decimal(0)))} was paid in during {when}.",), _table(chosen))
    if asked:
        chosen = [p for p in rows if p.category in asked]
        spent = [f"You spent {money(_out([p for p in chosen if p.category == c]))} on {c} in {when}." for c in asked if c != "income"]
        return Outcome(tuple(spent), _table(chosen))
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for p in rows:
        if p.amount < 0:
            totals[p.category] -= p.amount
    most = max(totals, key=lambda c: totals[c])
    facts = (f"You spent {money(_out(rows))} in {when}.", f"The largest part was {money(totals[most])} on {most}.")
    return Outcome(facts, tuple({"Category": c.title(), "Spent": money(v)} for c, v in sorted(totals.items(), key=lambda i: -i[1])))


def recent(person: Person) -> Outcome:
    last = person.payments[0]
    return Outcome((f"Your last payment was {last.sentence()}.", f"The balance of your {person.account} is {money(person.balance)}."),
                   _table(person.payments[:8]))  # fmt: skip


def find_payment(person: Person, text: str) -> Payment | None:
    """The newest payment out that `text` names by payee or by amount."""
    lowered, amount = text.lower(), parse_amount(text)
    spent = [p for p in person.payments if p.amount < 0]
    by_name = [p for p in spent if any(w in lowered for w in (p.payee.lower(), *_keys(p.payee)))]
    exact = [p for p in (by_name or spent) if amount is not None and abs(p.amount) == amount]
    return next(iter(exact or by_name), None)


def reason_of(text: str) -> str | None:
    """What went wrong with a payment, in the words of a dispute form, or None."""
    return next((reason for reason, words in _REASONS.items() if re.search(words, text, re.I)), None)


def payments_table(person: Person) -> tuple[dict[str, str], ...]:
    return _table([p for p in person.payments if p.amount < 0][:8])


def _keys(payee: str) -> list[str]:
    return [w.lower() for w in payee.split() if len(w) > 4 and w not in ("Fernhill", "Lisbon")] or [payee.lower()]


def _out(rows: list[Payment]) -> Decimal:
    return -sum((p.amount for p in rows if p.amount < 0), Decimal(0))


def _table(rows: tuple[Payment, ...] | list[Payment]) -> tuple[dict[str, str], ...]:
    return tuple({"Date": p.day.isoformat(), "Payee": p.payee, "Category": p.category, "Amount": money(p.amount)} for p in rows)
