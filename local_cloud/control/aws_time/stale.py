"""Reads that answer what was true a moment ago.

For as long as the switch ``stale_read_seconds`` says after a change, a question that was asked before the change is
answered as it was then: NotFound after a creation, the old values after an update, the resource after its deletion. A
question that is new is answered truly. So every answer was true at some moment of those last seconds, which is what
'eventually consistent' allows at its worst.

Documented for EC2 (API guide, 'Eventual consistency'), IAM (user guide, 'Changes that I make are not always immediately
visible'), ECS (API reference, CreateService and DescribeServices: 'MISSING'), DynamoDB ('DescribeTable uses an
eventually consistent query'). The other services are left alone: nothing was found about them.
"""

from __future__ import annotations

import copy
import json
from bisect import bisect_right

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.aws_time.clock import Clock
from local_cloud.control.aws_time.settings import Settings
from local_cloud.control.calls import AwsError, Call, Proceed, Result

ROLE_CHANGES = (
    "CreateRole",
    "DeleteRole",
    "UpdateRole",
    "UpdateAssumeRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "TagRole",
    "UntagRole",
)
GROUP_CHANGES = (
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "CreateTags",
    "DeleteTags",
)
ENDPOINT_CHANGES = ("CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints", "CreateTags", "DeleteTags")
# (service, the parameter that tells one resource from another or nothing, operations that change, that read)
KINDS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "iam",
        "RoleName",
        ROLE_CHANGES,
        ("GetRole", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies", "ListRoleTags"),
    ),
    ("iam", "", ("CreateRole", "DeleteRole"), ("ListRoles",)),
    ("ec2", "", GROUP_CHANGES, ("DescribeSecurityGroups", "DescribeSecurityGroupRules")),
    ("ec2", "", ENDPOINT_CHANGES, ("DescribeVpcEndpoints",)),
    (
        "ecs",
        "",
        ("CreateCluster", "DeleteCluster", "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders"),
        ("DescribeClusters", "ListClusters"),
    ),
    ("ecs", "", ("CreateService", "UpdateService", "DeleteService"), ("DescribeServices", "ListServices")),
    (
        "ecs",
        "",
        ("RegisterTaskDefinition", "DeregisterTaskDefinition"),
        ("ListTaskDefinitions", "DescribeTaskDefinition"),
    ),
    ("dynamodb", "TableName", ("CreateTable", "UpdateTable", "DeleteTable"), ("DescribeTable",)),
)


def _on(settings: Settings) -> bool:
    return settings.scale * settings.stale_read_seconds > 0


def _register(service: str, parameter: str, changing: tuple[str, ...], reading: tuple[str, ...]) -> None:
    name = f"{service}:{reading[0]}"

    def key(call: Call) -> str:
        return f"{name}:{call.get(parameter)}" if parameter else name

    @surrounds(service, *changing, when=_on)
    def change(call: Call, proceed: Proceed) -> Result:
        result = proceed()
        call.state.clock.memory.changes.setdefault(key(call), []).append(call.state.clock.now())
        return result

    @surrounds(service, *reading, when=_on)
    def read(call: Call, proceed: Proceed) -> Result:
        return _answer(call, key(call), proceed)


def _answer(call: Call, key: str, proceed: Proceed) -> Result:
    clock = call.state.clock
    question = f"{call.service}:{call.operation}:{json.dumps(call.params, sort_keys=True, default=str)}"
    known = clock.memory.answers.get(question)
    if known is None or not _still_served(clock, clock.memory.changes.get(key, []), known[0]):
        known = clock.memory.answers[question] = (clock.now(), _asked(proceed))
    answer = known[1]
    if isinstance(answer, AwsError):
        raise AwsError(answer.code, answer.message, answer.status)
    return copy.deepcopy(answer)


def _still_served(clock: Clock, changes: list[float], answered: float) -> bool:
    """Whether the first change since the answer is so new that the answer may still be given."""
    since = bisect_right(changes, answered)
    settings = clock.settings
    limit: float = settings.scale * settings.stale_read_seconds
    return since < len(changes) and bool(clock.now() - changes[since] < limit)


def _asked(proceed: Proceed) -> Result | AwsError:
    try:
        return proceed()
    except AwsError as error:
        return error


for kind in KINDS:
    _register(*kind)


@surrounds("ec2", "CreateSecurityGroup", when=_on)
def new_group(call: Call, proceed: Proceed) -> Result:
    """EC2 does not find it by its id at first, whoever asks."""
    result = proceed()
    settings = call.state.clock.settings
    call.state.clock.hold(f"new:{result['GroupId']}", settings.scale * settings.stale_read_seconds)
    return result


@surrounds("ec2", "DescribeSecurityGroups", *GROUP_CHANGES[2:6], when=_on)
def find_group(call: Call, proceed: Proceed) -> Result:
    """By its id: EC2 API guide, 'Eventual consistency', with InvalidGroup.NotFound for an example."""
    for group in [*(call.get("GroupIds") or []), *([call.params["GroupId"]] if call.get("GroupId") else [])]:
        if call.state.clock.busy(f"new:{group}"):
            raise AwsError("InvalidGroup.NotFound", f"The security group '{group}' does not exist")
    return proceed()
