"""What can go wrong between the page and the API, in words for the person who asked."""

from __future__ import annotations

_CONTACT = "続く場合は、受付番号を添えて情報システム部門へご連絡ください。"

MESSAGES = {
    "unreachable": f"回答サーバーに接続できませんでした。しばらくしてからもう一度お試しください。{_CONTACT}",
    "timeout": f"時間内に回答を得られませんでした。しばらくしてからもう一度お試しください。{_CONTACT}",
    "credentials": f"回答サーバーへの認証の準備ができませんでした。{_CONTACT}",
    "forbidden": f"回答サーバーに利用を許可されませんでした。{_CONTACT}",
    "busy": "ただいま混み合っています。少し待ってからもう一度お試しください。",
    "rejected": "この質問は受け付けられませんでした。内容を変えてお試しください。",
    "server": f"回答サーバーで問題が起きました。しばらくしてからもう一度お試しください。{_CONTACT}",
    "cut_off": f"回答の途中で接続が切れました。もう一度お試しください。{_CONTACT}",
    "token_unusable": f"サインインの情報を回答サーバーに渡せませんでした（大きすぎる場合があります）。{_CONTACT}",
    "bad_answer": f"回答サーバーからの応答を読み取れませんでした。{_CONTACT}",
}


class ChatError(Exception):
    """A question that got no answer.

    code: a key of MESSAGES or the API's own code. message: plain Japanese, fit to show.
    request_id: finds the case in the logs of the API, or of this page where no answer came at all.
    """

    def __init__(self, code: str, request_id: str, message: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.request_id = request_id
        self.message = message or MESSAGES[code]


def code_for_status(status: int) -> str:
    """The code for an HTTP status that came without the API's own error body (API Gateway's own answers:
    403 denied by policy or signature, 413, 429 throttled, 502/503/504 integration faults)."""
    if status in (401, 403):
        return "forbidden"
    if status == 429:
        return "busy"
    if status in (408, 504):
        return "timeout"
    return "rejected" if 400 <= status < 500 else "server"
