"""Operations whose fields are changed in a way of their own: taken back and sent anew, merged, or deployed by hand."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.drift.fields import Field
from tests.integration.drift.places import Account, Call, NoWayError, Params, refuse_names
from tests.integration.drift.tags import retag


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
    refuse_names(field)
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


def _stage(account: Account, field: Field, params: Params, _replayed: list[Call]) -> list[Call]:
    """Somebody lets the stage show another deployment: it is no name, though DeleteDeployment asks for it."""
    if field.member == "tags":
        return retag(account, field, params)
    if field.member != "deploymentId":
        refuse_names(field)
    patch = [{"op": "replace", "path": f"/{field.member}", "value": params[field.member]}]
    place = {key: params[key] for key in ("restApiId", "stageName")}
    return [("apigateway", "UpdateStage", {**place, "patchOperations": patch})]


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
    "CreateStage": _stage,
    "ModifyLoadBalancerAttributes": _attributes,
    "ModifyTargetGroupAttributes": _attributes,
    "UpdateRestApi": _api_policy,
    "UpdateStage": _api_policy,
}
