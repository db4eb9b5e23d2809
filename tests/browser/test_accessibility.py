"""axe-core finds nothing serious on any page, in the light and the dark theme."""

from __future__ import annotations

import tomllib

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from benchmarks.browser import ROOT
from tests.browser.conftest import Visitor
from tests.browser.steps import ASSISTANT, LOAN, PAGES, answered, ask, glass_box, opened

THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
TALL = {"width": 1280, "height": 4000}  # axe measures no contrast of what has to be scrolled to


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_use_each_page(visitor: Visitor, vitrine: str, theme: str, path: str) -> None:
    """Else people with weak eyes or a screen reader are shut out."""
    page = opened(visitor(vitrine, color_scheme=theme, viewport=TALL), path)
    red, green, blue = bytes.fromhex(THEMES[theme]["backgroundColor"].removeprefix("#"))
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
    expect_nothing_grave(page)


def test_everybody_can_use_an_answer(visitor: Visitor, vitrine: str, theme: str) -> None:
    """Else people with weak eyes or a screen reader can ask, but not read the answer or how it was made."""
    page = opened(visitor(vitrine, color_scheme=theme, viewport=TALL), ASSISTANT)
    ask(page, LOAN)
    glass_box(answered(page))
    expect_nothing_grave(page)


def expect_nothing_grave(page: Page) -> None:
    """No serious and no critical violation; else each with its rule, its element and what is wrong."""
    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    lines = [f"{v['id']}: {node['html'][:200]}\n  {' '.join(node['failureSummary'].split())}" for v in found for node in v["nodes"]]
    assert not lines, "\n".join(lines)
