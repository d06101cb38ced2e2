"""`python -m chat.ask "question" [--session-id S]`: asks the API as the page does, from inside the task.

Prints one JSON line. Success (exit 0): `{"ok": true, "response", "session_id", "citations", "request_id"}`;
failure (exit 1): `{"ok": false, "error": {"code", "message", "request_id"}}`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from chat.api import ChatApi
from chat.errors import ChatError
from chat.settings import Settings, SettingsError


def outcome(question: str, session_id: str | None, env: Mapping[str, str]) -> dict[str, Any]:
    """What the one line says."""
    try:
        answer = ChatApi.from_settings(Settings.from_env(env)).ask(question, session_id)
    except SettingsError as error:
        return _failed("settings", str(error), "")
    except ChatError as error:
        return _failed(error.code, error.message, error.request_id)
    return {"ok": True} | answer.as_dict()


def _failed(code: str, message: str, request_id: str) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "message": message, "request_id": request_id}}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m chat.ask", description="Ask the chat API one question.")
    parser.add_argument("question")
    parser.add_argument("--session-id", help="continue this conversation")
    options = parser.parse_args(arguments)
    result = outcome(options.question, options.session_id, os.environ)
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
