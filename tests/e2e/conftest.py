"""A headless Chromium and the running system's outputs.

The system: `make up` first (`.local/outputs.json`, or the file that CHATBOT_OUTPUTS names).
The browser: the one that CHROMIUM names, Debian's /usr/bin/chromium, or the one that Playwright downloads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.e2e.chat_page import ChatPage

ROOT = Path(__file__).parents[2]
DEBIANS = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def outputs() -> dict[str, Any]:
    """What `site.yml` wrote about the running system."""
    state = Path(os.environ.get("LOCAL_CLOUD_STATE", ROOT / ".local"))
    path = Path(os.environ.get("CHATBOT_OUTPUTS", state / "outputs.json"))
    if not path.is_file():
        pytest.fail(f"no running system: {path} is missing; run `make up` first", pytrace=False)
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return facts


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=_chromium(playwright))
        yield running
        running.close()


def _chromium(playwright: Playwright) -> Path:
    for candidate in (os.environ.get("CHROMIUM", ""), DEBIANS, playwright.chromium.executable_path):
        if candidate and Path(candidate).exists():
            return Path(candidate)
    pytest.fail(
        "no Chromium: run `apt-get install chromium fonts-noto-cjk` or `.venv/bin/playwright install chromium`",
        pytrace=False,
    )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of an employee who was never here before."""
    context = browser.new_context(locale="ja-JP", viewport={"width": 1180, "height": 860})
    yield context.new_page()
    context.close()


@pytest.fixture
def chat(page: Page, outputs: dict[str, Any]) -> ChatPage:
    """The chat page, loaded through the load balancer."""
    return ChatPage(page, outputs["chat_url"]).open()
