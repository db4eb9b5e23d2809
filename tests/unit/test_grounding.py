"""The check between the model and the customer: what may be shown, and what must never be."""

from __future__ import annotations

import pytest

from generators.text import Message
from generators.text_fake import FakeText
from guardrails import Door, Grounding, Session, house_text
from guardrails.grounding import quantities
from guardrails.scanner import default_scanner

NAMES = ["Easy Saver", "Fixed Saver", "1 Year Fixed Saver", "Premier Account", "Everyday Account"]
FACTS = [
    "The Easy Saver pays 3.10% AER.",
    "The 1 Year Fixed Saver pays 4.25% AER.",
    "You cannot take money out of a Fixed Saver before the term ends.",
    "The Everyday Account has no monthly fee.",
    "The Premier Account costs £12 a month.",
    "We write to you 14 days before a Fixed Saver ends.",
]
GROUNDING = Grounding(FACTS, "Can I withdraw £900 from the Easy Saver, and is there a 6% bonus?", NAMES)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Easy Saver pays 3.10% AER.",
        "The rate on the Easy Saver is 3.10%.",
        "The Easy Saver pays 3.10% AER, while the 1 Year Fixed Saver pays 4.25% AER.",
        "You can't take money out of a Fixed Saver before the term ends.",
        "The Premier Account costs £12 a month, whereas the Everyday Account has no monthly fee.",
    ],
)
def test_a_faithful_sentence_passes(sentence: str) -> None:
    assert GROUNDING.check(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The Easy Saver pays 3.25% AER.",
        "The Easy Saver pays 6% AER.",  # the question's number is no fact
        "The Easy Saver pays 4.25% AER.",  # another product's rate
        "The Easy Saver pays £3.10 a month.",  # another unit
        "We write to you 14 months before a Fixed Saver ends.",
        "You can take money out of a Fixed Saver before the term ends.",
        "The Premier Account has no monthly fee.",
        "The Easy Saver has unlimited withdrawals.",
        "We guarantee that the Easy Saver pays 3.10% AER.",
        "The Easy Saver pays 3.10% AER if you stay for two years.",
        "The Easy Saver pays 3.10% AER until Christmas.",
        "Mr Jones at the branch will help with the Easy Saver.",
    ],
)
def test_an_invented_number_name_condition_or_promise_is_rejected(sentence: str) -> None:
    assert GROUNDING.check(sentence)


def test_a_number_waits_for_its_unit_and_an_invented_word_is_never_shown() -> None:
    assert GROUNDING.prefix("We write to you 14 ") == "We write to you"
    assert GROUNDING.prefix("We write to you 14 days before ") == "We write to you 14 days before"
    assert GROUNDING.prefix("The Easy Saver pays 9% now ") == "The Easy Saver pays"


def test_a_year_is_twelve_months() -> None:
    assert quantities("1 year") == quantities("12 months") == [(12.0, "month")]


def test_support_names_the_fact_that_a_sentence_draws_on() -> None:
    assert GROUNDING.support("The Premier Account costs £12 a month.")[0] == 4


def streamed(reply: str) -> tuple[list[str], list[tuple[str, str]]]:
    door = Door(lambda: FakeText([reply]), lambda: pytest.fail("no embedder"), default_scanner, None)
    stream = door.stream([Message("user", house_text("?"))], Session("t"), GROUNDING)
    return [draft.text for draft in stream], stream.rejected


def test_nothing_unsupported_shows_at_any_moment_of_the_stream() -> None:
    shown, rejected = streamed("The Easy Saver pays 3.10% AER. It pays 7.77% to pensioners. The Premier Account costs £12 a month.")
    assert shown[-1] == "The Easy Saver pays 3.10% AER. The Premier Account costs £12 a month."
    assert not any("7.77" in text or "pensioners" in text for text in shown)
    assert len(rejected) == 1


def test_a_leading_yes_is_left_to_the_facts() -> None:
    shown, _ = streamed("Yes, the Premier Account costs £12 a month.")
    assert shown[-1] == "The Premier Account costs £12 a month."


def test_what_the_bank_takes_time_for_is_not_made_the_customers_duty() -> None:
    grounding = Grounding(["A power of attorney is registered within 10 working days."], "How long will you need to register it?")
    assert grounding.check("You will need to register the power of attorney within 10 working days.") is not None
    assert grounding.check("The power of attorney is registered within 10 working days.") is None
    assert Grounding(["You must register a power of attorney."]).check("You need to register a power of attorney.") is None


def test_a_number_is_said_of_the_product_it_belongs_to() -> None:
    facts = [
        "The tracker mortgage costs 0.45 percentage points more than the 5-year fixed mortgage.",
        "The 5-year fixed mortgage costs 4.39%.", "The tracker mortgage costs 4.84%.",
    ]  # fmt: skip
    grounding = Grounding(facts, names=["tracker mortgage", "5-year fixed mortgage"])
    assert grounding.check("The tracker mortgage costs 0.45 percentage points more than the 5-year fixed mortgage, which is 4.84%.")
    assert grounding.check("The 5-year fixed mortgage costs 4.39%, while the tracker mortgage costs 4.84%.") is None
    assert grounding.check("The tracker mortgage costs 0.45 percentage points more than the 5-year fixed mortgage.") is None
