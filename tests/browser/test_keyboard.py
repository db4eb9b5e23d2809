"""The assistant without a mouse."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import FIGURE, LOAN, answered, opened, question_box, questions, tab_to


def test_a_question_is_typed_and_sent_by_keyboard(page: Page) -> None:
    """Else who uses no mouse can't ask anything."""
    opened(page)
    if not question_box(page).evaluate("element => element === document.activeElement"):
        tab_to(page, question_box(page))
    page.keyboard.type(LOAN)
    expect(questions(page)).to_have_count(0)  # nothing is sent before Enter
    page.keyboard.press("Enter")
    expect(answered(page)).to_contain_text(FIGURE)


def test_a_sample_question_is_asked_by_keyboard(page: Page) -> None:
    """Else the quickest way in is for mouse users only."""
    opened(page)
    tab_to(page, page.get_by_role("button", name=LOAN))
    page.keyboard.press("Enter")
    expect(answered(page)).to_contain_text(FIGURE)
    expect(questions(page)).to_have_text([LOAN])


def test_the_glass_box_opens_by_keyboard(page: Page) -> None:
    """Else how an answer was made stays closed to who uses no mouse."""
    opened(page)
    page.get_by_role("button", name=LOAN).click()
    answer = answered(page)
    expect(answer.get_by_text("The model saw", exact=True)).to_be_hidden()
    tab_to(page, answer.locator("summary").last)
    page.keyboard.press("Enter")
    expect(answer.get_by_text("The model saw", exact=True)).to_be_visible()
