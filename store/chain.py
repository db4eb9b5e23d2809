"""The hash chain over audit events: a row's hash, the signed head, and what a look over all rows finds. Pure: no database here.

Each row's hash covers its fields and the hash of the row before it, so that a change, a gap or another order breaks the
chain at that row. The head says where the chain ends, so that a cut tail is seen. Without VITRINE_GUARD_KEY anyone who may
write the database can make rows, hashes and head anew, and nothing here can tell. With the key the head is signed, and only
who has the key can do that. In no case can it be told that the whole store was deleted or put back to an older copy of
itself: for that, keep an export, or the head's hash, somewhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

GENESIS = "0" * 64
CONTENT = ("at", "conversation", "path", "rule", "counts", "characters")
_HASHED = ("id", *CONTENT, "seal", "previous")
Row = Mapping[str, Any]


def guard_key() -> bytes:
    """VITRINE_GUARD_KEY, or nothing. It's as strong as it is long and random: 32 random bytes are right."""
    return os.environ.get("VITRINE_GUARD_KEY", "").strip().encode()


def row_hash(row: Row) -> str:
    """SHA-256 over the JSON of id, content, seal and previous: keys sorted, no blanks, ASCII. `counts` is a mapping here."""
    return hashlib.sha256(json.dumps({name: row[name] for name in _HASHED}, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


class Seal:
    """What a purge tells of the rows that it emptied: how many, and a SHA-256 over their ids and hashes, in id order.

    It is part of the purge's own row. So nobody can empty one more row and pass it off as purged.
    """

    def __init__(self) -> None:
        self.rows, self.first = 0, 0
        self._hash: _Hash = hashlib.sha256()

    def add(self, identity: int, digest: str) -> None:
        self.first, self.rows = self.first or identity, self.rows + 1
        self._hash.update(f"{identity}:{digest}\n".encode())

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows there are, the id and the hash of the last one, and the signature of the three."""

    row_count: int = 0
    last_id: int = 0
    hash: str = GENESIS
    mac: str = ""

    def signed(self, key: bytes) -> Head:
        """The same head with its HMAC-SHA256, or with no signature when there is no key."""
        words = f"vitrine audit head 1\n{self.row_count}\n{self.last_id}\n{self.hash}".encode()
        return Head(self.row_count, self.last_id, self.hash, hmac.new(key, words, "sha256").hexdigest() if key else "")

    def doubt(self, key: bytes) -> str:
        """Why this head can't be trusted, or "". Without key and signature there is no doubt, and no proof either."""
        if hmac.compare_digest(self.mac.encode(), self.signed(key).mac.encode()):
            return ""
        if not key:
            return "the chain's head is signed and VITRINE_GUARD_KEY is not set; set the key that signed it"
        if not self.mac:
            return (
                "the chain's head is not signed, though VITRINE_GUARD_KEY is set; if this store never had a key, "
                "`python -m store sign` signs it once, otherwise somebody took the signature away"
            )
        return "the chain's head has a signature that VITRINE_GUARD_KEY does not give: the head was changed, or it is another key"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rows` were looked at and their links hold; `problem` names the first bad row, or is "".

    `signed`: the head bears a signature, and it holds.
    """

    ok: bool
    rows: int
    problem: str = ""
    signed: bool = False


def check(rows: Iterable[Row], head: Head | None) -> Verdict:
    """Follows the chain over all rows, in id order, up to the head. `counts` is JSON text, as it lies in the store.

    Rows without content that bear the mark of a purge are held by their links and by that purge's seal. The head's
    signature isn't looked at here.
    """
    seen, before, last = 0, GENESIS, 0
    marked: dict[Any, Seal] = {}
    for row in rows:
        if problem := _problem(row, before, last, marked):
            return Verdict(False, seen, problem)
        seen, before, last = seen + 1, row["hash"], row["id"]
    if marked:
        first, mark = min((seal.first, mark) for mark, seal in marked.items())
        return Verdict(False, seen, f"row {first} is marked as purged by row {mark!r}, which is missing or is no purge")
    if head is None:
        return Verdict(False, seen, "the chain's head is gone (table audit_head), so it can't be told whether rows are missing at the end")
    if before != head.hash or last != head.last_id or seen != head.row_count:
        lost = head.row_count - seen
        cause = f"the last {lost} are missing" if lost > 0 else "rows were added, or the head was changed"
        end = f"the rows end with row {last}, and the chain's head says row {head.last_id} of {head.row_count}"
        return Verdict(False, seen, f"{end}: {cause}")
    return Verdict(True, seen)


def _problem(row: Row, before: str, last: int, marked: dict[Any, Seal]) -> str:
    """What is wrong with a row that should follow the hash `before` of row `last`, or ""."""
    identity = row["id"]
    if row["previous"] != before:
        if not last:
            return f"row {identity} is the first, but it doesn't start the chain: rows before it are missing, or it was changed"
        if identity > last + 1:
            return f"row {identity} doesn't follow row {last}: rows between them are missing, or one of the two was changed or moved"
        return f"row {identity} doesn't follow row {last}: one of the two was changed or moved"
    if row["purged"] is not None:
        if any(row[name] is not None for name in (*CONTENT, "seal")):
            return f"row {identity} is marked as purged, but it has content: it was changed"
        marked.setdefault(row["purged"], Seal()).add(identity, str(row["hash"]))
        return ""
    try:
        counts = json.loads(row["counts"])
        right = row_hash({**row, "counts": counts})
    except (ValueError, TypeError, RecursionError):
        return f"row {identity} was changed: its counts or another field can't be read"
    if row["hash"] != right:
        return f"row {identity} was changed: its fields don't give its hash"
    if row["seal"] is not None:
        seal = marked.pop(identity, Seal())
        if (seal.rows, seal.hexdigest()) != (counts.get("events"), row["seal"]):
            first = f", from row {seal.first} on," if seal.rows else ""
            told = f"row {identity} is a purge of {counts.get('events')} rows"
            return f"{told}, and the {seal.rows} rows{first} that bear its mark are not those"
    return ""
