"""How somebody changes a field by hand: the calls, or why there is none, told by rules over botocore's service models.

1. An operation that overwrites (Put, Update, Modify, Set, Register) is sent again with the other value.
2. What a Create sent is changed by the operation of the same service that takes a parameter of that name.
3. What was allowed (Authorize, AddPermission, PutMethod) is taken back and allowed anew with the other value.
4. What names the resource or its place is not a field of it: another value is another resource.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from botocore import xform_name

from tests.integration.drift.fields import Field
from tests.integration.drift.places import Account, Call, Make, NoWayError, Params, model, refuse_names
from tests.integration.drift.special import SPECIAL
from tests.integration.drift.tags import retag

OVERWRITES = ("Put", "Update", "Modify", "Set", "Register", "Tag")
MODIFIES = ("Update", "Modify", "Set", "Put")
# Operations that would otherwise pass for modifying what Create made, but write something else.
OTHERWISE = re.compile(r"Fleet|Instance|Image|Snapshot|Alias|Layer|EventSource|Url|Code$|Invoke|Provisioned|Kinesis")
# The same thing under another name in the operation that changes it.
ALIASES = {
    ("iam", "AssumeRolePolicyDocument"): ("UpdateAssumeRolePolicy", "PolicyDocument"),
    ("elbv2", "IpAddressType"): ("SetIpAddressType", "IpAddressType"),
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


def calls(account: Account, field: Field, value: Any, replayed: list[Call]) -> list[Call]:
    """What somebody does by hand to give a field another value. Raises NoWayError with the rule that forbids it.

    `replayed`: the recorded requests about the same API method, which is deleted with all that hangs on it.
    """
    request, params = field.request, field.replaced(value)
    operation, service = request.operation, request.service
    if operation in SPECIAL:
        return SPECIAL[operation](account, field, params, replayed)
    refuse_names(field)
    if operation.startswith(OVERWRITES):
        return [(service, operation, params)]
    if field.member.lower() in ("tags", "tagspecifications"):
        return retag(account, field, params)
    return [_modification(account, field, params)]


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
    places = {key: identity[key] for key in ("restApiId", "stageName", "resourceId") if key in identity}
    if field.how and field.path[1:2] == ("types",):
        raise NoWayError("a REST API has exactly one endpoint type")
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


def perform(make: Make, todo: list[Call]) -> None:
    """Send the calls."""
    for service, operation, params in todo:
        getattr(make(service), xform_name(operation))(**params)
