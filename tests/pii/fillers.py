"""What stands in a text and is nobody's data: amounts, days, products, companies, drugs, versions and so on.

Companies and products with a person's name are here on purpose; a detector that marks them is wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from tests.pii.numbers import written
from tests.pii.places import fill

CITIES = (
    "London", "Paris", "Leeds", "Berlin", "Chicago", "Dallas", "Sydney", "Mumbai", "Lyon", "Vienna", "Oslo", "Lagos", "Toronto",
    "Dublin", "Charlotte", "Houston", "Lincoln", "Florence", "Santiago", "Victoria", "Jackson", "Orlando", "San José", "Adelaide",
    "Munich",
)  # fmt: skip
COMPANIES = (
    "Northwind Logistics", "Marks & Spencer", "Lloyds", "Barclays", "Morgan Stanley", "Goldman Sachs", "J.P. Morgan",
    "Johnson & Johnson", "Siemens", "Ford", "Mercedes-Benz", "Harley-Davidson", "Ernst & Young", "Wells Fargo", "Vodafone", "Telefónica",
    "Bluefin Software", "Greenleaf Pharmacy", "Ben & Jerry's", "Tiffany & Co.", "Hewlett Packard", "Baker McKenzie", "Deutsche Bank",
    "Santander", "Harper Collins", "Brook & Hale LLP", "Abbott Laboratories", "Eli Lilly", "John Lewis", "Macy's", "T-Mobile", "Orange",
)  # fmt: skip
OFFERS = (
    "Easy Saver", "Flex Loan", "Premium Current Account", "Gold Card", "Help to Buy ISA", "Fixed Rate Bond", "travel insurance",
    "Lifetime Mortgage",
)  # fmt: skip
PLANS = (
    "SuperFast 500", "Unlimited 5G plan", "SIM-only 20 GB", "Max Fibre 900", "Family Bundle", "Pay As You Go", "Red Infinity Plus",
    "Magenta M",
)  # fmt: skip
PRODUCTS = (
    "Galaxy S24", "iPhone 15 Pro", "ThinkPad X1", "Roomba j7", "Kindle Paperwhite", "Office 365", "FritzBox 7590",
    "Jack Daniel's gift set", "Dell XPS 13", "Sonos One", "Echo Dot", "Dyson V15", "Mavic 3", "Ray-Ban Meta", "Bose QC45",
    "Nespresso Vertuo", "Pixel 8a",
)  # fmt: skip
DRUGS = (
    "amoxicillin", "metformin", "ibuprofen", "atorvastatin", "Ventolin", "omeprazole", "Xarelto", "sertraline", "levothyroxine",
    "insulin glargine", "amlodipine", "Humira", "paracetamol", "lisinopril", "prednisolone", "Augmentin",
)  # fmt: skip
ILLNESSES = (
    "type 2 diabetes", "asthma", "Crohn's disease", "hypertension", "Parkinson's disease", "Hodgkin lymphoma", "Raynaud's", "migraine",
    "Bell's palsy", "atrial fibrillation", "Graves' disease", "tonsillitis", "a torn meniscus",
)  # fmt: skip
CARS = (
    "Ford Focus", "VW Golf", "Tesla Model Y", "Mercedes C 220", "Toyota Yaris", "BMW 320i", "Renault Clio", "Škoda Octavia",
    "Honda Jazz", "Dodge Ram",
)  # fmt: skip
_TODAY = date(2025, 11, 24)


def _amount(rng: random.Random) -> str:
    value = rng.choice((rng.uniform(1, 100), rng.uniform(100, 5000), rng.uniform(1000, 250000)))
    exact = f"{value:,.2f}"
    return rng.choice((f"£{exact}", f"${exact}", f"€{exact}", f"{exact} EUR", f"USD {value:,.0f}", f"£{value:.0f}", f"{value:.2f} GBP"))


def _day(rng: random.Random) -> str:
    return written(_TODAY + timedelta(days=rng.randrange(-700, 400)), rng)


def _choice(words: tuple[str, ...]) -> Callable[[random.Random], str]:
    return lambda rng: rng.choice(words)


def _shape(*shapes: str) -> Callable[[random.Random], str]:
    return lambda rng: fill(rng.choice(shapes), rng)


FILLERS: dict[str, Callable[[random.Random], str]] = {
    "amount": _amount, "date": _day, "product": _choice(PRODUCTS), "offer": _choice(OFFERS), "plan": _choice(PLANS),
    "drug": _choice(DRUGS), "illness": _choice(ILLNESSES), "car": _choice(CARS),
    "city": _choice(CITIES), "company": _choice(COMPANIES),
    "order_id": _shape("ORD-%####", "#%#####", "SO/2025/%###", "%##-%######-#######", "A%#####B", "W%########"),
    "ticket": _shape("INC00%####", "TCK-%###", "#%####", "CASE-2025-%###", "JIRA-%##", "SR%#######"),
    "version": _shape("%.#.#", "v%.%#.#", "10.0.%####.%##", "2025.%.#", "%.#.0-rc%", "17.%.#"),
    "time": lambda rng: f"{rng.randrange(24):02}:{rng.randrange(60):02}",
    "number": _shape("%", "%#", "%##", "%###"), "percent": lambda rng: f"{rng.uniform(0.1, 40):.1f}%",
    "country": _choice(("France", "Kenya", "Germany", "Japan", "the Netherlands", "India", "Brazil", "Poland", "Canada", "Wales")),
    "weekday": _choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")),
}  # fmt: skip
