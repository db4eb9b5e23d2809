"""Audit events and feedback, by SQLAlchemy. An event holds types and counts, never the text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from errors import GuardrailBlocked

_META = MetaData()
EVENTS = Table(
    "audit_event", _META,
    Column("id", Integer, primary_key=True), Column("at", String), Column("conversation", String),
    Column("path", String), Column("rule", String), Column("counts", JSON), Column("characters", Integer),
)  # fmt: skip
FEEDBACK = Table(
    "feedback", _META,
    Column("id", Integer, primary_key=True), Column("at", String), Column("conversation", String),
    Column("verdict", String), Column("reason", String), Column("model", String),
)  # fmt: skip


def store_url() -> str:
    """VITRINE_STORE_URL, or an SQLite file in the cache folder."""
    if url := os.environ.get("VITRINE_STORE_URL"):
        return url
    folder = Path(os.environ.get("VITRINE_CACHE") or Path.home() / ".cache" / "vitrine")
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'vitrine.db'}"


class AuditLog:
    """Fails closed: when an event can't be written, the turn is blocked."""

    def __init__(self, url: str | None = None) -> None:
        try:
            self._engine = create_engine(url or store_url(), hide_parameters=True)  # errors never quote what was written
            _META.create_all(self._engine)
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise GuardrailBlocked(
                f"The audit store can't be opened, so nothing goes on: {_cause(error)}. Check VITRINE_STORE_URL.", rule="audit"
            ) from error

    def record(self, conversation: str, path: str, rule: str, counts: Mapping[str, int], characters: int) -> None:
        row = {"conversation": conversation, "path": path, "rule": rule, "counts": dict(counts), "characters": characters}
        self._write(EVENTS, row)

    def feedback(self, conversation: str, verdict: str, reason: str, model: str) -> None:
        self._write(FEEDBACK, {"conversation": conversation, "verdict": verdict, "reason": reason, "model": model})

    def events(self, limit: int = 100) -> list[dict[str, object]]:
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(select(EVENTS).order_by(EVENTS.c.id.desc()).limit(limit))
                return [dict(row._mapping) for row in rows]
        except (SQLAlchemyError, OSError) as error:
            raise GuardrailBlocked(f"The audit store can't be read: {_cause(error)}.", rule="audit") from error

    def _write(self, table: Table, row: dict[str, object]) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(table), [{"at": datetime.now(UTC).isoformat(), **row}])
        except (SQLAlchemyError, OSError) as error:
            raise GuardrailBlocked(
                f"The audit store can't be written, so the turn is stopped: {_cause(error)}. Is the disk full?", rule="audit"
            ) from error


def _cause(error: BaseException) -> str:
    """The driver's own words, without SQLAlchemy's statement and link."""
    words = str(getattr(error, "orig", None) or error).strip()
    return words.splitlines()[0].rstrip(".") if words else type(error).__name__
