"""Rules and folding: what a value looks like however it is written, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrails.context import Context
from guardrails.normalise import fold, spoken
from guardrails.recognisers import RULES
from guardrails.scanner import default_scanner


def found(text: str) -> set[tuple[str, str]]:
    rows = set()
    for view in (fold(text), spoken(fold(text))):
        if view is not None:
            for rule in RULES:
                for start, end, _ in rule.find(view.text, Context(view.text)):
                    first, last = view.typed(start, end)
                    rows.add((rule.type, text[first:last]))
    return rows


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("card ４１１１ １１１１ １１１１ １１１１", ("CREDIT_CARD", "４１１１ １１１１ １１１１ １１１１")),
        ("call me on oh seven seven double oh nine one two three", ("PHONE_NUMBER", "oh seven seven double oh nine one two three")),
        ("IBAN GB29 NWBK 6016 1331 9268 19, thanks", ("IBAN_CODE", "GB29 NWBK 6016 1331 9268 19")),
        ("VIN 1HGCM82633A004352", ("VIN", "1HGCM82633A004352")),
        ("name,dob\nAnn Lee,1985-03-12", ("DATE_OF_BIRTH", "1985-03-12")),
        ("my IMEI is 490154203237518", ("IMEI", "490154203237518")),
    ],
)  # fmt: skip
def test_a_value_is_found_as_it_was_typed(text: str, row: tuple[str, str]) -> None:
    assert row in found(text)


@pytest.mark.parametrize(
    "text", ["a £250,000 mortgage over 25 years", "between 01-02-26 and 03-04-26", "order 12345678", "in 2026, 10 000 pounds"]
)
def test_what_only_looks_like_a_value_is_left(text: str) -> None:
    assert found(text) == set()


@given(st.text())
def test_folding_keeps_the_way_back(text: str) -> None:
    view = fold(text)
    assert len(view.text) == len(view.starts) == len(view.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))


@pytest.mark.parametrize("text", ["MRN 00482913. Seen by Dr. Lindqvist", "the plate and the router is 00-1B-44-11-3A-B7"])
def test_a_number_does_not_run_into_the_words_after_it(text: str) -> None:
    found = [text[f.start : f.end] for f in default_scanner().scan(text)]
    assert not [value for value in found if "Seen" in value or "router" in value]


def test_the_bp_after_a_record_number_is_no_record_number() -> None:
    text = "MRN 00482913. Seen for Parkinson's; BP 128/76. Started co-careldopa 25/100."
    assert not [f for f in default_scanner().scan(text) if "Started" in text[f.start : f.end]]
