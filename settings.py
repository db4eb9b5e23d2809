"""Settings of the app: environment (VITRINE_*) first, then `.streamlit/secrets.toml`, checked at start."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

SECRETS = Path(__file__).parent / ".streamlit" / "secrets.toml"


class Settings(BaseSettings):
    """Which engine serves text, and how large it may be. Keys never show: they are `SecretStr`."""

    model_config = SettingsConfigDict(env_prefix="VITRINE_", extra="ignore", toml_file=SECRETS)

    text_engine: Literal["llama.cpp", "transformers", "openai", "fake"] = "llama.cpp"
    text_model: str = Field(default="qwen2.5-coder-1.5b", description="Catalogue id, a path, or a hub id.")
    openai_base_url: str = "http://127.0.0.1:8000/v1"
    openai_api_key: SecretStr = SecretStr("")
    guard_key: SecretStr = Field(default=SecretStr(""), description="Keys hashes and encryption of personal data; 32 characters or more.")
    slots: int = Field(default=4, ge=1, le=32, description="Sessions that one llama.cpp engine streams at once.")
    threads: int = Field(default=0, ge=0, description="0 means one per core.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


@cache
def current() -> Settings:
    return Settings()
