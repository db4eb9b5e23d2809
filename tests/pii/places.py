"""Postal addresses on one line, made from the towns, streets and habits of places.toml.

It knows how an address looks in each country and which codes a town has, roughly: a house with that number may not exist, and
streets go with any town of their country.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_BRITISH = "ABDEFGHJLNPQRSTUWXYZ"  # letters that a British postcode may end in


def fill(shape: str, rng: random.Random, letters: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") -> str:
    """`shape` with # as any digit, % as 1 to 9 and ? as a letter."""
    signs = {"#": "0123456789", "%": "123456789", "?": letters}
    return "".join(rng.choice(signs[c]) if c in signs else c for c in shape)


@dataclass(frozen=True, slots=True)
class Country:
    names: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    units: tuple[str, ...]
    lines: tuple[str, ...]


@cache
def countries() -> tuple[dict[str, Country], tuple[float, ...]]:
    """By code, and how often each is drawn."""
    rows = tomllib.loads((Path(__file__).parent / "places.toml").read_text("utf-8"))
    found = {}
    for code, row in rows.items():
        # A town may hold a comma ("Guadalajara, Jal."); what parts two towns is the comma after a code.
        towns = tuple((t, c) for t, c in re.findall(r"([^|]+)\|([^,]+)(?:, |$)", row["towns"]))
        names, units, lines = row["names"].split(", "), row["units"].split(", "), row["lines"].split(" / ")
        if "streets" in row:
            streets = row["streets"].split(", ")
        else:
            streets = [base + row["join"] + kind for base in row["base"].split(", ") for kind in row["type"].split(", ")]
        found[code] = Country(tuple(names), towns, tuple(streets), tuple(units), tuple(lines))
    return found, tuple(float(row["weight"]) for row in rows.values())


def address(rng: random.Random, variant: str = "") -> str:
    """`variant` is a country's code, or "short" for a street with a number and a town, or "full" for one with a code."""
    known, weights = countries()
    country = known[variant] if variant in known else rng.choices(tuple(known.values()), weights)[0]
    line = rng.choice(country.lines)
    if variant == "short":
        line = line.split(", ")[0] + ", {t}" if "{s}" in line.split(", ")[0] and "{t}" not in line.split(", ")[0] else "{n} {s}, {t}"
    elif variant == "full":
        line = rng.choice([one for one in country.lines if "{c}" in one])
    town, code = rng.choice(country.towns)
    house = rng.randrange(1, 3000 if country is known["US"] else 240)
    parts = {"n": str(house), "s": rng.choice(country.streets), "u": rng.choice(country.units), "t": town, "c": code}
    parts["d"] = rng.choice(country.names)
    shape = re.sub(r"\{(\w)\}", lambda m: parts[m[1]], line)
    # "#12-34" is how Singapore and America write a unit; there the first # stays.
    kept = shape.replace(" #0%-", " \0 0%-").replace(" #12-", " \0 12-").replace(" #%##", " \0 %##")
    return fill(kept, rng, _BRITISH).replace("\0 ", "#")
