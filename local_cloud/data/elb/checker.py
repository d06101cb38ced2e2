"""Checks the health of every target as its group says, and reports it to the control plane."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

import aiohttp

from local_cloud.data.elb.deployed import Target
from local_cloud.data.elb.health import Health, Outcome, after
from local_cloud.data.elb.model import TargetGroup

SHORTEST_INTERVAL = 0.5
AGENT = {"User-Agent": "ELB-HealthChecker/2.0"}

Url = Callable[[Target], str]
Allowed = Callable[[Target], Awaitable[bool]]
Key = tuple[str, Target]


class Checker:
    """`step` does the checks that are due. Waiting times are AWS's, times `scale`."""

    def __init__(self, url: Url, allowed: Allowed, scale: float) -> None:
        self._url, self._allowed, self._scale = url, allowed, scale
        self._health: dict[Key, Health] = {}
        self._due: dict[Key, float] = {}
        self._session: aiohttp.ClientSession | None = None

    def state(self, group_arn: str, target: Target) -> str:
        return self._health.get((group_arn, target), Health()).state

    def report(self, groups: Iterable[str], targets: Mapping[str, tuple[Target, ...]]) -> dict[str, list[object]]:
        """Body of `PUT /_local/elbv2/health`."""
        return {arn: [self._described(arn, t) for t in targets.get(arn, ())] for arn in groups}

    def _described(self, arn: str, target: Target) -> dict[str, object]:
        health = self._health.get((arn, target), Health())
        if target.draining:
            health = Health("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
        return {
            "id": target.address,
            "port": target.port,
            "state": health.state,
            "reason": health.reason,
            "description": health.description,
        }

    async def step(
        self, groups: Mapping[str, TargetGroup], targets: Mapping[str, tuple[Target, ...]], now: float
    ) -> None:
        """All checks that are due at `now` (monotonic seconds); forgets targets that are gone."""
        wanted = {(arn, t) for arn in groups for t in targets.get(arn, ()) if not t.draining}
        for gone in self._health.keys() - wanted:
            self._health.pop(gone)
            self._due.pop(gone, None)
        due = [key for key in wanted if self._due.get(key, 0.0) <= now]
        await asyncio.gather(*(self._check(groups[arn], arn, target, now) for arn, target in due))

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _check(self, group: TargetGroup, arn: str, target: Target, now: float) -> None:
        key = (arn, target)
        self._due[key] = now + max(SHORTEST_INTERVAL, group.check.interval * self._scale)
        outcome = await self._probe(group, target)
        self._health[key] = after(self._health.get(key, Health()), outcome, group.check)

    async def _probe(self, group: TargetGroup, target: Target) -> Outcome:
        if not await self._allowed(target):
            return Outcome(0, "timeout")
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=AGENT)
        limit = aiohttp.ClientTimeout(total=group.check.timeout)
        url = self._url(target) + group.check.path
        try:
            async with self._session.get(url, timeout=limit, allow_redirects=False) as answer:
                return Outcome(answer.status)
        except TimeoutError:
            return Outcome(0, "timeout")
        except (aiohttp.ClientError, OSError):
            return Outcome(0, "refused")
