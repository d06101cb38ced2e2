"""What ECS refuses of services and clusters."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError, ServiceException

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.elbv2.balancers import forwarded
from local_cloud.control.repairs.ecs_services import cluster_name, find
from local_cloud.control.rules import Verdict, refuses

SERVICE = "ecs"
BOTH = ("CreateService", "UpdateService")
INVALID = "InvalidParameterException"
WORDS = "as quoted in public error reports"
MEMORY = "wording from memory"


def _service(call: Call) -> dict[str, Any]:
    """What is known of the service that is updated; empty for one that is created."""
    return (find(call, (call.get("service") or "").split("/")[-1]) or {}) if call.get("service") else {}


def _definition(call: Call) -> Any:
    """The task definition that the service would run, or None: moto refuses an unknown one."""
    name = call.get("taskDefinition") or _service(call).get("taskDefinition")
    try:
        return backend(SERVICE, call.region).describe_task_definition(name) if name else None
    except (ServiceException, JsonRESTError):
        return None


def _kept(call: Call, key: str) -> Any:
    sent = call.get(key)
    return sent if sent is not None else _service(call).get("kept", {}).get(key)


@refuses(
    "ecs-launch-type-and-strategy",
    SERVICE,
    ["CreateService", "RunTask"],
    code=INVALID,
    message="Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    source="cdk-preflight 1.9.1, ecs-service-launch-type-capacity-provider",
)
def launch_type_and_strategy(call: Call) -> Verdict:
    return bool(call.get("launchType")) and bool(call.get("capacityProviderStrategy"))


@refuses(
    "ecs-strategy-not-of-cluster",
    SERVICE,
    [*BOTH, "RunTask"],
    code=INVALID,
    message="The specified capacity provider strategy cannot contain a capacity provider that is not "
    "associated with the cluster. Associate the capacity provider with the cluster and try again.",
    source="CreateService API reference, capacityProviderStrategy; " + WORDS,
)
def strategy_not_of_cluster(call: Call) -> Verdict:
    cluster = backend(SERVICE, call.region).clusters.get(cluster_name(call))
    known = (cluster.capacity_providers or []) if cluster else []
    used = [each["capacityProvider"] for each in call.get("capacityProviderStrategy") or []]
    return cluster is not None and any(each not in known for each in used)


@refuses(
    "ecs-container-not-in-definition",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The container {container} does not exist in the task definition.",
    source="cdk-preflight 1.9.1, ecs-svc-lb-container-name-missing",
)
def container_not_in_definition(call: Call) -> Verdict:
    definition = _definition(call)
    if definition is None:
        return None
    names = {each["name"] for each in definition.container_definitions}
    for balancer in _kept(call, "loadBalancers") or []:
        if balancer.get("containerName") not in names:
            return {"container": balancer.get("containerName")}
    return None


@refuses(
    "ecs-port-not-in-definition",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The container {container} did not have a container port {port} defined.",
    source="cdk-preflight 1.9.1, ecs-svc-lb-container-port-missing",
)
def port_not_in_definition(call: Call) -> Verdict:
    definition = _definition(call)
    if definition is None:
        return None
    ports = {
        (each["name"], mapping.get("containerPort"))
        for each in definition.container_definitions
        for mapping in each.get("portMappings") or []
    }
    for balancer in _kept(call, "loadBalancers") or []:
        wanted = (balancer.get("containerName"), balancer.get("containerPort"))
        if wanted not in ports:
            return {"container": wanted[0], "port": wanted[1]}
    return None


@refuses(
    "ecs-target-group-without-load-balancer",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The target group with targetGroupArn {arn} does not have an associated load balancer.",
    source="hashicorp/terraform-provider-aws, internal/service/ecs/service.go",
)
def target_group_without_load_balancer(call: Call) -> Verdict:
    for balancer in call.get("loadBalancers") or []:
        arn = balancer.get("targetGroupArn")
        if arn and arn not in forwarded(call):
            return {"arn": arn}
    return None


@refuses(
    "ecs-no-network-configuration",
    SERVICE,
    ["CreateService", "RunTask"],
    code=INVALID,
    message="Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    source="fabfuel/ecs-deploy issue 133",
)
def no_network_configuration(call: Call) -> Verdict:
    definition = _definition(call)
    awsvpc = definition is not None and definition.network_mode == "awsvpc"
    return awsvpc and not call.get("networkConfiguration")


@refuses(
    "ecs-rebalancing-without-room",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Availability Zone rebalancing requires a maximumPercent greater than 100.",
    source="ECS guide, 'Balancing an Amazon ECS service across Availability Zones'; wording not verified",
)
def rebalancing_without_room(call: Call) -> Verdict:
    most = int((_kept(call, "deploymentConfiguration") or {}).get("maximumPercent", 200))
    return bool(_kept(call, "availabilityZoneRebalancing") == "ENABLED" and most <= 100)


@refuses(
    "ecs-deployment-blocked",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    source="cdk-preflight 1.9.1, ecs-svc-min-healthy-over-max-percent",
)
def deployment_blocked(call: Call) -> Verdict:
    sent = _kept(call, "deploymentConfiguration") or {}
    return bool(sent.get("maximumPercent", 200) <= 100 <= sent.get("minimumHealthyPercent", 100))


@refuses(
    "ecs-grace-without-load-balancer",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Health check grace period is only valid for services configured to use load balancers",
    source="aws-cloudformation/cfn-lint issue 3612",
)
def grace_without_load_balancer(call: Call) -> Verdict:
    return bool(call.get("healthCheckGracePeriodSeconds")) and not _kept(call, "loadBalancers")


@refuses(
    "ecs-cluster-with-services",
    SERVICE,
    "DeleteCluster",
    code="ClusterContainsServicesException",
    message="The Cluster cannot be deleted while Services are active.",
    source="coldbrewcloud/coldbrew-cli issue 35, aws/amazon-ecs-cli issue 368",
)
def cluster_with_services(call: Call) -> Verdict:
    name = cluster_name(call)
    return any(each["cluster"].endswith(f"/{name}") and not each["deleted"] for each in call.state.services.values())


@refuses(
    "ecs-cluster-with-tasks",
    SERVICE,
    "DeleteCluster",
    code="ClusterContainsTasksException",
    message="The Cluster cannot be deleted while Tasks are active.",
    source="aws/aws-dotnet-deploy issue 145",
)
def cluster_with_tasks(call: Call) -> Verdict:
    name = cluster_name(call)
    return any(
        (each.get("clusterArn") or "").endswith(f"/{name}") and each.get("lastStatus") != "STOPPED"
        for each in call.state.tasks.values()
    )
