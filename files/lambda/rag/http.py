"""The edge to API Gateway (Lambda proxy integration, payload of REST APIs): event -> Question, answer -> response.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from rag.domain import ANONYMOUS, Answer, Caller, Question
from rag.errors import InvalidRequestError, MethodNotAllowedError, RagError, TooLongError, UnsupportedMediaTypeError
from rag.streamed import StreamedResponse
from rag.text import visible

MAX_BODY_BYTES = 64 * 1024
MAX_MESSAGE_CHARS = 4000
_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

# 128 random bits in URL-safe base64; a UUID has 36 characters.
_RANDOM_CHARS = 22

STREAM_PATH = "/stream"

# The same as the OPTIONS method of the API answers.
ALLOW_METHODS = "OPTIONS,POST"
ALLOW_HEADERS = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Chat-Id-Token"

Response = dict[str, Any]


def request_id_of(event: object, fallback: str) -> str:
    """API Gateway's id of this request (the caller has it as x-amzn-RequestId), or the Lambda's own."""
    value = _mapping(_mapping(event).get("requestContext")).get("requestId")
    return value if isinstance(value, str) and _ID.fullmatch(value) else fallback


def method_of(event: object) -> str:
    method = _mapping(event).get("httpMethod")
    return method.upper() if isinstance(method, str) else "POST"


def parse_question(event: object, request_id: str, caller: Caller) -> Question:
    """The question in a proxy event; who asks is told by `rag.identity` alone.

    Raises InvalidRequestError or TooLongError, and nothing else.
    """
    if method_of(event) != "POST":
        raise MethodNotAllowedError("method", "POST で送信してください。")
    _check_media_type(_mapping(_mapping(event).get("headers")))
    body = _json_object(_body(_mapping(event)))
    given_key = _identifier(body, "request_id")
    text = _message(body)
    return Question(
        text=text,
        session_id=_identifier(body, "session_id") or _new_session_id(caller, given_key, text),
        caller=caller,
        idempotency_key=given_key or request_id,
        may_be_a_repeat=given_key is not None,
    )


def _new_session_id(caller: Caller, request_id: str | None, text: str) -> str:
    """128 bits: random, or for a `request_id` the same at every attempt, so that a first question whose answer was
    lost finds its conversation again.

    Made from the request id only where nobody else can name it: the user is known, whose conversations are his own,
    or the id is long enough to be random itself. The text is part of it, should two callers choose one id.
    """
    if request_id is None or (caller.user == ANONYMOUS and len(request_id) < _RANDOM_CHARS):
        return secrets.token_urlsafe(16)
    made_from = json.dumps([caller.user, request_id, text]).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(made_from).digest()[:16]).decode().rstrip("=")


def answer_response(body: Mapping[str, Any], origin: str) -> Response:
    return _response(200, body, origin)


def answer_body(
    answer: Answer, session_id: str, request_id: str, notices: list[str], *, history_saved: bool
) -> dict[str, Any]:
    """`notices` and `history_saved` are there only where something is to be told."""
    body: dict[str, Any] = {
        "response": answer.text,
        "session_id": session_id,
        "citations": [
            {"id": item.id, "title": item.title, "source": item.source, "snippet": item.snippet}
            for item in answer.citations
        ],
        "request_id": request_id,
    }
    if notices:
        body["notices"] = notices
    if not history_saved:
        body["history_saved"] = False
    return body


def error_body(error: RagError, request_id: str) -> dict[str, Any]:
    return {"error": {"code": error.code, "message": error.message, "request_id": request_id}}


def is_stream(event: object) -> bool:
    """Whether the request came by the route that streams."""
    return _mapping(event).get("resource") == STREAM_PATH


def stream_response(lines: Iterator[Mapping[str, Any]], origin: str) -> StreamedResponse:
    """200, one JSON object a line."""
    headers = _headers(origin) | {"Content-Type": "application/x-ndjson; charset=utf-8"}
    return StreamedResponse(200, headers, (_line(line) for line in lines))


def streamed(response: Response) -> StreamedResponse:
    """A whole response in the form of the streaming route, such as an error before anything was said."""
    return StreamedResponse(response["statusCode"], response["headers"], iter((response["body"].encode(),)))


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def error_response(error: RagError, request_id: str, origin: str) -> Response:
    """The error's status and its Japanese sentence. 503 asks the client to wait a little (RFC 9110, 10.2.3)."""
    response = _response(error.status, error_body(error, request_id), origin)
    if error.status == 503:
        response["headers"]["Retry-After"] = "5"
    return response


def preflight_response(origin: str) -> Response:
    """CORS preflight, where the API hands OPTIONS on instead of answering it itself."""
    return _response(200, {}, origin)


def _headers(origin: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": ALLOW_METHODS,
        "Access-Control-Allow-Headers": ALLOW_HEADERS,
    }


def _response(status: int, body: Mapping[str, Any], origin: str) -> Response:
    return {
        "statusCode": status,
        "headers": _headers(origin),
        "body": json.dumps(body, ensure_ascii=False),
        "isBase64Encoded": False,
    }


def _check_media_type(headers: Mapping[str, object]) -> None:
    for name, value in headers.items():
        if str(name).lower() == "content-type" and isinstance(value, str):
            media_type = value.split(";")[0].strip().lower()
            if media_type != "application/json":
                raise UnsupportedMediaTypeError("content type", "Content-Type は application/json にしてください。")


def _body(event: Mapping[str, object]) -> bytes:
    body = event.get("body")
    if not isinstance(body, str) or not body:
        raise InvalidRequestError("no body", "本文がありません。")
    if len(body) > MAX_BODY_BYTES * 2:  # base64 makes 4 bytes of 3: surely too long, so not even decoded
        raise _body_too_long()
    try:
        data = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, ValueError) as error:
        raise InvalidRequestError("encoding of the body", "本文の文字コードが正しくありません。") from error
    if len(data) > MAX_BODY_BYTES:
        raise _body_too_long()
    return data


def _body_too_long() -> TooLongError:
    return TooLongError("body", f"送信された内容が大きすぎます（上限 {MAX_BODY_BYTES // 1024} KB）。")


def _json_object(data: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # ValueError: also UnicodeDecodeError, and numbers of 4,300 digits
        raise InvalidRequestError("json", "本文を JSON として読み取れません。") from error
    if not isinstance(value, dict):
        raise InvalidRequestError("json type", "本文は JSON オブジェクトにしてください。")
    return value


def _message(body: Mapping[str, object]) -> str:
    message = body.get("message")
    if not isinstance(message, str):
        raise InvalidRequestError("message type", "message に質問を文字列で指定してください。")
    text = visible(message).strip()
    if not text:
        raise InvalidRequestError("empty message", "質問を入力してください。")
    if len(text) > MAX_MESSAGE_CHARS:
        raise TooLongError("message", f"質問が長すぎます（上限 {MAX_MESSAGE_CHARS:,} 文字）。")
    return text


def _identifier(body: Mapping[str, object], name: str) -> str | None:
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise InvalidRequestError(name, f"{name} は英数字と . _ : - の 128 文字以内で指定してください。")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
