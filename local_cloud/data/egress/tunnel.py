"""The connection to an egress proxy: CONNECT with the TLS inside it ended here, or plain HTTP. asyncio only."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

METHOD_LENGTH = len(b"CONNECT ")
HEAD_LIMIT = 16 * 1024
HANDSHAKE_SECONDS = 10
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSED = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class TunnelProtocol(asyncio.Protocol):
    """Reads the first head, then hands the connection over to aiohttp for good."""

    def __init__(
        self,
        check: Callable[[str, int], Awaitable[bool]],
        context: Callable[[str], ssl.SSLContext],
        secure_handler: Callable[[str, int], Handler],
        plain_handler: Handler,
        open_transports: set[asyncio.BaseTransport],
    ) -> None:
        self._check, self._context = check, context
        self._secure_handler, self._plain_handler = secure_handler, plain_handler
        self._open_transports = open_transports
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        closed = {t for t in self._open_transports if t.is_closing()}
        self._open_transports -= closed
        self._open_transports.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._open_transports.discard(self._transport)
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or self._task is not None:
            return
        self._head += data
        if len(self._head) > HEAD_LIMIT:
            transport.abort()
        elif len(self._head) < METHOD_LENGTH:
            return
        elif not self._head.startswith(b"CONNECT "):
            self._serve_plain(transport)
        elif b"\r\n\r\n" in self._head:
            transport.pause_reading()
            self._task = asyncio.ensure_future(self._tunnel(transport))

    def _serve_plain(self, transport: asyncio.Transport) -> None:
        protocol = web.Server(self._plain_handler, access_log=None)()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(self._head)

    async def _tunnel(self, transport: asyncio.Transport) -> None:
        authority = self._head.split(b" ", 2)[1].decode("ascii", "replace")
        host, _colon, port = authority.rpartition(":")
        if not port.isdigit() or not await self._check(host, int(port)):
            transport.write(REFUSED)
            transport.close()
            return
        transport.write(ESTABLISHED)
        protocol = web.Server(self._secure_handler(host, int(port)), access_log=None)()
        try:
            secure = await asyncio.get_running_loop().start_tls(
                transport,
                protocol,
                self._context(host),
                server_side=True,
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
            )
        except (ssl.SSLError, OSError):
            transport.abort()  # the caller does not trust the certificate, or went away: it knows why
            return
        if secure is not None:
            protocol.connection_made(secure)
