"""Pictures of every page for the README, by python -m benchmarks.screenshots: desktop and phone, light and dark.

Starts the app itself, with the model that the settings name. The answers in the pictures are real ones, so their wording
changes with the model.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.browser import ROOT, browser, served
from benchmarks.web import GLASS_BOX, PAGE_MS, ask_sample, page_url, samples
from usecases.registry import USE_CASES, UseCase

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {"": (1280, 800), "-phone": (390, 844)}
NAMES = {"finance-assistant": "assistant"}  # of pictures, where the slug is not the name
# Brings the question to the top, so that answer, evidence and glass box are on the picture, and is content once the page
# has stayed there for half a second of frames, every code block with its text: the chat keeps to its end while it grows.
QUESTION_ON_TOP = """() => {
    const question = document.querySelector('[data-testid="stChatMessage"]');
    const filled = [...document.querySelectorAll('[data-testid="stCode"]')].every(block => block.innerText.trim());
    const kept = filled && Math.abs(question.getBoundingClientRect().top - window.questionTop) < 1;
    window.framesKept = kept ? (window.framesKept || 0) + 1 : 0;
    question.style.scrollMarginTop = "4rem";
    question.scrollIntoView({ block: "start", behavior: "instant" });
    window.questionTop = question.getBoundingClientRect().top;
    return window.framesKept > 30;
}"""
Scene = Callable[[Any, str], None]


def scenes() -> dict[str, Scene]:
    """By name of the picture: what opens a page and waits until what matters stands on it."""

    def use_case(row: UseCase) -> Scene:
        return lambda page, address: _use_case(page, address, row)

    cases = {NAMES.get(row.slug, row.slug): use_case(row) for row in USE_CASES}
    return {"home": _home, **cases, "settings": _settings}


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:  # the questions asked here are not the person's own audit events
        os.environ["VITRINE_STORE_URL"] = f"sqlite:///{Path(folder) / 'pictures.db'}"
        with served() as (address, _), browser() as chromium:
            _warm(chromium, address)
            for name, scene in scenes().items():
                for suffix, (width, height) in SIZES.items():
                    for scheme in ("light", "dark"):
                        target = FOLDER / f"{name}{suffix}-{scheme}.png"
                        context = chromium.new_context(
                            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
                        )
                        page = context.new_page()
                        scene(page, address)
                        _settled(page)
                        page.screenshot(path=target, animations="disabled")
                        context.close()
                        print(f"{target.relative_to(ROOT)}  {target.stat().st_size / 1000:.0f} kB", flush=True)
    return 0


def _warm(chromium: Any, address: str) -> None:
    """Another question to each chat first, so that the times on the pictures are not those of loading the models."""
    for row in USE_CASES:
        if len(samples(row)) > 1:
            page = chromium.new_page()
            ask_sample(page, address, row, number=1)
            page.close()


def _home(page: Any, address: str) -> None:
    from playwright.sync_api import expect

    page.goto(address)
    for row in USE_CASES[:1]:  # of the first tab; the others are not on the picture
        expect(page.get_by_role("heading", name=row.title)).to_be_visible(timeout=PAGE_MS)
    expect(page.get_by_role("button", name="Try").first).to_be_visible(timeout=PAGE_MS)


def _use_case(page: Any, address: str, row: UseCase) -> None:
    """The page's first sample answered, its glass box open; a page without samples as it opens."""
    from playwright.sync_api import expect

    if not samples(row):
        page.goto(page_url(address, row.page))
        expect(page.get_by_role("heading", name=row.title)).to_be_visible(timeout=PAGE_MS)
        return
    ask_sample(page, address, row)
    page.get_by_text(GLASS_BOX).click()
    expect(page.get_by_text("You were shown")).to_be_visible(timeout=PAGE_MS)
    page.mouse.move(0, 0)
    page.wait_for_function(QUESTION_ON_TOP, timeout=PAGE_MS)


def _settings(page: Any, address: str) -> None:
    from playwright.sync_api import expect

    page.goto(page_url(address, "pages/settings.py"))
    expect(page.get_by_role("button", name="Use this engine")).to_be_visible(timeout=PAGE_MS)
    expect(page.get_by_text("VITRINE_TEXT_ENGINE")).to_be_visible(timeout=PAGE_MS)


def _settled(page: Any) -> None:
    """Fonts are there, icons are icons, and no element waits to be drawn anew."""
    from playwright.sync_api import expect

    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PAGE_MS)
    page.wait_for_function("document.fonts.status === 'loaded' && !document.querySelector('[data-stale=true]')", timeout=PAGE_MS)


if __name__ == "__main__":
    sys.exit(main())
