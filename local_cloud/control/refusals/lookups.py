"""Whether what a name or ARN names is there, for the rules of every service; no rules here.

Each takes the call and the name; what belongs to another account or Region of which nothing can be known is there.
"""

from __future__ import annotations

from collections.abc import Callable

from local_cloud.control.backends import backend, ec2, iam_roles
from local_cloud.control.calls import Call

Known = Callable[[Call, str], bool]


def is_table(call: Call, arn: str) -> bool:
    named = arn.rpartition(":table/")[2].partition("/")[0]
    return ":table/" not in arn or named in backend("dynamodb", call.region).tables


def is_log_group(call: Call, named: str) -> bool:
    known = backend("logs", call.region).groups
    if named.startswith("arn:"):
        kind, _colon, rest = named.split(":", 5)[-1].partition(":")
        mine = named.split(":")[2:5] == ["logs", call.region, call.account]
        return kind != "log-group" or (mine and rest.removesuffix(":*") in known)
    return named in known


def is_tagged_log_group(call: Call, arn: str) -> bool:
    return arn.startswith("arn:") and ":log-group:" in arn and is_log_group(call, arn)


def is_function(call: Call, named: str) -> bool:
    parts = named.split(":")
    name = parts[parts.index("function") + 1] if "function" in parts[:-1] else parts[0]
    return any(each.function_name == name for each in backend("lambda", call.region).list_functions())


def is_role(_call: Call, name: str) -> bool:
    return name in iam_roles()


def is_policy(call: Call, arn: str) -> bool:
    return f":{call.account}:" not in arn or arn in backend("iam", "aws").managed_policies


def is_group_of_users(_call: Call, name: str) -> bool:
    return any(each.name == name for each in backend("iam", "aws").groups.values())


def is_cluster(call: Call, named: str) -> bool:
    return named.rpartition("/")[2] in backend("ecs", call.region).clusters


def is_api_part(kind: str) -> Known:
    def known(call: Call, named: str) -> bool:
        api = backend("apigateway", call.region).apis.get(call.get("restApiId"))
        return api is None or named in getattr(api, kind)

    return known


def is_usage_plan(call: Call, named: str) -> bool:
    return named in backend("apigateway", call.region).usage_plans


def is_balancer_or_group(call: Call, arn: str) -> bool:
    made = backend("elbv2", call.region)
    known = {*made.load_balancers, *made.target_groups}
    for balancer in made.load_balancers.values():
        for listener in balancer.listeners.values():
            known |= {listener.arn, *(rule.arn for rule in listener.rules.values())}
    return arn in known or not any(f":{kind}/" in arn for kind in ("loadbalancer", "targetgroup", "listener"))


def is_rule(call: Call, arn: str) -> bool:
    balancers = backend("elbv2", call.region).load_balancers.values()
    listeners = [each for balancer in balancers for each in balancer.listeners.values()]
    return any(arn == rule.arn for listener in listeners for rule in listener.rules.values())


def is_secret(call: Call, named: str) -> bool:
    known = backend("secretsmanager", call.region).secrets
    return named in known or any(secret.arn == named for secret in known.values())


def is_vpc(call: Call, named: str) -> bool:
    return named in ec2(call.region).vpcs


def is_zone(_call: Call, named: str) -> bool:
    return named.rpartition("/")[2] in backend("route53", "aws").zones


def is_key(call: Call, named: str) -> bool:
    keys = backend("kms", call.region)
    return keys.any_id_to_key_id(named) in keys.keys
