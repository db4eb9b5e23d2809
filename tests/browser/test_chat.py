"""A visitor asks, reads, looks into the glass box and takes the answer away, on the real light model."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.steps import ASSISTANT, FIGURE, LOAN, PAGES, Watch, answered, answers, ask, glass_box, opened, questions, settled
from usecases.chat import DISCLOSURE
from usecases.registry import USE_CASES, UseCase

CARD = "4111 1111 1111 1111"
STAGES = ("You wrote", "The model saw", "The model said", "You were shown")


def test_a_question_gets_its_figure_its_evidence_and_the_glass_box(page: Page) -> None:
    """Else the one thing that the showcase is for does not work, or a turn of it tells somebody outside."""
    watch = Watch(page)
    opened(page)
    ask(page, LOAN)
    answer = answered(page)
    expect(questions(page)).to_have_text([LOAN])
    expect(answer).to_contain_text(FIGURE)
    expect(answer.get_by_role("table").first).to_contain_text(FIGURE)
    expect(answer.get_by_role("button", name="[1] Personal Loan")).to_be_visible()
    expect(answer.get_by_text("first word")).to_be_visible()
    expect(answer.get_by_text(DISCLOSURE)).to_contain_text("smollm2-135m")
    for stage in STAGES:
        expect(answer.get_by_text(stage, exact=True)).to_be_hidden()
    glass_box(answer)
    for stage in STAGES:
        expect(answer.get_by_text(stage, exact=True)).to_be_visible()
    expect(answer.get_by_role("code").nth(1)).to_contain_text("Facts:")
    expect(answer.get_by_role("code").nth(3)).to_contain_text(FIGURE)
    assert watch.outside == [] and watch.errors == []


def test_a_source_opens_to_the_passage_that_it_names(page: Page) -> None:
    """Else an answer can't be checked against the bank's document."""
    opened(page)
    ask(page, LOAN)
    source = answered(page).get_by_role("button", name="[1] Personal Loan")
    expect(page.get_by_role("dialog")).to_have_count(0)
    source.click()
    expect(page.get_by_role("dialog")).to_contain_text("Larkfield Bank, document personal-loan")


@pytest.mark.parametrize("row", USE_CASES, ids=lambda row: row.slug)
def test_try_on_a_card_opens_the_use_case_and_asks(page: Page, row: UseCase) -> None:
    """Else the first click of a new visitor leads to an empty page, or asks twice."""
    opened(page, "/")
    page.locator(f".st-key-try-{row.slug}").get_by_role("button", name="Try").click()
    expect(page.get_by_role("heading", level=1, name=row.title)).to_be_visible()
    expect(questions(page)).to_have_text([row.try_it])
    answered(page)
    expect(questions(page)).to_have_count(1)


def test_a_frozen_card_is_frozen_in_its_own_tab_only(page: Page) -> None:
    """Else two people at one machine act in each other's conversation."""
    other = opened(page.context.new_page())
    opened(page)
    ask(page, "Freeze my card")
    answered(page)
    page.get_by_role("button", name="Yes, go ahead").click()
    expect(answered(page, 2)).to_contain_text("is frozen")
    expect(answers(other)).to_have_count(0)
    ask(other, "Freeze my card")
    expect(answered(other)).to_contain_text("Shall I freeze")
    expect(other.get_by_text("already frozen")).to_have_count(0)


@pytest.mark.parametrize("kind", ["Markdown", "PDF"])
def test_an_export_holds_the_answer_and_the_disclosure_but_no_personal_data(page: Page, kind: str, tmp_path: Path) -> None:
    """Else what a visitor takes away is empty, hides that a machine wrote it, or carries a card number out."""
    opened(page)
    ask(page, f"My card is {CARD}. {LOAN}")
    answered(page)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name=kind).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    text = " ".join(p.extract_text() for p in PdfReader(file).pages) if kind == "PDF" else file.read_text(encoding="utf-8")
    assert file.suffix == {"Markdown": ".md", "PDF": ".pdf"}[kind]
    assert DISCLOSURE in text and FIGURE in text.replace("\\", "")
    assert CARD not in text and "1111" not in text
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[ASSISTANT])
