"""One call for each rule on names that lead nowhere, keys and principals that no author's set meets."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World, policy

GONE = {
    "nat": "nat-0123456789abcdef0",
    "list": "pl-0123456789abcdef0",
    "vpc": "vpc-0123456789abcdef0",
    "group": "sg-0123456789abcdef0",
}
KEY = "00000000-0000-0000-0000-000000000000"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/nothing"
BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/nothing/0123456789abcdef"
RULE = BALANCER.replace(":loadbalancer/", ":listener-rule/") + "/0123456789abcdef/0123456789abcdef"
NOBODY = f"arn:aws:iam::{ACCOUNT}:role/nobody"
TRANSFORMATION = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}


def of_no_one(action: str, **more: str) -> str:
    """A policy for a role that does not exist."""
    return policy({"Effect": "Allow", "Principal": {"AWS": NOBODY}, "Action": action, **more})


def gone(service: str, operation: str, params: Params | Callable[[World], Params]) -> Case:
    """A call on what does not exist."""
    return case(service, operation, "that does not exist", params if callable(params) else lambda _w: params)


CASES: tuple[Case, ...] = (
    gone("dynamodb", "UntagResource", {"ResourceArn": TABLE, "TagKeys": ["a"]}),
    gone("logs", "DeleteMetricFilter", {"logGroupName": "/nothing", "filterName": "f"}),
    gone("logs", "GetQueryResults", {"queryId": "nothing"}),
    gone("lambda", "ListVersionsByFunction", {"FunctionName": "nothing"}),
    gone("iam", "ListInstanceProfilesForRole", {"RoleName": "nothing"}),
    gone("iam", "ListEntitiesForPolicy", {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/nothing"}),
    gone("iam", "UpdateGroup", {"GroupName": "nothing", "NewPath": "/a/"}),
    gone("ecs", "ListContainerInstances", {"cluster": "nothing"}),
    gone("apigateway", "DeleteAuthorizer", lambda w: {"restApiId": w.api, "authorizerId": "nothing"}),
    gone("apigateway", "DeleteRequestValidator", lambda w: {"restApiId": w.api, "requestValidatorId": "nothing"}),
    gone("apigateway", "DeleteUsagePlan", {"usagePlanId": "nothing"}),
    gone("elbv2", "DeleteRule", {"RuleArn": RULE}),
    gone("elbv2", "DescribeTags", {"ResourceArns": [BALANCER]}),
    gone("secretsmanager", "ListSecretVersionIds", {"SecretId": "nothing"}),
    gone(
        "route53",
        "AssociateVPCWithHostedZone",
        lambda w: {"HostedZoneId": w.zone, "VPC": {"VPCRegion": REGION, "VPCId": GONE["vpc"]}},
    ),
    gone("route53", "ListTagsForResource", {"ResourceType": "hostedzone", "ResourceId": "Z00000000000000000000"}),
    gone("route53", "DeleteHealthCheck", {"HealthCheckId": KEY}),
    gone("kms", "ListGrants", {"KeyId": KEY}),
    gone("ec2", "DeleteNatGateway", {"NatGatewayId": GONE["nat"]}),
    gone("ec2", "DeleteManagedPrefixList", {"PrefixListId": GONE["list"]}),
    gone("ec2", "CreateNetworkInterface", lambda w: {"SubnetId": w.subnet_a, "Groups": [GONE["group"]]}),
    gone("sts", "AssumeRole", {"RoleArn": NOBODY, "RoleSessionName": "test"}),
    case(
        "dynamodb",
        "CreateTable",
        "key that does not exist",
        lambda w: w.table(SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}),
    ),
    case(
        "secretsmanager",
        "CreateSecret",
        "key that does not exist",
        lambda _w: {"Name": "new", "SecretString": "a", "KmsKeyId": KEY},
    ),
    case(
        "lambda",
        "CreateFunction",
        "key that does not exist",
        lambda w: w.function(KMSKeyArn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY}"),
    ),
    case(
        "secretsmanager",
        "PutResourcePolicy",
        "for a role that does not exist",
        lambda w: {
            "SecretId": w.secret,
            "ResourcePolicy": of_no_one("secretsmanager:GetSecretValue", Resource="*"),
        },
    ),
    case(
        "ecr",
        "SetRepositoryPolicy",
        "for a role that does not exist",
        lambda _w: {"repositoryName": "chat", "policyText": of_no_one("ecr:BatchGetImage")},
    ),
    case(
        "apigateway",
        "CreateRestApi",
        "for a role that does not exist",
        lambda _w: {"name": "new", "policy": of_no_one("execute-api:Invoke", Resource="execute-api:/*")},
    ),
    case(
        "kms",
        "CreateKey",
        "for a role that does not exist",
        lambda _w: {"Policy": of_no_one("kms:*", Resource="*")},
    ),
    case(
        "lambda",
        "GetFunction",
        "of another account",
        lambda w: {"FunctionName": w.function_arn.replace(ACCOUNT, "999999999999")},
    ),
    case(
        "lambda",
        "TagResource",
        "of another Region",
        lambda w: {"Resource": w.function_arn.replace(REGION, "eu-west-1"), "Tags": {"a": "b"}},
    ),
    case(
        "logs",
        "PutMetricFilter",
        "group that does not exist",
        lambda _w: {
            "logGroupName": "/nothing",
            "filterName": "f",
            "filterPattern": "ERROR",
            "metricTransformations": [TRANSFORMATION],
        },
    ),
)
