"""Hands a request on to an HTTP server on loopback, byte for byte, both ways as a stream."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from local_cloud.data.settings import LOOPBACK

HOP_BY_HOP = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""RFC 9110, 7.6.1; `Expect` is answered by this hop."""

SECONDS_TO_CONNECT = 5


class Forwarder:
    """One pool of connections for all of the targets."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def forward(
        self, request: web.BaseRequest, port: int, added: Mapping[str, str] | None = None
    ) -> web.StreamResponse:
        """502 where nothing listens there. `added` headers take the place of the request's own."""
        url = URL(f"http://{LOOPBACK}:{port}{path_of(request)}", encoded=True)
        session = self._open_session()
        headers = end_to_end(request.headers)
        headers.update(added or {})
        try:
            answer = await session.request(
                request.method,
                url,
                headers=headers,
                data=request.content if request.body_exists else None,
                allow_redirects=False,
            )
        except aiohttp.ClientConnectorError:
            return web.Response(status=502, text="Bad Gateway")
        async with answer:
            response = web.StreamResponse(
                status=answer.status, reason=answer.reason, headers=end_to_end(answer.headers)
            )
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
        return response

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=SECONDS_TO_CONNECT),
                cookie_jar=aiohttp.DummyCookieJar(),
                connector=aiohttp.TCPConnector(limit=0),
            )
        return self._session


def path_of(request: web.BaseRequest) -> str:
    """Path and query exactly as sent; a proxy gets them in absolute form (RFC 9112, 3.2.2)."""
    raw = request.raw_path
    if not raw.startswith("/"):
        parts = urlsplit(raw)
        raw = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return raw


def end_to_end(headers: CIMultiDictProxy[str] | CIMultiDict[str]) -> CIMultiDict[str]:
    """Without the headers that concern one connection only, and without those that `Connection` names."""
    named = {n.strip().lower() for n in headers.get("Connection", "").split(",")}
    return CIMultiDict((k, v) for k, v in headers.items() if k.lower() not in HOP_BY_HOP | named)
