"""Clusters take a while; services come up, change and drain also where no data plane runs their tasks."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.calls import AwsError, Call, Proceed, Result
from local_cloud.control.repairs import ec2_interfaces, ecs_tasks
from local_cloud.control.repairs.ecs_services import cluster_name, tasks_of_service
from local_cloud.control.settings import ACCOUNT, REGION
from local_cloud.control.state import State

Record = dict[str, Any]
ROWS = {
    "CreateService": "ecs_service.create",
    "UpdateService": "ecs_service.update",
    "DeleteService": "ecs_service.delete",
}


@surrounds("ecs", "CreateCluster")
def create_cluster(call: Call, proceed: Proceed) -> Result:
    """PROVISIONING while its capacity providers are attached, then ACTIVE (Cluster, API reference)."""
    result = proceed()
    if call.get("capacityProviders"):
        call.state.clock.start(f"cluster:{result['cluster']['clusterName']}:creating", "ecs_cluster.create")
    return {"cluster": _cluster(call, result["cluster"])}


@surrounds("ecs", "PutClusterCapacityProviders")
def put_capacity_providers(call: Call, proceed: Proceed) -> Result:
    """Refused while the last change is under way (UpdateInProgressException, API reference)."""
    key = f"cluster:{cluster_name(call)}"
    if call.state.clock.busy(f"{key}:attaching") or call.state.clock.busy(f"{key}:creating"):
        message = "The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or "
        raise AwsError("UpdateInProgressException", f"{message}UPDATE_FAILED state before they can be updated.")
    result = proceed()
    call.state.clock.start(f"{key}:attaching", "ecs_cluster.capacity_providers")
    return {"cluster": _cluster(call, result["cluster"])}


@surrounds("ecs", "DescribeClusters")
def describe_clusters(call: Call, proceed: Proceed) -> Result:
    """With the states of this moment."""
    result = proceed()
    return {**result, "clusters": [_cluster(call, each) for each in result["clusters"]]}


def _cluster(call: Call, shown: Record) -> Record:
    key = f"cluster:{shown['clusterName']}"
    if shown["status"] == "ACTIVE" and call.state.clock.busy(f"{key}:creating"):
        return {**shown, "status": "PROVISIONING", "attachmentsStatus": "UPDATE_IN_PROGRESS"}
    if call.state.clock.busy(f"{key}:attaching"):
        return {**shown, "attachmentsStatus": "UPDATE_IN_PROGRESS"}
    return shown


@surrounds("ecs", *ROWS)
def roll_out(call: Call, proceed: Proceed) -> Result:
    """The tasks follow after the row's time; where a data plane runs them, that does it."""
    result = proceed()
    state, arn = call.state, result["service"]["serviceArn"]
    if not state.data_plane_seen:
        state.clock.later(ROWS[call.operation], lambda: follow(state, arn))
    return result


def follow(state: State, arn: str) -> None:
    """Bring the tasks of a service to what it wants: of its newest deployment, as many as desired, all healthy."""
    service = state.services.get(arn)
    if service is None:
        return
    primary = service["deployments"][0]["id"]
    alive = [each for each in tasks_of_service(state, service) if each.get("lastStatus") == "RUNNING"]
    wanted = 0 if service["deleted"] else service["desiredCount"]
    kept = [each for each in alive if each.get("startedBy") == primary][:wanted]
    for _number in range(wanted - len(kept)):
        _start(state, service, primary)
    for task in alive:
        if task not in kept:
            _stop(state, service, task)


def _start(state: State, service: Record, deployment: str) -> None:
    task_id, number = secrets.token_hex(16), len(state.tasks) + 1
    network = service["kept"].get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    subnet = (network.get("subnets") or [""])[0]
    address, eni = f"169.254.{number // 250}.{number % 250}", f"eni-{task_id[:17]}"
    if subnet:
        body = {"SubnetId": subnet, "PrivateIpAddress": address, "Groups": network["securityGroups"]}
        ec2_interfaces.report(state, eni, body)
    for group in _target_groups(service):
        port = next(each["containerPort"] for each in service["kept"]["loadBalancers"])
        state.target_health.setdefault(group, []).append({"id": address, "port": port, "state": "healthy"})
    details = {"subnetId": subnet, "networkInterfaceId": eni, "privateIPv4Address": address}
    cluster = service["cluster"].rsplit("/", maxsplit=1)[-1]
    ecs_tasks.report(
        state,
        task_id,
        {
            "taskArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{cluster}/{task_id}",
            "clusterArn": service["cluster"],
            "group": f"service:{service['name']}",
            "startedBy": deployment,
            "taskDefinitionArn": service["taskDefinition"],
            "launchType": "FARGATE",
            "lastStatus": "RUNNING",
            "startedAt": datetime.now(UTC).isoformat(),
            "attachments": [
                {
                    "type": "ElasticNetworkInterface",
                    "status": "ATTACHED",
                    "details": [{"name": name, "value": value} for name, value in details.items()],
                }
            ],
            "containers": [],
        },
    )


def _target_groups(service: Record) -> list[str]:
    return [each["targetGroupArn"] for each in service["kept"].get("loadBalancers") or [] if each.get("targetGroupArn")]


def _stop(state: State, service: Record, task: Record) -> None:
    details = [detail for each in task["attachments"] for detail in each["details"]]
    shown = {detail["name"]: detail["value"] for detail in details}
    for group in _target_groups(service):
        targets = state.target_health.get(group, [])
        state.target_health[group] = [each for each in targets if each["id"] != shown["privateIPv4Address"]]
    ec2_interfaces.forget(state, shown["networkInterfaceId"])
    stopped = {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stoppedAt": datetime.now(UTC).isoformat()}
    reason = {"stopCode": "ServiceSchedulerInitiated", "stoppedReason": "Scaling activity initiated by deployment"}
    ecs_tasks.report(state, task["taskArn"].rsplit("/", maxsplit=1)[-1], {**stopped, **reason})
