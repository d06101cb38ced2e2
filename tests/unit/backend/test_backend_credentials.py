"""The search server's login, from Secrets Manager (moto)."""

from __future__ import annotations

import base64

import botocore.session
import pytest
from moto import mock_aws
from rag.credentials import SearchLogin, authorization
from rag.errors import SearchUnavailableError


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("secret", "header"),
    [
        ('{"username": "u", "password": "p"}', f"Basic {encoded('u:p')}"),
        ('{"username": "u", "password": ""}', f"Basic {encoded('u:')}"),
        ('{"api_key": "abc=="}', "ApiKey abc=="),
        ('{"api_key": "id:key"}', f"ApiKey {encoded('id:key')}"),
        ('{"api_key": "k", "username": "u", "password": "p"}', "ApiKey k"),
    ],
)
def test_the_forms_of_a_secret(secret: str, header: str) -> None:
    assert authorization(secret) == header


@pytest.mark.parametrize("secret", ["", "hunter2", "[]", "{}", '{"username": "u"}', '{"api_key": 5}', "null"])
def test_another_form_is_refused_without_being_quoted(secret: str) -> None:
    with pytest.raises(SearchUnavailableError) as caught:
        authorization(secret)
    assert "hunter2" not in caught.value.reason


@mock_aws
def test_a_secret_is_read_from_secrets_manager() -> None:
    client = botocore.session.get_session().create_client("secretsmanager", region_name="ap-northeast-1")
    client.create_secret(Name="chatbot/search", SecretString='{"api_key": "one"}')
    login = SearchLogin(client, "chatbot/search")
    assert login.header() == "ApiKey one"
    client.put_secret_value(SecretId="chatbot/search", SecretString='{"api_key": "two"}')
    assert login.header() == "ApiKey one"
    login.forget()
    assert login.header() == "ApiKey two"


@mock_aws
def test_a_secret_that_is_not_there() -> None:
    client = botocore.session.get_session().create_client("secretsmanager", region_name="ap-northeast-1")
    with pytest.raises(SearchUnavailableError) as caught:
        SearchLogin(client, "none").header()
    assert caught.value.reason == "secret: ResourceNotFoundException"
