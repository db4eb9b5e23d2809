"""The frame of every page: title, menu from the registry, and where data goes."""

from __future__ import annotations

import streamlit as st

from ui.engines import session_settings
from usecases.registry import USE_CASES


def frame(title: str, wide: bool = False) -> None:
    """Must be a page's first call. The icon is an emoji, because Streamlit fetches a Material one from the network."""
    st.set_page_config(page_title=f"{title} · Vitrine", page_icon="✨", layout="wide" if wide else "centered")
    with st.sidebar:
        st.markdown("### :material/auto_awesome: Vitrine")
        st.caption("Generative AI at work, on this machine")
        st.page_link("app.py", label="Home", icon=":material/home:")
        for industry in dict.fromkeys(row.industry for row in USE_CASES):
            st.caption(industry.upper())
            for row in USE_CASES:
                if row.industry == industry:
                    st.page_link(row.page, label=row.title, icon=row.icon)
        st.caption("THIS DEMO")
        st.page_link("pages/guardrail_lab.py", label="Guardrail lab", icon=":material/science:")
        st.page_link("pages/guardrail_report.py", label="Guardrail report", icon=":material/shield:")
        st.page_link("pages/settings.py", label="Settings", icon=":material/tune:")
        st.space("small")
        engine = session_settings()
        where = "a server that you named" if engine.text_engine == "openai" else "this machine; nothing leaves it"
        st.caption(plain(f"Answers come from {engine.text_model} on {where}."))


def heading(title: str, purpose: str) -> None:
    """A page's name and what it is for, in one line."""
    st.title(title, anchor=False)
    st.markdown(f":gray[{purpose}]")


def plain(text: str) -> str:
    """`text` for a Markdown element, so that HTML, LaTeX, Markdown and emoji codes in it show as text."""
    for mark in "\\`*_{}[]<>$#~|:":
        text = text.replace(mark, f"\\{mark}")
    return text
