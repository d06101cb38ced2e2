"""Finds a Chromium for the browser tests: the system's, or Playwright's own, downloaded once where it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_LIMIT_SECONDS = 300
HOW_TO_GET_ONE = (
    "no browser: install Chromium (on Debian and Ubuntu: apt install chromium fonts-noto-cjk), "
    "or set CHROMIUM=/its/path"
)


def of_the_system() -> str | None:
    """CHROMIUM, or a browser on PATH."""
    return next(
        (found for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name and (found := shutil.which(name))), None
    )


def of_playwright() -> str | None:
    """Playwright's own, with the system's libraries that it needs being the user's affair."""
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.exists():
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            subprocess.run(command, check=True, timeout=DOWNLOAD_LIMIT_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"Playwright could not download Chromium: {error}", file=sys.stderr)
    return str(path) if path.exists() else None


def find() -> str | None:
    """Path of a browser, or None."""
    return of_the_system() or of_playwright()
