"""Service-linked roles: made by AWS with the caller's permission, the first time an account uses a service."""

from __future__ import annotations

from collections.abc import Iterator

from local_cloud.control.backends import iam_roles
from local_cloud.control.calls import Call
from local_cloud.control.permissions.needs import Need

# 'Using service-linked roles' in the guides of ELB, ECS and Application Auto Scaling.
ROLES = {
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
}
MADE = "service-linked roles"


def service_linked_role(call: Call, service: str) -> Iterator[Need]:
    """iam:CreateServiceLinkedRole where the role is not there yet."""
    name = ROLES[service]
    if name in iam_roles() or name in call.state.extra(MADE):
        return
    resource = f"arn:aws:iam::{call.account}:role/aws-service-role/{service}/{name}"
    yield Need("iam:CreateServiceLinkedRole", resource, {"iam:AWSServiceName": service})


def note_made(call: Call, used: list[Need]) -> None:
    """After a call that was let through: AWS has made what it was allowed to make."""
    for need in used:
        if need.action == "iam:CreateServiceLinkedRole":
            call.state.extra(MADE)[need.resource.rpartition("/")[2]] = True
