"""The chat page as an employee uses it."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, Page, expect

LOAD_MS = 30_000
ANSWER_MS = 45_000  # the page itself gives up after 35 s


class ChatPage:
    """Types questions and reads what comes."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> Self:
        self.page.goto(self.url)
        expect(self.input).to_be_enabled(timeout=LOAD_MS)
        return self

    @property
    def input(self) -> Locator:
        return self.page.get_by_test_id("stChatInputTextArea")

    @property
    def last(self) -> Locator:
        """The newest message of the assistant."""
        return self.page.get_by_test_id("stChatMessage").last

    def ask(self, question: str) -> Locator:
        """Asks and waits for the outcome: an answer or an error, whichever comes. Returns the message."""
        before = self.page.get_by_test_id("stChatMessage").count()
        self.input.fill(question)
        self.input.press("Enter")
        expect(self.page.get_by_test_id("stChatMessage")).to_have_count(before + 2, timeout=LOAD_MS)
        return self.settled()

    def retry(self) -> Locator:
        """Asks the question that failed once more. The failure stays on the page until the new outcome replaces it,
        so it is known by its number: without that the old one would be taken for the new one."""
        number = self.last.locator(".rag-request-id").inner_text()
        self.page.get_by_role("button", name="もう一度試す").click()
        expect(self.page.get_by_text(number)).to_have_count(0, timeout=ANSWER_MS)
        return self.settled()

    def settled(self) -> Locator:
        """The last message once it shows its outcome; the input is closed while a question is worked on."""
        expect(self.page.get_by_test_id("stSpinner")).to_have_count(0, timeout=ANSWER_MS)
        expect(self.last.locator(".rag-answer, .rag-error")).to_be_visible(timeout=ANSWER_MS)
        expect(self.input).to_be_enabled(timeout=LOAD_MS)
        return self.last
