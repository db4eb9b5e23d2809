"""The doors of this server, shared by all sessions: models only, nothing that anybody typed.

A session may switch its engine on the Settings page; sessions with the same settings share one door.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import streamlit as st

from guardrails import Door
from guardrails.build import open_door
from settings import Settings, current

OVERRIDE = "settings.override"


def session_settings() -> Settings:
    """The app's settings with what this session changed."""
    return current().model_copy(update=st.session_state.get(OVERRIDE, {}))


def door(allow: frozenset[str], warm: Callable[[Door], None] | None = None) -> Door:
    """This session's door. `warm` runs once per door, in the background, so that the first answer need not wait."""
    chosen = session_settings()
    return _door(chosen.model_dump_json(), chosen.openai_api_key.get_secret_value(), allow, warm)


@st.cache_resource(show_spinner="Opening the guardrail ...", max_entries=3, on_release=lambda shut: shut.close())
def _door(settings_json: str, key: str, allow: frozenset[str], _warm: Callable[[Door], None] | None) -> Door:
    opened = open_door(Settings.model_validate_json(settings_json).model_copy(update={"openai_api_key": _secret(key)}), allow)
    if _warm is not None:
        threading.Thread(target=_quietly, args=(_warm, opened), name="warm-up", daemon=True).start()
    return opened


def _secret(key: str) -> object:
    from pydantic import SecretStr

    return SecretStr(key)


def _quietly(warm: Callable[[Door], None], opened: Door) -> None:
    try:
        warm(opened)
    except Exception as error:  # the first question meets the same error, and shows it to the person who asked
        print(f"Warm-up failed: {error}")
