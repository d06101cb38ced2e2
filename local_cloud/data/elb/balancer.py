"""The load balancer's place in the network: its interfaces, what is deployed behind it, whom it may reach."""

from __future__ import annotations

import asyncio
import logging
import time

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.data.account import LocalRequestError
from local_cloud.data.elb.checker import Checker
from local_cloud.data.elb.deployed import Deployed, Target, read_balancer, read_targets
from local_cloud.data.elb.model import LoadBalancer, target_groups_of
from local_cloud.data.fargate.address import loopback
from local_cloud.data.network.model import Client, Interface, Verdict
from local_cloud.data.plane import DataPlane

LOG = logging.getLogger(__name__)
TICK_SECONDS = 0.5
EXPECTED = (ClientError, BotoCoreError, aiohttp.ClientError, LocalRequestError, TimeoutError, LookupError)
NOWHERE = Verdict(False, "the load balancer has no network interface yet")


class Balancer:
    """Follows what is deployed, twice a second."""

    def __init__(self, plane: DataPlane, scale: float) -> None:
        self._plane = plane
        self.deployed = Deployed(None, {}, {})
        self._checker = Checker(self.url, self._reachable, scale)
        self._nodes: list[Interface] = []
        self._placed: tuple[str, tuple[str, ...], tuple[str, ...]] | None = None
        self._reported: dict[str, list[object]] = {}
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loop = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        await self._checker.close()

    def state(self, group_arn: str, target: Target) -> str:
        return self._checker.state(group_arn, target)

    def url(self, target: Target) -> str:
        return f"http://{loopback(self._plane.settings.state, target.address)}:{target.port}"

    async def may_enter(self, client: str, port: int) -> Verdict:
        if not self._nodes:
            return NOWHERE
        return await self._plane.network.check(Client(client), self._nodes[0], port)

    async def may_reach(self, target: Target) -> Verdict:
        interface = self._plane.interfaces.find(target.address)
        if not self._nodes or interface is None:
            return NOWHERE
        return await self._plane.network.check(self._nodes[0], interface, target.port)

    async def _reachable(self, target: Target) -> bool:
        return (await self.may_reach(target)).allowed

    async def _run(self) -> None:
        while True:
            try:
                await self._tick()
            except EXPECTED as error:
                LOG.warning("the load balancer is not looked at: %s: %s", type(error).__name__, error)
            await asyncio.sleep(TICK_SECONDS)

    async def _tick(self) -> None:
        account = self._plane.account
        balancer, groups = await account.kept("load balancer", lambda: read_balancer(account), "elbv2")
        await self._place(balancer)
        targets = await read_targets(account) if groups else {}
        self.deployed = Deployed(balancer, groups, targets)
        used = _used(balancer) & groups.keys()
        await self._checker.step({arn: groups[arn] for arn in used}, targets, time.monotonic())
        report = self._checker.report(used, targets)
        if report != self._reported:
            await account.request("/_local/elbv2/health", "PUT", report)
            self._reported = report

    async def _place(self, balancer: LoadBalancer | None) -> None:
        """One interface a subnet, with the load balancer's groups, as long as it exists."""
        wanted = (balancer.arn, balancer.subnets, balancer.group_ids) if balancer else None
        if wanted == self._placed:
            return
        for node in self._nodes:
            await self._plane.interfaces.delete(node)
        self._nodes, self._placed = [], None
        if balancer:
            description = f"ELB {balancer.arn.partition(':loadbalancer/')[2]}"
            for subnet in balancer.subnets:
                node = await self._plane.interfaces.create(subnet, balancer.group_ids, description)
                self._nodes.append(node)
        self._placed = wanted


def _used(balancer: LoadBalancer | None) -> set[str]:
    """The target groups that a rule forwards to."""
    rules = balancer.rules if balancer else ()
    return {arn for rule in rules for action in rule.actions for arn in target_groups_of(action)}
