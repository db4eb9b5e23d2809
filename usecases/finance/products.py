"""The bank's product table: finds products by need and eligibility, and compares named products.

Code decides which product fits and why; the reasons are sentences of `products.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

KINDS = {"account": "current account", "savings": "savings account", "card": "credit card", "mortgage": "mortgage", "loan": "loan"}
_KIND_WORDS = {
    "savings": r"sav(?:e|er|ing|ings)\b|isa\b|put (?:away|aside)|interest on my money|deposit account|nest egg|rainy day",
    "mortgage": r"mortgage|house purchase|buy a (?:house|home|flat)",
    "loan": r"\bloan\b|borrow",
    "card": r"credit cards?|\bcards?\b|balance transfer",
    "account": r"accounts?\b|banking",
}
_NEED_WORDS = {
    "child": r"\b(?:child(?:ren)?|kids?|son|daughter|baby|grandchild\w*|teen\w*|nephew|niece|toddler)\b",
    "student": r"\b(?:student|university|uni|college|studying|fresher)\b",
    "travel": r"\b(?:travel\w*|abroad|holidays?|foreign|overseas|trips?|backpack\w*)\b",
    "insurance": r"\binsur\w+",
    "overdraft": r"\boverdraft",
    "credit": r"\b(?:bad|poor|no) credit|credit (?:history|score)|refused\b|bankrupt",
    "joint": r"\b(?:joint|my (?:partner|wife|husband|spouse)|couple|together|share[ds]?|shared)\b",
    "access": r"\b(?:access\w*|any ?time|withdraw\w*|easy to get|get at|instant\w*|emergenc\w+|rainy day|take (?:it|money) out)\b",
    "monthly": r"\b(?:each month|every month|monthly|per month|a month|regular(?:ly)?)\b",
    "lump": r"\b(?:lump sum|lock (?:it|my|money|away)|locked|fixed term|inherit\w+|don'?t need (?:it|the money))\b",
    "tax": r"\b(?:tax|isa)\b",
    "small": r"\b(?:small|little|few pounds|just £\d{1,2}\b)",
    "fixed": r"\b(?:fixed|guaranteed|certain|won'?t change)\b",
    "carry": r"\b(?:low(?:est)? (?:rate|apr|interest)|carry|owe|spread the cost|cheap(?:est)? (?:rate|apr|to borrow))\b",
    "transfer": r"\b(?:balance transfer|(?:mov|transfer|shift)\w* (?:a|my|the|some) (?:balance|debt)|existing card|card debt|store card|"
    r"(?:another|other|different) bank'?s? card)\b",
    "paid-in-full": r"\b(?:pay (?:it )?off (?:in full|every|each)|in full)\b",
    "free": r"\b(?:free|no (?:monthly )?fees?|cheapest account|without (?:a )?fee)\b",
    "daily": r"\b(?:everyday|day[- ]to[- ]day|salary|normal|standard|bills|current account)\b",
    "flexible": r"\b(?:overpay\w*|repay early|flexib\w+|early repayment)\b",
    "borrow": r"\b(?:loan|borrow\w*)\b",
}
_KIND_NEEDS = {"savings": {"access", "monthly", "lump", "tax", "small"}, "card": {"carry", "transfer", "paid-in-full"}}
_ASPECTS = {
    "rate": r"rate|interest|apr|aer|pays? (?:more|better)|better return|cheap|expensive|earn",
    "access": r"access|withdraw|take money|get at",
    "fee": r"fees?\b|cost|charge|free|expensive|cheap",
    "abroad": r"abroad|foreign|travel|holiday|overseas",
    "overdraft": r"overdraft|overdrawn|in the red",
    "eligibility": r"eligib|who can|qualify|income|need to earn|age",
    "deposit": r"deposit|minimum|least|how much can i (?:pay|put)",
    "early": r"early|overpay",
    "insurance": r"insur",
}


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    slug: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    document: str
    rate: Decimal | None
    facts: dict[str, str]
    fits: dict[str, str]
    bars: tuple[str, ...]
    asks: dict[str, Any] = field(default_factory=dict)
    introductory: bool = False

    def refuses(self, age: int | None, income: Decimal | None, paid_in: Decimal | None, student: bool | None) -> str:
        """Why this person can't have it, or an empty string. What is not known is not held against him."""
        if age is not None and age < self.asks.get("min_age", 0):
            return f"it is for people aged {self.asks['min_age']} or over"
        if age is not None and age > self.asks.get("max_age", 200):
            return f"it is for people up to {self.asks['max_age']} years old"
        if income is not None and income < self.asks.get("income", 0):
            return f"it needs an income of at least £{self.asks['income']:,} a year"
        if paid_in is not None and paid_in < self.asks.get("paid_in", 0):
            return f"it needs £{self.asks['paid_in']:,} a month paid in"
        if student is False and self.asks.get("student"):
            return "it is for full-time students"
        return ""


@cache
def products() -> tuple[Product, ...]:
    table = tomllib.loads((Path(__file__).parent / "products.toml").read_text(encoding="utf-8"))
    return tuple(
        Product(
            slug, row["name"], row["kind"], (row["name"].lower(), *row.get("aliases", ())), row.get("document", slug),
            Decimal(row["rate"]) if "rate" in row else None, row["facts"], row.get("fits", {}), tuple(row.get("bars", ())),
            row.get("asks", {}), row.get("introductory", False),
        )
        for slug, row in table.items()
    )  # fmt: skip


def _all_names() -> tuple[str, ...]:
    """Names that a sentence may call a product by; of aliases only those that nothing else is called."""
    return tuple(dict.fromkeys([*(p.name for p in products()), "Fixed Saver", "Classic Card"]))


def named(text: str) -> list[Product]:
    """Products that `text` names, in its order; the longest name wins where names overlap."""
    lowered = text.lower()
    found: list[tuple[int, int, Product]] = []
    for product in products():
        for alias in product.aliases:
            short = alias.removesuffix(" account") if product.kind == "account" and product.slug != "joint-account" else alias
            pattern = rf"\b{re.escape(alias)}s?\b" if short == alias else rf"\b{re.escape(short)}(?: account)?s?\b(?! loan)"
            found += [(m.start(), m.end(), product) for m in re.finditer(pattern, lowered)]
    kinds = {product.kind for _, _, product in found}
    for other in products():  # "classic, low rate or travel card": one noun for all of them
        stem = other.name.lower().rpartition(" ")[0]
        if other.kind in kinds and stem:
            pattern = rf"\b{re.escape(stem)}\b(?=\s*(?:[,/&:;?]|or\b|and\b|vs?\b|one\b|versus\b|against\b|compared\b|which\b|$))"
            found += [(m.start(), m.end(), other) for m in re.finditer(pattern, lowered)]
    found += _deals(lowered)
    found.sort(key=lambda f: (f[0] - f[1], f[0]))
    kept: list[tuple[int, int, Product]] = []
    for start, end, product in found:
        if all(end <= k[0] or start >= k[1] for k in kept):
            kept.append((start, end, product))
    return list(dict.fromkeys(p for _, _, p in sorted(kept, key=lambda k: k[0])))


def _deals(lowered: str) -> list[tuple[int, int, Product]]:
    """Mortgages and Fixed Savers that go by their term or their group: "tracker vs 5 year", "your two fixed savers"."""
    by_slug = {p.slug: p for p in products()}
    if re.search(r"\bsaver", lowered):
        both = re.search(r"\b(?:two|both|your) (?:of your )?fixed savers\b|\bfixed savers\b.*\b(?:compar|side by side|against)", lowered)
        return [(both.start(), both.end(), by_slug["fixed-saver"]), (both.end(), both.end() + 1, by_slug["fixed-saver-2"])] if both else []
    own = [("tracker", r"\btracker\b"), ("2-year", r"\b(?:2|two)[- ]?(?:yr|year)s?\b"), ("5-year", r"\b(?:5|five)[- ]?(?:yr|year)s?\b")]
    mortgages = [p for p in products() if p.kind == "mortgage"]
    every = re.search(r"\b(?:all|three|your|the) (?:three )?(?:of )?(?:your )?mortgage(?:s| deals| rates)\b", lowered)
    if every:
        return [(every.start() + n, every.start() + n + 1, p) for n, p in enumerate(mortgages)]
    marks = [
        (m.start(), m.end(), p) for stem, words in own for m in re.finditer(words, lowered) for p in mortgages if stem in p.name.lower()
    ]  # fmt: skip
    return marks if len({p for _, _, p in marks}) > 1 and re.search(r"tracker|\bfix|mortgage", lowered) else []


def compare(text: str) -> tuple[tuple[str, ...], tuple[dict[str, str], ...], tuple[Product, ...]] | None:
    """Facts, table and products of a comparison; None when fewer than two products are named."""
    chosen = tuple(named(text)[:4])
    if len(chosen) < 2:
        return None
    bare = text.lower()  # a name is no aspect: "Low Rate Card" asks for no rate, "Travel Card" for nothing abroad
    for alias in sorted((a for p in chosen for a in (p.name.lower(), *p.aliases)), key=len, reverse=True):
        bare = bare.replace(alias, " ")
    asked = [a for a, words in _ASPECTS.items() if re.search(words, bare) and any(a in p.facts for p in chosen)]
    if "fee" in asked and set(asked) & {"abroad", "overdraft"} and not re.search(r"\bfees?\b", bare):
        asked.remove("fee")  # "which of them charge me abroad" asks for one thing
    shared = [a for a in chosen[0].facts if all(a in p.facts for p in chosen)]
    aspects = (asked or shared or ["rate", "fee"])[:2]
    facts = [p.facts[a] for a in aspects for p in chosen if a in p.facts]
    if "rate" in aspects and all(p.rate is not None and not p.introductory for p in chosen):
        by_rate = sorted(chosen, key=lambda p: p.rate or Decimal(0), reverse=True)
        gap = (by_rate[0].rate or Decimal(0)) - (by_rate[-1].rate or Decimal(0))
        verb = "pays" if chosen[0].kind == "savings" else "costs"
        if gap:
            facts.insert(0, f"The {by_rate[0].name} {verb} {gap} percentage points more than the {by_rate[-1].name}.")
    columns = [a for a in _ASPECTS if any(a in p.facts for p in chosen)]
    table = tuple({"": a.title(), **{p.name: p.facts.get(a, "-") for p in chosen}} for a in columns)
    return tuple(facts), table, chosen


def kind_of(text: str) -> str | None:
    """The kind of product that `text` asks for, by its name or else by what only that kind does; or None."""
    if kind := next((kind for kind, words in _KIND_WORDS.items() if re.search(words, text, re.I)), None):
        return kind
    needs = set(needs_of(text))
    return next((kind for kind, own in _KIND_NEEDS.items() if own & needs), "account" if needs else None)


def needs_of(text: str) -> list[str]:
    return [need for need, words in _NEED_WORDS.items() if re.search(words, text, re.I)]


def age_of(text: str) -> int | None:
    patterns = (r"\b(\d{1,2})[- ]years?[- ]old", r"\b(?:i am|i'm|aged?|is|she's|he's) (\d{1,2})\b(?!\s*(?:%|k|months|years?\b(?! old)))")
    return next((int(m[1]) for p in patterns if (m := re.search(p, text, re.I))), None)


def rank(text: str, paid_in: Decimal | None, income: Decimal | None, student: bool | None) -> list[tuple[Product, str]]:
    """Products that fit what `text` asks for, best first, each with its reason."""
    kind, needs, age = kind_of(text), needs_of(text), age_of(text)
    if "student" in needs:
        student = True
    if age is not None and age < 18 and "child" not in needs:
        needs.append("child")
    scored: list[tuple[float, Product, str]] = []
    for product in products():
        if product.kind != (kind or "account") or product.refuses(age, income, paid_in, student):
            continue
        if "child" in product.fits and "child" not in needs and (age is None or age > 17):
            continue
        if set(needs) & set(product.bars):
            continue
        reasons = [product.fits[n] for n in needs if n in product.fits]
        if needs and any(n in {f for p in products() for f in p.fits if p.kind == product.kind} for n in needs) and not reasons:
            continue
        rate = product.rate or Decimal(0)
        score = 10 * len(reasons) + float(rate if product.kind == "savings" else -rate) / 10
        reason = reasons[0] if reasons else next(iter(product.fits.values()), next(iter(product.facts.values())))
        scored.append((score, product, reason))
    scored.sort(key=lambda s: -s[0])
    return [(product, reason) for _, product, reason in scored]


def finder_facts(ranked: list[tuple[Product, str]]) -> tuple[str, ...]:
    """The ranking in whole sentences: the best with its reason, then the next."""
    first, reason = ranked[0]
    if first.kind == "mortgage":  # which one to take is regulated advice
        rates = tuple(product.facts["rate"] for product, _ in ranked)
        return *rates, "Our mortgage team on 0808 157 0123 can advise which one suits you."
    facts = [f"The {first.name} fits best: {reason}."]
    facts += [f"Second is the {product.name}: {why}." for product, why in ranked[1:2]]
    return tuple(facts)


NAMES = _all_names()
