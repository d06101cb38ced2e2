"""The login of the search server, from Secrets Manager: read once per container, again after a 401."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rag.aws_errors import AwsError, code_of
from rag.errors import SearchUnavailableError


class SecretsClient(Protocol):
    """What is used of Secrets Manager: GetSecretValue."""

    def get_secret_value(self, **request: Any) -> Mapping[str, Any]: ...


class Login(Protocol):
    """Where the Authorization header comes from."""

    def header(self) -> str:
        """The header's value. Raises SearchUnavailableError where there is none to be had."""

    def forget(self) -> None:
        """The server refused it: the next one is to be read anew."""


@dataclass(frozen=True)
class FixedLogin:
    """A header that is at hand already: for what runs outside of the function."""

    value: str = field(repr=False)

    def header(self) -> str:
        return self.value

    def forget(self) -> None:
        """There is no other one."""


class SearchLogin:
    """The Authorization header for the search server."""

    def __init__(self, client: SecretsClient, secret_id: str) -> None:
        self._client = client
        self._secret_id = secret_id
        self._header: str | None = None

    def header(self) -> str:
        """The header's value. Raises SearchUnavailableError where the secret cannot be read or has another form."""
        if self._header is None:
            self._header = authorization(self._read())
        return self._header

    def forget(self) -> None:
        """Has the secret read again: it was rotated, or is wrong."""
        self._header = None

    def _read(self) -> str:
        try:
            return str(self._client.get_secret_value(SecretId=self._secret_id).get("SecretString", ""))
        except AwsError as error:
            raise SearchUnavailableError(f"secret: {code_of(error)}") from error


def authorization(secret: str) -> str:
    """`{"api_key"}` (encoded, or as id:key) or `{"username","password"}` as the value of Authorization."""
    try:
        fields = json.loads(secret)
    except ValueError as error:
        raise SearchUnavailableError("secret: not JSON") from error
    values = fields if isinstance(fields, dict) else {}
    api_key, user, password = (values.get(name) for name in ("api_key", "username", "password"))
    if isinstance(api_key, str) and api_key:
        return f"ApiKey {_base64(api_key) if ':' in api_key else api_key}"
    if isinstance(user, str) and user and isinstance(password, str):
        return f"Basic {_base64(f'{user}:{password}')}"
    raise SearchUnavailableError("secret: neither api_key nor username and password")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
