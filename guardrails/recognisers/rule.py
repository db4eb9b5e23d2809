"""A recogniser as data: a pattern, how sure it is alone, the words that make it surer, and a check digit where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from guardrails.findings import WORDY

GAP = r"(?:[ \t\-./_]{0,2}|[ ]?\n)"  # what stands between the digits of one number, also where somebody was careless
NOT_IN_WORD = r"(?<![A-Za-z0-9])"
ENDS = r"(?![A-Za-z0-9])"
CHECKED, BACKED = 0.97, 0.6  # the score of a value whose check digit holds, and what a context word adds
LEAST = 0.4  # what scores less is no finding
WINDOW = 56  # characters before a value in which a context word counts


def digits(least: int, most: int | None = None) -> str:
    """That many digits, with gaps anywhere between them."""
    most = least if most is None else most
    return rf"\d(?:{GAP}\d){{{least - 1},{most - 1}}}"


_NEXT_SENTENCE = re.compile(r"[.!?] [A-Z][a-z]")


def _whole(value: str, kind: str) -> bool:
    """Whether `value` is one value: a number has digits, and no sentence ends inside ("MRN 00482913. Seen by")."""
    return kind in WORDY or (any(c.isdigit() for c in value) and not _NEXT_SENTENCE.search(value))


@dataclass(frozen=True)
class Rule:
    """`score` counts alone; a word of `context` before the value (or at the head of its column) adds `BACKED`.

    A `check` that holds gives `CHECKED`, unless `check_needs_context`; one that fails costs half a point, so a mistyped card
    number after the word "card" is still found.
    """

    type: str
    name: str
    pattern: str
    score: float
    context: str = ""
    check: Callable[[str], bool] | None = None
    check_needs_context: bool = False
    plain: bool = False  # the pattern brings its own borders
    _found: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _near: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pattern = self.pattern if self.plain else f"{NOT_IN_WORD}(?:{self.pattern}){ENDS}"
        object.__setattr__(self, "_found", re.compile(pattern, re.I))
        near = re.compile(rf"(?<![A-Za-z])(?:{self.context})(?![A-Za-z])", re.I) if self.context else None
        object.__setattr__(self, "_near", near)

    def find(self, text: str, before: Callable[[int], str]) -> list[tuple[int, int, float]]:
        """(start, end, score) of every match; `before` gives the words that lead up to a position, nearest last."""
        rows = []
        for match in self._found.finditer(text):
            start, end = match.span("value") if "value" in match.re.groupindex else match.span()
            if start == end or not _whole(text[start:end], self.type):
                continue
            backing = self._backing(before(start))
            score = self.score + backing
            if self.check is not None:
                if not self.check(text[start:end]):
                    score -= 0.5
                elif backing or not self.check_needs_context:
                    score = CHECKED + backing / 100
            if score >= LEAST:
                rows.append((start, end, min(score, 0.99)))
        return rows

    def _backing(self, words: str) -> float:
        """`BACKED` for a context word right before the value, down to three quarters of it for one at the window's far end."""
        last = max(self._near.finditer(words), key=re.Match.end, default=None) if self._near else None
        return BACKED * (1 - 0.25 * min(1.0, (len(words) - last.end()) / WINDOW)) if last else 0.0
