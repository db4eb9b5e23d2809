"""Finds personal data, wholly offline: rules with check digits and context words, and a tagger that reads the sentence.

Both read the text folded (see `normalise.py`), so spans fit the text as it was typed. Where they meet, one finding covers both, with
the type of the surer one. It knows English text, and names and addresses as far as `training/pii` taught them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cache

from errors import GuardrailBlocked
from guardrails.context import Context
from guardrails.findings import Finding, merged
from guardrails.normalise import Folded, fold, spoken
from guardrails.recognisers import RULES
from guardrails.tagger import Tagger

SURE = 0.9  # a rule that is this sure names the type, whatever the tagger says
_building = threading.Lock()


class Scanner:
    """`allow` holds words (brands, products) that are nobody's name."""

    def __init__(self, allow: frozenset[str] = frozenset()) -> None:
        self._allow = frozenset(word.lower() for word in allow)
        try:
            with _building:
                self._tagger = _tagger()
        except Exception as error:
            raise GuardrailBlocked(f"The PII scanner can't start, so nothing goes on: {error}", rule="scanner") from error

    def scan(self, text: str) -> list[Finding]:
        """Findings that do not overlap, in order of position. Fails closed."""
        try:
            folded = fold(text)
            views = [view for view in (folded, spoken(folded)) if view is not None]
            rows = [row for view in views for row in _ruled(view)]
            rows += [self._trimmed(text, row) for row in self._tagger.find(folded)]
        except Exception as error:
            raise GuardrailBlocked(f"The PII scanner failed, so nothing goes on: {error}", rule="scanner") from error
        return merged(rows, _rank)

    def _trimmed(self, text: str, row: Finding) -> Finding:
        """A person's name without the allowed words around it; empty when nothing is left."""
        if row.type not in ("PERSON", "ADDRESS", "USERNAME"):
            return row
        words = [(m.start() + row.start, m.end() + row.start) for m in re.finditer(r"\S+", text[row.start : row.end])]
        while words and self._allowed(text[slice(*words[0])]):
            words.pop(0)
        while words and self._allowed(text[slice(*words[-1])]):
            words.pop()
        start, end = (words[0][0], words[-1][1]) if words else (row.start, row.start)
        return Finding(start, end, row.type, row.score, row.recogniser)

    def _allowed(self, word: str) -> bool:
        return word.lower().removesuffix("'s").removesuffix("\u2019s").strip(".,!?;:") in self._allow


def _ruled(view: Folded) -> Iterator[Finding]:
    context = Context(view.text)
    for rule in RULES:
        for start, end, score in rule.find(view.text, context):
            yield Finding(*view.typed(start, end), rule.type, round(score, 2), rule.name)


def _rank(row: Finding) -> tuple[bool, float, int]:
    return row.recogniser != "tagger" and row.score >= SURE, row.score, row.end - row.start


@cache
def _tagger() -> Tagger:
    return Tagger()


@cache
def default_scanner(allow: frozenset[str] = frozenset()) -> Scanner:
    return Scanner(allow)
