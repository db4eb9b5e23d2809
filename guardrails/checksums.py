"""Check digits of the numbers that people carry. Each function takes the value with or without separators and says whether it holds.

Sources: ISO/IEC 7812-1 annex B (Luhn), ISO 13616 (IBAN), ISO 3779 with 49 CFR 565.15 (VIN), Verhoeff 1969, NHS Data Dictionary (NHS
number), ABA routing number policy, and the issuing offices' published rules for the tax numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence


def digits(value: str) -> list[int]:
    return [int(c) for c in value if c.isdigit()]


def luhn(value: str) -> bool:
    """Payment cards, IMEI, ICCID, Canadian SIN, Swedish personal numbers."""
    total = sum(d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(reversed(digits(value))))
    return total % 10 == 0


def iban(value: str) -> bool:
    """ISO 13616: the country's length and mod 97 = 1."""
    plain = re.sub(r"[^A-Za-z0-9]", "", value).upper()
    if IBAN_LENGTHS.get(plain[:2]) != len(plain):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def nhs(value: str) -> bool:
    d = digits(value)
    if len(d) != 10:
        return False
    check = 11 - _weighted(d, range(10, 1, -1)) % 11
    return check != 10 and d[9] == check % 11


def aba(value: str) -> bool:
    """US routing number: nine digits of a Federal Reserve range, weights 3 7 1."""
    d = digits(value)
    first = d[0] * 10 + d[1] if len(d) == 9 else -1
    return (0 < first <= 12 or 21 <= first <= 32 or 61 <= first <= 72) and _weighted(d, (3, 7, 1) * 3) % 10 == 0


def vin(value: str) -> bool:
    """North American check digit in position 9; cars of other markets may fail it."""
    plain = re.sub(r"[^A-Za-z0-9]", "", value).upper()
    if len(plain) != 17 or re.search(r"[IOQ]", plain):
        return False
    letters = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
    values = [int(c) if c.isdigit() else letters[c] for c in plain]
    check = _weighted(values, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return plain[8] == ("X" if check == 10 else str(check))


def verhoeff(value: str) -> bool:
    """Aadhaar: the dihedral group of order 10."""
    check = 0
    for n, d in enumerate(reversed(digits(value))):
        check = _VERHOEFF_D[check][_VERHOEFF_P[n % 8][d]]
    return check == 0


def german_tax(value: str) -> bool:
    """Steuer-IdNr: ISO 7064 mod 11, 10; one of the first ten digits stands two or three times."""
    d = digits(value)
    if len(d) != 11 or d[0] == 0 or sorted(d[:10].count(n) for n in set(d[:10]))[-1] not in (2, 3):
        return False
    product = 10
    for n in d[:10]:
        product = ((n + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == d[10]


def spanish_tax(value: str) -> bool:
    plain = re.sub(r"[^A-Z0-9]", "", value.upper())
    if not re.fullmatch(r"[XYZ0-9]\d{7}[A-Z]", plain):
        return False
    number = int(plain[:-1].translate(str.maketrans("XYZ", "012")))
    return plain[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


def italian_tax(value: str) -> bool:
    plain = re.sub(r"[^A-Z0-9]", "", value.upper())
    if len(plain) != 16:
        return False
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    places = [ord(c) - 65 if c.isalpha() else int(c) for c in plain]
    total = sum(odd[p] if n % 2 == 0 else p for n, p in enumerate(places[:15]))
    return places[15] == total % 26 and plain[15].isalpha()


def dutch_bsn(value: str) -> bool:
    d = digits(value)
    return len(d) in (8, 9) and any(d) and _weighted([0] * (9 - len(d)) + d, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def polish_pesel(value: str) -> bool:
    d = digits(value)
    return len(d) == 11 and _weighted(d, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def brazilian_cpf(value: str) -> bool:
    d = digits(value)
    if len(d) != 11 or len(set(d)) == 1:
        return False
    return all(_weighted(d, range(n + 1, 1, -1)) * 10 % 11 % 10 == d[n] for n in (9, 10))


def australian_tfn(value: str) -> bool:
    d = digits(value)
    return len(d) == 9 and _weighted(d, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def french_tax(value: str) -> bool:
    """Numéro fiscal (SPI): the last three digits are the first ten mod 511."""
    d = "".join(map(str, digits(value)))
    return len(d) == 13 and int(d[:10]) % 511 == int(d[10:])


def any_of(*checks: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda value: any(check(value) for check in checks)


def _weighted(values: Sequence[int], weights: Sequence[int]) -> int:
    return sum(v * w for v, w in zip(values, weights, strict=False))


IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22,
    "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22,
    "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
    "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31,
    "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
_VERHOEFF_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6), (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1), (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4), (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
_VERHOEFF_P = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2), (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1), (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)  # fmt: skip
