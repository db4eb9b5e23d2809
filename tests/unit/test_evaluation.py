"""The judge: what would let a wrong answer count as right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from usecases import evaluation
from usecases.chat import Answer, Citation, GlassBox
from usecases.evaluation import Case

SETS = sorted((Path(__file__).parents[2] / "usecases/finance/evaluation").glob("*.toml"))
FACTS = ("The Easy Saver pays 3.10% AER.", "You cannot withdraw on Sundays.")
ANSWER = Answer("The Easy Saver pays 3.10% AER. [1]", "answer", (Citation(1, "Easy Saver", "Rate", FACTS[0], "easy-saver"),), (),
                GlassBox("q", "", "", (), ()), {}, "m", FACTS, "knowledge")  # fmt: skip
CASE = Case("fact", ("q",), ("3.10%",), "easy-saver", None)


@pytest.mark.parametrize(
    "sentence",
    ["The Easy Saver pays 3.1% AER.", "It pays £3.10.", "It pays 3.10% if you are lucky.", "Ask Mister Robinson.", "It is always 3.10%."],
)
def test_a_number_sign_name_condition_or_promise_beyond_the_facts_is_unsupported(sentence: str) -> None:
    assert evaluation.unsupported(sentence, FACTS)


def test_a_faithful_sentence_is_supported() -> None:
    assert evaluation.unsupported("The Easy Saver pays 3.10% AER, but you can't withdraw on a Sunday.", FACTS) is None


def test_an_answer_counts_only_with_all_it_had_to_say_and_the_passage_it_marks() -> None:
    assert evaluation.correct(CASE, ANSWER) and evaluation.cited(CASE, ANSWER)
    assert not evaluation.correct(replace(CASE, expected=("3.10%", "£250,000")), ANSWER)
    assert not evaluation.cited(CASE, replace(ANSWER, text="The Easy Saver pays 3.10% AER."))
    assert not evaluation.correct(CASE, replace(ANSWER, kind="declined"))
    assert not evaluation.correct(replace(CASE, kind="advice"), ANSWER)


def test_wilson_interval_matches_the_published_example() -> None:
    low, high = evaluation.wilson(81, 263)  # Newcombe 1998, table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize("path", SETS, ids=lambda p: p.stem)
def test_every_row_of_an_evaluation_set_can_be_judged(path: Path) -> None:
    cases = evaluation.load(path)
    assert len(cases) >= 60
    assert all(case.to_decline or (case.expected and case.source) for case in cases)


def test_the_two_halves_share_no_question() -> None:
    asked = [case.messages for path in SETS for case in evaluation.load(path)]
    assert len(asked) == len(set(asked))
