"""The check digits of cards, accounts, people, vehicles and coins, each as a yes or no about a number without separators.

A yes says that the arithmetic holds, not that anybody issued the number. National checks inside an IBAN, Britain's driving
licence and India's PAN (its rule is not public) are not known here; nor is the mixed-case check of Ethereum addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
# What each value of a VIN counts for; I, O and Q never occur in one.
_VIN = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)  # Verhoeff's permutation
_CODICE_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def _sum(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(c) * w for c, w in zip(number, weights, strict=True))


def _digits(number: str, *lengths: int) -> bool:
    return number.isascii() and number.isdigit() and len(number) in lengths


def luhn_ok(number: str) -> bool:
    """Cards, IMEI, ICCID, Canada's SIN, Sweden's personnummer."""
    if not number.isdigit():
        return False
    doubled = (int(c) * (1 + i % 2) for i, c in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def mod97(text: str) -> int:
    """Letters count as 10 to 35."""
    return int("".join(str(int(c, 36)) for c in text)) % 97


def iban_ok(iban: str) -> bool:
    return iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34 and mod97(iban[4:] + iban[:4]) == 1


def _dihedral(a: int, b: int) -> int:
    """The product of two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 flip it."""
    turned = a + b if a < 5 else a - b
    return turned % 5 + 5 * ((a > 4) != (b > 4))


def verhoeff_ok(number: str) -> bool:
    if not number.isdigit():
        return False
    check = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char)
        for _ in range(place % 8):
            digit = _TURN[digit]
        check = _dihedral(check, digit)
    return check == 0


def aadhaar_ok(number: str) -> bool:
    return _digits(number, 12) and number[0] in "23456789" and verhoeff_ok(number)


def vin_ok(vin: str) -> bool:
    """The check that North America requires at the ninth place; European makers may put anything there."""
    if len(vin) != 17 or any(c not in _VIN for c in vin):
        return False
    return "0123456789X"[sum(_VIN[c] * w for c, w in zip(vin, _VIN_WEIGHTS, strict=True)) % 11] == vin[8]


def nhs_ok(number: str) -> bool:
    return _digits(number, 10) and _sum(number, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def aba_ok(number: str) -> bool:
    if not _digits(number, 9):
        return False
    area = int(number[:2])
    return (area <= 12 or 21 <= area <= 32 or 61 <= area <= 72 or area == 80) and _sum(number, (3, 7, 1) * 3) % 10 == 0


def imei_ok(number: str) -> bool:
    return _digits(number, 15) and luhn_ok(number)


def iccid_ok(number: str) -> bool:
    return _digits(number, 19, 20) and number.startswith("89") and luhn_ok(number)


def card_ok(number: str) -> bool:
    return _digits(number, *range(12, 20)) and luhn_ok(number)


def steuer_id_ok(number: str) -> bool:
    """Germany: ISO 7064 MOD 11,10, and of the first ten digits exactly one comes twice or three times."""
    if not _digits(number, 11) or number[0] == "0":
        return False
    if [n for n in (number[:10].count(d) for d in set(number[:10])) if n > 1] not in ([2], [3]):
        return False
    check = 10
    for char in number[:10]:
        check = ((int(char) + check) % 10 or 10) * 2 % 11
    return (11 - check) % 10 == int(number[10])


def fr_nif_ok(number: str) -> bool:
    """France: the last three digits are the first ten modulo 511."""
    return _digits(number, 13) and number[0] in "0123" and int(number[:10]) % 511 == int(number[10:])


def es_nif_ok(number: str) -> bool:
    """Spain, citizens (digits) and foreigners (X, Y or Z first)."""
    body = number[:-1].translate(str.maketrans("XYZ", "012")) if number[:1] in "XYZ" else number[:-1]
    return _digits(body, 8) and "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23] == number[-1]


def codice_fiscale_ok(code: str) -> bool:
    if len(code) != 16 or not (code.isascii() and code.isalnum() and code == code.upper()):
        return False
    worth = [int(c, 36) - 10 if c.isalpha() else int(c) for c in code[:15]]
    return LETTERS[sum(w if place % 2 else _CODICE_ODD[w] for place, w in enumerate(worth)) % 26] == code[15]


def bsn_ok(number: str) -> bool:
    """The Netherlands: the eleven test."""
    return _digits(number, 9) and int(number) > 0 and _sum(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def utr_ok(number: str) -> bool:
    """Britain: the check digit comes first."""
    return _digits(number, 10) and "21987654321"[_sum(number[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == number[0]


def tfn_ok(number: str) -> bool:
    """Australia."""
    return _digits(number, 9) and _sum(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def sin_ok(number: str) -> bool:
    """Canada; no number of a person begins with 0 or 8, but published examples do."""
    return _digits(number, 9) and luhn_ok(number)


def cpf_ok(number: str) -> bool:
    """Brazil: two check digits; a number of eleven equal digits passes the sum and is refused."""
    if not _digits(number, 11) or len(set(number)) == 1:
        return False
    for size in (9, 10):
        rest = _sum(number[:size], tuple(range(size + 1, 1, -1))) * 10 % 11 % 10
        if rest != int(number[size]):
            return False
    return True


def pesel_ok(number: str) -> bool:
    return _digits(number, 11) and _sum(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def personnummer_ok(number: str) -> bool:
    """Sweden: Luhn over the ten digits that follow the century."""
    return _digits(number, 10, 12) and luhn_ok(number[-10:])


def kvnr_ok(number: str) -> bool:
    """Germany's health insurance number: a letter, counted as two digits, then weights 1 and 2 with sums of digits."""
    if len(number) != 10 or number[0] not in LETTERS or not number[1:].isdigit():
        return False
    body = f"{LETTERS.index(number[0]) + 1:02}{number[1:9]}"
    return sum(sum(divmod(int(c) * (1 + i % 2), 10)) for i, c in enumerate(body)) % 10 == int(number[9])


def base58_with_check(payload: bytes) -> str:
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    value, text = int.from_bytes(data, "big"), ""
    while value:
        value, rest = divmod(value, 58)
        text = BASE58[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def base58_ok(text: str) -> bool:
    """Bitcoin's old addresses (1, 3) and their cousins of Litecoin, Dogecoin and Tron: 25 bytes, four of them the check."""
    if not 26 <= len(text) <= 35 or any(c not in BASE58 for c in text):
        return False
    value = 0
    for char in text:
        value = value * 58 + BASE58.index(char)
    return value < 1 << 200 and base58_with_check(value.to_bytes(25, "big")[:-4]) == text


def bech32_polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def bech32_expanded(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def bech32_ok(text: str) -> bool:
    """Bitcoin's newer addresses: version 0 closes with 1, later versions (bech32m) with another constant."""
    prefix, _, data = text.rpartition("1")
    if prefix not in ("bc", "ltc") or len(data) < 14 or any(c not in BECH32 for c in data):
        return False
    values = [BECH32.index(c) for c in data]
    return bech32_polymod(bech32_expanded(prefix) + values) == (1 if values[0] == 0 else 0x2BC830A3)


def closed(body: str, ok: Callable[[str], bool], alphabet: str = "0123456789") -> str:
    """`body` with the last character that makes it right, or "" where none does (as one in eleven has none)."""
    return next((body + c for c in alphabet if ok(body + c)), "")


TAX_CHECKS: dict[str, Callable[[str], bool]] = {
    "DE": steuer_id_ok, "FR": fr_nif_ok, "ES": es_nif_ok, "IT": codice_fiscale_ok, "NL": bsn_ok, "UK": utr_ok,
    "AU": tfn_ok, "CA": sin_ok, "BR": cpf_ok, "PL": pesel_ok, "SE": personnummer_ok,
}  # fmt: skip
