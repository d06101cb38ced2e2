"""What Elastic Load Balancing refuses of names, health checks, listeners and attributes."""

from __future__ import annotations

import re
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.networks import apart, group_of, scattered
from local_cloud.control.rules import Verdict, refuses

SERVICE = "elbv2"
CREATE = "CreateLoadBalancer"
INVALID = "ValidationError"
LONGEST_NAME = 32
MATCHER = re.compile(r"\d{3}([-,]\d{3})*")
# ModifyLoadBalancerAttributes and ModifyTargetGroupAttributes API references: key -> least and most.
RANGES: dict[str, tuple[int, int]] = {
    "idle_timeout.timeout_seconds": (1, 4000),
    "client_keep_alive.seconds": (60, 604800),
    "deregistration_delay.timeout_seconds": (0, 3600),
    "slow_start.duration_seconds": (0, 900),
    "stickiness.lb_cookie.duration_seconds": (1, 604800),
    "stickiness.app_cookie.duration_seconds": (1, 604800),
}
# The same references: keys of an application load balancer and of its target groups.
BALANCER_KEYS = re.compile(
    r"access_logs\.s3\.(enabled|bucket|prefix)|connection_logs\.s3\.(enabled|bucket|prefix)|client_keep_alive\.seconds"
    r"|health_check_logs\.s3\.(enabled|bucket|prefix)|deletion_protection\.enabled|idle_timeout\.timeout_seconds"
    r"|ipv6\.deny_all_igw_traffic|load_balancing\.cross_zone\.enabled|routing\.http\.[a-z_0-9]+(\.enabled|\.mode)?"
    r"|routing\.http2\.enabled|waf\.fail_open\.enabled|zonal_shift\.config\.enabled|dns_record\.client_routing_policy"
    r"|secondary_ips\.auto_assigned\.per_subnet"
)
GROUP_KEYS = re.compile(
    r"deregistration_delay\.[a-z_.]+|stickiness\.(enabled|type|lb_cookie\.duration_seconds|app_cookie\.(cookie_name"
    r"|duration_seconds))|load_balancing\.[a-z_.]+|slow_start\.duration_seconds|lambda\.multi_value_headers\.enabled"
    r"|target_group_health\.[a-z_.]+|proxy_protocol_v2\.enabled|preserve_client_ip\.enabled|target_failover\.[a-z_]+"
    r"|target_health_state\.[a-z_.]+"
)


def _name_fault(kind: str, name: str) -> str | None:
    if len(name) > LONGEST_NAME:
        return f"{kind} name '{name}' cannot be longer than '{LONGEST_NAME}' characters"
    if not re.fullmatch("[A-Za-z0-9-]+", name):
        return f"{kind} name '{name}' can only contain characters that are alphanumeric characters and hyphens(-)"
    if name.startswith("-") or name.endswith("-"):
        return f"{kind} name '{name}' cannot begin or end with a hyphen(-)"
    if kind == "The load balancer" and name.startswith("internal-"):
        return f"{kind} name '{name}' cannot begin with 'internal-'"
    return None


@refuses(
    "elbv2-name",
    SERVICE,
    [CREATE, "CreateTargetGroup"],
    code=INVALID,
    message="{fault}",
    source="aws-cloudformation/cfn-lint issue 3259; CreateLoadBalancer API reference, Name",
)
def name(call: Call) -> Verdict:
    kind = "The load balancer" if call.operation == CREATE else "Target group"
    fault = _name_fault(kind, call.params["Name"])
    return {"fault": fault} if fault else None


@refuses(
    "elbv2-unknown-group",
    SERVICE,
    [CREATE, "SetSecurityGroups"],
    code=INVALID,
    message="Security group '{group}' is not valid",
    source="in4it/ecs-deploy issue 8",
)
def unknown_group(call: Call) -> Verdict:
    for group in call.get("SecurityGroups") or []:
        if group_of(call, group) is None:
            return {"group": group}
    return None


def _subnets(call: Call) -> list[str]:
    return [*(call.get("Subnets") or []), *(each["SubnetId"] for each in call.get("SubnetMappings") or [])]


@refuses(
    "elbv2-group-of-another-network",
    SERVICE,
    CREATE,
    code="InvalidConfigurationRequest",
    message='Security group "{group}" does not belong to VPC "{vpc}"',
    source="hashicorp/terraform issue 30261",
)
def group_of_another_network(call: Call) -> Verdict:
    return apart(call, _subnets(call), call.get("SecurityGroups") or [])


@refuses(
    "elbv2-subnet-of-another-network",
    SERVICE,
    [CREATE, "SetSubnets"],
    code="InvalidConfigurationRequest",
    message="All subnets must belong to the same VPC: '{vpc}'",
    source="CreateLoadBalancer API reference, Subnets; wording from memory",
)
def subnet_of_another_network(call: Call) -> Verdict:
    return scattered(call, _subnets(call))


@refuses(
    "elbv2-health-check-path",
    SERVICE,
    ["CreateTargetGroup", "ModifyTargetGroup"],
    code=INVALID,
    message="Health check path '{path}' must begin with a '/' character",
    source="CreateTargetGroup API reference, HealthCheckPath; wording from memory",
)
def health_check_path(call: Call) -> Verdict:
    path = call.get("HealthCheckPath")
    return {"path": path} if path and not path.startswith("/") else None


@refuses(
    "elbv2-health-check-interval",
    SERVICE,
    ["CreateTargetGroup", "ModifyTargetGroup"],
    code=INVALID,
    message="Health check interval must be greater than the timeout.",
    source="kubernetes-sigs/aws-load-balancer-controller issue 2951",
)
def health_check_interval(call: Call) -> Verdict:
    known = backend(SERVICE, call.region).target_groups.get(call.get("TargetGroupArn"))
    if call.get("HealthCheckProtocol") == "TCP":
        return None
    interval = call.get("HealthCheckIntervalSeconds") or (known and known.health_check_interval_seconds) or 30
    timeout = call.get("HealthCheckTimeoutSeconds") or (known and known.health_check_timeout_seconds) or 5
    return int(interval) <= int(timeout)


@refuses(
    "elbv2-matcher",
    SERVICE,
    ["CreateTargetGroup", "ModifyTargetGroup"],
    code=INVALID,
    message="Health check matcher HTTP code '{code}' must be within '200-499' inclusive",
    source="Matcher API reference, HttpCode; as moto and public error reports quote it",
)
def matcher(call: Call) -> Verdict:
    sent = (call.get("Matcher") or {}).get("HttpCode")
    if not sent or (MATCHER.fullmatch(sent) and all(200 <= int(each) <= 499 for each in re.split("[-,]", sent))):
        return None
    return {"code": sent}


@refuses(
    "elbv2-second-listener",
    SERVICE,
    "CreateListener",
    code="DuplicateListener",
    message="A listener already exists on this port for this load balancer '{balancer}'",
    source="CreateListener API reference, DuplicateListener; as quoted in public error reports",
)
def second_listener(call: Call) -> Verdict:
    arn = call.params["LoadBalancerArn"]
    balancer = backend(SERVICE, call.region).load_balancers.get(arn)
    ports = {int(each.port) for each in balancer.listeners.values()} if balancer else set()
    return {"balancer": arn} if call.get("Port") in ports else None


@refuses(
    "elbv2-listener-protocol",
    SERVICE,
    ["CreateListener", "ModifyListener"],
    code=INVALID,
    message="Listener protocol '{protocol}' must be one of 'HTTPS, HTTP'",
    source="CreateListener API reference, Protocol; as quoted in public error reports",
)
def listener_protocol(call: Call) -> Verdict:
    arn = call.get("LoadBalancerArn") or call.get("ListenerArn") or ""
    protocol = call.get("Protocol")
    return {"protocol": protocol} if "/app/" in arn and protocol not in ("HTTP", "HTTPS", None) else None


@refuses(
    "elbv2-unknown-target-group",
    SERVICE,
    ["CreateListener", "ModifyListener", "CreateRule", "ModifyRule"],
    code="TargetGroupNotFound",
    message="Target groups '{arn}' not found",
    source="CreateListener API reference, TargetGroupNotFound; as quoted in public error reports",
)
def unknown_target_group(call: Call) -> Verdict:
    known = backend(SERVICE, call.region).target_groups
    for action in [*(call.get("DefaultActions") or []), *(call.get("Actions") or [])]:
        forward = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
        for arn in [action.get("TargetGroupArn"), *(each.get("TargetGroupArn") for each in forward)]:
            if arn and arn not in known:
                return {"arn": arn}
    return None


def _attributes(call: Call) -> list[dict[str, Any]]:
    return call.get("Attributes") or []


@refuses(
    "elbv2-attribute-key",
    SERVICE,
    ["ModifyLoadBalancerAttributes", "ModifyTargetGroupAttributes"],
    code=INVALID,
    message="{kind} attribute key '{key}' is not recognized",
    source="ModifyLoadBalancerAttributes API reference; as quoted in public error reports",
)
def attribute_key(call: Call) -> Verdict:
    balancer = call.operation == "ModifyLoadBalancerAttributes"
    known, kind = (BALANCER_KEYS, "Load balancer") if balancer else (GROUP_KEYS, "Target group")
    for each in _attributes(call):
        if not known.fullmatch(each.get("Key", "")):
            return {"kind": kind, "key": each.get("Key")}
    return None


@refuses(
    "elbv2-attribute-value",
    SERVICE,
    ["ModifyLoadBalancerAttributes", "ModifyTargetGroupAttributes"],
    code=INVALID,
    message="'{value}' is not a valid value for attribute '{key}': it must be between {least} and {most}",
    source="ModifyLoadBalancerAttributes and ModifyTargetGroupAttributes API references; wording from memory",
)
def attribute_value(call: Call) -> Verdict:
    for each in _attributes(call):
        key, value = each.get("Key", ""), str(each.get("Value", ""))
        limits = RANGES.get(key)
        if limits and not (value.isdigit() and limits[0] <= int(value) <= limits[1]):
            return {"key": key, "value": value, "least": limits[0], "most": limits[1]}
        if key.endswith(".enabled") and value not in ("true", "false"):
            return {"key": key, "value": value, "least": "false", "most": "true"}
    return None
