"""What counts as a finding: a threshold, the kinds looked for, words that are nobody's, and words that are always hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guardrails.findings import Finding
from guardrails.scanner import Scanner

DENIED = "DENIED"


@dataclass(frozen=True, slots=True)
class Policy:
    """`kinds` empty means all. `allow` are whole values or single words, `deny` whole words or phrases; case does not matter.

    What `deny` names is found whatever else is chosen. A name on `allow` is still found where it is part of a longer one.
    """

    threshold: float = 0.0
    kinds: frozenset[str] = field(default_factory=frozenset)
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()

    def find(self, text: str) -> list[Finding]:
        """Findings in order of position. Raises GuardrailBlocked when the scanner can't run."""
        words = frozenset(word.lower() for entry in self.allow for word in entry.split() if " " not in entry.strip())
        whole = {entry.strip().lower() for entry in self.allow}
        denied = [
            Finding(match.start(), match.end(), DENIED, 1.0, "deny list")
            for entry in self.deny if entry.strip()
            for match in re.finditer(rf"(?<!\w){re.escape(entry.strip())}(?!\w)", text, re.I)
        ]  # fmt: skip
        found = [
            row for row in Scanner(words).scan(text)  # not a cached one: what a person allows is his own
            if row.score >= self.threshold and (not self.kinds or row.type in self.kinds)
            and text[row.start : row.end].strip().lower() not in whole
            and not any(row.start < d.end and row.end > d.start for d in denied)
        ]  # fmt: skip
        return sorted([*found, *denied], key=lambda row: row.start)
