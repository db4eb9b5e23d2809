"""The arithmetic of the benchmarks: ratios, their intervals, verdicts, the table, and the order of the runs."""

from __future__ import annotations

import pytest

from benchmarks.engine import schedule
from benchmarks.questions import QUESTIONS
from benchmarks.report import Row, Target, compared, conditions, document, missing, table
from benchmarks.stats import p95, paired_ratio, sample_ratio


def test_a_paired_ratio_is_the_median_of_the_pairs() -> None:
    ratio = paired_ratio([2, 4, 60], [1, 4, 20])
    assert ratio.value == 2 and 1 <= ratio.low <= 2 <= ratio.high <= 3


def test_slow_drift_of_the_machine_cancels_in_pairs() -> None:
    ratio = paired_ratio([1.1 * drift for drift in (1, 2, 4, 8)], [1, 2, 4, 8])
    assert ratio.low == pytest.approx(1.1) and ratio.high == pytest.approx(1.1)


def test_an_interval_narrows_with_more_runs_and_is_the_same_each_time() -> None:
    noise = [0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3]
    few, many = paired_ratio(noise, [1] * 7), paired_ratio(noise * 20, [1] * 140)
    assert few.high - few.low > many.high - many.low > 0
    assert few == paired_ratio(noise, [1] * 7)


def test_a_ratio_of_samples_takes_the_statistic_of_each() -> None:
    ratio = sample_ratio(range(0, 202, 2), range(101), p95)
    assert ratio.value == pytest.approx(2) and ratio.low < 2 < ratio.high


@pytest.mark.parametrize(("ours", "theirs"), [([], []), ([1], [1, 2])])
def test_samples_that_are_no_pairs_are_refused(ours: list[float], theirs: list[float]) -> None:
    with pytest.raises(ValueError, match="equally long"):
        paired_ratio(ours, theirs)


def test_an_empty_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="two samples"):
        sample_ratio([1.0], [], p95)


@pytest.mark.parametrize(
    ("ours", "target", "verdict"),
    [
        ([1.1, 1.1], Target(1.15), "pass"),
        ([1.2, 1.2], Target(1.15), "MISS"),
        ([0.97, 0.97], Target(0.97, at_least=True), "pass"),
        ([0.9, 0.9], Target(0.97, at_least=True), "MISS"),
        ([9.0, 9.0], None, "reported"),
    ],
)
def test_the_target_bounds_the_ratio(ours: list[float], target: Target | None, verdict: str) -> None:
    assert compared("x", "s", ours, "peer", [1.0, 1.0], target).verdict == verdict


def test_without_a_peer_the_target_bounds_the_figure() -> None:
    assert Row("memory", "GB", 2.4, target=Target(2.5)).verdict == "pass"
    assert Row("memory", "GB", 2.6, target=Target(2.5)).verdict == "MISS"


def test_the_table_shows_both_sides_the_interval_and_the_verdict() -> None:
    lines = table([
        compared("Scan", "ms", [12.0, 12.0], "stock | plain", [1234.0, 1234.0], Target(1), note="Forty messages."),
        Row("Memory", "GB", 2.6543, target=Target(2.5), runs=1),
        missing("Home", "no Chromium is here"),
    ]).splitlines()  # fmt: skip
    assert lines[2] == "| Scan | 12 ms | stock \\| plain: 1234 ms | 0.010 (0.010 to 0.010) | ≤ 1 | pass | 2 |"
    assert lines[3] == "| Memory | 2.65 GB |  |  | ≤ 2.5 GB | MISS | 1 |"
    assert lines[4] == "| Home |  |  |  |  | not measured |  |"
    assert lines[6:] == ["- Scan: Forty messages.", "- Home: no Chromium is here"]
    assert len({line.replace("\\|", "").count("|") for line in lines[:5]}) == 1


def test_the_report_says_what_the_figures_depend_on_and_not_whose_machine_it_was() -> None:
    import platform
    from pathlib import Path

    text = document([missing("Home", "no Chromium is here")], conditions("some-model"))
    assert "some-model" in text and "cores" in text and platform.python_version() in text
    assert str(Path.home()) not in text and str(Path.cwd()) not in text
    assert platform.node() not in text.split()


def test_each_question_runs_once_each_way_and_never_twice_in_a_row() -> None:
    for flip in (False, True):
        order = schedule(QUESTIONS, flip)
        assert len(order) == len({(question.text, variant) for question, variant in order}) == 2 * len(QUESTIONS)
        assert all(one is not other for (one, _), (other, _) in zip(order, order[1:], strict=False))
    firsts = [variant for _, variant in schedule(QUESTIONS)[::4]]
    assert firsts.count("bare") == firsts.count("guarded")
    assert {variant for _, variant in (schedule(QUESTIONS)[0], schedule(QUESTIONS, flip=True)[0])} == {"bare", "guarded"}


def test_questions_that_do_not_go_in_twos_are_refused() -> None:
    with pytest.raises(ValueError, match="twos"):
        schedule(QUESTIONS[:3])
