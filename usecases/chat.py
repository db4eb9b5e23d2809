"""What a chat use case yields to whoever shows it: typed events, pure Python, no page code.

A reply is an iterator of events in this order: `Facts` (sources and tool result, at once), any
number of `Words` (everything that may be shown so far), then one `Done`. Closing the iterator
stops the engine; the last `Words` is then what was kept.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from guardrails import Finding, Session, Vault

Kind = Literal["answer", "ask", "confirm", "done", "declined", "advice", "smalltalk"]
DISCLOSURE = "Answer of an AI assistant on this machine. It is a demonstration, not financial advice."


@dataclass(frozen=True, slots=True)
class Citation:
    number: int
    title: str
    section: str
    text: str
    slug: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that code ran: its arguments, the facts it computed, and an optional table to show."""

    name: str
    arguments: dict[str, Any]
    facts: tuple[str, ...]
    table: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class GlassBox:
    """One turn laid open: typed -> seen by the model -> said by the model -> shown."""

    typed: str
    model_saw: str
    model_said: str
    rejected: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    kind: Kind
    citations: tuple[Citation, ...]
    tools: tuple[ToolCall, ...]
    glass: GlassBox
    timings: dict[str, float]
    model: str
    facts: tuple[str, ...] = ()
    route: str = ""
    quoted: bool = False
    stopped: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Facts:
    citations: tuple[Citation, ...]
    tools: tuple[ToolCall, ...]


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    answer: Answer


Event = Facts | Words | Done


@dataclass
class Conversation:
    """One person's conversation: the guard's session, who he acts as, and what is still open.

    `pending` is the question that we asked and wait for; `last` is the latest route with its query and slots, for
    follow-ups; `state` is what the demo customer changed (a frozen card, open disputes) and worked out (`sums`). `before`
    holds `pending` and `last` as they were before the latest turn, and `variants` counts other wordings asked for.
    """

    session: Session
    customer: str
    turns: list[tuple[str, Answer]] = field(default_factory=list)
    pending: dict[str, Any] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    before: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    variants: int = 0

    @classmethod
    def start(cls, customer: str, identity: str) -> Conversation:
        return cls(Session(id=identity, vault=Vault()), customer)

    @property
    def can_retry(self) -> bool:
        """Whether the latest answer was worded by a model, so that asking again changes nothing but words."""
        return bool(self.turns) and self.turns[-1][1].kind == "answer"

    def retry(self) -> str:
        """Takes the latest turn back and returns its question, for another wording."""
        question, _ = self.turns.pop()
        self.pending, self.last = (dict(part) for part in self.before)
        self.variants += 1
        return question

    def hidden(self, text: str) -> str:
        """`text` with every value that the guard found in this conversation as its placeholder, for exports."""
        for token, value in sorted(self.session.vault.to_dict().items(), key=lambda item: -len(item[1])):
            text = text.replace(value, token)
        return text
