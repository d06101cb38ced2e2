"""What Elastic Load Balancing refuses of actions, priorities, and of what may hang on what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local_cloud.control.backends import backend, ec2
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "elbv2"
INVALID = "ValidationError"
PREFLIGHT = "cdk-preflight 1.9.1, "
ACTED = ("CreateListener", "ModifyListener", "CreateRule", "ModifyRule")
CONTENT = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")
PARTS = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
MOST_GROUPS, MOST_WEIGHT, LONGEST_STICKY = 5, 999, 604800
SIGN_IN = ("authenticate-oidc", "authenticate-cognito")
Action = dict[str, Any]


def _actions(call: Call) -> list[Action]:
    return [*(call.get("DefaultActions") or []), *(call.get("Actions") or [])]


@refuses(
    "elbv2-redirect",
    SERVICE,
    ACTED,
    code="InvalidLoadBalancerAction",
    message="{fault}",
    source=PREFLIGHT + "elbv2-action-redirect-no-change and -path-leading-slash; as quoted in public error reports",
)
def redirect(call: Call) -> Verdict:
    for action in _actions(call):
        sent = action.get("RedirectConfig")
        if not sent:
            continue
        if all(sent.get(part, usual) == usual for part, usual in PARTS.items()):
            return {"fault": "The redirect configuration is not valid because it creates a loop."}
        if not (sent.get("Path") or "/").startswith("/"):
            return {"fault": "The Path parameter must begin with a '/'."}
    return None


@refuses(
    "elbv2-fixed-response",
    SERVICE,
    ACTED,
    code=INVALID,
    message="The content type '{kind}' of a fixed response must be one of {kinds}",
    source=PREFLIGHT + "elbv2-action-fixed-response-content-type; wording not verified",
)
def fixed_response(call: Call) -> Verdict:
    for action in _actions(call):
        kind = (action.get("FixedResponseConfig") or {}).get("ContentType")
        if kind and kind not in CONTENT:
            return {"kind": kind, "kinds": ", ".join(CONTENT)}
    return None


@refuses(
    "elbv2-forward",
    SERVICE,
    ACTED,
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "elbv2-action-forward-*; wording not verified",
)
def forward(call: Call) -> Verdict:
    fault = next((found for each in _actions(call) for found in _forward_faults(each.get("ForwardConfig") or {})), None)
    return {"fault": fault} if fault else None


def _forward_faults(config: dict[str, Any]) -> Iterator[str]:
    groups, sticky = config.get("TargetGroups") or [], config.get("TargetGroupStickinessConfig") or {}
    if len(groups) > MOST_GROUPS:
        yield f"A forward action can have at most {MOST_GROUPS} target groups"
    if any(not 0 <= (each.get("Weight") or 0) <= MOST_WEIGHT for each in groups):
        yield f"Target group weight must be between 0 and {MOST_WEIGHT}"
    if sticky.get("Enabled") and not 1 <= (sticky.get("DurationSeconds") or 0) <= LONGEST_STICKY:
        yield f"Target group stickiness duration must be between 1 and {LONGEST_STICKY} seconds"


@refuses(
    "elbv2-sign-in-without-tls",
    SERVICE,
    "CreateListener",
    code="InvalidLoadBalancerAction",
    message="Actions of type '{kind}' are supported only on HTTPS listeners",
    source=PREFLIGHT + "elbv2-listener-auth-action-https-only; as quoted in public error reports",
)
def sign_in_without_tls(call: Call) -> Verdict:
    kinds = [each.get("Type") for each in _actions(call) if each.get("Type") in SIGN_IN]
    return {"kind": kinds[0]} if kinds and call.get("Protocol") != "HTTPS" else None


@refuses(
    "elbv2-group-of-another-balancer",
    SERVICE,
    ["CreateListener", "ModifyListener"],
    code="TargetGroupAssociationLimit",
    message="The following target groups cannot be associated with more than one load balancer: {arn}",
    source=PREFLIGHT + "elbv2-tg-single-load-balancer; kubernetes-sigs/aws-load-balancer-controller error reports",
)
def group_of_another_balancer(call: Call) -> Verdict:
    own = call.get("LoadBalancerArn") or (call.get("ListenerArn") or "").rpartition("/")[0].replace(
        ":listener/", ":loadbalancer/"
    )
    for arn in _forwarded(_actions(call)):
        group = backend(SERVICE, call.region).target_groups.get(arn)
        if group is not None and any(each != own for each in group.load_balancer_arns):
            return {"arn": arn}
    return None


def _forwarded(actions: list[Action]) -> Iterator[str]:
    for action in actions:
        groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
        yield from filter(None, [action.get("TargetGroupArn"), *(each.get("TargetGroupArn") for each in groups)])


@refuses(
    "elbv2-target-group-form",
    SERVICE,
    "CreateTargetGroup",
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT
    + "elbv2-tg-lambda-no-port, -lambda-no-vpc, -protocol-required-non-lambda, -vpc-required-non-lambda "
    "and -protocol-version-http-only; only the third quotes AWS",
)
def target_group_form(call: Call) -> Verdict:
    kind = call.get("TargetType", "instance")
    if kind == "lambda":
        sent = next((name for name in ("Protocol", "Port", "VpcId") if call.get(name)), None)
        return {"fault": f"{sent} cannot be specified for target groups of type 'lambda'"} if sent else None
    if not (call.get("Protocol") and call.get("Port")):
        return {"fault": f"A target group of type '{kind}' must have a protocol and a port"}
    if not call.get("VpcId"):
        return {"fault": f"A VPC ID must be specified for target groups of type '{kind}'"}
    version = call.get("ProtocolVersion")
    return (
        {"fault": "Protocol version is for HTTP and HTTPS"}
        if version and "HTTP" not in call.params["Protocol"]
        else None
    )


@refuses(
    "elbv2-log-bucket",
    SERVICE,
    "ModifyLoadBalancerAttributes",
    code=INVALID,
    message="The key '{kind}_logs.s3.bucket' must set in order to enable {kind} logs",
    source=PREFLIGHT + "elbv2-lb-attr-access-logs-bucket-required and -connection-logs-bucket-required",
)
def log_bucket(call: Call) -> Verdict:
    sent = {each.get("Key"): each.get("Value") for each in call.get("Attributes") or []}
    kept = _kept(call)
    for kind in ("access", "connection"):
        bucket = sent.get(f"{kind}_logs.s3.bucket") or kept.get(f"{kind}_logs.s3.bucket")
        if sent.get(f"{kind}_logs.s3.enabled") == "true" and not bucket:
            return {"kind": kind}
    return None


def _kept(call: Call) -> dict[str, str]:
    balancer = backend(SERVICE, call.region).load_balancers.get(call.get("LoadBalancerArn"))
    return dict(balancer.attrs) if balancer is not None else {}


@refuses(
    "elbv2-unknown-subnet",
    SERVICE,
    ["CreateLoadBalancer", "SetSubnets"],
    code="SubnetNotFound",
    message="The subnet ID '{subnet}' does not exist",
    source="CreateLoadBalancer API reference, SubnetNotFound; as quoted in public error reports",
)
def unknown_subnet(call: Call) -> Verdict:
    known = {name for by_id in ec2(call.region).subnets.values() for name in by_id}
    mapped = [each.get("SubnetId") for each in call.get("SubnetMappings") or []]
    return next(({"subnet": each} for each in [*(call.get("Subnets") or []), *mapped] if each not in known), None)


@refuses(
    "elbv2-subnets-twice",
    SERVICE,
    ["CreateLoadBalancer", "SetSubnets"],
    code=INVALID,
    message="You must specify either subnets or subnet mappings, not both",
    source="CreateLoadBalancer API reference, Subnets: 'either subnets or subnet mappings, but not both'",
)
def subnets_twice(call: Call) -> Verdict:
    return bool(call.get("Subnets")) and bool(call.get("SubnetMappings"))
