"""The audit store on the command line. It opens the store that VITRINE_STORE_URL names, or the one in the cache folder.

    python -m store verify
    python -m store export audit.csv
    python -m store purge --before 2026-01-01
    python -m store list --limit 20 --rule injection

Exit code 0 means all is well; 1 that `verify` found a bad row, which it names, or that the store can't be used. An old
store is chained when it's opened, by `verify` too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from errors import InvalidInput, ShowcaseError
from store.audit import AuditLog, store_url

HEAD = ("id", "at", "conversation", "path", "rule", "counts", "characters")


def _moment(text: str) -> datetime:
    """A date or a moment in ISO 8601; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; right is 2026-01-31 or 2026-01-31T09:30:00+00:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _open() -> AuditLog:
    """The store that is there. A new one, made by a mistyped name, would verify and say nothing."""
    url = store_url()
    try:
        file = make_url(url).database if url.startswith("sqlite") else None
    except ArgumentError:
        file = None  # AuditLog says what is wrong with it
    if file and not file.startswith("file:") and not Path(file).exists():
        raise InvalidInput(f"There is no audit store at {file}; it is made when the app starts. Check VITRINE_STORE_URL and VITRINE_CACHE.")
    return AuditLog(url)


def _verify(log: AuditLog) -> int:
    verdict = log.verify()
    if not verdict.ok:
        print(f"not verified: {verdict.problem}", file=sys.stderr)
        return 1
    print(f"verified: {verdict.rows} rows, {'signed' if verdict.signed else 'not signed: a store made anew as a whole would pass'}")
    return 0


def _export(log: AuditLog, file: str, format: str) -> None:
    as_csv = format == "csv" or (not format and file.lower().endswith(".csv"))
    rows = log.export(sys.stdout if file == "-" else file, "csv" if as_csv else "jsonl")
    print(f"{rows} rows", file=sys.stderr)


def _list(log: AuditLog, given: argparse.Namespace) -> None:
    events = log.events(given.limit, given.rule, given.path, given.conversation, given.since)
    rows = [HEAD, *((str(e["id"]), f"purged by row {e['purged']}") if e["purged"] is not None else _cells(e) for e in events)]
    widths = [max(len(row[column]) for row in rows if len(row) > 2 or column == 0) for column in range(len(HEAD))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip())


def _cells(event: dict[str, object]) -> tuple[str, ...]:
    return tuple(json.dumps(event[name]) if name == "counts" else str(event[name]) for name in HEAD)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m store", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("verify", help="follow the chain over all events")
    commands.add_parser("sign", help="sign the chain's head with VITRINE_GUARD_KEY: once for an old store, and for a new key")
    export = commands.add_parser("export", help="write all events to a file, or to - for the standard output")
    export.add_argument("file", metavar="FILE")
    export.add_argument("--format", choices=["jsonl", "csv"], default="", help="csv for a FILE that ends in .csv, else jsonl")
    purge = commands.add_parser("purge", help="empty events and delete feedback; the chain stays")
    which = purge.add_mutually_exclusive_group(required=True)
    which.add_argument("--before", type=_moment, metavar="DATE", help="2026-01-31: the start of that day in UTC")
    which.add_argument("--conversation", metavar="ID")
    listing = commands.add_parser("list", help="the newest events")
    listing.add_argument("--limit", type=int, default=20)
    listing.add_argument("--rule", help="injection finds every rule of injection")
    listing.add_argument("--path", help="user, upload, passage, tool or store")
    listing.add_argument("--conversation", metavar="ID")
    listing.add_argument("--since", type=_moment, metavar="DATE")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        log = _open()
        match given.command:
            case "verify":
                return _verify(log)
            case "sign":
                log.sign()
                print("signed" if log.verify().signed else "not signed any more: VITRINE_GUARD_KEY is not set")
            case "export":
                _export(log, given.file, given.format)
            case "purge":
                done = log.purge(given.before) if given.before else log.purge_conversation(given.conversation)
                print(f"emptied {done.events} events, deleted {done.feedback} feedback rows")
            case _:
                _list(log, given)
        sys.stdout.flush()
    except ShowcaseError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads has had enough, e.g. `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
