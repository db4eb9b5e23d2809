"""The home page's first paint against a two-line Streamlit app, and the memory of the server with the model loaded.

Both apps run on this machine and are looked at with a headless Chromium, so there is no network and no graphics card in it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.browser import browser, served
from benchmarks.report import Row, Target, compared
from usecases.chat import DISCLOSURE
from usecases.registry import USE_CASES, UseCase

TWO_LINES = 'import streamlit as st\nst.title("Hello")\n'
GLASS_BOX = "Glass box: what the model saw and said"
ANSWER_MS = 180_000
PAGE_MS = 60_000
# Notes on the page's own clock when a heading with words in it is laid out.
WATCH_HEADING = """
    const look = () => {
        const heading = document.querySelector("h1");
        if (heading && heading.innerText.trim() && heading.getClientRects().length) window.headingAt = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"  # there a moment after the paint


def home(quick: bool) -> list[Row]:
    """First contentful paint and time until the heading is there; a new browser context each time, the first not counted."""
    paints: tuple[list[float], list[float]] = ([], [])
    headings: tuple[list[float], list[float]] = ([], [])
    with two_lines() as script, served() as (ours, _), served(script) as (theirs, _), browser() as chromium:
        addresses = (ours, theirs)
        for n in range((3 if quick else 12) + 1):
            for side in (0, 1) if n % 2 else (1, 0):
                paint, heading = _load(chromium, addresses[side])
                if n:
                    paints[side].append(paint)
                    headings[side].append(heading)
    peer = "two-line Streamlit app"
    return [
        compared("Home, first contentful paint", "ms", paints[0], peer, paints[1], Target(1.3)),
        compared("Home, heading visible", "ms", headings[0], peer, headings[1], Target(1.3)),
    ]


def memory(quick: bool) -> list[Row]:
    """Memory of the server and its children after one answer. Counts the model's file, which is mapped into memory."""
    row = USE_CASES[0]
    with served() as (address, process), browser() as chromium:
        page = chromium.new_page()
        ask_sample(page, address, row)
        total, own = resident_gb(process.pid)
    note = f"Resident set after one answer of {row.title!r}; {own:.2g} GB of it without the files mapped into memory."
    return [Row("Server memory with the model", "GB", total, target=Target(2.5), runs=1, note=note)]


@contextmanager
def two_lines() -> Iterator[Path]:
    """The peer: the smallest app that shows a heading."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "two_lines.py"
        script.write_text(TWO_LINES, encoding="utf-8")
        yield script


def page_url(address: str, page: str) -> str:
    """Where Streamlit serves a page script, e.g. `pages/settings.py` at /settings."""
    return f"{address}/{Path(page).stem}"


def samples(row: UseCase) -> list[str]:
    """The questions on the sample buttons of a chat page; none for a page of another kind."""
    return list(getattr(import_module(row.module), "SAMPLES", []))


def ask_sample(page: Any, address: str, row: UseCase, number: int = 0) -> None:
    """Opens the page of `row`, presses a sample (the first unless told) and waits for the answer with its evidence strip."""
    from playwright.sync_api import expect

    page.goto(page_url(address, row.page))
    page.get_by_role("button", name=samples(row)[number]).click(timeout=PAGE_MS)
    expect(page.get_by_text(GLASS_BOX)).to_be_visible(timeout=ANSWER_MS)
    # the strip is above the glass box; its last line is the disclosure, which the answer's own text never holds
    expect(page.get_by_text(re.compile(re.escape(DISCLOSURE)))).to_be_visible(timeout=PAGE_MS)


def resident_gb(pid: int) -> tuple[float, float]:
    """Resident memory of a process and all its descendants, and the part without mapped files. Linux only."""
    total = own = 0
    for each in _family(pid):
        fields = dict(re.findall(r"^(\w+):\s+(\d+) kB", Path(f"/proc/{each}/status").read_text(), re.M))
        total += int(fields["VmRSS"])
        own += int(fields["RssAnon"])
    return total * 1024 / 1e9, own * 1024 / 1e9


def _family(pid: int) -> list[int]:
    if not Path("/proc/self/task").exists():
        raise OSError("memory is read from /proc, which this system does not have")
    children = [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]
    return [pid, *(each for child in children for each in _family(child))]


def _load(chromium: Any, address: str) -> tuple[float, float]:
    """Milliseconds to the first contentful paint and to the heading."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(WATCH_HEADING)
        page.goto(address)
        page.wait_for_function(f"window.headingAt && {FIRST_PAINT}", timeout=PAGE_MS)
        return float(page.evaluate(FIRST_PAINT)), float(page.evaluate("window.headingAt"))
    finally:
        context.close()
