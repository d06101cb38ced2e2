"""How somebody changes a field by hand: the calls, or why there is none, told by rules over botocore's service models.

1. An operation that overwrites (Put, Update, Modify, Set, Register) is sent again with the other value.
2. What a Create sent is changed by the operation of the same service that takes a parameter of that name.
3. What was allowed (Authorize, AddPermission, PutMethod) is taken back and allowed anew with the other value.
4. What names the resource or its place is not a field of it: another value is another resource.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore import xform_name

from tests.integration.drift.fields import Field

Params = dict[str, Any]
Make = Callable[[str], Any]
# Service, operation, parameters.
Call = tuple[str, str, Params]
OVERWRITES = ("Put", "Update", "Modify", "Set", "Register", "Tag")
MODIFIES = ("Update", "Modify", "Set", "Put")
# Operations that would otherwise pass for modifying what Create made, but write something else.
OTHERWISE = re.compile(r"Fleet|Instance|Image|Snapshot|Alias|Layer|EventSource|Url|Code$|Invoke|Provisioned|Kinesis")


class NoWayError(Exception):
    """Why a field cannot be changed by hand; the text is a row of the table."""


@dataclass(frozen=True)
class Account:
    """What is known of the account besides a request's parameters: how its resources are found again."""

    make: Make

    def identity(self, field: Field) -> Params:
        """The parameters that name the resource of a field's request, in the words of all operations of its service."""
        params, service = field.request.parameters, field.request.service
        scalars = {key: value for key, value in params.items() if isinstance(value, str)}
        finder = FINDERS.get((service, field.request.operation))
        return {**scalars, **(finder(self.make, params) if finder else {})}


def _balancer(make: Make, params: Params) -> Params:
    found = make("elbv2").describe_load_balancers(Names=[params["Name"]])["LoadBalancers"][0]
    return {"LoadBalancerArn": found["LoadBalancerArn"]}


def _target_group(make: Make, params: Params) -> Params:
    found = make("elbv2").describe_target_groups(Names=[params["Name"]])["TargetGroups"][0]
    return {"TargetGroupArn": found["TargetGroupArn"]}


def _listener(make: Make, params: Params) -> Params:
    found = make("elbv2").describe_listeners(LoadBalancerArn=params["LoadBalancerArn"])["Listeners"]
    return {"ListenerArn": next(each["ListenerArn"] for each in found if each["Port"] == params["Port"])}


def _endpoint(make: Make, params: Params) -> Params:
    search = [
        {"Name": key, "Values": [params[word]]} for key, word in (("vpc-id", "VpcId"), ("service-name", "ServiceName"))
    ]
    return {"VpcEndpointId": make("ec2").describe_vpc_endpoints(Filters=search)["VpcEndpoints"][0]["VpcEndpointId"]}


def _group(make: Make, params: Params) -> Params:
    search = [
        {"Name": key, "Values": [params[word]]} for key, word in (("vpc-id", "VpcId"), ("group-name", "GroupName"))
    ]
    return {"GroupId": make("ec2").describe_security_groups(Filters=search)["SecurityGroups"][0]["GroupId"]}


def _api(make: Make, params: Params) -> Params:
    found = make("apigateway").get_rest_apis()["items"]
    return {"restApiId": next(each["id"] for each in found if each["name"] == params["name"])}


def _secret(_make: Make, params: Params) -> Params:
    return {"SecretId": params["Name"]}


def _service(_make: Make, params: Params) -> Params:
    return {"service": params["serviceName"]}


def _cluster(_make: Make, params: Params) -> Params:
    return {"cluster": params["clusterName"]}


FINDERS: dict[tuple[str, str], Callable[[Make, Params], Params]] = {
    ("elbv2", "CreateLoadBalancer"): _balancer,
    ("elbv2", "CreateTargetGroup"): _target_group,
    ("elbv2", "CreateListener"): _listener,
    ("ec2", "CreateVpcEndpoint"): _endpoint,
    ("ec2", "CreateSecurityGroup"): _group,
    ("apigateway", "CreateRestApi"): _api,
    ("secretsmanager", "CreateSecret"): _secret,
    ("ecs", "CreateService"): _service,
    ("ecs", "CreateCluster"): _cluster,
}
# The same thing under another name in the operation that changes it.
ALIASES = {
    ("iam", "AssumeRolePolicyDocument"): ("UpdateAssumeRolePolicy", "PolicyDocument"),
    ("lambda", "Code"): ("UpdateFunctionCode", "ZipFile"),
    ("lambda", "Architectures"): ("UpdateFunctionCode", "Architectures"),
    ("ecr", "imageTagMutability"): ("PutImageTagMutability", "imageTagMutability"),
    ("ecr", "imageScanningConfiguration"): ("PutImageScanningConfiguration", "imageScanningConfiguration"),
    ("ecs", "capacityProviders"): ("PutClusterCapacityProviders", "capacityProviders"),
}
# Taken by an operation that changes the resource, but for another end: the indexes of a table (API_UpdateTable).
FOR_ANOTHER_END = {("dynamodb", "AttributeDefinitions"): "types the keys, which DynamoDB never changes"}
# What AWS asks for along with a parameter.
ALONG: dict[tuple[str, str], Params] = {
    ("dynamodb", "BillingMode"): {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
    ("ecs", "capacityProviders"): {"defaultCapacityProviderStrategy": []},
    ("ecs", "capacityProviderStrategy"): {"forceNewDeployment": True},
}


@functools.cache
def model(service: str) -> Any:
    """The botocore model of a service."""
    return botocore.session.get_session().get_service_model(service)


def shape_of(field: Field) -> Any:
    """The botocore shape of a field's value; None inside a JSON text."""
    shape = model(field.request.service).operation_model(field.request.operation).input_shape
    for step in field.path:
        if shape is None:
            return None
        if shape.type_name == "structure":
            shape = shape.members.get(step)
        elif shape.type_name in ("list", "map"):
            shape = shape.member if shape.type_name == "list" else shape.value
        else:
            return None
    return shape


def calls(account: Account, field: Field, value: Any, replayed: list[Call]) -> list[Call]:
    """What somebody does by hand to give a field another value. Raises NoWayError with the rule that forbids it.

    `replayed`: the recorded requests about the same API method, which is deleted with all that hangs on it.
    """
    request, params = field.request, field.replaced(value)
    operation, service = request.operation, request.service
    if operation in SPECIAL:
        return SPECIAL[operation](account, field, params, replayed)
    _refuse_names(field)
    if operation.startswith(OVERWRITES):
        return [(service, operation, params)]
    if field.member.lower() in ("tags", "tagspecifications"):
        return retag(account, field, params)
    return [_modification(account, field, params)]


def _refuse_names(field: Field) -> None:
    shape = shape_of(field)
    if shape is not None and shape.metadata.get("idempotencyToken"):
        raise NoWayError("a token of the request, not kept by AWS")
    if field.member in names_of(field.request.service, field.request.operation):
        raise NoWayError("names the resource or its place: another value is another resource")


@functools.cache
def names_of(service: str, operation: str) -> frozenset[str]:
    """The parameters of an operation that say which resource is meant: those that the deleting operations need too."""
    members = model(service).operation_model(operation).input_shape.members
    needed: set[str] = set()
    for name in model(service).operation_names:
        if name.startswith(("Delete", "Deregister")) and model(service).operation_model(name).input_shape is not None:
            needed |= set(model(service).operation_model(name).input_shape.required_members)
    own = {"Name", "name", "serviceName", "clusterName", "family", "stageName", "GroupName", "Path", "responseType"}
    return frozenset(member for member in members if member in needed | own and isinstance(member, str))


def _modification(account: Account, field: Field, params: Params) -> Call:
    service, member = field.request.service, field.member
    if (service, member) in FOR_ANOTHER_END:
        raise NoWayError(FOR_ANOTHER_END[service, member])
    identity = account.identity(field)
    if service == "apigateway":
        return _patch(field, params, identity)
    if (service, member) == ("ec2", "SubnetIds") or (service, member) == ("ec2", "SecurityGroupIds"):
        return _endpoint_set(field, params, identity)
    alias, renamed = ALIASES.get((service, member), ("", member))
    for operation in [alias] if alias else modifying(service, field.request.operation, member):
        shape = model(service).operation_model(operation).input_shape
        own = next(name for name in shape.members if name.lower() == renamed.lower())
        value = params[member]["ZipFile"] if member == "Code" else params[member]
        extra = ALONG.get((service, member), {})
        needed = [name for name in shape.required_members if name != own and name not in extra]
        if all(name in identity for name in needed):
            names = {
                name: identity[name] for name in identity if name in needed or name in _PLACES & set(shape.members)
            }
            return service, operation, {**names, own: value, **extra}
    raise NoWayError(f"no operation of {service} changes it after {field.request.operation}")


# Names that an operation takes though it does not insist on them.
_PLACES = {"cluster", "TableName", "VpcEndpointId"}


@functools.cache
def modifying(service: str, created_by: str, member: str) -> tuple[str, ...]:
    """The operations that change a parameter of what an operation created, those about the same noun first."""
    noun = created_by.removeprefix("Create")
    found = [
        name
        for name in model(service).operation_names
        if name.startswith(MODIFIES)
        and not OTHERWISE.search(name)
        and member.lower() in {each.lower() for each in model(service).operation_model(name).input_shape.members}
    ]
    return tuple(sorted((name for name in found if noun in name or name.startswith("Set")), key=len)) or tuple(
        name for name in found if service in ("ecr", "iam", "dynamodb")
    )


def _endpoint_set(field: Field, params: Params, identity: Params) -> Call:
    now, then, word = field.request.parameters[field.member], params[field.member], field.member.removesuffix("Ids")
    change = {
        f"Add{word}Ids": [it for it in then if it not in now],
        f"Remove{word}Ids": [it for it in now if it not in then],
    }
    given = {key: value for key, value in change.items() if value}
    return "ec2", "ModifyVpcEndpoint", {"VpcEndpointId": identity["VpcEndpointId"], **given}


def _patch(field: Field, params: Params, identity: Params) -> Call:
    """API Gateway changes what exists by patches: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html"""
    operation = field.request.operation.replace("Create", "Update")
    value, path = params, "/".join(str(step) for step in field.path)
    for step in field.path:
        value = value[step]
    places = {key: identity[key] for key in ("restApiId", "stageName") if key in identity}
    if field.member == "endpointConfiguration" and field.path[1:2] == ("types",):
        path = f"endpointConfiguration/types/{field.value}"
    if field.path[1:2] == ("vpcEndpointIds",):
        return _endpoint_patch(field, value, places)
    return (
        "apigateway",
        operation,
        {**places, "patchOperations": [{"op": "replace", "path": f"/{path}", "value": value}]},
    )


def _endpoint_patch(field: Field, value: Any, places: Params) -> Call:
    now = field.value if isinstance(field.value, list) else [field.value]
    then = value if isinstance(value, list) else [value]
    path = "/endpointConfiguration/vpcEndpointIds"
    patches = [{"op": "add", "path": path, "value": each} for each in then if each not in now]
    patches += [{"op": "remove", "path": path, "value": each} for each in now if each not in then]
    return "apigateway", "UpdateRestApi", {**places, "patchOperations": patches}


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


def _authorized(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    if field.member == "GroupId":
        raise NoWayError("names the resource or its place: another value is another resource")
    operation, before = field.request.operation, field.request.parameters
    done: list[Call] = [("ec2", operation.replace("Authorize", "Revoke"), before)]
    return done + ([("ec2", operation, params)] if params["IpPermissions"] else [])


def _revoked(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    """AWS's own rule of a new group, which was taken away: it comes back, as it was or with another value."""
    if field.member == "GroupId":
        raise NoWayError("names the resource or its place: another value is another resource")
    return [("ec2", field.request.operation.replace("Revoke", "Authorize"), params)]


def _permitted(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    _refuse_names_of_permission(field)
    before = field.request.parameters
    names = {key: before[key] for key in ("FunctionName", "StatementId")}
    return [("lambda", "RemovePermission", names), ("lambda", "AddPermission", params)]


def _refuse_names_of_permission(field: Field) -> None:
    if field.member == "FunctionName":
        raise NoWayError("names the resource or its place: another value is another resource")


def _method(account: Account, field: Field, params: Params, replayed: list[Call]) -> list[Call]:
    """A method cannot be put twice (ConflictException): it is deleted, and put anew with all that hung on it."""
    if field.member in ("restApiId", "resourceId", "httpMethod", "statusCode"):
        raise NoWayError("names the resource or its place: another value is another resource")
    before = field.request.parameters
    names = {key: before[key] for key in ("restApiId", "resourceId", "httpMethod")}
    again = [
        (service, name, params if sent is before else sent)
        for service, name, sent in replayed
        if all(sent.get(key) == names[key] for key in names)
    ]
    return [("apigateway", "DeleteMethod", names), *again]


def _scalable_target(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    if field.member == "Tags":
        return retag(account, field, params)
    _refuse_names(field)
    sent = {key: value for key, value in params.items() if key != "Tags"}
    return [("application-autoscaling", "RegisterScalableTarget", sent)]


def _attributes(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    """Attributes are merged: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroupAttributes.html"""
    if field.how or field.path[-1] == "Key" or field.member.endswith("Arn"):
        raise NoWayError("says which attribute is meant; one that is not sent stays as it is")
    return [("elbv2", field.request.operation, params)]


def _deployment(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    """Somebody deploys by hand: another deployment, with another description, and the stage shows it."""
    if field.member == "restApiId":
        raise NoWayError("names the resource or its place: another value is another resource")
    made = {**params, "stageName": "prod"}
    return [("apigateway", "CreateDeployment", made)]


def _api_policy(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    if field.path[-1] in ("op", "path", "patchOperations") or field.member in ("restApiId", "stageName"):
        raise NoWayError("says which field of the resource is meant, and is none itself")
    return [("apigateway", field.request.operation, params)]


SPECIAL: dict[str, Callable[[Account, Field, Params, list[Call]], list[Call]]] = {
    "AuthorizeSecurityGroupIngress": _authorized,
    "AuthorizeSecurityGroupEgress": _authorized,
    "RevokeSecurityGroupEgress": _revoked,
    "AddPermission": _permitted,
    "PutMethod": _method,
    "PutMethodResponse": _method,
    "RegisterScalableTarget": _scalable_target,
    "CreateDeployment": _deployment,
    "ModifyLoadBalancerAttributes": _attributes,
    "ModifyTargetGroupAttributes": _attributes,
    "UpdateRestApi": _api_policy,
    "UpdateStage": _api_policy,
}


def perform(make: Make, todo: list[Call]) -> None:
    """Send the calls."""
    for service, operation, params in todo:
        getattr(make(service), xform_name(operation))(**params)
