"""Finance: a bank's customer assistant."""

from functools import partial

import streamlit as st

from ui.chat import chat_page
from ui.engines import door
from ui.frame import frame
from usecases.finance import assistant
from usecases.registry import find

ROW = find("finance-assistant")
frame(ROW.title)
st.title(ROW.title)
st.markdown(f"{ROW.summary} Larkfield Bank and its customers are invented.")
chat_page(ROW.slug, assistant.CUSTOMERS, assistant.SAMPLES, partial(assistant.reply, door(assistant.BRAND)))
