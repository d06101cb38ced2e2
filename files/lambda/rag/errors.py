"""Every way in which a question can fail: a code, an HTTP status, a Japanese sentence for the reader.

`reason` is for the log only. It names a class, a status or an AWS error code, and never holds content.
"""

from __future__ import annotations

_LATER = "しばらくしてから、もう一度お試しください。"


class RagError(Exception):
    """The base of all of them; by itself it is a fault of ours."""

    code = "internal_error"
    status = 500
    message = f"内部でエラーが発生しました。{_LATER}続く場合は受付番号を添えて管理者へご連絡ください。"

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidRequestError(RagError):
    """The request cannot be understood; `detail` says in Japanese what is wrong with it."""

    code, status = "invalid_request", 400

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.message = f"リクエストの形式が正しくありません。{detail}"


class UnsupportedMediaTypeError(InvalidRequestError):
    status = 415


class MethodNotAllowedError(InvalidRequestError):
    status = 405


class TooLongError(RagError):
    """The body, or the question in it, is larger than the cap."""

    code, status = "too_long", 413

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.message = detail


class SearchUnavailableError(RagError):
    """The search server cannot be reached, refuses us, or answers what we cannot read."""

    code, status = "search_unavailable", 503
    message = f"社内文書の検索サーバーを利用できないため、回答できませんでした。{_LATER}"


class SearchTimeoutError(RagError):
    code, status = "timeout", 504
    message = f"社内文書の検索が時間内に終わりませんでした。{_LATER}"


class ModelUnavailableError(RagError):
    code, status = "model_unavailable", 503
    message = f"回答を作成する AI モデルを利用できませんでした。{_LATER}"


class ModelThrottledError(RagError):
    """Bedrock's quota is used up. 503 and not 429: it is the service that is busy, not this caller."""

    code, status = "model_throttled", 503
    message = "AI モデルへのリクエストが混み合っています。少し待ってから、もう一度お試しください。"


class ModelTimeoutError(RagError):
    code, status = "timeout", 504
    message = f"AI モデルの回答が時間内に終わりませんでした。{_LATER}"


class PromptTooLongError(RagError):
    """Question, passages and history together are more than the model takes."""

    code, status = "too_long", 413
    message = "質問とこれまでの会話が長すぎるため、回答できませんでした。質問を短くするか、新しい会話でお試しください。"


class HistoryUnavailableError(RagError):
    """The history table cannot be read or written."""

    code, status = "history_unavailable", 503
    message = f"会話の履歴を利用できないため、回答できませんでした。{_LATER}"


class SignInRequiredError(RagError):
    """There is no token, and this deployment answers nobody without one."""

    code, status = "sign_in_required", 401
    message = "この機能を利用するには、サインインが必要です。サインインしてから、もう一度お試しください。"


class TokenExpiredError(RagError):
    """The token was sound, and its time is over."""

    code, status = "token_expired", 401
    message = "サインインの有効期限が切れました。もう一度サインインしてください。"


class TokenInvalidError(RagError):
    """The token proves nothing; `reason` names the check that failed."""

    code, status = "token_invalid", 401
    message = (
        "サインインの情報を確認できませんでした。もう一度サインインしてください。"
        "続く場合は受付番号を添えて管理者へご連絡ください。"
    )


class IdentityUnavailableError(RagError):
    """Whether the token is sound cannot be told: the provider's keys cannot be had."""

    code, status = "identity_unavailable", 503
    message = f"サインインの情報を確認するための鍵を取得できないため、回答できませんでした。{_LATER}"
