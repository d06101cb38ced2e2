"""Every word that the page shows, in one place."""

from __future__ import annotations

TITLE = "RAG チャットボット"
PLACEHOLDER = "質問を入力してください"
SUBTITLE = "社内文書を検索し、その内容をもとにお答えします。"
DISCLAIMER = "回答は AI が作成します。重要な内容は、必ず出典の文書でご確認ください。"
NEW_CONVERSATION = "新しい会話"
EXAMPLES = "質問の例"
WORKING = "社内文書を検索して回答を作成しています…"
RETRY = "もう一度試す"
CANCEL = "回答を止める"
CANCELLED = "回答を途中で止めました。"
SOURCES = "出典"
SIGN_IN = "サインイン"
SIGN_IN_AGAIN = "もう一度サインイン"
SIGN_OUT = "サインアウト"
SIGNED_IN = "サインイン中"
SIGN_IN_FIRST = "ご利用にはサインインが必要です。"
PUBLIC_ONLY = "サインインしていないため、全社員向けの文書だけを検索します。"
REQUEST_ID = "受付番号"
NOT_CONFIGURED = (
    "チャットの設定に不備があるため、現在ご利用いただけません。お手数ですが、情報システム部門へご連絡ください。"
)
