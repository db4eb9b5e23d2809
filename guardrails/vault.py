"""Stable, reversible pseudonyms of one conversation: the same value is always the same token.

Values are compared exactly: "Sarah Jones" and "sarah  jones" get two tokens, or the text could not be
restored as it was typed. A vault knows its own conversation only, and never asks what a value means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from errors import InvalidInput
from guardrails.findings import Finding, merged

_CANONICAL = re.compile(r"<([A-Z]+(?:_[A-Z]+)*)_([1-9][0-9]*)>")
_BRACKETS = r"<\s*[A-Za-z]+(?:[ _-]+[A-Za-z]+)*[ _-]+[0-9]+\s*>"
_BARE = r"[A-Z]+(?:_[A-Z]+)*_[0-9]+"
# What `restore` may replace. `_TYPED` is the same without a look at the neighbours, because these change
# when a value next to it becomes a token: all that could be read as a token later is hidden on the way in.
_TOKEN = re.compile(rf"{_BRACKETS}|(?<![A-Za-z0-9_]){_BARE}(?![A-Za-z0-9_])")
_TYPED = re.compile(rf"{_BRACKETS}|{_BARE}")


class Vault:
    """`restore(pseudonymise(x)) == x`, for any x: a token that a person types himself is taken for a value."""

    def __init__(self, tokens: Mapping[str, str] | None = None) -> None:
        self._values: dict[str, str] = {}  # token -> value
        self._tokens: dict[str, str] = {}  # value -> token
        self._last: dict[str, int] = {}  # kind -> highest number
        for token, value in (tokens or {}).items():
            match = _CANONICAL.fullmatch(token)
            if match is None or not isinstance(value, str):
                raise InvalidInput(f"{token!r} is no entry of a vault; right is a token such as <PERSON_1> with its text.")
            self._values[token] = value
            self._tokens.setdefault(value, token)
            self._last[match[1]] = max(self._last.get(match[1], 0), int(match[2]))

    def pseudonymise(self, text: str, findings: Sequence[Finding]) -> str:
        """`text` with each finding as a token; findings that overlap become one, of the surest one's type."""
        typed = [Finding(m.start(), m.end(), "TYPED", 0.0, "vault") for m in _TYPED.finditer(text)]
        out, at = [], 0
        for span in merged([*typed, *findings]):
            out += [text[at : span.start], self._token(text[span.start : span.end], span.type)]
            at = span.end
        return "".join([*out, text[at:]])

    def restore(self, text: str) -> str:
        """Also mends known tokens that a model broke: `<Person 1>`, `< PERSON_1 >`, `PERSON_1`. Others stay."""

        def value(match: re.Match[str]) -> str:
            words = re.findall(r"[A-Za-z]+|[0-9]+", match[0])
            return self._values.get(f"<{'_'.join(words).upper()}>", match[0])

        return _TOKEN.sub(value, text)

    def knows(self, value: str) -> bool:
        """Whether exactly this text was hidden in this conversation."""
        return value in self._tokens

    def to_dict(self) -> dict[str, str]:
        return dict(self._values)

    def _token(self, value: str, kind: str) -> str:
        if value not in self._tokens:
            kind = "_".join(re.findall(r"[A-Z]+", kind.upper())) or "VALUE"
            self._last[kind] = self._last.get(kind, 0) + 1
            self._tokens[value] = f"<{kind}_{self._last[kind]}>"
            self._values[self._tokens[value]] = value
        return self._tokens[value]
