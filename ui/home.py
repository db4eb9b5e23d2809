"""What the home page shows: how an answer is made, and a card per use case."""

from __future__ import annotations

import streamlit as st

from ui import evidence
from ui.frame import plain
from usecases.registry import USE_CASES, UseCase

STEPS = (
    (":material/shield_person:", "Guard", "Names, cards and accounts become placeholders before any model reads them."),
    (":material/calculate:", "Find, compute", "Code looks up the passages and works out the figures. No model reckons."),
    (":material/edit_note:", "Word", "A local model puts those few facts into sentences. No key, no network."),
    (":material/verified:", "Check", "Each word is held against the facts. What they do not hold is not shown."),
)


def steps() -> None:
    """The four steps of every answer, side by side; below each other on a phone."""
    for number, (column, (icon, title, text)) in enumerate(zip(st.columns(len(STEPS)), STEPS, strict=True), start=1):
        with column, st.container(gap=None):
            st.markdown(f"{icon} **{number}. {title}**")
            st.caption(text)


def cards() -> None:
    """A tab per industry, a card per use case; "Try" opens the page and asks the card's question."""
    industries = list(dict.fromkeys(row.industry for row in USE_CASES))
    for tab, industry in zip(st.tabs(industries), industries, strict=True):
        with tab, st.container(horizontal=True, gap="medium"):
            for row in (row for row in USE_CASES if row.industry == industry):
                _card(row)


def _card(row: UseCase) -> None:
    with st.container(border=True, width=480):
        st.header(f"{row.icon} {row.title}", anchor=False)
        st.markdown(row.summary)
        evidence.headline(row)
        st.caption(plain(f"“{row.try_it}”"))
        if st.button("Try", key=f"try.{row.slug}", type="primary", icon=":material/play_arrow:"):
            st.session_state[f"{row.slug}.prefill"] = row.try_it
            st.switch_page(row.page)
