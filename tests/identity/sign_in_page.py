"""The chat page and the provider's forms, as a person uses them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.chat_page import LOAD_MS, ChatPage


class SignInPage(ChatPage):
    """A page where one can sign in."""

    def sign_in(self, name: str, button: str = "サインイン") -> None:
        """Types the name into the provider's form and consents; the page is loaded again."""
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.locator("input[name=login]").fill(name, timeout=LOAD_MS)
        self.page.locator("input[name=password]").fill("any")
        self.page.get_by_role("button", name="Sign-in").click()
        consent = self.page.get_by_role("button", name="Continue")
        expect(consent.or_(self.account)).to_be_visible(timeout=LOAD_MS)
        if consent.is_visible():
            consent.click()
        expect(self.account).to_contain_text(name, timeout=LOAD_MS)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="サインアウト").click()
        confirmed = self.page.get_by_role("button", name="Yes, sign me out")
        confirmed.click(timeout=LOAD_MS)
        expect(self.page.get_by_role("button", name="サインイン", exact=True)).to_be_visible(timeout=LOAD_MS)

    @property
    def account(self) -> Locator:
        return self.page.locator(".rag-account")


def at(page: Page, url: str) -> SignInPage:
    return SignInPage(page, url).open()
