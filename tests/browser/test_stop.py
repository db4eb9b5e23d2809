"""Who stops, reloads or leaves while the model talks frees the engine at once.

The engine is a slow server in this test, so that there is time to stop it and it can tell who hung up on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from queue import Queue

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.browser import served
from tests.browser.conftest import Visitor
from tests.browser.slow_server import SlowModel, slow_model
from tests.browser.steps import FIGURE, LOAN, answered, answers, ask, opened, question_box, questions, settled, tab_to

HUNG_UP_WITHIN_S = 15


@pytest.fixture(scope="module")
def running(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SlowModel, str]]:
    store = f"sqlite:///{tmp_path_factory.mktemp('store')}/slow.db"
    with slow_model() as model, served(
        VITRINE_TEXT_ENGINE="openai", VITRINE_TEXT_MODEL="slow", VITRINE_OPENAI_BASE_URL=model.address, VITRINE_STORE_URL=store
    ) as (address, _):  # fmt: skip
        yield model, address


@pytest.fixture
def model(running: tuple[SlowModel, str]) -> SlowModel:
    model = running[0]
    model.slow, model.raving, model.hung_up = True, "", Queue()
    return model


@pytest.fixture
def talking(visitor: Visitor, running: tuple[SlowModel, str], model: SlowModel) -> Page:
    """A page on which the model has said its first words and goes on."""
    page = opened(visitor(running[1]))
    ask(page, LOAN)
    expect(answers(page)).to_contain_text("A Personal Loan of")
    return page


def stop_button(page: Page) -> Locator:
    return answers(page).get_by_role("button", name="Stop")


def expect_a_stopped_answer_then_a_new_one(page: Page, model: SlowModel) -> None:
    stopped = answered(page)
    expect(stopped.get_by_text("Stopped by you")).to_be_visible()
    expect(stopped.get_by_test_id("stMarkdown").first).to_contain_text("A Personal Loan of")
    model.hung_up.get(timeout=HUNG_UP_WITHIN_S)
    model.slow = False
    ask(page, LOAN)
    second = answered(page, 2)
    expect(second).to_contain_text(FIGURE)
    expect(second.get_by_text("Stopped by you")).to_have_count(0)


def test_facts_stand_on_the_page_while_the_model_still_words_them(talking: Page, model: SlowModel) -> None:
    """Else a visitor on a slow machine looks at nothing for half a minute."""
    expect(answers(talking).get_by_role("table")).to_contain_text(FIGURE)
    expect(answers(talking).get_by_text("Wording the facts")).to_be_visible()
    expect(talking.get_by_text("Glass box")).to_have_count(0)
    stop_button(talking).click()
    model.hung_up.get(timeout=HUNG_UP_WITHIN_S)


def test_stop_keeps_what_was_said_and_frees_the_engine(talking: Page, model: SlowModel) -> None:
    """Else Stop loses the words on the screen, or the model talks on to nobody and the next question waits for it."""
    stop_button(talking).click()
    expect_a_stopped_answer_then_a_new_one(talking, model)


def test_stop_is_reached_by_keyboard(talking: Page, model: SlowModel) -> None:
    """Else who uses no mouse has to hear a wrong answer to its end."""
    tab_to(talking, stop_button(talking))
    talking.keyboard.press("Enter")
    expect_a_stopped_answer_then_a_new_one(talking, model)


def test_the_stop_nearest_to_the_question_box_does_the_same(talking: Page, model: SlowModel) -> None:
    """Else a second Stop, where the question box has one, leaves a page that looks busy for ever."""
    talking.get_by_role("button", name=re.compile("^Stop")).last.click()
    expect_a_stopped_answer_then_a_new_one(talking, model)


def test_stop_is_heard_while_the_model_says_only_what_is_held_back(
    visitor: Visitor, running: tuple[SlowModel, str], model: SlowModel
) -> None:
    """Else Stop does nothing just when the model raves and nothing comes."""
    model.raving = "Bananas always grow in purple submarines"
    page = opened(visitor(running[1]))
    ask(page, LOAN)
    expect(page.get_by_text("Wording the facts")).to_be_visible()
    stop_button(page).click()
    model.hung_up.get(timeout=HUNG_UP_WITHIN_S)
    expect(answered(page).get_by_text("Stopped by you")).to_be_visible()
    expect(answers(page).get_by_test_id("stMarkdown").first).not_to_contain_text("submarines")


def test_a_closed_browser_frees_the_engine(talking: Page, model: SlowModel) -> None:
    """Else everybody who leaves early keeps a slot of the model busy."""
    talking.context.close()
    model.hung_up.get(timeout=HUNG_UP_WITHIN_S)


def test_a_reload_while_the_model_talks_frees_the_engine_and_opens_afresh(talking: Page, model: SlowModel) -> None:
    """Else a reload leaves the model talking to nobody, or shows a broken page."""
    talking.reload()
    model.hung_up.get(timeout=HUNG_UP_WITHIN_S)
    expect(question_box(talking)).to_be_enabled()
    settled(talking)
    expect(questions(talking)).to_have_count(0)
    model.slow = False
    ask(talking, LOAN)
    expect(answered(talking)).to_contain_text(FIGURE)
