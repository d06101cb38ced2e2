"""How the resource of a request is found again, so that somebody can change it by hand: by what the request named."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import botocore.session

from tests.integration.drift.fields import Field

Params = dict[str, Any]
Make = Callable[[str], Any]
# Service, operation, parameters.
Call = tuple[str, str, Params]


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


def _resource(make: Make, params: Params) -> Params:
    found = make("apigateway").get_resources(restApiId=params["restApiId"])["items"]
    same = (params["parentId"], params["pathPart"])
    return {"resourceId": next(it["id"] for it in found if (it.get("parentId"), it.get("pathPart")) == same)}


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
    ("apigateway", "CreateResource"): _resource,
    ("secretsmanager", "CreateSecret"): _secret,
    ("ecs", "CreateService"): _service,
    ("ecs", "CreateCluster"): _cluster,
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


def refuse_names(field: Field) -> None:
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
    own = {
        "Name",
        "name",
        "serviceName",
        "clusterName",
        "family",
        "stageName",
        "GroupName",
        "Path",
        "responseType",
        "VpcEndpointId",
    }
    # A service names the task definition that it uses, and can use another.
    needed -= {"taskDefinition"} if operation == "CreateService" else set()
    return frozenset(member for member in members if member in needed | own)
