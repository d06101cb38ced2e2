"""One task from PROVISIONING to STOPPED: interface, secrets, image, processes, logs, reports."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.data.account import LocalRequestError
from local_cloud.data.egress.proxy import EgressProxy
from local_cloud.data.fargate import document, launch
from local_cloud.data.fargate.address import loopback
from local_cloud.data.fargate.definition import Container, Definition
from local_cloud.data.fargate.image import Image
from local_cloud.data.fargate.metadata import Metadata
from local_cloud.data.fargate.process import ContainerProcess
from local_cloud.data.fargate.registry import Registry
from local_cloud.data.fargate.startup import StartError, Startup
from local_cloud.data.network.model import Interface
from local_cloud.data.plane import DataPlane

LOG = logging.getLogger(__name__)
DRAIN_SECONDS = 1.0
"""Stands for the target group's deregistration delay, which would only make every update slow here."""
UNREACHABLE = (aiohttp.ClientError, LocalRequestError, TimeoutError)


@dataclass(frozen=True)
class Order:
    """What is to be run, and on whose behalf. `started_by` is the deployment's id for a service's task."""

    task_id: str
    task_arn: str
    cluster_arn: str
    group: str
    started_by: str
    definition: Definition
    subnet_id: str
    group_ids: tuple[str, ...]
    behind_balancer: bool = False


@dataclass
class Host:
    """What all tasks share."""

    plane: DataPlane
    registry: Registry
    metadata: Metadata
    changed: Callable[[], None]
    """Called whenever a task's state changed."""


@dataclass
class Task:
    """Made and run by `service.Fargate`; `status` is ECS's lastStatus."""

    host: Host
    order: Order
    status: str = "PROVISIONING"
    failed: bool = False
    """It never ran, or an essential container ended by itself."""
    interface: Interface | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _stop_code: str = ""
    _reason: str = ""
    _proxy: EgressProxy | None = None
    _processes: list[ContainerProcess] = field(default_factory=list)
    _containers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stopping(self) -> bool:
        return self._stop.is_set() or self.status in ("DEACTIVATING", "DEPROVISIONING", "STOPPED")

    def stop(self, code: str, reason: str) -> None:
        """Asks the task to end; codes as in ECS's `stopCode`. The first call counts."""
        if not self._stop.is_set():
            self._stop_code, self._reason = code, reason
            self._stop.set()

    async def run(self) -> None:
        """The whole life of the task; returns when it is STOPPED and everything of it is gone."""
        try:
            await self._start()
            await self._until_end()
        except StartError as error:
            self._fail("TaskFailedToStart", str(error))
        except (ClientError, BotoCoreError, LookupError, OSError) as error:
            LOG.exception("task %s", self.order.task_id)
            self._fail("TaskFailedToStart", f"ResourceInitializationError: {type(error).__name__}: {error}")
        finally:
            await self._end()

    def _fail(self, code: str, reason: str) -> None:
        self.failed = True
        self.stop(code, reason)
        LOG.info("task %s: %s", self.order.task_id, reason)

    async def _start(self) -> None:
        order, plane = self.order, self.host.plane
        await self._report(
            **document.task(order.task_arn, order.cluster_arn, order.group, order.started_by, order.definition)
        )
        description = f"arn:aws:ecs:{plane.settings.region}:{plane.settings.account_id}:attachment/{order.task_id}"
        self.interface = await plane.interfaces.create(order.subnet_id, order.group_ids, description)
        zone = (await plane.account.network()).subnets[order.subnet_id].availability_zone
        attached = [document.attachment(self.interface)]
        await self._become("PENDING", attachments=attached, availabilityZone=zone, pullStartedAt=_now())
        self._proxy = await plane.open_egress(self.interface)
        startup = Startup(plane, self.host.registry, self.interface, order.definition.execution_role, order.task_id)
        await startup.check_roles(order.definition)
        for container in order.definition.containers:
            await self._start_container(startup, container)
        await self._become("RUNNING", startedAt=_now(), pullStoppedAt=_now(), containers=self._containers)

    async def _start_container(self, startup: Startup, container: Container) -> None:
        secrets = await startup.secrets(container)
        image = await startup.pull(container)
        if container.log:
            await startup.check_log(container.log)
        if self._stop.is_set():
            raise StartError(self._reason)
        logger = await startup.actor("logs") if container.log else None
        process = ContainerProcess(self.host.plane, container, self.order.task_id, logger)
        try:
            prepared = launch.prepare(image, container, self._home(), self._platform(secrets))
            await process.start(prepared)
        except (launch.CannotStartError, OSError) as error:
            raise StartError(f"CannotStartContainerError: {error}") from error
        self._processes.append(process)
        self._containers.append(self._describe(container, image))

    def _describe(self, container: Container, image: Image) -> dict[str, Any]:
        assert self.interface is not None
        networks = [{"privateIpv4Address": self.interface.private_ip}]
        return document.container(
            self.order.task_arn,
            container,
            lastStatus="RUNNING",
            imageDigest=image.digest,
            networkInterfaces=networks,
        )

    def _platform(self, secrets: dict[str, str]) -> dict[str, str]:
        """What Fargate sets, and the two things that take the place of the interface on this machine."""
        assert self.interface is not None
        assert self._proxy is not None
        settings = self.host.plane.settings
        return {
            **secrets,
            "AWS_REGION": settings.region,
            "AWS_DEFAULT_REGION": settings.region,
            "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
            **self.host.metadata.register(self.order.task_id, self.order.definition.task_role),
            **self._proxy.environment(),
            # The address that the interface has here: 0.0.0.0 would be every interface of this machine.
            "STREAMLIT_SERVER_ADDRESS": loopback(settings.state, self.interface.private_ip),
        }

    def _home(self) -> Path:
        """The task's ephemeral storage."""
        home = self.host.plane.settings.state / "tasks" / self.order.task_id
        home.mkdir(parents=True, exist_ok=True)
        return home

    async def _until_end(self) -> None:
        """Until somebody stops the task or an essential container ends."""
        ends = [asyncio.ensure_future(p.wait()) for p in self._processes if p.container.essential]
        waiting = [asyncio.ensure_future(self._stop.wait()), *ends]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
        if not self._stop.is_set():
            self.failed = True
            self.stop("EssentialContainerExited", "Essential container in task exited")

    async def _end(self) -> None:
        if self.order.behind_balancer and self.status == "RUNNING" and not self.failed:
            # The load balancer sees this state, and sends nothing new to the task from then on.
            await self._become("DEACTIVATING", desiredStatus="STOPPED", **self._why())
            await asyncio.sleep(DRAIN_SECONDS)
        await self._become("DEPROVISIONING", desiredStatus="STOPPED", stoppingAt=_now(), **self._why())
        await asyncio.gather(*(p.stop() for p in self._processes))
        if self._proxy:
            await self._proxy.close()
        self.host.metadata.forget(self.order.task_id)
        await self._delete_interface()
        shutil.rmtree(self.host.plane.settings.state / "tasks" / self.order.task_id, ignore_errors=True)
        await self._become(
            "STOPPED", stoppedAt=_now(), executionStoppedAt=_now(), containers=self._ended(), **self._why()
        )

    async def _delete_interface(self) -> None:
        if self.interface is None:
            return
        try:
            await self.host.plane.interfaces.delete(self.interface)
        except UNREACHABLE as error:
            LOG.warning("interface of task %s: %s", self.order.task_id, error)

    def _why(self) -> dict[str, str]:
        return {"stopCode": self._stop_code, "stoppedReason": self._reason}

    def _ended(self) -> list[dict[str, Any]]:
        codes = {p.container.name: p.exit_code for p in self._processes}
        known = {c["name"]: c for c in self._containers}
        ended = []
        for container in self.order.definition.containers:
            shown = known.get(container.name) or document.container(self.order.task_arn, container)
            code = codes.get(container.name)
            ended.append({**shown, "lastStatus": "STOPPED", **({} if code is None else {"exitCode": code})})
        return ended

    async def _become(self, status: str, **fields: Any) -> None:
        self.status = status
        await self._report(lastStatus=status, **fields)
        self.host.changed()

    async def _report(self, **fields: Any) -> None:
        path = f"/_local/ecs/tasks/{self.order.task_id}"
        try:
            answer = await self.host.plane.account.request(path, "PUT", fields)
        except UNREACHABLE as error:
            # The control plane ends after us; a task must be ended all the same.
            LOG.warning("task %s is not reported: %s", self.order.task_id, error)
            return
        if isinstance(answer, dict) and answer.get("desiredStatus") == "STOPPED" and not self.stopping:
            self.stop("UserInitiated", "Task stopped by user")


def _now() -> str:
    return datetime.now(UTC).isoformat()
