"""Larkfield Bank's assistant: code decides and computes, the model words, a check stands between.

One turn, top to bottom: guard the words -> route -> run a tool or find passages -> show those facts
at once -> let the model word them, sentence by sentence through the grounding check -> if
nothing of the wording holds, quote the facts themselves.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guardrails import Admitted, Door, Grounding, Message, bullets, fill, house_text
from usecases.chat import Answer, Citation, Conversation, Done, Event, Facts, GlassBox, Kind, ToolCall, Words
from usecases.finance.retrieval import Index, load_passages
from usecases.finance.router import Router
from usecases.finance.tools import TOOLS, money

_PEOPLE: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "customers.toml").read_text(encoding="utf-8")
)
CUSTOMERS: dict[str, str] = {key: f"{row['name']} - {row['account']}" for key, row in _PEOPLE.items()}
BRAND = frozenset(
    "Larkfield Bank Everyday Premier Student Youth Basic Joint Easy Fixed Regular Junior Saver Cash ISA Classic "
    "Credit Low Rate Travel Card Balance Transfer Personal Loan Account Financial Ombudsman".split()
)
SAMPLES = [
    "What would a £10,000 loan over 4 years cost me each month?",
    "Can I take money out of the Fixed Saver early?",
    "What does my card cost me when I spend £300 abroad?",
    "How much did I spend on groceries?",
    "Freeze my card",
    "Should I put my pension in crypto?",
]
SYSTEM = (
    "You are the assistant of Larkfield Bank. Word the facts you are given as a short, friendly answer to the "
    "question, in one or two plain sentences. Use only the facts that answer the question, keep every number "
    "and name exactly as written, and add nothing."
)
ASK = "Facts:\n{facts}\nQuestion: {question}"
ENOUGH = 0.40
PLAIN: dict[str, tuple[Kind, str]] = {
    "advice": (
        "advice",
        "That is a question of personal financial advice, which I may not give. I can explain our accounts, "
        "savings and mortgages and work out figures for you; for a recommendation please speak to a "
        "qualified, independent adviser.",
    ),
    "out_of_scope": (
        "declined",
        "I can't help with that. I answer questions about Larkfield Bank: accounts, cards, savings, loans, "
        "mortgages and payments.",
    ),
    "smalltalk": (
        "smalltalk",
        "Hello. I am Larkfield Bank's AI assistant, a computer program and not a person. Ask me about accounts, "
        "cards, savings, loans or mortgages, or let me work out a figure.",
    ),
}
UNKNOWN = (
    "I don't find that in the bank's documents, so I would rather not guess. Our team can help on 0808 157 0123, "
    "8:00-20:00 every day."
)

_ready: dict[int, tuple[Index, Router]] = {}


def prepare(door: Door) -> tuple[Index, Router]:
    """The index and the router on this door's embedder: models only, nothing that a person typed."""
    if id(door) not in _ready:

        def embed(texts: Sequence[str]) -> NDArray[np.float32]:
            return door.embed([house_text(text) for text in texts])

        _ready[id(door)] = Index(load_passages(), embed, "all-minilm-l6-v2"), Router(embed)
    return _ready[id(door)]


def reply(door: Door, conversation: Conversation, text: str) -> Iterator[Event]:
    """Answers `text`. Raises InvalidInput, GuardrailBlocked, GeneratorUnavailable or GenerationFailed."""
    started = time.perf_counter()
    admitted = door.admit(text, conversation.session)
    index, router = prepare(door)

    query, route = _resolve(conversation, admitted, router)
    tools: tuple[ToolCall, ...] = ()
    citations: tuple[Citation, ...] = ()
    kind: Kind = "answer"
    said = ""
    confirming = conversation.pending.get("route") == "freeze_card"
    conversation.pending = {}

    if route in PLAIN:
        kind, said = PLAIN[route]
    elif route == "freeze_card":
        kind, said = _freeze(conversation, text, confirming)
    elif route == "transactions":
        tools = (_transactions(conversation, query),)
    elif route in TOOLS:
        outcome = TOOLS[route](query, {})
        if outcome.missing:
            kind, said = "ask", outcome.missing
            conversation.pending = {"route": route, "text": query}
        else:
            tools = (ToolCall(route, dict(outcome.arguments), outcome.facts, outcome.table),)
    else:
        found = [row for row in index.search(query) if row[2] >= ENOUGH]
        citations = tuple(
            Citation(n, p.title, p.section, p.text, p.slug) for n, (p, _, _) in enumerate(found[:2], start=1)
        )
        if not citations:
            kind, said = "declined", UNKNOWN
    if tools or citations:
        conversation.topic = query
    facts_ms = (time.perf_counter() - started) * 1000
    yield Facts(citations, tools)

    timings = {"facts_ms": facts_ms}
    if said:
        yield Words(said)
        yield _done(conversation, text, Answer(
            said, kind, (), (), GlassBox(text, admitted.safe, "", (), admitted.findings), timings, "no model needed"
        ))
        return
    yield from _word(door, conversation, admitted, query, citations, tools, timings)


def _resolve(conversation: Conversation, admitted: Admitted, router: Router) -> tuple[str, str]:
    """The whole question and its route: answers to our own questions and short follow-ups carry the topic."""
    text = admitted.original
    if conversation.pending.get("route") == "freeze_card":
        return text, "freeze_card"
    if conversation.pending and any(ch.isdigit() for ch in text):
        return f"{conversation.pending['text']} {text}", str(conversation.pending["route"])
    lowered = text.lower()
    if conversation.topic and lowered.startswith(("and ", "what about", "how about", "what if")):
        query = f"{text} {conversation.topic}"
        return query, router.route(query)[0]
    return text, router.route(admitted.safe)[0]


def _freeze(conversation: Conversation, text: str, confirming: bool) -> tuple[Kind, str]:
    """Freezes the demo customer's card, once he has confirmed it."""
    card = _PEOPLE[conversation.customer]["card"]
    if conversation.customer in conversation.frozen_cards:
        return "smalltalk", f"Your {card} is already frozen. You can unfreeze it in the app."
    if not confirming:
        conversation.pending = {"route": "freeze_card"}
        return "confirm", f"Shall I freeze your {card} now? Please answer yes or no."
    if text.strip().lower().startswith(("yes", "confirm", "ok", "please do", "y")):
        conversation.frozen_cards.add(conversation.customer)
        return "smalltalk", f"Done: your {card} is frozen. No payment can be made with it until you unfreeze it in the app."
    return "smalltalk", f"I have left your {card} as it is."


def _transactions(conversation: Conversation, query: str) -> ToolCall:
    person = _PEOPLE[conversation.customer]
    rows = [(d, payee, category, Decimal(a)) for d, payee, category, a in person["transactions"]]
    spent: dict[str, Decimal] = {}
    for _, _, category, amount in rows:
        if amount < 0:
            spent[category] = spent.get(category, Decimal(0)) - amount
    asked = [category for category in spent if category.rstrip("s") in query.lower()]
    facts = [f"You spent {money(spent[c])} on {c} in November 2026." for c in asked]
    if not facts:
        facts = [
            f"The balance of your {person['account']} is {money(Decimal(person['balance'])).replace('£-', '-£')}.",
            f"You spent {money(sum(spent.values(), Decimal(0)))} in November 2026.",
        ]
    table = tuple({"Date": d, "Payee": p, "Category": c, "Amount": f"{a:,.2f}"} for d, p, c, a in rows)
    return ToolCall("transactions", {"customer": conversation.customer}, tuple(facts), table)


def _word(
    door: Door, conversation: Conversation, admitted: Admitted, query: str, citations: tuple[Citation, ...],
    tools: tuple[ToolCall, ...], timings: dict[str, float],
) -> Iterator[Event]:
    """Lets the model word the facts; what does not hold is dropped, and if nothing holds the facts are quoted."""
    started = time.perf_counter()
    source = [fact for tool in tools for fact in tool.facts] or _closest(door, admitted, citations)
    safe = [door.admit(fact, conversation.session, "tool" if tools else "passage").safe for fact in source]
    prompt = fill(ASK, facts=bullets(safe), question=admitted.safe)
    stream = door.stream(
        [Message("system", house_text(SYSTEM)), Message("user", prompt)],
        conversation.session,
        grounding=Grounding(safe, admitted.safe),
        max_tokens=90,
    )
    mark = "".join(f" [{c.number}]" for c in citations if any(fact in c.text for fact in source))
    finished = False
    try:
        for draft in stream:
            timings.setdefault("first_word_s", time.perf_counter() - started)
            yield Words(draft.text)
        finished = True
    finally:
        stream.close()
        text = stream.text.strip()
        quoted = finished and not text
        if quoted:
            text = " ".join(source[:2])
        timings["total_s"] = time.perf_counter() - started
        timings["tokens_per_s"] = stream.usage.tokens_per_second
        answer = Answer(
            text + mark if text else "", "answer", citations, tools,
            GlassBox(admitted.original, prompt, stream.model_text, tuple(stream.rejected), admitted.findings),
            timings, door.model_name, quoted, stopped=not finished,
        )
        event = _done(conversation, admitted.original, answer)
    yield Words(answer.text)
    yield event


def _closest(door: Door, admitted: Admitted, citations: tuple[Citation, ...], top: int = 3) -> list[str]:
    """The `top` sentences of the cited passages that are nearest to the question, in reading order."""
    sentences = [
        s.strip() for c in citations for s in c.text.replace("\n", " ").replace(". ", ".\n").split("\n") if s.strip()
    ]
    rows = door.embed([house_text(s) for s in sentences])
    scores = rows @ door.embed([admitted.safe])[0]
    best = sorted(np.argsort(-scores)[:top])
    return [sentences[i] for i in best]


def _done(conversation: Conversation, text: str, answer: Answer) -> Done:
    conversation.turns.append((text, answer))
    return Done(answer)
