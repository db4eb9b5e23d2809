"""Stable, reversible pseudonyms of one conversation: the same value is always the same token."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardrails.findings import Finding

_TOKEN = re.compile(r"<\s*([A-Za-z_]+?)[ _](\d+)\s*>")


class Vault:
    """`restore(pseudonymise(x)) == x`, for any x: a token that a person types himself is taken for a value."""

    def __init__(self, tokens: dict[str, str] | None = None) -> None:
        self._values = dict(tokens or {})  # token -> value
        self._tokens = {value: token for token, value in self._values.items()}

    def pseudonymise(self, text: str, findings: Sequence[Finding]) -> str:
        typed = [Finding(m.start(), m.end(), "TYPED", 1.0, "vault") for m in _TOKEN.finditer(text)]
        spans = typed + [f for f in findings if all(f.end <= t.start or f.start >= t.end for t in typed)]
        out, at = [], 0
        for span in sorted(spans, key=lambda s: s.start):
            out += [text[at : span.start], self._token(text[span.start : span.end], span.type)]
            at = span.end
        return "".join([*out, text[at:]])

    def restore(self, text: str) -> str:
        """Also mends tokens that a model broke, such as `<Person 1>`."""

        def value(match: re.Match[str]) -> str:
            return self._values.get(f"<{match[1].upper()}_{match[2]}>", match[0])

        return _TOKEN.sub(value, text)

    def knows(self, value: str) -> bool:
        return value in self._tokens

    def to_dict(self) -> dict[str, str]:
        return dict(self._values)

    def _token(self, value: str, kind: str) -> str:
        if value not in self._tokens:
            number = 1 + sum(token.startswith(f"<{kind}_") for token in self._values)
            self._tokens[value] = f"<{kind}_{number}>"
            self._values[self._tokens[value]] = value
        return self._tokens[value]
