"""Numbers of money and of the state: cards, accounts, social security and tax numbers, with right check digits.

Bank codes and area numbers are drawn at random, so a bank or an office behind them may not exist; what lies inside an IBAN is
random but for its two check digits.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from tests.pii import checksums as sums
from tests.pii.places import fill

# First digits, length, groups
CARDS = (("4", 16, (4, 4, 4, 4)), ("4", 16, (4, 4, 4, 4)), ("5%", 16, (4, 4, 4, 4)), ("2221", 16, (4, 4, 4, 4)), ("37", 15, (4, 6, 5)),
         ("34", 15, (4, 6, 5)), ("6011", 16, (4, 4, 4, 4)), ("65", 16, (4, 4, 4, 4)), ("3530", 16, (4, 4, 4, 4)), ("36", 14, (4, 6, 4)),
         ("62", 16, (4, 4, 4, 4)), ("5018", 16, (4, 4, 4, 4)), ("6759", 16, (4, 4, 4, 4)))  # fmt: skip
IBANS = {
    "GB": "????##############", "DE": "##################", "FR": "###################??##", "NL": "????##########", "BE": "############",
    "ES": "####################", "IT": "?######################", "PT": "#####################", "AT": "################",
    "CH": "#################", "IE": "????##############", "PL": "########################", "SE": "####################",
    "DK": "##############", "NO": "###########", "FI": "##############", "CZ": "####################", "SK": "####################",
    "HU": "########################", "RO": "????################", "BG": "????##############", "GR": "#######################",
    "HR": "#################", "SI": "###############", "LT": "################", "LV": "????#############", "EE": "################",
    "LU": "################", "MT": "????#######################", "CY": "########################", "TR": "#####0################",
    "AE": "###################", "SA": "####################", "IL": "###################",
}  # fmt: skip
ACCOUNTS = (
    "########", "########", "########", "####-####", "#### ####", "%#########", "%###########", "%##########", "%########",
    "062-### ########", "0##### %#######", "%##############", "#####-### %######", "###-#######-##", "% ### ### ###", "%###.##.###",
)  # fmt: skip
EIN = ("12", "20", "27", "36", "45", "54", "61", "74", "83", "95")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WRITTEN: tuple[Callable[[date], str], ...] = (
    lambda d: d.isoformat(), lambda d: f"{d:%d/%m/%Y}", lambda d: f"{d:%m/%d/%Y}", lambda d: f"{d:%d.%m.%Y}",
    lambda d: f"{d.day}.{d.month}.{d.year}", lambda d: f"{d:%d-%m-%Y}", lambda d: f"{d:%d/%m/%y}", lambda d: f"{d.month}/{d.day}/{d:%y}",
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}", lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    lambda d: f"{d.day} {MONTHS[d.month - 1][:3]} {d.year}", lambda d: f"{d:%d}-{MONTHS[d.month - 1][:3]}-{d.year}",
    lambda d: f"{MONTHS[d.month - 1][:3]} {d.day}, {d.year}", lambda d: f"{d.day}{_ordinal(d.day)} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{d.day}{_ordinal(d.day)} of {MONTHS[d.month - 1]}, {d.year}",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}{_ordinal(d.day)}, {d.year}", lambda d: f"{d:%d %m %Y}", lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d:%Y%m%d}", lambda d: f"{d:%d}{MONTHS[d.month - 1][:3].upper()}{d.year}",
)  # fmt: skip


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def grouped(number: str, rng: random.Random, *sizes: int, joints: str = " -") -> str:
    """`number` in groups of these sizes with one separator, or as it is."""
    if rng.random() < 0.4:
        return number
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return rng.choice(joints).join([*parts, number[start:]]).rstrip(joints)


def closing(shape: str, ok: Callable[[str], bool], rng: random.Random, alphabet: str = "0123456789") -> str:
    """A number of this shape plus the check character that suits it."""
    while True:
        if number := sums.closed(fill(shape, rng), ok, alphabet):
            return number


def born(rng: random.Random) -> date:
    return date(1931, 1, 1) + timedelta(days=rng.randrange(365 * 86))


def date_of_birth(rng: random.Random, variant: str = "") -> str:
    return born(rng).isoformat() if variant == "iso" else rng.choice(_WRITTEN)(born(rng))


def written(day: date, rng: random.Random) -> str:
    """Any other day, in the same ways."""
    return rng.choice(_WRITTEN)(day)


def credit_card(rng: random.Random, variant: str = "") -> str:
    prefix, length, sizes = rng.choice(CARDS)
    prefix = prefix.replace("%", rng.choice("12345"))
    number = closing(prefix + "#" * (length - len(prefix) - 1), sums.luhn_ok, rng)
    return number if variant == "plain" else grouped(number, rng, *sizes)


def iban(rng: random.Random, variant: str = "") -> str:
    country = variant or rng.choice(("GB", "DE", "FR", "NL", "ES", "IT", *IBANS))
    body = fill(IBANS[country], rng)
    number = f"{country}{98 - sums.mod97(f'{body}{country}00'):02}{body}"
    shape = rng.random()
    return number if shape < 0.4 else (" " if shape < 0.92 else "-").join(number[i : i + 4] for i in range(0, len(number), 4))


def bank_account(rng: random.Random, variant: str = "") -> str:
    """`variant` "UK" is eight digits."""
    return fill("########" if variant == "UK" else rng.choice(ACCOUNTS), rng)


def routing_number(rng: random.Random, variant: str = "") -> str:
    area = rng.choice((*range(1, 13), *range(21, 33), *range(61, 73), 80))
    number = closing(f"{area:02}######", sums.aba_ok, rng)
    joint = rng.choice(("", "", "", "", "", "", "-", " "))
    return joint.join((number[:4], number[4:8], number[8]))


def sort_code(rng: random.Random, variant: str = "") -> str:
    return fill(rng.choice(("%#-##-##", "%#-##-##", "0#-##-##", "%# ## ##", "%#####", "%#–##–##")), rng)


def us_ssn(rng: random.Random, variant: str = "") -> str:
    area = rng.choice([n for n in (rng.randrange(1, 900), rng.randrange(100, 660)) if n != 666])
    number = f"{area:03}{rng.randrange(1, 100):02}{rng.randrange(1, 10000):04}"
    shape = rng.random()
    return number if shape < 0.15 else (" " if shape < 0.3 else "-").join((number[:3], number[3:5], number[5:]))


def uk_nhs(rng: random.Random, variant: str = "") -> str:
    return grouped(closing("%########", sums.nhs_ok, rng), rng, 3, 3, 4)


def uk_nino(rng: random.Random, variant: str = "") -> str:
    while True:
        prefix = rng.choice("ABCEGHJKLMNOPRSTWXYZ") + rng.choice("ABCEGHJKLMNPRSTWXYZ")
        if prefix not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"):
            number = prefix + fill("######", rng) + rng.choice("ABCD")
            return grouped(number, rng, 2, 2, 2, 2, joints="  -") if rng.random() < 0.8 else f"{number[:2]} {number[2:8]} {number[8]}"


def in_aadhaar(rng: random.Random, variant: str = "") -> str:
    return grouped(closing(rng.choice("23456789") + "##########", sums.aadhaar_ok, rng), rng, 4, 4, 4)


def in_pan(rng: random.Random, variant: str = "") -> str:
    return fill("???P?", rng) + f"{rng.randrange(1, 10000):04}" + fill("?", rng)


def _steuer_id(rng: random.Random) -> str:
    while True:
        body = rng.sample("0123456789", 9)
        body.insert(rng.randrange(1, 10), rng.choice(body))
        number = sums.closed("".join(body), sums.steuer_id_ok)
        if number:
            return grouped(number, rng, 2, 3, 3, 3, joints="  /")


def _es_nif(rng: random.Random) -> str:
    number = closing(rng.choice(("########", "########", "X#######", "Y#######")), sums.es_nif_ok, rng, sums.LETTERS)
    return number if rng.random() < 0.6 else f"{number[0]}-{number[1:8]}-{number[8]}" if number[0] in "XY" else f"{number[:8]}-{number[8]}"


def _fr_nif(rng: random.Random) -> str:
    body = int(fill(rng.choice("0123") + "#########", rng))
    return grouped(f"{body:010}{body % 511:03}", rng, 2, 2, 3, 3, 3, joints=" ")


def _codice_fiscale(rng: random.Random) -> str:
    day = born(rng)
    body = "".join(rng.choice("BCDFGLMNPRSTVZ") for _ in range(6))
    body += f"{day:%y}{'ABCDEHLMPRST'[day.month - 1]}{day.day + rng.choice((0, 40)):02}{rng.choice('ABCDEFGHILM')}{fill('%##', rng)}"
    return sums.closed(body, sums.codice_fiscale_ok, sums.LETTERS)


def _cpf(rng: random.Random) -> str:
    body = fill("#########", rng)
    for size in (10, 11):
        body += str(sum(int(c) * w for c, w in zip(body, range(size, 1, -1), strict=True)) * 10 % 11 % 10)
    return body if rng.random() < 0.3 else f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def _pesel(rng: random.Random) -> str:
    day = born(rng)
    return closing(f"{day:%y}{day.month + (20 if day.year >= 2000 else 0):02}{day:%d}####", sums.pesel_ok, rng)


def _personnummer(rng: random.Random) -> str:
    day = born(rng)
    number = closing(f"{day:%y%m%d}###", sums.personnummer_ok, rng)
    return rng.choice((f"{number[:6]}-{number[6:]}", f"{day:%Y}{number[2:6]}-{number[6:]}", number))


def _utr(rng: random.Random) -> str:
    body = fill("#########", rng)
    number = next(c + body for c in "123456789" if sums.utr_ok(c + body))
    return grouped(number, rng, 5, 5, joints=" ")


TAX: dict[str, Callable[[random.Random], str]] = {
    "ITIN": lambda rng: fill(rng.choice(("9##-7#-####", "9##-8%-####", "9##-9%-####", "9## 7# ####", "9##7#####")), rng),
    "EIN": lambda rng: f"{rng.choice(EIN)}{rng.choice('--' + ' ')}{fill('#######', rng)}",
    "DE": _steuer_id, "FR": _fr_nif, "ES": _es_nif, "IT": _codice_fiscale, "UK": _utr, "BR": _cpf, "PL": _pesel, "SE": _personnummer,
    "NL": lambda rng: grouped(closing("%#######", sums.bsn_ok, rng), rng, 3, 3, 3, joints="  ."),
    "AU": lambda rng: grouped(closing("%#######", sums.tfn_ok, rng), rng, 3, 3, 3),
    "CA": lambda rng: grouped(closing(rng.choice("123456791") + "#######", sums.sin_ok, rng), rng, 3, 3, 3),
}  # fmt: skip


def tax_id(rng: random.Random, variant: str = "") -> str:
    return TAX[variant or rng.choice(tuple(TAX))](rng)
