"""What a visitor does and sees."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, expect

from usecases.chat import DISCLOSURE
from usecases.finance.assistant import PLACEHOLDER
from usecases.registry import USE_CASES, find

ASSISTANT = f"/{Path(find('finance-assistant').page).stem}"
PAGES = {  # address: heading
    "/": "Generative AI at work, on this machine",
    **{f"/{Path(row.page).stem}": row.title for row in USE_CASES},
    "/settings": "Settings",
}
LOAN = "What would a £10,000 loan over 4 years cost me each month?"
FIGURE = "£236.69"
# On a link to a page Streamlit looks for its server below that page first, and Chromium logs the two answers as errors.
_STREAMLIT_NOISE = re.compile(r"^/\w+/_stcore/(health|host-config)$")


class Watch:
    """Notes what must not happen on a page, from now on."""

    def __init__(self, page: Page) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("console", self._logged)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._opened)

    def _asked(self, url: str) -> None:
        if _is_outside(url):
            self.outside.append(url)

    def _logged(self, message: ConsoleMessage) -> None:
        where = str(message.location["url"])  # what failed outside is in `outside`
        if message.type == "error" and not _is_outside(where) and not _STREAMLIT_NOISE.match(urlsplit(where).path):
            self.errors.append(f"{message.text} {where}")

    def _opened(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost")


def opened(page: Page, path: str = ASSISTANT) -> Page:
    page.goto(path)
    expect(page.get_by_role("heading", level=1, name=PAGES[path])).to_be_visible()
    settled(page)
    return page


def settled(page: Page) -> None:
    """The page's script has run to its end, all of it is drawn, and no exception shows that nobody caught."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def question_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=PLACEHOLDER)


def ask(page: Page, question: str) -> None:
    expect(question_box(page)).to_be_enabled()
    question_box(page).fill(question)
    question_box(page).press("Enter")


def questions(page: Page) -> Locator:
    return page.get_by_role("group", name="Chat message from user")


def answers(page: Page) -> Locator:
    return page.get_by_role("group", name="Chat message from assistant")


def answered(page: Page, number: int = 1) -> Locator:
    """The answer of that number, once it is whole."""
    expect(answers(page)).to_have_count(number)
    expect(answers(page).last.get_by_text(DISCLOSURE)).to_be_visible()
    settled(page)
    return answers(page).last


def glass_box(answer: Locator) -> None:
    """Opens it."""
    answer.get_by_text("Glass box").click()
    expect(answer.get_by_text("The model saw", exact=True)).to_be_visible()


def tab_to(page: Page, place: Locator, limit: int = 40) -> None:
    """Presses Tab until `place` has the focus, as somebody without a mouse does."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if place.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{limit} presses of Tab did not reach {place}.")
