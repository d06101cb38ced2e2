"""How many of what an account holds, whatever ids AWS gave: two accounts that were made alike have the same census."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.integration.system.account import Snapshot, snapshot

# Ids that AWS makes up: vpce-0123456789abcdef0, eni-..., UUIDs, the numbers of load balancers and policies.
MADE_UP = re.compile(
    r"\b(?:vpce|eni|sgr|sg|subnet|vpc|rtb|nat|igw|vgw|eipalloc|rtbassoc)-[0-9a-f]{8,17}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{16,}\b"
)
# Task definitions are never lost on AWS: an interrupted run may use one number more (RegisterTaskDefinition).
REVISION = re.compile(r"(task-definition/[^:]+):\d+")
Client = Callable[[str], Any]
Census = Counter[str]


def census(client: Client) -> Census:
    """The names of all resources, ids left out, each with its number; also of what lies inside of them."""
    held = snapshot(client)
    return Counter(without_ids(name) for name in [*held, *_inside(client, held)])


def without_ids(name: str) -> str:
    """Text with an asterisk for each id that AWS makes up."""
    return MADE_UP.sub("*", REVISION.sub(r"\1:*", name))


def _inside(client: Client, held: Snapshot) -> Iterator[str]:
    """What the account's own lists do not show: parts of an API, of roles, of load balancers, of clusters."""
    yield from _of_apis(client("apigateway"))
    yield from _of_roles(client("iam"))
    yield from _of_functions(client("lambda"))
    for repository in client("ecr").describe_repositories()["repositories"]:
        name = repository["repositoryName"]
        for image in client("ecr").list_images(repositoryName=name)["imageIds"]:
            yield f"ecr:image:{name}:{image.get('imageTag')}"
    elbv2, ecs = client("elbv2"), client("ecs")
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        for listener in elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
            yield f"elbv2:listener:{balancer['LoadBalancerName']}:{listener['Port']}"
    for cluster in ecs.list_clusters()["clusterArns"]:
        for service in ecs.list_services(cluster=cluster)["serviceArns"]:
            yield f"ecs:service:{service}"


def _of_apis(gateway: Any) -> Iterator[str]:
    for api in gateway.get_rest_apis()["items"]:
        name, key = api["name"], {"restApiId": api["id"]}
        for resource in gateway.get_resources(**key)["items"]:
            yield f"apigateway:resource:{name}:{resource['path']}:{sorted(resource.get('resourceMethods', {}))}"
        for stage in gateway.get_stages(**key)["item"]:
            yield f"apigateway:stage:{name}:{stage['stageName']}"
        for _deployment in gateway.get_deployments(**key)["items"]:
            yield f"apigateway:deployment:{name}"
        for response in gateway.get_gateway_responses(**key)["items"]:
            if not response.get("defaultResponse"):
                yield f"apigateway:gateway-response:{name}:{response['responseType']}"


def _of_roles(iam: Any) -> Iterator[str]:
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            yield f"iam:policy:{name}:{policy}"
        for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            yield f"iam:attached:{name}:{attached['PolicyArn']}"


def _of_functions(functions: Any) -> Iterator[str]:
    for function in functions.list_functions()["Functions"]:
        name = function["FunctionName"]
        for version in functions.list_versions_by_function(FunctionName=name)["Versions"]:
            yield f"lambda:version:{name}:{version['Version']}"


def difference(expected: Census, found: Census) -> list[str]:
    """One line for each kind of resource that there are too many or too few of."""
    return [
        f"{name}: {found[name]} instead of {expected[name]}"
        for name in sorted(expected.keys() | found.keys())
        if found[name] != expected[name]
    ]
