"""What a scan finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters `start` to `end` (exclusive) hold PII of `type`; `score` is from 0 to 1."""

    start: int
    end: int
    type: str
    score: float
    recogniser: str
