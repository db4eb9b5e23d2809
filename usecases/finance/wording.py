"""Lets the model word facts that code found, and puts the facts themselves where its wording does not hold.

The prompt's prefix (system, two worked examples) never changes, so an engine with prefix reuse reads it once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from guardrails import REPEATED, Admitted, Door, Grounding, Message, Session, bullets, fill, house_text, quantities
from usecases.chat import Answer, Citation, Done, Event, GlassBox, ToolCall, Words
from usecases.finance.products import NAMES

SYSTEM = (
    "You are the assistant of Larkfield Bank. Answer the customer's question in one or two short, friendly, complete "
    'sentences, using only the facts given. Speak as the bank: "we" is the bank, "you" is the customer. '
    "Keep every number and product name exactly as written. Add nothing."
)
EXAMPLES = (
    (
        "Facts:\n- A banker's draft costs £10.\n- Stopping a cheque costs £8.\nQuestion: what do you charge to stop a cheque?",
        "We charge £8 to stop a cheque.",
    ),
    (
        "Facts:\n- You cannot pay in coins by post.\n- You can pay in coins at any branch.\n- Paying in coins is free.\n"
        "Question: can I post you my coins?",
        "You cannot pay in coins by post, but you can pay them in at any branch, and it is free.",
    ),
    (
        "Facts:\n- A Car Loan of £9,000 over 3 years at 7.1% costs £277.96 a month.\n- You repay £10,006.56 in total.\n"
        "Question: monthly cost of a £9,000 car loan for 3 years?",
        "A Car Loan of £9,000 over 3 years at 7.1% costs £277.96 a month. You repay £10,006.56 in total.",
    ),
)
ASK = "Facts:\n{facts}\nQuestion: {question}"
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z£€$<])")


def prefix() -> list[Message]:
    """The messages that every request starts with."""
    messages = [Message("system", house_text(SYSTEM))]
    for question, answer in EXAMPLES:
        messages += [Message("user", house_text(question)), Message("assistant", house_text(answer))]
    return messages


def warm(door: Door, session: Session) -> None:
    """Loads the engine and reads the prefix, so that the first visitor does not wait for it."""
    stream = door.stream(
        [*prefix(), Message("user", house_text("Facts:\n- Hello.\nQuestion: hello"))], session, Grounding(["Hello."]), max_tokens=1
    )
    for _ in stream:
        pass


def word(
    door: Door,
    session: Session,
    admitted: Admitted,
    facts: Sequence[str],
    tools: tuple[ToolCall, ...],
    citations: tuple[Citation, ...],
    route: str,
    timings: dict[str, float],
    must: int = 1,
    variant: int = 0,
) -> Iterator[Event]:
    """Yields `Words`, then one `Done`. Closing it stops the engine; the `Done` is then not reached, see `partial`."""
    started = time.perf_counter()
    safe = [door.admit(fact, session, "tool" if tools else "passage").safe for fact in facts]
    prompt = fill(ASK, facts=bullets(safe), question=admitted.safe)
    grounding = Grounding(safe, admitted.safe, NAMES)
    stream = door.stream([*prefix(), Message("user", prompt)], session, grounding, max_tokens=110, variant=variant)
    answer = Answer(
        "", "answer", citations, tools, GlassBox(admitted.original, prompt, "", (), admitted.findings), timings, door.model_name,
        facts=tuple(facts), route=route, stopped=True,
    )  # fmt: skip
    try:
        for draft in stream:
            if draft.text:
                timings.setdefault("first_word_s", time.perf_counter() - started)
            answer = replace(answer, text=draft.text)
            yield Words(draft.text)
    finally:
        stream.close()
        timings |= {
            "total_s": time.perf_counter() - started, "tokens_per_s": stream.usage.tokens_per_second,
            "prompt_tokens": float(stream.usage.prompt_tokens), "completion_tokens": float(stream.usage.completion_tokens),
        }  # fmt: skip
    drafted = [sentence for sentence, reason in stream.rejected if reason != REPEATED]
    if tools:
        text, quoted = _complete(stream.text, facts, grounding, admitted, must)
    else:
        text, quoted = _replace(stream.text, drafted, facts, grounding, admitted, must)
    glass = replace(answer.glass, model_said=stream.model_text, rejected=tuple(stream.rejected))
    text = _cite(text, facts, citations)
    answer = replace(answer, text=text, glass=glass, quoted=quoted, stopped=False)
    yield Words(text)
    yield Done(answer)


def _replace(
    text: str, drafted: Sequence[str], facts: Sequence[str], grounding: Grounding, admitted: Admitted, must: int
) -> tuple[str, bool]:
    """`text` with the sentences of the documents that rejected ones drew on: the model reads better than it writes.

    The first `must` facts are the nearest to the question, so they have to be said with their figures.
    """
    parts = [s for s in _SENTENCES.split(text) if s]
    backed = {n for s in parts for n in grounding.support(s)}
    meant = [n for s in drafted for n in grounding.support(s)[:1]]
    asked, said = set(quantities(admitted.original)), set(quantities(text))
    for n in range(must):
        if n in backed and not set(quantities(facts[n])) - asked <= said:  # a half of it: "within 5 days", but not up to how much
            parts = [s for s in parts if grounding.support(s)[:1] != [n]]
            backed = {n for s in parts for n in grounding.support(s)}
            meant.insert(0, n)
    meant = [n for n in range(must) if n not in backed | set(meant)] + meant
    added = [facts[n] for n in dict.fromkeys(meant) if n not in backed]
    lead = [fact for fact in added if fact in facts[:must]]
    return " ".join([*lead, *parts, *(fact for fact in added if fact not in lead)]), bool(added)


def _complete(text: str, facts: Sequence[str], grounding: Grounding, admitted: Admitted, must: int) -> tuple[str, bool]:
    """`text`, with the facts themselves where it says nothing or leaves out what was asked for.

    The first `must` facts were computed to answer the question: their figures and product names have to be said.
    """
    # what draws on no fact only says the question again: "That with the tracker."
    parts = [s for s in _SENTENCES.split(text) if grounding.support(s)]
    if not parts:
        return " ".join(facts[: max(2, must)]), True
    backed = {n for s in parts for n in grounding.support(s)}
    asked, said = set(quantities(admitted.original)), set(quantities(text))
    for n, fact in enumerate(facts[:must]):
        new = {q for q in quantities(fact) if q not in asked}
        needed = {q for q in new if q[1] == "£"} or new
        if n not in backed or not needed <= said or not grounding.names_in(fact) <= grounding.names_in(text):
            parts = [s for s in parts if grounding.support(s)[:1] != [n]]
            parts.insert(n, fact)
    done = " ".join(parts)
    return done, done != text


def _cite(text: str, facts: Sequence[str], citations: tuple[Citation, ...]) -> str:
    """Puts after each sentence the numbers of the passages that hold its facts."""
    if not citations:
        return text
    said, held = Grounding(facts, names=NAMES), Grounding([f"{c.title} {c.text}" for c in citations], names=NAMES)
    out = []
    for sentence in _SENTENCES.split(text):
        near = [facts[n] for n in said.support(sentence)]
        numbers = {c.number for c in citations if any(fact in c.text for fact in near)}
        # a computed fact stands in no passage word for word; the nearest is what it rests on
        numbers = numbers or {citations[n].number for fact in near[:1] for n in held.support(fact)[:1]}
        if not numbers and len(citations) == 1:
            numbers = {citations[0].number}
        out.append(sentence + "".join(f" [{n}]" for n in sorted(numbers)))
    return " ".join(out)
