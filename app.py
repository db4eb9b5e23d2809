"""Home: what this is, and a card per use case."""

import streamlit as st

from ui.frame import frame
from usecases.registry import USE_CASES

frame("Home")
st.title("Generative AI at work, on this machine")
st.markdown("Real local models behind a guardrail you can watch. No keys, no network, every answer opened on request.")
industries = list(dict.fromkeys(row.industry for row in USE_CASES))
for tab, industry in zip(st.tabs(industries), industries, strict=True):
    for row in (row for row in USE_CASES if row.industry == industry):
        with tab, st.container(border=True):
            st.subheader(row.title)
            st.markdown(row.summary)
            st.caption(f"Try: {row.try_it}".replace("$", "\\$"))
            if st.button("Try", key=f"try.{row.slug}", type="primary"):
                st.session_state[f"{row.slug}.prefill"] = row.try_it
                st.switch_page(row.page)
