"""What API Gateway itself answers, and how a stage's gateway responses dress it. Pure.

Types, statuses and default texts: API Gateway guide, 'Gateway response types for API Gateway'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """A whole HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass
class ApiError(Exception):
    """An answer that API Gateway gives instead of the integration's; `key` as AWS spells it in that case."""

    status: int
    message: str
    response_type: str
    error_type: str
    key: str = field(default="message")


def forbidden() -> ApiError:
    """No such API behind this endpoint, or no such stage."""
    return ApiError(403, "Forbidden", "", "ForbiddenException")


def missing_token() -> ApiError:
    """No such resource or method, or a request that had to be signed and is not."""
    return ApiError(
        403, "Missing Authentication Token", "MISSING_AUTHENTICATION_TOKEN", "MissingAuthenticationTokenException"
    )


def access_denied(message: str) -> ApiError:
    return ApiError(403, message, "ACCESS_DENIED", "AccessDeniedException", "Message")


def invalid_signature(message: str, error_type: str = "InvalidSignatureException") -> ApiError:
    return ApiError(403, message, "INVALID_SIGNATURE", error_type)


def internal(status: int = 500) -> ApiError:
    """500: the API may not invoke the function; 502: the function failed or gave no proxy response."""
    kind = "API_CONFIGURATION_ERROR" if status == 500 else "INTEGRATION_FAILURE"
    return ApiError(status, "Internal server error", kind, "InternalServerErrorException")


def timed_out() -> ApiError:
    return ApiError(504, "Endpoint request timed out", "INTEGRATION_TIMEOUT", "InternalServerErrorException")


def too_large() -> ApiError:
    return ApiError(413, "Request Too Long", "REQUEST_TOO_LARGE", "RequestTooLargeException")


def reply(error: ApiError, request_id: str, responses: Mapping[str, Mapping[str, Any]]) -> Reply:
    """The error as the deployed gateway responses shape it (static headers, status, simple template)."""
    default = "DEFAULT_4XX" if error.status < 500 else "DEFAULT_5XX"
    chosen = (responses.get(error.response_type) or responses.get(default) or {}) if error.response_type else {}
    body = json.dumps({error.key: error.message}, ensure_ascii=False)
    template = (chosen.get("responseTemplates") or {}).get("application/json")
    if template and error.key == "message":
        body = _fill(template, error.message, request_id)
    headers = {
        "Content-Type": "application/json",
        "x-amzn-RequestId": request_id,
        "x-amzn-ErrorType": error.error_type,
        **static_headers(chosen.get("responseParameters") or {}, "gatewayresponse.header."),
    }
    return Reply(int(chosen.get("statusCode") or error.status), tuple(headers.items()), body.encode())


def static_headers(parameters: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """Header name -> value, of mappings to quoted constants: `{"<prefix>X": "'value'"}`."""
    return {
        name.removeprefix(prefix): str(value)[1:-1]
        for name, value in parameters.items()
        if name.startswith(prefix) and str(value).startswith("'") and str(value).endswith("'")
    }


def _fill(template: str, message: str, request_id: str) -> str:
    """The context variables that gateway responses use; messageString is a quoted JSON string."""
    return (
        template.replace("$context.error.messageString", json.dumps(message, ensure_ascii=False))
        .replace("$context.error.message", message)
        .replace("$context.requestId", request_id)
    )
