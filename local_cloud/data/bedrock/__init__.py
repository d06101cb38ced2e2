"""Bedrock's runtime: a stand-in for the model that answers by quoting the passages it is given."""

from __future__ import annotations

import os
from functools import partial

from local_cloud.data.bedrock import model, permissions
from local_cloud.data.bedrock.service import BedrockRuntime
from local_cloud.data.plane import DataPlane


async def start(plane: DataPlane) -> BedrockRuntime:
    """Answers for `bedrock-runtime.<region>.amazonaws.com`."""
    service = BedrockRuntime(model.choose(os.environ), partial(permissions.authorize, plane.account))
    plane.targets.add("bedrock-runtime.*.amazonaws.com", service)
    return service
