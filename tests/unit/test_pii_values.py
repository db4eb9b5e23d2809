"""The made-up values are right where arithmetic can tell: published examples hold, made ones pass, wrong ones fail."""

from __future__ import annotations

import random
from collections.abc import Callable

import phonenumbers
import pytest

from tests.pii import checksums as sums
from tests.pii.people import PARTS, Person, email, name, person
from tests.pii.phones import COUNTRIES, phone
from tests.pii.values import CHECKS, KINDS, checks, compact, invalid, make

PUBLISHED: list[tuple[Callable[[str], bool], str]] = [
    (sums.luhn_ok, "79927398713"), (sums.card_ok, "4111111111111111"), 
    (sums.card_ok, "378282246310005"), (sums.card_ok, "5555555555554444"),
    (sums.iban_ok, "GB82WEST12345698765432"), (sums.iban_ok, "DE89370400440532013000"), (sums.iban_ok, "FR1420041010050500013M02606"),
    (sums.verhoeff_ok, "2363"), (sums.aadhaar_ok, "234123412346"), (sums.vin_ok, "1M8GDM9AXKP042788"), (sums.vin_ok, "11111111111111111"),
    (sums.nhs_ok, "9434765919"), (sums.nhs_ok, "9434765870"), (sums.aba_ok, "021000021"), (sums.aba_ok, "111000025"),
    (sums.imei_ok, "490154203237518"), (sums.iccid_ok, "89148000000745809013"), (sums.steuer_id_ok, "36574261809"),
    (sums.steuer_id_ok, "86095742719"), (sums.fr_nif_ok, "3023217600053"), (sums.es_nif_ok, "12345678Z"), (sums.es_nif_ok, "X2482300W"),
    (sums.codice_fiscale_ok, "RCCMNL83S18D969H"), (sums.codice_fiscale_ok, "RSSMRA85T10A562S"), (sums.bsn_ok, "111222333"),
    (sums.utr_ok, "1955839661"), (sums.tfn_ok, "123456782"), (sums.sin_ok, "046454286"), (sums.cpf_ok, "39053344705"),
    (sums.pesel_ok, "44051401359"), (sums.personnummer_ok, "8112189876"), (sums.kvnr_ok, "A123456780"),
    (sums.base58_ok, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"), (sums.base58_ok, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
    (sums.bech32_ok, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (sums.bech32_ok, "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"),
]  # fmt: skip
IBAN_LENGTHS = {
    "GB": 22, "DE": 22, "FR": 27, "NL": 18, "BE": 16, "ES": 24, "IT": 27, "PT": 25, "AT": 20, "CH": 21, "IE": 22, "PL": 28, "SE": 24,
    "DK": 18, "NO": 15, "FI": 18, "CZ": 24, "SK": 24, "HU": 28, "RO": 24, "BG": 22, "GR": 27, "HR": 21, "SI": 19, "LT": 20, "LV": 21,
    "EE": 20, "LU": 20, "MT": 31, "CY": 28, "TR": 26, "AE": 23, "SA": 24, "IL": 23,
}  # fmt: skip


@pytest.mark.parametrize(("ok", "number"), PUBLISHED)
def test_a_published_example_holds_and_fails_with_another_last_character(ok: Callable[[str], bool], number: str) -> None:
    assert ok(number)
    # Luhn and its like find every single change of a digit; a letter is changed to a letter.
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B") if number[-1].isalpha() else number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not ok(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_values(kind: str) -> None:
    first, second = random.Random(7), random.Random(7)
    values = [make(kind, first) for _ in range(50)]
    assert values == [make(kind, second) for _ in range(50)]
    assert len(set(values)) > 20 and all(v == v.strip() and "\n" not in v for v in values)


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_made_values_pass_and_invalid_ones_fail(kind: str) -> None:
    rng = random.Random(11)
    for _ in range(200):
        value = make(kind, rng, rng.choice(tuple(sums.TAX_CHECKS)) if kind == "TAX_ID" else "")
        assert checks(kind, value) or value.startswith("0x"), value  # an Ethereum address in small letters has no check
        wrong = invalid(kind, rng)
        assert not checks(kind, wrong), wrong


@pytest.mark.parametrize("country", sorted(sums.TAX_CHECKS))
def test_a_tax_number_passes_the_check_of_its_country(country: str) -> None:
    rng = random.Random(13)
    assert all(sums.TAX_CHECKS[country](compact(make("TAX_ID", rng, country))) for _ in range(100))


def test_an_iban_has_its_countrys_length() -> None:
    rng = random.Random(17)
    for country, length in IBAN_LENGTHS.items():
        assert len(compact(make("IBAN_CODE", rng, country))) == length, country


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_phone_number_is_one_in_its_country(country: str) -> None:
    rng = random.Random(19)
    for _ in range(40):
        text = phone(rng, country).replace("(0)", "")
        number = phonenumbers.parse("+" + text[2:] if text.startswith("00") else text, country)
        assert phonenumbers.is_possible_number(number), text


def test_a_name_comes_in_every_style_and_titles_belong_to_it() -> None:
    who, rng = Person("Anna", "Maria", "van der Berg", True, False), random.Random(23)
    assert name(who, rng, "full") == "Anna van der Berg"
    assert name(who, rng, "surname") == "van der Berg"
    assert name(who, rng, "listed").startswith("van der Berg, Anna")
    assert name(who, rng, "formal").split(" ", 1)[1] == "van der Berg"
    mails = [email(who, rng).lower() for _ in range(50)]
    assert all("anna" in mail or "vanderberg" in mail for mail in mails)
    with pytest.raises(ValueError, match="no style"):
        name(who, rng, "baroque")


def test_names_kept_for_measuring_are_never_trained_on() -> None:
    rng = random.Random(29)
    seen = {part: {person(rng, part).first for _ in range(4000)} for part in PARTS[1:]}
    assert not seen["train"] & seen["report"] and min(len(names) for names in seen.values()) > 500
    with pytest.raises(ValueError, match="no part"):
        person(rng, "held-out")
