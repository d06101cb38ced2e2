"""One interface's way out: a loopback HTTP proxy that lets through what the deployed network lets through.

`CONNECT host:443` is answered, the TLS inside it ended with a certificate of the local cloud's own authority, and
each request handed to the local target of that host. Plain `http://` requests are taken in absolute form. The
packet walk is asked when a connection is opened AND for every request on it, so that a rule that was revoked
counts at once; a refused request's connection is dropped, as a network would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from local_cloud.data.egress.targets import Connection, Targets
from local_cloud.data.egress.tunnel import TunnelProtocol
from local_cloud.data.network.model import Interface
from local_cloud.data.network.service import Network
from local_cloud.data.pki import Pki
from local_cloud.data.settings import LOOPBACK

HTTPS_PORT, HTTP_PORT = 443, 80
NEVER_PROXIED = "127.0.0.1,localhost,169.254.169.254,169.254.170.2"
"""The runtime's own addresses: Runtime API, instance and container credentials."""

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class EgressProxy:
    """Made by `DataPlane.open_egress`."""

    def __init__(self, network: Network, targets: Targets, pki: Pki, interface: Interface | None) -> None:
        self._network, self._targets, self._pki = network, targets, pki
        self._interface = interface
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.BaseTransport] = set()
        self._vpc_id = ""
        self.port = 0

    @classmethod
    async def open(cls, network: Network, targets: Targets, pki: Pki, interface: Interface | None) -> EgressProxy:
        proxy = cls(network, targets, pki, interface)
        await proxy._listen()
        return proxy

    def environment(self) -> dict[str, str]:
        """Variables that make boto3, requests, urllib, curl use this proxy and trust its certificates."""
        url, bundle = f"http://{LOOPBACK}:{self.port}", str(self._pki.bundle_file)
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), url)
        trust = dict.fromkeys(("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), bundle)
        return {**proxies, "NO_PROXY": NEVER_PROXIED, "no_proxy": NEVER_PROXIED, **trust}

    async def close(self) -> None:
        """Ends every connection too."""
        if self._server is not None:
            self._server.close()
        for transport in list(self._open):
            if isinstance(transport, asyncio.Transport):
                transport.abort()
        if self._server is not None:
            await self._server.wait_closed()

    async def _listen(self) -> None:
        self._vpc_id = await self._network.vpc_of(self._interface)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._new_protocol, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def _new_protocol(self) -> TunnelProtocol:
        return TunnelProtocol(
            check=self._may_open,
            context=self._pki.server_context,
            secure_handler=self._secure_handler,
            plain_handler=self._plain_handler,
            open_transports=self._open,
        )

    async def _may_open(self, host: str, port: int) -> bool:
        verdict = await self._network.check_host(self._interface, host, port)
        known = self._targets.find(host, port) is not None
        if verdict.allowed and not known:
            self._network.note(self._interface, f"{host}:{port}", "nothing answers for it in the local cloud")
        return verdict.allowed and known

    def _secure_handler(self, host: str, port: int) -> Handler:
        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            return await self._answer(request, host, port, secure=True)

        return handle

    async def _plain_handler(self, request: web.BaseRequest) -> web.StreamResponse:
        parts = urlsplit(request.raw_path if "://" in request.raw_path else str(request.url))
        return await self._answer(request, parts.hostname or "", parts.port or HTTP_PORT, secure=False)

    async def _answer(self, request: web.BaseRequest, host: str, port: int, *, secure: bool) -> web.StreamResponse:
        verdict = await self._network.check_host(self._interface, host, port)
        target = self._targets.find(host, port)
        if not verdict.allowed or target is None:
            return refuse(request)
        connection = Connection(self._interface, host, port, self._vpc_id, verdict.endpoint_id, secure)
        return await target(request, connection)


def refuse(request: web.BaseRequest) -> web.StreamResponse:
    """Drop the connection: the caller sees a network failure and nothing of the reason (that is in the log)."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502, text="Bad Gateway")
