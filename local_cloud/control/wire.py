"""AWS's wire protocols, both ways: moto's request parsers and response serialisers, botocore's inverse ones.

Nothing here knows an operation; the service models that boto3 ships say it all.
"""

from __future__ import annotations

import io
import re
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlencode

from botocore import parsers, serialize
from botocore.model import OperationNotFoundError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from local_cloud.control.calls import AwsError, Params, Result

SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
# Signing name -> service name of boto3, where they differ (endpoints.json and the service models).
SIGNED_AS = {
    "monitoring": "cloudwatch",
    "email": "ses",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}


@dataclass
class Decoded:
    """A request whose operation is known."""

    service: str
    operation: OperationModel
    protocol: str
    region: str
    params: Params


@dataclass
class Response:
    """A complete HTTP answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def service_and_region(environ: dict[str, Any]) -> tuple[str, str] | None:
    """The service and region a SigV4 request is signed for; None for an unsigned one."""
    match = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not match:
        return None
    region, signed_as = match.groups()
    return _service_name(signed_as, environ), region


def _service_name(signed_as: str, environ: dict[str, Any]) -> str:
    path = environ["PATH_INFO"]
    if signed_as == "elasticloadbalancing":
        # Two APIs, told apart by their version only.
        return "elbv2" if b"Version=2015-12-01" in environ["local_cloud.body"] else "elb"
    if signed_as == "apigateway" and path.startswith("/v2/"):
        return "apigatewayv2"
    if signed_as == "bedrock" and path.startswith("/model/"):
        return "bedrock-runtime"
    if signed_as == "bedrock" and path.startswith("/knowledgebases/"):
        return "bedrock-agent"
    return SIGNED_AS.get(signed_as, signed_as)


def decode(environ: dict[str, Any]) -> Decoded | None:
    """The operation and parameters of a request; None where it cannot be told."""
    named = service_and_region(environ)
    if named is None:
        return None
    service, region = named
    request = Request(environ)
    try:
        model = get_service_model(service)
        protocol = determine_request_protocol(model, request.content_type)
        operation, uri = get_service_router(service).match(request)
        params = _parse(request, operation, protocol, uri)
    except (HTTPException, NotImplementedError, OperationNotFoundError, ValueError, KeyError):
        # Unknown service or path: moto answers such a request in its own way.
        return None
    finally:
        environ["wsgi.input"] = io.BytesIO(environ["local_cloud.body"])
    return Decoded(service, operation, protocol, region, params)


def _parse(request: Request, operation: OperationModel, protocol: str, uri: dict[str, Any]) -> Params:
    parsed: Params = PROTOCOL_PARSERS[protocol](operation, map_type=dict).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": uri,
        }
    )
    return parsed or {}


def encode(decoded: Decoded, result: Result) -> Response:
    """A successful answer in the protocol of the request."""
    return _serialize(decoded, result)


def _serialize(decoded: Decoded, result: Any) -> Response:
    request_id = str(uuid.uuid4())
    make = get_serializer_class(decoded.service, decoded.protocol)
    serialized = make(decoded.operation, SerializationContext(request_id)).serialize(result)
    body = serialized["body"]
    data = body if isinstance(body, bytes) else str(body).encode()
    headers = {"x-amzn-RequestId": request_id, **serialized["headers"]}
    return Response(int(serialized["status_code"]), list(headers.items()), data)


class _FaultError(Exception):
    """What moto's serialisers read an error's code and message from."""

    def __init__(self, error: AwsError) -> None:
        super().__init__(error.message)
        self.code = error.code
        self.message = error.message


def encode_error(decoded: Decoded, error: AwsError) -> Response:
    """An error answer in the protocol of the request, with the model's HTTP status unless one is given."""
    response = _serialize(decoded, _FaultError(error))
    if error.status:
        response.status = error.status
    return response


@cache
def _parser(protocol: str) -> Any:
    return parsers.create_parser(protocol)


@cache
def _serializer(protocol: str) -> Any:
    return serialize.create_serializer(protocol, include_validation=False)


def parse_answer(decoded: Decoded, response: Response) -> Result:
    """moto's answer as plain data in boto3's shape; raises AwsError for an error answer."""
    raw = {
        "body": response.body,
        "headers": {name.lower(): value for name, value in response.headers},
        "status_code": response.status,
        "context": {"operation_name": decoded.operation.name},
    }
    parsed: Result = _parser(decoded.protocol).parse(raw, decoded.operation.output_shape)
    if response.status >= 300:
        error = parsed.get("Error", {})
        raise AwsError(error.get("Code", "InternalFailure"), error.get("Message", ""), response.status)
    parsed.pop("ResponseMetadata", None)
    return parsed


def rewrite(environ: dict[str, Any], decoded: Decoded, params: Params) -> dict[str, Any]:
    """A copy of the request with other parameters."""
    made = _serializer(decoded.protocol).serialize_to_request(params, decoded.operation)
    body = made["body"]
    if isinstance(body, dict):
        body = urlencode(body)
    data = body.encode() if isinstance(body, str) else bytes(body or b"")
    query = made["query_string"] or ""
    query = query if isinstance(query, str) else urlencode(query, doseq=True)
    changed = dict(environ)
    changed.update(
        {
            "REQUEST_METHOD": made["method"],
            "PATH_INFO": unquote(made["url_path"]),
            "RAW_URI": f"{made['url_path']}?{query}" if query else made["url_path"],
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": io.BytesIO(data),
            "local_cloud.body": data,
        }
    )
    for name, value in made["headers"].items():
        key = name.upper().replace("-", "_")
        changed[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return changed
