"""What ECS refuses of a service's strategy, controller and shell, of counts and of a cluster's settings."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError, ServiceException

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "ecs"
INVALID = "InvalidParameterException"
CREATE = "CreateService"
PREFLIGHT = "cdk-preflight 1.9.1, "
MOST_TASKS = 10
INSIGHTS = ("enabled", "disabled", "enhanced")


@refuses(
    "ecs-service-connect",
    SERVICE,
    CREATE,
    code=INVALID,
    message="Namespace is missing",
    source=PREFLIGHT + "ecs-svc-connect-without-namespace",
)
def service_connect(call: Call) -> Verdict:
    sent = call.get("serviceConnectConfiguration") or {}
    cluster = backend(SERVICE, call.region).clusters.get((call.get("cluster") or "default").split("/")[-1])
    usual = cluster is not None and cluster.service_connect_defaults
    return bool(sent.get("enabled")) and not sent.get("namespace") and not usual


@refuses(
    "ecs-fargate-placement",
    SERVICE,
    [CREATE, "RunTask"],
    code=INVALID,
    message="Placement {what} are not supported with FARGATE launch type.",
    source=PREFLIGHT + "ecs-service-fargate-placement; as quoted in public error reports",
)
def fargate_placement(call: Call) -> Verdict:
    if call.get("launchType") != "FARGATE":
        return None
    if call.get("placementStrategy"):
        return {"what": "strategies"}
    return {"what": "constraints"} if call.get("placementConstraints") else None


@refuses(
    "ecs-daemon",
    SERVICE,
    CREATE,
    code=INVALID,
    message="The daemon scheduling strategy does not support {what}",
    source=PREFLIGHT + "ecs-service-daemon-desired-count, ecs-svc-daemon-*; SchedulingStrategy: not on Fargate",
)
def daemon(call: Call) -> Verdict:
    if call.get("schedulingStrategy") != "DAEMON":
        return None
    if call.get("desiredCount") is not None:
        return {"what": "a desired count for services"}
    if call.get("placementStrategy"):
        return {"what": "placement strategies"}
    if (call.get("deploymentConfiguration") or {}).get("maximumPercent", 100) > 100:
        return {"what": "values above 100 for maximumPercent"}
    return {"what": "the FARGATE launch type"} if call.get("launchType") == "FARGATE" else None


def _definition(call: Call) -> Any:
    """moto's task definition, or None."""
    name = call.get("taskDefinition")
    try:
        return backend(SERVICE, call.region).describe_task_definition(name) if name else None
    except (ServiceException, JsonRESTError):
        return None


@refuses(
    "ecs-shell-without-role",
    SERVICE,
    [CREATE, "RunTask"],
    code=INVALID,
    message="The {what} couldn't be {done} because a valid taskRoleArn is not being used. Specify a valid task role in "
    "your task definition and try again.",
    source="aws/aws-toolkit-jetbrains issue 3649, which quotes it of an update",
)
def shell_without_role(call: Call) -> Verdict:
    definition = _definition(call)
    override = (call.get("overrides") or {}).get("taskRoleArn")
    role = override or getattr(definition, "task_role_arn", None)  # moto leaves the attribute out where none was sent
    if not call.get("enableExecuteCommand") or definition is None or role:
        return None
    service = call.operation == CREATE
    return {"what": "service" if service else "task", "done": "created" if service else "run"}


@refuses(
    "ecs-code-deploy",
    SERVICE,
    CREATE,
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "ecs-service-codedeploy-lb and ecs-svc-circuit-breaker-with-code-deploy",
)
def code_deploy(call: Call) -> Verdict:
    if (call.get("deploymentController") or {}).get("type") != "CODE_DEPLOY":
        return None
    if not call.get("loadBalancers"):
        words = "the service requires an Application Load Balancer or Network Load Balancer"
        return {"fault": f"When you use the CODE_DEPLOY deployment controller, {words}"}
    breaker = (call.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker")
    words = "The deployment circuit breaker is only supported by the ECS deployment controller"
    return {"fault": words} if breaker else None


@refuses(
    "ecs-run-count",
    SERVICE,
    "RunTask",
    code=INVALID,
    message="count can be at most {most}.",
    source="RunTask API reference, count: 'up to 10 tasks for each call'; wording not verified",
)
def run_count(call: Call) -> Verdict:
    return {"most": MOST_TASKS} if (call.get("count") or 1) > MOST_TASKS else None


@refuses(
    "ecs-cluster-setting",
    SERVICE,
    ["CreateCluster", "UpdateCluster", "UpdateClusterSettings"],
    code=INVALID,
    message="Invalid value '{value}' for setting containerInsights: it must be one of enabled, disabled, enhanced",
    source="ClusterSetting API reference, value; wording not verified",
)
def cluster_setting(call: Call) -> Verdict:
    for each in call.get("settings") or []:
        if each.get("name") == "containerInsights" and each.get("value") not in INSIGHTS:
            return {"value": each.get("value")}
    return None
