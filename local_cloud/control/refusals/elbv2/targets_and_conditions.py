"""What Elastic Load Balancing refuses of checks, targets, listeners' details and rules' conditions."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from local_cloud.control.backends import backend, ec2
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "elbv2"
INVALID = "ValidationError"
PREFLIGHT = "cdk-preflight 1.9.1, "
WEB = ("HTTP", "HTTPS")
STICKY = ("lb_cookie", "app_cookie")
CONFIGS = {
    "host-header": "HostHeaderConfig",
    "path-pattern": "PathPatternConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}
PLAIN = ("host-header", "path-pattern")
LONGEST_VALUE, MOST_VALUES = 128, 5
# RegisterTargets API reference: the VPC's own blocks, RFC 1918 and RFC 6598.
PRIVATE = [ipaddress.ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]


def _group(call: Call) -> Any:
    return backend(SERVICE, call.region).target_groups.get(call.get("TargetGroupArn"))


@refuses(
    "elbv2-health-check-protocol",
    SERVICE,
    "CreateTargetGroup",
    code=INVALID,
    message="{fault}",
    source="CreateTargetGroup API reference, HealthCheckProtocol: TCP is not for HTTP and HTTPS groups, and takes no "
    "path; wording not verified",
)
def health_check_protocol(call: Call) -> Verdict:
    check = call.get("HealthCheckProtocol") or call.get("Protocol")
    if call.get("Protocol") in WEB and check not in WEB:
        return {"fault": f"Health check protocol '{check}' is not supported for protocol '{call.get('Protocol')}'"}
    if check == "TCP" and (call.get("HealthCheckPath") or call.get("Matcher")):
        return {"fault": "You cannot specify a health check path or matcher for health check protocol 'TCP'"}
    return None


@refuses(
    "elbv2-stickiness-type",
    SERVICE,
    "ModifyTargetGroupAttributes",
    code=INVALID,
    message="Stickiness type '{kind}' must be one of [lb_cookie, app_cookie]",
    source=PREFLIGHT + "elbv2-stickiness-type-protocol; wording not verified",
)
def stickiness_type(call: Call) -> Verdict:
    group = _group(call)
    for each in call.get("Attributes") or []:
        web = group is not None and group.protocol in WEB
        if web and each.get("Key") == "stickiness.type" and each.get("Value") not in STICKY:
            return {"kind": each.get("Value")}
    return None


@refuses(
    "elbv2-attribute-twice",
    SERVICE,
    ["ModifyLoadBalancerAttributes", "ModifyTargetGroupAttributes"],
    code=INVALID,
    message="Attribute key '{key}' has been specified more than once",
    source=PREFLIGHT + "elbv2-lb-attr-duplicate-key and -tg-attr-duplicate-key",
)
def attribute_twice(call: Call) -> Verdict:
    keys = [each.get("Key") for each in call.get("Attributes") or []]
    return next(({"key": key} for key in keys if keys.count(key) > 1), None)


@refuses(
    "elbv2-target-address",
    SERVICE,
    "RegisterTargets",
    code=INVALID,
    message="{fault}",
    source="RegisterTargets API reference, TargetDescription; as quoted in public error reports",
)
def target_address(call: Call) -> Verdict:
    group = _group(call)
    for each in call.get("Targets") or [] if group is not None and group.target_type == "ip" else []:
        fault = _address_fault(call, group, each)
        if fault:
            return {"fault": fault}
    return None


def _address_fault(call: Call, group: Any, target: dict[str, Any]) -> str | None:
    try:
        address = ipaddress.ip_address(target["Id"])
    except ValueError:
        return f"The IP address '{target['Id']}' is not a valid IPv4 address"
    vpc = ec2(call.region).vpcs.get(group.vpc_id)
    blocks = [*PRIVATE, *([ipaddress.ip_network(vpc.cidr_block)] if vpc else [])]
    inside = address.version != 4 or any(address in block for block in blocks)
    return None if inside else f"The IP address '{address}' is not within the VPC '{group.vpc_id}'"


@refuses(
    "elbv2-tls-without-tls",
    SERVICE,
    "CreateListener",
    code=INVALID,
    message="{what} cannot be specified for HTTP listeners",
    source=PREFLIGHT + "elbv2-listener-sslpolicy-secure-only and -cert-insecure-protocol; wording not verified",
)
def tls_without_tls(call: Call) -> Verdict:
    if call.get("Protocol") not in ("HTTP", "TCP", "UDP"):
        return None
    if call.get("Certificates"):
        return {"what": "Certificates"}
    return {"what": "An SSL policy"} if call.get("SslPolicy") else None


@refuses(
    "elbv2-rule-condition",
    SERVICE,
    ["CreateRule", "ModifyRule"],
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "elbv2-rule-*, which quote the answers; RuleCondition API reference",
)
def rule_condition(call: Call) -> Verdict:
    conditions = call.get("Conditions")
    if conditions is None and call.operation == "ModifyRule":
        return None
    if not conditions:
        return {"fault": "A condition must be specified"}
    fault = next((found for each in conditions if (found := _condition_fault(each))), None)
    if fault is None and sum(len(_values(each)) for each in conditions) > MOST_VALUES:
        fault = f"A rule can only have '{MOST_VALUES}' condition values"
    return {"fault": fault} if fault else None


def _values(condition: dict[str, Any]) -> list[Any]:
    config = condition.get(CONFIGS.get(condition.get("Field", ""), "")) or {}
    sent = [*(condition.get("Values") or []), *(condition.get("RegexValues") or [])]
    return [*sent, *(config.get("Values") or []), *(config.get("RegexValues") or [])]


def _condition_fault(condition: dict[str, Any]) -> str | None:
    field = condition.get("Field", "")
    if field not in CONFIGS:
        return f"Condition field '{field}' must be one of '{','.join(sorted(CONFIGS))}'"
    if not condition.get(CONFIGS[field]) and field not in PLAIN:
        words = f"you must specify the following fields: 'Values or RegexValues or {CONFIGS[field]}'"
        return f"For conditions of type '{field}', {words}"
    values = _values(condition)
    if not values:
        return f"You must provide exactly one of the following: ['Values' 'RegexValues'] for config of type '{field}'"
    texts = [part for each in values for part in (each.values() if isinstance(each, dict) else [each])]
    if any(len(text) > LONGEST_VALUE for text in texts):
        return f"Condition value for '{field}' cannot contain more than {LONGEST_VALUE} characters"
    wrong = next((each for each in values if field == "source-ip" and not _is_block(each)), None)
    return None if wrong is None else f"The specified value '{wrong}' is not a valid CIDR block"


def _is_block(text: str) -> bool:
    if not re.fullmatch(r"[0-9a-fA-F.:]+/\d+", text):
        return False
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
