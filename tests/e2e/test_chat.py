"""An employee asks in a real browser; every hop behind it is the deployed one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.e2e.chat_page import ChatPage

# Keeps what the page showed of an answer, each time that something on it changed.
WATCH = """() => {
  window.drafts = []; window.lengths = [];
  new MutationObserver(() => {
    for (const draft of document.querySelectorAll('.rag-draft')) window.drafts.push(draft.innerText);
    for (const answer of document.querySelectorAll('.rag-answer')) window.lengths.push(answer.innerText.length);
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture
def new_document(outputs: dict[str, Any]) -> Iterator[dict[str, str]]:
    """A document that no one has ever seen, searchable at once; gone afterwards."""
    word = f"zk{secrets.token_hex(5)}"
    document = {
        "title": f"臨時連絡 {word}",
        "text": f"{word} の保管場所は、本社5階の第{secrets.randbelow(900) + 100}書庫です。鍵は総務部が貸し出します。",
        "source": f"e2e-{word}.md",
    }
    session = requests.Session()
    session.trust_env = False  # the search server is on this machine: no proxy
    url = f"{outputs['search_url'].rstrip('/')}/{outputs['search_index']}/_doc/{word}?refresh=true"
    session.put(url, json=document, timeout=10).raise_for_status()
    yield document | {"word": word}
    session.delete(url, timeout=10).raise_for_status()


def test_the_page_introduces_itself(chat: ChatPage) -> None:
    expect(chat.page).to_have_title("RAG チャットボット")
    expect(chat.page.get_by_role("heading", name="RAG チャットボット")).to_be_visible()
    expect(chat.input).to_have_attribute("placeholder", "質問を入力してください")


def test_a_new_document_is_found_and_named(chat: ChatPage, new_document: dict[str, str]) -> None:
    message = chat.ask(f"{new_document['word']} の保管場所はどこですか")
    expect(message.locator(".rag-answer")).to_contain_text(new_document["word"])
    room = new_document["text"].split("本社5階の")[1].split("です")[0]
    expect(message.locator(".rag-answer")).to_contain_text(room)
    expect(message.locator(".rag-sources")).to_contain_text(new_document["source"])


def test_the_answer_is_shown_while_it_is_made(chat: ChatPage) -> None:
    chat.page.evaluate(WATCH)
    message = chat.ask("国内出張の日当はいくらですか")
    whole = message.locator(".rag-answer").inner_text()
    drafts, lengths = chat.page.evaluate("[window.drafts, window.lengths]")
    assert drafts
    assert not [draft for draft in drafts if "[" in draft]
    assert len(set(lengths)) > 2
    assert min(lengths) < len(whole)


def test_a_citation_leads_to_its_source(chat: ChatPage) -> None:
    message = chat.ask("国内出張の日当はいくらですか")
    chip = message.locator("a.rag-cite").first
    source = message.locator(f"li[id='{(chip.get_attribute('href') or '').removeprefix('#')}']")
    chip.press("Enter")
    expect(source).to_be_in_viewport()
    source.locator("summary").press("Enter")
    expect(source.locator(".rag-source-snippet")).to_be_visible()


def test_a_new_conversation_starts_empty(chat: ChatPage) -> None:
    chat.ask("国内出張の日当はいくらですか")
    chat.page.get_by_role("button", name="新しい会話").click()
    expect(chat.page.get_by_test_id("stChatMessage")).to_have_count(0)
    expect(chat.input).to_be_enabled()


def test_the_browser_talks_to_the_load_balancer_only(page: Page, outputs: dict[str, Any]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ChatPage(page, outputs["chat_url"]).open().ask("国内出張の日当はいくらですか")
    base = outputs["chat_url"].rstrip("/")
    assert asked
    assert [url for url in asked if not url.startswith((base, "data:", "blob:"))] == []
