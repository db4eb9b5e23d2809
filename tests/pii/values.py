"""`make` a valid value of any kind of PII, or an `invalid` one whose check digit is wrong; the same seed makes the same values.

No value belongs to anybody on purpose, though a short number may hit one that exists.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.pii import checksums as sums
from tests.pii import numbers, things
from tests.pii.people import Person, email, name, page, person, username
from tests.pii.phones import phone
from tests.pii.places import address

# Made of a person; the others stand alone.
PERSONAL: dict[str, Callable[[Person, random.Random], str]] = {"EMAIL_ADDRESS": email, "URL": page, "USERNAME": username}
MAKERS: dict[str, Callable[[random.Random, str], str]] = {
    "ADDRESS": address, "PHONE_NUMBER": phone, "DATE_OF_BIRTH": numbers.date_of_birth, "CREDIT_CARD": numbers.credit_card,
    "IBAN_CODE": numbers.iban, "BANK_ACCOUNT": numbers.bank_account, "ROUTING_NUMBER": numbers.routing_number,
    "SORT_CODE": numbers.sort_code, "US_SSN": numbers.us_ssn, "UK_NHS": numbers.uk_nhs, "UK_NINO": numbers.uk_nino,
    "IN_AADHAAR": numbers.in_aadhaar, "IN_PAN": numbers.in_pan, "TAX_ID": numbers.tax_id, "PASSPORT": things.passport,
    "DRIVER_LICENSE": things.driver_license, "MRN": things.mrn, "INSURANCE_ID": things.insurance_id, "IMEI": things.imei,
    "ICCID": things.iccid, "IMSI": things.imsi, "VIN": things.vin, "LICENSE_PLATE": things.license_plate,
    "IP_ADDRESS": things.ip_address, "MAC_ADDRESS": things.mac_address, "CRYPTO": things.crypto, "API_KEY": things.api_key,
    "PASSWORD": things.password,
}  # fmt: skip
KINDS = ("PERSON", *PERSONAL, *MAKERS)
CHECKS: dict[str, Callable[[str], bool]] = {
    "CREDIT_CARD": sums.card_ok, "IBAN_CODE": sums.iban_ok, "ROUTING_NUMBER": sums.aba_ok, "UK_NHS": sums.nhs_ok,
    "IN_AADHAAR": sums.aadhaar_ok, "IMEI": sums.imei_ok, "ICCID": sums.iccid_ok, "VIN": sums.vin_ok,
    "CRYPTO": lambda v: sums.base58_ok(v) or sums.bech32_ok(v), "TAX_ID": lambda v: any(ok(v) for ok in sums.TAX_CHECKS.values()),
}  # fmt: skip


def make(kind: str, rng: random.Random, variant: str = "", who: Person | None = None) -> str:
    """A valid value. `variant` is a country or a form that this kind knows; `who` is whose name, address or page it shall be."""
    if kind == "PERSON":
        return name(who or person(rng), rng, variant or ("" if who else "any"))
    if kind in PERSONAL:
        return PERSONAL[kind](who or person(rng), rng)
    return MAKERS[kind](rng, variant)


def compact(value: str) -> str:
    """`value` as the checks take it."""
    return re.sub(r"[\s./–-]", "", value)


def checks(kind: str, value: str) -> bool:
    """Does the arithmetic hold? Tax numbers of the United States, Ethereum addresses and kinds outside CHECKS have none."""
    return CHECKS[kind](compact(value))


def invalid(kind: str, rng: random.Random) -> str:
    """A value of one of the CHECKS whose form is right and of which one character is wrong."""
    while True:
        value = make(kind, rng, rng.choice(tuple(sums.TAX_CHECKS)) if kind == "TAX_ID" else "")
        if not checks(kind, value):  # an Ethereum address: nothing in it can be wrong
            continue
        places = [i for i, c in enumerate(value) if c.isdigit() and i > 3]  # what comes before tells what kind of number it is
        rng.shuffle(places)
        for place in places:
            other = rng.choice([d for d in "23456789" if d != value[place]])
            wrong = value[:place] + other + value[place + 1 :]
            if not checks(kind, wrong):
                return wrong
