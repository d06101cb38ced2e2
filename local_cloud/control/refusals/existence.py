"""What every service refuses of names that lead nowhere: a row per kind of resource, where moto does not look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from local_cloud.control.backends import backend, ec2
from local_cloud.control.calls import Call
from local_cloud.control.refusals.lookups import (
    Known,
    is_api_part,
    is_balancer_or_group,
    is_cluster,
    is_function,
    is_group_of_users,
    is_key,
    is_log_group,
    is_policy,
    is_role,
    is_rule,
    is_secret,
    is_table,
    is_tagged_log_group,
    is_usage_plan,
    is_vpc,
    is_zone,
)
from local_cloud.control.rules import Verdict, refuses

REFERENCE = "the operations' API references, 'Errors'"


class Row(NamedTuple):
    """Operations whose ``member`` names something; ``known`` says whether it is there."""

    id: str
    service: str
    operations: str
    member: str
    code: str
    message: str
    known: Known
    status: int = 400
    source: str = REFERENCE


ROWS = (
    Row(
        "dynamodb-tags-of-no-table",
        "dynamodb",
        "TagResource UntagResource",
        "ResourceArn",
        "ResourceNotFoundException",
        "Requested resource not found: ResourcArn: {name} not found",
        is_table,
    ),
    Row(
        "logs-unknown-group",
        "logs",
        "PutMetricFilter DeleteMetricFilter PutSubscriptionFilter UntagLogGroup PutRetentionPolicy FilterLogEvents",
        "logGroupName",
        "ResourceNotFoundException",
        "The specified log group does not exist.",
        is_log_group,
    ),
    Row(
        "logs-tags-of-no-group",
        "logs",
        "TagResource UntagResource ListTagsForResource",
        "resourceArn",
        "ResourceNotFoundException",
        "The specified resource does not exist.",
        is_tagged_log_group,
    ),
    Row(
        "logs-unknown-query",
        "logs",
        "GetQueryResults StopQuery",
        "queryId",
        "ResourceNotFoundException",
        "Query with id {name} does not exist.",
        lambda call, named: named in backend("logs", call.region).queries,
    ),
    Row(
        "lambda-versions-of-no-function",
        "lambda",
        "ListVersionsByFunction",
        "FunctionName",
        "ResourceNotFoundException",
        "Function not found: {name}",
        is_function,
        404,
    ),
    Row(
        "iam-unknown-role",
        "iam",
        "ListInstanceProfilesForRole",
        "RoleName",
        "NoSuchEntity",
        "The role with name {name} cannot be found.",
        is_role,
        404,
    ),
    Row(
        "iam-unknown-policy",
        "iam",
        "ListEntitiesForPolicy",
        "PolicyArn",
        "NoSuchEntity",
        "Policy {name} was not found.",
        is_policy,
        404,
    ),
    Row(
        "iam-unknown-group",
        "iam",
        "UpdateGroup",
        "GroupName",
        "NoSuchEntity",
        "The group with name {name} cannot be found.",
        is_group_of_users,
        404,
    ),
    Row(
        "ecs-unknown-cluster",
        "ecs",
        "ListContainerInstances ListAttributes DescribeCapacityProviders RegisterContainerInstance DeleteTaskSet",
        "cluster",
        "ClusterNotFoundException",
        "Cluster not found.",
        is_cluster,
    ),
    Row(
        "apigateway-unknown-authorizer",
        "apigateway",
        "DeleteAuthorizer",
        "authorizerId",
        "NotFoundException",
        "Invalid Authorizer identifier specified",
        is_api_part("authorizers"),
        404,
    ),
    Row(
        "apigateway-unknown-request-validator",
        "apigateway",
        "DeleteRequestValidator UpdateRequestValidator",
        "requestValidatorId",
        "NotFoundException",
        "Invalid Request Validator identifier specified",
        is_api_part("request_validators"),
        404,
    ),
    Row(
        "apigateway-unknown-usage-plan",
        "apigateway",
        "DeleteUsagePlan DeleteUsagePlanKey GetUsagePlanKeys",
        "usagePlanId",
        "NotFoundException",
        "Invalid Usage Plan ID specified",
        is_usage_plan,
        404,
    ),
    Row(
        "elbv2-unknown-rule",
        "elbv2",
        "DeleteRule",
        "RuleArn",
        "RuleNotFound",
        "One or more rules not found",
        is_rule,
    ),
    Row(
        "elbv2-tags-of-nothing",
        "elbv2",
        "DescribeTags",
        "ResourceArns",
        "LoadBalancerNotFound",
        "Load balancers '[{name}]' not found",
        is_balancer_or_group,
    ),
    Row(
        "secretsmanager-unknown-secret",
        "secretsmanager",
        "ListSecretVersionIds",
        "SecretId",
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
        is_secret,
    ),
    Row(
        "route53-unknown-vpc",
        "route53",
        "CreateHostedZone AssociateVPCWithHostedZone DisassociateVPCFromHostedZone",
        "VPC",
        "InvalidVPCId",
        "The VPC ID '{name}' does not exist.",
        is_vpc,
    ),
    Row(
        "route53-unknown-zone",
        "route53",
        "ListTagsForResource",
        "ResourceId",
        "NoSuchHostedZone",
        "No hosted zone found with ID: {name}",
        is_zone,
        404,
    ),
    Row(
        "route53-unknown-health-check",
        "route53",
        "DeleteHealthCheck",
        "HealthCheckId",
        "NoSuchHealthCheck",
        "No health check exists with the specified ID: {name}",
        lambda _call, named: named in backend("route53", "aws").health_checks,
        404,
    ),
    Row(
        "kms-unknown-key",
        "kms",
        "CreateGrant ListGrants RevokeGrant",
        "KeyId",
        "NotFoundException",
        "Key '{name}' does not exist",
        is_key,
    ),
    Row(
        "ec2-unknown-nat-gateway",
        "ec2",
        "DeleteNatGateway",
        "NatGatewayId",
        "NatGatewayNotFound",
        "The Nat Gateway {name} was not found",
        lambda call, named: named in ec2(call.region).nat_gateways,
    ),
    Row(
        "ec2-unknown-prefix-list",
        "ec2",
        "DeleteManagedPrefixList ModifyManagedPrefixList",
        "PrefixListId",
        "InvalidPrefixListID.NotFound",
        "The prefix list ID '{name}' does not exist",
        lambda call, named: named in ec2(call.region).managed_prefix_lists,
    ),
    Row(
        "ec2-interface-unknown-group",
        "ec2",
        "CreateNetworkInterface ModifyNetworkInterfaceAttribute",
        "Groups",
        "InvalidGroup.NotFound",
        "The security group '{name}' does not exist",
        lambda call, named: ec2(call.region).get_security_group_from_id(named) is not None,
    ),
)


def _named(call: Call, member: str) -> list[str]:
    """The sent names: one, a list of them, or the id of Route 53's VPC."""
    sent: Any = call.get(member)
    if isinstance(sent, dict):
        # A VPC of another Region is out of sight.
        sent = sent.get("VPCId") if sent.get("VPCRegion", call.region) in (call.region, "aws") else None
    if sent is None:
        return []
    return sent if isinstance(sent, list) else [sent]


def _missing(row: Row) -> Callable[[Call], Verdict]:
    def check(call: Call) -> Verdict:
        return next(({"name": each} for each in _named(call, row.member) if not row.known(call, each)), None)

    return check


for _row in ROWS:
    refuses(
        _row.id,
        _row.service,
        _row.operations.split(),
        code=_row.code,
        message=_row.message,
        source=_row.source,
        status=_row.status,
    )(_missing(_row))
