"""ECS on Fargate: keeps the tasks running that the deployed services want, and runs one-off tasks."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.data.account import LocalRequestError
from local_cloud.data.fargate import definition as definitions
from local_cloud.data.fargate import plan
from local_cloud.data.fargate.metadata import Metadata
from local_cloud.data.fargate.registry import Registry
from local_cloud.data.fargate.services import Service, read_all
from local_cloud.data.fargate.task import Host, Order, Task
from local_cloud.data.plane import DataPlane

LOG = logging.getLogger(__name__)
TICK_SECONDS = 0.3
FULL_LOOK_SECONDS = 2.0
"""How often everything is looked at although nothing was written: the health of targets changes by itself."""
LONGEST_PAUSE = 30.0
EXPECTED = (ClientError, BotoCoreError, aiohttp.ClientError, LocalRequestError, TimeoutError, LookupError)


def time_scale(environment: Mapping[str, str]) -> float:
    """LOCAL_CLOUD_TIME_SCALE: what AWS's own waiting times are multiplied by (default 0.1)."""
    return float(environment.get("LOCAL_CLOUD_TIME_SCALE", "0.1"))


class Fargate:
    """One for the whole data plane."""

    def __init__(self, plane: DataPlane) -> None:
        self._plane = plane
        self._metadata = Metadata(plane.credentials)
        registry = Registry(plane.account, plane.settings.state / "images")
        self._host = Host(plane, registry, self._metadata, self._note_change)
        self._tasks: dict[str, Task] = {}
        self._lives: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._dirty = True
        self._revision = -1
        self._looked = 0.0
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._began: dict[str, float] = {}
        self._unhealthy: set[str] = set()
        self._healthy: set[str] = set()

    async def start(self) -> None:
        await self._metadata.start()
        self._loop = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """Stops every task, as SIGTERM and SIGKILL do."""
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        for task in self._tasks.values():
            task.stop("ServiceSchedulerInitiated", "The local cloud is stopping")
        await asyncio.gather(*self._lives, return_exceptions=True)
        await self._metadata.close()

    def _note_change(self) -> None:
        self._dirty = True

    async def _run(self) -> None:
        while True:
            try:
                await self._tick()
            except EXPECTED as error:
                LOG.warning("the services are not looked at: %s: %s", type(error).__name__, error)
            await asyncio.sleep(TICK_SECONDS)

    async def _tick(self) -> None:
        for request in await self._plane.account.request("/_local/ecs/run-requests") or []:
            await self._run_once(request)
        revision = await self._plane.account.revision()
        due = time.monotonic() - self._looked > FULL_LOOK_SECONDS
        if revision == self._revision != -1 and not self._dirty and not due:
            return
        self._revision, self._dirty, self._looked = revision, False, time.monotonic()
        services = await read_all(self._plane.account)
        self._drop_ended()
        await self._stop_as_asked()
        self._stop_orphans({service.group for service in services})
        for service in services:
            await self._read_health(service)
            await self._keep(service)
        # A deployment under way moves with the tasks' health too, which is no write to the account.
        self._dirty |= any(not service.settled for service in services)

    def _drop_ended(self) -> None:
        for task_id, task in list(self._tasks.items()):
            if task.status == "STOPPED":
                del self._tasks[task_id]
                self._began.pop(task_id, None)
                if task.failed:
                    self._count_failure(task.order.group)

    def _count_failure(self, group: str) -> None:
        """ECS starts tasks that fail again and again at growing intervals ('Service throttle logic')."""
        self._failures[group] = self._failures.get(group, 0) + 1
        pause = min(LONGEST_PAUSE, time_scale(os.environ) * 5 * 2 ** (self._failures[group] - 1))
        self._not_before[group] = time.monotonic() + pause

    async def _stop_as_asked(self) -> None:
        """StopTask."""
        clusters: dict[str, list[str]] = {}
        for task_id, task in self._tasks.items():
            if not task.stopping:
                clusters.setdefault(task.order.cluster_arn, []).append(task_id)
        for cluster, ids in clusters.items():
            answer = await self._plane.account.call("ecs", "describe_tasks", cluster=cluster, tasks=ids)
            for shown in answer["tasks"]:
                if shown.get("desiredStatus") == "STOPPED":
                    code = shown.get("stopCode", "UserInitiated")
                    reason = shown.get("stoppedReason", "Task stopped by user")
                    self._tasks[shown["taskArn"].rpartition("/")[2]].stop(code, reason)

    def _stop_orphans(self, groups: set[str]) -> None:
        for task in self._tasks.values():
            if task.order.group.startswith("service:") and task.order.group not in groups:
                task.stop("ServiceSchedulerInitiated", f"Scaling activity initiated by ({task.order.group})")

    async def _read_health(self, service: Service) -> None:
        """What the load balancer says of the service's tasks, by private address."""
        for target_group in service.target_groups:
            answer = await self._plane.account.call("elbv2", "describe_target_health", TargetGroupArn=target_group)
            for shown in answer["TargetHealthDescriptions"]:
                address, state = shown["Target"]["Id"], shown["TargetHealth"]["State"]
                self._healthy.discard(address)
                self._unhealthy.discard(address)
                if state in ("healthy", "unhealthy"):
                    (self._healthy if state == "healthy" else self._unhealthy).add(address)

    async def _keep(self, service: Service) -> None:
        own = [t for t in self._tasks.values() if t.order.group == service.group]
        self._stop_unhealthy(service, own)
        step = plan.next_step(service.state, [self._state(service, n, t) for n, t in enumerate(own)])
        for task_id in step.stop:
            reason = f"Scaling activity initiated by (deployment {service.state.primary})"
            self._tasks[task_id].stop("ServiceSchedulerInitiated", reason)
        if time.monotonic() < self._not_before.get(service.group, 0.0):
            self._dirty = True
            return
        for _round in range(step.start):
            await self._start_for(service)

    def _state(self, service: Service, number: int, task: Task) -> plan.TaskState:
        address = task.interface.private_ip if task.interface else ""
        healthy = task.status == "RUNNING" and (not service.target_groups or address in self._healthy)
        if healthy:
            self._failures.pop(service.group, None)
        return plan.TaskState(task.order.task_id, task.order.started_by, healthy, task.stopping, number)

    def _stop_unhealthy(self, service: Service, tasks: list[Task]) -> None:
        """A target that fails its health checks after the grace period is replaced (ECS guide)."""
        for task in tasks:
            if task.status != "RUNNING" or task.interface is None:
                continue
            began = self._began.setdefault(task.order.task_id, time.monotonic())
            grace_over = time.monotonic() - began > service.grace_seconds * time_scale(os.environ)
            if task.interface.private_ip in self._unhealthy and grace_over and not task.stopping:
                self._count_failure(service.group)
                reason = f"Task failed ELB health checks in (target-group {service.target_groups[0]})"
                task.stop("ServiceSchedulerInitiated", reason)

    async def _start_for(self, service: Service) -> None:
        used = [t.order.subnet_id for t in self._tasks.values() if t.order.group == service.group]
        task_id = secrets.token_hex(16)
        arn = f"{service.cluster_arn.replace(':cluster/', ':task/')}/{task_id}"
        order = Order(
            task_id,
            arn,
            service.cluster_arn,
            service.group,
            service.state.primary,
            await self._definition(service.task_definition, {}),
            plan.spread(service.subnets, used),
            service.group_ids,
            behind_balancer=bool(service.target_groups),
        )
        self._begin(order)

    async def _run_once(self, request: Mapping[str, Any]) -> None:
        """A task of RunTask; the control plane made it, in PROVISIONING."""
        task_id = request["taskArn"].rpartition("/")[2]
        if task_id in self._tasks:
            return
        network = request["networkConfiguration"]["awsvpcConfiguration"]
        order = Order(
            task_id,
            request["taskArn"],
            request["clusterArn"],
            request.get("group", ""),
            request.get("startedBy", ""),
            await self._definition(request["taskDefinitionArn"], request.get("overrides", {})),
            network["subnets"][0],
            tuple(network.get("securityGroups", ())),
        )
        self._begin(order)

    async def _definition(self, arn: str, overrides: Mapping[str, Any]) -> definitions.Definition:
        answer = await self._plane.account.call("ecs", "describe_task_definition", taskDefinition=arn)
        return definitions.read(answer["taskDefinition"], overrides)

    def _begin(self, order: Order) -> None:
        task = self._tasks[order.task_id] = Task(self._host, order)
        life = asyncio.ensure_future(task.run())
        self._lives.add(life)
        life.add_done_callback(self._lives.discard)
