"""A request to an API as the front sees it, and which API it is meant for. Pure."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from local_cloud.data.egress.targets import Connection

BODY_LIMIT = 10 * 1024 * 1024
"""Bytes of a request's payload (API Gateway quotas for REST APIs)."""

API_HOST = re.compile(r"^([a-z0-9]+)(?:-(vpce-[0-9a-f]+))?\.execute-api\.[a-z0-9-]+\.amazonaws\.com$")


@dataclass(frozen=True)
class ApiRequest:
    """`path` and `query` are raw, as sent (percent-encoded); `headers` keep order and repetition."""

    method: str
    host: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    connection: Connection
    source_ip: str = ""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    received_at: float = field(default_factory=time.time)

    def header(self, name: str) -> str:
        """The last value of a header, '' where it was not sent."""
        return next((v for k, v in reversed(self.headers) if k.lower() == name.lower()), "")

    @property
    def stage(self) -> str:
        """First segment of the path."""
        return unquote(self.path.lstrip("/").partition("/")[0])

    @property
    def resource_path(self) -> str:
        """What follows the stage, decoded; '/' at least."""
        return "/" + unquote(self.path.lstrip("/").partition("/")[2]).rstrip("/")

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)


def api_id(request: ApiRequest) -> str:
    """Which API is asked, '' where the request does not say.

    API Gateway guide, 'Invoke a private API': `<api>-<vpce>` and `<api>` host names, and the endpoint's own
    name with the header `x-apigw-api-id` (or the API's host name in `Host`).
    """
    for host in (request.host, request.header("Host").partition(":")[0]):
        named = API_HOST.match(host.lower())
        if named:
            return named.group(1)
    return request.header("x-apigw-api-id")
