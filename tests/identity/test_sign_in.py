"""Sign in at a real provider in a real browser: who may read a document finds it, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.identity.conftest import SECRET_FIGURE, World
from tests.identity.function_server import hours_later
from tests.identity.sign_in_page import SignInPage, at

QUESTION = "役員の出張の宿泊費の上限はいくらですか"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser that was never here; the provider's certificate is of the company's own authority."""
    context = browser.new_context(locale="ja-JP", ignore_https_errors=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def chat(page: Page, world: World) -> SignInPage:
    return at(page, world.page_url)


def test_without_signing_in_public_documents_only(chat: SignInPage, world: World) -> None:
    expect(chat.page.get_by_text("サインインしていないため")).to_be_visible()
    message = chat.ask(QUESTION)
    expect(message.locator(".rag-answer")).not_to_contain_text(SECRET_FIGURE)
    assert world.function.tokens[-1] == ""


def test_who_is_in_the_group_finds_the_document(chat: SignInPage, world: World) -> None:
    chat.sign_in("alice")
    message = chat.ask(QUESTION)
    expect(message.locator(".rag-answer")).to_contain_text(SECRET_FIGURE)
    expect(message.locator(".rag-sources")).to_contain_text("役員/宿泊.md")
    assert world.function.tokens[-1].count(".") == 2


def test_another_user_does_not_find_it(chat: SignInPage) -> None:
    chat.sign_in("bob")
    message = chat.ask(QUESTION)
    expect(message.locator(".rag-answer, .rag-error")).not_to_contain_text(SECRET_FIGURE)
    expect(chat.ask("国内出張の宿泊費の上限は").locator(".rag-answer")).to_contain_text("12,000円")


def test_signing_out_takes_the_rights_and_the_conversation_away(chat: SignInPage) -> None:
    chat.sign_in("alice")
    chat.ask(QUESTION)
    chat.sign_out()
    expect(chat.page.get_by_test_id("stChatMessage")).to_have_count(0)
    expect(chat.ask(QUESTION).locator(".rag-answer, .rag-error")).not_to_contain_text(SECRET_FIGURE)


def test_an_expired_token_leads_to_a_new_sign_in_that_keeps_the_conversation(chat: SignInPage, world: World) -> None:
    chat.sign_in("alice")
    expect(chat.ask("国内出張の宿泊費の上限は").locator(".rag-answer")).to_contain_text("12,000円")
    first = world.function.tokens[-1]
    with hours_later(2), world.provider.tokens_live(hours=3):
        message = chat.ask(QUESTION)
        expect(message.locator(".rag-error-message")).to_contain_text("有効期限が切れました")
        assert world.function.tokens[-1] == first
        chat.sign_in("alice", "もう一度サインイン")
        expect(chat.page.get_by_test_id("stChatMessage")).to_have_count(4)
        expect(chat.settled().locator(".rag-answer")).to_contain_text(SECRET_FIGURE)
    assert world.function.tokens[-1] != first


def test_neither_tokens_nor_names_stand_in_log_and_history(world: World) -> None:
    """After all that was done above."""
    tokens = [token for token in world.function.tokens if token]
    assert tokens
    written = world.log.getvalue() + world.stored() + world.page_log.read_text()
    assert '"event": "answered"' in written
    for token in tokens:
        for part in token.split("."):
            assert part not in written
    for name in ("alice", "bob", "corp.example", world.provider.client_secret):
        assert name not in written
