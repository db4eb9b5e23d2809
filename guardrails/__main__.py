"""The guardrail on the command line: one JSON line in, one JSON line out, at once.

    echo '{"id": 1, "text": "I am Sarah Jones"}' | python -m guardrails redact

Offsets count characters (code points) of the text as it was given. Each line stands alone: `redact` gives
every line a vault of its own. Nothing is written to the audit store, and no engine and no network is used.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from errors import InvalidInput, ShowcaseError

Row = dict[str, Any]
_PLAIN_RESTORE = "restore has no --plain: it needs JSON lines with the vault, {\"id\": ..., \"text\": ..., \"vault\": {...}}"


def _scan(row: Row, allow: frozenset[str]) -> Row:
    from guardrails.scanner import default_scanner

    found = default_scanner(allow).scan(row["text"])
    return {"spans": [{"start": f.start, "end": f.end, "type": f.type, "score": f.score} for f in found]}


def _redact(row: Row, allow: frozenset[str]) -> Row:
    from guardrails.scanner import default_scanner
    from guardrails.vault import Vault

    vault = Vault()
    text = vault.pseudonymise(row["text"], default_scanner(allow).scan(row["text"]))
    return {"text": text, "vault": vault.to_dict()}


def _restore(row: Row, allow: frozenset[str]) -> Row:
    from guardrails.vault import Vault

    if not isinstance(row.get("vault"), dict):
        raise InvalidInput("The line has no \"vault\"; right is the one that redact gave, such as {\"<PERSON_1>\": \"Ann\"}.")
    return {"text": Vault(row["vault"]).restore(row["text"])}


def _check(row: Row, allow: frozenset[str]) -> Row:
    from guardrails.injection import injection

    attempt, score, reason = injection(row["text"])
    return {"injection": attempt, "score": score, "reason": reason}


COMMANDS: dict[str, tuple[str, Callable[[Row, frozenset[str]], Row]]] = {
    "scan": ("where personal data is: spans with start, end, type and score", _scan),
    "redact": ("the text with pseudonyms, and the vault that undoes them", _redact),
    "restore": ("the text as it was, from text and vault; JSON lines only", _restore),
    "check": ("whether the text tries to give the model orders", _check),
}


def answer(command: str, line: bytes, number: int, plain: bool, allow: frozenset[str]) -> Row:
    """The row to write for one line. A line that can't be used gives a row with "error"; nothing is raised for it."""
    identity: Any = number if plain else None
    try:
        text = line.decode("utf-8").rstrip("\r\n")
        row: Any = {"id": number, "text": text} if plain else json.loads(text)
        if not isinstance(row, dict):
            raise InvalidInput("The line is not a JSON object; right is {\"id\": ..., \"text\": \"...\"}.")
        identity = row.get("id")
        if not isinstance(row.get("text"), str):
            raise InvalidInput("The line has no \"text\" that is a string.")
        return {"id": identity, **COMMANDS[command][1](row, allow)}
    except UnicodeDecodeError as error:
        return {"id": identity, "error": f"The line is not UTF-8: {error.reason} at byte {error.start}."}
    except (ValueError, RecursionError) as error:
        return {"id": identity, "error": f"The line is not JSON: {error}"}
    except ShowcaseError as error:
        return {"id": identity, "error": str(error)}


def _bytes(row: Row) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can say
        return json.dumps(row).encode("ascii") + b"\n"


def run(command: str, lines: BinaryIO, out: BinaryIO, plain: bool = False, allow: frozenset[str] = frozenset()) -> int:
    """1 when any line failed, else 0."""
    failed = False
    for number, line in enumerate(iter(lines.readline, b""), start=1):
        row = answer(command, line, number, plain, allow)
        failed |= "error" in row
        out.write(_bytes(row))
        out.flush()
    return int(failed)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m guardrails", description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (summary, _) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        command.add_argument("--plain", action="store_true", help="read plain text lines; the id is the line number from 1")
        if name in ("scan", "redact"):
            command.add_argument("--allow", default="", metavar="WORDS", help='words that are nobody\'s name: "Easy Saver"')
    chosen = parser.parse_args(arguments)
    if chosen.command == "restore" and chosen.plain:
        parser.error(_PLAIN_RESTORE)
    allow = frozenset(str(getattr(chosen, "allow", "")).replace(",", " ").split())
    try:
        return run(chosen.command, sys.stdin.buffer, sys.stdout.buffer, chosen.plain, allow)
    except BrokenPipeError:  # whoever reads has had enough, e.g. `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
