"""The door of this server, shared by all sessions: models only, nothing that anybody typed."""

from __future__ import annotations

import streamlit as st

from guardrails import Door
from guardrails.build import open_door
from settings import current


@st.cache_resource(show_spinner="Opening the guardrail ...")
def door(allow: frozenset[str]) -> Door:
    return open_door(current(), allow)
