"""The chat panel: samples, streamed answer, sources, evidence strip, glass box, feedback, export.

State of a page lives under its slug: `.conversation`, `.prefill` (a question to ask at the next run) and `.failed` (a
question that ended in an error, kept with the message).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import streamlit as st

from errors import ShowcaseError
from guardrails import Door
from ui import evidence, exports
from ui.engines import door as open_door
from ui.engines import session_settings
from ui.frame import plain
from usecases.chat import DISCLOSURE, Answer, Conversation, Done, Event, Facts, Words
from usecases.registry import UseCase

_FACES = {"user": ":material/person:", "assistant": ":material/auto_awesome:"}


class ChatUseCase(Protocol):
    """What a use case module offers to this panel."""

    CUSTOMERS: Mapping[str, str]
    SAMPLES: Sequence[str]
    PLACEHOLDER: str
    BRAND: frozenset[str]
    reply: Callable[[Door, Conversation, str], Iterator[Event]]
    warm: Callable[[Door], None]


def chat_page(row: UseCase, use_case: ChatUseCase) -> None:
    """Draws the conversation kept under the page's slug and runs one turn when a question comes."""
    state, slug = st.session_state, row.slug
    door = open_door(use_case.BRAND, use_case.warm)
    conversation = _conversation(slug, use_case)
    question = st.chat_input(use_case.PLACEHOLDER, key=f"{slug}.input", max_chars=60_000, submit_mode="disable")
    question = question or state.pop(f"{slug}.prefill", None)

    if not conversation.turns and not question:
        st.markdown("**Try one of these**, or type your own question below.")
        with st.container(horizontal=True, gap="small"):
            for sample in use_case.SAMPLES:
                st.button(plain(sample), key=f"{slug}.sample.{sample}", on_click=_ask, args=(slug, sample))
        evidence.measured(row)
    for typed, answer in conversation.turns:
        with st.chat_message("user", avatar=_FACES["user"]):
            st.markdown(plain(typed))
        with st.chat_message("assistant", avatar=_FACES["assistant"]):
            _answer(answer)
    if question:
        _turn(slug, door, conversation, question, use_case.reply)
    elif failed := state.get(f"{slug}.failed"):
        st.error(plain(failed[1]), icon=":material/error:")
        st.caption("What you typed is kept here; copy it, change it and send it again:")
        st.code(failed[0], language=None, wrap_lines=True)
    elif conversation.turns:
        _actions(row, door, conversation)


def _conversation(slug: str, use_case: ChatUseCase) -> Conversation:
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="bottom"):
        customer = st.selectbox(
            "Act as customer", list(use_case.CUSTOMERS), format_func=use_case.CUSTOMERS.__getitem__, key=f"{slug}.customer"
        )
        again = st.button("New conversation", key=f"{slug}.new", icon=":material/add_comment:")
    kept: Conversation | None = state.get(f"{slug}.conversation")
    if kept is None or again or kept.customer != customer:
        kept = state[f"{slug}.conversation"] = Conversation.start(customer, uuid.uuid4().hex)
        state.pop(f"{slug}.failed", None)
    return kept


def _ask(slug: str, question: str) -> None:
    st.session_state[f"{slug}.prefill"] = question


def _turn(
    slug: str, door: Door, conversation: Conversation, question: str, reply: Callable[[Door, Conversation, str], Iterator[Event]]
) -> None:
    st.session_state.pop(f"{slug}.failed", None)
    with st.chat_message("user", avatar=_FACES["user"]):
        st.markdown(plain(question[:4000]))
    with st.chat_message("assistant", avatar=_FACES["assistant"]):
        model = session_settings().text_model
        loading = "Reading your question" if door.loaded else f"Loading {model} into memory, usually 5 to 20 seconds, once"
        with st.container(horizontal=True, vertical_alignment="center"):
            status = st.status(plain(loading), width="stretch")
            # any click reruns the script, which closes the reply in `finally`: the engine stops at its next token
            st.button("Stop", key=f"{slug}.stop", icon=":material/stop_circle:")
        words, facts = st.empty(), st.empty()
        events = reply(door, conversation, question)
        try:
            for event in events:
                match event:
                    case Facts(citations, tools):
                        status.update(label="Wording the facts, each word checked")
                        with facts.container():
                            evidence.sources(citations, tools)
                    case Words(text):
                        words.markdown(plain(text))
                    case Done():
                        status.update(label="Done", state="complete")
        except ShowcaseError as error:
            st.session_state[f"{slug}.failed"] = (question, str(error))
        finally:
            events.close()  # type: ignore[attr-defined]
    st.rerun()


def _answer(answer: Answer) -> None:
    st.markdown(plain(answer.text or "Stopped before the first word."))
    evidence.sources(answer.citations, answer.tools)
    evidence.strip(answer)
    evidence.glass_box(answer)


def _actions(row: UseCase, door: Door, conversation: Conversation) -> None:
    """What can be done with the latest answer, and with the whole conversation."""
    slug, (_, answer) = row.slug, conversation.turns[-1]
    turn = f"{slug}.{conversation.session.id}.{len(conversation.turns)}.{conversation.variants}"
    if answer.kind == "confirm":
        with st.container(horizontal=True):
            st.button("Yes, go ahead", key=f"{turn}.yes", type="primary", on_click=_ask, args=(slug, "yes"))
            st.button("No, leave it", key=f"{turn}.no", on_click=_ask, args=(slug, "no"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Copy", icon=":material/content_copy:", type="tertiary"):
            st.code(f"{answer.text}\n\n{DISCLOSURE} Model: {answer.model}.", language=None, wrap_lines=True)
        if conversation.can_retry:
            st.button("Say it differently", key=f"{turn}.retry", icon=":material/refresh:", type="tertiary", on_click=_retry, args=(slug,))
        with st.popover("Export", icon=":material/download:", type="tertiary"):
            st.download_button("Markdown", exports.markdown(conversation, row.title), f"{slug}.md", "text/markdown", key=f"{slug}.md")
            st.download_button("PDF", lambda: exports.pdf(conversation, row.title), f"{slug}.pdf", "application/pdf", key=f"{slug}.pdf")
        thumb = st.feedback("thumbs", key=f"{turn}.thumb")
    if thumb is not None:
        _feedback(turn, door, conversation, answer, "up" if thumb else "down")


def _retry(slug: str) -> None:
    conversation: Conversation = st.session_state[f"{slug}.conversation"]
    st.session_state[f"{slug}.prefill"] = conversation.retry()


def _feedback(turn: str, door: Door, conversation: Conversation, answer: Answer, verdict: str) -> None:
    if st.session_state.get(f"{turn}.thanked"):
        st.caption("Thank you, your feedback is stored on this machine.")
        return
    with st.form(f"{turn}.form", border=False):
        reason = st.text_input("What was good?" if verdict == "up" else "What was wrong?", max_chars=500)
        if st.form_submit_button("Send feedback"):
            door.feedback(conversation.session, "up" if verdict == "up" else "down", reason, answer.model)
            st.session_state[f"{turn}.thanked"] = True
            st.rerun()
