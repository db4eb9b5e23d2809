"""Home: what this is, and a card per use case."""

import streamlit as st

from ui import home
from ui.frame import frame

frame("Home", wide=True)
st.title("Generative AI at work, on this machine", anchor=False)
st.markdown(
    "Real local models behind a guardrail that you can watch: no keys, no network, figures from code, words from a model, "
    "and every answer opens up to show how it was made."
)
home.steps()
home.cards()
