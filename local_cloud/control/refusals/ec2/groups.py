"""What EC2 refuses of security groups and subnets: the descriptions it takes, and deletion in use."""

from __future__ import annotations

import re
from typing import Any

from local_cloud.control.backends import backend, ec2
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

# CreateSecurityGroup API reference, Description: 'Up to 255 characters ... a-z, A-Z, 0-9, spaces, and ...'.
ALLOWED = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
SET = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
IN_USE = "EC2 API error codes, DependencyViolation; "


@refuses(
    "ec2-group-description",
    "ec2",
    "CreateSecurityGroup",
    code="InvalidParameterValue",
    message="{fault}",
    source="cds-snc/notification-terraform pull request 561; beyond ASCII: hashicorp/terraform-provider-aws pull "
    "request 43854",
)
def group_description(call: Call) -> Verdict:
    text = call.get("Description") or ""
    if not text.isascii():
        words = "is invalid. Character sets beyond ASCII are not supported."
        return {"fault": f"Value ({text}) for parameter GroupDescription {words}"}
    words = f"Valid descriptions are strings less than 256 characters from the following set:  {SET}"
    return None if ALLOWED.fullmatch(text) else {"fault": f"Invalid security group description. {words}"}


@refuses(
    "ec2-rule-description",
    "ec2",
    [
        "AuthorizeSecurityGroupIngress",
        "AuthorizeSecurityGroupEgress",
        "UpdateSecurityGroupRuleDescriptionsIngress",
        "UpdateSecurityGroupRuleDescriptionsEgress",
    ],
    code="InvalidParameterValue",
    message="Invalid rule description. Valid descriptions are strings less than 256 characters from the "
    f"following set:  {SET}",
    source="aws-cloudformation/cfn-lint issue 173",
)
def rule_description(call: Call) -> Verdict:
    kinds = ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")
    entries = [
        entry
        for permission in call.get("IpPermissions") or []
        for kind in kinds
        for entry in permission.get(kind) or []
    ]
    entries += call.get("SecurityGroupRuleDescriptions") or []
    return any(not ALLOWED.fullmatch(entry.get("Description") or "") for entry in entries)


@refuses(
    "ec2-group-in-use",
    "ec2",
    "DeleteSecurityGroup",
    code="DependencyViolation",
    message="resource {group} has a dependent object",
    source=IN_USE + "hashicorp/terraform-provider-aws issue 1671",
)
def group_in_use(call: Call) -> Verdict:
    group = ec2(call.region).get_security_group_by_name_or_id(call.get("GroupId") or call.get("GroupName"))
    if group is None:
        return None
    used = group.id in _referenced(call, group.id) or group.id in _attached(call)
    return {"group": group.id} if used else None


def _referenced(call: Call, own: str) -> set[str]:
    """Groups that a rule of another group names."""
    groups = [each for by_id in ec2(call.region).groups.values() for each in by_id.values()]
    return {
        rule.source_group["GroupId"]
        for group in groups
        if group.id != own
        for rule in [*group.ingress_rules, *group.egress_rules]
        if rule.source_group.get("GroupId")
    }


def _attached(call: Call) -> set[str]:
    """Groups of network interfaces, endpoints, load balancers and functions."""
    backend_ec2 = ec2(call.region)
    used = {group.id for eni in backend_ec2.enis.values() for group in eni.group_set if group}
    used |= {group for each in backend_ec2.vpc_end_points.values() for group in each.security_group_ids}
    used |= {each["GroupId"] for eni in call.state.interfaces.values() for each in eni["Groups"]}
    for balancer in backend("elbv2", call.region).load_balancers.values():
        used |= set(balancer.security_groups or [])
    for config in _function_networks(call):
        used |= set(config.get("SecurityGroupIds") or [])
    return used


def _function_networks(call: Call) -> list[dict[str, Any]]:
    return [
        extra["VpcConfig"] for key, extra in call.state.kept.items() if ":function:" in key and "VpcConfig" in extra
    ]


@refuses(
    "ec2-subnet-in-use",
    "ec2",
    "DeleteSubnet",
    code="DependencyViolation",
    message="The subnet '{subnet}' has dependencies and cannot be deleted.",
    source=IN_USE + "aws/aws-cdk issue 14456",
)
def subnet_in_use(call: Call) -> Verdict:
    wanted = call.params["SubnetId"]
    backend_ec2 = ec2(call.region)
    used = {eni.subnet.id for eni in backend_ec2.enis.values() if eni.subnet}
    used |= {eni["SubnetId"] for eni in call.state.interfaces.values()}
    for balancer in backend("elbv2", call.region).load_balancers.values():
        used |= {subnet.id for subnet in balancer.subnets}
    for config in _function_networks(call):
        used |= set(config.get("SubnetIds") or [])
    return {"subnet": wanted} if wanted in used else None


@refuses(
    "ec2-reserved-group-name",
    "ec2",
    "CreateSecurityGroup",
    code="InvalidParameterValue",
    message="Cannot use reserved security group name: {name}",
    source="cdk-preflight 1.9.1, ec2-sg-group-name-default; as quoted in public error reports",
)
def reserved_group_name(call: Call) -> Verdict:
    name = call.get("GroupName") or ""
    return {"name": name} if name == "default" else None
