"""ECS on Fargate: tasks as processes, from the image that was pushed, in the network that was deployed."""

from __future__ import annotations

from local_cloud.data.fargate.service import Fargate
from local_cloud.data.plane import DataPlane


async def start(plane: DataPlane) -> Fargate:
    """Follows the deployed services from now on."""
    fargate = Fargate(plane)
    await fargate.start()
    return fargate
