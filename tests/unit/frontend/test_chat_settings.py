"""Settings: defaults, and every fault at once."""

from __future__ import annotations

import pytest
from chat.settings import DEFAULT_EXAMPLE_QUESTIONS, Settings, SettingsError

URL = "https://abc123-vpce-1.execute-api.ap-northeast-1.amazonaws.com/prod/"


def test_defaults() -> None:
    settings = Settings.from_env({"CHAT_API_URL": URL, "AWS_REGION": "ap-northeast-1"})
    assert settings.api_auth == "AWS_IAM"
    assert settings.timeout_seconds == 35
    assert settings.link_hosts == frozenset()
    assert settings.example_questions == DEFAULT_EXAMPLE_QUESTIONS
    assert settings.max_question_chars == 4000


def test_lists_are_split_and_an_empty_one_means_none() -> None:
    settings = Settings.from_env(
        {
            "CHAT_API_URL": URL,
            "CHAT_API_AUTH": "NONE",
            "CHAT_LINK_HOSTS": " Docs.Example.co.jp, wiki.example.co.jp ,",
            "CHAT_EXAMPLE_QUESTIONS": "",
        }
    )
    assert settings.link_hosts == {"docs.example.co.jp", "wiki.example.co.jp"}
    assert settings.example_questions == ()


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(
            {"CHAT_API_AUTH": "COGNITO", "CHAT_API_TIMEOUT_SECONDS": "soon", "CHAT_MAX_QUESTION_CHARS": "0"}
        )
    told = " ".join(caught.value.faults)
    assert len(caught.value.faults) == 5
    for name in ("CHAT_API_URL", "CHAT_API_AUTH", "CHAT_API_TIMEOUT_SECONDS", "AWS_REGION", "CHAT_MAX_QUESTION_CHARS"):
        assert name in told


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.co.jp/prod/",
        "ftp://x/",
        "api.example.co.jp",
        "https://",
        "https://[x",
        "https://x:y/",
    ],
)
def test_only_https_or_loopback(url: str) -> None:
    with pytest.raises(SettingsError, match="CHAT_API_URL"):
        Settings.from_env({"CHAT_API_URL": url, "CHAT_API_AUTH": "NONE"})
    assert Settings.from_env({"CHAT_API_URL": "http://127.0.0.1:1/", "CHAT_API_AUTH": "NONE"}).api_url
