"""What stands before the search server in the company's network: TLS, and a user with a password.

The name `search.corp.example` and the address 10.30.0.10, port 9200, answer by https only (the egress proxy
ends TLS with the company's certificate). Who gives the right password is handed on to the real server.
"""

from __future__ import annotations

import base64
import binascii
import hmac

import aiohttp
from aiohttp import web
from yarl import URL

from local_cloud.data.egress.forward import end_to_end, path_of
from local_cloud.data.egress.targets import Connection
from local_cloud.data.onprem.password import USER

NAMES = ("search.corp.example", "10.30.0.10")
PORT = 9200
CHALLENGE = {"WWW-Authenticate": 'Basic realm="search.corp.example"'}
DROPPED = ("Authorization", "Host", "Content-Length", "Content-Encoding")


class SearchFront:
    """One target of the egress proxies; forwards to `url`, which may carry a user and a password of its own."""

    def __init__(self, url: str, password: str) -> None:
        self._url = URL(url)
        self._password = password
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        if not connection.secure:
            # As nginx answers plain HTTP on a port that speaks TLS.
            return web.Response(status=400, text="The plain HTTP request was sent to HTTPS port")
        if not admits(request.headers.get("Authorization", ""), self._password):
            return web.json_response(
                {"error": {"type": "security_exception", "reason": "missing or wrong credentials"}, "status": 401},
                status=401,
                headers=CHALLENGE,
            )
        return await self._forward(request)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _forward(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60, sock_connect=5))
        headers = end_to_end(request.headers)
        for name in DROPPED:
            headers.popall(name, None)
        url = self._url.join(URL(self._url.path.rstrip("/") + path_of(request), encoded=True))
        try:
            async with self._session.request(
                request.method, url, headers=headers, data=request.content if request.body_exists else None
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return web.Response(status=502, text="Bad Gateway")
        return web.Response(status=answer.status, body=body, content_type=answer.content_type)


def admits(header: str, password: str) -> bool:
    """True for HTTP basic authentication as `chatbot` with the password."""
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(given, f"{USER}:{password}".encode())
