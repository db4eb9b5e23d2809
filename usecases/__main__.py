"""Every use case without a browser.

    python -m usecases list
    python -m usecases run finance-assistant --json '{"customer": "amelia", "messages": ["..."]}'
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys

from errors import ShowcaseError
from guardrails.build import open_door
from settings import current
from usecases.chat import Conversation, Done
from usecases.registry import USE_CASES, find


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m usecases")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="one line per use case")
    run = commands.add_parser("run", help="run a use case; prints one JSON object")
    run.add_argument("slug")
    run.add_argument("--json", required=True, help='{"customer": "...", "messages": ["...", "..."]}')
    arguments = parser.parse_args(argv)
    if arguments.command == "list":
        for row in USE_CASES:
            print(f"{row.slug:24} {row.industry:12} {row.title}")
        return 0
    try:
        print(json.dumps(_run(arguments.slug, json.loads(arguments.json)), ensure_ascii=False, default=str))
    except (ShowcaseError, KeyError, json.JSONDecodeError) as error:
        print(json.dumps({"error": type(error).__name__, "message": str(error)}))
        return 1
    return 0


def _run(slug: str, given: dict[str, object]) -> dict[str, object]:
    use_case = importlib.import_module(find(slug).module)
    customer = str(given.get("customer") or next(iter(use_case.CUSTOMERS)))
    if customer not in use_case.CUSTOMERS:
        raise KeyError(f"No customer is called {customer!r}; known are: {', '.join(use_case.CUSTOMERS)}.")
    messages = given.get("messages")
    if not isinstance(messages, list) or not messages:
        raise KeyError(f"messages is {messages!r}; it must be a list with at least one question.")
    door = open_door(current(), use_case.BRAND)
    conversation = Conversation.start(customer, "cli")
    result: dict[str, object] = {}
    for message in messages:
        for event in use_case.reply(door, conversation, str(message)):
            if isinstance(event, Done):
                result = event.answer.to_dict()
    return result


if __name__ == "__main__":
    sys.exit(main())
