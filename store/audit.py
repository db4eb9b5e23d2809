"""Audit events and feedback, by SQLAlchemy. An event holds types and counts, never the text.

Events are only ever added, and each is chained to the one before it: `store.chain` says what that shows and what it can't.
"""

from __future__ import annotations

import csv
import json
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal, NamedTuple, NoReturn, TextIO, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, func, insert, null, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from errors import GuardrailBlocked, InvalidInput
from store.chain import CONTENT, Head, Seal, Verdict, check, guard_key, row_hash
from store.tables import EVENTS, FEEDBACK, HEAD, RAW, compact, head_row, loaded, lock_head, open_engine, prepare

T = TypeVar("T")
OWN = "store"  # the path of events about the store itself; they are never purged
TRIES = 8


class Purged(NamedTuple):
    events: int
    feedback: int


def store_url() -> str:
    """VITRINE_STORE_URL, or an SQLite file in the cache folder."""
    if url := os.environ.get("VITRINE_STORE_URL"):
        return url
    folder = Path(os.environ.get("VITRINE_CACHE") or Path.home() / ".cache" / "vitrine")
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'vitrine.db'}"


class AuditLog:
    """Fails closed: when an event can't be written, or the head of the chain isn't the one that was signed, the turn is blocked.

    With VITRINE_GUARD_KEY in the environment the chain's head is signed with it. Threads and processes may write at once.
    It doesn't chain feedback, and a chain broken in the middle doesn't stop it from writing on: `verify` tells.
    """

    def __init__(self, url: str | None = None) -> None:
        self._key, self._turn = guard_key(), Lock()
        try:
            self._engine = open_engine(url or store_url())
            self._writer = self._engine.execution_options(writes=True)
            prepare(self._engine, self._key)
            postgres = self._engine.dialect.name == "postgresql"
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ") if postgres else self._engine
        except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
            raise GuardrailBlocked(
                f"The audit store can't be opened, so nothing goes on: {_cause(error)}. Check VITRINE_STORE_URL.", rule="audit"
            ) from error

    def record(self, conversation: str, path: str, rule: str, counts: Mapping[str, int], characters: int) -> None:
        row = {"conversation": conversation, "path": path, "rule": rule, "counts": dict(counts), "characters": characters}
        self._write(lambda connection: _append(connection, _head(connection, self._key), self._key, row))

    def feedback(self, conversation: str, verdict: str, reason: str, model: str) -> None:
        row = {"at": _now(), "conversation": conversation, "verdict": verdict, "reason": reason, "model": model}
        self._write(lambda connection: connection.execute(insert(FEEDBACK), [row]))

    def events(
        self,
        limit: int = 100,
        rule: str | None = None,
        path: str | None = None,
        conversation: str | None = None,
        since: datetime | None = None,
    ) -> list[dict[str, object]]:
        """The newest events first. `rule` "injection" finds "injection: ..." too. Purged rows, without content, fit no filter."""
        if limit < 1:
            raise InvalidInput(f"The limit is {limit}; right is 1 or more.")
        query = select(*RAW).order_by(EVENTS.c.id.desc()).limit(limit)
        if rule is not None:
            query = query.where(or_(EVENTS.c.rule == rule, EVENTS.c.rule.startswith(f"{rule}: ", autoescape=True)))
        if path is not None:
            query = query.where(EVENTS.c.path == path)
        if conversation is not None:
            query = query.where(EVENTS.c.conversation == conversation)
        if since is not None:
            query = query.where(EVENTS.c.at >= _stamp(since))
        with self._reading() as connection:
            return [loaded(row._asdict()) for row in connection.execute(query)]

    def verify(self) -> Verdict:
        """Reads the whole chain and names the first row that was changed, moved, put in or taken out, at the end too.

        Without VITRINE_GUARD_KEY it can't tell a store whose rows, hashes and head were all made anew; with or without it,
        not one that was put back to an older copy of itself, or deleted. A signed store isn't verified without its key.
        """
        with self._reading() as connection:
            head = _read_head(connection)
            verdict = check(_rows(connection), head)
        if not verdict.ok or head is None:
            return verdict
        doubt = head.doubt(self._key)
        return Verdict(not doubt, verdict.rows, doubt, signed=bool(head.mac) and not doubt)

    def sign(self) -> None:
        """Signs the head with the VITRINE_GUARD_KEY in force, whatever signature it had; with no key it takes the signature away.

        For a store from before the key, and for a new key. The chain must hold as it stands; an event tells of it.
        """

        def work(connection: Connection) -> None:
            head = lock_head(connection)
            verdict = check(_rows(connection), head)
            if head is None or not verdict.ok:
                raise GuardrailBlocked(
                    f"The audit store can't be signed: {verdict.problem}. Keep it as it is, and name a new one in VITRINE_STORE_URL.",
                    rule="audit",
                )
            row = {"conversation": "", "path": OWN, "rule": f"sign: {'with' if self._key else 'without'} a key", "characters": 0}
            _append(connection, head, self._key, {**row, "counts": {"events": head.row_count}})

        self._write(work, "The audit store can't be signed")

    def purge(self, before: datetime) -> Purged:
        """Empties the events from before that moment, deletes the feedback from before it, and records that it did.

        An emptied row keeps its id, its place in the chain and the id of the purge; what it held can't be had back. Events
        about the store itself stay.
        """
        stamp = _stamp(before)
        return self._purge(EVENTS.c.at < stamp, FEEDBACK.c.at < stamp, f"purge: before {stamp}")

    def purge_conversation(self, conversation: str) -> Purged:
        """The same for one conversation, whose id isn't kept either."""
        if not conversation:
            raise InvalidInput("The conversation is ''; right is the id of one, such as `python -m store list` shows.")
        return self._purge(EVENTS.c.conversation == conversation, FEEDBACK.c.conversation == conversation, "purge: conversation")

    def export(self, target: str | os.PathLike[str] | TextIO, format: Literal["jsonl", "csv"] = "jsonl") -> int:
        """Writes every event, oldest first, with its hashes, and gives their number. A file is there whole or not at all.

        CSV has `counts` as JSON, and can't tell an empty field from none. Feedback is not in it.
        """
        if format not in ("jsonl", "csv"):
            raise InvalidInput(f"The format is {format!r}; right is 'jsonl' or 'csv'.")
        if not isinstance(target, str | os.PathLike):
            return self._dump(target, format)
        path = Path(target)
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                rows = self._dump(file, format)
            part.replace(path)
            return rows
        except OSError as error:
            raise InvalidInput(f"{path} can't be written: {error.strerror}. Right is a file in a folder that may be written.") from error
        finally:
            part.unlink(missing_ok=True)

    def _dump(self, file: TextIO, format: str) -> int:
        table = csv.DictWriter(file, EVENTS.c.keys(), lineterminator="\n")
        if format == "csv":
            table.writeheader()
        number = 0
        with self._reading() as connection:
            for row in _rows(connection):
                if format == "csv":
                    table.writerow(row)
                else:
                    file.write(json.dumps(loaded(row)) + "\n")
                number += 1
        return number

    def _purge(self, of: ColumnElement[bool], said: ColumnElement[bool], rule: str) -> Purged:
        chosen = of & EVENTS.c.purged.is_(None) & (func.coalesce(EVENTS.c.path, "") != OWN)

        def work(connection: Connection) -> Purged:
            head, seal = _head(connection, self._key), Seal()
            for identity, digest in connection.execute(select(EVENTS.c.id, EVENTS.c.hash).where(chosen).order_by(EVENTS.c.id)):
                seal.add(identity, str(digest))
            connection.execute(update(EVENTS).where(chosen).values({**{name: null() for name in CONTENT}, "purged": head.last_id + 1}))
            gone = connection.execute(delete(FEEDBACK).where(said)).rowcount
            row = {"conversation": "", "path": OWN, "rule": rule, "counts": {"events": seal.rows, "feedback": gone}, "characters": 0}
            _append(connection, head, self._key, {**row, "seal": seal.hexdigest()})
            return Purged(seal.rows, gone)

        purged = self._write(work, "The audit store can't be purged")
        try:
            compact(self._engine)
        except Exception as error:  # the driver's own errors: this goes past SQLAlchemy
            raise GuardrailBlocked(
                f"The rows were purged, but what they held may still lie in free parts of the file: {_cause(error)}. "
                "Make room on the disk and purge again.", rule="audit",
            ) from error  # fmt: skip
        return purged

    def _write(self, work: Callable[[Connection], T], what: str = "The audit store can't be written, so the turn is stopped") -> T:
        """Does `work` in one transaction, again when another writer was faster. It may raise GuardrailBlocked itself."""
        for left in reversed(range(TRIES)):
            try:
                with self._turn, self._writer.begin() as connection:
                    return work(connection)
            except (SQLAlchemyError, OSError, ValueError, TypeError) as error:
                if not left or not _again(error):
                    hint = "`python -m store verify` tells more" if isinstance(error, IntegrityError) else "Is the disk full?"
                    raise GuardrailBlocked(f"{what}: {_cause(error)}. {hint}", rule="audit") from error
            time.sleep(random.uniform(0.001, 0.02))
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._reader.connect() as connection:
                yield connection
        except BrokenPipeError:  # whoever reads an export has had enough
            raise
        except (SQLAlchemyError, OSError, ValueError, RecursionError) as error:
            raise GuardrailBlocked(f"The audit store can't be read: {_cause(error)}.", rule="audit") from error


def _rows(connection: Connection) -> Iterable[Mapping[str, Any]]:
    """All raw rows in id order, a thousand at a time in memory."""
    query = select(*RAW).order_by(EVENTS.c.id).execution_options(yield_per=1000)
    return (row._asdict() for row in connection.execute(query))


def _read_head(connection: Connection) -> Head | None:
    row = connection.execute(select(HEAD.c.row_count, HEAD.c.last_id, HEAD.c.hash, HEAD.c.mac)).first()
    return Head(*row) if row else None


def _head(connection: Connection, key: bytes) -> Head:
    """The locked head, which must be there and trusted: else a cut chain would be signed anew with the next event."""
    head = lock_head(connection)
    if head is None:
        _blocked("the chain's head is gone (table audit_head)")
    if doubt := head.doubt(key):
        _blocked(doubt)
    return head


def _append(connection: Connection, head: Head, key: bytes, row: Mapping[str, Any]) -> None:
    """Adds one event after `head`, and moves the head, in the transaction that locked it."""
    counts = {str(name): int(number) for name, number in row["counts"].items()}
    new = {"seal": None, **row, "counts": counts, "id": head.last_id + 1, "at": _now(), "previous": head.hash}
    new["hash"] = row_hash(new)
    connection.execute(insert(EVENTS), [new])
    connection.execute(update(HEAD).values(head_row(Head(head.row_count + 1, new["id"], new["hash"]).signed(key))))


def _blocked(problem: str) -> NoReturn:
    raise GuardrailBlocked(
        f"The audit store can't be written, so the turn is stopped: {problem}. `python -m store verify` tells more.", rule="audit"
    )


def _again(error: BaseException) -> bool:
    """Whether another writer was in the way: the same place in the chain, or PostgreSQL's serialization failure and deadlock."""
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) if isinstance(error, DBAPIError) else None
    return isinstance(error, IntegrityError) or state in ("40001", "40P01")


def _now() -> str:
    return _stamp(datetime.now(UTC))


def _stamp(moment: datetime) -> str:
    """As `at` is stored: in UTC and always of one length, so that text sorts as time."""
    if moment.tzinfo is None:
        raise InvalidInput(f"The moment {moment.isoformat()} has no time zone; right is {moment.isoformat()}+00:00, for UTC.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _cause(error: BaseException) -> str:
    """The driver's own words, without SQLAlchemy's statement and link."""
    words = str(getattr(error, "orig", None) or error).strip()
    return words.splitlines()[0].rstrip(".") if words else type(error).__name__
