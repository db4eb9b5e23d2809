"""Every use case without a browser.

python -m usecases list
python -m usecases prepare                # builds the search indexes that are not there yet
python -m usecases run finance-assistant --json '{"customer": "amelia", "messages": ["..."]}'
python -m usecases run finance-assistant --eval [--split held-out|tune]

The held-out half on a real engine also writes `evaluation/results.json`, which the pages show.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from datetime import date

from errors import ShowcaseError
from guardrails.build import open_door
from settings import current
from usecases import evaluation
from usecases.chat import Answer, Conversation, Done
from usecases.registry import USE_CASES, find


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m usecases")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="one line per use case")
    commands.add_parser("prepare", help="build the search indexes that are not there yet")
    run = commands.add_parser("run", help="run a use case; prints one JSON object")
    run.add_argument("slug")
    what = run.add_mutually_exclusive_group(required=True)
    what.add_argument("--json", help='{"customer": "...", "messages": ["...", "..."]}')
    what.add_argument("--eval", action="store_true", help="ask the evaluation set; the last line is one JSON object")
    run.add_argument("--split", choices=["held-out", "tune"], default="held-out", help="which half of the set (default: held-out)")
    arguments = parser.parse_args(argv)
    if arguments.command == "list":
        for row in USE_CASES:
            print(f"{row.slug:24} {row.industry:12} {row.title}")
        return 0
    if arguments.command == "prepare":
        return _prepare()
    try:
        result = _evaluate(arguments.slug, arguments.split) if arguments.eval else _run(arguments.slug, json.loads(arguments.json))
        print(json.dumps(result, ensure_ascii=False, default=str))
    except (ShowcaseError, KeyError, json.JSONDecodeError) as error:
        print(json.dumps({"error": type(error).__name__, "message": str(error)}))
        return 1
    return 0


def _prepare() -> int:
    """So that the first visitor does not wait for an index; a second call finds it on disk and loads no model."""
    for row in USE_CASES:
        use_case = importlib.import_module(row.module)
        started = time.perf_counter()
        try:
            use_case.prepare(open_door(current(), use_case.BRAND))
        except ShowcaseError as error:
            print(f"{row.title}: {error}", file=sys.stderr)
            return 1
        print(f"Search index of {row.title}: ready ({time.perf_counter() - started:.1f} s)")
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


def _evaluate(slug: str, split: str) -> dict[str, object]:
    use_case = importlib.import_module(find(slug).module)
    door = open_door(current(), use_case.BRAND)
    use_case.warm(door)

    def ask(case: evaluation.Case) -> Answer:
        conversation = Conversation.start(case.customer or next(iter(use_case.CUSTOMERS)), "eval")
        done = [event for message in case.messages for event in use_case.reply(door, conversation, message) if isinstance(event, Done)]
        return done[-1].answer

    results = evaluation.results_path(use_case.__name__)
    cases = evaluation.load(results.with_name(f"{split}.toml"))
    measured = {"split": split, "model": door.model_name, "date": f"{date.today()}", **evaluation.evaluate(cases, ask)}
    if split == "held-out" and current().text_engine != "fake":
        results.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    return measured


if __name__ == "__main__":
    sys.exit(main())
