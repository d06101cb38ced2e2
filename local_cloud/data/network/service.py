"""May this connection be opened, by what is deployed now? Refusals are written down with their reason."""

from __future__ import annotations

import logging
from pathlib import Path

from local_cloud.data.account import Account
from local_cloud.data.network.dns import resolve
from local_cloud.data.network.model import (
    AddressTarget,
    Client,
    Destination,
    EndpointTarget,
    Interface,
    NetworkSnapshot,
    Source,
    Verdict,
)
from local_cloud.data.network.walk import walk


class Network:
    """The deployed network, asked about one connection at a time."""

    def __init__(self, account: Account, log_file: Path) -> None:
        self._account = account
        self._log = logging.getLogger(f"local_cloud.network.{log_file}")
        log_file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(log_file, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._log.handlers = [handler]
        self._log.propagate = False
        self._log.setLevel(logging.INFO)

    async def check(self, source: Source | None, destination: Destination, port: int) -> Verdict:
        """The verdict for tcp/`port`; `source` None is a function outside of any VPC: public addresses only."""
        return self._judge(await self._account.network(), source, destination, port)

    async def check_host(self, source: Interface | None, host: str, port: int) -> Verdict:
        """The same for a host name, resolved as the source's VPC resolves it."""
        snapshot = await self._account.network()
        destination = resolve(snapshot, _vpc_of(snapshot, source), host)
        if destination is None:
            self.note(source, f"{host}:{port}", "no such name in its VPC")
            return Verdict(False, f"{host} has no address in the VPC")
        return self._judge(snapshot, source, destination, port)

    def note(self, source: Source | None, destination: str, reason: str) -> None:
        """A line of `network.log`."""
        self._log.info("refused %s -> %s: %s", _word(source), destination, reason)

    async def vpc_of(self, interface: Interface | None) -> str:
        """The id of its VPC, '' where there is none."""
        return _vpc_of(await self._account.network(), interface)

    def _judge(self, snapshot: NetworkSnapshot, source: Source | None, destination: Destination, port: int) -> Verdict:
        verdict = walk(snapshot, source, destination, port) if source else _from_outside(destination)
        if not verdict.allowed:
            self.note(source, f"{_word(destination)}:{port}", verdict.reason)
        return verdict


def _vpc_of(snapshot: NetworkSnapshot, interface: Interface | None) -> str:
    subnet = snapshot.subnets.get(interface.subnet_id) if interface else None
    return subnet.vpc_id if subnet else ""


def _from_outside(destination: Destination) -> Verdict:
    if isinstance(destination, AddressTarget) and not destination.private:
        return Verdict(True)
    return Verdict(False, "the function is in no VPC and reaches public addresses only")


def _word(party: Source | Destination | None) -> str:
    match party:
        case None:
            return "a function outside of any VPC"
        case Interface():
            return party.description or party.eni_id
        case Client():
            return party.address
        case EndpointTarget():
            return party.endpoint_id
        case AddressTarget():
            return party.name or party.address
