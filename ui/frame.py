"""The frame of every page: title, menu from the registry, and what leaves the machine (nothing)."""

from __future__ import annotations

import streamlit as st

from usecases.registry import USE_CASES


def frame(title: str) -> None:
    """Must be a page's first call."""
    st.set_page_config(page_title=f"{title} - Vitrine", page_icon=":material/auto_awesome:", layout="centered")
    with st.sidebar:
        st.markdown("### Vitrine")
        st.page_link("app.py", label="Home", icon=":material/home:")
        for industry in dict.fromkeys(row.industry for row in USE_CASES):
            st.caption(industry)
            for row in USE_CASES:
                if row.industry == industry:
                    st.page_link(row.page, label=row.title, icon=row.icon)
        st.caption("Runs on this machine. With the default engine nothing leaves it.")


def plain(text: str) -> str:
    """`text` for a Markdown element, so that HTML, LaTeX and Markdown in it show as text."""
    for mark in "\\`*_{}[]<>$#~|":
        text = text.replace(mark, f"\\{mark}")
    return text
