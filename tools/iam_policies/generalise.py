"""From a permission of one run to one that holds for every run: pure.

Ids that AWS chooses become ``*``. The account, the region and the names of playbooks/vars/names.yml become Jinja
variables, so that ``playbooks/iam_policies.yml`` can fill in an inventory's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Condition keys that a policy can hold on to; all others differ from run to run, or say nothing about the right.
KEPT = (
    "iam:PassedToService",
    "iam:AWSServiceName",
    "ec2:CreateAction",
    "ecs:CreateAction",
    "elasticloadbalancing:CreateAction",
    "aws:RequestTag/private-rag:deployment",
    "aws:ResourceTag/private-rag:deployment",
)
# Where the id stands in an ARN, by its service. The first pattern that matches counts.
IDS: dict[str, tuple[tuple[str, str], ...]] = {
    "apigateway": (
        (r"(/tags/.*%2Frestapis%2F).*", r"\1*"),
        (r"(:/restapis)/.*", r"\1/*"),
    ),
    "ec2": ((r":(\w[\w-]*)/[^/]+$", r":\1/*"),),
    "elasticloadbalancing": ((r":(listener/app|loadbalancer/app|targetgroup)/([^/]+)/.*", r":\1/\2/*"),),
    "application-autoscaling": ((r":scalable-target/.*", ":scalable-target/*"),),
    "cloudwatch": ((r"-AlarmHigh-.*", "-*"),),
    "ecs": (
        (r":task-definition/([^:]+):\d+$", r":task-definition/\1:*"),
        (r":(task|container-instance)/([^/]+)/.*", r":\1/\2/*"),
    ),
    "secretsmanager": ((r"-[A-Za-z0-9]{6}$", "-??????"),),
}


@dataclass(frozen=True, order=True)
class Grant:
    """One permission of a policy; conditions are pairs of a key and its values."""

    action: str
    resource: str
    conditions: tuple[tuple[str, tuple[str, ...]], ...] = ()


def grants(permission: Mapping[str, Any], variables: Mapping[str, str]) -> Iterator[Grant]:
    """Those that let this permission through. ``variables``: a value of the run -> what stands for it."""
    action = permission["action"]
    kept = [(key, permission["context"][key]) for key in KEPT if key in permission["context"]]
    conditions = tuple((key, (named(str(value), variables),)) for key, value in kept)
    for resource in resources(action, permission["resource"]):
        yield Grant(action, named(resource, variables), conditions)


def resources(action: str, resource: str) -> Iterator[str]:
    """The resource without ids. A log group stands for itself and for its streams, as AWS names it in either way."""
    service = action.partition(":")[0]
    if service == "logs" and ":log-stream:" in resource:
        group = resource.partition(":log-stream:")[0]
        yield f"{group}:*"
        return
    for pattern, replacement in IDS.get(resource.split(":")[2] if resource != "*" else "", ()):
        changed = re.sub(pattern, replacement, resource)
        if changed != resource:
            yield changed
            return
    yield resource


def named(text: str, variables: Mapping[str, str]) -> str:
    """With variables for whole names: longest first, and never a part of a word or of a variable."""
    for value in sorted(variables, key=len, reverse=True):
        # Before it also an encoded colon, as in the ARNs of API Gateway's tags; behind it also "-*" and "-??????".
        whole = rf"(?:(?<![\w{{-])|(?<=%3A)){re.escape(value)}(?![\w}}]|-\w)"
        text = re.sub(whole, variables[value].replace("\\", r"\\"), text)
    return text
