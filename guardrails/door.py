"""The only door to a generator: text is guarded on the way in, and checked word by word on the way out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from errors import GenerationFailed, GuardrailBlocked
from generators.text import Embedder, Message, SafeText, TextGenerator, TextRequest, TextStream, Usage
from guardrails.findings import Finding
from guardrails.grounding import Grounding
from guardrails.injection import Verdict, injection
from guardrails.inputs import clean_input, without_invisible
from guardrails.scanner import Scanner
from guardrails.vault import Vault
from store.audit import AuditLog

T = TypeVar("T")
REPEATED = "says the same again"  # why a sentence is dropped that needs no other in its place
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
        self,
        engine: Callable[[], TextGenerator],
        embedder: Callable[[], Embedder],
        scanner: Callable[[], Scanner],
        audit: AuditLog | None,
    ) -> None:
        self._engine_of, self._embedder_of, self._scanner_of = _Once(engine), _Once(embedder), _Once(scanner)
        self.audit = audit

    @property
    def scanner(self) -> Scanner:
        return self._scanner_of.get()

    @property
    def model_name(self) -> str:
        return self._engine_of.get().name

    @property
    def loaded(self) -> bool:
        """Whether the engine is in memory, so that an answer need not wait for it."""
        return self._engine_of.made

    def close(self) -> None:
        """Frees the engine, if it was loaded."""
        if self._engine_of.made:
            self._engine_of.get().close()

    def admit(self, text: str, session: Session, source: Source = "user") -> Admitted:
        """Cleans, checks and pseudonymises `text`. Raises InvalidInput or GuardrailBlocked."""
        text = clean_input(text) if source == "user" else without_invisible(text)
        if source != "tool":
            attempt, _, rule = self._checked(text)
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

    def _checked(self, text: str) -> Verdict:
        try:
            return injection(text)
        except Exception as error:
            raise GuardrailBlocked(f"The check for orders can't run, so nothing goes on: {error}", rule="injection") from error

    def embed(self, texts: Sequence[SafeText], tuned: str = "") -> NDArray[np.float32]:
        """Rows of unit length, shape (len(texts), dim), by the layers of `models/{tuned}` or by the published ones."""
        return self._embedder_of.get().embed(texts, tuned)

    def stream(
        self, messages: Sequence[Message], session: Session, grounding: Grounding, max_tokens: int = 120, variant: int = 0
    ) -> GuardedStream:
        """`variant` 0 is greedy; any other number is the seed of another wording."""
        request = TextRequest(tuple(messages), max_tokens=max_tokens, temperature=0.6 if variant else 0.0, seed=variant)
        return GuardedStream(self._engine_of.get().stream(request), session, grounding, self.scanner)

    def extract(self, messages: Sequence[Message], schema: Mapping[str, Any], max_tokens: int = 60) -> dict[str, Any]:
        """The engine's answer as an object of `schema`; an empty dict when it gives none. Callers check every value."""
        try:
            with self._engine_of.get().stream(TextRequest(tuple(messages), max_tokens=max_tokens, json_schema=schema)) as stream:
                value = json.loads("".join(stream))
        except (json.JSONDecodeError, GenerationFailed):
            return {}
        return value if isinstance(value, dict) else {}

    def feedback(self, session: Session, verdict: Literal["up", "down"], reason: str, model: str) -> None:
        """Stores a thumb with its reason, in which personal data is replaced by placeholders that nobody can undo."""
        safe = Vault().pseudonymise(reason, self.scanner.scan(reason)) if reason.strip() else ""
        if self.audit is not None:
            self.audit.feedback(session.id, verdict, safe, model)

    def _record(self, session: Session, path: str, rule: str, findings: Sequence[Finding], characters: int) -> None:
        if self.audit is not None:
            self.audit.record(session.id, path, rule, Counter(f.type for f in findings), characters)


class _Once(Generic[T]):
    """Builds its value at the first call, once, also when two threads ask at the same time. A failure is not kept."""

    def __init__(self, build: Callable[[], T]) -> None:
        self._build, self._lock, self._values = build, Lock(), list[T]()

    @property
    def made(self) -> bool:
        return bool(self._values)

    def get(self) -> T:
        with self._lock:
            if not self._values:
                self._values.append(self._build())
            return self._values[0]


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
        pending = ""
        try:
            for piece in self._stream:
                self.model_text += piece
                pending += piece
                *whole, pending = _SENTENCE_END.split(pending)
                for sentence in whole:
                    self._judge(sentence)
                self._shown = self._grounding.prefix(_plain(pending))
                yield Draft(self.text)  # also when nothing new may be shown, so that a page can hear its Stop button
        except GenerationFailed as error:
            raise GenerationFailed(str(error), partial=self.text) from error
        # a sentence that the token limit cut off is no sentence
        if pending.strip() and self.usage.finish_reason != "length":
            self._judge(pending)
        self._shown = ""
        yield Draft(self.text)

    def close(self) -> None:
        self._stream.close()

    def _judge(self, sentence: str) -> None:
        sentence = _plain(sentence).strip()
        if not sentence:
            return
        reason = self._grounding.check(re.sub(r"<[A-Z_]+_\d+>", "", sentence))
        if reason is None and any(sentence == passed for passed in self._passed):
            reason = REPEATED
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


def _plain(sentence: str) -> str:
    """Without list marks, bold marks and a leading yes or no: whether it is yes or no, the facts say in what follows."""
    sentence = re.sub(r"^[-*\s]*", "", sentence.replace("**", ""))
    cut = re.sub(r"^(?:yes|no)[,.:;!]\s*", "", sentence, flags=re.I)
    return cut[:1].upper() + cut[1:] if cut != sentence else sentence
