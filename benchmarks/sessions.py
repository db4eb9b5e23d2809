"""Twenty sessions click through the pages while four others stream answers: how long a rerun takes, and what fails.

The four that ask are browsers (Playwright contexts in one Chromium), the twenty are sessions without a browser, so that the
cores are the server's. A rerun is timed from the click to the end of the page's script; drawing it is the visitor's business.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.browser import FLAGS, chromium_path, served
from benchmarks.report import Row
from benchmarks.session import BareSession
from benchmarks.stats import p95, sample_ratio
from benchmarks.web import ANSWER_MS, GLASS_BOX, PAGE_MS, page_url, samples
from usecases.registry import USE_CASES

CLICKERS, ASKERS = 20, 4
PAUSE_S = (1.0, 3.0)  # what a person looks at a page before the next click
CLICK_S = 30.0  # after which a click counts as an error
ROW = USE_CASES[0]
PAGES = ("", Path(ROW.page).stem, "settings")  # as in the address; the home page has no name


class Office:
    """What the sessions share: the spell that the clock is in, the click times of each spell, and what went wrong."""

    def __init__(self) -> None:
        self.spell = ""  # "quiet" and "busy" count; clicks in between do not
        self.asking = asyncio.Event()
        self.over = False
        self.clicks: dict[str, list[float]] = {"quiet": [], "busy": []}
        self.errors: list[str] = []
        self.answers = 0
        self.streaming = 0

    async def attempt(self, what: str, action: Awaitable[Any], limit_s: float) -> Any:
        """The result of `action`, or None and a note of the error: a session that fails is a finding, not the end."""
        try:
            return await asyncio.wait_for(action, limit_s)
        except Exception as error:
            self.errors.append(f"{what}: {error if isinstance(error, RuntimeError) else type(error).__name__}")
            return None


def sessions(quick: bool) -> list[Row]:
    """The 95th percentile of a rerun while answers stream, against the same clicks while none do."""
    office = asyncio.run(_measure((5, 8, 1) if quick else (10, 20, 2)))
    quiet, busy = office.clicks["quiet"], office.clicks["busy"]
    name = f"Rerun of a page, {CLICKERS} sessions clicking, {ASKERS} streaming"
    errors = ", ".join(f"{office.errors.count(error)} x {error}" for error in sorted(set(office.errors)))
    if not quiet or not busy:
        longest = max([*quiet, *busy], default=0) / 1000
        spell = "quiet" if not quiet else "busy"
        why = f"no click began in the {spell} spell, those before it took up to {longest:.0f} s; errors: {errors or 'none'}"
        return [Row(name, why=why)]
    note = (
        f"95th percentile of {len(busy)} clicks (median {median(busy):.0f} ms), beside {len(quiet)} quiet ones "
        f"(median {median(quiet):.0f} ms); {office.answers} answers came meanwhile."
    )
    ratio = sample_ratio(busy, quiet, p95)
    return [
        Row(name, "ms", float(p95(busy)), "no answer streaming", float(p95(quiet)), ratio, runs=len(busy), note=note),
        Row("Errors of those sessions", "", float(len(office.errors)), runs=len(busy) + len(quiet) + office.answers, note=errors),
    ]


async def _measure(plan: tuple[int, int, int]) -> Office:
    """Quiet and busy spells in turns: (seconds quiet, seconds busy, how many of each)."""
    from playwright.async_api import async_playwright

    office = Office()
    with served() as (address, _):
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            askers = [await _asker(chromium, address) for _ in range(ASKERS)]
            await _ask(askers[0])  # loads the model and all that a first answer needs
            clickers = [BareSession() for _ in range(CLICKERS)]
            for clicker in clickers:
                await office.attempt("opening the home page", clicker.start(address), CLICK_S)
            clicking = [asyncio.create_task(_click(clicker, n, office)) for n, clicker in enumerate(clickers)]
            asking = [asyncio.create_task(_stream(page, office)) for page in askers]
            quiet_s, busy_s, spells = plan
            for _ in range(spells):
                await _spell("quiet", quiet_s, office)
                office.asking.set()
                await _until(lambda: office.streaming == ASKERS, 10)
                await _spell("busy", busy_s, office)
                office.asking.clear()
                await _until(lambda: office.streaming == 0, ANSWER_MS / 1000)
            office.over = True
            await asyncio.gather(*clicking)  # a click that is under way counts, too
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, *(clicker.close() for clicker in clickers), return_exceptions=True)
            await chromium.close()
    return office


async def _spell(name: str, seconds: float, office: Office) -> None:
    office.spell = name
    await asyncio.sleep(seconds)
    office.spell = ""


async def _until(true: Callable[[], bool], limit_s: float) -> None:
    ends = time.monotonic() + limit_s
    while not true() and time.monotonic() < ends:
        await asyncio.sleep(0.1)


async def _click(session: BareSession, number: int, office: Office) -> None:
    """One person who goes from page to page."""
    pick, here = random.Random(number), PAGES[0]
    await asyncio.sleep(pick.uniform(*PAUSE_S))
    while not office.over:
        spell, here = office.spell, pick.choice([page for page in PAGES if page != here])
        taken = await office.attempt(f"click on {here or 'home'}", session.visit(here), CLICK_S)
        if spell:
            office.clicks[spell].append((CLICK_S if taken is None else taken) * 1000)
        if taken is None:  # its answer may still come, and would be taken for the next one's
            return
        await asyncio.sleep(pick.uniform(*PAUSE_S))


async def _stream(page: Any, office: Office) -> None:
    """One person who asks the first sample question again and again."""
    while not office.over:
        await office.asking.wait()
        office.streaming += 1
        try:
            if await office.attempt("answer", _ask(page), ANSWER_MS / 1000):
                office.answers += 1
        finally:
            office.streaming -= 1


async def _asker(chromium: Any, address: str) -> Any:
    context = await chromium.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.goto(page_url(address, ROW.page))
    await page.locator("h1").wait_for(timeout=PAGE_MS)
    return page


async def _ask(page: Any) -> bool:
    """Asks, waits for the answer and clears the page for the next time."""
    sample = page.get_by_role("button", name=samples(ROW)[0])
    await sample.click(timeout=PAGE_MS)
    await page.get_by_text(GLASS_BOX).wait_for(timeout=ANSWER_MS)
    await page.get_by_role("button", name="New conversation").click(timeout=PAGE_MS)
    await sample.wait_for(timeout=PAGE_MS)
    return True
