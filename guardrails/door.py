"""The only door to a generator: text is guarded on the way in, and checked word by word on the way out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from errors import GenerationFailed, GuardrailBlocked
from generators.text import Embedder, Message, SafeText, TextGenerator, TextRequest, TextStream, Usage
from guardrails.findings import Finding
from guardrails.grounding import Grounding
from guardrails.inputs import clean_input, injection
from guardrails.scanner import Scanner
from guardrails.vault import Vault
from store.audit import AuditLog

Source = Literal["user", "upload", "passage", "tool"]
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z£<\"])|\n+")


@dataclass
class Session:
    """The guard's memory of one conversation."""

    id: str
    vault: Vault = field(default_factory=Vault)


@dataclass(frozen=True, slots=True)
class Admitted:
    original: str
    safe: SafeText
    findings: tuple[Finding, ...]
    source: Source


def fill(template: str, /, **parts: SafeText) -> SafeText:
    """A developer's constant template, filled with text that is already safe."""
    return SafeText(template.format(**parts))


class Door:
    """Engines are built on first use, by the callables given. No audit log means no audit: for tests only."""

    def __init__(
        self, engine: Callable[[], TextGenerator], embedder: Callable[[], Embedder], scanner: Callable[[], Scanner],
        audit: AuditLog | None,
    ) -> None:
        self._build_engine, self._build_embedder, self._build_scanner = engine, embedder, scanner
        self.audit = audit

    @cached_property
    def _engine(self) -> TextGenerator:
        return self._build_engine()

    @cached_property
    def _embedder(self) -> Embedder:
        return self._build_embedder()

    @cached_property
    def scanner(self) -> Scanner:
        return self._build_scanner()

    @property
    def model_name(self) -> str:
        return self._engine.name

    def admit(self, text: str, session: Session, source: Source = "user") -> Admitted:
        """Cleans, checks and pseudonymises `text`. Raises InvalidInput or GuardrailBlocked."""
        if source == "user":
            text = clean_input(text)
        if source != "tool":
            attempt, _, rule = injection(text)
            if attempt:
                self._record(session, source, f"injection: {rule}", (), len(text))
                raise GuardrailBlocked(
                    f"This looks like an attempt to give the model orders ({rule}). Please ask in other words.",
                    rule="injection",
                )
        findings = tuple(self.scanner.scan(text))
        safe = SafeText(session.vault.pseudonymise(text, findings))
        self._record(session, source, "pii", findings, len(text))
        return Admitted(text, safe, findings, source)

    def embed(self, texts: Sequence[SafeText]) -> NDArray[np.float32]:
        return self._embedder.embed(texts)

    def stream(
        self, messages: Sequence[Message], session: Session, grounding: Grounding, max_tokens: int = 120
    ) -> GuardedStream:
        request = TextRequest(tuple(messages), max_tokens=max_tokens)
        return GuardedStream(self._engine.stream(request), session, grounding, self.scanner)

    def _record(
        self, session: Session, path: str, rule: str, findings: Sequence[Finding], characters: int
    ) -> None:
        if self.audit is not None:
            self.audit.record(session.id, path, rule, Counter(f.type for f in findings), characters)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that may be shown so far, pseudonyms restored."""

    text: str


class GuardedStream:
    """Shows a sentence word by word while each word is supported by the facts; from the first word that is
    not, the sentence is held back until it is whole and has been checked. One that fails is dropped."""

    def __init__(self, stream: TextStream, session: Session, grounding: Grounding, scanner: Scanner) -> None:
        self._stream, self._session, self._grounding, self._scanner = stream, session, grounding, scanner
        self.model_text = ""
        self.rejected: list[tuple[str, str]] = []
        self._passed: list[str] = []
        self._shown = ""

    @property
    def usage(self) -> Usage:
        return self._stream.usage

    @property
    def text(self) -> str:
        return self._session.vault.restore(" ".join([*self._passed, self._shown]).strip())

    def __iter__(self) -> Iterator[Draft]:
        pending, last = "", ""
        try:
            for piece in self._stream:
                self.model_text += piece
                pending += piece
                *whole, pending = _SENTENCE_END.split(pending)
                for sentence in whole:
                    self._judge(sentence)
                self._shown = self._prefix(pending)
                if self.text != last:
                    last = self.text
                    yield Draft(last)
        except GenerationFailed as error:
            raise GenerationFailed(str(error), partial=self.text) from error
        # a sentence that the token limit cut off is no sentence
        if pending.strip() and self.usage.finish_reason != "length":
            self._judge(pending)
        self._shown = ""
        yield Draft(self.text)

    def close(self) -> None:
        self._stream.close()

    def _prefix(self, sentence: str) -> str:
        """The longest run of whole, supported words at the start of an unfinished sentence."""
        words = sentence.split(" ")[:-1]
        kept = next((n for n, w in enumerate(words) if not self._grounding.supported_word(w)), len(words))
        return " ".join(words[:kept])

    def _judge(self, sentence: str) -> None:
        sentence = sentence.strip().lstrip("-* ").strip()
        if not sentence:
            return
        reason = self._grounding.check(re.sub(r"<[A-Z_]+_\d+>", "", sentence))
        if reason is None:
            shown = self._session.vault.restore(sentence)
            leaks = [
                f for f in self._scanner.scan(shown) if not self._session.vault.knows(shown[f.start : f.end])
                and f.type != "PERSON"
            ]  # fmt: skip
            reason = f"{leaks[0].type} that nobody gave" if leaks else None
        if reason is None:
            self._passed.append(sentence)
        else:
            self.rejected.append((sentence, reason))
