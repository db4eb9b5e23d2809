"""Larkfield Bank's assistant: code decides and computes, the model words, a check stands between.

One turn, top to bottom: guard the words -> understand them in the conversation -> route -> run a tool or find
sentences -> show those facts at once -> let the model word them through the grounding check.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from guardrails import Admitted, Door, Grounding, Session, house_text
from models import store
from usecases.chat import Answer, Citation, Conversation, Done, Event, Facts, GlassBox, Kind, ToolCall, Words
from usecases.finance import customer, products, services, wording
from usecases.finance.dialogue import Turn, understand
from usecases.finance.house import BRAND as BRAND
from usecases.finance.house import PLAIN, SAMPLES, UNKNOWN, advice_text, smalltalk_text
from usecases.finance.retrieval import Index, load_passages
from usecases.finance.router import Router
from usecases.finance.tools import Outcome

CUSTOMERS: dict[str, str] = {slug: f"{p.name} - {p.account}" for slug, p in customer.people().items()}
PLACEHOLDER = "Ask about accounts, cards, savings, loans or mortgages"
ENOUGH = 0.43  # cosine below which the documents do not answer; it keeps 98 of 100 questions of the tuning half that they do
ENCODER = "bank-questions"  # see training/bank
LEAD = 0.03  # a sentence that is this much nearer than the next is the right one 19 times of 20 and has to be said; else both have to
__all__ = ["BRAND", "CUSTOMERS", "PLACEHOLDER", "SAMPLES", "prepare", "reply", "warm"]
_ready: dict[int, tuple[Index, Router]] = {}
_lock = Lock()


def prepare(door: Door) -> tuple[Index, Router]:
    """The index and the router on this door's embedder: models only, nothing that a person typed."""

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        return door.embed([house_text(text) for text in texts], ENCODER)

    with _lock:
        if id(door) not in _ready:
            name = f"{ENCODER} {hashlib.sha256(store.trained(ENCODER).read_bytes()).hexdigest()}"  # other weights, other rows
            index = Index(load_passages(), embed, name)
            _ready[id(door)] = index, Router(embed, index.questions, index.asked, name)
        return _ready[id(door)]


def warm(door: Door) -> None:
    """Loads everything that a first turn needs; a page runs it in the background."""
    door.admit("Hello from Larkfield Bank", Session("warm-up"))
    prepare(door)
    wording.warm(door, Session("warm-up"))


def reply(door: Door, conversation: Conversation, text: str) -> Iterator[Event]:
    """Answers `text`. Raises InvalidInput, GuardrailBlocked, GeneratorUnavailable or GenerationFailed."""
    started = time.perf_counter()
    admitted = door.admit(text, conversation.session)
    index, router = prepare(door)
    turn = understand(conversation, admitted, router)
    conversation.before = (dict(conversation.pending), dict(conversation.last))
    conversation.pending = {}

    tools: tuple[ToolCall, ...] = ()
    citations: tuple[Citation, ...] = ()
    facts: tuple[str, ...] = ()
    must = 1
    kind, said = _plain_reply(turn, first=not conversation.turns)
    if not said:
        result = services.serve(door, conversation, turn)
        if isinstance(result, services.Said):
            kind, said, conversation.pending = result.kind, result.text, result.pending
            tools = (ToolCall(turn.route, result.arguments, (), result.table),) if result.table or result.arguments else ()
        elif result is not None:
            arguments, outcome = result
            facts, citations, must = outcome.facts, _documents(index, outcome), outcome.must
            tools = (ToolCall(turn.route, arguments, outcome.facts, outcome.table),)
        else:
            facts, citations, must = _passages(index, turn)
            if not facts:
                kind, said = "declined", UNKNOWN
    if kind not in ("declined", "smalltalk"):
        finder = turn.route == "product_finder" and facts
        conversation.last = {"route": turn.route, "query": turn.query, "values": turn.values, "answer": facts[0] if finder else ""}
    timings = {"facts_ms": (time.perf_counter() - started) * 1000}
    yield Facts(citations, tools)

    if said:
        yield Words(said)
        glass = GlassBox(text, admitted.safe, "", (), admitted.findings)
        done = Done(Answer(said, kind, (), tools, glass, timings, "no model needed", route=turn.route))
        conversation.turns.append((admitted.original, done.answer))
        yield done
        return
    ask = turn.ask or turn.query
    question = admitted if ask == admitted.original else door.admit(ask, conversation.session)
    yield from _worded(door, conversation, admitted, question, facts, tools, citations, turn.route, timings, must)


def _worded(
    door: Door,
    conversation: Conversation,
    admitted: Admitted,
    question: Admitted,
    facts: tuple[str, ...],
    tools: tuple[ToolCall, ...],
    citations: tuple[Citation, ...],
    route: str,
    timings: dict[str, float],
    must: int,
) -> Iterator[Event]:
    """The model's words; a turn that is stopped half-way stays in the conversation with what was shown."""
    shown, answer = "", None
    variant = conversation.variants
    events = wording.word(door, conversation.session, question, facts, tools, citations, route, timings, must, variant)
    try:
        for event in events:
            if isinstance(event, Words):
                shown = event.text
            elif isinstance(event, Done):
                answer = event.answer
                conversation.turns.append((admitted.original, answer))
            yield event
    finally:
        events.close()  # type: ignore[attr-defined]
        if answer is None:
            glass = GlassBox(admitted.original, question.safe, shown, (), admitted.findings)
            stopped = Answer(shown, "answer", citations, tools, glass, timings, door.model_name, facts, route, stopped=True)
            conversation.turns.append((admitted.original, stopped))


def _plain_reply(turn: Turn, first: bool) -> tuple[Kind, str]:
    if turn.route == "advice":
        return "advice", advice_text(turn.query)
    if turn.route == "smalltalk":
        return "smalltalk", smalltalk_text(turn.query, first)
    if turn.route in PLAIN:
        return "declined", PLAIN[turn.route]
    return "answer", ""


def _passages(index: Index, turn: Turn) -> tuple[tuple[str, ...], tuple[Citation, ...], int]:
    """The sentences that the model may word, best first, the passages that hold them, numbered in that order, and how many lead."""
    prefer = {p.document for p in products.named(turn.query)}
    hits = index.search(turn.query, context=turn.context)
    if not hits or max(hit.cosine for hit in hits[:3]) < ENOUGH:
        return (), (), 0
    near = [hit for hit in hits if hit.score >= hits[0].score - (0.3 if hit.passage is hits[0].passage else 0.2)][:3]
    if hits[0].passage.slug in prefer:  # what is said of another product would only mislead
        near = [hit for hit in near if hit.passage.slug in prefer]
    held = list(dict.fromkeys(hit.passage for hit in near))
    return (
        tuple(hit.sentence for hit in near),
        tuple(Citation(n, p.title, p.section, p.text, p.slug) for n, p in enumerate(held, start=1)),
        1 if len(near) == 1 or (near[0].score - near[1].score >= LEAD and not turn.both) else 2,
    )


def _documents(index: Index, outcome: Outcome) -> tuple[Citation, ...]:
    """The passages that the tool's facts rest on: of the documents it names, the one nearest to each fact."""
    held = [p for p in index.passages if p.slug in outcome.documents]
    if not held:
        return ()
    grounding = Grounding([f"{p.title} {p.section} {p.text}" for p in held], names=products.NAMES)
    chosen = dict.fromkeys(held[n] for fact in outcome.facts for n in grounding.support(fact)[:1])
    return tuple(Citation(n, p.title, p.section, p.text, p.slug) for n, p in enumerate(chosen or held[:1], start=1))
