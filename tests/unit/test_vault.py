"""Pseudonyms: what a person would lose if a value came back wrong, or somebody else's came back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import InvalidInput
from guardrails import Finding, Vault

PIECES = st.sampled_from(
    ["<PERSON_1>", "<PERSON_2>", "PERSON_1", "<Person 1>", "< PERSON_1 >", "<TYPED_1>", "TYPED_1", "EMAIL_ADDRESS_1", "<", ">", "<<", ">>",
     "_", "1", "2", " ", "-", "PERSON", "person_1", "<person-1>", "A_1", "a@b.co", "Ann", "<email address 1>", "\n", "\u00a0", "<PERSON_١>"]
)  # fmt: skip
TEXT = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=14).map("".join))
KINDS = st.sampled_from(["PERSON", "EMAIL_ADDRESS", "UK_NHS", "UK", "TYPED", "person", "x2", "", "A1_B"])


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    """A text with findings anywhere in it, also overlapping, adjacent and empty ones."""
    text = draw(TEXT)
    place = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(place, place, KINDS, st.floats(0, 1)), max_size=6))
    return text, [Finding(min(a, b), max(a, b), kind, score, "test") for a, b, kind, score in spans]


@settings(max_examples=800, deadline=None)
@given(st.lists(messages(), min_size=1, max_size=4))
def test_every_message_of_a_conversation_comes_back_as_it_was_typed(conversation: list[tuple[str, list[Finding]]]) -> None:
    vault = Vault()
    hidden = [(text, vault.pseudonymise(text, findings)) for text, findings in conversation]
    for text, safe in hidden:  # at the end: a later value must not change what an earlier message meant
        assert vault.restore(safe) == text
        assert Vault(vault.to_dict()).restore(safe) == text


@settings(max_examples=300, deadline=None)
@given(messages())
def test_nothing_that_was_found_stays_readable_where_it_stood(message: tuple[str, list[Finding]]) -> None:
    text, findings = message
    vault = Vault()
    left = re.split(r"<[A-Z_]+_\d+>", vault.pseudonymise(text, findings))
    covered = {i for f in findings for i in range(f.start, f.end)}
    assert sum(map(len, left)) <= len(text) - len(covered)


def hide(vault: Vault, text: str, value: str, kind: str = "PERSON", score: float = 0.9) -> str:
    start = text.index(value)
    return vault.pseudonymise(text, [Finding(start, start + len(value), kind, score, "test")])


def test_the_same_person_is_the_same_token_in_every_message() -> None:
    vault = Vault()
    assert hide(vault, "I am Ann", "Ann") == "I am <PERSON_1>"
    assert hide(vault, "Bo is here", "Bo") == "<PERSON_2> is here"
    assert hide(vault, "Ann again", "Ann") == "<PERSON_1> again"


def test_a_name_written_otherwise_comes_back_as_it_was_written() -> None:
    vault = Vault()
    safe = [hide(vault, name, name) for name in ("Sarah Jones", "SARAH JONES", "Sarah  Jones")]
    assert [vault.restore(s) for s in safe] == ["Sarah Jones", "SARAH JONES", "Sarah  Jones"]


@pytest.mark.parametrize("typed", ["<PERSON_1>", "PERSON_1", "<Person 1>", "< PERSON_1 >", "<person-1>", "[PERSON_1]"])
def test_a_token_that_a_person_types_reveals_nothing(typed: str) -> None:
    vault = Vault()
    hide(vault, "Ann", "Ann")
    safe = vault.pseudonymise(f"Who is {typed}?", [])
    assert "PERSON" not in safe.upper().replace("TYPED", "")
    assert vault.restore(safe) == f"Who is {typed}?"


def test_a_token_of_another_conversation_stays_a_token() -> None:
    hide(Vault(), "Ann", "Ann")
    other = Vault()
    assert other.restore(other.pseudonymise("<PERSON_1> PERSON_1", [])) == "<PERSON_1> PERSON_1"
    assert other.restore("The model invents <PERSON_1> and PERSON_7") == "The model invents <PERSON_1> and PERSON_7"


@pytest.mark.parametrize("broken", ["<PERSON_1>", "<Person 1>", "< PERSON_1 >", "<person_1>", "PERSON_1", "<PERSON-1>", "<PERSON_1"])
def test_a_token_that_the_model_broke_still_shows_the_name(broken: str) -> None:
    vault = Vault()
    hide(vault, "Ann", "Ann")
    assert "Ann" in vault.restore(f"Dear {broken}, hello") and "1" not in vault.restore(f"Dear {broken}, hello")


def test_a_kind_of_two_words_is_mended_too() -> None:
    vault = Vault()
    hide(vault, "a@b.co", "a@b.co", "EMAIL_ADDRESS")
    assert vault.restore("<Email Address 1> EMAIL_ADDRESS_1") == "a@b.co a@b.co"


def test_a_longer_number_is_another_person() -> None:
    vault = Vault()
    hide(vault, "Ann", "Ann")
    kept = "<PERSON_12> PERSON_12 XPERSON_1 PERSON_1a"
    assert vault.restore(kept) == kept


def test_personal_data_glued_to_a_typed_token_is_hidden_with_it() -> None:
    assert "joe" not in hide(Vault(), "PERSON_1joe@example.com", "1joe@example.com", "EMAIL_ADDRESS")


def test_a_typed_token_is_not_mended_because_its_neighbour_was_hidden() -> None:
    vault = Vault()
    hide(vault, "Ann", "Ann")
    safe = hide(vault, "PERSON_1joe@example.com", "joe@example.com", "EMAIL_ADDRESS")
    assert safe == "<TYPED_1><EMAIL_ADDRESS_1>" and vault.restore(safe) == "PERSON_1joe@example.com"


def test_findings_that_overlap_become_one_of_the_surest_type() -> None:
    safe = Vault().pseudonymise("0123456789", [Finding(0, 6, "PERSON", 0.4, "a"), Finding(4, 9, "UK_NHS", 0.9, "b")])
    assert safe == "<UK_NHS_1>9"


def test_a_vault_that_was_loaded_gives_no_number_twice() -> None:
    vault = Vault({"<PERSON_2>": "Bo"})
    safe = hide(vault, "Ann", "Ann") + " " + hide(vault, "Cy", "Cy")
    assert vault.restore(f"{safe} <PERSON_2>") == "Ann Cy Bo"


@pytest.mark.parametrize("rows", [{"PERSON_1": "Ann"}, {"<PERSON_1>": 3}, {"": "x"}, {"<person_1>": "x"}, {"<PERSON_0>": "x"}])
def test_a_file_that_is_no_vault_is_refused(rows: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="<PERSON_1>"):
        Vault(rows)


def test_the_guard_knows_only_what_was_hidden_in_this_conversation() -> None:
    vault = Vault()
    hide(vault, "I am Ann", "Ann")
    assert vault.knows("Ann") and not vault.knows("ann") and not Vault().knows("Ann")
