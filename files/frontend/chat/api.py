"""The chat API's client: one POST per question, answered whole or as it is made."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy

import botocore.session
import requests
from botocore.exceptions import BotoCoreError

from chat.answers import Answer, Line, parse_answer, parse_error, parse_line
from chat.errors import ChatError, code_for_status
from chat.settings import Settings
from chat.sigv4 import TOKEN_HEADER, SigV4

LOG = logging.getLogger("chat.api")
CONNECT_TIMEOUT_SECONDS = 5.0
STREAM = "stream"


class ChatApi:
    """Asks questions; safe to share between threads (connections are pooled, cookies are refused)."""

    def __init__(self, settings: Settings, auth: requests.auth.AuthBase | None) -> None:
        self._settings = settings
        self._auth = auth
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    @classmethod
    def from_settings(cls, settings: Settings) -> ChatApi:
        """A client that signs with botocore's default credentials (on Fargate: the task role)."""
        if settings.api_auth == "NONE":
            return cls(settings, None)
        credentials = botocore.session.get_session().get_credentials()
        return cls(settings, SigV4(credentials, settings.region))

    def ask(
        self, question: str, session_id: str | None = None, request_id: str | None = None, id_token: str = ""
    ) -> Answer:
        """The answer to a question; `session_id` continues a conversation, the same `request_id` is answered once,
        `id_token` says who asks.
        Raises ChatError, always with a request id: the API's, or one made here where nothing came back. The question
        is never logged."""
        with _failures():
            response = self._post("", _body(question, session_id, request_id), id_token)
        return _answer(response)

    def stream(
        self, question: str, session_id: str | None = None, request_id: str | None = None, id_token: str = ""
    ) -> Generator[Line]:
        """The answer as it is made, the Answer last. Raises ChatError too, also in the middle. Closing the iterator
        closes the connection."""
        with _failures():
            response = self._post(STREAM, _body(question, session_id, request_id), id_token, stream=True)
        with response:
            if response.status_code != 200:
                _answer(response)
            for line in _lines(response):
                yield line
                if isinstance(line, Answer):
                    return
        raise ChatError("cut_off", response.headers.get("x-amzn-RequestId", ""))

    def _post(self, path: str, body: dict[str, str], id_token: str, *, stream: bool = False) -> requests.Response:
        return self._session.post(
            f"{self._settings.api_url.rstrip('/')}/{path}" if path else self._settings.api_url,
            stream=stream,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({TOKEN_HEADER: id_token} if id_token else {}),
            },
            auth=self._auth,
            timeout=(CONNECT_TIMEOUT_SECONDS, self._settings.timeout_seconds),
            allow_redirects=False,  # a signature holds for one host only
        )


def _body(question: str, session_id: str | None, request_id: str | None) -> dict[str, str]:
    given = {"message": question, "session_id": session_id, "request_id": request_id}
    return {name: value for name, value in given.items() if value}


@contextmanager
def _failures(*, started: bool = False) -> Iterator[None]:
    """What goes wrong on the way, as ChatError; `started`: an answer had begun."""
    try:
        yield
    except BotoCoreError as error:
        raise _failure("credentials", error) from error
    except requests.ReadTimeout as error:
        raise _failure("timeout", error) from error
    except requests.RequestException as error:
        raise _failure("cut_off" if started else "unreachable", error) from error


def _lines(response: requests.Response) -> Iterator[Line]:
    """Each line as soon as it is there: no chunk size, which would be waited for."""
    raw = response.iter_lines(chunk_size=None)
    request_id = response.headers.get("x-amzn-RequestId", "")
    while True:
        with _failures(started=True):
            text = next(raw, None)
        if text is None:
            return
        try:
            body = json.loads(text)
            line = parse_line(body)
        except ValueError as error:
            LOG.error("answer not understood: request_id=%s cause=%s", request_id, error)
            raise ChatError("bad_answer", request_id) from error
        if isinstance(body, dict) and body.get("type") == "error":
            raise _refusal(response.status_code, body, request_id)
        if line is not None:
            yield line


def _failure(code: str, cause: Exception) -> ChatError:
    request_id = f"web-{uuid.uuid4().hex[:12]}"
    LOG.warning("question failed: %s request_id=%s cause=%s", code, request_id, _cause(cause))
    return ChatError(code, request_id)


def _cause(error: Exception) -> str:
    """The kind of fault and its innermost reason: host and port may appear, the question never does."""
    return f"{type(error).__name__}: {error}"[:400]


def _answer(response: requests.Response) -> Answer:
    # API Gateway's own request id; a header also on answers that never reached the Lambda.
    request_id = response.headers.get("x-amzn-RequestId", "")
    try:
        body: object = response.json()
    except ValueError:
        body = None
    if response.status_code == 200:
        try:
            return parse_answer(body)
        except ValueError as error:
            LOG.error("answer not understood: request_id=%s cause=%s", request_id, error)
            raise ChatError("bad_answer", request_id or _failure("bad_answer", error).request_id) from error
    raise _refusal(response.status_code, body, request_id)


def _refusal(status: int, body: object, request_id: str) -> ChatError:
    if told := parse_error(body):
        code, message, their_id = told
        error = ChatError(code, their_id or request_id, message)
    else:
        error = ChatError(code_for_status(status), request_id)
    LOG.warning("question refused: status=%s code=%s request_id=%s", status, error.code, error.request_id)
    return error
