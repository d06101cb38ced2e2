"""The application load balancer: http://127.0.0.1:LOCAL_ALB_PORT stands for its port 80, as browsers reach it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from aiohttp import web

from local_cloud.data.elb.balancer import Balancer
from local_cloud.data.elb.front import Front
from local_cloud.data.fargate.service import time_scale
from local_cloud.data.plane import DataPlane
from local_cloud.data.settings import LOOPBACK

CORPORATE_CLIENT = "10.0.5.5"
"""An address of the company's network; LOCAL_CLIENT_ADDRESS says another."""


@dataclass
class Elb:
    """The listening server, and what it stands on."""

    balancer: Balancer
    front: Front
    runner: web.ServerRunner
    port: int

    async def close(self) -> None:
        await self.runner.cleanup()
        await self.front.close()
        await self.balancer.close()


async def start(plane: DataPlane) -> Elb:
    """Listens at once; before anything is deployed it says so."""
    balancer = Balancer(plane, time_scale(os.environ))
    front = Front(balancer, os.environ.get("LOCAL_CLIENT_ADDRESS", CORPORATE_CLIENT))
    runner = web.ServerRunner(web.Server(front.handle, access_log=None), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, LOOPBACK, plane.settings.alb_port)
    await site.start()
    await balancer.start()
    return Elb(balancer, front, runner, int(runner.addresses[0][1]))
