"""Cleans text that arrives in pieces: what is let out was read together with what stands before and behind it.

The newest `hold` characters wait, so that a value that is still being written is never shown half. A value longer than `hold` that is
recognised only at its end may still leave its beginning open; the report measures how often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from guardrails.findings import Finding

HOLD, STEP, BEFORE = 240, 120, 240  # characters that wait, that are let out at a time, and that are read again for their context


class StreamCleaner:
    """`find` reads a text, `clean` puts something in place of its findings. One stream, one thread."""

    def __init__(self, find: Callable[[str], Sequence[Finding]], clean: Callable[[str, Sequence[Finding]], str]) -> None:
        self._find, self._clean = find, clean
        self._text, self._out = "", 0  # what is still needed, and how much of it has been let out

    def feed(self, piece: str) -> str:
        """What may be shown now; often nothing."""
        self._text += piece
        waiting = len(self._text) - self._out
        return self._release(len(self._text) - HOLD) if waiting >= HOLD + STEP else ""

    def close(self) -> str:
        """The rest."""
        return self._release(len(self._text))

    def _release(self, limit: int) -> str:
        found = self._find(self._text)
        cut = limit
        if cut < len(self._text):
            space = max(self._text.rfind(" ", self._out, cut), self._text.rfind("\n", self._out, cut))
            cut = space + 1 if space > self._out else cut
            for row in reversed(found):
                if row.start < cut < row.end:
                    cut = max(row.start, self._out)
        inside = [
            Finding(max(row.start, self._out) - self._out, row.end - self._out, row.type, row.score, row.recogniser)
            for row in found if row.end > self._out and row.start < cut
        ]  # fmt: skip
        shown = self._clean(self._text[self._out : cut], inside)
        drop = max(cut - BEFORE, 0)
        self._text, self._out = self._text[drop:], cut - drop
        return shown
