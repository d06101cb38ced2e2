"""Reads what stands in an account through boto3, by describe and list calls only; the same for AWS itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from local_cloud.template.shapes import Account, Record

Clients = Callable[[str], Any]


def read(clients: Clients) -> Account:
    """Everything the renderers know; ``clients`` is a function from a service's name to its boto3 client."""
    account: Account = {}
    for reader in (_ec2, _identity, _storage, _functions, _apis, _balancers, _containers, _scaling):
        account.update(reader(clients))
    return account


def _all(client: Any, operation: str, key: str, **params: Any) -> list[Any]:
    """Every item of a paginated call."""
    pages: Iterable[Record] = client.get_paginator(operation).paginate(**params)
    return [item for page in pages for item in page.get(key, [])]


def _ec2(clients: Clients) -> Account:
    ec2 = clients("ec2")
    calls = (
        ("vpcs", "describe_vpcs", "Vpcs"),
        ("subnets", "describe_subnets", "Subnets"),
        ("route_tables", "describe_route_tables", "RouteTables"),
        ("internet_gateways", "describe_internet_gateways", "InternetGateways"),
        ("nat_gateways", "describe_nat_gateways", "NatGateways"),
        ("groups", "describe_security_groups", "SecurityGroups"),
        ("group_rules", "describe_security_group_rules", "SecurityGroupRules"),
        ("endpoints", "describe_vpc_endpoints", "VpcEndpoints"),
    )
    found: Account = {name: _all(ec2, operation, key) for name, operation, key in calls}
    for vpc in found["vpcs"]:
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            answer = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
            name = attribute[:1].upper() + attribute[1:]
            vpc[name] = answer[name]["Value"]
    return found


def _identity(clients: Clients) -> Account:
    iam = clients("iam")
    roles = [role for role in _all(iam, "list_roles", "Roles") if not role["Path"].startswith("/aws-service-role/")]
    for role in roles:
        name = role["RoleName"]
        attached = _all(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name)
        inline = _all(iam, "list_role_policies", "PolicyNames", RoleName=name)
        role["Managed"] = [each["PolicyArn"] for each in attached]
        role["Inline"] = {
            each: iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in inline
        }
        role["Tags"] = iam.get_role(RoleName=name)["Role"].get("Tags", [])
    return {"roles": roles}


def _storage(clients: Clients) -> Account:
    logs, dynamodb, ecr, secrets = (clients(each) for each in ("logs", "dynamodb", "ecr", "secretsmanager"))
    tables = []
    for name in _all(dynamodb, "list_tables", "TableNames"):
        table = dynamodb.describe_table(TableName=name)["Table"]
        table["TimeToLive"] = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        table["Backups"] = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        tables.append(table)
    return {
        "log_groups": _all(logs, "describe_log_groups", "logGroups"),
        "tables": tables,
        "repositories": _all(ecr, "describe_repositories", "repositories"),
        "secrets": _all(secrets, "list_secrets", "SecretList"),
    }


def _functions(clients: Clients) -> Account:
    client = clients("lambda")
    functions = _all(client, "list_functions", "Functions")
    for function in functions:
        try:
            function["Policy"] = client.get_policy(FunctionName=function["FunctionName"])["Policy"]
        except client.exceptions.ResourceNotFoundException:
            function["Policy"] = None  # AWS's answer for a function that nobody was given permission for
    return {"functions": functions}


def _apis(clients: Clients) -> Account:
    client = clients("apigateway")
    apis = _all(client, "get_rest_apis", "items")
    for api in apis:
        of_api = {"restApiId": api["id"]}
        api["resources"] = _all(client, "get_resources", "items", **of_api, embed=["methods"])
        for each in api["resources"]:
            methods = each.get("resourceMethods", {})
            each["resourceMethods"] = {
                verb: client.get_method(**of_api, resourceId=each["id"], httpMethod=verb) for verb in methods
            }
        api["stages"] = client.get_stages(**of_api)["item"]
        api["deployments"] = _all(client, "get_deployments", "items", **of_api)
        responses = client.get_gateway_responses(**of_api)["items"]
        api["gatewayResponses"] = [each for each in responses if not each.get("defaultResponse")]
    return {"apis": apis}


def _balancers(clients: Clients) -> Account:
    client = clients("elbv2")
    balancers = _all(client, "describe_load_balancers", "LoadBalancers")
    groups = _all(client, "describe_target_groups", "TargetGroups")
    for balancer in balancers:
        arn = balancer["LoadBalancerArn"]
        balancer["Attributes"] = client.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        balancer["Listeners"] = _all(client, "describe_listeners", "Listeners", LoadBalancerArn=arn)
    for group in groups:
        answer = client.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])
        group["Attributes"] = answer["Attributes"]
    return {"balancers": balancers, "target_groups": groups}


def _containers(clients: Clients) -> Account:
    client = clients("ecs")
    arns = _all(client, "list_clusters", "clusterArns")
    include = ["TAGS", "SETTINGS", "CONFIGURATIONS"]
    clusters = client.describe_clusters(clusters=arns, include=include)["clusters"] if arns else []
    services: list[Record] = []
    for arn in arns:
        names = _all(client, "list_services", "serviceArns", cluster=arn)
        for first in range(0, len(names), 10):  # DescribeServices takes ten
            batch = names[first : first + 10]
            services += client.describe_services(cluster=arn, services=batch, include=["TAGS"])["services"]
    wanted = sorted(set(_all(client, "list_task_definitions", "taskDefinitionArns", status="ACTIVE")))
    definitions = [client.describe_task_definition(taskDefinition=each)["taskDefinition"] for each in wanted]
    return {"clusters": clusters, "services": services, "task_definitions": definitions}


def _scaling(clients: Clients) -> Account:
    client = clients("application-autoscaling")
    of_ecs = {"ServiceNamespace": "ecs"}
    return {
        "targets": _all(client, "describe_scalable_targets", "ScalableTargets", **of_ecs),
        "scaling_policies": _all(client, "describe_scaling_policies", "ScalingPolicies", **of_ecs),
        "scheduled_actions": _all(client, "describe_scheduled_actions", "ScheduledActions", **of_ecs),
    }
