"""What a scan finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

# Kinds whose values may do without a digit. What is found of any other kind and holds none, was misread.
WORDY = frozenset({"PERSON", "ADDRESS", "EMAIL_ADDRESS", "USERNAME", "URL", "PASSWORD", "API_KEY", "CRYPTO"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters `start` to `end` (exclusive) hold PII of `type`; `score` is from 0 to 1."""

    start: int
    end: int
    type: str
    score: float
    recogniser: str


def _score(finding: Finding) -> float:
    return finding.score


def merged(findings: Iterable[Finding], rank: Callable[[Finding], Any] = _score) -> list[Finding]:
    """Findings in order of position; those that overlap as one, as long as all, of the type of the highest `rank`. Empty ones fall out."""
    out: list[Finding] = []
    for span in sorted((f for f in findings if f.start < f.end), key=lambda f: f.start):
        if out and span.start < out[-1].end:
            last = out[-1]
            best = max(last, span, key=rank)
            out[-1] = Finding(last.start, max(last.end, span.end), best.type, best.score, best.recogniser)
        else:
            out.append(span)
    return out
