"""How somebody changes the tags of a resource by hand, and what each service calls the resource then."""

from __future__ import annotations

from tests.integration.drift.fields import Field
from tests.integration.drift.places import Account, Call, Make, NoWayError, Params


def tags_of(params: Params) -> dict[str, str]:
    """The tags of a creating request, whatever the service calls them."""
    found = params.get("tags") or params.get("Tags") or []
    for specification in params.get("TagSpecifications", []):
        found = specification["Tags"]
    if isinstance(found, dict):
        return found
    return {str(each.get("Key") or each.get("key")): str(each.get("Value", each.get("value", ""))) for each in found}


def retag(account: Account, field: Field, params: Params) -> list[Call]:
    """Tags as they are in `params`: those that are gone are removed."""
    if field.path[1:] and field.path[-1] == "ResourceType":
        raise NoWayError("says what kind of resource the tags are for")
    service, then, now = field.request.service, tags_of(params), tags_of(field.request.parameters)
    tag, untag, place, names, style = TAGGING[service]
    arn = arn_of(account, field)
    where = {place: [arn] if style == "list" else arn}
    pairs = _tag_words(service, then)
    gone = [key for key in now if key not in then]
    removed = [{"Key": key} for key in gone] if service == "ec2" else gone
    done: list[Call] = [(service, tag, {**where, **pairs})] if then else []
    return done + ([(service, untag, {**where, names: removed})] if gone else [])


def _tag_words(service: str, tags: dict[str, str]) -> Params:
    if service in ("lambda", "application-autoscaling"):
        return {"Tags": tags}
    if service in ("apigateway", "logs"):
        return {"tags": tags}
    key, value, member = ("key", "value", "tags") if service == "ecs" else ("Key", "Value", "Tags")
    return {"tags" if service == "ecr" else member: [{key: name, value: item} for name, item in tags.items()]}


# Service: operations, the parameter that names the resource, that of the keys to remove, one resource or a list.
TAGGING = {
    "ec2": ("CreateTags", "DeleteTags", "Resources", "Tags", "list"),
    "iam": ("TagRole", "UntagRole", "RoleName", "TagKeys", "one"),
    "elbv2": ("AddTags", "RemoveTags", "ResourceArns", "TagKeys", "list"),
    "dynamodb": ("TagResource", "UntagResource", "ResourceArn", "TagKeys", "one"),
    "lambda": ("TagResource", "UntagResource", "Resource", "TagKeys", "one"),
    "apigateway": ("TagResource", "UntagResource", "resourceArn", "tagKeys", "one"),
    "logs": ("TagResource", "UntagResource", "resourceArn", "tagKeys", "one"),
    "ecr": ("TagResource", "UntagResource", "resourceArn", "tagKeys", "one"),
    "ecs": ("TagResource", "UntagResource", "resourceArn", "tagKeys", "one"),
    "secretsmanager": ("TagResource", "UntagResource", "SecretId", "TagKeys", "one"),
    "application-autoscaling": ("TagResource", "UntagResource", "ResourceARN", "TagKeys", "one"),
}


def arn_of(account: Account, field: Field) -> str:
    """What a service's tagging operation calls the resource that a request made."""
    make, params, operation = account.make, field.request.parameters, field.request.operation
    identity = account.identity(field)
    found = {
        "CreateSecurityGroup": lambda: identity["GroupId"],
        "CreateVpcEndpoint": lambda: identity["VpcEndpointId"],
        "CreateRole": lambda: params["RoleName"],
        "CreateLoadBalancer": lambda: identity["LoadBalancerArn"],
        "CreateTargetGroup": lambda: identity["TargetGroupArn"],
        "CreateListener": lambda: identity["ListenerArn"],
        "CreateTable": lambda: make("dynamodb").describe_table(TableName=params["TableName"])["Table"]["TableArn"],
        "CreateFunction": lambda: make("lambda").get_function(FunctionName=params["FunctionName"])["Configuration"][
            "FunctionArn"
        ],
        "CreateRestApi": lambda: f"arn:aws:apigateway:ap-northeast-1::/restapis/{identity['restApiId']}",
        "CreateStage": lambda: (
            f"arn:aws:apigateway:ap-northeast-1::/restapis/{params['restApiId']}/stages/{params['stageName']}"
        ),
        "CreateLogGroup": lambda: _log_group_arn(make, params["logGroupName"]),
        "CreateRepository": lambda: make("ecr").describe_repositories(repositoryNames=[params["repositoryName"]])[
            "repositories"
        ][0]["repositoryArn"],
        "CreateCluster": lambda: make("ecs").describe_clusters(clusters=[params["clusterName"]])["clusters"][0][
            "clusterArn"
        ],
        "CreateService": lambda: make("ecs").describe_services(
            cluster=params["cluster"], services=[params["serviceName"]]
        )["services"][0]["serviceArn"],
        "RegisterTaskDefinition": lambda: make("ecs").describe_task_definition(taskDefinition=params["family"])[
            "taskDefinition"
        ]["taskDefinitionArn"],
        "CreateSecret": lambda: params["Name"],
        "RegisterScalableTarget": lambda: make("application-autoscaling").describe_scalable_targets(
            ServiceNamespace="ecs"
        )["ScalableTargets"][0]["ScalableTargetARN"],
    }
    return str(found[operation]())


def _log_group_arn(make: Make, name: str) -> str:
    groups = make("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return str(next(each["arn"] for each in groups if each["logGroupName"] == name)).removesuffix(":*")
