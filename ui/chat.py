"""The chat panel: samples, streamed answer, sources, evidence strip, glass box, export."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import streamlit as st

from errors import ShowcaseError
from ui.frame import plain
from usecases.chat import DISCLOSURE, Answer, Citation, Conversation, Done, Event, Facts, ToolCall, Words

Reply = Callable[[Conversation, str], Iterator[Event]]


def chat_page(slug: str, customers: dict[str, str], samples: list[str], reply: Reply) -> None:
    """Draws the conversation kept under the page's slug and runs one turn when a question comes."""
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="bottom"):
        customer = st.selectbox("Act as", list(customers), format_func=customers.__getitem__, key=f"{slug}.customer")
        again = st.button("New conversation", key=f"{slug}.new")
    conversation: Conversation | None = state.get(f"{slug}.conversation")
    if conversation is None or again or conversation.customer != customer:
        conversation = state[f"{slug}.conversation"] = Conversation.start(customer, uuid.uuid4().hex)
        state.pop(f"{slug}.failed", None)

    question = st.chat_input("Ask about accounts, cards, savings, loans or mortgages", key=f"{slug}.input")
    question = question or state.pop(f"{slug}.prefill", None)
    if not conversation.turns:
        for sample in samples:
            if st.button(plain(sample), key=f"{slug}.sample.{sample}"):
                question = sample
    for typed, answer in conversation.turns:
        st.chat_message("user").markdown(plain(typed))
        with st.chat_message("assistant"):
            _answer(answer)
    if question:
        _turn(slug, conversation, question, reply)
    elif failed := state.get(f"{slug}.failed"):
        st.error(plain(failed[1]))
        st.caption("What you typed:")
        st.code(failed[0], language=None, wrap_lines=True)
    if conversation.turns:
        st.download_button("Export (Markdown)", export(conversation), f"{slug}.md", "text/markdown", key=f"{slug}.export")


def _turn(slug: str, conversation: Conversation, question: str, reply: Reply) -> None:
    st.session_state.pop(f"{slug}.failed", None)
    st.chat_message("user").markdown(plain(question))
    with st.chat_message("assistant"):
        status = st.status("Reading; the first answer also loads the model, about 5 to 20 seconds", expanded=False)
        st.button("Stop", key=f"{slug}.stop")  # any click reruns the script, which closes the reply in `finally`
        facts, words = st.empty(), st.empty()
        events = reply(conversation, question)
        try:
            for event in events:
                match event:
                    case Facts(citations, tools):
                        status.update(label="Wording the facts, checked word by word")
                        with facts.container():
                            _facts(citations, tools)
                    case Words(text):
                        words.markdown(plain(text))
                    case Done():
                        status.update(label="Done", state="complete")
        except ShowcaseError as error:
            st.session_state[f"{slug}.failed"] = (question, str(error))
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()
    st.rerun()


def _facts(citations: tuple[Citation, ...], tools: tuple[ToolCall, ...]) -> None:
    for tool in tools:
        if tool.table:
            st.dataframe(list(tool.table), hide_index=True)
    for citation in citations:
        with st.expander(f"[{citation.number}] {citation.title}: {citation.section}"):
            st.markdown(plain(citation.text))


def _answer(answer: Answer) -> None:
    st.markdown(plain(answer.text or "Stopped before the first word."))
    _facts(answer.citations, answer.tools)
    parts = [DISCLOSURE, answer.model]
    if "first_word_s" in answer.timings:
        parts.append(f"facts {answer.timings['facts_ms']:.0f} ms, first word {answer.timings['first_word_s']:.1f} s")
        parts.append("quoted from the facts" if answer.quoted else "worded by the model, checked against the facts")
    if answer.stopped:
        parts.append("stopped")
    st.caption(plain(" · ".join(parts)))
    with st.expander("Glass box", icon=":material/visibility:"):
        for label, text in (
            ("You wrote", answer.glass.typed), ("The model saw", answer.glass.model_saw or "(no model needed)"),
            ("The model said", answer.glass.model_said or "(nothing)"), ("You were shown", answer.text),
        ):  # fmt: skip
            st.caption(label)
            st.code(text, language=None, wrap_lines=True)
        for sentence, reason in answer.glass.rejected:
            st.caption(plain(f"Left out: {sentence} ({reason})"))
        for finding in answer.glass.findings:
            st.caption(plain(f"Found {finding.type}, score {finding.score}, by {finding.recogniser}"))


def export(conversation: Conversation) -> str:
    """The conversation as Markdown, with disclosure and model name."""
    lines = ["# Conversation", "", f"> {DISCLOSURE}", ""]
    for typed, answer in conversation.turns:
        lines += [f"**You:** {plain(typed)}", "", f"**Assistant** ({answer.model}): {plain(answer.text)}", ""]
        lines += [f"[{c.number}] {c.title}: {c.section}" for c in answer.citations]
    return "\n".join(lines)
