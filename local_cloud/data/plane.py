"""How the parts of the data plane fit together.

Each server package (`apigateway`, `lambda_runtime`, `egress`; `fargate`, `elb`, `bedrock`, `onprem`) has

    async def start(plane: DataPlane) -> Server

that returns once it accepts connections. Servers are started in the order of `__main__.py` and closed in the
reverse order. A server that answers for a host name of the VPC registers itself:

    plane.targets.add_server("bedrock-runtime.*.amazonaws.com", port)   # plain HTTP on loopback; TLS is ended

A process that lives in the VPC (a task, a function) gets an interface and a proxy of its own:

    interface = await plane.interfaces.create(subnet_id, group_ids, "arn:aws:ecs:...:attachment/1")
    proxy = await plane.open_egress(interface)       # None instead of an interface: outside of any VPC
    environment |= proxy.environment()
    ...
    await proxy.close()
    await plane.interfaces.delete(interface)

and credentials of its role: `await plane.credentials.for_role(role_arn, session_name)`.
May a connection be opened? `verdict = await plane.network.check(source, destination, port)` (logs refusals).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from local_cloud.data.account import Account
from local_cloud.data.credentials import CredentialStore
from local_cloud.data.egress.proxy import EgressProxy
from local_cloud.data.egress.targets import Targets
from local_cloud.data.network.interfaces import Interfaces
from local_cloud.data.network.model import Interface
from local_cloud.data.network.service import Network
from local_cloud.data.pki import Pki
from local_cloud.data.settings import Settings


class Server(Protocol):
    """A running part of the data plane."""

    async def close(self) -> None:
        """Stop accepting, end what it started (processes too), and return when that is done."""


@dataclass(frozen=True)
class DataPlane:
    """What the servers share."""

    settings: Settings
    account: Account
    pki: Pki
    network: Network
    interfaces: Interfaces
    credentials: CredentialStore
    targets: Targets

    @classmethod
    def create(cls, settings: Settings) -> DataPlane:
        """Nothing is opened or read yet, except that the certificate authorities are made where missing."""
        account = Account(settings)
        return cls(
            settings=settings,
            account=account,
            pki=Pki.load_or_create(settings.pki),
            network=Network(account, settings.logs / "network.log"),
            interfaces=Interfaces(account),
            credentials=CredentialStore(account),
            targets=Targets(),
        )

    async def close(self) -> None:
        """After every server was closed."""
        await self.targets.close()
        await self.account.close()

    async def open_egress(self, interface: Interface | None) -> EgressProxy:
        """A loopback HTTP proxy that is the interface's only way out; None: a function outside of any VPC."""
        return await EgressProxy.open(self.network, self.targets, self.pki, interface)
