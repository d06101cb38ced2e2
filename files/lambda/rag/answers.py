"""The words of the backend's own: where nothing was found, and what is added to a model's answer."""

from __future__ import annotations

from rag.text import is_japanese

_NOT_FOUND = (
    "ご質問に関する記載は、社内文書の中に見つかりませんでした。言葉を変えて、もう一度お試しください。",
    "I could not find anything about this in the company documents. Please try again in other words.",
)
_CUT_OFF = (
    "（回答が長くなったため、途中で終わっています。）",
    "(The answer was too long and ends here.)",
)
_BLOCKED = (
    "この質問には、利用上の制限により回答できません。",
    "This question cannot be answered because of a usage restriction.",
)
_UNSUPPORTED = ("（出典未確認）", " (not confirmed by a source)")

# Extra sentences beside an answer, in the response's `notices`.
HISTORY_NOT_READ = "これまでの会話を読み込めなかったため、この質問だけをもとに回答しました。"
HISTORY_NOT_SAVED = "この質問と回答は会話の履歴に保存できませんでした。"


def not_found(question: str) -> str:
    return _in_language_of(question, _NOT_FOUND)


def cut_off(question: str) -> str:
    return _in_language_of(question, _CUT_OFF)


def blocked(question: str) -> str:
    return _in_language_of(question, _BLOCKED)


def unsupported(question: str) -> str:
    """What marks a sentence that the passages do not support."""
    return _in_language_of(question, _UNSUPPORTED)


def _in_language_of(question: str, texts: tuple[str, str]) -> str:
    return texts[0] if is_japanese(question) else texts[1]
