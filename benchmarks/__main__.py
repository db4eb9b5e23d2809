"""Runs the benchmarks and prints their table: python -m benchmarks [--only NAME ...] [--quick]

A whole run also writes benchmarks/RESULTS.md; `--only` and `--quick` just print. Misses do not make it fail, a measurement that
breaks does. Run it on a machine that does nothing else: most rows are ratios, but a busy core still widens them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from benchmarks import engine, engines, guard, sessions, web
from benchmarks.browser import browser
from benchmarks.report import RESULTS, Row, conditions, document, missing
from errors import ShowcaseError
from settings import current

GROUPS: dict[str, Callable[[bool], list[Row]]] = {
    "guardrail": engine.guardrail,
    "prefix": engine.prefix,
    "engines": engines.engines,
    "scanner": guard.scanner,
    "home": web.home,
    "memory": web.memory,
    "sessions": sessions.sessions,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures Vitrine against named peers.")
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), metavar="NAME", help=f"of: {', '.join(GROUPS)}")
    parser.add_argument("--quick", action="store_true", help="few repetitions: shows that all runs, not how fast")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:  # measured turns are not the person's own audit events
        os.environ["VITRINE_STORE_URL"] = f"sqlite:///{Path(folder) / 'bench.db'}"
        about = conditions(Path(current().text_model).name, _chromium())
        rows, broken = _measured(options.only or list(GROUPS), options.quick)
    text = document(rows, about)
    print(text)
    if not (options.only or options.quick):
        RESULTS.write_text(text, encoding="utf-8")
    return 1 if broken else 0


def _measured(names: list[str], quick: bool) -> tuple[list[Row], bool]:
    """The rows of each group, and whether one broke. What can't be measured here is a row of its own."""
    rows: list[Row] = []
    broken = False
    for name in names:
        started = time.perf_counter()
        try:
            rows += GROUPS[name](quick)
        except ShowcaseError as error:
            rows.append(missing(name, str(error)))
        except Exception as error:  # its text may hold a path of this machine, so the table gets its type only
            traceback.print_exc()
            rows.append(missing(name, f"broke off with {type(error).__name__}"))
            broken = True
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return rows, broken


def _chromium() -> str:
    with suppress(Exception), browser() as chromium:  # without one the browser's rows say so
        return f"Chromium {chromium.version}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
