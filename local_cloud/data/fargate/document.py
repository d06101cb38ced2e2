"""A task as ECS describes it (ECS API reference, 'Task'); what is reported to the control plane. Pure."""

from __future__ import annotations

import uuid
from typing import Any

from local_cloud.data.fargate.definition import Container, Definition
from local_cloud.data.network.model import Interface

Json = dict[str, Any]


def attachment(interface: Interface) -> Json:
    """The task's elastic network interface."""
    details = {
        "subnetId": interface.subnet_id,
        "networkInterfaceId": interface.eni_id,
        "privateIPv4Address": interface.private_ip,
    }
    return {
        "id": str(uuid.uuid4()),
        "type": "ElasticNetworkInterface",
        "status": "ATTACHED",
        "details": [{"name": name, "value": value} for name, value in details.items()],
    }


def container(task_arn: str, definition: Container, **state: Any) -> Json:
    """`state`: lastStatus, exitCode, reason, imageDigest ..."""
    task_id = task_arn.rpartition("/")[2]
    prefix = task_arn.partition(":task/")[0]
    return {
        "containerArn": f"{prefix}:container/{task_id}/{definition.name}",
        "taskArn": task_arn,
        "name": definition.name,
        "image": definition.image,
        "healthStatus": "UNKNOWN",
        **state,
    }


def task(task_arn: str, cluster_arn: str, group: str, started_by: str, definition: Definition) -> Json:
    """The first report of a task."""
    return {
        "taskArn": task_arn,
        "clusterArn": cluster_arn,
        "group": group,
        **({"startedBy": started_by} if started_by else {}),
        "taskDefinitionArn": definition.arn,
        "launchType": "FARGATE",
        "platformFamily": "Linux",
        "platformVersion": "1.4.0",
        "cpu": definition.cpu,
        "memory": definition.memory,
        "connectivity": "CONNECTED",
        "healthStatus": "UNKNOWN",
        "desiredStatus": "RUNNING",
        "lastStatus": "PROVISIONING",
        "containers": [container(task_arn, c, lastStatus="PENDING") for c in definition.containers],
        "attachments": [],
    }
