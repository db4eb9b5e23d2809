"""What a person chooses in the lab decides what is found: threshold, kinds, what is never and what is always hidden."""

from __future__ import annotations

from guardrails.policy import DENIED, Policy

TEXT = "I am Sarah Jones, sarah.jones@example.com, and Project Bluebird starts in May."


def found(policy: Policy) -> set[tuple[str, str]]:
    return {(row.type, TEXT[row.start : row.end]) for row in policy.find(TEXT)}


def test_all_is_found_by_default() -> None:
    assert {("PERSON", "Sarah Jones"), ("EMAIL_ADDRESS", "sarah.jones@example.com")} <= found(Policy())


def test_kinds_that_were_not_chosen_stay() -> None:
    assert found(Policy(kinds=frozenset({"EMAIL_ADDRESS"}))) == {("EMAIL_ADDRESS", "sarah.jones@example.com")}


def test_a_threshold_above_every_score_leaves_only_what_is_always_hidden() -> None:
    assert found(Policy(threshold=1.01, deny=("project bluebird",))) == {(DENIED, "Project Bluebird")}


def test_what_is_allowed_stays_and_what_is_denied_goes_whatever_the_case() -> None:
    rows = found(Policy(allow=("sarah jones",), deny=("BLUEBIRD",)))
    assert ("PERSON", "Sarah Jones") not in rows and (DENIED, "Bluebird") in rows


def test_a_denied_word_inside_another_stays() -> None:
    assert not [row for row in Policy(deny=("art",)).find("It starts with a cart.") if row.type == DENIED]
