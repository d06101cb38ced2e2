"""Which local handler answers for a host name of the VPC (or of AWS, or of the company)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import web

from local_cloud.data.egress.forward import Forwarder
from local_cloud.data.network.model import Interface
from local_cloud.data.way import way


@dataclass(frozen=True)
class Connection:
    """The way a request came: who opened it, to which name and port, through which VPC endpoint ('' = none)."""

    source: Interface | None
    host: str
    port: int
    vpc_id: str = ""
    endpoint_id: str = ""
    secure: bool = True


Target = Callable[[web.BaseRequest, Connection], Awaitable[web.StreamResponse]]
"""Answers one request that was let through."""


class Targets:
    """Registry of handlers by host-name pattern (fnmatch, lower case); the first that matches answers."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, int | None, Target]] = []
        self._forwarder = Forwarder()

    def add(self, pattern: str, target: Target, port: int | None = None) -> None:
        """`pattern` as 'dynamodb.*.amazonaws.com' or '10.30.0.10'; `port` None = any port of that host."""
        self._entries.append((pattern.lower(), port, target))

    def add_server(self, pattern: str, server_port: int, port: int | None = None) -> None:
        """A plain HTTP server on loopback answers; path, headers (Host too) and body reach it unchanged."""

        async def target(request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
            return await self._forwarder.forward(request, server_port)

        self.add(pattern, target, port)

    def add_control_plane(self, pattern: str, server_port: int) -> None:
        """The same for the control plane, which is told through which VPC endpoint the request came."""

        async def target(request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
            return await self._forwarder.forward(request, server_port, way(connection.endpoint_id, connection.vpc_id))

        self.add(pattern, target)

    def find(self, host: str, port: int) -> Target | None:
        for pattern, wanted, target in self._entries:
            if wanted in (None, port) and fnmatchcase(host.lower(), pattern):
                return target
        return None

    async def close(self) -> None:
        await self._forwarder.close()
