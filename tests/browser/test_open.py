"""Every page opens from its address, on a desk and on a phone, and asks nobody outside this machine."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.steps import ASSISTANT, FIGURE, LOAN, PAGES, Watch, answered, ask, glass_box, opened, questions

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
# The document, and the part of it that scrolls in Streamlit: how many pixels each is wider than it shows.
TOO_WIDE = "[document.scrollingElement, document.getElementById('stMain')].map(e => e.scrollWidth - e.clientWidth)"


@pytest.mark.parametrize("path", PAGES)
def test_a_link_to_a_page_opens_that_page(page: Page, path: str) -> None:
    """Else a link in a mail or a bookmark shows the home page under "Page not found", or a page that is broken inside."""
    watch = Watch(page)
    opened(page, path)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert watch.errors == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_anybody_outside_this_machine(page: Page, path: str) -> None:
    """Else "runs offline" is untrue: somebody outside learns that, and when, the page is looked at."""
    watch = Watch(page)
    opened(page, path)
    assert watch.outside == []


def test_an_unknown_address_says_so(page: Page) -> None:
    """Else a mistyped link looks as if it had worked. It also shows that the first test here sees that dialog."""
    page.goto("/no-such-page")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_each_page_without_sideways_scrolling(visitor: Visitor, vitrine: str, path: str) -> None:
    """Else half of the text is off the screen of a phone."""
    page = opened(visitor(vitrine, **PHONE), path)
    assert max(page.evaluate(TOO_WIDE)) <= 1


def test_a_phone_shows_an_answer_without_sideways_scrolling(visitor: Visitor, vitrine: str) -> None:
    """Else an answer's table or glass box pushes the whole page off the screen of a phone."""
    page = opened(visitor(vitrine, **PHONE))
    ask(page, LOAN)
    glass_box(answered(page))
    assert max(page.evaluate(TOO_WIDE)) <= 1


def test_a_reload_after_an_answer_opens_the_page_afresh(page: Page) -> None:
    """Else a reload shows a broken page, or the conversation of a session that has ended."""
    opened(page)
    ask(page, LOAN)
    answered(page)
    watch = Watch(page)
    page.reload()
    expect(page.get_by_role("heading", level=1, name=PAGES[ASSISTANT])).to_be_visible()
    expect(page.get_by_role("button", name=LOAN)).to_be_visible()
    expect(questions(page)).to_have_count(0)
    assert watch.errors == []
    ask(page, LOAN)
    expect(answered(page)).to_contain_text(FIGURE)
