"""What services refuse of parameters that exclude or need each other: a row per sentence of the API references."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses


class Row(NamedTuple):
    """``fault`` gets the names of the parameters that were sent, and the call."""

    id: str
    service: str
    operations: str
    code: str
    message: str
    fault: Callable[[set[str], Call], bool]
    source: str


def both(*names: str) -> Callable[[set[str], Call], bool]:
    """More than one of them was sent."""
    return lambda sent, _call: len(sent & set(names)) > 1


def not_one(*names: str) -> Callable[[set[str], Call], bool]:
    """None of them was sent, or more than one."""
    return lambda sent, _call: len(sent & set(names)) != 1


def without(name: str, needed: str) -> Callable[[set[str], Call], bool]:
    """The first was sent and the second not."""
    return lambda sent, _call: name in sent and needed not in sent


def _ordered_by_time(sent: set[str], call: Call) -> bool:
    return call.get("orderBy") == "LastEventTime" and "logStreamNamePrefix" in sent


TARGETS = (
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "LocalGatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)
LOGS, BAD = "logs", "InvalidParameterException"
ROWS = (
    Row(
        "logs-prefix-and-pattern",
        LOGS,
        "DescribeLogGroups",
        BAD,
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        both("logGroupNamePrefix", "logGroupNamePattern"),
        "DescribeLogGroups API reference, logGroupNamePattern: mutually exclusive; as moto quotes it",
    ),
    Row(
        "logs-names-and-prefix",
        LOGS,
        "FilterLogEvents",
        BAD,
        "logStreamNamePrefix and logStreamNames are mutually exclusive parameters.",
        both("logStreamNames", "logStreamNamePrefix"),
        "FilterLogEvents API reference, logStreamNames: 'the action returns an InvalidParameterException error'",
    ),
    Row(
        "logs-which-group",
        LOGS,
        "FilterLogEvents GetLogEvents DescribeLogStreams",
        BAD,
        "Exactly one of logGroupName and logGroupIdentifier is needed.",
        not_one("logGroupName", "logGroupIdentifier"),
        "FilterLogEvents API reference: 'You must include one of these two parameters, but you can't include both'; "
        "wording not verified",
    ),
    Row(
        "logs-key-for-what",
        LOGS,
        "AssociateKmsKey DisassociateKmsKey",
        BAD,
        "Exactly one of logGroupName and resourceIdentifier is needed.",
        not_one("logGroupName", "resourceIdentifier"),
        "AssociateKmsKey API reference, logGroupName; wording not verified",
    ),
    Row(
        "logs-streams-by-time-and-prefix",
        LOGS,
        "DescribeLogStreams",
        BAD,
        "Cannot order by LastEventTime with a logStreamNamePrefix.",
        _ordered_by_time,
        "DescribeLogStreams API reference, orderBy; as moto quotes it",
    ),
    Row(
        "logs-metric-half-named",
        LOGS,
        "DescribeMetricFilters",
        BAD,
        "metricName and metricNamespace must be given together.",
        lambda sent, _call: len(sent & {"metricName", "metricNamespace"}) == 1,
        "DescribeMetricFilters API reference, metricName and metricNamespace; wording not verified",
    ),
    Row(
        "logs-query-of-what",
        LOGS,
        "StartQuery",
        BAD,
        "Only one of logGroupName, logGroupNames and logGroupIdentifiers can be given.",
        both("logGroupName", "logGroupNames", "logGroupIdentifiers"),
        "StartQuery API reference: exactly one of them; wording not verified",
    ),
    Row(
        "secretsmanager-no-new-value",
        "secretsmanager",
        "PutSecretValue",
        "InvalidRequestException",
        "You must provide either SecretString or SecretBinary.",
        not_one("SecretString", "SecretBinary"),
        "PutSecretValue API reference, SecretString: 'You must include SecretBinary or SecretString, but not both'; as "
        "moto quotes it",
    ),
    Row(
        "secretsmanager-filters-and-list",
        "secretsmanager",
        "BatchGetSecretValue",
        BAD,
        "Either 'SecretIdList' or 'Filters' must be provided, but not both.",
        not_one("SecretIdList", "Filters"),
        "BatchGetSecretValue API reference; as moto quotes it",
    ),
    Row(
        "autoscaling-dimension-without-resource",
        "application-autoscaling",
        "DescribeScalingPolicies DescribeScalingActivities DescribeScheduledActions",
        "ValidationException",
        "Resource ID must be specified with a scalable dimension.",
        without("ScalableDimension", "ResourceId"),
        "DescribeScalingPolicies API reference, ScalableDimension; wording not verified",
    ),
    Row(
        "autoscaling-dimension-without-resources",
        "application-autoscaling",
        "DescribeScalableTargets",
        "ValidationException",
        "Resource IDs must be specified with a scalable dimension.",
        without("ScalableDimension", "ResourceIds"),
        "DescribeScalableTargets API reference, ScalableDimension; wording not verified",
    ),
    Row(
        "elbv2-named-twice",
        "elbv2",
        "DescribeLoadBalancers DescribeTargetGroups",
        "ValidationError",
        "Load balancers or target groups can be described by names or by ARNs, not both.",
        both("Names", "LoadBalancerArns", "TargetGroupArns", "LoadBalancerArn"),
        "DescribeLoadBalancers and DescribeTargetGroups API references; wording not verified",
    ),
    Row(
        "elbv2-listener-or-arns",
        "elbv2",
        "DescribeListeners DescribeRules",
        "ValidationError",
        "You must specify either the parent or the ARNs, not both.",
        not_one("LoadBalancerArn", "ListenerArns", "ListenerArn", "RuleArns"),
        "DescribeListeners and DescribeRules API references: 'either a listener or one or more rules'; "
        "wording not verified",
    ),
    Row(
        "ecr-page-of-named-images",
        "ecr",
        "DescribeImages",
        BAD,
        "The parameters maxResults and nextToken cannot be used with imageIds.",
        lambda sent, _call: "imageIds" in sent and bool(sent & {"maxResults", "nextToken"}),
        "DescribeImages API reference, maxResults; wording not verified",
    ),
    Row(
        "ecr-page-of-named-repositories",
        "ecr",
        "DescribeRepositories",
        BAD,
        "The parameters maxResults and nextToken cannot be used with repositoryNames.",
        lambda sent, _call: "repositoryNames" in sent and bool(sent & {"maxResults", "nextToken"}),
        "DescribeRepositories API reference, maxResults; wording not verified",
    ),
    Row(
        "ecs-started-by-alone",
        "ecs",
        "ListTasks",
        BAD,
        "startedBy must be the only filter.",
        lambda sent, _call: "startedBy" in sent and bool(sent & {"family", "serviceName", "containerInstance"}),
        "ListTasks API reference, startedBy: 'it must be the only filter that you use'; wording not verified",
    ),
    Row(
        "ec2-route-two-targets",
        "ec2",
        "CreateRoute ReplaceRoute",
        "InvalidParameterCombination",
        "A route can have only one target.",
        both(*TARGETS),
        "CreateRoute API reference: 'You must specify one of the following targets'; wording not verified",
    ),
    Row(
        "ec2-endpoint-of-no-service",
        "ec2",
        "CreateVpcEndpoint",
        "MissingParameter",
        "The request must contain the parameter ServiceName",
        lambda sent, _call: not sent & {"ServiceName", "ResourceConfigurationArn", "ServiceNetworkArn"},
        "CreateVpcEndpoint API reference; EC2 API error codes, MissingParameter",
    ),
    Row(
        "ec2-nothing-to-modify",
        "ec2",
        "ModifySubnetAttribute ModifyVpcAttribute",
        "InvalidParameterCombination",
        "No attributes specified.",
        lambda sent, _call: not sent - {"SubnetId", "VpcId", "DryRun"},
        "ModifySubnetAttribute and ModifyVpcAttribute API references: one attribute at a time; wording from memory",
    ),
)


def _check(row: Row) -> Callable[[Call], Verdict]:
    return lambda call: row.fault({name for name, value in call.params.items() if value not in (None, [], "")}, call)


for _row in ROWS:
    refuses(
        _row.id,
        _row.service,
        _row.operations.split(),
        code=_row.code,
        message=_row.message,
        source=_row.source,
        status=400,
    )(_check(_row))
