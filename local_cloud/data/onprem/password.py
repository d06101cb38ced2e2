"""The password that the company's search server asks of the chatbot (user `chatbot`)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

USER = "chatbot"


def ensure(state: Path) -> str:
    """The password in `onprem/password` of the state folder; made at random, mode 0600, where there is none."""
    path = state / "onprem" / "password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(24))
        unfinished.rename(path)
    return path.read_text().strip()
