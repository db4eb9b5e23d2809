"""The words that lead up to a place in a text: what stands before it, and in a table the head of its column."""

from __future__ import annotations

import bisect
import re

from guardrails.recognisers.rule import WINDOW

_DELIMITERS = ",;\t|"


class Context:
    """Call it with a position; nearest words come last. Built once per text, in linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(m.end() for m in re.finditer("\n", text))]
        self._heads, self._delimiter, self._last_row = _table(text)

    def __call__(self, place: int) -> str:
        before = re.sub(r"[_\s]+", " ", self._text[max(0, place - WINDOW) : place])
        row = bisect.bisect_right(self._lines, place) - 1
        if self._heads and 0 < row <= self._last_row:
            column = self._text.count(self._delimiter, self._lines[row], place)
            return self._heads[column] if column < len(self._heads) else ""
        return before


def _table(text: str) -> tuple[list[str], str, int]:
    """(heads, delimiter, last row) of a text that starts as a table with a head; heads are empty where it does not."""
    lines = text.split("\n", 2)
    if len(lines) < 2:
        return [], "", 0
    head = lines[0]
    for delimiter in _DELIMITERS:
        columns = head.count(delimiter)
        if columns and lines[1].count(delimiter) >= columns and not re.search(r"\d{3}|[.!?:]\s", head) and len(head) < 600:
            rows = text.split("\n")
            last = next((n - 1 for n, line in enumerate(rows[1:], 1) if delimiter not in line and line.strip()), len(rows) - 1)
            return [re.sub(r"[_\"'\s]+", " ", cell).strip() for cell in head.split(delimiter)], delimiter, last
    return [], "", 0
