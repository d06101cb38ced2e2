"""An API that says what a test tells it to, and where the page's code is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FRONTEND = Path(__file__).parents[3] / "files" / "frontend"
ANSWER = {
    "response": "日帰りの日当は **1,500 円**です[1]。申請は 10 営業日以内です[3]。",
    "session_id": "conversation-1",
    "citations": [
        {"id": "1", "title": "国内出張旅費規程", "source": "travel-expenses.md", "snippet": "日帰り 1,500 円とする。"},
        {
            "id": "3",
            "title": "経費精算",
            "source": "https://docs.example.co.jp/e",
            "snippet": "10 営業日以内に申請する。",
        },
    ],
    "request_id": "request-1",
}
FAILURE = {
    "error": {"code": "search_unavailable", "message": "検索に接続できませんでした。", "request_id": "request-9"}
}


class FakeApi:
    """Answers in order from `answers` (status, body), the last one for ever; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = [(200, ANSWER)]
        self.requests: list[dict[str, Any]] = []
        self.headers = {"x-amzn-RequestId": "gateway-1"}
        self.url = ""

    def next_answer(self) -> tuple[int, Any]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
