"""The tables of the store, how a database is opened, and how an old one gets its chain."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    cast,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.schema import CreateColumn

from store.chain import Head, row_hash

META = MetaData()
EVENTS = Table(
    "audit_event", META,
    Column("id", Integer, primary_key=True), Column("at", String), Column("conversation", String),
    Column("path", String), Column("rule", String), Column("counts", JSON(none_as_null=True)), Column("characters", Integer),
    Column("seal", String), Column("purged", Integer), Column("previous", String), Column("hash", String),
    Index("audit_event_previous", "previous", unique=True),  # one row at most follows another: the chain can't fork
    Index("audit_event_at", "at"), Index("audit_event_conversation", "conversation", "id"),
    Index("audit_event_path", "path", "id"),
)  # fmt: skip
FEEDBACK = Table(
    "feedback", META,
    Column("id", Integer, primary_key=True), Column("at", String), Column("conversation", String),
    Column("verdict", String), Column("reason", String), Column("model", String),
)  # fmt: skip
HEAD = Table(
    "audit_head", META,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False), Column("row_count", Integer),
    Column("last_id", Integer), Column("hash", String), Column("mac", String),
)  # fmt: skip
# A row as it lies in the store: counts as text, so that what somebody broke can still be fetched and told.
RAW = [*(column for column in EVENTS.c if column.name != "counts"), cast(EVENTS.c.counts, Text).label("counts")]


def open_engine(url: str) -> Engine:
    """An engine whose transactions see one state of the store; with `execution_options(writes=True)` writers take turns.

    SQLite runs in WAL mode, so that readers don't hold up a turn, which puts two files beside the database (-wal, -shm) and
    wants a local disk. Each commit still waits for the disk: after a power cut nothing that was recorded is missing.
    """
    engine = create_engine(url, hide_parameters=True)  # errors never quote what was written
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver starts no transactions: `begun` does
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")  # `verify` names a row with broken text
        connection.execute("PRAGMA busy_timeout = 15000")
        with suppress(sqlite3.OperationalError):  # a read-only file, or another process is changing it
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def lock_head(connection: Connection) -> Head | None:
    """The chain's head, which no other writer can have until the transaction ends; None if the row is gone."""
    row = connection.execute(select(HEAD.c.row_count, HEAD.c.last_id, HEAD.c.hash, HEAD.c.mac).with_for_update()).first()
    return Head(*row) if row else None


def prepare(engine: Engine, key: bytes) -> None:
    """Makes what is missing, in one transaction. The rows of a database from before the chain are chained once, in id order.

    Such old rows are never signed by themselves, or who strips the hashes would get his rows signed: with a key,
    `AuditLog.sign` has to be asked for it. A missing head beside chained rows isn't made anew.
    """
    with engine.connect() as connection:
        if not _missing(connection):
            return
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(0x56_49_54)))  # two processes may start at once
        missing = _missing(connection)
        META.create_all(connection)
        for name in sorted(missing & set(EVENTS.c.keys())):
            column = CreateColumn(EVENTS.c[name]).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE audit_event ADD COLUMN {column}")
        if missing & {"audit_event", "hash"}:
            head = _chain(connection)
            for index in EVENTS.indexes:
                index.create(connection, checkfirst=True)
            if lock_head(connection) is None:
                connection.execute(insert(HEAD), [head_row(head if head.row_count else head.signed(key))])


def compact(engine: Engine) -> None:
    """Takes what was deleted or emptied out of an SQLite file and its -wal, where it would lie until it's overwritten.

    Nothing to do on PostgreSQL: its autovacuum does that in its own time. Neither reaches backups.
    """
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM")
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()


def head_row(head: Head) -> dict[str, Any]:
    return {"id": 1, "row_count": head.row_count, "last_id": head.last_id, "hash": head.hash, "mac": head.mac}


def loaded(row: Mapping[str, Any]) -> dict[str, Any]:
    """A raw row with `counts` as a dict. Raises ValueError if they were broken."""
    return {name: json.loads(row["counts"]) if name == "counts" and row["counts"] is not None else row[name] for name in EVENTS.c.keys()}


def _missing(connection: Connection) -> set[str]:
    """Names of tables, and of columns of audit_event, that aren't there yet."""
    look = inspect(connection)
    tables = set(META.tables) - set(look.get_table_names())
    there = set(EVENTS.c.keys()) if "audit_event" in tables else {str(column["name"]) for column in look.get_columns("audit_event")}
    return tables | (set(EVENTS.c.keys()) - there)


def _chain(connection: Connection) -> Head:
    """Gives every row its hash, and returns the head. 1,000 rows at a time, so that an old log of any length fits in memory."""
    head = Head()
    change = update(EVENTS).where(EVENTS.c.id == bindparam("row")).values(previous=bindparam("before"), hash=bindparam("after"))
    while rows := connection.execute(select(*RAW).where(EVENTS.c.id > head.last_id).order_by(EVENTS.c.id).limit(1000)).all():
        changes = []
        for row in rows:
            before = head.hash
            head = Head(head.row_count + 1, row.id, row_hash({**loaded(row._asdict()), "previous": before}))
            changes.append({"row": row.id, "before": before, "after": head.hash})
        connection.execute(change, changes)
    return head
