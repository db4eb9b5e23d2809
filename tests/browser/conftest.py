"""The running app on the light model and one Chromium, both shared; every test comes as a new visitor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from benchmarks.browser import browser, served

LIMIT_MS = 60_000  # for a machine that does other things, too
Visitor = Callable[..., Page]
expect.set_options(timeout=LIMIT_MS)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Where none can be had, tests are skipped; in CI they fail, which would otherwise pass without having looked."""
    with ExitStack() as stack:
        try:
            started = stack.enter_context(browser())
        except Error as error:
            if "Executable doesn't exist" not in str(error):
                raise
            (pytest.fail if os.environ.get("CI") else pytest.skip)("No Chromium is on this machine; `make browser` gets one.")
        yield started


@pytest.fixture(scope="package")
def vitrine(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store')}/browser.db"
    with served(VITRINE_TEXT_ENGINE="llama.cpp", VITRINE_TEXT_MODEL="smollm2-135m", VITRINE_STORE_URL=store) as (address, _):
        yield address


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Visitor]:
    """visitor(address, **options of a browser context): a page of somebody who was never here before."""
    with ExitStack() as stack:

        def arrives(address: str, **options: Any) -> Page:
            context = chromium.new_context(base_url=address, **options)
            stack.callback(context.close)
            context.set_default_timeout(LIMIT_MS)
            return context.new_page()

        yield arrives


@pytest.fixture
def page(visitor: Visitor, vitrine: str) -> Page:
    return visitor(vitrine)
