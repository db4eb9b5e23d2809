"""Builds the door for the engine that the settings name. The only place that knows every adapter."""

from __future__ import annotations

from pathlib import Path

from generators.text import Embedder, TextGenerator
from guardrails.door import Door
from guardrails.scanner import Scanner, default_scanner
from models import store
from settings import Settings
from store.audit import AuditLog


def open_door(settings: Settings, allow: frozenset[str] = frozenset()) -> Door:
    """A door whose engines load on first use. `allow` holds brand words that are nobody's name."""

    def scanner() -> Scanner:
        return default_scanner(allow)

    return Door(lambda: _engine(settings), _embedder, scanner, AuditLog())


def _engine(settings: Settings) -> TextGenerator:
    match settings.text_engine:
        case "llama.cpp":
            from generators.text_llamacpp import LlamaCppText

            name = settings.text_model
            path = Path(name) if name.endswith(".gguf") else store.path(name)
            return LlamaCppText(path, name, slots=settings.slots, threads=settings.threads or None)
        case "transformers":
            from generators.text_transformers import TransformersText

            return TransformersText(settings.text_model)
        case "openai":
            from generators.text_openai import OpenAIText

            key = settings.openai_api_key.get_secret_value()
            return OpenAIText(settings.openai_base_url, key, settings.text_model)
        case "fake":
            from generators.text_fake import FakeText

            return FakeText()


def _embedder() -> Embedder:
    from generators.embedding_minilm import MiniLMEmbedder

    return MiniLMEmbedder(store.path("all-minilm-l6-v2"))
