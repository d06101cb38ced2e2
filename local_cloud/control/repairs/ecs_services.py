"""ECS services: every field that was sent is described, and the deployments tell how the tasks stand.

moto drops the deployment configuration, the health check's grace period, capacity provider strategies,
Availability Zone rebalancing and more; defaults are those of the CreateService API reference.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.repairs import ecs_rollout, elbv2_health
from local_cloud.control.state import State

Record = dict[str, Any]
# Sent and described under the same name.
KEPT = (
    "deploymentConfiguration",
    "healthCheckGracePeriodSeconds",
    "capacityProviderStrategy",
    "availabilityZoneRebalancing",
    "launchType",
    "platformVersion",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "deploymentController",
    "schedulingStrategy",
)
# A change of one of these starts a new deployment (UpdateService API reference).
REDEPLOYING = (
    "networkConfiguration",
    "platformVersion",
    "loadBalancers",
    "serviceRegistries",
    "capacityProviderStrategy",
    "propagateTags",
    "enableECSManagedTags",
    "enableExecuteCommand",
)
DEPLOYMENT_DEFAULTS: Record = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
    # So in DescribeServices' answers that were published, also of services that never had alarms.
    "alarms": {"alarmNames": [], "enable": False, "rollback": False},
}


def cluster_name(call: Call) -> str:
    """The short name of the call's cluster."""
    return str(call.get("cluster") or "default").rsplit("/", maxsplit=1)[-1]


@repairs("ecs", "CreateService")
def create_service(call: Call, proceed: Proceed) -> Result:
    """Create, keep what moto drops, and start the first deployment."""
    _refuse_second(call)
    allowed = {key: value for key, value in call.params.items() if key != "capacityProviderStrategy"}
    shown = proceed({"launchType": "FARGATE", **allowed})["service"]
    kept = {key: call.params[key] for key in KEPT if call.get(key) is not None}
    service = call.state.services[shown["serviceArn"]] = {
        "cluster": shown["clusterArn"],
        "name": call.params["serviceName"],
        "createdAt": datetime.now(UTC),
        "desiredCount": call.get("desiredCount") or 0,
        "taskDefinition": task_definition_arn(call, call.get("taskDefinition")),
        "deleted": False,
        "kept": _with_defaults(call, kept),
    }
    _configure_breaker(service)
    _begin(service)
    return {"service": _describe(call, shown)}


def _refuse_second(call: Call) -> None:
    """CreateService of a live service with other parameters; with the same ones AWS answers alike."""
    for service in call.state.services.values():
        same = service["cluster"].endswith(f"/{cluster_name(call)}")
        if same and service["name"] == call.params["serviceName"] and not service["deleted"]:
            raise AwsError("InvalidParameterException", "Creation of service was not idempotent.")


def _with_defaults(call: Call, kept: Record) -> Record:
    if not kept.get("launchType") and not kept.get("capacityProviderStrategy"):
        strategy = _cluster(call).default_capacity_provider_strategy
        kept.update({"capacityProviderStrategy": strategy} if strategy else {"launchType": "EC2"})
    kept["deploymentConfiguration"] = {**DEPLOYMENT_DEFAULTS, **kept.get("deploymentConfiguration", {})}
    most = kept["deploymentConfiguration"].get("maximumPercent", 200)
    # CreateService defaults to ENABLED 'if compatible': rebalancing needs room for one task more.
    kept.setdefault("availabilityZoneRebalancing", "ENABLED" if most > 100 else "DISABLED")
    kept.setdefault("schedulingStrategy", "REPLICA")
    kept.setdefault("deploymentController", {"type": "ECS"})
    kept.setdefault("propagateTags", "NONE")
    for flag in ("enableECSManagedTags", "enableExecuteCommand"):
        kept.setdefault(flag, False)
    if kept.get("launchType") != "EC2":
        kept.setdefault("platformVersion", "LATEST")
    if kept.get("loadBalancers"):
        kept.setdefault("healthCheckGracePeriodSeconds", 0)
    _network_defaults(kept)
    return kept


def _network_defaults(kept: Record) -> None:
    network = kept.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if network is not None:
        network.setdefault("assignPublicIp", "DISABLED")
        network.setdefault("securityGroups", [])


def _cluster(call: Call) -> Any:
    return backend("ecs", call.region)._get_cluster(cluster_name(call))


def task_definition_arn(call: Call, name: str | None) -> str | None:
    """The ARN of ``family``, ``family:revision`` or an ARN; AWS's error where there is none."""
    if not name:
        return None
    return str(backend("ecs", call.region).describe_task_definition(name).arn)


def _configure_breaker(service: Record) -> None:
    configuration = service["kept"]["deploymentConfiguration"]
    service["breaker"] = configuration.get("deploymentCircuitBreaker") or {}


def _begin(service: Record) -> None:
    kept = service["kept"]
    names = ("launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration")
    fields = {key: kept[key] for key in names if key in kept}
    fields["platformFamily"] = "Linux"
    fields["taskDefinition"] = service["taskDefinition"]
    deployment_id = f"ecs-svc/{secrets.randbelow(10**19):019d}"
    ecs_rollout.begin(service, deployment_id, fields, datetime.now(UTC))


def tasks_of_service(state: State, service: Record) -> list[Record]:
    """The reported tasks of a service."""
    group = f"service:{service['name']}"
    return [
        task
        for task in state.tasks.values()
        if task.get("group") == group and task.get("clusterArn") == service["cluster"]
    ]


def settle(state: State, service: Record) -> None:
    """Bring deployments and counts of a service up to date with its tasks."""
    tasks = tasks_of_service(state, service)
    now = datetime.now(UTC)
    ecs_rollout.settle(service, tasks, lambda task: _healthy(state, service, task), now)
    back = service.pop("rollBackTo", None)
    if back:
        failed = service["deployments"][0]["id"]
        service["taskDefinition"] = back
        _begin(service)
        reason = f"ECS deployment circuit breaker: rolling back to deploymentId {failed}."
        service["deployments"][0]["rolloutStateReason"] = reason
    service["runningCount"] = ecs_rollout.count(tasks, "RUNNING")
    service["pendingCount"] = ecs_rollout.count(tasks, *ecs_rollout.PENDING)


def _healthy(state: State, service: Record, task: Record) -> bool:
    if task.get("healthStatus") == "UNHEALTHY":
        return False
    balancers = service["kept"].get("loadBalancers") or []
    groups = [each["targetGroupArn"] for each in balancers if each.get("targetGroupArn")]
    return all(elbv2_health.is_healthy(state, group, task) for group in groups)


def _describe(call: Call, shown: Record) -> Record:
    service = call.state.services.get(shown["serviceArn"])
    if service is None:
        return shown
    settle(call.state, service)
    for absent in ("launchType", "platformVersion"):
        shown.pop(absent, None)
    shown.update(service["kept"])
    busy = service["runningCount"] or service["pendingCount"]
    gone = "DRAINING" if busy else "INACTIVE"
    account = f"arn:aws:iam::{call.account}:role/aws-service-role/ecs.amazonaws.com"
    names = ("createdAt", "desiredCount", "runningCount", "pendingCount", "taskDefinition")
    shown.update(
        {
            **{key: service[key] for key in names},
            "status": gone if service["deleted"] else "ACTIVE",
            "deployments": [] if service["deleted"] and not busy else service["deployments"],
            "platformFamily": "Linux",
            "roleArn": f"{account}/AWSServiceRoleForECS",
            "events": _events(service),
        }
    )
    return shown


def _events(service: Record) -> list[Record]:
    primary = service["deployments"][0]
    if primary["rolloutState"] != "COMPLETED":
        return []
    message = f"(service {service['name']}) has reached a steady state."
    return [{"id": primary["id"][-19:], "createdAt": primary["updatedAt"], "message": message}]


@repairs("ecs", "DescribeServices")
def describe_services(call: Call, proceed: Proceed) -> Result:
    """Complete descriptions with live counts."""
    result = proceed()
    result["services"] = [_describe(call, shown) for shown in result["services"]]
    return result


@repairs("ecs", "ListServices")
def list_services(call: Call, proceed: Proceed) -> Result:
    """Live services only: a deleted one can be described for a while, but is not listed."""
    result = proceed({**call.params, "launchType": None} if call.get("launchType") else None)
    services = call.state.services
    arns = [arn for arn in result["serviceArns"] if not services.get(arn, {}).get("deleted")]
    wanted = call.get("launchType")
    if wanted:
        arns = [arn for arn in arns if services[arn]["kept"].get("launchType") == wanted]
    result["serviceArns"] = arns
    return result


@repairs("ecs", "UpdateService")
def update_service(call: Call, proceed: Proceed) -> Result:
    """Change what is sent, leave the rest; start a new deployment where AWS starts one."""
    name = call.params["service"].split("/")[-1]
    service = find(call, name)
    if service is None or service["deleted"]:
        raise AwsError("ServiceNotFoundException" if service is None else "ServiceNotActiveException", _why(service))
    before = {key: service["kept"].get(key) for key in REDEPLOYING}
    wanted = task_definition_arn(call, call.get("taskDefinition")) or service["taskDefinition"]
    replaced = wanted != service["taskDefinition"]
    service["taskDefinition"] = wanted
    _change(service, call)
    basics = ("cluster", "service", "desiredCount")
    shown = proceed({key: call.params[key] for key in basics if call.get(key) is not None})["service"]
    changed = any(service["kept"].get(key) != before[key] for key in REDEPLOYING)
    if replaced or changed or call.get("forceNewDeployment"):
        _begin(service)
    return {"service": _describe(call, shown)}


def _why(service: Record | None) -> str:
    return "Service not found." if service is None else "Service was not ACTIVE."


def _change(service: Record, call: Call) -> None:
    kept = service["kept"]
    for key in KEPT:
        if call.get(key) is not None:
            kept[key] = call.params[key]
    kept["deploymentConfiguration"] = {**DEPLOYMENT_DEFAULTS, **kept["deploymentConfiguration"]}
    if call.get("capacityProviderStrategy"):
        kept.pop("launchType", None)
    _network_defaults(kept)
    _configure_breaker(service)
    if call.get("desiredCount") is not None:
        service["desiredCount"] = call.params["desiredCount"]


def find(call: Call, name: str) -> Record | None:
    """The record of the service ``name`` in the call's cluster, deleted or not."""
    for service in call.state.services.values():
        if service["name"] == name and service["cluster"].endswith(f"/{cluster_name(call)}"):
            found: Record = service
            return found
    return None


@repairs("ecs", "DeleteService")
def delete_service(call: Call, proceed: Proceed) -> Result:
    """DRAINING while tasks are left, INACTIVE then; the name is free for a new service at once after."""
    shown = proceed()["service"]
    service = call.state.services.get(shown["serviceArn"])
    if service is not None:
        service["deleted"] = True
        service["desiredCount"] = 0
    return {"service": _describe(call, shown)}
