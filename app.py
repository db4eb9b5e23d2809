"""Home: what this is, and a card per use case."""

import streamlit as st

from ui.frame import frame, plain
from usecases.registry import USE_CASES

frame("Home", wide=True)
st.title("Generative AI at work, on this machine", anchor=False)
st.markdown(
    "Real local models behind a guardrail that you can watch: no keys, no network, figures from code, words from a model, "
    "and every answer opens up to show how it was made."
)
with st.container(horizontal=True, gap="small"):
    st.badge("Runs offline", icon=":material/cloud_off:", color="green")
    st.badge("Personal data hidden from the model", icon=":material/shield_person:", color="violet")
    st.badge("Facts from tools, words from models", icon=":material/verified:", color="blue")
industries = list(dict.fromkeys(row.industry for row in USE_CASES))
for tab, industry in zip(st.tabs(industries), industries, strict=True):
    with tab, st.container(horizontal=True, gap="medium"):
        for row in (row for row in USE_CASES if row.industry == industry):
            with st.container(border=True, width=420):
                st.subheader(f"{row.icon} {row.title}", anchor=False)
                st.markdown(row.summary)
                st.caption(plain(f"“{row.try_it}”"))
                if st.button("Try", key=f"try.{row.slug}", type="primary", icon=":material/play_arrow:"):
                    st.session_state[f"{row.slug}.prefill"] = row.try_it
                    st.switch_page(row.page)
