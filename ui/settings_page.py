"""Shows the settings (keys hidden) and lets a session switch its engine at once."""

from __future__ import annotations

import streamlit as st
from pydantic import SecretStr, ValidationError

from errors import ShowcaseError
from models import store
from ui.engines import OVERRIDE, session_settings
from ui.frame import plain

ENGINES = {
    "llama.cpp": "llama.cpp in this process (GGUF)",
    "transformers": "transformers (path or hub id)",
    "openai": "A server that speaks the OpenAI API",
}


def settings_page() -> None:
    chosen = session_settings()
    st.header("Engine of this session", anchor=False)
    names = list(ENGINES) if chosen.text_engine in ENGINES else [*ENGINES, chosen.text_engine]
    engine = st.selectbox(
        "Engine", names, names.index(chosen.text_engine), format_func=lambda name: ENGINES.get(name, name), key="settings.engine"
    )
    with st.form("settings.form"):
        changes: dict[str, object] = {"text_engine": engine}
        if engine == "llama.cpp":
            ids = [i for i, entry in store.entries().items() if str(entry["file"]).endswith(".gguf")]
            offered = ids if chosen.text_model in ids else [*ids, chosen.text_model]
            changes["text_model"] = st.selectbox(
                "Model", offered, offered.index(chosen.text_model), format_func=_model_label, accept_new_options=True,
                help="A model of the catalogue, or the path of a GGUF file on the machine that runs Vitrine.",
            )  # fmt: skip
        else:
            changes["text_model"] = st.text_input("Model", chosen.text_model, help="A path, a hub id, or the server's name of the model.")
        if engine == "openai":
            changes["openai_base_url"] = st.text_input("Base URL", chosen.openai_base_url)
            key = st.text_input("Key", type="password", placeholder="unchanged" if chosen.openai_api_key.get_secret_value() else "none")
            if key:
                changes["openai_api_key"] = SecretStr(key)
        if st.form_submit_button("Use this engine", type="primary"):
            _apply(changes)
    if st.session_state.get(OVERRIDE) and st.button("Back to the app's settings"):
        st.session_state.pop(OVERRIDE)
        st.rerun()
    st.header("All settings", anchor=False)
    rows = [
        {
            "Setting": f"VITRINE_{name.upper()}",
            "Value": f"`{_shown(value)}`" if _shown(value) else "",
            "For this session": "changed" if name in st.session_state.get(OVERRIDE, {}) else "",
        }
        for name, value in session_settings().model_dump().items()
    ]
    st.table(rows)
    st.caption("Set them as environment variables, or without the prefix in .streamlit/secrets.toml. Keys are never shown.")


def _apply(changes: dict[str, object]) -> None:
    try:
        type(session_settings()).model_validate({**session_settings().model_dump(), **changes})
        if changes["text_engine"] == "llama.cpp" and not str(changes["text_model"]).endswith(".gguf"):
            store.path(str(changes["text_model"]))
    except (ValidationError, ShowcaseError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state[OVERRIDE] = changes
    st.toast("The next answer comes from the engine that you chose.", icon=":material/check:")
    st.rerun()


def _model_label(model_id: str) -> str:
    entry = store.entries().get(model_id)
    return f"{model_id} ({entry['size'] / 1e6:,.0f} MB, {entry['licence']})" if entry else model_id


def _shown(value: object) -> str:
    return ("set" if value.get_secret_value() else "not set") if isinstance(value, SecretStr) else str(value)
