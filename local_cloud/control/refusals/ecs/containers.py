"""What ECS refuses of names, containers and their settings."""

from __future__ import annotations

import re
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.ecs.fargate import CLIENT, REGISTER, containers, fargate
from local_cloud.control.refusals.networks import apart, group_of, scattered, subnet_of
from local_cloud.control.rules import Verdict, refuses

SERVICE = "ecs"
INVALID = "InvalidParameterException"
# CreateCluster, CreateService, RegisterTaskDefinition API references: up to 255 letters, numbers, _ and -.
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
# LogConfiguration API reference, logDriver: on Fargate.
DRIVERS = {"awslogs", "splunk", "awsfirelens"}
AWSLOGS_OPTIONS = ("awslogs-region", "awslogs-group")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
SUBNETS, GROUPS = 16, 5
PLATFORMS = ("LATEST", "1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0")


@refuses(
    "ecs-cluster-name",
    SERVICE,
    "CreateCluster",
    code=INVALID,
    message="Cluster name contains invalid characters.",
    source="CreateCluster API reference, clusterName; wording from memory, after aws/amazon-ecs-cli issue 37",
)
def cluster_name_fault(call: Call) -> Verdict:
    name = call.get("clusterName")
    return bool(name) and not NAME.fullmatch(name)


@refuses(
    "ecs-service-name",
    SERVICE,
    "CreateService",
    code=INVALID,
    message="Service name contains invalid characters.",
    source="CreateService API reference, serviceName; wording from memory, after aws/amazon-ecs-cli issue 37",
)
def service_name_fault(call: Call) -> Verdict:
    return not NAME.fullmatch(call.get("serviceName") or "")


@refuses(
    "ecs-family",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Family contains invalid characters.",
    source="aws/amazon-ecs-cli issue 37",
)
def family(call: Call) -> Verdict:
    return not NAME.fullmatch(call.get("family") or "")


@refuses(
    "ecs-unknown-capacity-provider",
    SERVICE,
    ["CreateCluster", "PutClusterCapacityProviders"],
    code=INVALID,
    message="The specified capacity provider '{provider}' was not found. Specify a valid name or ARN and try again.",
    source="CreateCluster API reference, capacityProviders; as quoted in public error reports",
)
def unknown_capacity_provider(call: Call) -> Verdict:
    known = {"FARGATE", "FARGATE_SPOT", *backend(SERVICE, call.region).capacity_providers}
    for provider in call.get("capacityProviders") or []:
        if provider.split("/")[-1] not in known:
            return {"provider": provider}
    return None


@refuses(
    "ecs-container-name",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="{fault}",
    source="hashicorp/terraform-provider-aws issue 5950",
)
def container_name(call: Call) -> Verdict:
    for container in containers(call):
        name = container.get("name")
        if not name:
            return {"fault": "Container.name should not be null or empty."}
        if not NAME.fullmatch(name):
            return {"fault": "Container.name contains invalid characters."}
    return None


@refuses(
    "ecs-container-twice",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Container names must be unique within a task definition.",
    source="cdk-preflight 1.9.1, ecs-duplicate-container-names",
)
def container_twice(call: Call) -> Verdict:
    names = [each.get("name") for each in containers(call)]
    return next(({"name": name} for name in names if names.count(name) > 1), None)


@refuses(
    "ecs-no-container",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Container list cannot be empty",
    source="cdk-preflight 1.9.1, ecs-container-definitions-empty",
)
def no_container(call: Call) -> Verdict:
    return not containers(call)


@refuses(
    "ecs-no-essential-container",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Task definition doesn't have any essential container.",
    source="cdk-preflight 1.9.1, ecs-essential-container",
)
def no_essential_container(call: Call) -> Verdict:
    return bool(containers(call)) and all(each.get("essential") is False for each in containers(call))


@refuses(
    "ecs-host-port",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
    source="klothoplatform/klotho issue 892",
)
def host_port(call: Call) -> Verdict:
    mappings = [each for container in containers(call) for each in container.get("portMappings") or []]
    return call.get("networkMode") == "awsvpc" and any(
        each.get("hostPort") not in (None, 0, each.get("containerPort")) for each in mappings
    )


@refuses(
    "ecs-fargate-log-driver",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="{driver} is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]",
    source="cdk-preflight 1.9.1, ecs-fargate-log-driver-unsupported",
)
def fargate_log_driver(call: Call) -> Verdict:
    for driver, _options in _logs(call) if fargate(call) else []:
        if driver not in DRIVERS:
            return {"driver": driver}
    return None


def _logs(call: Call) -> list[tuple[str, dict[str, Any]]]:
    sent = [each["logConfiguration"] for each in containers(call) if each.get("logConfiguration")]
    return [(each.get("logDriver", ""), each.get("options") or {}) for each in sent]


@refuses(
    "ecs-awslogs-options",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Log driver awslogs requires options: {options}",
    source="klothoplatform/klotho issue 892",
)
def awslogs_options(call: Call) -> Verdict:
    needed = (*AWSLOGS_OPTIONS, "awslogs-stream-prefix") if fargate(call) else AWSLOGS_OPTIONS
    for driver, options in _logs(call):
        missing = [each for each in needed if driver == "awslogs" and not options.get(each)]
        if missing:
            return {"options": ", ".join(missing)}
    return None


@refuses(
    "ecs-role-arn",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Role is not valid",
    source="RegisterTaskDefinition API reference, taskRoleArn; as quoted in public error reports",
)
def role_arn(call: Call) -> Verdict:
    roles = [call.get("taskRoleArn"), call.get("executionRoleArn")]
    return any(each.startswith("arn:") and not ROLE.fullmatch(each) for each in roles if each)


@refuses(
    "ecs-fargate-privileged",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Fargate requires that the 'privileged' setting be 'false'.",
    source="cdk-preflight 1.9.1, ecs-fargate-privileged",
)
def fargate_privileged(call: Call) -> Verdict:
    return fargate(call) and any(each.get("privileged") for each in containers(call))


@refuses(
    "ecs-health-check",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Invalid health check {field} {value} of container '{name}': it must be between {least} and {most}.",
    source="HealthCheck API reference; wording from memory",
)
def health_check(call: Call) -> Verdict:
    limits = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
    for container in containers(call):
        for name, value in (container.get("healthCheck") or {}).items():
            least, most = limits.get(name, (0, 0))
            if name in limits and not least <= value <= most:
                return {"field": name, "value": value, "name": container.get("name"), "least": least, "most": most}
    return None


def _network(call: Call) -> tuple[list[str], list[str]]:
    sent = (call.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    return sent.get("subnets") or [], sent.get("securityGroups") or []


PLACED = ("CreateService", "UpdateService", "RunTask")


@refuses(
    "ecs-too-many-of-a-network",
    SERVICE,
    PLACED,
    code=INVALID,
    message="{kind} can have at most {most} items.",
    source="AwsVpcConfiguration API reference: 16 subnets, 5 security groups; wording from memory",
)
def too_many_of_a_network(call: Call) -> Verdict:
    subnets, groups = _network(call)
    if len(subnets) > SUBNETS:
        return {"kind": "subnets", "most": SUBNETS}
    return {"kind": "securityGroups", "most": GROUPS} if len(groups) > GROUPS else None


@refuses(
    "ecs-unknown-network",
    SERVICE,
    PLACED,
    code=INVALID,
    message="{fault}",
    source="hashicorp/terraform-provider-aws and aws/containers-roadmap error reports; wording from memory",
)
def unknown_network(call: Call) -> Verdict:
    subnets, groups = _network(call)
    for subnet in subnets:
        if subnet_of(call, subnet) is None:
            words = f"The subnet ID '{subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)"
            return {"fault": f"Error retrieving subnet information for [{subnet}]: {words}"}
    for group in groups:
        if group_of(call, group) is None:
            words = f"The security group '{group}' does not exist (ErrorCode: InvalidGroup.NotFound)"
            return {"fault": f"Error retrieving security group information for [{group}]: {words}"}
    return None


@refuses(
    "ecs-networks-apart",
    SERVICE,
    PLACED,
    code=INVALID,
    message="{fault}",
    source="aws/aws-dotnet-deploy pull request 735; of subnets: not verified",
)
def networks_apart(call: Call) -> Verdict:
    subnets, groups = _network(call)
    found = apart(call, subnets, groups)
    if found:
        words = "does not appear to belong to the same VPC as the input subnets."
        return {"fault": f"Security group {found['group']} {words}"}
    return {"fault": "The subnets do not belong to the same VPC."} if scattered(call, subnets) else None


@refuses(
    "ecs-desired-count",
    SERVICE,
    ["CreateService", "UpdateService"],
    code=INVALID,
    message="desiredCount must be greater than or equal to 0.",
    source="CreateService API reference, desiredCount; wording from memory",
)
def desired_count(call: Call) -> Verdict:
    return (call.get("desiredCount") or 0) < 0


@refuses(
    "ecs-platform-version",
    SERVICE,
    PLACED,
    code="PlatformUnknownException",
    message="The specified platform version does not exist.",
    source="CreateService API reference, PlatformUnknownException",
)
def platform_version(call: Call) -> Verdict:
    return call.get("platformVersion") not in (None, *PLATFORMS)


@refuses(
    "ecs-service-scaled",
    SERVICE,
    "DeleteService",
    code=INVALID,
    message="The service cannot be stopped while it is scaled above 0.",
    source="DeleteService API reference; as quoted in public error reports",
)
def service_scaled(call: Call) -> Verdict:
    name = call.params["service"].split("/")[-1]
    wanted = [each for each in call.state.services.values() if each["name"] == name and not each["deleted"]]
    return not call.get("force") and any(each.get("desiredCount") for each in wanted)
