"""The chain over the audit log: whoever changes the store behind its back is found, and nobody who writes to it is lost."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from errors import GuardrailBlocked, InvalidInput
from store.__main__ import main
from store.audit import AuditLog
from store.chain import CONTENT, GENESIS, Head, Seal, row_hash

ROOT = Path(__file__).parents[2]
KEY = "k" * 32
LATER = datetime(2100, 1, 1, tzinfo=UTC)
POSTGRES = os.environ.get("VITRINE_TEST_POSTGRES_URL")  # an empty database, which the tests fill and empty


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VITRINE_GUARD_KEY", raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, file: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{file}"
    if not POSTGRES:
        pytest.skip("VITRINE_TEST_POSTGRES_URL names no database")
    with AuditLog(POSTGRES)._engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS audit_event, audit_head, feedback"))
    return POSTGRES


def opened(file: Path) -> AuditLog:
    return AuditLog(f"sqlite:///{file}")


def filled(file: Path, rows: int = 6) -> AuditLog:
    log = opened(file)
    for n in range(rows):
        log.record(f"c{n % 2}", "user", "pii" if n % 3 else "injection: orders", {"EMAIL_ADDRESS": n}, 10 + n)
    return log


def sql(file: Path, *statements: str) -> list[Any]:
    connection = sqlite3.connect(file)
    try:
        rows = [connection.execute(statement).fetchall() for statement in statements][-1]
        connection.commit()
        return rows
    finally:
        connection.close()


def problem(log: AuditLog) -> str:
    verdict = log.verify()
    assert verdict.ok == (not verdict.problem)
    return verdict.problem


def forge(file: Path) -> None:
    """What one who can compute can do: makes all hashes and the head anew, without a key and without this project's writer."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    head, marked = GENESIS, dict[int, Seal]()
    rows = connection.execute("SELECT * FROM audit_event ORDER BY id").fetchall()
    for row in rows:
        new = {**dict(row), "previous": head}
        if new["purged"] is not None:
            marked.setdefault(new["purged"], Seal()).add(new["id"], new["hash"])
            head = new["hash"]
        else:
            new["counts"] = json.loads(new["counts"])
            head = row_hash(new)
        connection.execute("UPDATE audit_event SET previous = ?, hash = ? WHERE id = ?", (new["previous"], head, new["id"]))
    connection.execute("UPDATE audit_head SET row_count = ?, last_id = ?, hash = ?", (len(rows), rows[-1]["id"], head))
    connection.commit()
    connection.close()


def test_each_row_is_chained_to_the_one_before(file: Path) -> None:
    log = filled(file)
    rows = log.events()[::-1]
    assert [row["previous"] for row in rows] == [GENESIS, *(row["hash"] for row in rows[:-1])]
    assert all(row["hash"] == row_hash(row) for row in rows)
    verdict = log.verify()
    assert (verdict.ok, verdict.rows, verdict.problem, verdict.signed) == (True, 6, "", False)


def test_an_empty_store_holds(file: Path) -> None:
    assert opened(file).verify().ok


@pytest.mark.parametrize(
    "change",
    [
        "at = '2020-01-01T00:00:00.000000+00:00'", "conversation = 'other'", "conversation = NULL", "path = 'tool'", "rule = 'none'",
        "counts = '{}'", "counts = '{\"EMAIL_ADDRESS\": 99}'", "counts = '{\"EMAIL_ADDRESS\": 3.0}'", "counts = 'torn'", "counts = NULL",
        "counts = x'ff00'", "counts = printf('%.*c', 100000, '[')", "characters = 0", "characters = NULL", "characters = 'x'",
        "rule = x'706969'", "rule = CAST(x'ff' AS TEXT)", "seal = 'x'", "previous = 'x'", "previous = NULL", "hash = 'x'", "hash = NULL",
        "purged = 6", "purged = 'x'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("row", [1, 4, 6])
def test_a_change_of_any_field_names_the_row(file: Path, change: str, row: int) -> None:
    log = filled(file)
    sql(file, f"UPDATE audit_event SET {change} WHERE id = {row}")
    assert problem(log).startswith(f"row {row} ")


@pytest.mark.parametrize(
    ("gone", "found"),
    [
        ("id = 1", "row 2 is the first, but it doesn't start the chain"),
        ("id = 3", "row 4 doesn't follow row 2: rows between them are missing"),
        ("id = 6", "the rows end with row 5, and the chain's head says row 6 of 6: the last 1 are missing"),
        ("id > 2", "the last 4 are missing"),
        ("1", "the last 6 are missing"),
    ],
)
def test_a_row_that_was_taken_out_is_missed(file: Path, gone: str, found: str) -> None:
    log = filled(file)
    sql(file, f"DELETE FROM audit_event WHERE {gone}")
    assert found in problem(log)


def test_a_cut_tail_is_missed_after_more_was_written(file: Path) -> None:
    log = filled(file)
    sql(file, "DELETE FROM audit_event WHERE id > 4")
    log.record("s", "user", "pii", {}, 1)
    assert "row 7 doesn't follow row 4: rows between them are missing" in problem(log)


def test_swapped_rows_are_found(file: Path) -> None:
    log = filled(file)
    sql(file, "UPDATE audit_event SET id = -1 WHERE id = 3", "UPDATE audit_event SET id = 3 WHERE id = 4",
        "UPDATE audit_event SET id = 4 WHERE id = -1")  # fmt: skip
    assert "row 3 doesn't follow row 2" in problem(log)


def test_swapped_contents_are_found(file: Path) -> None:
    log = filled(file)
    names = ", ".join(CONTENT)
    sql(file, "CREATE TABLE t AS SELECT * FROM audit_event",
        f"UPDATE audit_event SET ({names}) = (SELECT {names} FROM t WHERE t.id = 7 - audit_event.id) WHERE id IN (3, 4)")  # fmt: skip
    assert "row 3 was changed" in problem(log)


def test_a_row_that_was_put_in_is_found_and_stops_the_next(file: Path) -> None:
    log = filled(file)
    sql(file, f"INSERT INTO audit_event (id, counts, previous, hash) VALUES (7, '{{}}', '{'0' * 63}1', 'x')")
    assert "row 7" in problem(log)
    with pytest.raises(GuardrailBlocked, match="so the turn is stopped.*store verify"):
        log.record("s", "user", "pii", {}, 1)


def test_two_rows_cannot_follow_the_same(file: Path) -> None:
    filled(file)
    with pytest.raises(sqlite3.IntegrityError):
        sql(file, "INSERT INTO audit_event (id, previous) SELECT 99, previous FROM audit_event WHERE id = 4")


@pytest.mark.parametrize("change", ["row_count = 5", "last_id = 7", "hash = 'x'", "row_count = 4, last_id = 4"])
def test_a_changed_head_is_found(file: Path, change: str) -> None:
    log = filled(file)
    sql(file, f"UPDATE audit_head SET {change}")
    assert "head" in problem(log)


@pytest.mark.parametrize("how", ["DELETE FROM audit_head", "DROP TABLE audit_head"])
def test_a_head_that_is_gone_is_not_made_anew(file: Path, how: str) -> None:
    filled(file)
    sql(file, how)
    log = opened(file)
    assert "head is gone" in problem(log)
    with pytest.raises(GuardrailBlocked, match="so the turn is stopped: the chain's head is gone"):
        log.record("s", "user", "pii", {}, 1)
    with pytest.raises(GuardrailBlocked, match="can't be signed: the chain's head is gone"):
        log.sign()


def test_there_is_one_head(file: Path) -> None:
    filled(file)
    with pytest.raises(sqlite3.IntegrityError):
        sql(file, "INSERT INTO audit_head (id) VALUES (2)")


def test_without_a_key_a_store_made_anew_passes_and_with_a_key_it_does_not(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = filled(file)
    sql(file, "UPDATE audit_event SET rule = 'none' WHERE id = 3")
    forge(file)
    assert log.verify().ok  # as store.chain says
    monkeypatch.setenv("VITRINE_GUARD_KEY", KEY)
    signed = filled(file.with_name("b.db"))
    assert signed.verify().ok and signed.verify().signed
    sql(file.with_name("b.db"), "UPDATE audit_event SET rule = 'none' WHERE id = 3")
    forge(file.with_name("b.db"))
    assert "signature" in problem(signed)
    with pytest.raises(GuardrailBlocked, match="so the turn is stopped: the chain's head has a signature that"):
        signed.record("s", "user", "pii", {}, 1)  # or the next event would sign what was forged


def test_a_signature_cannot_be_taken_away(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_GUARD_KEY", KEY)
    filled(file)
    sql(file, "DELETE FROM audit_event WHERE id > 4", "UPDATE audit_head SET mac = ''")
    forge(file)
    log = opened(file)
    assert "is not signed" in problem(log)
    with pytest.raises(GuardrailBlocked, match="is not signed"):
        log.record("s", "user", "pii", {}, 1)
    with pytest.raises(GuardrailBlocked, match="is not signed"):
        log.purge(LATER)


@pytest.mark.parametrize("key", ["", "another key"])
def test_a_signed_store_wants_its_key(file: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("VITRINE_GUARD_KEY", KEY)
    filled(file)
    monkeypatch.setenv("VITRINE_GUARD_KEY", key)
    log = opened(file)
    assert "VITRINE_GUARD_KEY" in problem(log) and log.verify().rows == 6
    with pytest.raises(GuardrailBlocked, match="VITRINE_GUARD_KEY"):
        log.record("s", "user", "pii", {}, 1)


def test_a_store_from_before_the_key_is_signed_on_demand_and_tells_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(file)
    monkeypatch.setenv("VITRINE_GUARD_KEY", KEY)
    log = opened(file)
    log.sign()
    assert log.verify().signed and log.events(1)[0]["rule"] == "sign: with a key"
    log.record("s", "user", "pii", {}, 1)
    sql(file, "UPDATE audit_event SET rule = 'none' WHERE id = 3")
    with pytest.raises(GuardrailBlocked, match="can't be signed: row 3 was changed"):
        log.sign()
    assert KEY.encode() not in file.read_bytes()


def test_no_signature_fits_another_head() -> None:
    heads = [Head(1, 1, "a"), Head(2, 1, "a"), Head(1, 2, "a"), Head(1, 1, "b"), Head(11, 1, "a")]
    assert len({head.signed(b"k").mac for head in heads} | {Head(1, 1, "a").signed(b"l").mac}) == 6
    assert Head().signed(b"").mac == ""


def write_at_once(log: AuditLog, threads: int, rows: int) -> list[Exception]:
    errors: list[Exception] = []

    def write(n: int) -> None:
        try:
            for i in range(rows):
                log.record(f"s{n}", "user", "pii", {"PERSON": 1}, i)
        except Exception as error:
            errors.append(error)

    all_of_them = [threading.Thread(target=write, args=(n,)) for n in range(threads)]
    for thread in all_of_them:
        thread.start()
    for thread in all_of_them:
        thread.join()
    return errors


def test_eight_threads_write_one_chain(url: str) -> None:
    log = AuditLog(url)
    assert write_at_once(log, 8, 50) == []
    verdict = log.verify()
    assert (verdict.ok, verdict.rows) == (True, 400)
    for n in range(8):  # nobody's events change places
        assert [row["characters"] for row in log.events(400, conversation=f"s{n}")] == list(range(50))[::-1]


def test_two_processes_write_one_chain(url: str) -> None:
    """Both also find no tables and make them at the same time."""
    code = f"""
import sys
from store.audit import AuditLog
print("ready", flush=True); sys.stdin.readline()
log = AuditLog({url!r})
for i in range(100): log.record(sys.argv[1], "user", "pii", {{}}, i)
"""
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    pair = [
        subprocess.Popen([sys.executable, "-c", code, name], cwd=ROOT, env=env, text=True, stdin=-1, stdout=-1, stderr=-1) for name in "ab"
    ]
    for process in pair:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in pair:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in pair:
        _, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors
    log = AuditLog(url)
    verdict = log.verify()
    assert (verdict.ok, verdict.rows) == (True, 200), verdict
    assert len(log.events(200, conversation="a")) == 100


def test_a_reader_does_not_hold_up_a_turn(file: Path) -> None:
    log = filled(file)
    with log._reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_event")).scalar() == 6
        log.record("s", "user", "pii", {}, 1)
        assert connection.execute(text("SELECT count(*) FROM audit_event")).scalar() == 6
    assert log.verify().rows == 7


def test_a_failed_write_leaves_nothing_behind(file: Path) -> None:
    log = filled(file)
    with pytest.raises(GuardrailBlocked, match="can't be written"):
        log.record("s", "user", "pii", {"PERSON": "Ann Bell"}, 1)  # type: ignore[dict-item]
    assert log.verify().ok and log.verify().rows == 6


OLD = """
CREATE TABLE audit_event (id INTEGER NOT NULL PRIMARY KEY, at VARCHAR, conversation VARCHAR, path VARCHAR, rule VARCHAR,
  counts JSON, characters INTEGER);
CREATE TABLE feedback (id INTEGER NOT NULL PRIMARY KEY, at VARCHAR, conversation VARCHAR, verdict VARCHAR, reason VARCHAR, model VARCHAR);
"""


def old(file: Path, rows: int = 2500) -> Path:
    connection = sqlite3.connect(file)
    connection.executescript(OLD)
    connection.executemany(
        "INSERT INTO audit_event VALUES (?, '2026-01-01T00:00:00.000001+00:00', 'c', 'user', 'pii', '{\"PERSON\":  1}', 5)",
        [(2 * n + 3,) for n in range(rows)],  # with gaps, as a PostgreSQL sequence leaves them
    )
    connection.commit()
    connection.close()
    return file


def test_an_old_store_is_chained_once(file: Path) -> None:
    log = opened(old(file))
    assert log.verify().ok and log.verify().rows == 2500
    first = sql(file, "SELECT id, previous, hash FROM audit_event ORDER BY id")
    assert first[0][:2] == (3, GENESIS)
    log.record("s", "user", "pii", {}, 1)
    again = opened(file)
    assert again.verify().rows == 2501 and sql(file, "SELECT id, previous, hash FROM audit_event ORDER BY id")[:-1] == first
    assert again.events(1)[0]["id"] == 5002
    indexes = {row[1] for row in sql(file, "PRAGMA index_list(audit_event)")}
    fresh = file.with_name("b.db")
    opened(fresh)
    assert indexes == {row[1] for row in sql(fresh, "PRAGMA index_list(audit_event)")}
    columns = "SELECT name, type, pk FROM pragma_table_info('audit_event') ORDER BY name"
    assert sql(file, columns) == sql(fresh, columns)


def test_an_old_store_without_rows_is_as_a_new_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_GUARD_KEY", KEY)
    log = opened(old(file, 0))
    log.record("s", "user", "pii", {}, 1)
    assert log.verify().signed


def test_old_rows_are_not_signed_by_themselves(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_GUARD_KEY", KEY)
    log = opened(old(file, 3))
    with pytest.raises(GuardrailBlocked, match="python -m store sign"):
        log.record("s", "user", "pii", {}, 1)
    log.sign()
    log.record("s", "user", "pii", {}, 1)
    assert log.verify().signed


def test_hashes_that_were_stripped_are_held_against_the_head(file: Path) -> None:
    filled(file)
    sql(file, "UPDATE audit_event SET rule = 'none' WHERE id = 3", "DROP INDEX audit_event_previous",
        "ALTER TABLE audit_event DROP COLUMN hash", "ALTER TABLE audit_event DROP COLUMN previous")  # fmt: skip
    assert "head was changed" in problem(opened(file))


def test_an_old_store_that_cannot_be_chained_stays_as_it_was(file: Path) -> None:
    old(file, 3)
    sql(file, "UPDATE audit_event SET counts = 'torn' WHERE id = 5")
    before = sql(file, "SELECT sql FROM sqlite_master")
    with pytest.raises(GuardrailBlocked, match="can't be opened"):
        opened(file)
    assert sql(file, "SELECT sql FROM sqlite_master") == before


def test_a_purge_by_date_empties_rows_and_the_chain_holds(url: str) -> None:
    log = AuditLog(url)
    for n in range(6):
        log.record(f"c{n}", "user", "pii", {"PERSON": n}, n)
        log.feedback(f"c{n}", "up", "", "m")
    cut = datetime.fromisoformat(str(log.events(3)[-1]["at"]))
    assert log.purge(cut.astimezone()) == (3, 3)
    rows = log.events()[::-1]
    assert [row["purged"] for row in rows] == [7, 7, 7, None, None, None, None]
    assert all(row[name] is None for row in rows[:3] for name in CONTENT) and all(row["hash"] and row["previous"] for row in rows)
    assert (rows[6]["path"], rows[6]["rule"], rows[6]["counts"]) == (
        "store", f"purge: before {cut.isoformat(timespec='microseconds')}", {"events": 3, "feedback": 3},
    )  # fmt: skip
    assert log.verify().ok and log.verify().rows == 7
    assert log.purge(LATER) == (3, 3) and log.purge(LATER) == (0, 0)  # the purges themselves stay
    log.record("s", "user", "pii", {}, 1)
    assert log.verify().ok and [row["purged"] for row in log.events()[::-1]] == [7, 7, 7, 8, 8, 8, None, None, None, None]


def test_a_purged_conversation_is_in_no_file(file: Path) -> None:
    log = opened(file)
    for n in range(400):
        log.record(f"gone-{n % 2}-canary", "user", "pii", {"PERSON": 1}, n)
        log.feedback(f"gone-{n % 2}-canary", "down", "wrong", "m")
    assert log.purge_conversation("gone-1-canary") == (200, 200)
    stored = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"gone-1-canary" not in stored and b"gone-0-canary" in stored
    assert log.verify().ok and log.verify().rows == 401
    assert len(log.events(500, conversation="gone-0-canary")) == 200 and log.events(500, conversation="gone-1-canary") == []


def test_rows_cannot_be_emptied_in_the_name_of_a_purge(file: Path) -> None:
    log = filled(file)
    log.purge_conversation("c0")  # rows 1, 3, 5; the purge is row 7
    assert log.verify().ok
    empty = ", ".join(f"{name} = NULL" for name in CONTENT)
    sql(file, f"UPDATE audit_event SET {empty}, purged = 7 WHERE id = 2")
    assert "row 7 is a purge of 3 rows, and the 4 rows, from row 1 on, that bear its mark are not those" == problem(log)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("purged = 8 WHERE id = 3", "row 7 is a purge of 3 rows, and the 2 rows"),
        ("purged = NULL WHERE id = 3", "row 3 was changed"),
        ("conversation = 'x' WHERE id = 3", "row 3 is marked as purged, but it has content"),
        ("hash = 'x' WHERE id = 3", "row 4 doesn't follow row 3"),
        ("id = 0 WHERE id = 1", "row 7 is a purge of 3 rows"),
        ("counts = '{\"events\": 2, \"feedback\": 0}' WHERE id = 7", "row 7 was changed"),
    ],
)
def test_purged_rows_are_held_by_their_links_and_the_seal(file: Path, change: str, found: str) -> None:
    log = filled(file)
    log.purge_conversation("c0")
    sql(file, f"UPDATE audit_event SET {change}")
    assert found in problem(log)


@pytest.mark.parametrize("mark", ["9", "1", "2", "-5", "'x'"])
def test_a_mark_of_no_purge_is_found(file: Path, mark: str) -> None:
    log = filled(file)
    empty = ", ".join(f"{name} = NULL" for name in CONTENT)
    sql(file, f"UPDATE audit_event SET {empty}, purged = {mark} WHERE id = 2")
    assert "row 2 is marked as purged by row" in problem(log)


def test_a_purged_row_taken_out_is_missed(file: Path) -> None:
    log = filled(file)
    log.purge(LATER)
    sql(file, "DELETE FROM audit_event WHERE id = 4")
    assert "row 5 doesn't follow row 3: rows between them are missing" in problem(log)


def test_a_purge_that_could_not_clear_the_file_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = filled(file)

    def full(_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("store.audit.compact", full)
    with pytest.raises(GuardrailBlocked, match="may still lie in free parts of the file: database or disk is full"):
        log.purge(LATER)
    monkeypatch.undo()
    assert log.purge(LATER) == (0, 0) and log.verify().ok


def test_purges_of_what_is_no_moment_and_no_conversation(file: Path) -> None:
    log = opened(file)
    with pytest.raises(InvalidInput, match="2026-01-01T00:00:00 has no time zone; right is"):
        log.purge(datetime(2026, 1, 1))
    with pytest.raises(InvalidInput, match="conversation is ''"):
        log.purge_conversation("")
    assert log.events() == []


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("purged", lambda log: log.purge(LATER)), ("signed", lambda log: log.sign()),
        ("written, so the turn is stopped", lambda log: log.feedback("s", "up", "", "m")),
    ],
)  # fmt: skip
def test_a_store_that_may_only_be_read_says_so_and_can_be_verified(file: Path, name: str, act: Callable[[AuditLog], object]) -> None:
    filled(file)
    log = AuditLog(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(GuardrailBlocked, match=f"audit store can't be {name}.*readonly"):
        act(log)
    assert log.verify().ok and log.events(1) and log.export(io.StringIO()) == 6


def test_a_locked_store_stops_the_turn(file: Path) -> None:
    log = filled(file)
    with log._engine.connect() as connection:  # so that the test need not wait for 15 seconds
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(GuardrailBlocked, match="so the turn is stopped: database is locked"):
        log.record("s", "user", "pii", {}, 1)
    holder.execute("ROLLBACK")
    holder.close()
    log.record("s", "user", "pii", {}, 1)
    assert log.verify().rows == 7


def test_a_store_in_a_full_disk_takes_up_writing_where_it_stopped(file: Path) -> None:
    log = filled(file)
    with log._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(GuardrailBlocked, match="so the turn is stopped: database or disk is full. Is the disk full?"):
        for n in range(500):
            log.record("s", "user", "pii", {}, n)
    verdict = log.verify()
    assert verdict.ok
    with log._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    log.record("s", "user", "pii", {}, 1)
    assert log.verify().rows == verdict.rows + 1


def test_an_export_comes_back_with_its_chain(file: Path) -> None:
    log = filled(file)
    log.purge_conversation("c0")
    lines = io.StringIO()
    assert log.export(lines) == 7
    rows = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert rows == log.events()[::-1]
    assert all(row["purged"] == 7 or row["hash"] == row_hash(row) for row in rows)
    target = file.with_name("out.csv")
    assert log.export(target, "csv") == 7
    with target.open(encoding="utf-8", newline="") as opened_file:
        table = list(csv.DictReader(opened_file))
    assert [json.loads(row["counts"] or "null") for row in table] == [row["counts"] for row in rows]
    for name in set(rows[0]) - {"counts"}:
        assert [row[name] for row in table] == ["" if row[name] is None else str(row[name]) for row in rows]
    assert sorted(path.name for path in file.parent.iterdir() if not path.name.startswith("a.db")) == ["out.csv"]


def test_an_export_that_fails_leaves_the_old_file(file: Path) -> None:
    log = filled(file)
    target = file.with_name("out.jsonl")
    target.write_text("old")
    sql(file, "UPDATE audit_event SET counts = 'torn' WHERE id = 4")
    with pytest.raises(GuardrailBlocked, match="can't be read"):
        log.export(target)
    assert target.read_text() == "old" and not target.with_name("out.jsonl.part").exists()
    with pytest.raises(InvalidInput, match="no/folder/x can't be written: No such file"):
        log.export("no/folder/x")
    with pytest.raises(InvalidInput, match="format is 'xml'; right is 'jsonl' or 'csv'"):
        log.export(target, "xml")  # type: ignore[arg-type]


def test_a_hundred_thousand_events_are_looked_through_by_an_index(file: Path) -> None:
    log = filled(file)
    plan = "EXPLAIN QUERY PLAN SELECT * FROM audit_event WHERE {} ORDER BY id DESC LIMIT 100"
    for condition, index in [("conversation = 'c'", "audit_event_conversation"), ("path = 'tool'", "audit_event_path")]:
        (step,) = sql(file, plan.format(condition))
        assert index in step[3]
    assert "audit_event_at" in sql(file, "EXPLAIN QUERY PLAN UPDATE audit_event SET purged = 1 WHERE at < '2026'")[0][3]
    assert log.verify().ok


def test_the_filters_of_a_viewer(url: str) -> None:
    log = AuditLog(url)
    for rule, path, conversation in [("pii", "user", "a"), ("injection: orders", "user", "b"), ("injection", "passage", "a"),
                                     ("injection_x: y", "tool", "a"), ("pii", "passage", "b")]:  # fmt: skip
        log.record(conversation, path, rule, {}, 1)
    def ids(**filters: Any) -> list[object]:
        return [row["id"] for row in log.events(**filters)]

    assert ids(rule="injection") == [3, 2] and ids(rule="injection: orders") == [2] and ids(rule="inject%") == []
    assert ids(path="user") == [2, 1] and ids(conversation="b", path="passage") == [5] and ids(conversation="a", limit=1) == [4]
    at = datetime.fromisoformat(str(log.events(2)[-1]["at"]))
    assert ids(since=at) == [5, 4] and ids(since=at + timedelta(days=1)) == []
    with pytest.raises(InvalidInput, match="limit is 0; right is 1"):
        log.events(0)
    with pytest.raises(InvalidInput, match="no time zone"):
        log.events(since=datetime(2026, 1, 1))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_line(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("VITRINE_STORE_URL", f"sqlite:///{file}")
    code, _, err = run(capsys, "verify")
    assert code == 1 and f"There is no audit store at {file}" in err and not file.exists()
    filled(file)
    assert run(capsys, "verify") == (0, "verified: 6 rows, not signed: a store made anew as a whole would pass\n", "")
    assert run(capsys, "purge", "--conversation", "c0") == (0, "emptied 3 events, deleted 0 feedback rows\n", "")
    assert run(capsys, "purge", "--before", "2026-01-01")[1] == "emptied 0 events, deleted 0 feedback rows\n"
    code, out, _ = run(capsys, "list", "--limit", "5")
    assert code == 0 and len(out.splitlines()) == 6 and "purge: before 2026-01-01T00:00:00.000000+00:00" in out
    assert "5   purged by row 7" in out or "5  purged by row 7" in out
    assert len(run(capsys, "list", "--rule", "injection", "--path", "user", "--since", "2026-01-01")[1].splitlines()) == 2
    target = file.with_name("x.CSV")
    assert run(capsys, "export", str(target))[2] == "8 rows\n" and target.read_text().startswith("id,at,conversation")
    code, out, _ = run(capsys, "export", "-")
    assert len(out.splitlines()) == 8 and json.loads(out.splitlines()[1])["id"] == 2
    monkeypatch.setenv("VITRINE_GUARD_KEY", KEY)
    assert run(capsys, "verify")[0] == 1
    assert run(capsys, "sign")[:2] == (0, "signed\n")
    assert run(capsys, "verify")[1] == "verified: 9 rows, signed\n"
    sql(file, "UPDATE audit_event SET rule = 'none' WHERE id = 4")
    assert run(capsys, "verify") == (1, "", "not verified: row 4 was changed: its fields don't give its hash\n")
    monkeypatch.setenv("VITRINE_STORE_URL", "nonsense")
    assert run(capsys, "list")[0] == 1
    for wrong in (["purge"], ["purge", "--before", "soon"], ["purge", "--before", "2026-01-01", "--conversation", "x"], []):
        with pytest.raises(SystemExit) as stopped:
            main(wrong)
        assert stopped.value.code == 2


def test_it_runs_as_a_module(file: Path) -> None:
    filled(file)
    sql(file, "DELETE FROM audit_event WHERE id = 2")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "VITRINE_STORE_URL": f"sqlite:///{file}"}
    done = subprocess.run([sys.executable, "-m", "store", "verify"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "") and "row 3 doesn't follow row 1" in done.stderr
