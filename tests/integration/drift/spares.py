"""Something else of each kind that a field may point to, so that AWS takes the other value. It ends with the walk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.integration.cloud import Cloud
from tests.integration.drift.fields import Request
from tests.integration.drift.values import other_zip

NAME = "by-hand"
SERVICES = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": SERVICES}, "Action": "sts:AssumeRole"}],
}
INTO_A_VPC = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def first[T](found: Iterable[T]) -> T:
    """The first one; a test's fault where there is none."""
    for each in found:
        return each
    raise LookupError("nothing of this kind was sent or found")


@contextmanager
def made(cloud: Cloud, requests: list[Request]) -> Iterator[list[str]]:
    """Their names, ARNs and ids; what stood there before that a field may point to is among them."""
    vpc = first(each.parameters["VpcId"] for each in requests if "VpcId" in each.parameters)
    with ExitStack() as ends:
        fresh = [
            ends.enter_context(_subnet(cloud, vpc)),
            ends.enter_context(_role(cloud)),
            ends.enter_context(_target_group(cloud, vpc)),
            ends.enter_context(_layer(cloud)),
            *ends.enter_context(_task_definition(cloud, requests)),
            ends.enter_context(_deployment(cloud, requests)),
        ]
        yield [*fresh, *_standing(cloud, vpc)]


def _standing(cloud: Cloud, vpc: str) -> Iterator[str]:
    ec2 = cloud.client("ec2")
    yield from (each["SubnetId"] for each in ec2.describe_subnets()["Subnets"])
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    yield from (each["GroupId"] for each in groups)
    yield from (each["VpcEndpointId"] for each in ec2.describe_vpc_endpoints()["VpcEndpoints"])
    yield from (each["Arn"] for each in cloud.client("iam").list_roles()["Roles"])


@contextmanager
def _subnet(cloud: Cloud, vpc: str) -> Iterator[str]:
    """In a zone where the company has none."""
    ec2 = cloud.client("ec2")
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    zones = [each["ZoneName"] for each in ec2.describe_availability_zones()["AvailabilityZones"]]
    zone = first(each for each in zones if each not in {it["AvailabilityZone"] for it in found})
    block = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlock"].split(".")
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"{block[0]}.{block[1]}.250.0/24", AvailabilityZone=zone)["Subnet"]
    yield str(made["SubnetId"])
    ec2.delete_subnet(SubnetId=made["SubnetId"])


@contextmanager
def _role(cloud: Cloud) -> Iterator[str]:
    """One that the function and the tasks could have."""
    iam = cloud.client("iam")
    arn = iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.attach_role_policy(RoleName=NAME, PolicyArn=INTO_A_VPC)
    yield str(arn)
    iam.detach_role_policy(RoleName=NAME, PolicyArn=INTO_A_VPC)
    iam.delete_role(RoleName=NAME)


@contextmanager
def _target_group(cloud: Cloud, vpc: str) -> Iterator[str]:
    elb = cloud.client("elbv2")
    made = elb.create_target_group(Name=NAME, Protocol="HTTP", Port=8501, VpcId=vpc, TargetType="ip")
    arn = str(made["TargetGroups"][0]["TargetGroupArn"])
    yield arn
    elb.delete_target_group(TargetGroupArn=arn)


@contextmanager
def _layer(cloud: Cloud) -> Iterator[str]:
    function = cloud.client("lambda")
    made = function.publish_layer_version(LayerName=NAME, Content={"ZipFile": other_zip()})
    yield str(made["LayerVersionArn"])
    function.delete_layer_version(LayerName=NAME, VersionNumber=made["Version"])


@contextmanager
def _task_definition(cloud: Cloud, requests: list[Request]) -> Iterator[list[str]]:
    """Like the deployment's, under another name."""
    ecs = cloud.client("ecs")
    sent: dict[str, Any] = first(each.parameters for each in requests if each.operation == "RegisterTaskDefinition")
    made = ecs.register_task_definition(**{**sent, "family": NAME, "tags": [{"key": "made", "value": NAME}]})
    arn = str(made["taskDefinition"]["taskDefinitionArn"])
    yield [arn]
    ecs.deregister_task_definition(taskDefinition=arn)


@contextmanager
def _deployment(cloud: Cloud, requests: list[Request]) -> Iterator[str]:
    """Of the API as it is, which no stage shows."""
    gateway = cloud.client("apigateway")
    api = first(each.parameters["restApiId"] for each in requests if each.operation == "CreateStage")
    made = gateway.create_deployment(restApiId=api, description=NAME)["id"]
    yield str(made)
    gateway.delete_deployment(restApiId=api, deploymentId=made)
