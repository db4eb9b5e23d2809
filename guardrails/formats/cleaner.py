"""One file's cleaning: it asks the guardrail, with the column's name where there is one, remembers answers and counts."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from guardrails.findings import Finding

Clean = Callable[[str], tuple[str, Sequence[Finding]]]
Edit = tuple[int, int, str]  # start, end and what stands there instead
Answer = tuple[str, tuple[Finding, ...]]


@dataclass(slots=True)
class Column:
    """What was found in one column of a table. `name` is cleaned, too."""

    sheet: str
    name: str
    cells: int = 0  # that hold something
    found: int = 0  # cells with findings
    types: Counter[str] = field(default_factory=Counter)

    def add(self, findings: Sequence[Finding]) -> None:
        self.cells += 1
        self.found += bool(findings)
        self.types.update(f.type for f in findings)


class Cleaner:
    """`clean` gives a text as it may be shown, and what was found in it; text outside the findings must stay."""

    def __init__(self, clean: Clean, progress: Callable[[float], None] | None = None) -> None:
        self._clean = clean
        self._progress = progress
        self._known: dict[tuple[str, str], Answer] = {}
        self._told = 0.0
        self.counts: Counter[str] = Counter()
        self.columns: list[Column] = []
        self.notes: list[str] = []

    def text(self, text: str, head: str = "") -> str:
        """`text` cleaned and counted."""
        return self.cell(text, head)[0]

    def cell(self, text: str, head: str = "", column: Column | None = None) -> Answer:
        """`text` cleaned as the value of `head`, and the findings in it, counted."""
        out, findings = self._answer(text, head)
        self.counts.update(f.type for f in findings)
        if column is not None and text.strip():
            column.add(findings)
        return out, findings

    def head(self, values: Sequence[str]) -> bool:
        """Whether this row names the columns: short, distinct words, and not people or numbers."""
        words = [v.strip() for v in values if v.strip()]
        if not words or len(words) < len(values) / 2 or len(set(words)) < len(words):
            return False
        # a false finding in one name must not take the context away from all columns
        return all(_names(w) for w in words) and sum(bool(self._answer(w, "")[1]) for w in words) < max(1, len(words) / 2)

    def step(self, done: float) -> None:
        """Tells how much is done, from 0 to 1; a hundred times at most."""
        if self._progress is not None and (done - self._told >= 0.01 or done >= 1 > self._told):
            self._told = min(done, 1.0)
            self._progress(self._told)

    def _answer(self, text: str, head: str) -> Answer:
        # a number this short names nobody
        if not any(map(str.isalpha, text)) and sum(map(str.isdigit, text)) < 4:
            return text, ()
        label = labelled(head)
        if (label, text) not in self._known:
            self._known[label, text] = self._asked(text, label)
        return self._known[label, text]

    def _asked(self, text: str, label: str) -> Answer:
        if not label:
            out, found = self._clean(text)
            return out, tuple(found)
        start = len(label) + 2
        out, found = self._clean(f"{label}: {text}")
        _, between, rest = out.partition(": ")  # a label has no colon
        across = [f for f in found if f.start < start and f.end > len(label)]
        if between and not across:
            return rest, tuple(Finding(f.start - start, f.end - start, f.type, f.score, f.recogniser) for f in found if f.start >= start)
        out, found = self._clean(text)
        if across and not found:  # only with the label it was found, and what stands for both can't be cut in two
            return f"[{across[0].type}]", (Finding(0, len(text), across[0].type, across[0].score, across[0].recogniser),)
        return out, tuple(found)


def labelled(head: str) -> str:
    """A column's name as words: date_of_birth, dateOfBirth and "Date of birth:" are one."""
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head)).strip()[:60]


def _names(word: str) -> bool:
    return len(word) <= 60 and "@" not in word and not re.search(r"\d{4}|\d[ \-./]\d", word) and any(map(str.isalpha, word))


def edits(text: str, out: str, findings: Sequence[Finding]) -> list[Edit]:
    """What `clean` did to `text`, change by change, in order."""
    spans: list[tuple[int, int]] = []
    for finding in sorted(findings, key=lambda f: f.start):
        if spans and finding.start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], finding.end)
        elif finding.start < finding.end:
            spans.append((finding.start, finding.end))
    made: list[Edit] = []
    at = 0  # in `out`
    for n, (start, end) in enumerate(spans):
        before = text[spans[n - 1][1] if n else 0 : start]
        after = text[end : spans[n + 1][0]] if n + 1 < len(spans) else text[end:]
        stop = out.find(after, at + len(before)) if n + 1 < len(spans) else len(out) - len(after)
        if out[at : at + len(before)] != before or stop < at + len(before) or out[stop : stop + len(after)] != after:
            break
        made.append((start, end, out[at + len(before) : stop]))
        at = stop
    else:
        if spans or text == out:
            return made
    rows = difflib.SequenceMatcher(None, text, out, autojunk=False).get_opcodes()
    return [(a, b, out[c:d]) for tag, a, b, c, d in rows if tag != "equal"]
