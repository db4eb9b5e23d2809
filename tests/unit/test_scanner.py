"""Personal data: what would reach a model if it were missed, and what a bank could not talk about if it were found wrongly."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from errors import GuardrailBlocked
from guardrails import scanner as room
from guardrails.scanner import Scanner, default_scanner
from models import store

BRAND = frozenset({"Larkfield", "Bank", "Easy", "Fixed", "Saver", "Premier", "Account", "ISA"})


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return default_scanner(BRAND)


def found(scanner: Scanner, text: str) -> list[tuple[str, str]]:
    return [(f.type, text[f.start : f.end]) for f in scanner.scan(text)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("EMAIL_ADDRESS", "joe@example.com"),
        ("PHONE_NUMBER", "07700 900123"),
        ("PHONE_NUMBER", "07700900123"),
        ("PHONE_NUMBER", "+44 7700 900123"),
        ("PHONE_NUMBER", "+44 (0)7700 900123"),
        ("PHONE_NUMBER", "020 7946 0958"),
        ("PHONE_NUMBER", "+49 30 123456"),
        ("IBAN_CODE", "GB29 NWBK 6016 1331 9268 19"),
        ("IBAN_CODE", "GB29NWBK60161331926819"),
        ("UK_NINO", "QQ123456C"),
        ("UK_NINO", "QQ 12 34 56 C"),
        ("UK_NINO", "ab123456c"),
        ("UK_NHS", "943 476 5919"),
        ("CREDIT_CARD", "4111 1111 1111 1111"),
        ("CREDIT_CARD", "4111111111111111"),
        ("CREDIT_CARD", "4111-1111-1111-1112"),  # mistyped: the check digit is wrong, the person's card is not
        ("CREDIT_CARD", "４１１１ １１１１ １１１１ １１１１"),
        ("CREDIT_CARD", "4111\u200b 1111\u00a01111 1111"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "My details: {}, thanks.", "charged £30 on {} in 2026"])
def test_personal_data_is_found_whole(scanner: Scanner, kind: str, value: str, around: str) -> None:
    assert (kind, value) in found(scanner, around.format(value))


def test_bank_details_are_hidden_whole_however_they_are_written(scanner: Scanner) -> None:
    for text in ("20-00-00 12345678", "sort code 20-00-00, account number 12345678", "my sort code is 20-00-00 and my account 12345678"):
        hidden = {n for f in scanner.scan(text) for n in range(f.start, f.end)}
        assert not [c for n, c in enumerate(text) if c.isdigit() and n not in hidden], text


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [("My sort code is 20-00-00", "SORT_CODE", "20-00-00"), ("my account number is 12345678", "BANK_ACCOUNT", "12345678")],
)
def test_half_of_the_bank_details_is_found_where_it_is_named(scanner: Scanner, text: str, kind: str, value: str) -> None:
    assert found(scanner, text) == [(kind, value)]


@pytest.mark.parametrize(
    "address",
    ["14 Mill Lane, Fernhill FH2 4QT", "Flat 3, 27 Hadley Road, Leeds LS6 2AB", "1600 Maple Avenue, Apt 4B, Springfield, IL 62704"],
)
def test_a_postal_address_is_found_as_a_whole(scanner: Scanner, address: str) -> None:
    assert found(scanner, f"I moved, my new address is {address}.") == [("ADDRESS", address)]


@pytest.mark.parametrize("name", ["Sarah Jones", "John Smith", "Maria Garcia", "sarah jones", "Nguyen Thi Lan", "Oluwaseun Adeyemi"])
def test_a_persons_name_is_found(scanner: Scanner, name: str) -> None:
    assert found(scanner, f"My name is {name} and I want a loan") == [("PERSON", name)]


@pytest.mark.parametrize(
    "text",
    [
        "£10,000", "10000", "a £250,000 mortgage over 25 years at 4.75%", "£12345678 in my account", "12,345,678.90 pounds",
        "in 2026", "from 1985 to 2026", "1 May 2027", "2026-11-03", "14/05/2027", "between 01-02-26 and 03-04-26",
        "01-02-2026 to 02-03-2026", "a customer since 01-02-26", "5.25% AER", "8:00-20:00", "48 months, 10 000 pounds",
        "Larkfield Bank", "Easy Saver", "The Fixed Saver pays 4.1%", "Premier Account", "£1,000 to £25,000", "2.75% of £300 is £8.25",
        "", " ", "\n",
    ],
)  # fmt: skip
def test_what_a_bank_talks_about_all_day_is_nobodys_data(scanner: Scanner, text: str) -> None:
    assert found(scanner, text) == []


def test_a_name_next_to_a_product_is_still_hidden() -> None:
    scanner = Scanner(frozenset({"jones"}))  # an allowed word inside a name must not let the rest of it out
    assert ("PERSON", "Sarah") in found(scanner, "My name is Sarah Jones and I want a loan")


def test_offsets_are_those_of_the_text_as_given(scanner: Scanner) -> None:
    text = "\u200b\u200bmail\u200b me: jo\u200be@example.com\u202c!"
    (finding,) = scanner.scan(text)
    assert text[finding.start : finding.end] == "jo\u200be@example.com"


def test_findings_are_in_order_and_do_not_overlap(scanner: Scanner) -> None:
    text = "Sarah Jones, joe@example.com, 943 476 5919, card 4111 1111 1111 1111, QQ123456C, GB29 NWBK 6016 1331 9268 19."
    findings = scanner.scan(text)
    assert len(findings) == 6
    assert all(a.end <= b.start for a, b in zip(findings, findings[1:], strict=False))


def test_many_readers_at_once_find_the_same(scanner: Scanner) -> None:
    results: list[Any] = []

    def read(n: int) -> None:
        try:
            results.extend(found(scanner, f"I am Sarah Jones, mail joe{n}{i}@example.com") for i in range(10))
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 60
    assert all(row[0] == ("PERSON", "Sarah Jones") and row[1][0] == "EMAIL_ADDRESS" for row in results)


class _Broken:
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


@pytest.mark.parametrize("error", [RuntimeError("torn"), MemoryError()])
def test_a_scanner_that_breaks_stops_the_turn(error: BaseException) -> None:
    scanner = Scanner.__new__(Scanner)
    scanner._allow, scanner._tagger = frozenset(), _Broken(error)
    with pytest.raises(GuardrailBlocked, match="nothing goes on") as stopped:
        scanner.scan("hello")
    assert stopped.value.rule == "scanner"


@pytest.mark.parametrize("error", [OSError("no model"), ImportError("no torch")])
def test_a_scanner_that_cannot_start_stops_the_turn(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(room, "_tagger", fail)
    with pytest.raises(GuardrailBlocked, match="can't start") as stopped:
        Scanner()
    assert stopped.value.rule == "scanner"


def test_missing_weights_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "CATALOGUE", tmp_path / "catalogue.toml")
    monkeypatch.setattr(room, "_tagger", room._tagger.__wrapped__)
    with pytest.raises(GuardrailBlocked, match="can't start.*pii-tagger"):
        Scanner()
