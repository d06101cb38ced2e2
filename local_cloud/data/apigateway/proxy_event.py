"""Lambda proxy integration: the event a REST API sends, and the answer it takes. Pure.

Format 1.0: API Gateway guide, 'Lambda proxy integrations in API Gateway', input and output format.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Iterable
from typing import Any

from local_cloud.data.apigateway.errors import Reply, internal
from local_cloud.data.apigateway.request import ApiRequest
from local_cloud.data.apigateway.snapshot import Deployed, Method
from local_cloud.data.credentials import SessionCredentials

KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded", "cookies"}
PRELUDE_KEYS = {"statusCode", "headers", "multiValueHeaders", "cookies"}
REMAPPED = {"connection", "content-length", "transfer-encoding", "date", "server", "x-amzn-requestid"}
"""Headers that API Gateway sets itself ('Important notes', header remapping)."""


def event(
    request: ApiRequest, api: Deployed, method: Method, caller: SessionCredentials | None, account: str
) -> dict[str, Any]:
    headers = [(k, v) for k, v in request.headers if k.lower() not in ("authorization", "connection")]
    headers += [
        ("X-Forwarded-For", request.source_ip),
        ("x-amzn-vpc-id", request.connection.vpc_id),
        ("x-amzn-vpce-id", request.connection.endpoint_id),
    ]
    text, encoded = _text(request.body)
    return {
        "resource": method.resource,
        "path": request.resource_path,
        "httpMethod": request.method,
        "headers": dict(headers),
        "multiValueHeaders": _grouped(headers),
        "queryStringParameters": dict(request.parameters) or None,
        "multiValueQueryStringParameters": _grouped(request.parameters) or None,
        "pathParameters": dict(method.path_parameters) or None,
        "stageVariables": dict(api.variables) or None,
        "requestContext": _context(request, api, method, caller, account),
        "body": text,
        "isBase64Encoded": encoded,
    }


def _context(
    request: ApiRequest, api: Deployed, method: Method, caller: SessionCredentials | None, account: str
) -> dict[str, Any]:
    at = time.gmtime(request.received_at)
    return {
        "accountId": account,
        "apiId": api.api_id,
        "domainName": request.host,
        "domainPrefix": request.host.partition(".")[0],
        "extendedRequestId": request.request_id,
        "httpMethod": request.method,
        "identity": _identity(request, caller, account),
        "path": request.path,
        "protocol": "HTTP/1.1",
        "requestId": request.request_id,
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", at),
        "requestTimeEpoch": int(request.received_at * 1000),
        "resourcePath": method.resource,
        "stage": api.stage,
    }


def _identity(request: ApiRequest, caller: SessionCredentials | None, account: str) -> dict[str, Any]:
    return {
        "accessKey": caller.access_key_id if caller else None,
        "accountId": account if caller else None,
        "caller": f"{caller.access_key_id}:{caller.session_name}" if caller else None,
        "user": f"{caller.access_key_id}:{caller.session_name}" if caller else None,
        "userArn": caller.user_arn if caller else None,
        "sourceIp": request.source_ip,
        "userAgent": request.header("User-Agent") or None,
        "vpcId": request.connection.vpc_id or None,
        "vpceId": request.connection.endpoint_id or None,
        "principalOrgId": None,
        "cognitoAuthenticationProvider": None,
        "cognitoAuthenticationType": None,
        "cognitoIdentityId": None,
        "cognitoIdentityPoolId": None,
    }


def answer(payload: bytes, request_id: str) -> Reply:
    """The function's output as an HTTP answer. Raises ApiError 502 for anything but the documented form."""
    return _answer(payload, request_id, KEYS)


def head(prelude: bytes, request_id: str) -> Reply:
    """Status and headers of a streamed answer, from the JSON before its eight NUL bytes. Raises ApiError 502.

    API Gateway guide, 'Set up a Lambda proxy integration with payload response streaming', the format required.
    """
    return _answer(prelude, request_id, PRELUDE_KEYS)


def _answer(payload: bytes, request_id: str, keys: set[str]) -> Reply:
    try:
        output = json.loads(payload)
        if not isinstance(output, dict) or not set(output) <= keys:
            raise internal(502)
        status = int(output["statusCode"])
        body = _body(output)
        headers = _headers(output)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise internal(502) from None
    if not 100 <= status <= 599:
        raise internal(502)
    if not any(name.lower() == "content-type" for name, _value in headers):
        headers.append(("Content-Type", "application/json"))
    headers += [("x-amzn-RequestId", request_id)]
    return Reply(status, tuple(headers), body)


def _body(output: dict[str, Any]) -> bytes:
    body = output.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise internal(502)
    return base64.b64decode(body, validate=True) if output.get("isBase64Encoded") else body.encode()


def _headers(output: dict[str, Any]) -> list[tuple[str, str]]:
    """`multiValueHeaders` win over `headers` of the same name."""
    many = {k: [str(v) for v in values] for k, values in (output.get("multiValueHeaders") or {}).items()}
    given = {k: _scalar(v) for k, v in (output.get("headers") or {}).items()}
    single = [(k, v) for k, v in given.items() if k.lower() not in {m.lower() for m in many}]
    pairs = single + [(k, v) for k, values in many.items() for v in values]
    return [(k, v) for k, v in pairs if k.lower() not in REMAPPED]


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        raise internal(502)
    return str(value)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _text(body: bytes) -> tuple[str | None, bool]:
    if not body:
        return None, False
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), True
