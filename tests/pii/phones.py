"""Phone numbers of some fifty countries, as people there write them and as they write them for abroad.

Lengths, prefixes and national groupings are those of the phonenumbers package; the numbers it calls valid here may well be
somebody's, except the North American 555-01xx and Britain's drama ranges, which come often.
"""

from __future__ import annotations

import random
import re
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from tests.pii.places import fill

COUNTRIES = (
    "US GB DE FR IN ES IT NL BE CH AT SE NO DK FI PL CZ PT IE GR RO HU TR BR MX AR CL CO CA AU NZ ZA NG KE EG SA AE IL CN JP KR SG MY TH "
    "VN ID PH PK BD UA HK TW GH MA SK HR BG LT"
).split()
US = (
    "(4%#) 555-01##", "(%0%) 555-01##", "4%5-555-01##", "+1 (6%2) 555-01##", "+1 3%2-555-01##", "1-7%3-555-01##", "+121%55501##",
    "9%755501##", "503.555.01##", "2%2 555 01##", "(206)555-01##", "8%5-555-01## x%##", "(312) 555-01## ext. ##", "+1.415.555.01##",
    "1 (415) 555-01##", "555-01##",
)  # fmt: skip
GB = (
    "07700 900###", "07700 900 ###", "+44 7700 900###", "+44 (0)7700 900 ###", "00447700900###", "07700900###", "020 7946 0###",
    "(020) 7946 0###", "0207 946 0###", "+44 20 7946 0###", "+44 (0) 20 7946 0###", "0161 496 0###", "(0113) 496 0###", "0113 4960 ###",
    "07700-900-###", "+447700900###", "0044 7700 900 ###", "01632 960###", "+44 117 496 0###",
)  # fmt: skip
WEIGHTS = [8, 8, 5, 5, 5] + [1] * (len(COUNTRIES) - 5)


@cache
def _models(country: str) -> tuple[tuple[str, str, str], ...]:
    """Valid numbers as written at home and for abroad, with the code. Built once: validating and formatting take their time."""
    rng, found = random.Random(country), []
    for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
        example = phonenumbers.example_number_for_type(country, kind)
        assert example, f"phonenumbers knows no number of {country}"
        digits = str(example.national_number)
        for _ in range(12):
            number = PhoneNumber(
                country_code=example.country_code,
                national_number=int(digits[:2] + fill("#" * (len(digits) - 2), rng)),
                italian_leading_zero=example.italian_leading_zero,
            )
            number = number if phonenumbers.is_valid_number(number) else example
            home = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
            found.append((home, phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL), f"+{number.country_code}"))
    return tuple(found)


def _redialled(text: str, free: int, tail: str) -> str:
    """`text` with its last digits replaced by those of `tail`; the groups stay as they are."""
    out, left = list(text), free
    for place in range(len(text) - 1, -1, -1):
        if left and text[place].isdigit():
            left -= 1
            out[place] = tail[left]
    return "".join(out)


def phone(rng: random.Random, variant: str = "") -> str:
    """`variant` is a country's code."""
    country = variant or rng.choices(COUNTRIES, WEIGHTS)[0]
    if country in ("US", "GB") and rng.random() < 0.85:
        return fill(rng.choice(US if country == "US" else GB), rng)
    home, abroad, code = rng.choice(_models(country))
    tail = fill("#####", rng)
    home, abroad = _redialled(home, 5, tail), _redialled(abroad, 5, tail)
    match rng.randrange(9):
        case 0 | 1:
            return home
        case 2 | 3:
            return abroad
        case 4:
            return "+" + re.sub(r"\D", "", abroad)
        case 5:
            return f"00{abroad[1:]}"
        case 6:  # with the trunk zero in brackets, where there is one
            trunk = home.lstrip("(").startswith("0") and country != "IT"
            return abroad.replace(" ", " (0)", 1) if trunk else f"({code}){abroad[len(code) :]}"
        case 7:
            return re.sub(r"[^\d+]+", rng.choice("-./ "), home.strip("()"))
        case _:
            return re.sub(r"\D", "", home)
