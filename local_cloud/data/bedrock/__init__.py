"""Bedrock's runtimes: a stand-in for the model that quotes the passages it is given, others for embedding, reranking
and knowledge bases (LOCAL_KNOWLEDGE_BASE: the file with its documents).
"""

from __future__ import annotations

import os
from functools import partial

from local_cloud.data.bedrock import agent, model, permissions
from local_cloud.data.bedrock.agent_service import AgentRuntime
from local_cloud.data.bedrock.service import BedrockRuntime
from local_cloud.data.plane import DataPlane


async def start(plane: DataPlane) -> BedrockRuntime:
    """Answers for bedrock-runtime.<region>.amazonaws.com and bedrock-agent-runtime.<region>.amazonaws.com."""
    service = BedrockRuntime(model.choose(os.environ), partial(permissions.authorize, plane.account))
    plane.targets.add("bedrock-runtime.*.amazonaws.com", service)
    agents = AgentRuntime(
        agent.read(os.environ.get("LOCAL_KNOWLEDGE_BASE", "")),
        partial(permissions.authorize_agent, plane.account),
        partial(permissions.knowledge_base_exists, plane.account),
    )
    plane.targets.add("bedrock-agent-runtime.*.amazonaws.com", agents)
    return service
