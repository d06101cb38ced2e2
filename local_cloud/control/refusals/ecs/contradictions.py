"""What ECS refuses of a service's and a cluster's parameters that contradict each other, and of long lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "ecs"
INVALID = "InvalidParameterException"
CREATE = "CreateService"
BOTH = (CREATE, "UpdateService")
PREFLIGHT = "cdk-preflight 1.9.1, "
# API references: how many can be named in one call.
LISTS = {"DescribeServices": ("services", 10), "DescribeTasks": ("tasks", 100), "DescribeClusters": ("clusters", 100)}


@refuses(
    "ecs-strategy",
    SERVICE,
    [*BOTH, "RunTask"],
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "ecs-svc-capacity-provider-multiple-base and -zero-weight",
)
def strategy(call: Call) -> Verdict:
    sent = call.get("capacityProviderStrategy") or []
    if sum(bool(each.get("base")) for each in sent) > 1:
        words = "There are multiple capacity providers in the specified capacity provider strategy with a base value"
        return {"fault": f"{words} defined."}
    # A weight that is left out is 0 too, but of a single provider that is not known to be refused.
    if sent and all(each.get("weight") == 0 for each in sent):
        words = "There are no capacity providers in the capacity provider strategy with a weight value greater than"
        return {"fault": f"{words} zero."}
    return None


@refuses(
    "ecs-service-role",
    SERVICE,
    CREATE,
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "ecs-svc-role-with-awsvpc and -role-without-load-balancers",
)
def service_role(call: Call) -> Verdict:
    if not call.get("role"):
        return None
    if call.get("networkConfiguration"):
        return {"fault": "You cannot specify an IAM role for services that require a service linked role."}
    words = "IAM roles are only valid for services configured to use load balancers."
    return None if call.get("loadBalancers") else {"fault": words}


@refuses(
    "ecs-service-contradiction",
    SERVICE,
    CREATE,
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "ecs-service-lb-target-exclusive, -platform-version-ec2, ecs-svc-external-*, "
    "-registries-multiple, -az-rebalancing-with-daemon and -classic-lb-with-fargate",
)
def contradiction(call: Call) -> Verdict:
    fault = next(_contradictions(call), None)
    return {"fault": fault} if fault else None


def _contradictions(call: Call) -> Iterator[str]:
    balancers = call.get("loadBalancers") or []
    if any(each.get("loadBalancerName") and each.get("targetGroupArn") for each in balancers):
        yield "loadBalancerName and targetGroupArn cannot both be specified."
    if call.get("launchType") == "FARGATE" and any(each.get("loadBalancerName") for each in balancers):
        yield "Classic Load Balancers are not supported with Fargate."
    if call.get("launchType") == "EC2" and call.get("platformVersion"):
        yield "The platform version must be null when specifying an EC2 launch type."
    if len(call.get("serviceRegistries") or []) > 1:
        yield "service registries can have at most 1 items."
    if call.get("schedulingStrategy") == "DAEMON" and call.get("availabilityZoneRebalancing") == "ENABLED":
        yield "Availability Zone Rebalancing does not support DAEMON services."
    if (call.get("deploymentController") or {}).get("type") == "EXTERNAL":
        yield from (f"{name} must be empty or null" for name in ("loadBalancers", "taskDefinition") if call.get(name))


def _defaults(call: Call) -> list[dict[str, Any]]:
    return call.get("defaultCapacityProviderStrategy") or []


@refuses(
    "ecs-default-strategy",
    SERVICE,
    ["CreateCluster", "PutClusterCapacityProviders"],
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "ecs-cluster-default-strategy-provider-not-listed and -multiple-base; the first one's words are "
    "not verified",
)
def default_strategy(call: Call) -> Verdict:
    listed = call.get("capacityProviders") or []
    if any(each.get("capacityProvider") not in listed for each in _defaults(call)):
        return {"fault": "The default capacity provider strategy may only name capacity providers of the cluster."}
    if sum(bool(each.get("base")) for each in _defaults(call)) > 1:
        words = "The specified capacity provider strategy contains multiple capacity providers with a base value"
        return {"fault": f"{words} defined."}
    return None


@refuses(
    "ecs-shell-logging",
    SERVICE,
    ["CreateCluster", "UpdateCluster"],
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "ecs-cluster-execute-command-*; wording not verified",
)
def shell_logging(call: Call) -> Verdict:
    sent = (call.get("configuration") or {}).get("executeCommandConfiguration") or {}
    logging, written = sent.get("logging"), bool(sent.get("logConfiguration"))
    if logging == "OVERRIDE" and not written:
        return {"fault": "A log configuration is required when logging is OVERRIDE."}
    return (
        {"fault": "A log configuration requires logging to be OVERRIDE."} if logging != "OVERRIDE" and written else None
    )


@refuses(
    "ecs-long-list",
    SERVICE,
    list(LISTS),
    code=INVALID,
    message="{name} can have at most {most} items.",
    source="DescribeServices, DescribeTasks and DescribeClusters API references; wording not verified",
)
def long_list(call: Call) -> Verdict:
    name, most = LISTS[call.operation]
    return {"name": name, "most": most} if len(call.get(name) or []) > most else None
