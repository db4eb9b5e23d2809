"""What a chat use case yields to whoever shows it: typed events, pure Python, no page code.

A reply is an iterator of events in this order: `Facts` (sources and tool result, at once), any
number of `Words` (everything that may be shown so far), then one `Done`. Closing the iterator
stops the engine; the last `Words` is then what was kept.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from guardrails import Finding, Session, Vault

Kind = Literal["answer", "ask", "confirm", "declined", "advice", "smalltalk"]
DISCLOSURE = "Written by an AI model on this machine. It is a demonstration, not financial advice."


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
    """One person's conversation: the guard's session, who he acts as, and what is still open."""

    session: Session
    customer: str
    turns: list[tuple[str, Answer]] = field(default_factory=list)
    pending: dict[str, Any] = field(default_factory=dict)
    topic: str = ""
    frozen_cards: set[str] = field(default_factory=set)

    @classmethod
    def start(cls, customer: str, identity: str) -> Conversation:
        return cls(Session(id=identity, vault=Vault()), customer)
