"""What people paste to break a page shows as text, and the page lives on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import FIGURE, LOAN, Watch, answered, answers, ask, glass_box, opened, question_box, questions, settled


@pytest.mark.parametrize("markup", ['<img src=x onerror="alert(1)">', "<script>alert(1)</script>"], ids=["image", "script"])
def test_markup_in_a_question_shows_as_text(page: Page, markup: str) -> None:
    """Else whoever gets a visitor to paste a line runs code in his browser."""
    watch = Watch(page)
    opened(page)
    ask(page, f"{markup} {LOAN}")
    answer = answered(page)
    expect(questions(page)).to_have_text([f"{markup} {LOAN}"])
    glass_box(answer)
    expect(answer.get_by_role("code").first).to_have_text(f"{markup} {LOAN}")
    expect(page.locator("img[onerror], img[src=x], #stMain script")).to_have_count(0)
    assert watch.dialogs == [] and watch.errors == []


def test_a_pasted_novel_gets_a_clear_message_and_is_not_lost(page: Page) -> None:
    """Else who pastes too much loses it, or waits for an answer that never comes."""
    novel = ("word " * 10_000).strip()
    opened(page)
    question_box(page).focus()
    page.keyboard.insert_text(novel)
    question_box(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("has 49,999 characters; at most 4,000 fit")
    settled(page)
    expect(page.get_by_role("code")).to_have_text(novel)
    expect(answers(page)).to_have_count(0)
    ask(page, LOAN)
    expect(answered(page)).to_contain_text(FIGURE)


@pytest.mark.parametrize(
    "question",
    ["\u202e" + LOAN + "\u202c", "What would a £10,\u200b000 lo\u200ban over 4 years cost me each mo\u2060nth?"],
    ids=["turned round", "zero width"],
)
def test_invisible_characters_do_not_hide_a_question(page: Page, question: str) -> None:
    """Else text copied from a chat or a PDF gets no answer, or turns the page's own text round."""
    opened(page)
    ask(page, question)
    answer = answered(page)
    expect(answer).to_contain_text(FIGURE)
    expect(answer).not_to_contain_text("\u202e")


@pytest.mark.parametrize(
    "question", ["🏦💳🙂", "ما هو سعر الفائدة على حساب التوفير؟", "כמה עולה הלוואה?"], ids=["emoji", "Arabic", "Hebrew"]
)
def test_other_scripts_and_emoji_get_a_reply_and_break_nothing(page: Page, question: str) -> None:
    """Else a visitor who writes in another script sees an error."""
    watch = Watch(page)
    opened(page)
    ask(page, question)
    answered(page)
    expect(questions(page)).to_have_text([question])
    assert watch.errors == []


def test_a_question_of_nothing_visible_is_told_so(page: Page) -> None:
    """Else it looks as if the page hung."""
    opened(page)
    ask(page, "\u200b\u200d\u2060")
    expect(page.get_by_role("alert")).to_contain_text("The message is empty")
    settled(page)
    expect(answers(page)).to_have_count(0)
