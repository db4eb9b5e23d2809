"""Ratios of repeated timings with a 95 % bootstrap interval.

An interval says how far the ratio moves when the same runs are drawn again. It knows nothing of what all runs share: the
machine, the model, the questions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

RESAMPLES = 4000
Statistic = Callable[..., Any]  # numpy's median or percentile: values and axis in, one number per row out


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours divided by the peer's, and the interval that holds 95 % of the resampled ratios."""

    value: float
    low: float
    high: float


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """The median over the pairs of ours / theirs. A pair is measured back to back, so slow drift of the machine cancels."""
    if not ours or len(ours) != len(theirs):
        raise ValueError(f"A paired ratio needs two equally long samples; these have {len(ours)} and {len(theirs)} values.")
    pairs = np.asarray(ours, dtype=float) / np.asarray(theirs, dtype=float)
    drawn = np.random.default_rng(0).choice(pairs, (RESAMPLES, len(pairs)))
    return _ratio(float(np.median(pairs)), np.median(drawn, axis=1))


def sample_ratio(ours: Sequence[float], theirs: Sequence[float], statistic: Statistic) -> Ratio:
    """`statistic` of ours / `statistic` of theirs, for samples without pairs; each is resampled on its own."""
    if not ours or not theirs:
        raise ValueError(f"A ratio needs two samples; these have {len(ours)} and {len(theirs)} values.")
    random = np.random.default_rng(0)
    drawn = [statistic(random.choice(np.asarray(side, dtype=float), (RESAMPLES, len(side))), axis=1) for side in (ours, theirs)]
    return _ratio(float(statistic(ours, axis=0) / statistic(theirs, axis=0)), drawn[0] / drawn[1])


def p95(values: Any, axis: int = 0) -> Any:
    return np.percentile(np.asarray(values, dtype=float), 95, axis=axis)


def _ratio(value: float, drawn: Any) -> Ratio:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Ratio(value, float(low), float(high))
