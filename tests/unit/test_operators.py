"""Operators: what a person would lose if a value stayed readable, came back wrong, or an invented one gave it away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import SecretStr

from errors import InvalidInput
from guardrails import Finding, Vault, checksums
from guardrails.operators import OPERATORS, Operator, Operators, decrypt, guard_key, masked
from settings import Settings

KEY, OTHER = b"k" * 40, b"o" * 40
TODAY = date(2026, 6, 1)
DIGITS = st.text("0123456789", min_size=4, max_size=12)
NAME = st.sampled_from("Anna Bo Sarah Jones Bell O'Brien Müller García Smith-Lloyd Ng Xavier Priya Wójcik".split())


def with_check(numbers: st.SearchStrategy[str], check: Callable[[str], bool]) -> st.SearchStrategy[str]:
    return numbers.map(lambda n: next((n + d for d in "0123456789" if check(n + d)), "")).filter(bool)


def iban(parts: tuple[str, str]) -> str:
    country, digits = parts
    bank = "WEST" if country == "GB" else ""
    plain = (bank + digits)[: checksums.IBAN_LENGTHS[country] - 4]
    number = int("".join(str(int(c, 36)) for c in f"{plain}{country}00"))
    return f"{country}{98 - number % 97:02}{plain}"


VALUES: dict[str, st.SearchStrategy[str]] = {
    "PERSON": st.tuples(NAME, NAME).map(" ".join) | NAME.map("Mr {}".format) | NAME.map(str.upper),
    "EMAIL_ADDRESS": st.tuples(NAME, NAME).map(lambda n: f"{n[0]}.{n[1]}87@mail.test".lower()),
    "PHONE_NUMBER": DIGITS.map("+44 7{}".format) | st.text("0123456789", min_size=9, max_size=9).map("0{}".format),
    "CREDIT_CARD": with_check(st.text("0123456789", min_size=14, max_size=14).map("4{}".format), checksums.luhn),
    "IBAN_CODE": st.tuples(st.sampled_from(["GB", "DE", "NO"]), st.text("0123456789", min_size=24, max_size=24)).map(iban),
    "UK_NHS": with_check(st.text("0123456789", min_size=8, max_size=8).map("9{}".format), checksums.nhs),
    "BANK_ACCOUNT": st.text("0123456789", min_size=8, max_size=8),
    "PASSWORD": st.text("abcXYZ0189!", min_size=8, max_size=14).filter(lambda v: any(map(str.isalnum, v))),
    "ADDRESS": st.tuples(st.integers(1, 99), NAME).map(lambda a: f"{a[0]} {a[1]} Street, Zwolldam QX7 8ZZ"),
    "POSTCODE": st.just("QX7 8ZZ"),
    "DATE_OF_BIRTH": st.dates(date(1930, 1, 1), date(2020, 1, 1)).map(lambda d: f"{d:%d/%m/%Y}"),
    "DATE": st.dates(date(1950, 1, 1), date(2050, 1, 1)).map(lambda d: f"{d.day} {d:%B %Y}"),
    "URL": NAME.map("https://social.test/in/{}".format),
    "IP_ADDRESS": st.tuples(*[st.integers(1, 254)] * 4).map(lambda n: ".".join(map(str, n))),
    "MRN": st.text("0123456789", min_size=6, max_size=9).map("MRN-{}".format),
}
# Signs that no value has and no operator makes, so a value that is left over can't hide among them.
AROUND = st.text("ßÆ¶§ \n", max_size=5)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    text, findings = draw(AROUND), []
    for kind in draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=6)):
        value = draw(VALUES[kind])
        findings.append(Finding(len(text), len(text) + len(value), kind, 0.9, "test"))
        text += value + "¶" + draw(AROUND)
    return text, findings


@examples(max_examples=200, deadline=None)
@given(documents(), st.sampled_from(OPERATORS))
def test_no_operator_leaves_a_value_and_every_operator_leaves_the_rest(document: tuple[str, list[Finding]], operator: Operator) -> None:
    text, findings = document
    out = Operators(operator, key=KEY, seed=1, today=TODAY).apply(text, findings)
    plain = "".join(c for n, c in enumerate(text) if not any(f.start <= n < f.end for f in findings))
    assert [c for c in out if c in "ßÆ¶§"] == [c for c in plain if c in "ßÆ¶§"]
    at = 0
    for before, finding, after in zip([None, *findings], findings, [*findings[1:], None], strict=False):
        kept = text[before.end if before else 0 : finding.start]
        assert out.startswith(kept, at)
        at += len(kept)
        end = out.index("¶", at)
        assert text[finding.start : finding.end].casefold() not in out[at:end].casefold()
        at = end
        assert after or out[at:] == text[finding.end :]


@examples(max_examples=60, deadline=None)
@given(documents())
def test_surrogates_hold_no_value_of_the_document_and_keep_format_and_check_digits(document: tuple[str, list[Finding]]) -> None:
    text, findings = document
    operators = Operators("surrogate", seed=1, today=TODAY)
    operators.apply(text, findings)
    names = {w.casefold() for f in findings if f.type == "PERSON" for w in re.findall(r"[^\W\d_]{3,}", text[f.start : f.end])}
    for finding in findings:
        value = text[finding.start : finding.end]
        made = operators.apply(value, [Finding(0, len(value), finding.type, 0.9, "test")])
        assert made != value and made == operators.apply(value, [Finding(0, len(value), finding.type, 0.9, "test")])
        if finding.type in ("PERSON", "EMAIL_ADDRESS"):
            assert not names & {w.casefold() for w in re.findall(r"[^\W\d_]{3,}", made)}
        if finding.type in ("CREDIT_CARD", "IBAN_CODE", "UK_NHS", "BANK_ACCOUNT", "PHONE_NUMBER", "MRN", "PASSWORD"):
            assert shape(made) == shape(value)
        for kind, check in (("CREDIT_CARD", checksums.luhn), ("IBAN_CODE", checksums.iban), ("UK_NHS", checksums.nhs)):
            assert finding.type != kind or check(made)


def shape(value: str) -> str:
    return "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.islower() else c for c in value)


PIECES = st.sampled_from(["<PERSON_1>", "PERSON_1", "<PERSON~", "~", "<", ">", "<PERSON~" + "A" * 40 + ">", "A" * 40, "_1", "Ann", " "])
TEXT = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=10).map("".join))


@st.composite
def anything(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    """A text with findings anywhere in it, also overlapping, adjacent and empty ones."""
    text = draw(TEXT)
    place = st.integers(0, len(text))
    kinds = st.sampled_from(["PERSON", "EMAIL_ADDRESS", "UK", "TYPED", "person", "x2", ""])
    spans = draw(st.lists(st.tuples(place, place, kinds, st.floats(0, 1)), max_size=6))
    return text, [Finding(min(a, b), max(a, b), kind, score, "test") for a, b, kind, score in spans]


@examples(max_examples=300, deadline=None)
@given(anything())
def test_encrypted_and_pseudonymised_text_comes_back_as_it_was(message: tuple[str, list[Finding]]) -> None:
    text, findings = message
    assert decrypt(Operators("encrypt", key=KEY).apply(text, findings), KEY) == text
    for operators in (Operators(), Operators("encrypt", key=KEY), Operators("pseudonym", {"PERSON": "encrypt"}, key=KEY)):
        assert operators.restore(operators.apply(text, findings)) == text


@examples(max_examples=300, deadline=None)
@given(anything(), st.sampled_from(OPERATORS))
def test_any_text_with_any_findings_is_taken(message: tuple[str, list[Finding]], operator: Operator) -> None:
    text, findings = message
    Operators(operator, key=KEY, seed=1, today=TODAY).apply(text, findings)


def put(operators: Operators, value: str, kind: str) -> str:
    return operators.apply(f"({value})", [Finding(1, 1 + len(value), kind, 0.9, "test")])[1:-1]


def test_each_operator_in_one_text() -> None:
    text = "Anna Bell, 4111 1111 1111 1111, born 14/05/1987, a@b.co"
    at = {"PERSON": "Anna Bell", "CREDIT_CARD": "4111 1111 1111 1111", "DATE_OF_BIRTH": "14/05/1987", "EMAIL_ADDRESS": "a@b.co"}
    findings = [Finding(text.index(v), text.index(v) + len(v), kind, 0.9, "test") for kind, v in at.items()]
    operators = Operators("redact", {"PERSON": "pseudonym", "CREDIT_CARD": "mask", "DATE_OF_BIRTH": "generalise"}, today=TODAY)
    assert operators.apply(text, findings) == "<PERSON_1>, •••• •••• •••• 1111, born aged 30-39, [EMAIL_ADDRESS]"
    assert operators.vault.to_dict() == {"<PERSON_1>": "Anna Bell"}


def test_a_conversation_goes_on_with_its_vault() -> None:
    vault = Vault({"<PERSON_1>": "Anna"})
    assert put(Operators(vault=vault), "Anna", "PERSON") == "<PERSON_1>"


@pytest.mark.parametrize(
    ("value", "seen"),
    [("12345678", "••••5678"), ("1234567", "•••••••"), ("+44 7700 900123", "+•• •••• ••0123"), ("AB-12", "••-••"),
     ("Anna Bell", "•••• Bell"), ("Łódź €5", "•••• ••")],
)  # fmt: skip
def test_a_mask_shows_the_end_of_long_values_only(value: str, seen: str) -> None:
    assert masked(value) == seen


@pytest.mark.parametrize("value", ["--", "•••", "?"])
def test_what_a_mask_would_leave_as_it_is_is_redacted(value: str) -> None:
    assert put(Operators("mask"), value, "PASSWORD") == "[PASSWORD]"


def test_the_same_value_is_the_same_hash_with_the_same_key_only() -> None:
    one = put(Operators("hash", key=KEY), "4111 1111 1111 1111", "CREDIT_CARD")
    assert re.fullmatch(r"<CREDIT_CARD:[0-9a-f]{12}>", one) and one == put(Operators("hash", key=KEY), "4111-1111-1111-1111", "CREDIT_CARD")
    assert put(Operators("hash", key=OTHER), "4111 1111 1111 1111", "CREDIT_CARD") != one
    assert put(Operators("hash", key=KEY), "anna  BELL", "PERSON") == put(Operators("hash", key=KEY), "Anna Bell", "PERSON")
    assert put(Operators("hash", key=KEY), "Secret1", "PASSWORD") != put(Operators("hash", key=KEY), "secret1", "PASSWORD")


@pytest.mark.parametrize("operator", ["hash", "encrypt"])
@pytest.mark.parametrize("key", [None, b"", b"short"])
def test_without_a_good_key_nothing_is_hashed_or_encrypted(operator: Operator, key: bytes | None) -> None:
    with pytest.raises(InvalidInput, match="(?s)VITRINE_GUARD_KEY.*") as error:
        Operators("redact", {"PERSON": operator}, key=key)
    assert "secrets.token_urlsafe" in str(error.value) and "short" not in str(error.value)


def test_another_key_and_a_changed_token_are_refused() -> None:
    token = put(Operators("encrypt", key=KEY), "Anna Bell", "PERSON")
    assert "Anna" not in token and token != put(Operators("encrypt", key=KEY), "Anna Bell", "PERSON")
    changed = token[:15] + ("A" if token[15] != "A" else "B") + token[16:]
    for text, key in ((token, OTHER), (token.replace("PERSON", "UK_NHS"), KEY), (changed, KEY)):
        with pytest.raises(InvalidInput, match="VITRINE_GUARD_KEY"):
            decrypt(text, key)
    with pytest.raises(InvalidInput, match="VITRINE_GUARD_KEY"):
        decrypt(token, None)
    assert decrypt("<PERSON_1> and <b>", KEY) == "<PERSON_1> and <b>"


def test_the_key_comes_from_the_settings_and_shows_nowhere() -> None:
    settings = Settings(guard_key=SecretStr("s" * 40))
    assert guard_key(settings) == b"s" * 40 and guard_key(Settings(guard_key=SecretStr(" "))) is None
    assert "ssss" not in repr(settings)


def test_a_person_has_one_invented_name_in_every_form() -> None:
    operators = Operators("surrogate", seed=3)
    first, last = put(operators, "Anna Bell", "PERSON").split(" ")
    assert put(operators, "Mrs Bell", "PERSON") == f"Mrs {last}" and put(operators, "anna", "PERSON") == first.lower()
    assert put(operators, "BELL, ANNA", "PERSON") == f"{last}, {first}".upper()
    assert put(operators, "anna.bell@mail.test", "EMAIL_ADDRESS") == f"{first}.{last}@example.com".lower()
    assert put(Operators("surrogate", seed=3), "Anna Bell", "PERSON") == f"{first} {last}"
    assert {put(Operators("surrogate"), "Anna Bell", "PERSON") for _ in range(8)} != {f"{first} {last}"}


def test_one_number_written_in_two_ways_stays_one_number() -> None:
    operators = Operators("surrogate", seed=3)
    spaced, plain = put(operators, "4111 1111 1111 1111", "CREDIT_CARD"), put(operators, "4111111111111111", "CREDIT_CARD")
    assert spaced.replace(" ", "") == plain and plain[0] == "4"


@pytest.mark.parametrize(("value", "kind"), [("7", "PASSWORD"), ("X", "PERSON"), ("12", "BANK_ACCOUNT"), ("192.168.0.9", "IP_ADDRESS")])
def test_a_short_value_is_never_its_own_surrogate(value: str, kind: str) -> None:
    assert all(value not in put(Operators("surrogate", seed=n), value, kind) for n in range(60))


@pytest.mark.parametrize("value", ["...", "–"])
def test_what_has_no_letters_and_digits_is_redacted(value: str) -> None:
    assert put(Operators("surrogate"), value, "PERSON") == "[PERSON]"


def test_many_people_get_as_many_names() -> None:
    operators = Operators("surrogate", seed=3)
    people = [f"{first}{n} {last}" for first in ("Al", "Bo", "Cy") for n in "abcdefghij" for last in ("Dean", "Ely", "Fry", "Gill", "Hay")]
    assert len({put(operators, p, "PERSON") for p in people}) == len(people)


@pytest.mark.parametrize(
    ("text", "kind", "signs"),
    [("DE89 3704 0044 0532 0130 00", "IBAN_CODE", "ÄÖÜäöüß"), ("+48 512 345 678", "PHONE_NUMBER", "ąćęłńóśźż")],
)
def test_names_are_of_the_country_that_an_iban_or_a_dialling_code_tells(text: str, kind: str, signs: str) -> None:
    people = [f"{a}{b} {c}{d}" for a in "ABCDEFGH" for b in ("nna", "eo") for c in "KLMN" for d in ("oe", "ill")]
    whole = text + "".join(f"\n{p}" for p in people)
    findings = [Finding(whole.index(p), whole.index(p) + len(p), "PERSON", 1, "test") for p in people]
    names = Operators("surrogate", seed=3).apply(whole, [Finding(0, len(text), kind, 1, "test"), *findings])
    assert any(c in signs for c in names)


@pytest.mark.parametrize(
    ("value", "pattern"),
    [("14/05/1987", r"\d\d/\d\d/198[67]"), ("1987-05-14", r"198[67]-\d\d-\d\d"), ("14 May 1987", r"\d{1,2} [A-Z][a-z]+ 198[67]"),
     ("May 14th, 1987", r"[A-Z][a-z]+ \d{1,2}(st|nd|rd|th), 198[67]"), ("14.5.87", r"\d{1,2}\.\d{1,2}\.8[67]"), ("1987", r"19(?!87)\d\d"),
     ("14. Mai 1987", r"\d{1,2}\. [A-Zä][a-zä]+ 198[67]")],
)  # fmt: skip
def test_dates_move_and_keep_their_format(value: str, pattern: str) -> None:
    for seed in range(5):
        made = put(Operators("surrogate", seed=seed, today=TODAY), value, "DATE_OF_BIRTH")
        assert re.fullmatch(pattern, made) and made != value


def test_days_between_two_dates_stay() -> None:
    operators = Operators("surrogate", seed=5, today=TODAY)
    first, second = (date.fromisoformat(put(operators, day, "DATE")) for day in ("2020-02-27", "2020-03-02"))
    assert (second - first).days == 4


@pytest.mark.parametrize(
    ("value", "kind", "rough"),
    [("14/05/1987", "DATE_OF_BIRTH", "aged 30-39"), ("2 June 1986", "DATE_OF_BIRTH", "aged 30-39"),
     ("1 June 1986", "DATE_OF_BIRTH", "aged 40-49"), ("1930-01-01", "DATE_OF_BIRTH", "aged 90 or over"),
     ("2031-01-01", "DATE_OF_BIRTH", "[DATE_OF_BIRTH]"), ("14/05/1987", "DATE", "May 1987"),
     ("next week", "DATE", "[DATE]"), ("31/02/1999", "DATE", "[DATE]"), ("12 High Street, Leeds LS1 4AB", "ADDRESS", "Leeds"),
     ("LS1 4AB", "POSTCODE", "LS1"), ("12 High Street LS1 4AB", "ADDRESS", "LS1"), ("12 High Street", "ADDRESS", "[ADDRESS]"),
     ("Leeds", "ADDRESS", "[ADDRESS]"), ("1 Main St, Springfield, IL 62704", "ADDRESS", "Springfield, IL"),
     ("Hauptstr. 5\n60311 Frankfurt", "ADDRESS", "Frankfurt"), ("Flat 2, Rose Cottage", "ADDRESS", "[ADDRESS]"),
     ("Anna", "PERSON", "[PERSON]")],
)  # fmt: skip
def test_a_coarser_form_where_there_is_one(value: str, kind: str, rough: str) -> None:
    assert put(Operators("generalise", today=TODAY), value, kind) == rough


def test_an_operator_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(InvalidInput, match="'blur'.*pseudonym, redact, mask"):
        Operators("redact", {"PERSON": "blur"})  # type: ignore[dict-item]


def test_a_finding_of_another_text_is_refused() -> None:
    with pytest.raises(InvalidInput, match="from 0 to 3"):
        Operators("redact").apply("Ann", [Finding(0, 9, "PERSON", 0.9, "test")])
